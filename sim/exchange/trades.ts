import { oncePer } from "../../src/models/memo.ts";
import { type Cents, cents, type PriceCents, type Shares } from "../../src/models/money.ts";
import type { Scenario } from "../../src/models/vocabulary.ts";
import { byAge, idText, type Stamp } from "./ids.ts";
import type { Journal } from "./journal.ts";
import type { Order, TradeEntry } from "./records.ts";
import type { Page, PublicTrade, VenueTradeRecord } from "./types.ts";

/** Hears of every trade at the venue, after the request that caused it is done. */
export type TradeListener = (trade: PublicTrade) => void;

/**
 * A trade between two orders. There are many, and they stay: what can be told from the orders is
 * not stored.
 */
export class Trade implements TradeEntry {
  high = 0;
  low = 0;
  readonly maker: Order;
  readonly taker: Order;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
  makerFeeCents = cents(0);
  takerFeeCents = cents(0);
  /** Null for an opening leg. */
  makerPnlCents: Cents | null = null;
  takerPnlCents: Cents | null = null;
  /** Since the taker took his seat: small numbers need no object of their own. */
  #executedAfterMs = 0;

  /** Two orders meet at the price of the one that was there. */
  constructor(maker: Order, taker: Order) {
    this.maker = maker;
    this.taker = taker;
    this.yesPrice = maker.yesPrice;
    this.quantity = maker.remaining < taker.remaining ? maker.remaining : taker.remaining;
  }

  /** Notes what a party was charged, and what it realised if it closed a position. */
  settle(order: Order, fee: Cents, pnl: Cents | null): void {
    if (order === this.maker) {
      this.makerFeeCents = fee;
      this.makerPnlCents = pnl;
    } else {
      this.takerFeeCents = fee;
      this.takerPnlCents = pnl;
    }
  }

  /** Gives it its id and time, once it stands. */
  stamp({ high, low, atMs }: Stamp): void {
    this.high = high;
    this.low = low;
    this.#executedAfterMs = atMs - this.taker.seat.takenAtMs;
  }

  get executedAtMs(): number {
    return this.taker.seat.takenAtMs + this.#executedAfterMs;
  }

  /** The order that took YES exposure. */
  get bid(): Order {
    return this.#isMakerBid ? this.maker : this.taker;
  }

  /** The order that gave YES exposure away. */
  get ask(): Order {
    return this.#isMakerBid ? this.taker : this.maker;
  }

  /** Of both parties. */
  get feesCents(): number {
    return this.makerFeeCents + this.takerFeeCents;
  }

  /** How it cleared (§8.1). */
  get scenario(): Scenario {
    const [bid, ask] = [this.bid.kind.contract, this.ask.kind.contract];
    if (bid === ask) return bid === "YES" ? "TRANSFER_YES" : "TRANSFER_NO";
    return bid === "YES" ? "MINT" : "BURN";
  }

  get marketId(): string {
    return this.maker.seat.market.id;
  }

  view(): VenueTradeRecord {
    const { maker, taker, bid, ask } = this;
    const isMakerBid = this.#isMakerBid;
    return {
      tradeId: idText(this),
      marketId: this.marketId,
      scenario: this.scenario,
      yesPrice: this.yesPrice,
      quantity: this.quantity,
      executedAtMs: this.executedAtMs,
      buyOrderId: bid.orderId,
      sellOrderId: ask.orderId,
      buyUserId: bid.userId,
      sellUserId: ask.userId,
      makerOrderId: maker.orderId,
      takerOrderId: taker.orderId,
      makerFeeCents: this.makerFeeCents,
      takerFeeCents: this.takerFeeCents,
      buyRealizedPnlCents: isMakerBid ? this.makerPnlCents : this.takerPnlCents,
      sellRealizedPnlCents: isMakerBid ? this.takerPnlCents : this.makerPnlCents,
    };
  }

  /** As everybody may see it. */
  publicView(): PublicTrade {
    return {
      tradeId: idText(this),
      marketId: this.marketId,
      scenario: this.scenario,
      yesPrice: this.yesPrice,
      quantity: this.quantity,
      executedAtMs: this.executedAtMs,
      aggressor: this.taker.side,
      makerUserId: this.maker.userId,
      takerUserId: this.taker.userId,
    };
  }

  get #isMakerBid(): boolean {
    return this.maker.side === "BID";
  }
}

/** The news of trades for everybody. */
export class TradeNews {
  readonly #journal: Journal;
  readonly #listeners = new Set<TradeListener>();
  readonly #undelivered: Trade[] = [];
  #isDelivering = false;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Announces a trade once the request succeeds. */
  announce(trade: Trade): void {
    if (this.#listeners.size === 0) return;
    this.#undelivered.push(trade);
    this.#journal.note(dropLast, this.#undelivered, null);
  }

  /**
   * Tells the listeners what was announced. A listener may send requests itself; the trades they
   * cause are told after those of before.
   */
  deliver(): void {
    if (this.#undelivered.length === 0 || this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let trade = this.#undelivered.shift(); trade; trade = this.#undelivered.shift()) {
        const news = trade.publicView();
        for (const listener of this.#listeners) listener(news);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Adds a listener, and gives back how to remove it. */
  subscribe(listener: TradeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** A page of trades as its reader sees it; the same for the same page. */
export const tradePage: (page: Page<TradeEntry>) => Page<VenueTradeRecord> = oncePer(
  ({ items, nextCursor }: Page<TradeEntry>) => ({
    items: items.map((trade) => trade.view()),
    nextCursor,
  }),
);

/** All trades of some lists, each once, oldest first. */
export function allTrades(lists: Iterable<readonly TradeEntry[]>): TradeEntry[] {
  const trades = new Set<TradeEntry>();
  for (const list of lists) {
    for (const trade of list) trades.add(trade);
  }
  return [...trades].sort(byAge);
}

function dropLast(trades: Trade[]): void {
  trades.pop();
}
