/** The ladders of a market as far as rules judge them: at neutral inventory (strategy spec §8). */

import { floorOut } from "../../models/money.ts";
import type { MarketConfig } from "../registry.ts";

/** Levels per side while exploring and in normal trading, after inheritance. */
function levelsByPhase(market: MarketConfig): readonly [exploration: number, normal: number] {
  const inherited = (type: "LINEAR" | "GEOMETRIC") =>
    type === "LINEAR" ? market.gradientLinearLevels : market.gradientGeometricLevels;
  return [
    market.explorationLevels ?? inherited(market.explorationGradientType),
    market.stabilizationLevels ?? inherited(market.stabilizationGradientType),
  ];
}

/** The most levels per side that a market quotes in any phase. */
export function mostLevels(market: MarketConfig): number {
  return Math.max(...levelsByPhase(market));
}

/** The ladder of one side in each phase: shares per level, near levels first. */
export function laddersByPhase(market: MarketConfig): readonly (readonly number[])[] {
  const [exploration, normal] = levelsByPhase(market);
  return [
    ladder(market, {
      levels: exploration,
      linear: market.explorationGradientType === "LINEAR",
      qtyRatio: market.explorationQtyRatio,
      qtyDecay: market.explorationQtyDecay,
    }),
    ladder(market, {
      levels: normal,
      linear: market.stabilizationGradientType === "LINEAR",
      qtyRatio: market.stabilizationQtyRatio,
      qtyDecay: market.stabilizationQtyDecay,
    }),
  ];
}

interface PhaseSettings {
  readonly levels: number;
  readonly linear: boolean;
  readonly qtyRatio: number;
  readonly qtyDecay: number | null;
}

function ladder(market: MarketConfig, phase: PhaseSettings): readonly number[] {
  const base = market.baseOrderQuantity * phase.qtyRatio;
  const decay = phase.qtyDecay ?? market.gradientQtyDecay;
  const growth = phase.linear ? market.gradientLinearQtyIncrease : 0;
  const factor = (level: number) => growth > 0 ? 1 + level * growth : decay ** level;
  return Array.from({ length: phase.levels }, (_, level) => floorOut(base * factor(level)));
}

/** The largest sum of one side's ladder in any phase, shares. */
export function largestLadder(market: MarketConfig): number {
  return Math.max(...laddersByPhase(market).map(sum));
}

/** The largest single order in any phase, shares. */
export function largestOrder(market: MarketConfig): number {
  return Math.max(...laddersByPhase(market).flat());
}

/** The sum of numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** True if no element is below the one before it. */
export function isRising(values: readonly number[]): boolean {
  return values.every((value, index) => value >= (values[index - 1] ?? -Infinity));
}
