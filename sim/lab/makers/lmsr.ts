import { PAIR_CENTS } from "../../../src/models/money.ts";
import { type Curve, curveMaker, fromLogit, logit } from "./curve.ts";
import type { Maker, MakerTerms } from "./maker.ts";

/**
 * The liquidity of a logarithmic market scoring rule whose worst loss is the budget: a rule that
 * begins at probability p loses at most `b·max(-ln p, -ln(1-p))`, which is `b·ln 2` at even odds.
 * @returns b in shares
 */
export function lmsrLiquidity({ anchorCents, budgetCents }: MakerTerms): number {
  const unlikelier = Math.min(anchorCents, PAIR_CENTS - anchorCents) / PAIR_CENTS;
  return budgetCents / PAIR_CENTS / -Math.log(unlikelier);
}

/** `C(q) = b·ln Σ e^(q_i/b)` as a price over the net position of the maker. */
export function lmsrCurve(anchorCents: number, liquidityShares: number): Curve {
  return {
    priceAt: (netShares) => fromLogit(logit(anchorCents) - netShares / liquidityShares),
    netAt: (priceCents) => liquidityShares * (logit(anchorCents) - logit(priceCents)),
  };
}

/** Hanson's logarithmic market scoring rule with the loss budget as its worst case. */
export function lmsrMaker(terms: MakerTerms): Maker {
  return curveMaker(lmsrCurve(terms.anchorCents, lmsrLiquidity(terms)));
}
