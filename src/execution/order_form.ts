/**
 * What an order is made of, whatever it stands for: its key, its place in the book, what it locks.
 */

import { type Cents, freezeCents, type PriceCents, type Shares } from "../models/money.ts";
import type { BookSide, Contract, Direction } from "../models/vocabulary.ts";

/** Contract, direction and price: two orders that agree in these can stand in for each other. */
export interface OrderForm {
  readonly contract: Contract;
  readonly direction: Direction;
  readonly contractPrice: PriceCents;
}

/** A point on one side of the YES book. */
export interface BookPoint {
  readonly side: BookSide;
  readonly yesPrice: number;
}

/** What an order locks while it rests: shares of a contract if it sells, cash if it buys. */
export type Resource = Contract | "CASH";

/**
 * A number that is equal for orders of the same contract, direction and price, and for no others.
 */
export function orderKey({ contract, direction, contractPrice }: OrderForm): number {
  return contractPrice + (contract === "YES" ? 0 : 200) + (direction === "BUY" ? 0 : 100);
}

/** True for orders of the same contract, direction and price. */
export function isSameForm(a: OrderForm, b: OrderForm): boolean {
  return a.contractPrice === b.contractPrice && a.contract === b.contract &&
    a.direction === b.direction;
}

/** What an order of this form locks. */
export function resourceOf(form: Pick<OrderForm, "contract" | "direction">): Resource {
  return form.direction === "SELL" ? form.contract : "CASH";
}

/**
 * How much of its resource an order locks: shares if it sells, cents with the fee buffer if it buys
 * (§16.2).
 * @param freezeBps rate of the fee buffer in basis points
 */
export function lockedBy(form: OrderForm, quantity: Shares, freezeBps: number): number {
  return form.direction === "SELL"
    ? quantity
    : freezeCents(form.contractPrice, quantity, freezeBps);
}

/** Cash that resting BUY orders freeze, summed order by order as the venue rounds (§16.2). */
export function frozenByBuys(
  orders: Iterable<OrderForm & { readonly remaining: Shares }>,
  freezeBps: number,
): Cents {
  let sum = 0;
  for (const order of orders) {
    if (order.direction === "BUY") sum += lockedBy(order, order.remaining, freezeBps);
  }
  return sum as Cents;
}

/** Sorts the orders of one side near first: the one that fills first comes first. */
export function nearFirst(a: BookPoint, b: BookPoint): number {
  return isMoreAggressive(a, b) ? -1 : isMoreAggressive(b, a) ? 1 : 0;
}

/** True if `a` fills before `b`, which is on the same side. */
export function isMoreAggressive(a: BookPoint, b: BookPoint): boolean {
  return a.side === "BID" ? a.yesPrice > b.yesPrice : a.yesPrice < b.yesPrice;
}

/** True if two orders would trade with each other: a bid at or above an ask. */
export function crosses(a: BookPoint, b: BookPoint): boolean {
  if (a.side === b.side) return false;
  return a.side === "BID" ? a.yesPrice >= b.yesPrice : b.yesPrice >= a.yesPrice;
}
