import { MAX_PRICE, MIN_PRICE } from "../../src/models/money.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";

/** Stands for an order where there is none. */
export const NO_PLACE = -1;

/** Slots of one side: one for each price, and one beyond either end. */
const SLOTS = MAX_PRICE + 2;
/** Both sides; the places of orders come behind. */
const HEADS = 2 * SLOTS;
const FIRST_CAPACITY = 64;
/** More than there can ever be nodes; a pair of them is still a safe integer. */
const NODES = 2 ** 26;

/**
 * Orders by price, then arrival: one queue for each of the 99 prices of both sides. Whatever it is
 * asked, it takes the same time however many orders there are.
 *
 * An order is here only a place: a small number that whoever uses the ladder has chosen for it.
 * Each queue is a ring around a head, and who stands beside whom is in two arrays of numbers: there
 * is no object for an order, because the collector took most of the time of one. A place that was
 * left keeps its neighbours, so it can be entered again exactly where it was (Knuth's dancing
 * links), and whoever walks along the queue can go on from it.
 */
export class Ladder {
  #prev = heads();
  #next = heads();
  /** No bid is higher, and no ask lower; the price itself may be empty. */
  #bestBid = MIN_PRICE - 1;
  #bestAsk = MAX_PRICE + 1;

  /**
   * Puts an order at the back of its queue.
   * @param place 0 or more, and not in any queue
   */
  append(place: number, side: BookSide, yesPrice: number): void {
    const node = HEADS + place;
    while (node >= this.#next.length) this.#grow();
    const head = headOf(side, yesPrice);
    this.#prev[node] = at(this.#prev, head);
    this.#next[node] = head;
    this.enter(place, side, yesPrice);
  }

  /** Takes an order out of its queue. */
  leave(place: number): void {
    const [prev, next] = [at(this.#prev, HEADS + place), at(this.#next, HEADS + place)];
    this.#next[prev] = next;
    this.#prev[next] = prev;
  }

  /** Undoes the last {@link leave} that is not undone yet. */
  enter(place: number, side: BookSide, yesPrice: number): void {
    const node = HEADS + place;
    this.#next[at(this.#prev, node)] = node;
    this.#prev[at(this.#next, node)] = node;
    if (side === "BID") {
      if (yesPrice > this.#bestBid) this.#bestBid = yesPrice;
    } else if (yesPrice < this.#bestAsk) this.#bestAsk = yesPrice;
  }

  /**
   * Whom a place has stood between, as one number. Who takes a place again that was left, and may
   * have to undo both, gives them back with {@link setNeighbours} in between.
   */
  neighbours(place: number): number {
    const node = HEADS + place;
    return NODES * (this.#prev[node] ?? 0) + (this.#next[node] ?? 0);
  }

  /** See {@link neighbours}. */
  setNeighbours(place: number, neighbours: number): void {
    this.#prev[HEADS + place] = Math.floor(neighbours / NODES);
    this.#next[HEADS + place] = neighbours % NODES;
  }

  /** The oldest order of a price, {@link NO_PLACE} if there is none. */
  first(side: BookSide, yesPrice: number): number {
    return placeOf(at(this.#next, headOf(side, yesPrice)));
  }

  /** The next order of the same price, {@link NO_PLACE} if there is none. */
  next(place: number): number {
    return placeOf(at(this.#next, HEADS + place));
  }

  /**
   * The first order that an incoming one crosses, {@link NO_PLACE} if it crosses none.
   * @param side side of the incoming order
   * @param limit its YES price
   */
  firstCrossed(side: BookSide, limit: number): number {
    return side === "BID" ? this.#firstAsk(limit) : this.#firstBid(limit);
  }

  /** The order that is crossed after another one, which may have left meanwhile. */
  nextCrossed(place: number, side: BookSide, limit: number): number {
    const next = at(this.#next, HEADS + place);
    if (next >= HEADS) return next - HEADS;
    // The ring has come to its head, whose number tells the price.
    return side === "BID"
      ? this.#askFrom(next - headOf("ASK", 0) + 1, limit)
      : this.#bidFrom(next - headOf("BID", 0) - 1, limit);
  }

  #firstAsk(limit: number): number {
    while (this.#bestAsk <= MAX_PRICE && this.first("ASK", this.#bestAsk) < 0) this.#bestAsk++;
    return this.#askFrom(this.#bestAsk, limit);
  }

  #firstBid(limit: number): number {
    while (this.#bestBid >= MIN_PRICE && this.first("BID", this.#bestBid) < 0) this.#bestBid--;
    return this.#bidFrom(this.#bestBid, limit);
  }

  #askFrom(from: number, limit: number): number {
    for (let price = from; price <= limit; price++) {
      const place = this.first("ASK", price);
      if (place >= 0) return place;
    }
    return NO_PLACE;
  }

  #bidFrom(from: number, limit: number): number {
    for (let price = from; price >= limit; price--) {
      const place = this.first("BID", price);
      if (place >= 0) return place;
    }
    return NO_PLACE;
  }

  #grow(): void {
    this.#prev = twiceAsLong(this.#prev);
    this.#next = twiceAsLong(this.#next);
  }
}

function headOf(side: BookSide, yesPrice: number): number {
  return side === "BID" ? yesPrice : SLOTS + yesPrice;
}

function placeOf(node: number): number {
  return node < HEADS ? NO_PLACE : node - HEADS;
}

function heads(): Int32Array {
  return Int32Array.from({ length: HEADS + FIRST_CAPACITY }, (_, node) => node);
}

function twiceAsLong(nodes: Int32Array): Int32Array {
  const longer = new Int32Array(2 * nodes.length);
  longer.set(nodes);
  return longer;
}

/** What an array holds at an index that it has. */
function at(nodes: Int32Array, index: number): number {
  return nodes[index] ?? NO_PLACE;
}
