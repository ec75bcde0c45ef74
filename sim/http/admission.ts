import type { Context } from "@hono/hono";
import { AMM_USER_ID, Refusal } from "../exchange/mod.ts";
import { refusals } from "../exchange/refusal.ts";
import { denials, HttpCode } from "./problems.ts";
import type { RateLimiter } from "./rate_limiter.ts";
import type { AcceptedCall, Access, Route, Venue } from "./route.ts";

/** The user id of a request on a public route. */
const NOBODY = "";

/**
 * Finds out who sends a request, and if he may.
 * @returns his user id, empty on public routes
 * @throws DetailProblem 401, 403; Refusal 1004
 */
export function admittedUser(
  { tokens, users, exchange }: Venue,
  access: Access,
  authorization: string | undefined,
): string {
  if (access === "public") return NOBODY;
  const [scheme = "", token = ""] = authorization?.split(" ") ?? [];
  if (scheme.toLowerCase() !== "bearer" || token === "") throw denials.notAuthenticated();
  const user = users.withId(tokens.userOf(token, "access") ?? NOBODY);
  if (user === undefined) throw denials.badToken();
  const { userId, role } = user;
  if (!exchange.control.isEnabled(userId)) throw refusals.accountDisabled();
  if (access === "amm" && userId !== AMM_USER_ID) throw denials.ammOnly();
  if (access === "admin" && role !== "admin") throw denials.adminOnly();
  return userId;
}

/**
 * Counts a call against its limit, and tells the caller how he stands (exchange API §7).
 * @throws Refusal 9001
 */
export function checkRate(
  context: Context,
  { rate }: Route,
  { ratedBy }: AcceptedCall,
  { limiter, nowMs }: { readonly limiter: RateLimiter; readonly nowMs: number },
): void {
  const verdict = rate === null ? null : limiter.count(rate, ratedBy, nowMs);
  if (verdict === null) return;
  const { allowed, limit, remaining, resetAtMs } = verdict;
  context.header("X-RateLimit-Limit", String(limit));
  context.header("X-RateLimit-Remaining", String(remaining));
  context.header("X-RateLimit-Reset", String(resetAtMs / 1000));
  if (allowed) return;
  context.header("Retry-After", String(Math.ceil((resetAtMs - nowMs) / 1000)));
  throw new Refusal(HttpCode.RATE_LIMITED, "Rate limit exceeded");
}
