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
/** So many clients are told apart; when there are more, those seen first are forgotten. */
const MAX_CLIENTS = 1000;

/** True for calls that change something or show what only operators may see. */
export function isAdminCall(method: string, path: string): boolean {
  if (!path.startsWith("/api/")) return false;
  return method !== "GET" && method !== "HEAD" || /^\/api\/(config|audit)(\/|$)/.test(path);
}

/**
 * Lets admin calls pass that carry the token; without a configured one there are no admin pages. A
 * kill has an allowance of its own, so that a script that asks too often cannot keep it away.
 */
export function adminGate(token: string | null, clock: Clock): MiddlewareHandler<SiteEnv> {
  const buckets = new Map<string, TokenBucket>();
  return async (context, next) => {
    const { path, method } = context.req;
    if (!isAdminCall(method, path)) return await next();
    if (token === null || token === "") {
      throw new Problem("not_found", "the admin pages are off: set AMM_ADMIN_TOKEN and restart");
    }
    const client = context.env?.remote ?? "unknown";
    takeToken(buckets, path.endsWith("/kill") ? `${client} kill` : client, clock.monotonicMs());
    if (!await isAuthorized(context.req.header("Authorization"), token)) {
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

function takeToken(buckets: Map<string, TokenBucket>, client: string, nowMs: number): void {
  const bucket = refill(buckets.get(client) ?? fullBucket(LIMIT, nowMs), LIMIT, nowMs);
  buckets.delete(client);
  const [oldest] = buckets.keys();
  if (buckets.size >= MAX_CLIENTS && oldest !== undefined) buckets.delete(oldest);
  if (bucket.tokens < 1) {
    buckets.set(client, bucket);
    throw new Problem("too_many_requests", "too many admin calls of this client: wait a second");
  }
  buckets.set(client, spend(bucket, 1));
}

/** Writes down every call that was meant to change something, with what came of it. */
export function auditCalls(audit: AuditLog): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    await next();
    const { method, path } = context.req;
    if (!path.startsWith("/api/") || ["GET", "HEAD", "OPTIONS"].includes(method)) return;
    const outcome = await outcomeOf(context.res);
    const isKnown = !["unauthorized", "too_many_requests"].includes(outcome);
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
