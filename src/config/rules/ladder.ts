import type { MarketConfig } from "../registry.ts";
import { floorOut } from "../../models/money.ts";

/**
 * The ladder of one side in one phase, as far as rules judge it: at neutral inventory (strategy
 * spec §8).
 */
export interface PhaseLadder {
  /** Levels after inheritance. */
  readonly levels: number;
  /** Shares per level, near levels first. */
  readonly quantities: readonly number[];
}

/** The ladders of both phases. */
export function phaseLadders(market: MarketConfig): readonly PhaseLadder[] {
  return [
    ladder(market, {
      linear: market.explorationGradientType === "LINEAR",
      levels: market.explorationLevels,
      qtyRatio: market.explorationQtyRatio,
      qtyDecay: market.explorationQtyDecay,
    }),
    ladder(market, {
      linear: market.stabilizationGradientType === "LINEAR",
      levels: market.stabilizationLevels,
      qtyRatio: market.stabilizationQtyRatio,
      qtyDecay: market.stabilizationQtyDecay,
    }),
  ];
}

interface PhaseSettings {
  readonly linear: boolean;
  readonly levels: number | null;
  readonly qtyRatio: number;
  readonly qtyDecay: number | null;
}

function ladder(market: MarketConfig, phase: PhaseSettings): PhaseLadder {
  const inherited = phase.linear ? market.gradientLinearLevels : market.gradientGeometricLevels;
  const levels = phase.levels ?? inherited;
  const decay = phase.qtyDecay ?? market.gradientQtyDecay;
  const growth = phase.linear ? market.gradientLinearQtyIncrease : 0;
  const base = market.baseOrderQuantity * phase.qtyRatio;
  const factor = (level: number) => growth > 0 ? 1 + level * growth : decay ** level;
  const quantities = Array.from({ length: levels }, (_, level) => floorOut(base * factor(level)));
  return { levels, quantities };
}

/** The most levels per side that a market quotes in any phase. */
export function mostLevels(market: MarketConfig): number {
  return Math.max(...phaseLadders(market).map(({ levels }) => levels));
}

/** The largest sum of one side's ladder in any phase, shares. */
export function largestLadder(market: MarketConfig): number {
  const totals = phaseLadders(market).map(({ quantities }) => sum(quantities));
  return Math.max(...totals);
}

/** The largest single order in any phase, shares. */
export function largestOrder(market: MarketConfig): number {
  return Math.max(...phaseLadders(market).flatMap(({ quantities }) => quantities));
}

/** The sum of numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** True if no element is below the one before it. */
export function isRising(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= (values[index - 1] ?? value));
}
