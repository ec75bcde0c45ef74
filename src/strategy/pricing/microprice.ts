/**
 * Layer 2 of the fair price: what the imbalance of the others' orders says about the next move
 * (§2).
 *
 * Fake orders are the danger. Orders that flicker between two polls, that rest far from the touch,
 * or that are far larger than the rest of the book do not get through (L-66), and the result never
 * leaves the touch (C-14).
 */

import type { MarketConfig } from "../../config/registry.ts";
import { levelsOf, type OrderBook } from "../../models/book.ts";
import { oncePer } from "../../models/memo.ts";
import { PAIR_CENTS, type PriceCents } from "../../models/money.ts";
import type { BookSide } from "../../models/vocabulary.ts";

/** Why there is a micro-price, or why there is none. */
export type MicropriceReason =
  | "valid"
  | "no book"
  | "too few snapshots"
  | "one-sided"
  | "crossed"
  | "too wide"
  | "too thin";

/** What the layer looks at. */
export interface MicropriceInput {
  /** The book without own orders; null if none was read in this cycle. */
  readonly book: OrderBook | null;
  /** Earlier such books, newest first, as the last call returned them. */
  readonly history: readonly OrderBook[];
}

/** The layer's answer. */
export interface Microprice {
  /** YES price within the touch, in cents; null when the layer has no say in this cycle. */
  readonly cents: number | null;
  readonly reason: MicropriceReason;
  /** What to pass as `history` in the next cycle. */
  readonly history: readonly OrderBook[];
}

/**
 * The micro-price of a book, `(B·ask + A·bid)/(A+B)` with depths that fade away from the touch
 * (§2).
 *
 * A level counts once it has been seen in `micropricePersistSnapshots` books, so the first books of
 * a session give no price. A failed read (`book` null) gives none either and never invents a book
 * (L-20, C-44).
 */
export function microprice({ book, history }: MicropriceInput, config: MarketConfig): Microprice {
  if (book === null) return { cents: null, reason: "no book", history };
  const earlierBooks = config.micropricePersistSnapshots - 1;
  const earlier = history.length > earlierBooks ? history.slice(0, earlierBooks) : history;
  const { cents, reason } = evaluate(book, earlier, config);
  const kept = earlierBooks === 0 ? [] : [book, ...earlier.slice(0, earlierBooks - 1)];
  return { cents, reason, history: kept };
}

type Evaluation = Pick<Microprice, "cents" | "reason">;

/** @param earlier newest first */
function evaluate(
  newest: OrderBook,
  earlier: readonly OrderBook[],
  config: MarketConfig,
): Evaluation {
  if (earlier.length + 1 < config.micropricePersistSnapshots) return none("too few snapshots");
  const bids = persistentLevels("BID", newest, earlier, config.micropriceLevels);
  const asks = persistentLevels("ASK", newest, earlier, config.micropriceLevels);
  const bid = bids[0]?.price;
  const ask = asks[0]?.price;
  if (bid === undefined || ask === undefined) return none("one-sided");
  if (bid >= ask) return none("crossed");
  if (ask - bid > config.micropriceMaxSpreadCents) return none("too wide");
  if (Math.min(depth(bids), depth(asks)) < config.micropriceMinDepth) return none("too thin");
  const cap = levelCap(bids, asks, config.micropriceLevelCapMultiple);
  const below = effectiveDepth(bids, cap, config);
  const above = effectiveDepth(asks, cap, config);
  // The same as (B·ask + A·bid)/(A+B), written so that rounding cannot leave the touch.
  return { cents: bid + (ask - bid) * (below / (below + above)), reason: "valid" };
}

function none(reason: MicropriceReason): Evaluation {
  return { cents: null, reason };
}

/** Depth that counts at one price. */
interface Level {
  readonly price: PriceCents;
  readonly quantity: number;
}

/**
 * The best levels of a side, each with its smallest quantity over all snapshots (§2 steps 3 and 4).
 */
function persistentLevels(
  side: BookSide,
  newest: OrderBook,
  earlier: readonly OrderBook[],
  count: number,
): readonly Level[] {
  const kept: Level[] = [];
  for (const level of levelsOf(newest, side)) {
    let least: number = level.quantity;
    for (const book of earlier) {
      least = Math.min(least, quantityAt(levelsOf(book, side), level.price));
    }
    if (least > 0) {
      kept.push(least === level.quantity ? level : { price: level.price, quantity: least });
    }
    if (kept.length === count) break;
  }
  return kept;
}

function quantityAt(levels: readonly Level[], price: PriceCents): number {
  for (const level of levels) if (level.price === price) return level.quantity;
  return 0;
}

function depth(levels: readonly Level[]): number {
  let sum = 0;
  for (const { quantity } of levels) sum += quantity;
  return sum;
}

/**
 * The most that one level may count: a multiple of the median level of both sides; 0 switches it
 * off.
 */
function levelCap(bids: readonly Level[], asks: readonly Level[], multiple: number): number {
  if (multiple === 0) return Infinity;
  const sorted: number[] = [];
  for (const { quantity } of bids) insert(sorted, quantity);
  for (const { quantity } of asks) insert(sorted, quantity);
  return multiple * medianOf(sorted);
}

/** Puts a value where it belongs in a short sorted list. */
function insert(sorted: number[], value: number): void {
  let at = sorted.length;
  sorted.push(value);
  for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) sorted[at] = sorted[at - 1] ?? 0;
  sorted[at] = value;
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** `e^(-decay·distance)` for each distance in cents. */
const fades = oncePer(({ micropriceDistanceDecay: decay }: MarketConfig) =>
  Float64Array.from({ length: PAIR_CENTS }, (_, distance) => Math.exp(-decay * distance))
);

/**
 * Depth discounted by `e^(-decay·distance)`, the distance in cents from the side's best price (§2
 * step 6).
 */
function effectiveDepth(levels: readonly Level[], cap: number, config: MarketConfig): number {
  const faded = fades(config);
  const best = levels[0]?.price ?? 0;
  let sum = 0;
  for (const { price, quantity } of levels) {
    sum += Math.min(quantity, cap) * (faded[Math.abs(price - best)] ?? 0);
  }
  return sum;
}
