import {
  bool,
  choice,
  float,
  floatList,
  group,
  int,
  intOrUnset,
  textListOrUnset,
  textOrUnset,
} from "../parameter.ts";

/** Group `defense_stack`, market scope. */
export const defenseStack = group("defense_stack", {
  max_per_market_loss_cents: int(
    5000,
    "RISK",
    { min: 1000, max: 1000000, unit: "cents" },
    "Loss budget B of one market, compared with min(day PnL, total PnL): below -B x one_side_loss_ratio ONE_SIDE, below -B KILL_SWITCH",
  ),
  price_jump_cents: int(
    15,
    "RISK",
    { min: 5, max: 50, unit: "cents" },
    "max - min of the fair price inside price_jump_window_ms above this: PAUSE (clears itself)",
  ),
  price_jump_window_ms: int(
    300000,
    "RISK",
    { min: 60000, max: 900000, unit: "ms" },
    "Window of the price-jump test",
  ),
  api_error_threshold: float(
    0.1,
    "RISK",
    { min: 0.01, max: 0.5, unit: "ratio" },
    "Share of failed exchange calls inside api_error_window_ms above which the market PAUSEs (clears itself)",
  ),
  max_latency_ms: int(
    2000,
    "RISK",
    { min: 10, max: 30000, unit: "ms" },
    "Median of the last 20 successful REST round trips; PAUSE only if it stays above this for latency_sustain_ms. Set so that an ordinary REST venue never reaches it (also the WebSocket lag limit once that exists)",
  ),
  inventory_skew_widen: float(
    0.3,
    "RISK",
    { min: 0.1, max: 0.8, unit: "abs q_eff" },
    "|q_eff| above this -> WIDEN",
  ),
  inventory_skew_one_side: float(
    0.6,
    "RISK",
    { min: 0.3, max: 0.95, unit: "abs q_eff" },
    "|q_eff| above this -> ONE_SIDE",
  ),
  inventory_skew_kill: float(
    0.8,
    "RISK",
    { min: 0.5, max: 0.99, unit: "abs q_eff" },
    "|q_eff| above this -> KILL_SWITCH",
  ),
  widen_factor: float(
    1.5,
    "RISK",
    { min: 1, max: 3, unit: "multiplier" },
    "Spread multiplier in WIDEN",
  ),
  one_side_spread_factor: float(
    3,
    "RISK",
    { min: 2, max: 5, unit: "multiplier" },
    "Spread multiplier in ONE_SIDE while the inventory is neutral (|q_eff| <= one_side_dead_band); otherwise only the reducing side is quoted",
  ),
  distress_max_discount_cents: int(
    5,
    "RISK",
    { min: 0, max: 15, unit: "cents" },
    "Largest price cut on the reducing side in ONE_SIDE, growing linearly from one_side to kill",
  ),
  vpin_threshold: float(
    0.7,
    "RISK",
    { min: 0.4, max: 0.95, unit: "0-1" },
    "Order-flow toxicity |sell share - 0.5| x 2 above this applies vpin_spread_multiplier (no level change)",
  ),
  vpin_window: int(
    50,
    "RISK",
    { min: 10, max: 200, unit: "trades" },
    "Trades in the toxicity window; fewer trades gives 0",
  ),
  extreme_price_pause_cents: int(
    2,
    "RISK",
    { min: 0, max: 20, unit: "cents" },
    "Fair price <= X: no BID; >= 100-X: no ASK (clears itself; never KILL)",
  ),
  extreme_price_widen_cents: int(
    10,
    "RISK",
    { min: 5, max: 30, unit: "cents" },
    "Fair price <= X or >= 100-X applies extreme_spread_multiplier (no level change, never a halt, hence the new name)",
  ),
  extreme_spread_multiplier: float(
    1.5,
    "RISK",
    { min: 1.5, max: 5, unit: "multiplier" },
    "Spread multiplier inside the extreme zone",
  ),
});

