import type { KillLatch } from "../models/explanation.ts";
import { firstLatch } from "../risk/defense_stack.ts";
import {
  type KillRelease,
  type MarketSnapshot,
  onlyKilled,
  type PersistedMarket,
  rememberAll,
  type RememberedMarket,
} from "./persisted_market.ts";
import type { SaveOutcome, SharedRecord, StateStore } from "./state_store.ts";
import { StoreError } from "./store_error.ts";

/** Tells whether a fencing token is the one under which a market is worked now. */
export type IsHolder = (marketId: string, token: number) => boolean;

const WRITTEN: SaveOutcome = { latch: null, rewritten: [] };
const NOBODY: ReadonlyMap<string, number> = new Map();

/**
 * State in the memory of the process (`state_store: memory`). A restart of the process forgets
 * latches and the losses of the day; the start log says so. Records are values and never changed in
 * place, so they are kept as they are.
 */
export class MemoryStore implements StateStore {
  readonly kind = "memory";
  readonly survivesRestart = false;
  readonly problem = null;
  readonly #isHolder: IsHolder;
  readonly #markets = new Map<string, PersistedMarket>();
  /** Kills of markets that have no record yet. */
  readonly #latches = new Map<string, KillLatch>();
  readonly #cash = new Map<string, number>();
  #globalLatch: KillLatch | null = null;

  /** @param isHolder asked only for tokens other than 0 */
  constructor(isHolder: IsHolder = () => true) {
    this.#isHolder = isHolder;
  }

  loadMarket(marketId: string): Promise<RememberedMarket | null> {
    const record = this.#markets.get(marketId);
    const latch = this.#latches.get(marketId) ?? null;
    if (record !== undefined) return Promise.resolve(rememberAll(record));
    if (latch === null) return Promise.resolve(null);
    const risk = onlyKilled(latch);
    return Promise.resolve({ books: null, risk, operation: null, refused: [] });
  }

  saveMarket(
    marketId: string,
    { persisted, release }: MarketSnapshot,
    token: number,
  ): Promise<SaveOutcome> {
    if (token !== 0 && !this.#isHolder(marketId, token)) {
      return Promise.reject(new StoreError("fenced", `write ${marketId}`, "another holds it"));
    }
    const held = this.#latchOf(marketId, release);
    const ours = persisted.defense.latch;
    const latch = ours === null ? held : firstLatch(held, ours);
    this.#latches.delete(marketId);
    this.#markets.set(marketId, latch === ours ? persisted : withLatch(persisted, latch));
    this.#cash.set(marketId, persisted.ledger.marketCashCents);
    return Promise.resolve(latch === null ? WRITTEN : { latch, rewritten: [] });
  }

  latchMarket(marketId: string, latch: KillLatch): Promise<void> {
    const record = this.#markets.get(marketId);
    const first = firstLatch(this.#latchOf(marketId, null), latch);
    if (record === undefined) this.#latches.set(marketId, first);
    else this.#markets.set(marketId, withLatch(record, first));
    return Promise.resolve();
  }

  claimCash(marketId: string, wantedCents: number, accountTotalCents: number): Promise<number> {
    let free = accountTotalCents;
    for (const [id, cents] of this.#cash) if (id !== marketId) free -= cents;
    if (free >= wantedCents) this.#cash.set(marketId, wantedCents);
    return Promise.resolve(free);
  }

  share(): Promise<SharedRecord> {
    const latch = this.#globalLatch;
    return Promise.resolve({
      latch: latch === null ? { kind: "none" } : { kind: "on", latch },
      dayPnlCents: NOBODY,
      refused: [],
    });
  }

  latchAll(latch: KillLatch): Promise<KillLatch> {
    this.#globalLatch = firstLatch(this.#globalLatch, latch);
    return Promise.resolve(this.#globalLatch);
  }

  releaseAll(release: KillRelease): Promise<KillLatch | null> {
    if (isReleased(this.#globalLatch, release)) this.#globalLatch = null;
    return Promise.resolve(this.#globalLatch);
  }

  #latchOf(marketId: string, release: KillRelease | null): KillLatch | null {
    const record = this.#markets.get(marketId);
    const latch = record?.defense.latch ?? this.#latches.get(marketId) ?? null;
    return release !== null && isReleased(latch, release) ? null : latch;
  }
}

function isReleased(latch: KillLatch | null, { latchAtMs }: KillRelease): boolean {
  return latch !== null && latch.atMs === latchAtMs;
}

function withLatch(record: PersistedMarket, latch: KillLatch | null): PersistedMarket {
  return { ...record, defense: { level: "KILL_SWITCH", calmCycles: 0, latch } };
}
