/**
 * The conditions of the pauses (§10.2), each a function of plain figures. Times never go backwards
 * (L-71).
 */

import type { GlobalConfig, MarketConfig } from "../config/registry.ts";
import { PAIR_CENTS } from "../models/money.ts";
import type { BookSide } from "../models/vocabulary.ts";

/**
 * EXTREME_PRICE: the side whose fills go further into the edge: BID at the lower, ASK at the upper
 * (C-56).
 */
export function extremePriceSide(
  fairCents: number,
  { extremePricePauseCents: edge }: Pick<MarketConfig, "extremePricePauseCents">,
): BookSide | null {
  if (edge === 0) return null;
  if (fairCents <= edge) return "BID";
  return fairCents >= PAIR_CENTS - edge ? "ASK" : null;
}

/** How the venue answered of late. */
export interface CallFigures {
  /** Calls inside `api_error_window_ms`. */
  readonly calls: number;
  /** Of these, time-outs, 5xx and lost connections; business refusals do not count. */
  readonly failed: number;
}

/** API_ERRORS: too large a share of the calls failed, and there were enough to judge. */
export function hasApiErrors(
  { calls, failed }: CallFigures,
  config: Pick<MarketConfig, "apiErrorMinCalls" | "apiErrorThreshold">,
): boolean {
  return calls >= config.apiErrorMinCalls && failed > config.apiErrorThreshold * calls;
}

/**
 * Since when the venue has been slow without a break; null if it is not.
 * @param since the answer of the cycle before
 * @param medianMs median of the last successful round trips; null (no answer at all) proves nothing
 */
export function slowSince(
  since: number | null,
  medianMs: number | null,
  nowMs: number,
  config: Pick<MarketConfig, "maxLatencyMs">,
): number | null {
  if (medianMs === null) return since;
  return medianMs > config.maxLatencyMs ? since ?? nowMs : null;
}

/** LATENCY: the venue has been slow for `latency_sustain_ms`. */
export function isLatencySustained(
  since: number | null,
  nowMs: number,
  config: Pick<MarketConfig, "latencySustainMs">,
): boolean {
  return since !== null && nowMs - since >= config.latencySustainMs;
}

/** How fresh the bot's picture of the market is. */
export interface Freshness {
  /** Time since the last complete sync, ms; Infinity before the first. */
  readonly syncAgeMs: number;
  /** True if a reply of this cycle lacked a required field (L-10). */
  readonly malformedReply: boolean;
  /**
   * While the state store cannot be reached and no lease decides: time since the cache was last
   * confirmed by the venue, ms. Null otherwise.
   */
  readonly unconfirmedMs: number | null;
}

/** Below this age a picture is never stale, however short the quote interval is. */
const MIN_STALE_MS = 10_000;

/**
 * STALE_DATA: the picture is too old, incomplete, or cannot be confirmed. An age that is no number
 * is too old.
 */
export function isStale(
  { syncAgeMs, malformedReply, unconfirmedMs }: Freshness,
  config: Pick<MarketConfig, "quoteIntervalMs"> & Pick<GlobalConfig, "reconciliationIntervalMs">,
): boolean {
  const limitMs = Math.max(MIN_STALE_MS, 5 * config.quoteIntervalMs);
  const unconfirmed = unconfirmedMs !== null && !(unconfirmedMs <= config.reconciliationIntervalMs);
  return malformedReply || unconfirmed || !(syncAgeMs <= limitMs);
}

/**
 * BOOK_FAILURES: the order book could not be read so many times in a row; the first success ends
 * it.
 */
export function hasBookFailures(
  consecutive: number,
  config: Pick<MarketConfig, "maxBookFailures">,
): boolean {
  return consecutive >= config.maxBookFailures;
}

/** FAILURES: so many recoverable failures in a row. */
export function hasFailures(
  consecutive: number,
  config: Pick<GlobalConfig, "maxConsecutiveFailures">,
): boolean {
  return consecutive >= config.maxConsecutiveFailures;
}
