import type { Priority } from "../execution/planned_action.ts";
import {
  type BucketLimit,
  bucketLimit,
  fullBucket,
  refill,
  spend,
  timeToRepayMs,
  type TokenBucket,
} from "../execution/token_bucket.ts";
import { type Clock, sleep } from "../runtime/clock.ts";

/** Classes of calls that the venue counts separately; replaces are counted per market. */
export type Endpoint =
  | { readonly kind: "orders" }
  | { readonly kind: "queries" }
  | { readonly kind: "replaces"; readonly marketId: string };

/** Placements and cancels of the account. */
export const ORDERS: Endpoint = { kind: "orders" };
/** Reads of the account. */
export const QUERIES: Endpoint = { kind: "queries" };

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
/** A cancel is sent after this time even if the budget is used up (§17). */
const MAX_CANCEL_WAIT_MS = 1000;
/** First and longest wait after a 429 that names none. */
const FIRST_BACK_OFF_MS = 1000;
const MAX_BACK_OFF_MS = 60_000;

/**
 * The calls that a process may make, shared by all its markets: token buckets per class of calls,
 * with a reserve for what lowers the risk (§17, L-65). A call that is refused here is deferred to
 * the next cycle; cancels are not refused, they wait for at most a second.
 */
export class RateBudget {
  readonly #clock: Clock;
  readonly #perMinute: Readonly<Record<Endpoint["kind"], number>>;
  readonly #announced = new Map<Endpoint["kind"], number>();
  readonly #buckets = new Map<string, TokenBucket>();
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
   * Takes the right to make `calls` calls at once, if the budget has them above the reserve of the
   * priority.
   * @returns false if they have to wait for a later cycle
   */
  tryTake(endpoint: Endpoint, priority: Priority, calls = 1): boolean {
    if (this.#isBackedOff() && priority !== "cancel") return false;
    const limit = this.#limitOf(endpoint);
    const bucket = this.#bucketOf(endpoint, limit);
    if (bucket.tokens < calls + RESERVES[priority] * limit.capacity) return false;
    this.#buckets.set(keyOf(endpoint), spend(bucket, calls));
    return true;
  }

  /** Waits until a cancel may be sent: for a token, but never longer than a second. */
  cancelSlot(): Promise<void> {
    return this.#spendInTurn(ORDERS, MAX_CANCEL_WAIT_MS);
  }

  /** Waits until a read may be sent; those who come first go first. */
  querySlot(): Promise<void> {
    return this.#spendInTurn(QUERIES, Infinity);
  }

  /** Lowers a budget to what the venue announces for it, in calls per minute. */
  announce(kind: Endpoint["kind"], perMinute: number): void {
    if (perMinute > 0) this.#announced.set(kind, perMinute);
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

  /** Takes a token at once, even from an empty bucket, and waits as long as that debt lasts. */
  async #spendInTurn(endpoint: Endpoint, maxWaitMs: number): Promise<void> {
    const limit = this.#limitOf(endpoint);
    const bucket = spend(this.#bucketOf(endpoint, limit), 1);
    this.#buckets.set(keyOf(endpoint), bucket);
    const waitMs = Math.min(maxWaitMs, timeToRepayMs(bucket, limit));
    if (waitMs > 0) await sleep(this.#clock, waitMs);
  }

  #isBackedOff(): boolean {
    return this.#clock.monotonicMs() < this.#backedOffUntilMs;
  }

  #limitOf({ kind }: Endpoint): BucketLimit {
    const perMinute = Math.min(this.#perMinute[kind], this.#announced.get(kind) ?? Infinity);
    return bucketLimit(kind === "replaces" ? perMinute : perMinute / this.#instances);
  }

  #bucketOf(endpoint: Endpoint, limit: BucketLimit): TokenBucket {
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(keyOf(endpoint)) ?? fullBucket(limit, nowMs);
    return refill(bucket, limit, nowMs);
  }
}

function keyOf(endpoint: Endpoint): string {
  return endpoint.kind === "replaces" ? `replaces ${endpoint.marketId}` : endpoint.kind;
}
