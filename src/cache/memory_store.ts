import type { PersistedMarket } from "./persisted_market.ts";
import type { KillLatch } from "../models/explanation.ts";
import type { StateStore } from "./state_store.ts";

/**
 * State in the memory of the process (`state_store: memory`). A restart of the process forgets
 * latches and the losses of the day; the start log says so. Records are values and never changed in
 * place, so they are kept as they are.
 */
export class MemoryStore implements StateStore {
  readonly survivesRestart = false;
  readonly #markets = new Map<string, PersistedMarket>();
  #globalLatch: KillLatch | null = null;

  loadMarket(marketId: string): Promise<PersistedMarket | null> {
    return Promise.resolve(this.#markets.get(marketId) ?? null);
  }

  saveMarket(marketId: string, record: PersistedMarket): Promise<void> {
    this.#markets.set(marketId, record);
    return Promise.resolve();
  }

  loadGlobalLatch(): Promise<KillLatch | null> {
    return Promise.resolve(this.#globalLatch);
  }

  saveGlobalLatch(latch: KillLatch | null): Promise<void> {
    this.#globalLatch = latch;
    return Promise.resolve();
  }
}
