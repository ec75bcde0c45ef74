import type { Cents, PriceCents, Shares } from "./money.ts";
import type { MarketStatus, ResolutionResult } from "./vocabulary.ts";

/** What the venue says about a market; re-read every `market_status_poll_interval_ms`. */
export interface MarketRecord {
  readonly marketId: string;
  readonly title: string;
  readonly status: MarketStatus;
  readonly minPrice: PriceCents;
  readonly maxPrice: PriceCents;
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  readonly maxOrderQuantity: Shares;
  readonly maxPositionPerUser: Shares;
  readonly maxOrderAmountCents: Cents;
  readonly tradingStartAtMs: number | null;
  readonly tradingEndAtMs: number | null;
  readonly resolutionDateMs: number | null;
  readonly result: ResolutionResult | null;
}

/** Cash of the whole account, shared by all its markets. */
export interface AccountBalance {
  readonly availableCents: Cents;
  readonly frozenCents: Cents;
}

/** Milliseconds per hour. */
export const HOUR_MS = 3_600_000;
/** Milliseconds per day. */
export const DAY_MS = 24 * HOUR_MS;

/**
 * Hours until trading ends: the override if there is one (0 is a value), else trading end, else
 * resolution date, else the default; never negative (§7, L-02).
 */
export function hoursToEnd(
  market: MarketRecord,
  nowMs: number,
  config: { readonly remainingHoursOverride: number | null; readonly tauDefaultHours: number },
): number {
  const end = market.tradingEndAtMs ?? market.resolutionDateMs;
  const computed = end === null ? config.tauDefaultHours : (end - nowMs) / HOUR_MS;
  return Math.max(0, config.remainingHoursOverride ?? computed);
}