/** Group `risk_extra`, global scope. */
export const riskExtraGlobal = group("risk_extra", {
  max_daily_loss_cents: int(
    10000,
    "RISK",
    { min: 1000, max: 10000000, unit: "cents" },
    "Daily loss budget of the whole bot: all markets and all instances together -> KILL_SWITCH everywhere",
  ),
});

/** Group `risk_extra`, market scope. */
export const riskExtra = group("risk_extra", {
  one_side_loss_ratio: float(
    0.5,
    "RISK",
    { min: 0.1, max: 0.95, unit: "ratio" },
    "Share of max_per_market_loss_cents that forces ONE_SIDE",
  ),
  ladder_loss_ratio: float(
    0.2,
    "RISK",
    { min: 0.01, max: 1, unit: "ratio" },
    "What all of a side's ladder, filled and lost at settlement, may take of the loss budget that is left",
  ),
  defense_cooldown_cycles: int(
    5,
    "RISK",
    { min: 1, max: 100, unit: "cycles" },
    "Consecutive calmer cycles needed for one step down from ONE_SIDE or WIDEN and to lift a PAUSE; KILL_SWITCH is released by an administrator only",
  ),
  defense_hysteresis: float(
    0.05,
    "RISK",
    { min: 0, max: 0.2, unit: "abs q_eff" },
    "A level is left only below its threshold minus this",
  ),
  one_side_dead_band: float(
    0.05,
    "RISK",
    { min: 0, max: 0.2, unit: "abs q_eff" },
    "ONE_SIDE with |q_eff| at or below this counts as neutral inventory",
  ),
  one_side_neutral_policy: choice(
    ["wide", "none"],
    "wide",
    "RISK",
    {},
    "ONE_SIDE with neutral inventory: quote both sides wide and small, or not at all",
  ),
  one_side_neutral_qty_ratio: float(
    0.25,
    "RISK",
    { min: 0.05, max: 1, unit: "ratio" },
    "Size factor of the wide neutral quotes",
  ),
  one_side_may_take: bool(
    false,
    "RISK",
    {},
    "In ONE_SIDE the discounted quote may cross the opposite best",
  ),
  max_concession_cents: int(
    12,
    "RISK",
    { min: 1, max: 30, unit: "cents" },
    "ONE_SIDE never quotes further than this through the fair price",
  ),
  kill_auto_resume_on_active: bool(
    false,
    "RISK",
    {},
    "Release a KILL whose only cause was the market status when the market is ACTIVE again",
  ),
  latency_sustain_ms: int(
    30000,
    "RISK",
    { min: 1000, max: 600000, unit: "ms" },
    "How long max_latency_ms must be exceeded without a break before the market PAUSEs",
  ),
  api_error_window_ms: int(
    60000,
    "RISK",
    { min: 10000, max: 600000, unit: "ms" },
    "Window of api_error_threshold",
  ),
  api_error_min_calls: int(
    10,
    "RISK",
    { min: 1, max: 1000, unit: "calls" },
    "Fewer calls in the window: the error share is not judged",
  ),
  vpin_spread_multiplier: float(
    2,
    "RISK",
    { min: 1, max: 5, unit: "multiplier" },
    "Spread multiplier while order flow is toxic",
  ),
  oracle_slug: textOrUnset(
    null,
    "restart",
    {},
    "External market that supplies the reference price (unset = no external price)",
  ),
  oracle_poll_interval_ms: int(
    5000,
    "TICK",
    { min: 250, max: 30000, unit: "ms" },
    "External price refresh",
  ),
  oracle_passive_spread_multiplier: float(
    5,
    "RISK",
    { min: 1, max: 10, unit: "multiplier" },
    "Spread multiplier while the external price is stale",
  ),
  event_times: textListOrUnset(
    null,
    "RISK",
    { unit: "ISO time", format: "iso_instant" },
    "Known event times guarded by the shield (unset = none)",
  ),
  maturity_tier_hours: floatList(
    [24, 1, 0.25],
    "RISK",
    { min: 0, max: 720, unit: "hours" },
    "Time-to-expiry steps",
  ),
  maturity_qty_ratios: floatList(
    [0.5, 0.2, 0.05],
    "RISK",
    { min: 0, max: 1, unit: "ratio" },
    "Size factor inside each step",
  ),
  maturity_spread_multipliers: floatList([1.5, 2, 3], "RISK", {
    min: 1,
    max: 10,
    unit: "multiplier",
  }, "Spread multiplier inside each step"),
  ws_latency_cancel_ms: int(
    50,
    "RISK",
    { min: 10, max: 1000, unit: "ms" },
    "Push lag at which quotes are pulled. Later stage (no WebSocket yet)",
  ),
  guard_theta: float(
    0.7,
    "RISK",
    { min: 0.1, max: 0.99, unit: "abs q_eff" },
    "Largest |q_eff| the complete fill of one side may lead to",
  ),
  max_net_shares: intOrUnset(
    null,
    "RISK",
    { min: 1, unit: "shares" },
    "Cap on |Y-N| after the complete fill of one side (unset = initial_mint_quantity)",
  ),
  max_resting_per_side: intOrUnset(
    null,
    "RISK",
    { min: 1, unit: "shares" },
    "Cap on the resting quantity of one side (unset = no limit)",
  ),
  skew_jump_widen: float(
    0.15,
    "RISK",
    { min: 0.01, max: 1, unit: "abs q_eff" },
    "Change of q_eff over skew_jump_cycles above this -> WIDEN",
  ),
  skew_jump_one_side: float(
    0.3,
    "RISK",
    { min: 0.01, max: 2, unit: "abs q_eff" },
    "Change of q_eff over skew_jump_cycles above this -> ONE_SIDE",
  ),
  skew_jump_cycles: int(
    5,
    "RISK",
    { min: 1, max: 100, unit: "cycles" },
    "Look-back of the skew-speed rule",
  ),
  lvr_velocity_one_side_ratio: float(
    0.4,
    "RISK",
    { min: 0.05, max: 1, unit: "ratio" },
    "Filled share of one side's resting size inside the window above this, from 2 levels or 2 trades -> ONE_SIDE",
  ),
  mark_source: choice(
    ["fair", "conservative"],
    "fair",
    "RISK",
    {},
    "Mark of the net position: fair price, or own quote on the reducing side",
  ),
  stop_before_end_ms: int(
    300000,
    "RISK",
    { min: 0, max: 86400000, unit: "ms" },
    "Quoting stops, pairs are merged and the market winds down this long before its end",
  ),
  unwind_before_end: bool(
    false,
    "RISK",
    {},
    "Keep ONE_SIDE from the first maturity step on, to reduce the net position before the end",
  ),
});

