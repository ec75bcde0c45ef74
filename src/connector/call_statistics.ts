/** How well the venue answers: what the API_ERRORS and LATENCY circuit breakers judge (§10.2). */

import type { Clock } from "../runtime/clock.ts";

/** How a call to the venue ended; only `failed` counts as an error, a business refusal does not. */
export type CallEnd = "ok" | "refused" | "failed";

/** One call to the venue, as a connector reports it. */
export interface CallRecord {
  /** Name of the call, such as `orderBook`. */
  readonly call: string;
  /** The market it concerned, null for account-wide calls. */
  readonly marketId: string | null;
  readonly ms: number;
  readonly end: CallEnd;
}

/** Told about every call; connectors take one. */
export type CallObserver = (record: CallRecord) => void;

/** What is known about the venue's health at one moment. */
export interface VenueHealth {
  /** Calls inside the window. */
  readonly calls: number;
  /** Of these, time-outs, 5xx and lost connections. */
  readonly failed: number;
  /** Median round trip of the last 20 successful calls in ms, null before the first. */
  readonly medianLatencyMs: number | null;
}

const LATENCY_SAMPLES = 20;
const MAX_RECORDS = 5000;

/** A call that has ended. */
interface EndedCall {
  /** Which one of all. */
  readonly number: number;
  /** When, on the monotonic clock. */
  readonly atMs: number;
  readonly ms: number;
  readonly end: CallEnd;
}

/** A call, and how many before it have failed: differences count a stretch of calls. */
interface Counted extends Pick<EndedCall, "number" | "atMs"> {
  readonly failedBefore: number;
}

/** Where a stretch of calls begins: not before this time, and not before this number. */
type Start = Pick<EndedCall, "atMs" | "number">;

/** Recent calls in the order in which they ended; bounded. */
class RecentCalls {
  #counted: Counted[] = [];
  #failed = 0;
  /** The newest that succeeded. */
  readonly #timed: EndedCall[] = [];

  note(call: EndedCall): void {
    const { number, atMs, end } = call;
    this.#counted.push({ number, atMs, failedBefore: this.#failed });
    if (this.#counted.length >= 2 * MAX_RECORDS) this.#forget(MAX_RECORDS);
    if (end === "failed") this.#failed++;
    if (end !== "ok") return;
    this.#timed.push(call);
    if (this.#timed.length > LATENCY_SAMPLES) this.#timed.shift();
  }

  /** Forgets what is older, as soon as that is most of what is held. */
  forgetBefore(atMs: number): void {
    const old = this.#before({ atMs, number: 0 });
    if (old > this.#counted.length / 2) this.#forget(old);
  }

  /** How many there are since then, and how many of them failed. */
  since(start: Start): { readonly calls: number; readonly failed: number } {
    const before = this.#before(start);
    const failedBefore = this.#counted[before]?.failedBefore ?? this.#failed;
    return { calls: this.#counted.length - before, failed: this.#failed - failedBefore };
  }

  /** The newest that succeeded, of those with at least this number. */
  timedSince(number: number): readonly EndedCall[] {
    const [oldest] = this.#timed;
    if (oldest === undefined || oldest.number >= number) return this.#timed;
    return this.#timed.filter((call) => call.number >= number);
  }

  #forget(calls: number): void {
    this.#counted = this.#counted.slice(calls);
  }

  /** How many lie before the start: found by halving. */
  #before(start: Start): number {
    const calls = this.#counted;
    let [low, high] = [0, calls.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const call = calls[middle];
      if (call === undefined || call.atMs >= start.atMs && call.number >= start.number) {
        high = middle;
      } else low = middle + 1;
    }
    return low;
  }
}

/** The recent calls of one market, and those of the account since it has been worked. */
export class CallStatistics {
  readonly #own = new RecentCalls();
  readonly #account: RecentCalls;
  readonly #from: number;

  /**
   * @param account the calls of the whole account: kept once, not with every market
   * @param from number of the first of them that counts here
   */
  constructor(account: RecentCalls = new RecentCalls(), from = 0) {
    this.#account = account;
    this.#from = from;
  }

  /** Takes a call about this market. */
  note(call: EndedCall): void {
    this.#own.note(call);
  }

  /**
   * Health over the window that ends now.
   * @param nowMs monotonic time
   * @param windowMs `api_error_window_ms`
   */
  health(nowMs: number, windowMs: number): VenueHealth {
    const start = { atMs: nowMs - windowMs, number: this.#from };
    this.#own.forgetBefore(start.atMs);
    const [own, account] = [this.#own.since(start), this.#account.since(start)];
    const timed = [this.#own.timedSince(0), this.#account.timedSince(this.#from)] as const;
    return {
      calls: own.calls + account.calls,
      failed: own.failed + account.failed,
      medianLatencyMs: medianOfNewest(...timed),
    };
  }
}

/** Recent calls by market. Calls that concern the whole account count for every market. */
export class CallBoard {
  readonly #clock: Clock;
  readonly #account = new RecentCalls();
  readonly #markets = new Map<string, CallStatistics>();
  readonly #observers = new Set<CallObserver>();
  #calls = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The statistics of a market. */
  of(marketId: string): CallStatistics {
    const known = this.#markets.get(marketId);
    if (known !== undefined) return known;
    const statistics = new CallStatistics(this.#account, this.#calls);
    this.#markets.set(marketId, statistics);
    return statistics;
  }

  /** Has another one hear of every call. */
  onCall(observer: CallObserver): void {
    this.#observers.add(observer);
  }

  /** Takes a call; to be handed to a connector as its observer. */
  readonly record: CallObserver = (record) => {
    const { marketId, ms, end } = record;
    const call = { number: this.#calls++, atMs: this.#clock.monotonicMs(), ms, end };
    for (const observe of this.#observers) observe(record);
    if (marketId === null) this.#account.note(call);
    else this.of(marketId).note(call);
  };
}

/** Work space: how long calls took. A typed array is sorted without a comparator. */
const TIMES = new Float64Array(LATENCY_SAMPLES);

/** Median time of the newest calls of two lists, each oldest first; null if both are empty. */
function medianOfNewest(a: readonly EndedCall[], b: readonly EndedCall[]): number | null {
  let [left, right, count] = [a.length - 1, b.length - 1, 0];
  while (count < LATENCY_SAMPLES) {
    const [one, other] = [a[left], b[right]];
    const newest = (one?.number ?? -1) > (other?.number ?? -1) ? one : other;
    if (newest === undefined) break;
    TIMES[count++] = newest.ms;
    if (newest === one) left--;
    else right--;
  }
  const sorted = TIMES.subarray(0, count).sort();
  const middle = count >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return count % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
