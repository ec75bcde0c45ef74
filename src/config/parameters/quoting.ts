import { choice, float, floatOrUnset, group, int, textOrUnset } from "../parameter.ts";

/** Group `avellaneda_stoikov`, market scope. */
export const avellanedaStoikov = group("avellaneda_stoikov", {
  spread_skew_factor: float(
    0,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "How strongly q_eff narrows one side of the spread and widens the other; 0 because the reservation price already shifts",
  ),
  qty_skew_factor: float(
    0.3,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "How strongly q_eff shifts size between the sides",
  ),
  min_price_cents: int(
    1,
    "CYCLE",
    { min: 1, max: 30, unit: "cents" },
    "Lower price bound of own quotes; intersected with 1-99 and the market record",
  ),
  max_price_cents: int(
    99,
    "CYCLE",
    { min: 70, max: 99, unit: "cents" },
    "Upper price bound of own quotes; intersected with 1-99 and the market record",
  ),
  min_adjustment_cents: int(
    0,
    "CYCLE",
    { min: 0, max: 5, unit: "cents" },
    "Smallest inventory shift applied once |q_eff| exceeds min_adjustment_skew; 0 = off",
  ),
});

/** Group `as_engine`, market scope. */
export const asEngine = group("as_engine", {
  as_model: choice(
    ["linear", "logit"],
    "linear",
    "CYCLE",
    {},
    "linear = the A-S formulas in cents; logit = the same shift and spread applied in log-odds",
  ),
  gamma_tier: choice(
    ["AUTO", "EARLY", "MID", "LATE", "MATURE"],
    "AUTO",
    "CYCLE",
    {},
    "Force a gamma tier; AUTO derives it from gamma_tier_basis, MID when the age is unknown",
  ),
  gamma_tier_early: float(0.1, "RAMP", {
    min: 0.01,
    max: 5,
    unit: "per cent of price, per unit q_eff",
  }, "Gamma, age <= 3 days"),
  gamma_tier_mid: float(0.3, "RAMP", {
    min: 0.01,
    max: 5,
    unit: "per cent of price, per unit q_eff",
  }, "Gamma, 3 < age <= 14 days"),
  gamma_tier_late: float(0.8, "RAMP", {
    min: 0.01,
    max: 5,
    unit: "per cent of price, per unit q_eff",
  }, "Gamma, 14 < age <= 30 days"),
  gamma_tier_mature: float(1.5, "RAMP", {
    min: 0.01,
    max: 5,
    unit: "per cent of price, per unit q_eff",
  }, "Gamma, age > 30 days"),
  gamma_tier_early_max_days: int(
    3,
    "CYCLE",
    { min: 1, max: 365, unit: "days" },
    "Last day of the EARLY tier",
  ),
  gamma_tier_mid_max_days: int(
    14,
    "CYCLE",
    { min: 1, max: 365, unit: "days" },
    "Last day of the MID tier",
  ),
  gamma_tier_late_max_days: int(
    30,
    "CYCLE",
    { min: 1, max: 365, unit: "days" },
    "Last day of the LATE tier",
  ),
  kappa: float(
    1.5,
    "CYCLE",
    { min: 0.1, max: 100, unit: "per cent" },
    "Order-arrival (depth) constant in (2/gamma) ln(1 + gamma/kappa); not the time constant tau_horizon_hours",
  ),
  spread_min_cents: int(
    2,
    "CYCLE",
    { min: 1, max: 20, unit: "cents (full spread)" },
    "Smallest ask-bid distance",
  ),
  spread_max_cents: int(
    20,
    "CYCLE",
    { min: 2, max: 60, unit: "cents (full spread)" },
    "Largest ask-bid distance before defensive multipliers",
  ),
  remaining_hours_override: floatOrUnset(
    null,
    "CYCLE",
    { min: 0, unit: "hours" },
    "Fixes the time to expiry; for tests (unset = computed from trading end; 0 is a valid value)",
  ),
  market_creation_date: textOrUnset(
    null,
    "restart",
    { unit: "ISO date", format: "iso_date" },
    "Start of market age when the market record has none or an unusable one (unset = market record)",
  ),
  sigma_scale_cents: float(
    1,
    "CYCLE",
    { min: 0.001, max: 20, unit: "cents per sqrt(hour)" },
    "sigma = sigma_scale_cents x sqrt(p(1-p)); 0.01 is the literal seed",
  ),
  tau_horizon_hours: floatOrUnset(
    24,
    "CYCLE",
    { min: 1, max: 10000, unit: "hours", unsetWord: "inf" },
    "H in tau_eff = H tau / (H + tau); infinite = raw hours as in the seed (unset (or the word inf) = infinite)",
  ),
  spread_risk_weight: float(
    1,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "rho: weight of the inventory-risk term in the spread",
  ),
  spread_uncertainty_weight: float(
    0.6,
    "CYCLE",
    { min: 0, max: 3, unit: "ratio" },
    "Full spread for each cent of standard deviation of the belief (posterior_mode flow only)",
  ),
  terminal_share: float(
    0,
    "CYCLE",
    { min: 0, max: 1, unit: "ratio" },
    "psi: share of the position expected to be carried into resolution",
  ),
  sigma_mode: choice(
    ["bernoulli", "realised", "max"],
    "bernoulli",
    "CYCLE",
    {},
    "Scale used by the A-S engine: fixed (bernoulli), measured (realised), or the larger",
  ),
  realised_scale_min: float(
    0.5,
    "CYCLE",
    { min: 0.001, max: 20, unit: "cents per sqrt(hour)" },
    "Lower bound of the measured scale",
  ),
  realised_scale_max: floatOrUnset(null, "CYCLE", {
    min: 0.001,
    max: 100,
    unit: "cents per sqrt(hour)",
  }, "Upper bound of the measured scale (unset = 100 / sqrt(tau))"),
  gamma_tier_basis: choice(
    ["age", "total", "remaining"],
    "age",
    "restart",
    {},
    "Days that select the tier: since trading start, whole life, or left",
  ),
  max_shift_cents: float(
    10,
    "CYCLE",
    { min: 0, max: 50, unit: "cents" },
    "Largest inventory shift of the reservation price",
  ),
  max_spread_multiplier: float(
    5,
    "RISK",
    { min: 1, max: 10, unit: "multiplier" },
    "Cap on the product of all spread multipliers",
  ),
  hard_spread_max_cents: int(
    40,
    "RISK",
    { min: 10, max: 98, unit: "cents (full spread)" },
    "Largest full spread after multipliers",
  ),
  rounding_slack_cents: float(
    0,
    "CYCLE",
    { min: 0, max: 0.4, unit: "cents" },
    "Extra tolerance of outward rounding (1e-9 always applies); 0.05-0.15 reduces flapping",
  ),
  tau_default_hours: float(
    720,
    "restart",
    { min: 1, max: 10000, unit: "hours" },
    "Time to expiry when the market record has no end",
  ),
  expected_fill_qty: int(
    10,
    "CYCLE",
    { min: 1, max: 10000, unit: "shares" },
    "Fill size over which the rounded-up fee is spread in the fee floor",
  ),
  min_edge_cents: float(
    0.5,
    "CYCLE",
    { min: 0, max: 10, unit: "cents" },
    "Profit per pair the fee floor must leave",
  ),
});
