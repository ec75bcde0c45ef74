import type { BookLevel } from "../../src/models/book.ts";
import { MAX_PRICE, MIN_PRICE, price, type PriceCents, shares } from "../../src/models/money.ts";
import { type BookSide, otherSide } from "../../src/models/vocabulary.ts";
import type { Journal } from "./journal.ts";
import type { Order } from "./records.ts";

/**
 * A place in the queue of a level. Each queue is a ring around a head that carries no order. An
 * entry that left keeps its neighbours, so it can step back in exactly where it was (Knuth's
 * dancing links).
 */
class Entry {
  prev: Entry = this;
  next: Entry = this;
  constructor(readonly order: Order | null) {}
}

/**
 * The one YES book of a market: best price first, then earliest arrival (§5).
 *
 * Two things are kept apart because the deployed exchange confuses them: the *live* queues
 * that orders match in, and the *visible* quantities of all active orders. In the reference they
 * always agree.
 */
export class OrderBook {
  readonly #journal: Journal;
  readonly #queues: Record<BookSide, Entry[]> = { BID: [], ASK: [] };
  readonly #visible: Record<BookSide, number[]> = { BID: [], ASK: [] };
  readonly #entries = new Map<string, Entry>();
  #wasEvicted = false;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Puts an order at the back of its level. */
  rest(order: Order): void {
    this.#show(order, order.remaining);
    this.#append(new Entry(order), order);
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
    if (!this.isLive(order.orderId)) return;
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
    this.#append(new Entry(order), order);
  }

  /**
   * The live orders that an incoming order crosses, best price first, then oldest. Orders may be
   * reduced or dropped meanwhile.
   * @param side side of the incoming order
   * @param limit its YES price
   */
  *crossing(side: BookSide, limit: PriceCents): Generator<Order> {
    const opposite = otherSide(side);
    const step = side === "BID" ? 1 : -1;
    const best = side === "BID" ? MIN_PRICE : MAX_PRICE;
    for (let level: number = best; (limit - level) * step >= 0; level += step) {
      yield* this.queue(opposite, level);
    }
  }

  /** The live orders of one level, oldest first. */
  *queue(side: BookSide, level: number): Generator<Order> {
    const head = this.#head(side, level);
    for (let entry = head.next; entry.order !== null; entry = entry.next) yield entry.order;
  }

  /** All live orders: bids, then asks, each by rising price and age. */
  *liveOrders(): Generator<Order> {
    for (const side of ["BID", "ASK"] as const) {
      for (let level: number = MIN_PRICE; level <= MAX_PRICE; level++) {
        yield* this.queue(side, level);
      }
    }
  }

  /** True once an order was dropped: from then on, active orders may be missing from the queues. */
  get wasEvicted(): boolean {
    return this.#wasEvicted;
  }

  /** True if the order can match. */
  isLive(orderId: string): boolean {
    return this.#entries.has(orderId);
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
    const entry = this.#entries.get(order.orderId);
    if (entry === undefined) return;
    this.#entries.delete(order.orderId);
    entry.prev.next = entry.next;
    entry.next.prev = entry.prev;
    this.#journal.note(() => {
      entry.prev.next = entry;
      entry.next.prev = entry;
      this.#entries.set(order.orderId, entry);
    });
  }

  #append(entry: Entry, order: Order): void {
    const head = this.#head(order.side, order.yesPrice);
    entry.prev = head.prev;
    entry.next = head;
    entry.prev.next = entry;
    head.prev = entry;
    this.#entries.set(order.orderId, entry);
    this.#journal.note(() => {
      entry.prev.next = entry.next;
      entry.next.prev = entry.prev;
      this.#entries.delete(order.orderId);
    });
  }

  #show(order: Order, change: number): void {
    const visible = this.#visible[order.side];
    const at = order.yesPrice;
    visible[at] = (visible[at] ?? 0) + change;
    this.#journal.note(() => {
      visible[at] = (visible[at] ?? 0) - change;
    });
  }

  #head(side: BookSide, level: number): Entry {
    return this.#queues[side][level] ??= new Entry(null);
  }
}
