import { PAIR_CENTS } from "../../../src/models/money.ts";
import { type Curve, curveMaker } from "./curve.ts";
import type { Maker, MakerTerms } from "./maker.ts";

/** What a constant-product maker holds of both contracts. */
export interface Reserves {
  readonly yes: number;
  readonly no: number;
}

/**
 * Reserves that begin at the anchor price and whose worst loss is the budget: if YES wins, the
 * maker can lose all YES shares of the reserve, each worth a pair, and no more; and NO likewise.
 */
export function initialReserves({ anchorCents, budgetCents }: MakerTerms): Reserves {
  const larger = budgetCents / PAIR_CENTS;
  const oddsOfYes = anchorCents / (PAIR_CENTS - anchorCents);
  return oddsOfYes >= 1
    ? { yes: larger / oddsOfYes, no: larger }
    : { yes: larger, no: larger * oddsOfYes };
}

/** The reserves at a net position `Y - N`: their product stays what it was. */
export function reservesAt(start: Reserves, netShares: number): Reserves {
  const product = start.yes * start.no;
  const difference = netShares + start.yes - start.no;
  const root = Math.sqrt(difference ** 2 + 4 * product);
  // The smaller one as a quotient: as a difference it would lose its digits.
  return difference >= 0
    ? { yes: (root + difference) / 2, no: 2 * product / (root + difference) }
    : { yes: 2 * product / (root - difference), no: (root - difference) / 2 };
}

/** The price of YES is the share of NO in the reserves. */
export function productCurve(start: Reserves): Curve {
  const product = start.yes * start.no;
  return {
    priceAt(netShares) {
      const { yes, no } = reservesAt(start, netShares);
      return PAIR_CENTS * no / (yes + no);
    },
    netAt(priceCents) {
      const odds = priceCents / (PAIR_CENTS - priceCents);
      return Math.sqrt(product / odds) - Math.sqrt(product * odds) - start.yes + start.no;
    },
  };
}

/** A constant-product maker with the loss budget as its worst case, without a fee. */
export function constantProductMaker(terms: MakerTerms): Maker {
  return curveMaker(productCurve(initialReserves(terms)));
}
