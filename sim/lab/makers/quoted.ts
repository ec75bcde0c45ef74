/** Market makers that quote one bid and one offer around the price they have learnt. */

import { ceilOut, clamp, floorOut, MAX_PRICE, MIN_PRICE } from "../../../src/models/money.ts";
import { optimalSpread, reservationPrice } from "../../../src/strategy/avellaneda_stoikov.ts";
import type { Maker, MakerQuote, MakerTerms } from "./maker.ts";

/** The full spread of the symmetric maker, cents. */
const SYMMETRIC_SPREAD_CENTS = 4;

/** The learning with the lowest price error over all kinds of market. */
const SYMMETRIC_LEARNING = 0.35;

/** Quotes a fixed spread around the learnt price, whatever it holds. */
export function symmetricMaker({ orderShares }: MakerTerms): Maker {
  return {
    learning: SYMMETRIC_LEARNING,
    fairCents: ({ learntCents }) => learntCents,
    quotes: ({ learntCents }) => around(learntCents, SYMMETRIC_SPREAD_CENTS, orderShares),
  };
}

/**
 * The paper has a price from outside; with a faster learning the skew in its own quotes would lead
 * the learnt price astray.
 */
const PAPER_LEARNING = 0.05;

/** The illustration of the paper: sigma 2, gamma 0.1, k 1.5, over a life of length 1. */
const PAPER = { gamma: 0.1, kappa: 1.5, sigma: 2 };

/** The paper counts inventory in fills; the traders' orders are about so large. */
const FILL_SHARES = 10;

/**
 * Avellaneda and Stoikov as they stand in the paper of 2008, around the learnt price and with the
 * paper's own numbers: no floors, no guards, and the aversion to inventory ends with the market.
 */
export function paperMaker({ orderShares }: MakerTerms): Maker {
  const { gamma, kappa, sigma } = PAPER;
  return {
    learning: PAPER_LEARNING,
    fairCents: ({ learntCents }) => learntCents,
    quotes({ learntCents, netShares, lifeLeft }) {
      const variance = sigma ** 2 * lifeLeft;
      const skew = netShares / FILL_SHARES;
      const middle = reservationPrice({ fair: learntCents, skew, gamma, variance });
      return around(
        middle,
        optimalSpread({ gamma, kappa, variance, riskWeight: 1 }),
        orderShares,
      );
    },
  };
}

/** A bid and an offer around a price, rounded outward and kept within the venue's prices. */
function around(middle: number, spreadCents: number, quantity: number): readonly MakerQuote[] {
  const bid = clamp(floorOut(middle - spreadCents / 2), MIN_PRICE, MAX_PRICE - 1);
  const ask = clamp(ceilOut(middle + spreadCents / 2), bid + 1, MAX_PRICE);
  return [{ side: "BID", price: bid, quantity }, { side: "ASK", price: ask, quantity }];
}
