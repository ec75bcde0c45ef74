/**
 * Spreads the quantity of a side over several prices (§8).
 *
 * A ladder is built in its own price, which rises away from the touch: the YES price for an ASK,
 * 100 minus it for a BID. So both sides come from the same arithmetic and mirror each other
 * exactly.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { LadderShape, LadderTerms } from "../models/explanation.ts";
import { oncePer } from "../models/memo.ts";
import {
  ceilOut,
  floorOut,
  isPrice,
  MAX_PRICE,
  mirrorPrice,
  type PriceCents,
  type Shares,
  shares,
} from "../models/money.ts";
import type { BookQuote } from "../models/order.ts";
import type { BookSide, Phase } from "../models/vocabulary.ts";
import { type PhaseParameters, phaseParameters } from "./phase_parameters.ts";

/** What both kinds of ladder depend on. */
interface LadderBase {
  readonly side: BookSide;
  readonly phase: Phase;
  /**
   * q: effective inventory skew, -1 to 1; the heavy side's reducing quotes grow, the others shrink.
   */
  readonly skew: number;
  /** Product of the factors on the quantity, at least 0. */
  readonly quantityMultiplier: number;
  /** Bounds of the YES prices, both included. */
  readonly minPrice: PriceCents;
  readonly maxPrice: PriceCents;
  /** Largest order the market takes. */
  readonly maxOrderQuantity: Shares;
}

/** A ladder that makes a market. */
export interface LadderInput extends LadderBase {
  /** YES price of the nearest level. */
  readonly top: PriceCents;
  /**
   * The nearest level holds at least this many shares, for a side that must not vanish (§10.1);
   * default 0.
   */
  readonly leastQuantity?: Shares;
}

/** A ladder that reduces a heavy position (§10.1). */
export interface UnwindingInput extends LadderBase {
  /**
   * Nearest level in the ladder's own price: the YES price of an ASK, 100 minus the YES price of a
   * BID.
   */
  readonly topLadderPrice: PriceCents;
  /** Shares that the whole ladder may hold at most. */
  readonly totalShares: Shares;
}

/** What an explanation says of both ladders besides their touch. */
export function ladderTerms(
  { phase, quantityMultiplier, maxOrderQuantity, leastQuantity = 0 as Shares }: Omit<
    LadderInput,
    "side" | "top" | "skew" | "minPrice" | "maxPrice"
  >,
  config: MarketConfig,
): LadderTerms {
  const parameters = phaseParameters(phase, config);
  const { shape, levels, quantityDecay, quantityRatio, linearStepCents } = parameters;
  return {
    phase,
    shape,
    levels,
    baseShares: config.baseOrderQuantity * quantityRatio,
    quantityDecay,
    quantityGrowth: shape.type === "LINEAR" ? config.gradientLinearQtyIncrease : 0,
    qtySkewFactor: config.qtySkewFactor,
    quantityMultiplier,
    leastShares: leastQuantity,
    minOrderQty: config.minOrderQty,
    lossRatio: config.ladderLossRatio * Math.min(1, quantityMultiplier),
    maxOrderQuantity,
    unwindingStepCents: linearStepCents,
    unwindingLevels: config.gradientLinearLevels,
  };
}

/** Powers of a factor, for the levels of a ladder. */
function powersOf(factor: number): readonly number[] {
  return Array.from({ length: MAX_PRICE }, (_, level) => factor ** level);
}

/** Sizes of the levels as parts of the nearest one. */
const decayedSizes = oncePer(({ quantityDecay }: PhaseParameters) => powersOf(quantityDecay));

/** The same where levels grow away from the touch. */
const grownSizes = oncePer(({ gradientLinearQtyIncrease: growth }: MarketConfig) =>
  Array.from({ length: MAX_PRICE }, (_, level) => 1 + level * growth)
);

/** Shares of one side's ladder in a phase, without skew, multipliers and limits. */
export function ladderShares(phase: Phase, config: MarketConfig): number {
  const parameters = phaseParameters(phase, config);
  const sizes = decayedSizes(parameters);
  const nearest = config.baseOrderQuantity * parameters.quantityRatio;
  let total = 0;
  for (let level = 0; level < parameters.levels; level++) total += nearest * (sizes[level] ?? 0);
  return total;
}

/**
 * The ladder of one side, nearest level first (§8). Empty if the touch lies outside the bounds:
 * levels are never squeezed onto the last price.
 * @throws RangeError for a skew outside [-1,1], a multiplier below 0, or bounds in the wrong order
 */
export function buildLadder(input: LadderInput, config: MarketConfig): BookQuote[] {
  checkInput(input);
  const parameters = phaseParameters(input.phase, config);
  const { shape, levels } = parameters;
  const grows = shape.type === "LINEAR" && config.gradientLinearQtyIncrease > 0;
  return quotesOf({
    input,
    top: ladderPrice(input.side, input.top),
    shape,
    levels,
    base: Math.max(input.leastQuantity ?? 0, sideBase(input, config)),
    sizes: grows ? grownSizes(config) : decayedSizes(parameters),
    reason: "ladder",
  }, config);
}

