/** Names that earlier documents and tools use for today's settings (`parameters.md` 1.3 to 1.6). */

import type { ParameterName } from "./registry.ts";
import { decimal } from "./value.ts";

/** What an old name stands for. */
export interface Alias {
  /** Today's names; two where one old setting became two. */
  readonly names: readonly ParameterName[];
  /** The value is multiplied by this to get today's unit. */
  readonly scale: number;
}

/** Ratios of a price became cents of the 100-cent payout (D43). */
const RATIO_TO_CENTS = 100;
/** Seconds became milliseconds (D29). */
const SECONDS_TO_MS = 1000;
/** Hours became milliseconds (D29). */
const HOURS_TO_MS = 3_600_000;

/** Old names by today's name; a dot means "in the group of that name". */
const SAME_VALUE: { readonly [name in ParameterName]?: readonly string[] } = {
  initial_funding_cents: ["initial_budget_cents", "initialFunding", "initial_funding"],
  auto_reinvest_enabled: ["autoReinvest"],
  auto_reinvest_threshold_cents: ["autoReinvestThreshold", "auto_reinvest_threshold"],
  min_inventory_ratio: ["minInventoryRatio"],
  anchor_initial_weight: ["pricing_config.anchor_initial_weight"],
  anchor_decay_ms: ["pricing_config.anchor_decay_ms"],
  microprice_weight: ["pricing_config.microprice_weight"],
  microprice_min_depth: ["pricing_config.microprice_min_depth"],
  base_learning_rate: ["pricing_config.base_learning_rate"],
  exploration_qty_ratio: ["exploration_config.qty_ratio"],
  exploration_gradient_type: ["exploration_config.gradient_type"],
  exploration_linear_step_cents: ["exploration_config.linear_step"],
  exploration_levels: ["exploration_config.levels"],
  exploration_cancel_interval_ms: ["exploration_config.cancel_interval_ms"],
  exploration_max_duration_ms: ["exploration_config.max_duration_ms"],
  exploration_min_volume: ["exploration_config.min_volume"],
  exploration_price_stability_window_ms: ["exploration_config.price_stability_window_ms"],
  stabilization_qty_ratio: ["stabilization_config.qty_ratio"],
  stabilization_gradient_type: ["stabilization_config.gradient_type"],
  stabilization_geometric_ratio: ["stabilization_config.geometric_ratio"],
  stabilization_levels: ["stabilization_config.levels"],
  stabilization_qty_decay: ["stabilization_config.qty_decay"],
  stabilization_cancel_on_trade: ["stabilization_config.cancel_on_trade"],
  rollback_loss_cents: ["phase_rollback.pnl_rollback_threshold"],
  rollback_cooldown_ms: ["phase_rollback.cooldown_ms"],
  spread_skew_factor: ["as_config.spread_skew_factor"],
  qty_skew_factor: ["as_config.qty_skew_factor"],
  min_price_cents: ["as_config.min_price", "min_price"],
  max_price_cents: ["as_config.max_price", "max_price"],
  min_adjustment_cents: ["as_config.min_adjustment"],
  gradient_linear_step_cents: ["gradient_config.linear_step", "gradient_price_step_cents"],
  gradient_linear_levels: ["gradient_config.linear_levels", "gradient_levels"],
  gradient_linear_qty_increase: ["gradient_config.linear_qty_increase"],
  gradient_geometric_ratio: ["gradient_config.geometric_ratio"],
  gradient_geometric_levels: ["gradient_config.geometric_levels", "gradient_levels"],
  gradient_qty_decay: ["gradient_config.qty_decay", "gradient_quantity_decay"],
  max_per_market_loss_cents: ["defense_config.daily_loss_limit", "max_loss_daily_cents"],
  price_jump_window_ms: ["defense_config.price_jump_window_ms"],
  api_error_threshold: ["defense_config.api_error_threshold"],
  max_latency_ms: ["defense_config.max_latency_ms"],
  inventory_skew_widen: ["defense_config.inventory_warning_threshold"],
  inventory_skew_one_side: ["defense_config.inventory_danger_threshold"],
  inventory_skew_kill: ["defense_config.inventory_hard_limit", "maxExposure", "max_exposure"],
  widen_factor: ["defense_config.spread_multiplier_warning"],
  one_side_spread_factor: ["defense_config.spread_multiplier_danger"],
  distress_max_discount_cents: ["defense_config.distress_max_discount"],
  vpin_threshold: ["defense_config.vpin_threshold"],
  vpin_window: ["defense_config.vpin_window"],
  extreme_price_widen_cents: ["defense_config.extreme_price_halt", "extreme_price_halt"],
  extreme_spread_multiplier: ["defense_config.extreme_spread_multiplier"],
  oracle_max_lag_ms: ["max_oracle_lag_ms", "oracle_stale_ms"],
  oracle_min_deviation_cents: ["min_deviation_threshold_cents"],
  oracle_deviation_multiplier: ["deviation_multiplier"],
  oracle_gap_threshold_cents: ["gap_threshold_cents", "oracle_gap_cents"],
  oracle_observation_period_ms: ["observation_period_ms"],
  lvr_velocity_window_ms: ["lvr_defense_config.velocity_window_ms"],
  lvr_velocity_kill_ratio: [
    "lvr_defense_config.velocity_kill_ratio",
    "oracle_lvr_threshold",
    "lvr_velocity_threshold",
  ],
  lvr_event_shield_window_ms: ["lvr_defense_config.event_shield_window_ms"],
  lvr_event_qty_ratio: ["lvr_defense_config.event_qty_ratio"],
  lvr_event_spread_multiplier: ["lvr_defense_config.event_spread_multiplier"],
  lvr_post_fill_delay_ms: ["lvr_defense_config.post_fill_delay_ms", "lvr_cooldown_ms"],
  volatility_window_size: ["volatility_estimator.window_size"],
  volatility_min_samples: ["volatility_estimator.min_samples"],
  volatility_default_cents: ["volatility_estimator.default_volatility_cents"],
  sigma_min_cents: ["volatility_estimator.sigma_min_cents"],
  sigma_max_cents: ["volatility_estimator.sigma_max_cents"],
  order_ops_per_minute: ["amm_rate_limit"],
  replace_ops_per_minute: ["replace_rate_limit"],
  cash_tolerance_cents: ["cash_tolerance"],
  cost_sum_tolerance_cents: ["cost_sum_tolerance"],
  gamma_tier_early: ["GAMMA_TIERS.EARLY"],
  gamma_tier_mid: ["GAMMA_TIERS.MID"],
  gamma_tier_late: ["GAMMA_TIERS.LATE"],
  gamma_tier_mature: ["GAMMA_TIERS.MATURE"],
  spread_min_cents: ["base_spread_cents"],
  spread_max_cents: ["max_spread_cents"],
  tau_horizon_hours: ["time_smoothing_kappa", "as_config.time_smoothing_kappa"],
  base_order_quantity: ["quantityPerLevel", "qty_per_level"],
  auto_merge_enabled: ["autoMerge"],
  auto_merge_min_pairs: ["autoMergeMinPairs"],
  max_inventory_per_side: ["position_limit"],
  min_asset_floor_cents: ["min_asset_floor"],
  anchor_price_cents: ["initial_price_cents"],
  max_order_age_ms: [
    "stabilization_config.max_order_age_ms",
    "stabilization_max_order_age_ms",
  ],
};

