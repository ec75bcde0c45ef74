/** LVR rule A (§14): the inventory runs to one side faster than balanced trading would move it. */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseTrigger } from "../models/explanation.ts";

/** Effective skew of the last cycles, oldest first; bounded by `skew_jump_cycles` + 1. */
export type SkewHistory = readonly number[];

type SkewSpeedConfig = Pick<MarketConfig, "skewJumpCycles" | "skewJumpWiden" | "skewJumpOneSide">;

/**
 * Adds the skew of a cycle.
 * @param restart true after a mint or merge: these change q without a fill, so what was before does
 *   not count
 */
export function observeSkew(
  history: SkewHistory,
  { skew, restart }: { readonly skew: number; readonly restart: boolean },
  { skewJumpCycles }: SkewSpeedConfig,
): SkewHistory {
  if (restart) return [skew];
  const isStill = history.length > skewJumpCycles && history.every((before) => before === skew);
  return isStill ? history : [...history, skew].slice(-(skewJumpCycles + 1));
}

/**
 * The level that the change of skew over `skew_jump_cycles` asks for, while the skew grew in size.
 * A history that is shorter is judged over what there is.
 */
export function skewSpeedTriggers(
  history: SkewHistory,
  config: SkewSpeedConfig,
): readonly DefenseTrigger[] {
  const then = history[0];
  const now = history[history.length - 1];
  if (then === undefined || now === undefined || Math.abs(now) <= Math.abs(then)) return [];
  const value = Math.abs(now - then);
  const { skewJumpWiden, skewJumpOneSide } = config;
  if (value > skewJumpOneSide) {
    return [{ rule: "skew_jump_one_side", level: "ONE_SIDE", value, limit: skewJumpOneSide }];
  }
  return value > skewJumpWiden
    ? [{ rule: "skew_jump_widen", level: "WIDEN", value, limit: skewJumpWiden }]
    : [];
}
