import { bestPrice, isTwoSided, type OrderBook } from "../../src/models/book.ts";
import type { Random } from "../../src/runtime/random.ts";

/**
 * Where the public sees the market, cents: the middle of the book, else the last trade, else the
 * one side.
 */
export function publicPrice(book: OrderBook): number | null {
  const bid = bestPrice(book, "BID");
  const ask = bestPrice(book, "ASK");
  if (bid !== null && ask !== null && isTwoSided(book)) return (bid + ask) / 2;
  return book.lastTradePrice ?? bid ?? ask;
}

/** An order size around a mean: exponential, at least 1 and at most 10,000 shares. */
export function drawnSize(random: Random, meanShares: number): number {
  return Math.min(10_000, 1 + Math.floor(random.exponential(meanShares)));
}
