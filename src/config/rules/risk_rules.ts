import { HOUR_MS } from "../../models/market.ts";
import { isRising } from "./ladder.ts";
import type { MarketRule } from "./rule.ts";

/** Rules about the defence stack, the loss budgets, the guards and the end of a market. */
export const riskRules: readonly MarketRule[] = [
  {
    id: "X07",
    severity: "error",
    statement: "inventory_skew_widen < inventory_skew_one_side < inventory_skew_kill",
    members: ["inventory_skew_widen", "inventory_skew_one_side", "inventory_skew_kill"],
    holds: (m) =>
      m.inventorySkewWiden < m.inventorySkewOneSide &&
      m.inventorySkewOneSide < m.inventorySkewKill,
  },
  {
    id: "X08",
    severity: "error",
    statement: "widen_factor < one_side_spread_factor",
    members: ["widen_factor", "one_side_spread_factor"],
    holds: (m) => m.widenFactor < m.oneSideSpreadFactor,
  },
  {
    id: "X09",
    severity: "error",
    statement: "extreme_price_pause_cents < extreme_price_widen_cents",
    members: ["extreme_price_pause_cents", "extreme_price_widen_cents"],
    holds: (m) => m.extremePricePauseCents < m.extremePriceWidenCents,
  },
  {
    id: "X11",
    severity: "error",
    statement: "rollback_loss_cents <= max_per_market_loss_cents",
    because: "the market would be killed before it rolls back; unset it to follow the budget",
    members: ["rollback_loss_cents", "max_per_market_loss_cents"],
    holds: (m) => m.rollbackLossCents === null || m.rollbackLossCents <= m.maxPerMarketLossCents,
  },
  {
    id: "X12",
    severity: "error",
    statement: "max_per_market_loss_cents <= max_daily_loss_cents",
    members: ["max_per_market_loss_cents", "max_daily_loss_cents"],
    holds: (m, g) => m.maxPerMarketLossCents <= g.maxDailyLossCents,
  },
  {
    id: "X22",
    severity: "warning",
    statement: "oracle_min_deviation_cents <= oracle_deviation_warning_cents",
    because: "an alert at the higher level would follow a pause at the lower",
    members: ["oracle_min_deviation_cents", "oracle_deviation_warning_cents"],
    holds: (m) => m.oracleMinDeviationCents <= m.oracleDeviationWarningCents,
  },
  {
    id: "X23",
    severity: "error",
    statement: "2 x oracle_poll_interval_ms < oracle_max_lag_ms, when oracle_slug is set",
    because: "the external price would count as stale most of the time",
    members: ["oracle_poll_interval_ms", "oracle_max_lag_ms", "oracle_slug"],
    holds: (m) => m.oracleSlug === null || 2 * m.oraclePollIntervalMs < m.oracleMaxLagMs,
  },
  {
    id: "X52",
    severity: "error",
    statement: "oracle_url is set, when oracle_guard_enabled is true and oracle_slug is set",
    because: "without a source the external price would be stale for ever",
    members: ["oracle_url", "oracle_guard_enabled", "oracle_slug"],
    holds: (m) => !m.oracleGuardEnabled || m.oracleSlug === null || m.oracleUrl !== null,
  },
  {
    id: "X53",
    severity: "warning",
    statement: "oracle_poll_interval_ms + oracle_timeout_ms < oracle_max_lag_ms",
    because: "one slow reading would make the external price stale",
    members: ["oracle_poll_interval_ms", "oracle_timeout_ms", "oracle_max_lag_ms"],
    holds: (m) => m.oraclePollIntervalMs + m.oracleTimeoutMs < m.oracleMaxLagMs,
  },
  {
    id: "X28",
    severity: "error",
    statement:
      "maturity_tier_hours strictly falling, maturity_qty_ratios not rising, maturity_spread_multipliers not falling, all of one length",
    members: ["maturity_tier_hours", "maturity_qty_ratios", "maturity_spread_multipliers"],
    holds: ({ maturityTierHours: hours, maturityQtyRatios, maturitySpreadMultipliers }) =>
      hours.length === maturityQtyRatios.length &&
      hours.length === maturitySpreadMultipliers.length &&
      new Set(hours).size === hours.length && isRising(hours.toReversed()) &&
      isRising(maturityQtyRatios.toReversed()) && isRising(maturitySpreadMultipliers),
  },
  {
    id: "X39",
    severity: "error",
    statement: "guard_theta <= inventory_skew_kill",
    because: "the guard would let one fill kill the market",
    members: ["guard_theta", "inventory_skew_kill"],
    holds: (m) => m.guardTheta <= m.inventorySkewKill,
  },
  {
    id: "X39",
    severity: "warning",
    statement: "guard_theta > inventory_skew_one_side",
    because: "fills never reach ONE_SIDE and the bot stalls at the guard limit",
    members: ["guard_theta", "inventory_skew_one_side"],
    holds: (m) => m.guardTheta > m.inventorySkewOneSide,
  },
  {
    id: "X40",
    severity: "error",
    statement: "defense_hysteresis < inventory_skew_widen",
    because: "WIDEN could never be left",
    members: ["defense_hysteresis", "inventory_skew_widen"],
    holds: (m) => m.defenseHysteresis < m.inventorySkewWiden,
  },
  {
    id: "X40",
    severity: "error",
    statement: "one_side_dead_band < inventory_skew_widen",
    members: ["one_side_dead_band", "inventory_skew_widen"],
    holds: (m) => m.oneSideDeadBand < m.inventorySkewWiden,
  },
  {
    id: "X44",
    severity: "error",
    statement: "lvr_velocity_one_side_ratio < lvr_velocity_kill_ratio",
    members: ["lvr_velocity_one_side_ratio", "lvr_velocity_kill_ratio"],
    holds: (m) => m.lvrVelocityOneSideRatio < m.lvrVelocityKillRatio,
  },
  {
    id: "X44",
    severity: "error",
    statement: "skew_jump_widen < skew_jump_one_side",
    members: ["skew_jump_widen", "skew_jump_one_side"],
    holds: (m) => m.skewJumpWiden < m.skewJumpOneSide,
  },
  {
    id: "X48",
    severity: "warning",
    statement: "stop_before_end_ms < the smallest of maturity_tier_hours",
    because: "the last step would never be in force",
    members: ["stop_before_end_ms", "maturity_tier_hours"],
    holds: (m) => m.stopBeforeEndMs < Math.min(...m.maturityTierHours) * HOUR_MS,
  },
];