/** Old names with another unit: today's name and the factor to its unit. */
const CONVERTED: Readonly<Record<string, readonly [ParameterName, number]>> = {
  oracle_deviation_warning: ["oracle_deviation_warning_cents", RATIO_TO_CENTS],
  "exploration_config.price_stability_threshold": [
    "exploration_price_stability_cents",
    RATIO_TO_CENTS,
  ],
  exploration_price_stability_threshold: ["exploration_price_stability_cents", RATIO_TO_CENTS],
  "phase_rollback.volatility_threshold": ["rollback_range_cents", RATIO_TO_CENTS],
  rollback_volatility_threshold: ["rollback_range_cents", RATIO_TO_CENTS],
  "defense_config.price_jump_threshold": ["price_jump_cents", RATIO_TO_CENTS],
  price_jump_threshold: ["price_jump_cents", RATIO_TO_CENTS],
  initialProbability: ["anchor_price_cents", RATIO_TO_CENTS],
  oracle_stale_seconds: ["oracle_max_lag_ms", SECONDS_TO_MS],
  oracle_lvr_window_seconds: ["lvr_velocity_window_ms", SECONDS_TO_MS],
  update_interval_seconds: ["oracle_poll_interval_ms", SECONDS_TO_MS],
  check_interval_seconds: ["oracle_poll_interval_ms", SECONDS_TO_MS],
  reconcile_interval_seconds: ["reconciliation_interval_ms", SECONDS_TO_MS],
  quote_interval_seconds: ["quote_interval_ms", SECONDS_TO_MS],
  trade_poll_interval_seconds: ["trade_poll_interval_ms", SECONDS_TO_MS],
  balance_poll_interval_seconds: ["balance_poll_interval_ms", SECONDS_TO_MS],
  exploration_duration_hours: ["exploration_max_duration_ms", HOURS_TO_MS],
};

