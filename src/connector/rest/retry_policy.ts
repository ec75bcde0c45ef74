import type { Random } from "../../runtime/random.ts";
import type { RetryClass } from "./calls.ts";
import type { Failure, FailureKind } from "./verdict.ts";

/** As often as `http_max_retries` allows. */
const ALL = Infinity;

/**
 * How often a call may be repeated after each kind of failure (exchange API §6, strategy spec §17);
 * what is not listed is never repeated. A repeat must be safe *and* still wanted:
 * - a **read** that timed out is repeated once, for a connection that died silently; a defect of
 *   the venue does not go away, but a database conflict does, so a 500 is worth one more try;
 * - a **cancel** is repeated after everything: it can only reduce risk (L-33);
 * - a **batch cancel** that timed out may have locked up the market and is left alone;
 * - a **place** is idempotent by its client order id, but its price ages: it is repeated at once
 *   after a lost connection and never after a wait. A 429 is a refusal, a 500 must not be retried
 *   unchanged, and after a time-out the market looks before it acts;
 * - **mint and burn** are idempotent by key, but not urgent: the market repeats them later;
 * - a **replace** is not idempotent.
 */
const REPEATS: Readonly<Record<RetryClass, Partial<Readonly<Record<FailureKind, number>>>>> = {
  safe: { connection_lost: ALL, timeout: 1, rate_limited: ALL, gateway: ALL, server_error: 1 },
  cancel: {
    connection_lost: ALL,
    timeout: ALL,
    rate_limited: ALL,
    gateway: ALL,
    server_error: ALL,
  },
  batch_cancel: { connection_lost: 1, rate_limited: ALL, gateway: ALL, server_error: ALL },
  place: { connection_lost: 1 },
  pairs: { connection_lost: 1 },
  replace: {},
};

const FIRST_BACKOFF_MS = 250;

/** The limits of all repeats, from the configuration. */
export interface RetryLimits {
  /** `http_max_retries`: repeats of one call after its first attempt. */
  readonly maxRetries: number;
  /** `http_max_backoff_ms`: cap of the exponential wait. */
  readonly maxBackoffMs: number;
  /**
   * A safe call that would have to wait longer than this gives up, so that a cycle is not held up.
   */
  readonly patienceMs: number;
}

/** A failed attempt, and what went before. */
export interface Attempts {
  readonly retry: RetryClass;
  /** False for the routes of the session itself, which no new token can help. */
  readonly hasSession: boolean;
  readonly failure: Failure;
  /** Failures that were repeated already. */
  readonly repeated: readonly FailureKind[];
  readonly limits: RetryLimits;
  readonly random: Random;
}

/**
 * How long to wait before a call is repeated, in ms; null if it is not.
 *
 * After a 401 every call is repeated once with a new token: nothing has happened. A lost connection
 * is tried again at once on a fresh one, since the venue closes connections after an error.
 * After a 429 the venue's own wait counts. Everything else backs off: 250 ms doubling, with jitter.
 */
export function waitBeforeRepeat(attempts: Attempts): number | null {
  const { retry, hasSession, failure: { kind }, repeated, limits } = attempts;
  const ofThisKind = countOf(repeated, kind);
  if (kind === "unauthorized") return hasSession && ofThisKind === 0 ? 0 : null;
  const retries = repeated.length - countOf(repeated, "unauthorized");
  if (retries >= limits.maxRetries || ofThisKind >= (REPEATS[retry][kind] ?? 0)) return null;
  if (kind === "connection_lost" && ofThisKind === 0) return 0;
  const waitMs = venueWait(attempts.failure) ?? backoff(attempts, retries);
  return retry === "safe" && waitMs > limits.patienceMs ? null : waitMs;
}

function countOf(kinds: readonly FailureKind[], kind: FailureKind): number {
  return kinds.filter((other) => other === kind).length;
}

/** What the venue asks for; "at once" after a refusal is no answer. */
function venueWait({ waitMs }: Failure): number | null {
  return waitMs !== null && waitMs > 0 ? waitMs : null;
}

function backoff({ limits, random }: Attempts, retries: number): number {
  const backoffMs = Math.min(limits.maxBackoffMs, FIRST_BACKOFF_MS * 2 ** retries);
  return backoffMs * (0.5 + 0.5 * random.next());
}
