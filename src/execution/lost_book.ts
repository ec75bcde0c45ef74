/**
 * Signs that the venue has dropped its live book: own orders are listed, frozen and shown,
 * but nobody can hit them any more. The venue never says so. Pure.
 */

import { bestPrice, type OrderBook } from "../models/book.ts";
import { isMoreAggressive } from "./order_form.ts";
import type { RestingOrder } from "./planned_action.ts";

/** What is remembered of the book between two looks. Times are steady epoch milliseconds. */
export interface BookMemory {
  /** The last look, -Infinity before the first. */
  readonly seenAtMs: number;
  /** Since when the book has been locked or crossed, null while it is not. */
  readonly crossedSinceMs: number | null;
  /** Orders that were placed before this may have lost their place; -Infinity without a sign. */
  readonly lostBeforeMs: number;
}

/** The memory of a market that nobody has looked at. */
export const NO_BOOK_SEEN: BookMemory = {
  seenAtMs: -Infinity,
  crossedSinceMs: null,
  lostBeforeMs: -Infinity,
};

/** One look at a market. */
export interface BookLook {
  /** The book as the venue shows it, own orders included. */
  readonly book: OrderBook;
  /** Own resting orders. */
  readonly orders: readonly RestingOrder[];
  /** True if somebody else has traded at `book.lastTradePrice` since the last look. */
  readonly printed: boolean;
  readonly nowMs: number;
}

/**
 * Looks for what cannot be in a live book: a book that stays crossed for more than one look, and a
 * trade of others at a price that an own order was better than all the time. Each sign is counted
 * once, so that a crossing that lasts does not make the bot place its orders again and again.
 */
export function lookAtBook(before: BookMemory, look: BookLook): BookMemory {
  const { book, nowMs } = look;
  const crossedSinceMs = isCrossed(book) ? before.crossedSinceMs ?? nowMs : null;
  let { lostBeforeMs } = before;
  const hasLasted = crossedSinceMs !== null && crossedSinceMs !== nowMs;
  if (hasLasted) lostBeforeMs = Math.max(lostBeforeMs, crossedSinceMs);
  if (wasTradedThrough(before.seenAtMs, look)) {
    lostBeforeMs = Math.max(lostBeforeMs, before.seenAtMs);
  }
  return { seenAtMs: nowMs, crossedSinceMs, lostBeforeMs };
}

function isCrossed(book: OrderBook): boolean {
  const bid = bestPrice(book, "BID");
  const ask = bestPrice(book, "ASK");
  return bid !== null && ask !== null && bid >= ask;
}

/** True if an order that rested at the last look should have been hit before the last trade. */
function wasTradedThrough(lastLookMs: number, { book, orders, printed, nowMs }: BookLook): boolean {
  const { lastTradePrice } = book;
  if (!printed || lastTradePrice === null) return false;
  return orders.some((order) =>
    order.ageMs > nowMs - lastLookMs &&
    isMoreAggressive(order, { side: order.side, yesPrice: lastTradePrice })
  );
}
