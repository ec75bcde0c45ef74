import { Ladder, type Place } from "../../sim/exchange/ladder.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import type { Message } from "./streams.ts";

/** As much of an order as matching needs. */
interface BareOrder {
  readonly side: BookSide;
  readonly yesPrice: number;
  remaining: number;
}

/**
 * The ladder of the exchange with matching by price and time, and nothing around it: no cash, no
 * shares, no records. Orders are known by their number, as an engine gives them out.
 */
export class BareEngine {
  readonly #ladder = new Ladder<BareOrder>();
  readonly #resting: (Place<BareOrder> | undefined)[] = [];
  /** Shares that changed hands. */
  traded = 0;

  /** Takes a stream in. */
  take(messages: readonly Message[]): void {
    let number = 0;
    for (const message of messages) {
      if (message.kind === "cancel") this.#cancel(message.placedBy);
      else this.#place(message);
      number++;
      // A number for each message, so that a cancel can name the message that placed.
      if (this.#resting.length < number) this.#resting.push(undefined);
    }
  }

  #place({ isBid, price, quantity }: Message & { kind: "place" }): void {
    const side = isBid ? "BID" : "ASK";
    const ladder = this.#ladder;
    let remaining = quantity;
    let place = ladder.firstCrossed(side, price);
    for (; place !== null && remaining > 0; place = ladder.nextCrossed(place, side, price)) {
      const maker = place.order;
      if (maker === null) break;
      const shares = Math.min(remaining, maker.remaining);
      remaining -= shares;
      maker.remaining -= shares;
      this.traded += shares;
      if (maker.remaining === 0) ladder.leave(place);
    }
    const rests = remaining > 0 ? ladder.append({ side, yesPrice: price, remaining }) : undefined;
    this.#resting.push(rests);
  }

  #cancel(number: number): void {
    const place = this.#resting[number];
    const order = place?.order;
    if (place === undefined || order === null || order === undefined) return;
    if (order.remaining === 0) return;
    order.remaining = 0;
    this.#ladder.leave(place);
  }

  /** Shares at each price that has some: bids, then asks, by rising price. */
  depth(): [price: number, quantity: number][] {
    return (["BID", "ASK"] as const).flatMap((side) =>
      Array.from({ length: 99 }, (_, index): [number, number] => {
        let quantity = 0;
        let place = this.#ladder.first(side, index + 1);
        for (; place !== null; place = this.#ladder.next(place)) {
          quantity += place.order?.remaining ?? 0;
        }
        return [index + 1, quantity];
      }).filter(([, quantity]) => quantity > 0)
    );
  }
}
