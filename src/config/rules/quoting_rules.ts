import { cents, feeCents } from "../../models/money.ts";
import type { MarketConfig } from "../registry.ts";
import { isRising, mostLevels } from "./ladder.ts";
import type { MarketRule } from "./rule.ts";

/**
 * Per share, what a round trip costs at the dearest price and must still earn (strategy spec §12).
 */
function highestFeeFloorCents(market: MarketConfig): number {
  const value = cents(market.maxPriceCents * market.expectedFillQty);
  const fee = feeCents(value, market.marketMakerFeeBps);
  return (2 * fee) / market.expectedFillQty + market.minEdgeCents;
}

/** Replaces per minute if every order moves in every cycle. */
function worstReplacesPerMinute(market: MarketConfig): number {
  return (mostLevels(market) * 2 * 60_000) / market.quoteIntervalMs;
}

/** Rules about spreads, prices, ladders and the age of orders. */
export const quotingRules: readonly MarketRule[] = [
  {
    id: "X02",
    severity: "error",
    statement: "min_price_cents < max_price_cents",
    members: ["min_price_cents", "max_price_cents"],
    holds: (m) => m.minPriceCents < m.maxPriceCents,
  },
  {
    id: "X03",
    severity: "error",
    statement: "min_price_cents + exploration_min_spread_cents <= max_price_cents",
    members: ["min_price_cents", "exploration_min_spread_cents", "max_price_cents"],
    holds: (m) => m.minPriceCents + m.explorationMinSpreadCents <= m.maxPriceCents,
  },
  {
    id: "X03",
    severity: "error",
    statement: "min_price_cents + stabilization_min_spread_cents <= max_price_cents",
    members: ["min_price_cents", "stabilization_min_spread_cents", "max_price_cents"],
    holds: (m) => m.minPriceCents + m.stabilizationMinSpreadCents <= m.maxPriceCents,
  },
  {
    id: "X04",
    severity: "error",
    statement: "spread_min_cents <= spread_max_cents <= hard_spread_max_cents",
    members: ["spread_min_cents", "spread_max_cents", "hard_spread_max_cents"],
    holds: (m) => m.spreadMinCents <= m.spreadMaxCents && m.spreadMaxCents <= m.hardSpreadMaxCents,
  },
  {
    id: "X05",
    severity: "error",
    statement: "spread_min_cents <= exploration_min_spread_cents <= spread_max_cents",
    members: ["spread_min_cents", "exploration_min_spread_cents", "spread_max_cents"],
    holds: (m) =>
      m.spreadMinCents <= m.explorationMinSpreadCents &&
      m.explorationMinSpreadCents <= m.spreadMaxCents,
  },
  {
    id: "X05",
    severity: "error",
    statement: "spread_min_cents <= stabilization_min_spread_cents <= spread_max_cents",
    members: ["spread_min_cents", "stabilization_min_spread_cents", "spread_max_cents"],
    holds: (m) =>
      m.spreadMinCents <= m.stabilizationMinSpreadCents &&
      m.stabilizationMinSpreadCents <= m.spreadMaxCents,
  },
  {
    id: "X06",
    severity: "error",
    code: "FEE_FLOOR",
    statement: "the fees of a round trip and min_edge_cents fit under spread_max_cents",
    because: "every quote would lose money or be refused",
    members: [
      "max_price_cents",
      "expected_fill_qty",
      "market_maker_fee_bps",
      "min_edge_cents",
      "spread_max_cents",
    ],
    holds: (m) => highestFeeFloorCents(m) <= m.spreadMaxCents,
    figures: (m) => `the fee floor is ${highestFeeFloorCents(m).toFixed(2)} cents`,
  },
  {
    id: "X24",
    severity: "warning",
    statement: "levels x 2 x 60000 / quote_interval_ms <= replace_ops_per_minute",
    because: "if every order is replaced in each cycle, some wait for the rate limit",
    members: [
      "exploration_levels",
      "stabilization_levels",
      "exploration_gradient_type",
      "stabilization_gradient_type",
      "gradient_linear_levels",
      "gradient_geometric_levels",
      "quote_interval_ms",
      "replace_ops_per_minute",
    ],
    holds: (m, g) => worstReplacesPerMinute(m) <= g.replaceOpsPerMinute,
    figures: (m) => `${mostLevels(m)} levels make ${worstReplacesPerMinute(m)} replaces a minute`,
  },
  {
    id: "X25",
    severity: "warning",
    statement: "gamma_tier_early <= gamma_tier_mid <= gamma_tier_late <= gamma_tier_mature",
    because: "risk aversion should rise with the age of the market",
    members: ["gamma_tier_early", "gamma_tier_mid", "gamma_tier_late", "gamma_tier_mature"],
    holds: (m) => isRising([m.gammaTierEarly, m.gammaTierMid, m.gammaTierLate, m.gammaTierMature]),
  },
  {
    id: "X26",
    severity: "error",
    statement: "gamma_tier_early_max_days < gamma_tier_mid_max_days < gamma_tier_late_max_days",
    members: ["gamma_tier_early_max_days", "gamma_tier_mid_max_days", "gamma_tier_late_max_days"],
    holds: (m) =>
      m.gammaTierEarlyMaxDays < m.gammaTierMidMaxDays &&
      m.gammaTierMidMaxDays < m.gammaTierLateMaxDays,
  },
  {
    id: "X29",
    severity: "warning",
    statement: "exploration_min_spread_cents >= stabilization_min_spread_cents",
    because: "less is known while exploring",
    members: ["exploration_min_spread_cents", "stabilization_min_spread_cents"],
    holds: (m) => m.explorationMinSpreadCents >= m.stabilizationMinSpreadCents,
  },
  {
    id: "X29",
    severity: "warning",
    statement: "exploration_qty_ratio <= stabilization_qty_ratio",
    because: "less is known while exploring",
    members: ["exploration_qty_ratio", "stabilization_qty_ratio"],
    holds: (m) => m.explorationQtyRatio <= m.stabilizationQtyRatio,
  },
  {
    id: "X34",
    severity: "warning",
    statement: "trade_poll_interval_ms <= 2 x quote_interval_ms",
    because: "cycles would price with fills that are too old",
    members: ["trade_poll_interval_ms", "quote_interval_ms"],
    holds: (m, g) => g.tradePollIntervalMs <= 2 * m.quoteIntervalMs,
  },
  {
    id: "X47",
    severity: "warning",
    statement: "exploration_cancel_interval_ms <= max_order_age_ms",
    because: "the shorter age applies, so the first one would have no effect",
    members: ["exploration_cancel_interval_ms", "max_order_age_ms"],
    holds: (m) => m.explorationCancelIntervalMs <= m.maxOrderAgeMs,
  },
  {
    id: "X47",
    severity: "warning",
    statement: "max_order_age_ms >= 10 x quote_interval_ms",
    because: "orders would lose their place in the queue every few cycles",
    members: ["max_order_age_ms", "quote_interval_ms"],
    holds: (m) => m.maxOrderAgeMs >= 10 * m.quoteIntervalMs,
  },
];
