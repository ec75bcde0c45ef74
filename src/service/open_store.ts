import { MemoryStore } from "../cache/memory_store.ts";
import { RedisLink } from "../cache/redis_link.ts";
import { RedisStore } from "../cache/redis_store.ts";
import type { StateStore } from "../cache/state_store.ts";
import { StoreError } from "../cache/store_error.ts";
import type { GlobalConfig } from "../config/registry.ts";
import type { Logger } from "../runtime/log.ts";

/** What a store is opened with. */
export interface StoreOptions {
  readonly global: GlobalConfig;
  /** Name of this process; it stands in what is written. */
  readonly instanceId: string;
  readonly log: Logger;
}

/** A store, and the way to end its connection. */
export interface OpenedStore {
  readonly store: StateStore;
  close(): Promise<void>;
}

/**
 * A command that takes longer counts as failed. A cycle waits for one at most; then the store
 * counts as away.
 */
const REDIS_TIMEOUT_MS = 1000;

/**
 * Opens the store that the configuration asks for (`state_store`). A Redis that cannot be reached
 * is no error: the connection goes on trying, and no market is quoted until it could be read.
 */
export async function openStore({ global, instanceId, log }: StoreOptions): Promise<OpenedStore> {
  if (global.stateStore === "memory") {
    return { store: new MemoryStore(), close: () => Promise.resolve() };
  }
  const link = new RedisLink({ url: global.redisUrl, timeoutMs: REDIS_TIMEOUT_MS });
  try {
    await link.open();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.log("ERROR", "store_unavailable", { cause: error.message });
  }
  const store = new RedisStore({
    link,
    log,
    instanceId,
    processedTtlHours: global.processedEventTtlHours,
    maxProcessed: global.dedupeMaxEntries,
  });
  return { store, close: () => link.close() };
}
