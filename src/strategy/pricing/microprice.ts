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
import type { PriceCents } from "../../models/money.ts";
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
  const snapshots = [book, ...history.slice(0, config.micropricePersistSnapshots - 1)];
  return {
    ...evaluate(snapshots, config),
    history: snapshots.slice(0, config.micropricePersistSnapshots - 1),
  };
}

type Evaluation = Pick<Microprice, "cents" | "reason">;

/** @param snapshots newest first */
function evaluate(snapshots: readonly OrderBook[], config: MarketConfig): Evaluation {
  if (snapshots.length < config.micropricePersistSnapshots) return none("too few snapshots");
  const bids = persistentLevels(snapshots, "BID", config.micropriceLevels);
  const asks = persistentLevels(snapshots, "ASK", config.micropriceLevels);
  const bid = bids[0]?.price;
  const ask = asks[0]?.price;
  if (bid === undefined || ask === undefined) return none("one-sided");
  if (bid >= ask) return none("crossed");
  if (ask - bid > config.micropriceMaxSpreadCents) return none("too wide");
  if (Math.min(depth(bids), depth(asks)) < config.micropriceMinDepth) return none("too thin");
  const cap = levelCap([...bids, ...asks], config.micropriceLevelCapMultiple);
  const below = effectiveDepth(bids, cap, config.micropriceDistanceDecay);
  const above = effectiveDepth(asks, cap, config.micropriceDistanceDecay);
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
  snapshots: readonly OrderBook[],
  side: BookSide,
  count: number,
): Level[] {
  const [newest = [], ...earlier] = snapshots.map((book) => levelsOf(book, side));
  const kept: Level[] = [];
  for (const { price, quantity } of newest) {
    const least = Math.min(quantity, ...earlier.map((levels) => quantityAt(levels, price)));
    if (least > 0) kept.push({ price, quantity: least });
    if (kept.length === count) break;
  }
  return kept;
}

function quantityAt(levels: readonly Level[], price: PriceCents): number {
  return levels.find((level) => level.price === price)?.quantity ?? 0;
}

function depth(levels: readonly Level[]): number {
  return levels.reduce((sum, level) => sum + level.quantity, 0);
}

/**
 * The most that one level may count: a multiple of the median level of both sides; 0 switches it
 * off.
 */
function levelCap(levels: readonly Level[], multiple: number): number {
  return multiple === 0 ? Infinity : multiple * median(levels.map((level) => level.quantity));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/**
 * Depth discounted by `e^(-decay·distance)`, the distance in cents from the side's best price (§2
 * step 6).
 */
function effectiveDepth(levels: readonly Level[], cap: number, decay: number): number {
  const best = levels[0]?.price ?? 0;
  return levels.reduce(
    (sum, { price, quantity }) =>
      sum + Math.min(quantity, cap) * Math.exp(-decay * Math.abs(price - best)),
    0,
  );
}
