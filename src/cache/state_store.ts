import type { PersistedMarket } from "./persisted_market.ts";
import type { KillLatch } from "../models/explanation.ts";

/**
 * Working memory and persisted safety: what must outlive a cycle, and with Redis the process. Only
 * the loop that works a market writes its record.
 */
export interface StateStore {
  /** The record of a market, null if there is none. */
  loadMarket(marketId: string): Promise<PersistedMarket | null>;
  /** Replaces the record of a market in one step. */
  saveMarket(marketId: string, record: PersistedMarket): Promise<void>;
  /** The latch that kills every market, null if it is not set. */
  loadGlobalLatch(): Promise<KillLatch | null>;
  /** Sets or, with null, releases the latch that kills every market. */
  saveGlobalLatch(latch: KillLatch | null): Promise<void>;
  /** True if what is saved outlives the process. */
  readonly survivesRestart: boolean;
}
