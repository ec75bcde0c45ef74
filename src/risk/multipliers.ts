/**
 * Who widens the spread and who shrinks the quantity (§7, §10, §14, §15, §24). Products are capped
 * by the A–S engine.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { Multiplier } from "../models/explanation.ts";
import { PAIR_CENTS } from "../models/money.ts";
import type { DefenseLevel } from "../models/vocabulary.ts";
import type { Maturity } from "./maturity.ts";

/** What the multipliers follow from. */
export interface MultiplierInput {
  readonly level: DefenseLevel;
  /** True in ONE_SIDE with neutral inventory, when both sides are quoted wide (§10.1). */
  readonly neutralOneSide: boolean;
  /** s: fair YES price, cents. */
  readonly fairCents: number;
  /** Order-flow toxicity, 0 to 1. */
  readonly toxicity: number;
  readonly eventShielded: boolean;
  /** True while the market has an oracle guard and no fresh outside price. */
  readonly oracleStale: boolean;
  readonly maturity: Pick<Maturity, "quantityRatio" | "spreadMultiplier">;
}

/** The settings the multipliers read. */
export type MultiplierConfig = Pick<
  MarketConfig,
  | "widenFactor"
  | "oneSideSpreadFactor"
  | "oneSideNeutralQtyRatio"
  | "extremePriceWidenCents"
  | "extremeSpreadMultiplier"
  | "vpinThreshold"
  | "vpinSpreadMultiplier"
  | "lvrEventSpreadMultiplier"
  | "lvrEventQtyRatio"
  | "oraclePassiveSpreadMultiplier"
>;

/** Factors on the spread that are in force; none is below 1. */
export function spreadMultipliers(
  input: MultiplierInput,
  config: MultiplierConfig,
): readonly Multiplier[] {
  return inForce({
    widen: input.level === "WIDEN" && config.widenFactor,
    one_side_neutral: input.neutralOneSide && config.oneSideSpreadFactor,
    extreme_price: isExtreme(input.fairCents, config) && config.extremeSpreadMultiplier,
    vpin: input.toxicity > config.vpinThreshold && config.vpinSpreadMultiplier,
    event_shield: input.eventShielded && config.lvrEventSpreadMultiplier,
    oracle_stale: input.oracleStale && config.oraclePassiveSpreadMultiplier,
    maturity: input.maturity.spreadMultiplier,
  });
}

/** Factors on the quantity that are in force; none is above 1. */
export function quantityMultipliers(
  input: MultiplierInput,
  config: MultiplierConfig,
): readonly Multiplier[] {
  return inForce({
    one_side_neutral: input.neutralOneSide && config.oneSideNeutralQtyRatio,
    event_shield: input.eventShielded && config.lvrEventQtyRatio,
    maturity: input.maturity.quantityRatio,
  });
}

/** Near the edge of the price range; a price that is no number counts as extreme. */
function isExtreme(
  fairCents: number,
  { extremePriceWidenCents: edge }: Pick<MarketConfig, "extremePriceWidenCents">,
): boolean {
  return !(fairCents > edge && fairCents < PAIR_CENTS - edge);
}

function inForce(factors: Readonly<Record<string, number | false>>): readonly Multiplier[] {
  return Object.entries(factors).flatMap(([name, value]) =>
    value === false || value === 1 ? [] : [{ name, value }]
  );
}
