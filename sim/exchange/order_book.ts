import type { BookLevel } from "../../src/models/book.ts";
import { MAX_PRICE, MIN_PRICE, price, shares } from "../../src/models/money.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import type { Journal } from "./journal.ts";
import { Ladder, NO_PLACE } from "./ladder.ts";

/** What the book has to know of an order. */
export interface BookEntry {
  readonly side: BookSide;
  readonly yesPrice: number;
  readonly remaining: number;
  /** Where it stands in the live book, negative if it does not. Only the book sets it. */
  place: number;
}

/**
 * The one YES book of a market: best price first, then earliest arrival (§5).
 *
 * Two things are kept apart because the deployed exchange confuses them: the *live* queues
 * that orders match in, and the *visible* quantities of all active orders. In the reference they
 * always agree.
 */
export class OrderBook<Order extends BookEntry> {
  readonly #journal: Journal;
  readonly #ladder = new Ladder();
  /** The live orders by their place. */
  readonly #orders: Order[] = [];
  /** Places of orders that have left, to be taken again. */
  readonly #free: number[] = [];
  readonly #visible = { BID: noDepth(), ASK: noDepth() };
  #wasEvicted = false;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Puts an order at the back of its level. */
  rest(order: Order): void {
    this.#show(order, order.remaining);
    this.#append(order);
  }

  /**
   * Takes `quantity` of a resting order away after a fill; an order with nothing left leaves.
   * Call it after the order's own figures were changed.
   */
  reduce(order: Order, quantity: number): void {
    this.#show(order, -quantity);
    if (order.remaining === 0) this.#leave(order);
  }

  /** Takes a cancelled order away. */
  withdraw(order: Order): void {
    this.#show(order, -order.remaining);
    this.#leave(order);
  }

  /**
   * Takes an order out of the live queue only: it stays visible but does not match any more.
   */
  drop(order: Order): void {
    if (!this.isLive(order)) return;
    this.#wasEvicted = true;
    this.#leave(order);
  }

  /** Drops every order. */
  evict(): void {
    for (const order of this.liveOrders()) this.drop(order);
  }

  /** Moves an order to the back of its level. */
  moveToBack(order: Order): void {
    this.#leave(order);
    this.#append(order);
  }

  /**
   * Where the first live order stands that an incoming order crosses, the oldest of the best price;
   * {@link NO_PLACE} if it crosses none.
   */
  firstCrossed({ side, yesPrice }: Order): number {
    return this.#ladder.firstCrossed(side, yesPrice);
  }

  /**
   * Where the one after it stands. The first may have been reduced or dropped meanwhile, but no
   * other order may have come into the book.
   */
  nextCrossed(place: number, { side, yesPrice }: Order): number {
    return this.#ladder.nextCrossed(place, side, yesPrice);
  }

  /**
   * The order that stands at a place, or did last.
   * @throws RangeError if none ever stood there
   */
  at(place: number): Order {
    const order = this.#orders[place];
    if (order === undefined) throw new RangeError(`Cannot find an order at place ${place}`);
    return order;
  }

  /** All live orders: bids, then asks, each by rising price and age. */
  *liveOrders(): Generator<Order> {
    for (const side of ["BID", "ASK"] as const) {
      for (let level: number = MIN_PRICE; level <= MAX_PRICE; level++) {
        let place = this.#ladder.first(side, level);
        for (; place !== NO_PLACE; place = this.#ladder.next(place)) yield this.at(place);
      }
    }
  }

  /** True once an order was dropped: from then on, active orders may be missing from the queues. */
  get wasEvicted(): boolean {
    return this.#wasEvicted;
  }

  /** True if the order can match. */
  isLive({ place }: Order): boolean {
    return place !== NO_PLACE;
  }

  /** The visible levels of a side, best first, at most `limit`. */
  levels(side: BookSide, limit: number): BookLevel[] {
    const found: BookLevel[] = [];
    for (let nth = 0; nth < MAX_PRICE && found.length < limit; nth++) {
      const at = side === "BID" ? MAX_PRICE - nth : MIN_PRICE + nth;
      const quantity = this.#visible[side][at] ?? 0;
      if (quantity > 0) found.push({ price: price(at), quantity: shares(quantity) });
    }
    return found;
  }

  #leave(order: Order): void {
    const { place } = order;
    if (place === NO_PLACE) return;
    this.#ladder.leave(place);
    this.#free.push(place);
    order.place = NO_PLACE;
    this.#journal.note(this.#undoLeave, order, place);
  }

  readonly #undoLeave = (order: Order, place: number): void => {
    this.#free.pop();
    this.#orders[place] = order;
    this.#ladder.enter(place, order.side, order.yesPrice);
    order.place = place;
  };

  #append(order: Order): void {
    const place = this.#free.pop() ?? this.#orders.length;
    const neighbours = this.#ladder.neighbours(place);
    this.#ladder.append(place, order.side, order.yesPrice);
    this.#orders[place] = order;
    order.place = place;
    this.#journal.note(this.#undoAppend, order, neighbours);
  }

  readonly #undoAppend = (order: Order, neighbours: number): void => {
    const { place } = order;
    this.#ladder.leave(place);
    this.#ladder.setNeighbours(place, neighbours);
    this.#free.push(place);
    order.place = NO_PLACE;
  };

  #show({ side, yesPrice }: Order, change: number): void {
    const visible = this.#visible[side];
    const before = visible[yesPrice] ?? 0;
    this.#journal.keep(visible, yesPrice, before);
    visible[yesPrice] = before + change;
  }
}

/** Nothing at any price. */
function noDepth(): number[] {
  return new Array<number>(MAX_PRICE + 1).fill(0);
}
