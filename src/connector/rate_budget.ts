import type { Priority } from "../execution/planned_action.ts";
import {
  type BucketLimit,
  bucketLimit,
  forgive,
  fullBucket,
  refill,
  spend,
  timeToRepayMs,
  type TokenBucket,
} from "../execution/token_bucket.ts";
import { type Clock, sleep } from "../runtime/clock.ts";
import { CallWindow } from "./call_window.ts";

/** Classes of calls that the venue counts separately; replaces are counted per market. */
export type Endpoint =
  | { readonly kind: "orders" }
  | { readonly kind: "queries" }
  | { readonly kind: "replaces"; readonly marketId: string };

/** Placements and cancels of the account. */
export const ORDERS: Endpoint = { kind: "orders" };
/** Reads of the account. */
export const QUERIES: Endpoint = { kind: "queries" };

/** What the venue says about its limit on an endpoint. */
export interface VenueLimit {
  /** Calls a minute, null if it does not say. */
  readonly limit: number | null;
  /** Calls that its present window still takes, null if it does not say. */
  readonly remaining: number | null;
  /** When its next window begins, epoch milliseconds, null if it does not say. */
  readonly resetAtMs: number | null;
}

/** What is asked for besides the priority. */
export interface CallTerms {
  /** Calls that go out together; 1 if left out. */
  readonly calls?: number;
  /** Calls that must still be possible afterwards, at once: the cancels of what then rests. */
  readonly spare?: number;
}

/** Everything a {@link RateBudget} needs. */
export interface RateBudgetOptions {
  readonly clock: Clock;
  /** `order_ops_per_minute`, of the whole account. */
  readonly orderOpsPerMinute: number;
  /** `replace_ops_per_minute`, of each market. */
  readonly replaceOpsPerMinute: number;
  /** `query_rate_limit`, of the whole account. */
  readonly queryRateLimit: number;
}

/** Share of a bucket that a priority leaves to those above it. */
const RESERVES: Readonly<Record<Priority, number>> = {
  cancel: 0,
  reduce: 0.1,
  move: 0.15,
  place: 0.2,
  refresh: 0.4,
};
/** A cancel is sent after this time although the budget is used up (§17). */
const MAX_CANCEL_WAIT_MS = 1000;
/** First and longest wait after a 429 that names none. */
const FIRST_BACK_OFF_MS = 1000;
const MAX_BACK_OFF_MS = 60_000;
const MINUTE_MS = 60_000;
/** What a venue is believed to allow at least: its documented limits of one user (§7). */
const LEAST_PER_MINUTE: Readonly<Record<Endpoint["kind"], number>> = {
  orders: 30,
  replaces: 30,
  queries: 120,
};
/**
 * A limit that was only guessed doubles with every such time without another refusal: a refused
 * order may be a cancel that has to wait, a refused read costs nothing but its repetition.
 */
const DOUBT_AFTER_MS: Readonly<Record<Endpoint["kind"], number>> = {
  orders: 3_600_000,
  replaces: 3_600_000,
  queries: 300_000,
};

/**
 * The calls that a process may make, shared by all its markets: token buckets per class of calls,
 * with a reserve for what lowers the risk (§17, L-65). A call that is refused here is deferred to
 * the next cycle; cancels are not refused, they wait for at most a second.
 */
export class RateBudget {
  readonly #clock: Clock;
  readonly #perMinute: Readonly<Record<Endpoint["kind"], number>>;
  readonly #announced = new Map<Endpoint["kind"], number>();
  /** Limits concluded from refusals, and when. */
  readonly #guessed = new Map<Endpoint["kind"], { perMinute: number; atMs: number }>();
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #windows = new Map<string, CallWindow>();
  #instances = 1;
  #backOffMs = 0;
  #backedOffUntilMs = -Infinity;

