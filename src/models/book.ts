import { PAIR_CENTS, price, type PriceCents, type Shares } from "./money.ts";
import type { BookSide } from "./vocabulary.ts";

/** Everything offered or wanted at one YES price. */
export interface BookLevel {
  readonly price: PriceCents;
  readonly quantity: Shares;
}

/**
 * The YES view of a market's order book: bids fall, asks rise, no empty levels. It may be locked or
 * crossed (venue quirks); nothing here assumes `bid < ask`.
 */
export interface OrderBook {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** YES price of the latest trade of anybody, null before the first. */
  readonly lastTradePrice: PriceCents | null;
}

/** A book with nothing in it. */
export const EMPTY_BOOK: OrderBook = { bids: [], asks: [], lastTradePrice: null };

/** The levels of one side, best first. */
export function levelsOf(book: OrderBook, side: BookSide): readonly BookLevel[] {
  return side === "BID" ? book.bids : book.asks;
}

/** Best YES price of a side, null if the side is empty. */
export function bestPrice(book: OrderBook, side: BookSide): PriceCents | null {
  return levelsOf(book, side)[0]?.price ?? null;
}

/** True if the book has both sides and they do not touch. */
export function isTwoSided(book: OrderBook): boolean {
  const bid = bestPrice(book, "BID");
  const ask = bestPrice(book, "ASK");
  return bid !== null && ask !== null && bid < ask;
}

/** Quantity at YES prices, for subtracting what is our own. */
export interface QuoteAtPrice {
  readonly side: BookSide;
  readonly yesPrice: PriceCents;
  readonly remaining: Shares;
}

/**
 * The book of the others: own remaining quantity is subtracted at each price, empty levels are
 * dropped (§2 step 2). Prevents the bot from learning from its own quotes.
 */
export function withoutOwn(book: OrderBook, own: readonly QuoteAtPrice[]): OrderBook {
  for (const { side, yesPrice, remaining } of own) {
    const ours = side === "BID" ? OWN_BIDS : OWN_ASKS;
    ours[yesPrice] = (ours[yesPrice] ?? 0) + remaining;
  }
  const bids = othersOf(book.bids, OWN_BIDS);
  const asks = othersOf(book.asks, OWN_ASKS);
  for (const { yesPrice } of own) {
    OWN_BIDS[yesPrice] = 0;
    OWN_ASKS[yesPrice] = 0;
  }
  return { bids, asks, lastTradePrice: book.lastTradePrice };
}

/** Work space of {@link withoutOwn}: own shares by price, all 0 between two calls. */
const OWN_BIDS = new Float64Array(PAIR_CENTS);
const OWN_ASKS = new Float64Array(PAIR_CENTS);

function othersOf(levels: readonly BookLevel[], own: Float64Array): BookLevel[] {
  const others: BookLevel[] = [];
  for (const level of levels) {
    const quantity = level.quantity - (own[level.price] ?? 0);
    if (quantity === level.quantity) others.push(level);
    else if (quantity > 0) others.push({ price: level.price, quantity: quantity as Shares });
  }
  return others;
}

/**
 * Builds one side of a book from `[price, quantity]` pairs, best first; for tests and simulators.
 */
export function levels(side: BookSide, entries: Iterable<readonly [number, number]>): BookLevel[] {
  const sign = side === "BID" ? -1 : 1;
  return [...entries]
    .filter(([, quantity]) => quantity > 0)
    .map(([at, quantity]) => ({ price: price(at), quantity: quantity as Shares }))
    .sort((a, b) => sign * (a.price - b.price));
}
