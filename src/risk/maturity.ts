/** Less and wider as the end of the market comes near (§24). */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseTrigger } from "../models/explanation.ts";
import { HOUR_MS } from "../models/market.ts";
import type { BookSide } from "../models/vocabulary.ts";

/** What the time to the end asks for. */
export interface Maturity {
  /** How many of `maturity_tier_hours` are reached; 0 is far from the end. */
  readonly step: number;
  /** Factor on quantities, 0 to 1. */
  readonly quantityRatio: number;
  /** Factor on the spread, at least 1. */
  readonly spreadMultiplier: number;
  /** From the second step on quotes are wide, small and linear, whatever the phase is. */
  readonly explorationParameters: boolean;
  /**
   * The only side that may be quoted, from the third step on while the skew asks for WIDEN; else
   * null.
   */
  readonly onlySide: BookSide | null;
  /** Quoting ends: cancel all, merge, wind down. */
  readonly stop: boolean;
}

/** The settings that maturity reads. */
export type MaturityConfig = Pick<
  MarketConfig,
  | "maturityTierHours"
  | "maturityQtyRatios"
  | "maturitySpreadMultipliers"
  | "stopBeforeEndMs"
  | "inventorySkewWiden"
>;

/**
 * The maturity step of a market. Exactly on a boundary the step nearer to the end holds; a time
 * that is no number stops the market.
 * @param tauHours hours until trading ends
 * @param skew effective skew q, -1 to 1
 */
export function maturityOf(tauHours: number, skew: number, config: MaturityConfig): Maturity {
  const step = stepsReached(tauHours, config.maturityTierHours);
  const onlyHeavy = step >= 3 && Math.abs(skew) > config.inventorySkewWiden;
  return {
    step,
    quantityRatio: atStep(config.maturityQtyRatios, step),
    spreadMultiplier: atStep(config.maturitySpreadMultipliers, step),
    explorationParameters: step >= 2,
    onlySide: onlyHeavy ? (skew > 0 ? "ASK" : "BID") : null,
    stop: !(tauHours * HOUR_MS > config.stopBeforeEndMs),
  };
}

function stepsReached(tauHours: number, tierHours: readonly number[]): number {
  let reached = 0;
  for (const hours of tierHours) if (!(tauHours > hours)) reached++;
  return reached;
}

/** With `unwind_before_end` the net position is reduced from the first step on, as in ONE_SIDE. */
export function maturityTriggers(
  { step }: Pick<Maturity, "step">,
  tauHours: number,
  config: Pick<MarketConfig, "unwindBeforeEnd" | "maturityTierHours">,
): readonly DefenseTrigger[] {
  const limit = config.maturityTierHours[0];
  if (!config.unwindBeforeEnd || step === 0 || limit === undefined) return [];
  return [{ rule: "unwind_before_end", level: "ONE_SIDE", value: tauHours, limit }];
}

function atStep(values: readonly number[], step: number): number {
  return step === 0 ? 1 : values[step - 1] ?? 1;
}