/** Group `lvr_defense`, market scope. */
export const lvrDefense = group("lvr_defense", {
  lvr_velocity_window_ms: int(
    2000,
    "RISK",
    { min: 100, max: 5000, unit: "ms" },
    "Window of the inventory drain test, in exchange trade time; 2000 suits polling, 500 a push feed",
  ),
  lvr_velocity_kill_ratio: float(
    1,
    "RISK",
    { min: 0.05, max: 1, unit: "ratio" },
    "Filled share of one side's resting size inside the window above this -> KILL_SWITCH; off at 1",
  ),
  lvr_event_shield_window_ms: int(
    900000,
    "RISK",
    { min: 300000, max: 3600000, unit: "ms" },
    "Protected time before and after each entry of event_times",
  ),
  lvr_event_qty_ratio: float(
    0.05,
    "RISK",
    { min: 0.01, max: 0.2, unit: "ratio" },
    "Order size factor inside the shield",
  ),
  lvr_event_spread_multiplier: float(
    5,
    "RISK",
    { min: 2, max: 10, unit: "multiplier" },
    "Spread multiplier inside the shield",
  ),
  lvr_post_fill_delay_ms: int(
    2500,
    "RISK",
    { min: 500, max: 10000, unit: "ms" },
    "After an own fill of a side: on that side cancel and reprice-away only, no new quantity, for this long",
  ),
});
