import type { MarketConfig } from "../config/registry.ts";
import {
  hasOracle,
  NO_READING,
  type OracleReading,
  type OracleView,
} from "../risk/oracle_guard.ts";
import { type Clock, sleep } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { PriceSource, SourcedPrice } from "./price_source.ts";

/** A market as its feed sees it. */
export interface OracleMarket {
  readonly marketId: string;
  /** The settings in force, which may change. */
  readonly config: MarketConfig;
  /** Steady epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** What a feed works with. */
export interface OracleFeedOptions {
  readonly source: PriceSource;
  readonly clock: Clock;
  readonly market: OracleMarket;
}

/** A reading with the time that its source stated. */
type Kept = OracleReading & Pick<SourcedPrice, "statedAtMs">;

/**
 * The outside price of one market, read in the background so that no cycle ever waits for it. A
 * reading that fails leaves the last one to grow old. Nothing is read while the guard is off.
 */
export class OracleFeed {
  readonly #options: OracleFeedOptions;
  #kept: Kept | null = null;
  #problem: string | null = NO_READING.problem;
  #failed = false;

  constructor(options: OracleFeedOptions) {
    this.#options = options;
  }

  /** What is known now. */
  view(): OracleView {
    return { reading: this.#kept, problem: this.#problem };
  }

  /** Reads again every `oracle_poll_interval_ms`, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, market } = this.#options;
    while (!signal.aborted) {
      await sleep(clock, market.config.oraclePollIntervalMs, signal);
      if (!signal.aborted) await this.poll();
    }
  }

  /** Reads once, if the market has an oracle guard. Never throws. */
  async poll(): Promise<void> {
    const { source, market: { config } } = this.#options;
    if (!hasOracle(config)) return;
    try {
      this.#keep(await source.read(config));
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #keep(price: SourcedPrice): void {
    const { log } = this.#options.market;
    this.#kept = this.#newest(this.#kept, price);
    if (this.#failed) log.log("INFO", "oracle_restored", { priceCents: price.priceCents });
    this.#failed = false;
    this.#problem = null;
  }

  /**
   * A price with the time of the one before is no fresher than that, and one with an older time
   * comes too late: a feed that is stuck must not look alive. A time in the future counts as now,
   * so that one wrong stamp does not outdate all that follow.
   */
  #newest(last: Kept | null, { priceCents, statedAtMs }: SourcedPrice): Kept {
    const { clock, market: { nowMs } } = this.#options;
    if (statedAtMs === null) return { priceCents, statedAtMs, observedAtMs: nowMs() };
    if (statedAtMs === last?.statedAtMs) return { ...last, priceCents };
    const observedAtMs = nowMs() - Math.max(0, clock.nowMs() - statedAtMs);
    const isLate = last !== null && last.statedAtMs !== null && observedAtMs < last.observedAtMs;
    return isLate ? last : { priceCents, statedAtMs, observedAtMs };
  }

  #fail(problem: string): void {
    if (!this.#failed) this.#options.market.log.log("WARN", "oracle_failed", { problem });
    this.#failed = true;
    this.#problem = problem;
  }
}