/**
 * The ladder that brings a heavy position back (§10.1): LINEAR from the given price with
 * `gradientLinearLevels` levels, quantities as the phase has them, together at most `totalShares`.
 * @throws RangeError as {@link buildLadder}
 */
export function buildUnwindingLadder(
  input: UnwindingInput,
  config: MarketConfig,
): readonly BookQuote[] {
  checkInput(input);
  const parameters = phaseParameters(input.phase, config);
  const quotes = quotesOf({
    input,
    top: input.topLadderPrice,
    shape: { type: "LINEAR", stepCents: parameters.linearStepCents },
    levels: config.gradientLinearLevels,
    base: sideBase(input, config),
    sizes: decayedSizes(parameters),
    reason: "unwind",
  }, config);
  return allocate(quotes, input.totalShares);
}

/**
 * Confines a side to a capacity: near levels first, the rest is cut (§8, L-16). The last level that
 * gets anything may fall below `minOrderQty`; the sanitizer drops it.
 * @param quotes one side, nearest first
 * @param maxShares what the side may rest in total
 */
export function allocate(quotes: readonly BookQuote[], maxShares: Shares): readonly BookQuote[] {
  let left: number = maxShares;
  let whole = 0;
  for (const quote of quotes) {
    const quantity = shares(Math.min(quote.quantity, left));
    if (quantity === 0) return quotes.slice(0, whole);
    if (quantity < quote.quantity) return [...quotes.slice(0, whole), { ...quote, quantity }];
    left -= quantity;
    whole++;
  }
  return quotes;
}

function checkInput({ skew, quantityMultiplier, minPrice, maxPrice }: LadderBase): void {
  if (!(Math.abs(skew) <= 1)) {
    throw new RangeError(`Cannot build a ladder with skew ${skew}: it must be from -1 to 1`);
  }
  if (!(quantityMultiplier >= 0 && quantityMultiplier < Infinity)) {
    throw new RangeError(
      `Cannot build a ladder with quantity multiplier ${quantityMultiplier}: it must be at least 0`,
    );
  }
  if (!(minPrice <= maxPrice)) {
    throw new RangeError(
      `Cannot build a ladder between ${minPrice} and ${maxPrice}: crossed bounds`,
    );
  }
}

/** Quantity of the nearest level before rounding, in shares. */
function sideBase(input: LadderBase, config: MarketConfig): number {
  const lean = config.qtySkewFactor * (input.side === "ASK" ? input.skew : -input.skew);
  const { quantityRatio } = phaseParameters(input.phase, config);
  return config.baseOrderQuantity * quantityRatio * (1 + lean) * input.quantityMultiplier;
}

/** The ladder's own price of a YES price, and back: its own inverse. */
function ladderPrice(side: BookSide, yesPrice: PriceCents): PriceCents {
  return side === "ASK" ? yesPrice : mirrorPrice(yesPrice);
}

/** A ladder before its levels are checked against the bounds and the order limits. */
interface Plan {
  readonly input: LadderBase;
  /** In the ladder's own price. */
  readonly top: PriceCents;
  readonly shape: LadderShape;
  readonly levels: number;
  /** Shares of the nearest level, unrounded. */
  readonly base: number;
  /** Sizes of the levels as parts of the nearest one. */
  readonly sizes: readonly number[];
  readonly reason: string;
}

/** Levels from the touch outwards, as long as their prices are prices. */
function quotesOf(plan: Plan, { minOrderQty }: MarketConfig): BookQuote[] {
  const { top, shape, levels, base, sizes, reason } = plan;
  const { side, minPrice, maxPrice, maxOrderQuantity } = plan.input;
  const quotes: BookQuote[] = [];
  let last: number = top - 1;
  for (let level = 0; level < levels; level++) {
    const own = levelPrice(top, shape, level, last);
    if (!isPrice(own)) break;
    last = own;
    const price = ladderPrice(side, own);
    const quantity = shares(Math.min(floorOut(base * (sizes[level] ?? 0)), maxOrderQuantity));
    const isQuoted = price >= minPrice && price <= maxPrice && quantity >= minOrderQty;
    if (isQuoted) quotes.push({ side, price, quantity, level, reason });
  }
  return quotes;
}

/** How far the levels of a GEOMETRIC ladder lie from 0, as multiples of the nearest. */
const ratios = oncePer(({ ratio }: Extract<LadderShape, { type: "GEOMETRIC" }>) => powersOf(ratio));

/**
 * The ladder's own price of a level; at least one cent from the level before (L-50).
 * @param last price of the level before
 */
function levelPrice(top: number, shape: LadderShape, level: number, last: number): number {
  return shape.type === "LINEAR"
    ? top + level * shape.stepCents
    : Math.max(last + 1, ceilOut(top * (ratios(shape)[level] ?? Infinity)));
}
