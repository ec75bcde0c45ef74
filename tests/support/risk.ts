import type { Holdings } from "../../src/models/inventory.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import type { Fill, OpenOrder } from "../../src/models/order.ts";
import {
  bookSideOf,
  type Contract,
  type Direction,
  yesPriceOf,
} from "../../src/models/vocabulary.ts";

/** Shares of both contracts. */
export function holding(yes: number, no: number): Holdings {
  return { yes: shares(yes), no: shares(no) };
}

/** An order in the venue's terms, such as `["SELL", "NO", 53, 40]`. */
export type Trade = readonly [
  direction: Direction,
  contract: Contract,
  contractPrice: number,
  quantity: number,
];

/** An own fill, with the book side and YES price that follow from it. */
export function fillOf(
  [direction, contract, contractPrice, quantity]: Trade,
  { feeCents = 0, executedAtMs = 0 }: {
    readonly feeCents?: number;
    readonly executedAtMs?: number;
  } = {},
): Fill {
  return {
    tradeId: `${direction}-${contract}-${contractPrice}-${quantity}-${executedAtMs}`,
    marketId: "MKT-1",
    executedAtMs,
    contract,
    direction,
    contractPrice: price(contractPrice),
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, price(contractPrice)),
    quantity: shares(quantity),
    feeCents: cents(feeCents),
  };
}

/** An own order that rests unfilled, or with `remaining` shares left. */
export function restingOrder(
  [direction, contract, contractPrice, quantity]: Trade,
  remaining = quantity,
): OpenOrder {
  return {
    orderId: `${direction}-${contract}-${contractPrice}`,
    clientOrderId: `client-${direction}-${contract}-${contractPrice}`,
    marketId: "MKT-1",
    contract,
    direction,
    contractPrice: price(contractPrice),
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, price(contractPrice)),
    quantity: shares(quantity),
    filled: shares(quantity - remaining),
    remaining: shares(remaining),
    status: remaining === quantity ? "OPEN" : "PARTIALLY_FILLED",
    frozenAmount: 0,
    frozenAsset: direction === "BUY" ? "FUNDS" : contract === "YES" ? "YES_SHARES" : "NO_SHARES",
    createdAtMs: 0,
  };
}
