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

/** A call that has ended: which one of all, when on the monotonic clock, and how long it took. */
interface EndedCall {
  readonly number: number;
  readonly atMs: number;
  readonly ms: number;
}

/** Where a stretch of calls begins: not before this time, and not before this number. */
type Start = Pick<EndedCall, "atMs" | "number">;

/** Recent calls in the order in which they ended; bounded. */
class RecentCalls {
  readonly #all: EndedCall[] = [];
  readonly #failed: EndedCall[] = [];
  /** The newest that succeeded. */
  readonly #timed: EndedCall[] = [];

  note(call: EndedCall, end: CallEnd): void {
    push(this.#all, call, MAX_RECORDS);
    if (end === "failed") push(this.#failed, call, MAX_RECORDS);
    if (end === "ok") push(this.#timed, call, LATENCY_SAMPLES);
  }

  forgetBefore(atMs: number): void {
    for (const calls of [this.#all, this.#failed]) {
      while (calls[0] !== undefined && calls[0].atMs < atMs) calls.shift();
    }
  }

  /** How many there are since then, and how many of them failed. */
  since(start: Start): { readonly calls: number; readonly failed: number } {
    return { calls: countSince(this.#all, start), failed: countSince(this.#failed, start) };
  }

  /** The newest that succeeded, of those with at least this number. */
  timedSince(number: number): readonly EndedCall[] {
    const [oldest] = this.#timed;
    if (oldest === undefined || oldest.number >= number) return this.#timed;
    return this.#timed.filter((call) => call.number >= number);
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
  note(call: EndedCall, end: CallEnd): void {
    this.#own.note(call, end);
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
      medianLatencyMs: median(newestTimes(...timed)),
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
    const call = { number: this.#calls++, atMs: this.#clock.monotonicMs(), ms: record.ms };
    for (const observe of this.#observers) observe(record);
    if (record.marketId === null) this.#account.note(call, record.end);
    else this.of(record.marketId).note(call, record.end);
  };
}

function push(calls: EndedCall[], call: EndedCall, limit: number): void {
  calls.push(call);
  if (calls.length > limit) calls.shift();
}

/** How many of the calls, oldest first, lie after the start: found by halving. */
function countSince(calls: readonly EndedCall[], start: Start): number {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const call = calls[middle];
    const isBefore = call !== undefined && (call.atMs < start.atMs || call.number < start.number);
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return calls.length - low;
}

/** How long the newest calls of two lists took, each oldest first. */
function newestTimes(a: readonly EndedCall[], b: readonly EndedCall[]): readonly number[] {
  const times: number[] = [];
  let [left, right] = [a.length - 1, b.length - 1];
  while (times.length < LATENCY_SAMPLES) {
    const [one, other] = [a[left], b[right]];
    const newest = (one?.number ?? -1) > (other?.number ?? -1) ? one : other;
    if (newest === undefined) break;
    times.push(newest.ms);
    if (newest === one) left--;
    else right--;
  }
  return times;
}

function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
