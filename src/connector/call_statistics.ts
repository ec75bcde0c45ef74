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

/** Remembers the recent calls of one market; bounded. */
export class CallStatistics {
  readonly #calls: { readonly atMs: number; readonly failed: boolean }[] = [];
  /** How many of these have failed: every cycle asks, and the window holds hundreds. */
  #failed = 0;
  readonly #latencies: number[] = [];

  /** @param atMs monotonic time at which the call ended */
  record(record: CallRecord, atMs: number): void {
    const failed = record.end === "failed";
    this.#calls.push({ atMs, failed });
    if (failed) this.#failed++;
    if (this.#calls.length > MAX_RECORDS) this.#forgetOldest();
    if (record.end !== "ok") return;
    this.#latencies.push(record.ms);
    if (this.#latencies.length > LATENCY_SAMPLES) this.#latencies.shift();
  }

  /**
   * Health over the window that ends now.
   * @param nowMs monotonic time
   * @param windowMs `api_error_window_ms`
   */
  health(nowMs: number, windowMs: number): VenueHealth {
    while (this.#calls[0] !== undefined && this.#calls[0].atMs < nowMs - windowMs) {
      this.#forgetOldest();
    }
    return {
      calls: this.#calls.length,
      failed: this.#failed,
      medianLatencyMs: median(this.#latencies),
    };
  }

  #forgetOldest(): void {
    if (this.#calls.shift()?.failed === true) this.#failed--;
  }
}

/** Recent calls by market. Calls that concern the whole account count for every market. */
export class CallBoard {
  readonly #clock: Clock;
  readonly #markets = new Map<string, CallStatistics>();
  readonly #observers = new Set<CallObserver>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The statistics of a market. */
  of(marketId: string): CallStatistics {
    const known = this.#markets.get(marketId);
    if (known !== undefined) return known;
    const statistics = new CallStatistics();
    this.#markets.set(marketId, statistics);
    return statistics;
  }

  /** Has another one hear of every call. */
  onCall(observer: CallObserver): void {
    this.#observers.add(observer);
  }

  /** Takes a call; to be handed to a connector as its observer. */
  readonly record: CallObserver = (record) => {
    const nowMs = this.#clock.monotonicMs();
    for (const observe of this.#observers) observe(record);
    if (record.marketId !== null) return this.of(record.marketId).record(record, nowMs);
    for (const statistics of this.#markets.values()) statistics.record(record, nowMs);
  };
}

function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
