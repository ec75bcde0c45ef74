import { bool, choice, float, floatOrUnset, group, int, intOrUnset } from "../parameter.ts";

/** Group `exploration`, market scope. */
export const exploration = group("exploration", {
  exploration_min_spread_cents: int(
    5,
    "RAMP",
    { min: 1, max: 40, unit: "cents (full spread)" },
    "Smallest full spread while exploring (floor under the A-S spread)",
  ),
  exploration_qty_ratio: float(
    0.25,
    "REQUOTE",
    { min: 0.05, max: 0.5, unit: "ratio" },
    "Order size as a share of the base order quantity",
  ),
  exploration_gradient_type: choice(
    ["LINEAR", "GEOMETRIC"],
    "LINEAR",
    "REQUOTE",
    {},
    "Ladder shape while exploring",
  ),
  exploration_linear_step_cents: intOrUnset(
    null,
    "REQUOTE",
    { min: 1, max: 5, unit: "cents" },
    "Phase override of the linear price step (unset = gradient_linear_step_cents)",
  ),
  exploration_levels: intOrUnset(
    null,
    "REQUOTE",
    { min: 2, max: 10, unit: "levels" },
    "Phase override of the ladder depth (unset = gradient_linear_levels (gradient_geometric_levels if the ladder type is GEOMETRIC))",
  ),
  exploration_qty_decay: floatOrUnset(
    0.5,
    "REQUOTE",
    { min: 0.3, max: 1, unit: "ratio" },
    "Size factor from one level to the next while exploring (unset = gradient_qty_decay)",
  ),
  exploration_cancel_interval_ms: int(
    20000,
    "CYCLE",
    { min: 5000, max: 120000, unit: "ms" },
    "Age limit of resting orders while exploring; the smaller of this and max_order_age_ms applies",
  ),
  exploration_max_duration_ms: int(
    3600000,
    "CYCLE",
    { min: 300000, max: 86400000, unit: "ms" },
    "Longest stay in EXPLORATION (exit reason TIME_EXPIRED)",
  ),
  exploration_min_volume: int(
    200,
    "CYCLE",
    { min: 0, max: 10000, unit: "shares" },
    "Traded shares since the phase began that end EXPLORATION (VOLUME_REACHED)",
  ),
  exploration_price_stability_window_ms: int(900000, "CYCLE", {
    min: 60000,
    max: 3600000,
    unit: "ms",
  }, "Look-back of the stability test"),
  exploration_price_stability_cents: int(
    3,
    "CYCLE",
    { min: 1, max: 20, unit: "cents" },
    "max - min at or below this inside the window ends EXPLORATION (PRICE_STABLE)",
  ),
});

/** Group `stabilization`, market scope. */
export const stabilization = group("stabilization", {
  stabilization_min_spread_cents: int(
    2,
    "RAMP",
    { min: 1, max: 40, unit: "cents (full spread)" },
    "Smallest full spread in normal trading (floor under the A-S spread)",
  ),
  stabilization_qty_ratio: float(
    1,
    "REQUOTE",
    { min: 0.2, max: 2, unit: "ratio" },
    "Order size as a multiple of the base order quantity",
  ),
  stabilization_gradient_type: choice(
    ["LINEAR", "GEOMETRIC"],
    "GEOMETRIC",
    "REQUOTE",
    {},
    "Ladder shape in normal trading",
  ),
  stabilization_geometric_ratio: floatOrUnset(null, "REQUOTE", {
    min: 1.01,
    max: 1.2,
    unit: "ratio",
  }, "Phase override of the geometric price ratio (unset = gradient_geometric_ratio)"),
  stabilization_levels: intOrUnset(
    null,
    "REQUOTE",
    { min: 2, max: 10, unit: "levels" },
    "Phase override of the ladder depth (unset = gradient_geometric_levels (gradient_linear_levels if the ladder type is LINEAR))",
  ),
  stabilization_qty_decay: floatOrUnset(
    null,
    "REQUOTE",
    { min: 0.3, max: 1, unit: "ratio" },
    "Phase override of the per-level size decay (unset = gradient_qty_decay)",
  ),
  stabilization_cancel_on_trade: bool(
    true,
    "CYCLE",
    {},
    "An own fill starts the next cycle at once instead of after quote_interval_ms; new quantity on the filled side still waits for lvr_post_fill_delay_ms",
  ),
});

/** Group `phase_rollback`, market scope. */
export const phaseRollback = group("phase_rollback", {
  rollback_range_cents: int(
    10,
    "CYCLE",
    { min: 3, max: 30, unit: "cents" },
    "max - min at or above this inside rollback_window_ms sends STABILIZATION back to EXPLORATION",
  ),
  rollback_window_ms: int(
    300000,
    "CYCLE",
    { min: 60000, max: 3600000, unit: "ms" },
    "Look-back of the rollback range test",
  ),
  rollback_loss_cents: intOrUnset(
    null,
    "CYCLE",
    { min: 500, unit: "cents" },
    "Loss (the same figure as in the defence: min of day and total) that sends STABILIZATION back to EXPLORATION (unset = half of max_per_market_loss_cents (2500 at the default))",
  ),
  rollback_cooldown_ms: int(
    600000,
    "CYCLE",
    { min: 60000, max: 1800000, unit: "ms" },
    "After a rollback STABILIZATION may not be entered again before this time has passed",
  ),
  phase_debounce_cycles: int(
    3,
    "CYCLE",
    { min: 1, max: 60, unit: "cycles" },
    "An exit condition of EXPLORATION must hold for this many consecutive cycles",
  ),
});

/** Group `gradient`, market scope. */
export const gradient = group("gradient", {
  gradient_linear_step_cents: int(
    1,
    "REQUOTE",
    { min: 1, max: 5, unit: "cents" },
    "Price step between levels of a LINEAR ladder",
  ),
  gradient_linear_levels: int(
    3,
    "REQUOTE",
    { min: 2, max: 10, unit: "levels" },
    "Levels per side of a LINEAR ladder",
  ),
  gradient_linear_qty_increase: float(
    0,
    "REQUOTE",
    { min: 0, max: 0.5, unit: "ratio" },
    "0 = sizes fall by the decay factor (default). Above 0: inverted pyramid, a LINEAR ladder grows per level, x(1 + i x value)",
  ),
  gradient_geometric_ratio: float(
    1.05,
    "REQUOTE",
    { min: 1.01, max: 1.2, unit: "ratio" },
    "Price ratio between levels of a GEOMETRIC ladder (force at least 1 cent apart)",
  ),
  gradient_geometric_levels: int(
    5,
    "REQUOTE",
    { min: 2, max: 10, unit: "levels" },
    "Levels per side of a GEOMETRIC ladder",
  ),
  gradient_qty_decay: float(
    0.7,
    "REQUOTE",
    { min: 0.3, max: 1, unit: "ratio" },
    "Size factor from one level to the next (size_i = floor(base x decay^i); levels under min_order_qty are dropped)",
  ),
});
