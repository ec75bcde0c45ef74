import type { OracleView } from "../risk/oracle_guard.ts";
import { type Clock, withTimeout } from "../runtime/clock.ts";
import { OracleFeed, type OracleMarket } from "./oracle_feed.ts";
import { type PriceSource, PriceSourceError } from "./price_source.ts";

/** A source for processes that have none: the guard then knows no price and widens. */
export const NO_PRICES: PriceSource = {
  read: () => Promise.reject(new PriceSourceError("no source of outside prices is connected")),
};

/** The outside prices of all markets, each with a feed of its own. */
export class OracleFeeds {
  readonly #source: PriceSource;
  readonly #clock: Clock;
  readonly #feeds = new Map<string, OracleFeed>();

  constructor(clock: Clock, source: PriceSource = NO_PRICES) {
    this.#clock = clock;
    this.#source = source;
  }

  /** What is known of the outside price of a market, null if nothing reads one. */
  readonly view = (marketId: string): OracleView | null =>
    this.#feeds.get(marketId)?.view() ?? null;

  /**
   * Begins to read for a market, until the signal; once this resolves the first try has been made
   * (L-01), or has taken too long. A market without a slug has no outside price, and gets none
   * while it is worked.
   */
  readonly open = async (market: OracleMarket, signal: AbortSignal): Promise<void> => {
    const { marketId, config: { oracleSlug, oracleTimeoutMs } } = market;
    if (oracleSlug === null) return;
    const feed = new OracleFeed({ source: this.#source, clock: this.#clock, market });
    this.#feeds.set(marketId, feed);
    await withTimeout(this.#clock, oracleTimeoutMs, feed.poll());
    // It never rejects, and ends by itself.
    void feed.run(signal).finally(() => this.#close(marketId, feed));
  };

  /** A market that came back meanwhile has a newer feed. */
  #close(marketId: string, feed: OracleFeed): void {
    if (this.#feeds.get(marketId) === feed) this.#feeds.delete(marketId);
  }
}
