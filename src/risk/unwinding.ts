/**
 * ONE_SIDE (§10.1): how the heavy side is sold off at a growing discount, and what is done when
 * none is heavy.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { Unwinding } from "../models/explanation.ts";
import { bestPrice, type OrderBook } from "../models/book.ts";
import {
  effectiveSkew,
  type Holdings,
  netShares,
  reducingSide,
  skewFloor,
} from "../models/inventory.ts";
import {
  ceilOut,
  clamp,
  floorOut,
  PAIR_CENTS,
  ROUNDING_SLACK,
  type Shares,
  shares,
} from "../models/money.ts";
import { type BookSide, otherSide } from "../models/vocabulary.ts";
import type { PriceBounds } from "../strategy/price_bounds.ts";

/** What the ladder depends on; all prices in YES cents. */
export interface UnwindingInput {
  readonly holdings: Holdings;
  /** r: reservation price. */
  readonly reservationCents: number;
  /** s: fair price. */
  readonly fairCents: number;
  /** The book of the others. */
  readonly book: OrderBook;
  readonly bounds: PriceBounds;
  /** Entry into ONE_SIDE. */
  readonly oneSideSinceMs: number;
  /** Last own fill per side; null if there was none. */
  readonly lastFillMs: Readonly<Record<BookSide, number | null>>;
  /** Same clock as the two above; it never goes backwards. */
  readonly nowMs: number;
}

/** The settings the unwinding reads. */
export type UnwindingConfig = Pick<
  MarketConfig,
  | "quoteFunding"
  | "initialMintQuantity"
  | "skewFloorShares"
  | "inventorySkewWiden"
  | "inventorySkewOneSide"
  | "inventorySkewKill"
  | "oneSideDeadBand"
  | "oneSideNeutralPolicy"
  | "oneSideMayTake"
  | "distressMaxDiscountCents"
  | "maxConcessionCents"
  | "maxOrderAgeMs"
  | "roundingSlackCents"
>;

/** What ONE_SIDE quotes in this cycle. */
export function planUnwinding(input: UnwindingInput, config: UnwindingConfig): Unwinding {
  const side = heavySideToReduce(input.holdings, config);
  if (side === null) return { kind: config.oneSideNeutralPolicy };
  const skew = Math.abs(effectiveSkew(input.holdings, skewFloor(config)));
  const skewDiscountCents = skewDiscount(skew, config);
  const ageDiscountCents = ageDiscount(side, input, config);
  const slack = Math.max(ROUNDING_SLACK, config.roundingSlackCents);
  const wanted = ceilOut(ladderPrice(side, input.reservationCents), slack) - skewDiscountCents -
    ageDiscountCents;
  const lowestLadderPrice = lowestOf(side, input, config);
  const goalSkew = skew > config.inventorySkewWiden ? config.inventorySkewWiden : 0;
  return {
    kind: "reduce",
    side,
    topLadderPrice: Math.max(wanted, lowestLadderPrice),
    lowestLadderPrice,
    maxShares: sharesToGoal(input.holdings, goalSkew, config),
    skewDiscountCents,
    ageDiscountCents,
    goalSkew,
  };
}

/** The side that reduces the net position, null while the skew is within `one_side_dead_band`. */
export function heavySideToReduce(
  holdings: Holdings,
  config: Pick<MarketConfig, "skewFloorShares" | "initialMintQuantity" | "oneSideDeadBand">,
): BookSide | null {
  const skew = Math.abs(effectiveSkew(holdings, skewFloor(config)));
  return skew <= config.oneSideDeadBand ? null : reducingSide(holdings);
}

/**
 * The fewest shares whose complete fill brings the size of q to the goal or below, never past zero
 * (§10.1). Rounded up: rounded down, a remainder just above the goal would ask for nothing more and
 * be held for ever.
 */
export function sharesToGoal(
  holdings: Holdings,
  goalSkew: number,
  config: Pick<MarketConfig, "quoteFunding" | "skewFloorShares" | "initialMintQuantity">,
): Shares {
  const net = Math.abs(netShares(holdings));
  const total = holdings.yes + holdings.no;
  // Sold stock shrinks the total, bought shares enlarge it. With both, the stock always suffices.
  const growth = config.quoteFunding === "cash" ? goalSkew : -goalSkew;
  const viaTotal = (net - goalSkew * total) / (1 + growth);
  const viaFloor = net - goalSkew * skewFloor(config);
  return shares(Math.max(0, ceilOut(Math.min(viaTotal, viaFloor))));
}

/** Grows linearly from `inventory_skew_one_side` to `inventory_skew_kill`, whole cents. */
function skewDiscount(skew: number, config: UnwindingConfig): number {
  const { inventorySkewOneSide: low, inventorySkewKill: high } = config;
  const share = clamp((skew - low) / (high - low), 0, 1);
  return floorOut(share * config.distressMaxDiscountCents);
}

function ageDiscount(
  side: BookSide,
  { oneSideSinceMs, lastFillMs, nowMs }: UnwindingInput,
  { maxOrderAgeMs }: UnwindingConfig,
): number {
  const since = Math.max(oneSideSinceMs, lastFillMs[side] ?? oneSideSinceMs);
  return Math.floor((nowMs - since) / maxOrderAgeMs);
}

/** A YES price as the ladder of a side counts it: rising away from the touch (§8). */
function ladderPrice(side: BookSide, yesCents: number): number {
  return side === "ASK" ? yesCents : PAIR_CENTS - yesCents;
}

/** The lowest top: inside the bounds, within the concession, and on our side of the others. */
function lowestOf(
  side: BookSide,
  { bounds, book, fairCents }: UnwindingInput,
  config: UnwindingConfig,
): number {
  const lowestAllowed = ladderPrice(side, side === "ASK" ? bounds.minPrice : bounds.maxPrice);
  const deepest = ceilOut(ladderPrice(side, fairCents) - config.maxConcessionCents);
  const opposite = bestPrice(book, otherSide(side));
  const makerOnly = config.oneSideMayTake || opposite === null
    ? lowestAllowed
    : ladderPrice(side, opposite) + 1;
  return Math.max(lowestAllowed, deepest, makerOnly);
}
