import assert from "node:assert/strict";
import type { Contract, Direction, TimeInForce } from "../../src/models/vocabulary.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import {
  AMM_USER_ID,
  attempt,
  type ExchangeSettings,
  FakeExchange,
  type MarketSetup,
  type Placement,
} from "../../sim/exchange/mod.ts";

/** The AMM's user id, short for tests. */
export const AMM = AMM_USER_ID;
/** The market of most exchange tests. */
export const MARKET = "MKT-1";

/** An order in words: `BUY YES 60 x 10`, with `IOC` at the end if it must not rest. */
export type OrderText =
  | `${Direction} ${Contract} ${number} x ${number}`
  | `${Direction} ${Contract} ${number} x ${number} IOC`;

/** A fake exchange with one market and some users, and short words for what tests do with it. */
export class FakeVenue {
  readonly clock = new VirtualClock(1_800_000_000_000);
  readonly exchange: FakeExchange;

  constructor(settings: Partial<ExchangeSettings> = {}, market: Partial<MarketSetup> = {}) {
    this.exchange = new FakeExchange({ clock: this.clock, settings });
    this.exchange.control.createMarket({ marketId: MARKET, ...market });
  }

  /** Adds users with cash, in cents. */
  users(cashCents: number, ...userIds: readonly string[]): this {
    for (const userId of userIds) this.exchange.control.createUser({ userId, cashCents });
    return this;
  }

  /** Sends an order, e.g. `place("ann", "BUY YES 60 x 10")`. */
  place(
    userId: string,
    text: OrderText,
    { clientOrderId, marketId = MARKET }: { clientOrderId?: string; marketId?: string } = {},
  ): Placement {
    return this.exchange.placeOrder(userId, {
      marketId,
      ...orderOf(text),
      ...(clientOrderId === undefined ? {} : { clientOrderId }),
    });
  }

  /** Available and frozen cash. */
  cash(userId: string): readonly [available: number, frozen: number] {
    const { availableCents, frozenCents } = this.exchange.account(userId);
    return [availableCents, frozenCents];
  }

  /**
   * Shares held, e.g. `YES 12/780` for 12 shares that cost 780 cents; several are separated by a
   * comma.
   */
  held(userId: string, marketId: string = MARKET): string {
    const own = this.exchange.positions(userId).find((each) => each.marketId === marketId);
    if (own === undefined) return "nothing";
    const yes = own.yes > 0 ? [`YES ${own.yes}/${own.yesCostCents}`] : [];
    const no = own.no > 0 ? [`NO ${own.no}/${own.noCostCents}`] : [];
    return [...yes, ...no].join(", ");
  }

  /** Escrow, pairs and pool of the market, and all fees the venue has. */
  escrow() {
    const { reserveCents, yesShares, pnlPoolCents } = this.exchange.market(MARKET);
    const { platformFeeCents } = this.exchange.control.dumpState();
    return {
      reserve: Number(reserveCents),
      shares: Number(yesShares),
      pool: Number(pnlPoolCents),
      fees: platformFeeCents,
    };
  }

  /** The visible book as `bids | asks`, e.g. `60x10 55x5 | 62x1`. */
  book(marketId: string = MARKET): string {
    const { bids, asks } = this.exchange.orderBook(marketId);
    const [left, right] = [bids, asks].map((levels) =>
      levels.map(({ price, quantity }) => `${price}x${quantity}`).join(" ")
    );
    return `${left} | ${right}`;
  }

  /**
   * Sells `quantity` pairs' worth of starting stock: `yesOwner` gets YES, `noOwner` NO, at the
   * price.
   */
  mintBetween(yesOwner: string, noOwner: string, lot: { price: number; quantity: number }): void {
    const { price, quantity } = lot;
    this.place(yesOwner, `BUY YES ${price} x ${quantity}`);
    this.place(noOwner, `BUY NO ${100 - price} x ${quantity}`);
  }

  /** Asserts that a request is refused with a code, and that nothing changed. */
  refuses(code: number, request: () => unknown): void {
    const before = this.exchange.control.dumpState();
    const answer = attempt(request);
    assert.equal(answer.ok ? "accepted" : answer.refusal.code, code);
    assert.deepEqual(this.exchange.control.dumpState(), before);
  }
}

/** Reads an order text. */
export function orderOf(text: OrderText) {
  const [direction, contract, price, , quantity, timeInForce] = text.split(" ");
  return {
    direction: direction === "SELL" ? "SELL" : "BUY",
    contract: contract === "NO" ? "NO" : "YES",
    contractPrice: Number(price),
    quantity: Number(quantity),
    timeInForce: (timeInForce === "IOC" ? "IOC" : "GTC") satisfies TimeInForce,
  } as const;
}
