import { held, type Holdings } from "../models/inventory.ts";
import { type Shares, shares } from "../models/money.ts";
import type { Fill } from "../models/order.ts";

/** Holdings after a fill. */
export interface FilledHoldings {
  readonly holdings: Holdings;
  /**
   * Shares that were sold although we did not know of them. Above 0 the books are wrong: PAUSE with
   * STOCK_INVARIANT until a clean reconciliation (§13). The fill is real all the same and stays
   * booked.
   */
  readonly missingShares: Shares;
}

/** Applies an own fill: exactly one contract changes, by the quantity of the fill (§0.4, L-12). */
export function applyFill(holdings: Holdings, fill: Fill): FilledHoldings {
  const before = held(holdings, fill.contract);
  const after = before + (fill.direction === "BUY" ? fill.quantity : -fill.quantity);
  const volume = shares(Math.max(0, after));
  return {
    holdings: {
      yes: fill.contract === "YES" ? volume : holdings.yes,
      no: fill.contract === "NO" ? volume : holdings.no,
    },
    missingShares: shares(Math.max(0, -after)),
  };
}
