import type { Endpoint } from "./calls.ts";

/** What an answer says about the venue's rate limits. */
export interface AnnouncedLimits {
  readonly endpoint: Endpoint;
  /** Absent for calls of the whole account. */
  readonly marketId?: string;
  /** Calls allowed in a window (`X-RateLimit-Limit`), null if not said. */
  readonly limit: number | null;
  /** Calls left in this window (`X-RateLimit-Remaining`), null if not said. */
  readonly remaining: number | null;
  /** When the next window begins (`X-RateLimit-Reset`), epoch milliseconds, null if not said. */
  readonly resetAtMs: number | null;
  /** True if the call was refused with 429. */
  readonly refused: boolean;
  /**
   * How long the venue asks to wait, 0 to 60,000 ms; null if it does not say or nothing was
   * refused.
   */
  readonly waitMs: number | null;
}

/** Told whenever an answer mentions limits. */
export type LimitsListener = (limits: AnnouncedLimits) => void;

/** No wait that a venue asks for is longer than this (L-33). */
const MAX_WAIT_MS = 60_000;
const RATE_LIMITED_STATUS = 429;

/**
 * Reads the limits out of an answer (exchange API §5.1, §6): the wait is `Retry-After` in seconds
 * or as a date, else the time to `X-RateLimit-Reset`.
 * @param answer status and headers
 * @param nowMs wall time, epoch milliseconds
 * @returns null if the answer does not mention limits
 */
export function readLimits(
  answer: { readonly status: number; readonly headers: Headers },
  nowMs: number,
): Omit<AnnouncedLimits, "endpoint" | "marketId"> | null {
  const limit = wholeNumber(answer.headers.get("x-ratelimit-limit"));
  const remaining = wholeNumber(answer.headers.get("x-ratelimit-remaining"));
  const resetSeconds = wholeNumber(answer.headers.get("x-ratelimit-reset"));
  const resetAtMs = resetSeconds === null ? null : resetSeconds * 1000;
  const refused = answer.status === RATE_LIMITED_STATUS;
  if (!refused && limit === null && remaining === null && resetAtMs === null) return null;
  const untilMs = retryAt(answer.headers.get("retry-after"), nowMs) ?? resetAtMs;
  const waitMs = !refused || untilMs === null ? null : capped(untilMs - nowMs);
  return { limit, remaining, resetAtMs, refused, waitMs };
}

function retryAt(value: string | null, nowMs: number): number | null {
  const seconds = wholeNumber(value);
  if (seconds !== null) return nowMs + seconds * 1000;
  const isDate = value !== null && value.trim().endsWith("GMT");
  const atMs = isDate ? Date.parse(value) : NaN;
  return Number.isNaN(atMs) ? null : atMs;
}

function wholeNumber(value: string | null): number | null {
  return value !== null && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : null;
}

function capped(waitMs: number): number {
  return Math.min(MAX_WAIT_MS, Math.max(0, waitMs));
}
