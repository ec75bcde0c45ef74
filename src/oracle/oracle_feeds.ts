import type { OracleView } from "../risk/oracle_guard.ts";
import { withTimeout } from "../runtime/clock.ts";
import { OracleFeed, type OracleFeedOptions } from "./oracle_feed.ts";
import { type PriceSource, PriceSourceError } from "./price_source.ts";

/** A source for processes that have none: the guard then knows no price and widens. */
export const NO_PRICES: PriceSource = {
  read: () => Promise.reject(new PriceSourceError("no source of outside prices is connected")),
};

/** The outside prices of all markets, each with a feed of its own. */
export class OracleFeeds {
  readonly #feeds = new Map<string, OracleFeed>();

  /** What is known of the outside price of a market, null if nothing reads one. */
  readonly view = (marketId: string): OracleView | null =>
    this.#feeds.get(marketId)?.view() ?? null;

  /**
   * Begins to read for a market, until the signal; once this resolves the first try has been made
   * (L-01), or has taken too long.
   */
  async open(marketId: string, options: OracleFeedOptions, signal: AbortSignal): Promise<void> {
    const feed = new OracleFeed(options);
    this.#feeds.set(marketId, feed);
    const { clock, config } = options;
    await withTimeout(clock, config().oracleTimeoutMs, feed.poll());
    // It never rejects, and ends by itself.
    void feed.run(signal).finally(() => this.#feeds.delete(marketId));
  }
}
