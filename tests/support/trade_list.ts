import {
  type TradePage,
  type TradeQuery,
  VenueError,
  type VenueTrade,
} from "../../src/connector/connector.ts";
import { cents, price, shares } from "../../src/models/money.ts";

/** A venue that lists trades newest first, with cursors that go backwards. */
export class TradeList {
  readonly trades: VenueTrade[] = [];
  calls = 0;
  fail = false;

  /** Somebody trades. */
  add(count: number, marketId = "MKT-1"): void {
    for (let index = 0; index < count; index++) {
      this.trades.unshift({
        tradeId: String(100_000 + this.trades.length),
        marketId,
        scenario: "TRANSFER_YES",
        yesPrice: price(52),
        quantity: shares(1),
        buyUserId: "other",
        sellUserId: "amm",
        takerFeeCents: cents(0),
        executedAtMs: this.trades.length,
      });
    }
  }

  /** Answers as the venue does, or not at all while `fail` is set. */
  read({ limit, cursor }: TradeQuery): Promise<TradePage> {
    this.calls++;
    if (this.fail) {
      return Promise.reject(
        new VenueError({ kind: "unavailable", call: "trades", message: "time-out" }),
      );
    }
    const from = cursor === undefined
      ? 0
      : this.trades.findIndex((trade) => trade.tradeId === cursor) + 1;
    const trades = this.trades.slice(from, from + limit);
    const more = from + limit < this.trades.length;
    return Promise.resolve({ trades, nextCursor: more ? trades.at(-1)?.tradeId ?? null : null });
  }
}
