import type { OpenOrder } from "../models/order.ts";
import { type Clock, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Connector } from "./connector.ts";

/** Everything the feed needs. */
export interface OwnOrderFeedOptions {
  readonly connector: Pick<Connector, "accountOrders">;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many markets the process works at the moment. */
  readonly markets: () => number;
}

/** Which list a market can use. */
export interface ListTerms {
  /** Only a list with a larger number; see {@link OwnOrderFeed.begun}. */
  readonly after: number;
  /** Only a list that was asked for less than this time ago. */
  readonly maxAgeMs: number;
}

/** A list of the whole account. */
interface AccountList {
  readonly number: number;
  readonly askedAtMs: number;
  readonly isLong: boolean;
  /** How long it took to read. */
  readonly tookMs: number;
  readonly byMarket: ReadonlyMap<string, readonly OpenOrder[]>;
}

/** With fewer markets one list of all is no gain. */
const MIN_MARKETS = 3;
/** More orders a market, and the pages of one list would cost as much as the lists they save. */
const MAX_ORDERS_PER_MARKET = 50;
/** A list of more orders takes long because of its pages, not because reads have to wait. */
const LONG_LIST = 1000;
/** The next long one is asked for before this one is too old, by so many times what it took. */
const EARLY_BY = 2;
/** A market that has waited this long for the list of all looks for itself. */
const PATIENCE_MS = 250;
/** A list that failed, or was too long to be worth it, is not asked for again before. */
const FIRST_PAUSE_MS = 30_000;
const MAX_PAUSE_MS = 600_000;

/**
 * The open orders of the account in one list for all markets, read about once in the time that it
 * stays usable. After a long one the next comes before it is too old, so that nobody waits for its
 * many pages. It is there to confirm that nothing has changed; whoever needs more, or gets nothing
 * here, looks at the list of its own market.
 */
export class OwnOrderFeed {
  readonly #options: OwnOrderFeedOptions;
  #begun = 0;
  #last: AccountList | null = null;
  #running: Promise<AccountList | null> | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #pausedUntilMs = -Infinity;

  constructor(options: OwnOrderFeedOptions) {
    this.#options = options;
  }

  /** The number of the newest list that was asked for; 0 before the first. */
  get begun(): number {
    return this.#begun;
  }

  /**
   * A market's part of the newest list; null if there is none on these terms, and the market has to
   * look for itself. It does not wait long and does not throw.
   */
  async ordersOf(
    marketId: string,
    { after, maxAgeMs }: ListTerms,
  ): Promise<readonly OpenOrder[] | null> {
    const { clock } = this.#options;
    const isUsable = (list: AccountList) =>
      list.number > after && clock.monotonicMs() - list.askedAtMs < maxAgeMs;
    if (this.#isDue(maxAgeMs)) this.#begin();
    if (this.#begun <= after) return null;
    let list = this.#last;
    if (this.#running !== null && (list === null || !isUsable(list))) {
      const arrived = await withTimeout(clock, PATIENCE_MS, this.#running);
      list = arrived === TIMED_OUT ? null : arrived;
    }
    return list !== null && isUsable(list) ? list.byMarket.get(marketId) ?? [] : null;
  }

  #isDue(maxAgeMs: number): boolean {
    const { connector, clock, markets } = this.#options;
    if (connector.accountOrders === undefined || this.#running !== null) return false;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#pausedUntilMs || markets() < MIN_MARKETS) return false;
    const list = this.#last;
    if (list === null) return true;
    const earlyMs = list.isLong ? Math.min(EARLY_BY * list.tookMs, maxAgeMs / 2) : 0;
    return nowMs - list.askedAtMs >= maxAgeMs - earlyMs;
  }

  #begin(): void {
    this.#begun++;
    this.#running = this.#read(this.#begun).then((list) => {
      this.#last = list;
      this.#running = null;
      return list;
    });
  }

  /** A list, null if the venue gave none or it is too long to be worth it. */
  async #read(number: number): Promise<AccountList | null> {
    const { connector, clock, log, markets } = this.#options;
    const askedAtMs = clock.monotonicMs();
    try {
      const orders = await connector.accountOrders?.() ?? [];
      if (orders.length > MAX_ORDERS_PER_MARKET * markets()) return this.#pause();
      this.#pauseMs = FIRST_PAUSE_MS;
      const tookMs = clock.monotonicMs() - askedAtMs;
      const byMarket = Map.groupBy(orders, ({ marketId }) => marketId);
      return { number, askedAtMs, tookMs, isLong: orders.length > LONG_LIST, byMarket };
    } catch (error) {
      log.log("WARN", "poll_failed", { cause: String(error) });
      return this.#pause();
    }
  }

  #pause(): null {
    this.#pausedUntilMs = this.#options.clock.monotonicMs() + this.#pauseMs;
    this.#pauseMs = Math.min(MAX_PAUSE_MS, 2 * this.#pauseMs);
    return null;
  }
}
