import type { Connector, PlaceRequest, VenueTrade } from "../../../src/connector/connector.ts";
import type { MarketConfig } from "../../../src/config/registry.ts";
import type { KillLatch } from "../../../src/models/explanation.ts";
import { pairs } from "../../../src/models/inventory.ts";
import type { MarketRecord } from "../../../src/models/market.ts";
import { clamp, mirrorPrice, price, shares } from "../../../src/models/money.ts";
import type { OpenOrder } from "../../../src/models/order.ts";
import type { Clock } from "../../../src/runtime/clock.ts";
import type { Maker, MakerQuote, MakerView } from "./maker.ts";

/** What a market maker works with in one market. */
export interface MakerDeskOptions {
  readonly maker: Maker;
  readonly config: MarketConfig;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly ownUserId: string;
}

/**
 * One market of a {@link Maker}: books its fills, stops it when its own mark says that the budget
 * is lost, and moves the resting orders to what it wants. It only ever buys, YES to bid and NO to
 * offer, and turns its pairs back into cash.
 */
export class MakerDesk {
  readonly #options: MakerDeskOptions;
  #cashCents = 0;
  #netShares = 0;
  #learntCents: number;
  #lifeMs: number | null = null;
  #endMs: number | null = null;
  #latch: KillLatch | null = null;
  #resting: readonly MakerQuote[] | null = null;
  #lookedAtMs = -Infinity;
  #sequence = 0;

  constructor(options: MakerDeskOptions) {
    this.#options = options;
    this.#learntCents = options.config.anchorPriceCents;
  }

  /** Why the maker gave up, null if it did not. */
  get latch(): KillLatch | null {
    return this.#latch;
  }

  /** Takes in the record of the market, before anything else. */
  begin({ tradingEndAtMs }: Pick<MarketRecord, "tradingEndAtMs">): void {
    this.#endMs = tradingEndAtMs;
    this.#lifeMs = tradingEndAtMs === null ? null : tradingEndAtMs - this.#options.clock.nowMs();
  }

  /** Books own trades, oldest first. */
  book(trades: readonly VenueTrade[]): void {
    const { ownUserId, maker: { learning } } = this.#options;
    for (const { buyUserId, sellUserId, yesPrice, quantity } of trades) {
      const bought = (buyUserId === ownUserId ? 1 : 0) - (sellUserId === ownUserId ? 1 : 0);
      this.#netShares += bought * quantity;
      this.#cashCents -= bought * quantity * yesPrice;
      this.#learntCents += learning * (yesPrice - this.#learntCents);
    }
    if (trades.length > 0) this.#lookedAtMs = -Infinity;
  }

  /** Moves the resting orders to what the maker wants, after a fill and once in a while. */
  async work(): Promise<void> {
    const { clock, config } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#lookedAtMs < config.quoteIntervalMs) return;
    const isAfterFill = this.#lookedAtMs === -Infinity;
    this.#lookedAtMs = nowMs;
    const view = this.#view();
    this.#judge(view);
    const wanted = this.#latch === null ? this.#options.maker.quotes(view) : [];
    if (!isAfterFill && this.#resting !== null && sameQuotes(wanted, this.#resting)) return;
    await this.#moveTo(wanted);
    this.#resting = wanted;
    if (isAfterFill) await this.#burnPairs();
  }

  /** Takes everything off the market; returns what may still rest. */
  async withdraw(): Promise<readonly OpenOrder[]> {
    const { connector, config } = this.#options;
    await connector.batchCancel(config.marketId, "ALL");
    return await connector.openOrders(config.marketId);
  }

  #view(): MakerView {
    const leftMs = (this.#endMs ?? 0) - this.#options.clock.nowMs();
    return {
      netShares: this.#netShares,
      learntCents: this.#learntCents,
      lifeLeft: this.#lifeMs === null ? 1 : clamp(leftMs / this.#lifeMs, 0, 1),
    };
  }

  #judge(view: MakerView): void {
    const { maker, config, clock } = this.#options;
    const pnlCents = this.#cashCents + this.#netShares * maker.fairCents(view);
    if (pnlCents >= -config.maxPerMarketLossCents) return;
    this.#latch ??= { reason: "LOSS", atMs: clock.nowMs(), source: "max_per_market_loss_cents" };
  }

  /** Cancels what is not wanted, then places what is missing; so own quotes never cross. */
  async #moveTo(wanted: readonly MakerQuote[]): Promise<void> {
    const { connector, config } = this.#options;
    const missing = new Map(wanted.map((quote) => [keyOf(quote.side, quote.price), { ...quote }]));
    for (const order of await connector.openOrders(config.marketId)) {
      const quote = missing.get(keyOf(order.side, order.yesPrice));
      if (quote !== undefined && quote.quantity >= order.remaining) {
        quote.quantity -= order.remaining;
      } else {
        await connector.cancel(order.orderId);
      }
    }
    for (const quote of missing.values()) {
      if (quote.quantity > 0) await connector.place(this.#order(quote));
    }
  }

  #order({ side, price: yesPrice, quantity }: MakerQuote): PlaceRequest {
    const isBid = side === "BID";
    return {
      clientOrderId: `maker-${this.#options.config.marketId}-${this.#sequence++}`,
      marketId: this.#options.config.marketId,
      contract: isBid ? "YES" : "NO",
      direction: "BUY",
      contractPrice: isBid ? price(yesPrice) : mirrorPrice(price(yesPrice)),
      quantity: shares(quantity),
      timeInForce: "GTC",
    };
  }

  async #burnPairs(): Promise<void> {
    const { connector, config: { marketId } } = this.#options;
    const quantity = pairs(await connector.position(marketId));
    if (quantity === 0) return;
    const idempotencyKey = `maker-${marketId}-${this.#sequence++}`;
    await connector.burn({ marketId, quantity, idempotencyKey });
  }
}

function keyOf(side: string, yesPrice: number): string {
  return `${side} ${yesPrice}`;
}

function sameQuotes(one: readonly MakerQuote[], other: readonly MakerQuote[]): boolean {
  return one.length === other.length && one.every((quote, index) => {
    const twin = other[index];
    return twin !== undefined && quote.side === twin.side && quote.price === twin.price &&
      quote.quantity === twin.quantity;
  });
}
