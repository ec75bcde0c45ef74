import { MAX_PRICE, MIN_PRICE } from "../../src/models/money.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";

/** What the ladder has to know of an order. */
export interface Rung {
  readonly side: BookSide;
  /** YES price, 1 to 99 cents. */
  readonly yesPrice: number;
}

/**
 * A place in the queue of a price. Each queue is a ring around a head that carries no order. A
 * place that was left keeps its neighbours, so it can be taken again exactly where it was (Knuth's
 * dancing links), and whoever walks along the queue can go on from it.
 */
export class Place<T> {
  prev: Place<T> = this;
  next: Place<T> = this;
  constructor(readonly order: T | null) {}
}

/** Slots of one side: one for each price, and one beyond either end. */
const SLOTS = MAX_PRICE + 2;

/**
 * Orders by price, then arrival: one queue for each of the 99 prices of both sides. Whatever it is
 * asked, it takes the same time however many orders there are, and it allocates nothing but the
 * places.
 */
export class Ladder<T extends Rung> {
  readonly #bids = emptyQueues<T>();
  readonly #asks = emptyQueues<T>();
  /** No bid is higher, and no ask lower; the price itself may be empty. */
  #bestBid = MIN_PRICE - 1;
  #bestAsk = MAX_PRICE + 1;

  /** Puts an order at the back of its queue. */
  append(order: T): Place<T> {
    const place = new Place<T>(order);
    const head = this.#head(order.side, order.yesPrice);
    place.prev = head.prev;
    place.next = head;
    this.enter(place, order);
    return place;
  }

  /** Takes an order out of its queue. */
  leave({ prev, next }: Place<T>): void {
    prev.next = next;
    next.prev = prev;
  }

  /** Undoes the last {@link leave} that is not undone yet. */
  enter(place: Place<T>, { side, yesPrice }: Rung): void {
    place.prev.next = place;
    place.next.prev = place;
    if (side === "BID") {
      if (yesPrice > this.#bestBid) this.#bestBid = yesPrice;
    } else if (yesPrice < this.#bestAsk) this.#bestAsk = yesPrice;
  }

  /** The oldest order of a price, null if there is none. */
  first(side: BookSide, yesPrice: number): Place<T> | null {
    return orNull(this.#head(side, yesPrice).next);
  }

  /** The next order of the same price, null if there is none. */
  next(place: Place<T>): Place<T> | null {
    return orNull(place.next);
  }

  /**
   * The first order that an incoming one crosses, null if it crosses none.
   * @param side side of the incoming order
   * @param limit its YES price
   */
  firstCrossed(side: BookSide, limit: number): Place<T> | null {
    return side === "BID" ? this.#firstAsk(limit) : this.#firstBid(limit);
  }

  /** The order that is crossed after another one, which may have left meanwhile. */
  nextCrossed(place: Place<T>, side: BookSide, limit: number): Place<T> | null {
    const { next, order } = place;
    if (next.order !== null || order === null) return next;
    return side === "BID"
      ? this.#askFrom(order.yesPrice + 1, limit)
      : this.#bidFrom(order.yesPrice - 1, limit);
  }

  #firstAsk(limit: number): Place<T> | null {
    while (this.#bestAsk <= MAX_PRICE && isEmpty(this.#asks[this.#bestAsk])) this.#bestAsk++;
    return this.#askFrom(this.#bestAsk, limit);
  }

  #firstBid(limit: number): Place<T> | null {
    while (this.#bestBid >= MIN_PRICE && isEmpty(this.#bids[this.#bestBid])) this.#bestBid--;
    return this.#bidFrom(this.#bestBid, limit);
  }

  #askFrom(from: number, limit: number): Place<T> | null {
    for (let price = from; price <= limit; price++) {
      const place = this.first("ASK", price);
      if (place !== null) return place;
    }
    return null;
  }

  #bidFrom(from: number, limit: number): Place<T> | null {
    for (let price = from; price >= limit; price--) {
      const place = this.first("BID", price);
      if (place !== null) return place;
    }
    return null;
  }

  #head(side: BookSide, yesPrice: number): Place<T> {
    const head = (side === "BID" ? this.#bids : this.#asks)[yesPrice];
    if (head === undefined) throw new RangeError(`Cannot queue at ${yesPrice}: it is no price`);
    return head;
  }
}

function emptyQueues<T>(): readonly Place<T>[] {
  return Array.from({ length: SLOTS }, () => new Place<T>(null));
}

function isEmpty(head: Place<unknown> | undefined): boolean {
  return head === undefined || head.next === head;
}

function orNull<T>(place: Place<T>): Place<T> | null {
  return place.order === null ? null : place;
}
