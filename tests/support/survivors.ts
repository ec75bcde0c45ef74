/** What lives through the death of a process: orders at the venue, records in the store. */

import type { MarketSnapshot } from "../../src/cache/persisted_market.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { ShakyStore } from "./shaky_store.ts";
import { MARKET, type TestVenue } from "./venue.ts";

/** Places an order of the bot's account as somebody else than the bot would; gives its id. */
export function placeByHand(venue: TestVenue, clientOrderId: string, yesCents: number): string {
  return venue.exchange.placeOrder(AMM_USER_ID, {
    clientOrderId,
    marketId: MARKET,
    contract: "YES",
    direction: "BUY",
    contractPrice: price(yesCents),
    quantity: shares(7),
    timeInForce: "GTC",
  }).order.orderId;
}

/** A store whose last record of the market can be changed as if other things had happened. */
export class EditableStore extends ShakyStore {
  #last: MarketSnapshot | null = null;

  override saveMarket(marketId: string, snapshot: MarketSnapshot, token: number) {
    this.#last = snapshot;
    return super.saveMarket(marketId, snapshot, token);
  }

  /** Books a loss of the day and fees, which no fresh record has. */
  async spoilTheDay(lossCents: number, feesCents: number): Promise<void> {
    if (this.#last === null) throw new Error("nothing was written yet");
    const { persisted } = this.#last;
    const { day, ledger } = persisted;
    if (day === null) throw new Error("the day has not begun");
    const startEquityCents = cents(day.startEquityCents + lossCents);
    await super.saveMarket(MARKET, {
      ...this.#last,
      persisted: {
        ...persisted,
        day: { ...day, startEquityCents },
        ledger: { ...ledger, feesPaidCents: cents(feesCents) },
      },
    }, 0);
  }
}