  constructor(options: RateBudgetOptions) {
    this.#clock = options.clock;
    this.#perMinute = {
      orders: options.orderOpsPerMinute,
      replaces: options.replaceOpsPerMinute,
      queries: options.queryRateLimit,
    };
  }

  /**
   * Takes the right to make calls at once. The minute must have room for them and for what is to be
   * spared; what is no cancel is also spread over the minute, and leaves a reserve to those above.
   * @returns false if they have to wait for a later cycle
   */
  tryTake(
    endpoint: Endpoint,
    priority: Priority,
    { calls = 1, spare = 0 }: CallTerms = {},
  ): boolean {
    if (this.#room(endpoint) < calls + spare) return false;
    if (priority !== "cancel") {
      const { capacity } = this.#limitOf(endpoint);
      const kept = RESERVES[priority] * capacity;
      if (this.#isBackedOff() || this.#bucketOf(endpoint).tokens < calls + kept) return false;
    }
    this.charge(endpoint, calls);
    return true;
  }

  /** Counts calls that go out without asking; what asks has to wait until they are paid back. */
  charge(endpoint: Endpoint, calls = 1): void {
    const key = keyOf(endpoint);
    const spent = spend(this.#bucketOf(endpoint), calls);
    // Reads queue by their debt. Orders do not, and no venue counts for longer than a minute: an
    // outage in which cancels were tried again and again is not paid for long after it.
    const isQueue = endpoint.kind === "queries";
    this.#buckets.set(key, isQueue ? spent : forgive(spent, this.#limitOf(endpoint)));
    this.#windowOf(key).charge(calls, this.#clock.monotonicMs());
  }

  /** Waits until a cancel may be sent: not at all if the minute has room, else for a second. */
  async cancelSlot(): Promise<void> {
    const isFull = this.#room(ORDERS) < 1;
    this.charge(ORDERS);
    if (isFull) await sleep(this.#clock, MAX_CANCEL_WAIT_MS);
  }

  /** Waits until a read may be sent; those who come first go first. */
  async querySlot(): Promise<void> {
    this.charge(QUERIES);
    const waitMs = timeToRepayMs(this.#bucketOf(QUERIES), this.#limitOf(QUERIES));
    if (waitMs > 0) await sleep(this.#clock, waitMs);
  }

  /** Calls a minute that this process may make, as far as is known. */
  perMinute({ kind }: Endpoint): number {
    const announced = this.#announced.get(kind) ?? Infinity;
    const perMinute = Math.min(this.#perMinute[kind], announced, this.#guess(kind));
    return kind === "replaces" ? perMinute : perMinute / this.#instances;
  }

  /**
   * Lowers a budget to what the venue announces: for a minute, and for what is left of its present
   * window.
   */
  announce(endpoint: Endpoint, { limit, remaining, resetAtMs }: VenueLimit): void {
    if (limit !== null && limit > 0) this.#announced.set(endpoint.kind, limit);
    if (remaining === null || resetAtMs === null) return;
    // The two clocks need not agree, but no window is longer than a minute.
    const waitMs = Math.min(MINUTE_MS, resetAtMs - this.#clock.nowMs());
    const untilMs = this.#clock.monotonicMs() + waitMs;
    this.#windowOf(keyOf(endpoint)).announce({ remaining, resetAtMs, untilMs });
  }

  /**
   * Learns from a refusal (429) of a venue that has never named its limit. What was sent in the
   * last minute spans at most two of its windows, so half of it is allowed for sure. The venue may
   * have refused for another reason, so the guess is doubted again after some time.
   */
  refusedUnannounced(endpoint: Endpoint): void {
    const { kind } = endpoint;
    const atMs = this.#clock.monotonicMs();
    const sent = this.#windowOf(keyOf(endpoint)).sentInMinute(atMs);
    const allowed = Math.max(LEAST_PER_MINUTE[kind], Math.floor(sent / 2));
    this.#guessed.set(kind, { perMinute: Math.min(this.#guess(kind), allowed), atMs });
  }

  /** Shares the account-wide budgets equally between so many processes. */
  shareBetween(instances: number): void {
    this.#instances = Math.max(1, instances);
  }

  /**
   * Stops everything but cancels after a 429, for as long as the venue says, else for a time that
   * doubles with every 429 in a row.
   */
  rateLimited(retryAfterMs?: number): void {
    this.#backOffMs = Math.min(MAX_BACK_OFF_MS, Math.max(FIRST_BACK_OFF_MS, 2 * this.#backOffMs));
    const waitMs = Math.min(MAX_BACK_OFF_MS, retryAfterMs ?? this.#backOffMs);
    const untilMs = this.#clock.monotonicMs() + waitMs;
    this.#backedOffUntilMs = Math.max(this.#backedOffUntilMs, untilMs);
  }

  /** Ends the doubling: the venue has accepted a call. */
  succeeded(): void {
    if (!this.#isBackedOff()) this.#backOffMs = 0;
  }

  #guess(kind: Endpoint["kind"]): number {
    const guessed = this.#guessed.get(kind);
    if (guessed === undefined) return Infinity;
    const agoMs = this.#clock.monotonicMs() - guessed.atMs;
    const periods = Math.floor(agoMs / DOUBT_AFTER_MS[kind]);
    return guessed.perMinute * 2 ** periods;
  }

  #isBackedOff(): boolean {
    return this.#clock.monotonicMs() < this.#backedOffUntilMs;
  }

  /** Calls that the last minute and the venue's window still have room for. */
  #room(endpoint: Endpoint): number {
    const nowMs = this.#clock.monotonicMs();
    const window = this.#windowOf(keyOf(endpoint));
    return Math.min(this.perMinute(endpoint) - window.sentInMinute(nowMs), window.left(nowMs));
  }

  #limitOf(endpoint: Endpoint): BucketLimit {
    return bucketLimit(this.perMinute(endpoint));
  }

  #bucketOf(endpoint: Endpoint): TokenBucket {
    const limit = this.#limitOf(endpoint);
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(keyOf(endpoint)) ?? fullBucket(limit, nowMs);
    return refill(bucket, limit, nowMs);
  }

  #windowOf(key: string): CallWindow {
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const window = new CallWindow();
    this.#windows.set(key, window);
    return window;
  }
}

function keyOf(endpoint: Endpoint): string {
  return endpoint.kind === "replaces" ? `replaces ${endpoint.marketId}` : endpoint.kind;
}
