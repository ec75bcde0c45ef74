/**
 * Spreads the quantity of a side over several prices (§8).
 *
 * A ladder is built in its own price, which rises away from the touch: the YES price for an ASK,
 * 100 minus it for a BID. So both sides come from the same arithmetic and mirror each other
 * exactly.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { LadderShape, LadderTerms } from "../models/explanation.ts";
import {
  ceilOut,
  floorOut,
  isPrice,
  mirrorPrice,
  type PriceCents,
  type Shares,
  shares,
} from "../models/money.ts";
import type { BookQuote } from "../models/order.ts";
import type { BookSide, Phase } from "../models/vocabulary.ts";
import { phaseParameters } from "./phase_parameters.ts";

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

/** Shares of one side's ladder in a phase, without skew, multipliers and limits. */
export function ladderShares(phase: Phase, config: MarketConfig): number {
  const { levels, quantityDecay, quantityRatio } = phaseParameters(phase, config);
  const nearest = config.baseOrderQuantity * quantityRatio;
  return Array.from({ length: levels }, (_, level) => nearest * quantityDecay ** level)
    .reduce((sum, quantity) => sum + quantity, 0);
}

/**
 * The ladder of one side, nearest level first (§8). Empty if the touch lies outside the bounds:
 * levels are never squeezed onto the last price.
 * @throws RangeError for a skew outside [-1,1], a multiplier below 0, or bounds in the wrong order
 */
export function buildLadder(input: LadderInput, config: MarketConfig): BookQuote[] {
  checkInput(input);
  const { shape, levels, quantityDecay } = phaseParameters(input.phase, config);
  const base = Math.max(input.leastQuantity ?? 0, sideBase(input, config));
  const growth = shape.type === "LINEAR" ? config.gradientLinearQtyIncrease : 0;
  return quotesOf({
    input,
    prices: ladderPrices(ladderPrice(input.side, input.top), shape, levels),
    quantity: (level) => base * (growth > 0 ? 1 + level * growth : quantityDecay ** level),
    reason: "ladder",
  }, config);
}

/**
 * The ladder that brings a heavy position back (§10.1): LINEAR from the given price with
 * `gradientLinearLevels` levels, quantities as the phase has them, together at most `totalShares`.
 * @throws RangeError as {@link buildLadder}
 */
export function buildUnwindingLadder(input: UnwindingInput, config: MarketConfig): BookQuote[] {
  checkInput(input);
  const { linearStepCents: stepCents, quantityDecay } = phaseParameters(input.phase, config);
  const base = sideBase(input, config);
  const shape: LadderShape = { type: "LINEAR", stepCents };
  const quotes = quotesOf({
    input,
    prices: ladderPrices(input.topLadderPrice, shape, config.gradientLinearLevels),
    quantity: (level) => base * quantityDecay ** level,
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
export function allocate(quotes: readonly BookQuote[], maxShares: Shares): BookQuote[] {
  const allocated: BookQuote[] = [];
  let left: number = maxShares;
  for (const quote of quotes) {
    const quantity = shares(Math.min(quote.quantity, left));
    if (quantity === 0) break;
    allocated.push(quantity === quote.quantity ? quote : { ...quote, quantity });
    left -= quantity;
  }
  return allocated;
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

/**
 * Ladder prices from the touch outwards, as long as they are prices; at least one cent apart
 * (L-50).
 */
function ladderPrices(top: PriceCents, shape: LadderShape, levels: number): PriceCents[] {
  const prices: PriceCents[] = [];
  let last: number = top - 1;
  for (let level = 0; level < levels; level++) {
    const next = shape.type === "LINEAR"
      ? top + level * shape.stepCents
      : Math.max(last + 1, ceilOut(top * shape.ratio ** level));
    if (!isPrice(next)) break;
    prices.push(next);
    last = next;
  }
  return prices;
}

/** A ladder before its levels are checked against the bounds and the order limits. */
interface Plan {
  readonly input: LadderBase;
  /** In the ladder's own price, nearest first. */
  readonly prices: readonly PriceCents[];
  /** Unrounded shares of a level. */
  readonly quantity: (level: number) => number;
  readonly reason: string;
}

function quotesOf({ input, prices, quantity, reason }: Plan, config: MarketConfig): BookQuote[] {
  const { side, minPrice, maxPrice, maxOrderQuantity } = input;
  return prices
    .map((own, level): BookQuote => ({
      side,
      price: ladderPrice(side, own),
      quantity: shares(Math.min(floorOut(quantity(level)), maxOrderQuantity)),
      level,
      reason,
    }))
    .filter((quote) => quote.price >= minPrice && quote.price <= maxPrice)
    .filter((quote) => quote.quantity >= config.minOrderQty);
}
