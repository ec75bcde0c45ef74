import type { OrderBook } from "../../src/models/book.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";

/**
 * What one user sees and does in one market, in YES prices. He only ever buys: YES to bid, NO to
 * offer, so he needs cash and no shares; the venue turns his pairs back into cash.
 */
export interface Desk {
  /** The public book; empty while the market is not active. */
  book(): OrderBook;
  /**
   * Takes what rests at the limit or better and leaves nothing behind.
   * @param side BID buys YES exposure, ASK sells it
   * @param limit YES price, rounded against the trader and kept within 1 to 99
   * @returns shares traded, 0 if the venue refused
   */
  take(side: BookSide, limit: number, quantity: number): number;
  /**
   * Lets an order rest.
   * @returns its id, null if the venue refused
   */
  rest(side: BookSide, yesPrice: number, quantity: number): string | null;
  /** Takes an order back; one that is done is no error. */
  cancel(orderId: string): void;
}
