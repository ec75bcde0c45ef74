import type { Connector, VenueTrade } from "./connector.ts";
import type { Logger } from "../runtime/log.ts";

/** Receives the new trades of one market, oldest first, as soon as a poll has found them. */
export type TradeListener = (trades: readonly VenueTrade[]) => void;

/** Everything the poller needs. */
export interface TradePollerOptions {
  readonly connector: Pick<Connector, "trades">;
  readonly log: Logger;
  /** `trade_page_limit`, 1 to 100 rows. */
  readonly pageLimit: number;
  /** How many trade ids to remember, `dedupe_max_entries` per market. */
  readonly maxRemembered: number;
}

/** A poll that must read more pages than this has lost its place and says so. */
const MAX_PAGES = 1000;

/**
 * One trade poll for all markets of the account. The venue lists trades newest first and its
 * cursors go backwards (exchange API §4.5), so a poll walks from the newest page until a page ends
 * with a trade that is known, and hands over what is new in the order of execution. Trades that lay
 * in the list before the first poll are history: they are already part of the positions that are
 * read at start (L-13).
 */
export class TradePoller {
  readonly #options: TradePollerOptions;
  readonly #listeners = new Map<string, TradeListener>();
  readonly #known = new Set<string>();
  #started = false;
  #newestId: string | null = null;
  #running: Promise<void> | null = null;
  #queued: Promise<void> | null = null;

  constructor(options: TradePollerOptions) {
    this.#options = options;
  }

  /** Id of the newest trade seen, null if the account has none. */
  get newestId(): string | null {
    return this.#newestId;
  }

  /** Hands the trades of a market to `listener` from now on; the last one to subscribe wins. */
  subscribe(marketId: string, listener: TradeListener): void {
    this.#listeners.set(marketId, listener);
  }

  /** Ends a subscription. */
  unsubscribe(marketId: string): void {
    this.#listeners.delete(marketId);
  }

  /**
   * Polls once. When it resolves, everything that had been executed before the call has been handed
   * over; callers that come during a poll share the next one.
   * @throws VenueError if the venue gives no usable answer; nothing is marked as seen then
   */
  poll(): Promise<void> {
    if (this.#running === null) {
      this.#running = this.#pollOnce().finally(() => {
        this.#running = null;
      });
      return this.#running;
    }
    this.#queued ??= this.#running.catch(() => {}).then(() => {
      this.#queued = null;
      return this.poll();
    });
    return this.#queued;
  }

  /**
   * All trades after `cursorId` (null: from the beginning), oldest first; null if the list ends
   * without it, so that nothing is known about what lies between.
   */
  async since(cursorId: string | null): Promise<readonly VenueTrade[] | null> {
    let isReached = false;
    const { found, trades } = await this.#walk((id) => isReached ||= id === cursorId);
    return found || cursorId === null ? trades.reverse() : null;
  }

  async #pollOnce(): Promise<void> {
    if (!this.#started) return await this.#readHistory();
    const { trades } = await this.#walk((id) => this.#known.has(id));
    const fresh = trades.reverse();
    for (const trade of fresh) this.#remember(trade.tradeId);
    this.#newestId = fresh.at(-1)?.tradeId ?? this.#newestId;
    this.#deliver(fresh);
  }

  async #readHistory(): Promise<void> {
    const page = await this.#options.connector.trades({ limit: this.#options.pageLimit });
    for (const trade of page.trades.toReversed()) this.#remember(trade.tradeId);
    this.#newestId = page.trades[0]?.tradeId ?? null;
    this.#started = true;
  }

  /**
   * Reads pages, newest first, to the end of the first one that has a known trade. A row that turns
   * up on two pages is one trade; a page that brings nothing new ends the list, or a cursor that
   * goes round in circles would be followed for ever.
   * @returns the trades that are not known, newest first, and whether a known one was found
   */
  async #walk(
    isKnown: (tradeId: string) => boolean,
  ): Promise<{ readonly found: boolean; readonly trades: VenueTrade[] }> {
    const rows = new Map<string, VenueTrade>();
    const ended = (found: boolean) => ({ found, trades: [...rows.values()] });
    let cursor: string | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await this.#options.connector.trades(
        cursor === null
          ? { limit: this.#options.pageLimit }
          : { limit: this.#options.pageLimit, cursor },
      );
      const before = rows.size;
      let found = false;
      for (const trade of page.trades) {
        if (isKnown(trade.tradeId)) found = true;
        else if (!rows.has(trade.tradeId)) rows.set(trade.tradeId, trade);
      }
      if (found) return ended(true);
      if (page.nextCursor === null || rows.size === before) return ended(false);
      cursor = page.nextCursor;
    }
    this.#options.log.log("ERROR", "trades_overrun", { pages: MAX_PAGES });
    return ended(false);
  }

  #remember(tradeId: string): void {
    this.#known.add(tradeId);
    if (this.#known.size <= this.#options.maxRemembered) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      break;
    }
  }

  #deliver(fresh: readonly VenueTrade[]): void {
    const byMarket = new Map<string, VenueTrade[]>();
    for (const trade of fresh) {
      const list = byMarket.get(trade.marketId);
      if (list === undefined) byMarket.set(trade.marketId, [trade]);
      else list.push(trade);
    }
    for (const [marketId, trades] of byMarket) this.#listeners.get(marketId)?.(trades);
  }
}
