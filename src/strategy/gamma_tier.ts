/**
 * Risk aversion by the age of the market: young markets buy information, mature ones protect stock
 * (§7, C-12).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { SpreadTerms } from "../models/explanation.ts";
import { DAY_MS, type MarketRecord } from "../models/market.ts";

/** The name of a tier. */
export type GammaTierName = SpreadTerms["gammaTier"];

/** The tier in force. */
export interface GammaTier {
  readonly tier: GammaTierName;
  /** Risk aversion, per cent of price and unit of skew. */
  readonly gamma: number;
  /** What to tell the operator when the days had to be guessed, else null. */
  readonly alert: string | null;
}

/** The dates of a market that can select a tier. */
export type MarketDates = Pick<
  MarketRecord,
  "tradingStartAtMs" | "tradingEndAtMs" | "resolutionDateMs"
>;

/**
 * The tier of a market at a time: the forced one, else by the days of `gammaTierBasis`. A start
 * that is missing or not a time falls back on `marketCreationDate`; without usable dates the tier
 * is MID, with an alert (L-52).
 * @param nowMs epoch milliseconds
 */
export function gammaTier(market: MarketDates, nowMs: number, config: MarketConfig): GammaTier {
  if (config.gammaTier !== "AUTO") {
    return { tier: config.gammaTier, gamma: gammaOf(config.gammaTier, config), alert: null };
  }
  const days = tierDays(market, nowMs, config);
  const tier = days === null ? "MID" : tierOf(days, config);
  return { tier, gamma: gammaOf(tier, config), alert: alertFor(market, days, config) };
}

function gammaOf(tier: GammaTierName, config: MarketConfig): number {
  switch (tier) {
    case "EARLY":
      return config.gammaTierEarly;
    case "MID":
      return config.gammaTierMid;
    case "LATE":
      return config.gammaTierLate;
    case "MATURE":
      return config.gammaTierMature;
  }
}

/** @param days negative for a market that has not begun: EARLY */
function tierOf(days: number, config: MarketConfig): GammaTierName {
  if (days <= config.gammaTierEarlyMaxDays) return "EARLY";
  if (days <= config.gammaTierMidMaxDays) return "MID";
  if (days <= config.gammaTierLateMaxDays) return "LATE";
  return "MATURE";
}

function tierDays(market: MarketDates, nowMs: number, config: MarketConfig): number | null {
  const start = usable(market.tradingStartAtMs) ??
    usable(Date.parse(config.marketCreationDate ?? ""));
  const end = usable(market.tradingEndAtMs) ?? usable(market.resolutionDateMs);
  switch (config.gammaTierBasis) {
    case "age":
      return daysBetween(start, nowMs);
    case "total":
      return daysBetween(start, end);
    case "remaining":
      return daysBetween(nowMs, end);
  }
}

function alertFor(market: MarketDates, days: number | null, config: MarketConfig): string | null {
  if (days === null) return "the market's dates are unknown: gamma tier MID is used";
  const recorded = market.tradingStartAtMs;
  const replaced = config.gammaTierBasis !== "remaining" && recorded !== null &&
    usable(recorded) === null;
  return replaced ? "the market's start is not a time: market_creation_date is used" : null;
}

function daysBetween(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null ? null : (toMs - fromMs) / DAY_MS;
}

function usable(timeMs: number | null): number | null {
  return Number.isFinite(timeMs) ? timeMs : null;
}
