/** Automated market makers whose price follows from their position alone. */

import { MAX_PRICE, MIN_PRICE, ROUNDING_SLACK } from "../../../src/models/money.ts";
import type { Maker, MakerQuote, MakerView } from "./maker.ts";

/** The price of a YES share as a falling function of the maker's net position. */
export interface Curve {
  /** Price in cents at a net position `Y - N`. */
  priceAt(netShares: number): number;
  /** The net position at which the price is reached; the inverse of {@link priceAt}. */
  netAt(priceCents: number): number;
}

/**
 * Follows a curve in a book of whole cents: between two prices it offers what the curve sells on
 * the way, at the higher of the two, and bids for what it buys at the lower. So it never trades
 * worse than on the curve itself, and what bounds the loss there bounds it here.
 */
export function curveMaker(curve: Curve): Maker {
  return {
    learning: 0,
    fairCents: ({ netShares }) => curve.priceAt(netShares),
    quotes: ({ netShares }: MakerView) => {
      const here = curve.priceAt(netShares);
      return [
        ...ladder(curve, "ASK", { netShares, prices: risingFrom(here) }),
        ...ladder(curve, "BID", { netShares, prices: fallingFrom(here) }),
      ];
    },
  };
}

function ladder(
  curve: Curve,
  side: MakerQuote["side"],
  { netShares, prices }: { readonly netShares: number; readonly prices: readonly number[] },
): MakerQuote[] {
  let placed = 0;
  return prices.flatMap((price) => {
    const reach = Math.abs(curve.netAt(price) - netShares);
    const quantity = Math.floor(reach + ROUNDING_SLACK) - placed;
    if (quantity < 1) return [];
    placed += quantity;
    return [{ side, price, quantity }];
  });
}

/** Whole prices above a price. */
function risingFrom(cents: number): number[] {
  const first = Math.max(MIN_PRICE, Math.floor(cents + ROUNDING_SLACK) + 1);
  return Array.from({ length: Math.max(0, MAX_PRICE - first + 1) }, (_, index) => first + index);
}

/** Whole prices below a price, the highest first. */
function fallingFrom(cents: number): number[] {
  const first = Math.min(MAX_PRICE, Math.ceil(cents - ROUNDING_SLACK) - 1);
  return Array.from({ length: Math.max(0, first - MIN_PRICE + 1) }, (_, index) => first - index);
}

/** Log-odds of a price in cents. */
export function logit(cents: number): number {
  return Math.log(cents / (100 - cents));
}

/** The price in cents of log-odds. */
export function fromLogit(logOdds: number): number {
  return 100 / (1 + Math.exp(-logOdds));
}
