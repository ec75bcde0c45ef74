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
  const found: Multiplier[] = [];
  add(found, "widen", input.level === "WIDEN" && config.widenFactor);
  add(found, "one_side_neutral", input.neutralOneSide && config.oneSideSpreadFactor);
  const nearEdge = isExtreme(input.fairCents, config);
  add(found, "extreme_price", nearEdge && config.extremeSpreadMultiplier);
  const toxic = input.toxicity > config.vpinThreshold;
  add(found, "vpin", toxic && config.vpinSpreadMultiplier);
  add(found, "event_shield", input.eventShielded && config.lvrEventSpreadMultiplier);
  add(found, "oracle_stale", input.oracleStale && config.oraclePassiveSpreadMultiplier);
  add(found, "maturity", input.maturity.spreadMultiplier);
  return found;
}

/** Factors on the quantity that are in force; none is above 1. */
export function quantityMultipliers(
  input: MultiplierInput,
  config: MultiplierConfig,
): readonly Multiplier[] {
  const found: Multiplier[] = [];
  add(found, "one_side_neutral", input.neutralOneSide && config.oneSideNeutralQtyRatio);
  add(found, "event_shield", input.eventShielded && config.lvrEventQtyRatio);
  add(found, "maturity", input.maturity.quantityRatio);
  return found;
}

/** Near the edge of the price range; a price that is no number counts as extreme. */
function isExtreme(
  fairCents: number,
  { extremePriceWidenCents: edge }: Pick<MarketConfig, "extremePriceWidenCents">,
): boolean {
  return !(fairCents > edge && fairCents < PAIR_CENTS - edge);
}

/** @param value the factor, false if its cause is absent */
function add(found: Multiplier[], name: string, value: number | false): void {
  if (value !== false && value !== 1) found.push({ name, value });
}
