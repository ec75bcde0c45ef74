/** Who may use the admin pages, how often, and that it is written down. */

import type { MiddlewareHandler } from "@hono/hono";
import { timingSafeEqual } from "@hono/hono/utils/buffer";
import {
  type BucketLimit,
  fullBucket,
  refill,
  spend,
  type TokenBucket,
} from "../execution/token_bucket.ts";
import type { Clock } from "../runtime/clock.ts";
import type { AuditLog } from "./audit_log.ts";
import { Problem, problemAnswer } from "./problem.ts";
import type { SiteEnv } from "./site.ts";

/** A burst of 40 admin calls of one client, and 10 a second. */
const LIMIT: BucketLimit = { capacity: 40, perMs: 0.01 };
/** Kills have an allowance of their own, which no person and hardly a script can use up. */
const KILL_LIMIT: BucketLimit = { capacity: 1000, perMs: 1 };
/** So many clients are told apart; when there are more, those seen first are forgotten. */
const MAX_CLIENTS = 1000;

/** True for calls that change something or show what only operators may see. */
export function isAdminCall(method: string, path: string): boolean {
  if (!path.startsWith("/api/")) return false;
  return method !== "GET" && method !== "HEAD" || /^\/api\/(config|audit)(\/|$)/.test(path);
}

/**
 * Lets admin calls pass that carry the token; without a configured one there are no admin pages.
 * Calls without the token have an allowance apart, so that whoever guesses or floods keeps nobody
 * out who has it; nor can a script that asks too often keep a kill away.
 */
export function adminGate(token: string | null, clock: Clock): MiddlewareHandler<SiteEnv> {
  const strangers = new Allowances(LIMIT);
  const operators = new Allowances(LIMIT);
  const kills = new Allowances(KILL_LIMIT);
  return async (context, next) => {
    const { path, method } = context.req;
    if (!isAdminCall(method, path)) return await next();
    if (token === null || token === "") {
      throw new Problem("not_found", "the admin pages are off: set AMM_ADMIN_TOKEN and restart");
    }
    const client = context.env?.remote ?? "unknown";
    const isOperator = await isAuthorized(context.req.header("Authorization"), token);
    const allowances = !isOperator ? strangers : path.endsWith("/kill") ? kills : operators;
    context.set("isOperator", isOperator);
    if (!allowances.take(client, clock.monotonicMs())) {
      throw new Problem("too_many_requests", "too many admin calls of this client: wait a second");
    }
    if (!isOperator) {
      context.header("WWW-Authenticate", "Bearer");
      throw new Problem("unauthorized", "send the admin token: Authorization: Bearer …");
    }
    await next();
  };
}

/** The header is compared as a whole and in constant time, whatever is in it. */
async function isAuthorized(header: string | undefined, token: string): Promise<boolean> {
  return await timingSafeEqual(header ?? "", `Bearer ${token}`);
}

/** How often each client may still call. */
class Allowances {
  readonly #limit: BucketLimit;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limit: BucketLimit) {
    this.#limit = limit;
  }

  /** Uses up one call of a client. @returns false if none is left */
  take(client: string, nowMs: number): boolean {
    const known = this.#buckets.get(client) ?? fullBucket(this.#limit, nowMs);
    const bucket = refill(known, this.#limit, nowMs);
    this.#buckets.delete(client);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= MAX_CLIENTS && oldest !== undefined) this.#buckets.delete(oldest);
    const mayCall = bucket.tokens >= 1;
    this.#buckets.set(client, mayCall ? spend(bucket, 1) : bucket);
    return mayCall;
  }
}

/** Writes down every call that was meant to change something, with what came of it. */
export function auditCalls(audit: AuditLog): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    await next();
    const { method, path } = context.req;
    if (!path.startsWith("/api/") || ["GET", "HEAD", "OPTIONS"].includes(method)) return;
    const outcome = await outcomeOf(context.res);
    const isKnown = context.get("isOperator") === true;
    const said: unknown = isKnown ? await context.req.json().catch(() => null) : null;
    audit.note({
      operator: isKnown
        ? context.req.header("X-Operator") ?? textIn(said, "operator") ?? "admin"
        : null,
      action: `${method} ${path}`,
      target: targetOf(path),
      reason: textIn(said, "reason"),
      outcome,
      requestId: context.get("requestId"),
    });
  };
}

async function outcomeOf(response: Response): Promise<string> {
  if (response.ok) return "done";
  const body: unknown = await response.clone().json().catch(() => null);
  return problemAnswer.safeParse(body).data?.error.code ?? String(response.status);
}

/** `/api/markets/ID/kill` → `ID`, `/api/kill` → `*`. */
function targetOf(path: string): string {
  const [, , kind, target] = path.split("/");
  return (kind === "markets" || kind === "config") && target !== undefined ? target : "*";
}

const MAX_TEXT = 500;

function textIn(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
  const text: unknown = Reflect.get(value, name);
  return typeof text === "string" ? text.slice(0, MAX_TEXT) : null;
}