/** Every accepted old name. */
export const ALIASES: ReadonlyMap<string, Alias> = collectAliases();

function collectAliases(): Map<string, Alias> {
  const aliases = new Map<string, Alias>();
  for (const [name, spellings] of Object.entries(SAME_VALUE) as [ParameterName, string[]][]) {
    for (const spelling of spellings) {
      const names = [...(aliases.get(spelling)?.names ?? []), name];
      aliases.set(spelling, { names, scale: 1 });
    }
  }
  for (const [spelling, [name, scale]] of Object.entries(CONVERTED)) {
    aliases.set(spelling, { names: [name], scale });
  }
  return aliases;
}

/**
 * The value of an alias in today's unit, without the binary noise of the product: 0.29 x 100 is 29.
 */
export function convertAlias(alias: Alias, value: unknown): unknown {
  if (alias.scale === 1) return value;
  const number = typeof value === "string" ? decimal(value.trim()) : value;
  return typeof number === "number" ? Number((number * alias.scale).toPrecision(12)) : value;
}

/**
 * Names that are refused because their meaning or unit changed: what takes their place, and why.
 */
export const SUPERSEDED: ReadonlyMap<string, string> = new Map(Object.entries({
  oracle_deviation_halt_cents:
    "use oracle_min_deviation_cents and oracle_deviation_multiplier: the pause threshold has no absolute limit any more",
  oracle_deviation_cents:
    "use oracle_min_deviation_cents or oracle_deviation_warning_cents: the old name stood for both",
  exploration_spread_cents:
    "use exploration_min_spread_cents: the half-spread became a floor of the full spread",
  stabilization_spread_cents:
    "use stabilization_min_spread_cents: the half-spread became a floor of the full spread",
  stabilization_cancel_on_price_move: "use min_reprice_cents: the ratio of the price became cents",
  stabilization_volume_threshold:
    "use exploration_min_volume: it counts shares, the old name counted trades",
  gamma_short: "use gamma_tier_early to gamma_tier_mature: other tiers on another scale",
  gamma_mid: "use gamma_tier_early to gamma_tier_mature: it is not the MID tier",
  gamma_long: "use gamma_tier_early to gamma_tier_mature: other tiers on another scale",
  gamma_short_max_days: "use gamma_tier_early_max_days to gamma_tier_late_max_days",
  gamma_mid_max_days: "use gamma_tier_early_max_days to gamma_tier_late_max_days",
  extreme_price_kill_cents:
    "use extreme_price_pause_cents: the action is a one-sided pause, not a kill",
  as_formula_variant:
    "use sigma_scale_cents, tau_horizon_hours, spread_risk_weight and as_model, or a preset: there is one formula",
  auto_merge_threshold:
    "leave it out: a merge is limited by auto_merge_reserve_ratio and the resulting skew",
  order_intent_dedupe_ttl_ms: "leave it out: there is no resubmission guard",
}));
