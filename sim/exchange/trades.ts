import { History } from "./history.ts";
import type { Journal } from "./journal.ts";
import type { ExchangeSettings } from "./settings.ts";
import {
  type OwnTradeQuery,
  type Page,
  type PublicTrade,
  SYSTEM_USER_ID,
  type VenueTradeRecord,
} from "./types.ts";

/** Hears of every trade at the venue, after the request that caused it is done. */
export type TradeListener = (trade: PublicTrade) => void;

/** The trades of each user, and the news of trades for everybody. */
export class Trades {
  readonly #journal: Journal;
  readonly #retained: number;
  readonly #byUser = new Map<string, History<VenueTradeRecord>>();
  readonly #listeners = new Set<TradeListener>();
  readonly #undelivered: PublicTrade[] = [];
  #isDelivering = false;

  constructor(journal: Journal, settings: ExchangeSettings) {
    this.#journal = journal;
    this.#retained = settings.retainedPerUser;
  }

  /** Enters a trade in the lists of its parties. */
  record(trade: VenueTradeRecord): void {
    const { buyUserId, sellUserId } = trade;
    if (buyUserId !== SYSTEM_USER_ID) this.#tradesOf(buyUserId).append(trade);
    if (sellUserId === SYSTEM_USER_ID || sellUserId === buyUserId) return;
    this.#tradesOf(sellUserId).append(trade);
  }

  /** Announces a trade once the request succeeds. */
  announce(trade: PublicTrade): void {
    if (this.#listeners.size === 0) return;
    this.#undelivered.push(trade);
    this.#journal.note(() => this.#undelivered.pop());
  }

  /**
   * Tells the listeners what was announced. A listener may send requests itself; the trades they
   * cause are told after those of before.
   */
  deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let trade = this.#undelivered.shift(); trade; trade = this.#undelivered.shift()) {
        for (const listener of this.#listeners) listener(trade);
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

  /** One page of a user's trades, newest first. */
  page(userId: string, query: OwnTradeQuery): Page<VenueTradeRecord> {
    const { marketId } = query;
    return this.#tradesOf(userId).page(
      query,
      (trade) => marketId === undefined || trade.marketId === marketId,
    );
  }

  /** Every trade that is still known, oldest first. */
  all(): VenueTradeRecord[] {
    const byId = new Map<string, VenueTradeRecord>();
    for (const { items } of this.#byUser.values()) {
      for (const trade of items) byId.set(trade.tradeId, trade);
    }
    return [...byId.values()].sort((a, b) => (a.tradeId < b.tradeId ? -1 : 1));
  }

  /** Forgets what is too old. */
  trim(userId: string): void {
    this.#tradesOf(userId).trim();
  }

  #tradesOf(userId: string): History<VenueTradeRecord> {
    const known = this.#byUser.get(userId);
    if (known !== undefined) return known;
    const created = new History<VenueTradeRecord>(this.#journal, {
      retained: this.#retained,
      idOf: (trade) => trade.tradeId,
      isBefore: (trade, cursor) => trade.tradeId < cursor,
    });
    this.#byUser.set(userId, created);
    return created;
  }
}
