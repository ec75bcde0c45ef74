import { Ladder } from "../../sim/exchange/ladder.ts";
import type { Message } from "./streams.ts";

/**
 * The ladder of the exchange with matching by price and time, and nothing around it: no cash, no
 * shares, no records. Orders are known by the number of their message.
 */
export class BareEngine {
  readonly #ladder = new Ladder();
  /** What each message has left in the book: nothing for a cancel. */
  readonly #remaining: Int32Array;
  /** Shares that changed hands. */
  traded = 0;

  /** @param capacity how many messages it can take */
  constructor(capacity: number) {
    this.#remaining = new Int32Array(capacity);
  }

  /** Takes a stream in. */
  take(messages: readonly Message[]): void {
    let number = 0;
    for (const message of messages) {
      if (message.kind === "place") this.#place(number, message);
      else this.#cancel(message.placedBy);
      number++;
    }
  }

  #place(number: number, { isBid, price, quantity }: Message & { kind: "place" }): void {
    const side = isBid ? "BID" : "ASK";
    const [ladder, resting] = [this.#ladder, this.#remaining];
    let remaining = quantity;
    let maker = ladder.firstCrossed(side, price);
    for (; maker >= 0 && remaining > 0; maker = ladder.nextCrossed(maker, side, price)) {
      const offered = resting[maker] ?? 0;
      const shares = Math.min(remaining, offered);
      remaining -= shares;
      resting[maker] = offered - shares;
      this.traded += shares;
      if (shares === offered) ladder.leave(maker);
    }
    if (remaining === 0) return;
    resting[number] = remaining;
    ladder.append(number, side, price);
  }

  #cancel(number: number): void {
    if (this.#remaining[number] === 0) return;
    this.#remaining[number] = 0;
    this.#ladder.leave(number);
  }

  /** Shares at each price that has some: bids, then asks, by rising price. */
  depth(): [price: number, quantity: number][] {
    return (["BID", "ASK"] as const).flatMap((side) =>
      Array.from({ length: 99 }, (_, index): [number, number] => {
        let quantity = 0;
        let order = this.#ladder.first(side, index + 1);
        for (; order >= 0; order = this.#ladder.next(order)) {
          quantity += this.#remaining[order] ?? 0;
        }
        return [index + 1, quantity];
      }).filter(([, quantity]) => quantity > 0)
    );
  }
}
