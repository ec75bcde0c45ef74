/** How careful a change has to be made (`parameters.md` 2.8). */

import type { Settings } from "../origin.ts";
import type { ParameterName } from "../registry.ts";

/** How much harm a wrong value can do. */
export type RiskClass = "low" | "medium" | "high";

const LOW: ReadonlySet<string> = new Set<ParameterName>([
  "exploration_min_spread_cents",
  "stabilization_min_spread_cents",
  "exploration_levels",
  "stabilization_levels",
  "min_reprice_cents",
  "max_order_age_ms",
  "gradient_linear_step_cents",
  "gradient_linear_levels",
  "gradient_linear_qty_increase",
  "gradient_geometric_ratio",
  "gradient_geometric_levels",
  "gradient_qty_decay",
  "volatility_window_size",
]);

/** Which way a high-risk setting is the careful one; null if no way is. */
type Careful = "lower" | "higher" | "true" | "false" | null;

const HIGH: ReadonlyMap<string, Careful> = new Map<ParameterName, Careful>([
  ["max_per_market_loss_cents", "lower"],
  ["max_daily_loss_cents", "lower"],
  ["ladder_loss_ratio", "lower"],
  ["inventory_skew_kill", "lower"],
  // A smaller floor makes every threshold bite at fewer shares.
  ["skew_floor_shares", "lower"],
  ["quote_funding", null],
  ["oracle_guard_enabled", "true"],
  ["auto_reinvest_enabled", "false"],
  ["lvr_velocity_kill_ratio", "lower"],
  // A side is withdrawn as soon as the price is within so many cents of 0 or 100.
  ["extreme_price_pause_cents", "higher"],
]);

/** The class of a setting; one that no list names is of medium risk. */
export function riskClass(name: string): RiskClass {
  if (HIGH.has(name)) return "high";
  return LOW.has(name) ? "low" : "medium";
}

/** The high-risk settings that a change moves, other than to the careful side. */
export function loosened(before: Settings, after: Settings): readonly string[] {
  return [...HIGH].filter(([name, careful]) => {
    const [old, now] = [before.get(name)?.value, after.get(name)?.value];
    return old !== now && !isMoreCareful(old, now, careful);
  }).map(([name]) => name);
}

/** An unset value cannot be compared, so a change from or to it is not more careful. */
function isMoreCareful(old: unknown, now: unknown, careful: Careful): boolean {
  switch (careful) {
    case "lower":
      return typeof old === "number" && typeof now === "number" && now < old;
    case "higher":
      return typeof old === "number" && typeof now === "number" && now > old;
    case "true":
    case "false":
      return String(now) === careful;
    case null:
      return false;
  }
}
