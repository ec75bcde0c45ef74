import { choice, float, floatList, group, int, REQUIRED } from "../parameter.ts";

/** Group `three_layer_pricing`, market scope. */
export const threeLayerPricing = group("three_layer_pricing", {
  anchor_initial_weight: float(
    0.7,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "Weight of the anchor price at t=0",
  ),
  anchor_decay_ms: int(
    3600000,
    "CYCLE",
    { min: 60000, unit: "ms" },
    "Linear decay time of the anchor weight: w0 x max(0, 1 - t/decay)",
  ),
  microprice_weight: float(
    0.2,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "Weight of the order-book microprice in a cycle in which it is valid",
  ),
  microprice_min_depth: int(
    10,
    "CYCLE",
    { min: 0, unit: "shares" },
    "Depth from OTHER users needed on EACH side before the microprice counts; below it the weight is 0",
  ),
  base_learning_rate: float(
    0.15,
    "CYCLE",
    { min: 0.02, max: 0.3, unit: "ratio" },
    "Base step of the moving-average posterior (posterior_mode ema only); effective step = base / sqrt(trades per minute + 1)",
  ),
});

/** Group `pricing_extra`, market scope. */
export const pricingExtra = group("pricing_extra", {
  anchor_price_cents: int(
    REQUIRED,
    "CYCLE",
    { min: 1, max: 99, unit: "cents" },
    "Anchor price set by an administrator (initial probability); the market does not start without it, 50 is never assumed",
  ),
  anchor_weight_floor: float(
    0,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "The anchor weight never decays below this",
  ),
  anchor_band_cents: int(
    20,
    "CYCLE",
    { min: 5, max: 98, unit: "cents" },
    "While exploring the fair price stays within anchor +- this",
  ),
  pricing_mode: choice(
    ["decay", "phase"],
    "decay",
    "CYCLE",
    {},
    "Layer weights: time decay of the anchor, or the fixed triples of the phase",
  ),
  phase_weights_exploration: floatList([0.6, 0.3, 0.1], "CYCLE", {
    min: 0,
    max: 1,
    unit: "anchor,micro,posterior",
    length: 3,
  }, "Layer weights while exploring (pricing_mode phase only)"),
  phase_weights_stabilization: floatList([0.2, 0.5, 0.3], "CYCLE", {
    min: 0,
    max: 1,
    unit: "anchor,micro,posterior",
    length: 3,
  }, "Layer weights in normal trading (pricing_mode phase only)"),
  learning_rate_min: float(
    0.02,
    "CYCLE",
    { min: 0.001, max: 0.3, unit: "ratio" },
    "Floor of the effective step (posterior_mode ema only)",
  ),
  learning_rate_max: float(
    0.3,
    "CYCLE",
    { min: 0.02, max: 1, unit: "ratio" },
    "Cap of the effective step (posterior_mode ema only)",
  ),
  microprice_levels: int(
    3,
    "CYCLE",
    { min: 1, max: 10, unit: "levels" },
    "Best book levels used, against fake far orders",
  ),
  microprice_distance_decay: float(
    0.5,
    "CYCLE",
    { min: 0, max: 5, unit: "per cent" },
    "lambda: weight e^(-lambda x cents from the best price) of deeper levels",
  ),
  microprice_level_cap_multiple: float(
    3,
    "CYCLE",
    { min: 0, max: 20, unit: "multiplier" },
    "A level counts at most this multiple of the median kept level",
  ),
  microprice_persist_snapshots: int(
    2,
    "CYCLE",
    { min: 1, max: 5, unit: "snapshots" },
    "A level counts with its smallest size over this many snapshots",
  ),
  microprice_max_spread_cents: int(
    20,
    "CYCLE",
    { min: 1, max: 98, unit: "cents" },
    "Wider books give no microprice",
  ),
  price_stability_min_samples: int(
    10,
    "CYCLE",
    { min: 2, max: 100, unit: "samples" },
    "Fewer price samples (fair price in cycles with a trade) in the window: not stable",
  ),
  min_adjustment_skew: float(
    0.1,
    "CYCLE",
    { min: 0, max: 1, unit: "abs skew" },
    "|q_eff| above which min_adjustment_cents applies",
  ),
  max_mid_step_cents: int(
    5,
    "CYCLE",
    { min: 1, max: 50, unit: "cents" },
    "Largest move of the fair price in one cycle",
  ),
  mid_rounding: choice(
    ["integer", "none"],
    "integer",
    "CYCLE",
    {},
    "Round the fair price half to even, or keep the float",
  ),
  max_book_failures: int(
    5,
    "RISK",
    { min: 1, max: 50, unit: "cycles" },
    "Consecutive order-book read failures that PAUSE the market",
  ),
  posterior_mode: choice(
    ["flow", "beta", "ema"],
    "flow",
    "CYCLE",
    {},
    "flow = belief over the true price from order flow, with the anchor as prior; beta = Beta posterior on price observations; ema = moving average with the learning rates",
  ),
  anchor_error_cents: float(
    5,
    "CYCLE",
    { min: 0.5, max: 30, unit: "cents" },
    "Standard deviation of the anchor around the true price (posterior_mode flow only)",
  ),
  belief_jumps_per_hour: float(
    0.02,
    "CYCLE",
    { min: 0, max: 5, unit: "per hour" },
    "News that move the true price at once (posterior_mode flow only)",
  ),
  belief_jump_cents: float(
    8,
    "CYCLE",
    { min: 1, max: 30, unit: "cents" },
    "Mean size of such a move (posterior_mode flow only)",
  ),
  posterior_prior_strength: float(
    6,
    "CYCLE",
    { min: 1, max: 50, unit: "pseudo-observations" },
    "K0: weight of the anchor as prior",
  ),
  posterior_max_strength: float(
    30,
    "CYCLE",
    { min: 1, max: 500, unit: "pseudo-observations" },
    "Kmax: memory limit",
  ),
  posterior_ref_qty: int(
    50,
    "CYCLE",
    { min: 1, max: 10000, unit: "shares" },
    "Trade size with weight 1",
  ),
  posterior_max_weight_per_trade: float(
    2,
    "CYCLE",
    { min: 0.1, max: 10, unit: "weight" },
    "Cap on the weight of one trade",
  ),
  posterior_nudge_cents: float(
    1,
    "CYCLE",
    { min: 0, max: 3, unit: "cents" },
    "Shift of an observation in the direction of its aggressor",
  ),
  posterior_half_life_ms: int(
    600000,
    "CYCLE",
    { min: 0, max: 86400000, unit: "ms" },
    "Half-life with which K returns to K0",
  ),
  volatility_min_window_ms: int(
    600000,
    "CYCLE",
    { min: 60000, max: 7200000, unit: "ms" },
    "Shortest time span for the per-hour volatility",
  ),
});

/** Group `volatility`, market scope. */
export const volatility = group("volatility", {
  volatility_window_size: int(
    30,
    "CYCLE",
    { min: 5, max: 100, unit: "trades" },
    "Price observations used",
  ),
  volatility_min_samples: int(
    5,
    "CYCLE",
    { min: 2, max: 20, unit: "trades" },
    "Fewer observations -> use the default volatility",
  ),
  volatility_default_cents: int(
    2,
    "CYCLE",
    { min: 1, max: 10, unit: "cents" },
    "Per-trade sigma used before enough observations exist",
  ),
  sigma_min_cents: int(
    1,
    "CYCLE",
    { min: 1, max: 5, unit: "cents" },
    "Floor of the per-trade sigma",
  ),
  sigma_max_cents: int(
    15,
    "CYCLE",
    { min: 5, max: 30, unit: "cents" },
    "Cap of the per-trade sigma",
  ),
});
