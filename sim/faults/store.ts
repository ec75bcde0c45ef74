import { MemoryStore } from "../../src/cache/memory_store.ts";
import type {
  KillRelease,
  MarketSnapshot,
  RememberedMarket,
} from "../../src/cache/persisted_market.ts";
import type { SharedRecord, StateStore } from "../../src/cache/state_store.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import type { KillLatch } from "../../src/models/explanation.ts";
import type { LeaseWorld } from "../lease_world.ts";
import { type Clock, sleep, TIMED_OUT, withTimeout } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type FaultSchedule, isStoreFault, type StoreFaultKind } from "./schedule.ts";

/** The state of all processes; it outlives them, and may be emptied. */
export class WorldStore {
  readonly #leases: LeaseWorld;
  #inner: MemoryStore;
  #released: KillRelease | null = null;
  /** When a kill of a market, or of all (`*`), was written; until it is released or lost. */
  readonly #killedAtMs = new Map<string, number>();
  readonly #clock: Clock;

  constructor(leases: LeaseWorld, clock: Clock) {
    this.#clock = clock;
    this.#leases = leases;
    this.#inner = this.#empty();
  }

  /** Everything in it. */
  get inner(): MemoryStore {
    return this.#inner;
  }

  /** It starts again without its data. */
  clear(): void {
    this.#inner = this.#empty();
    this.#released = null;
    this.#killedAtMs.clear();
  }

  /** Since when the store has known that a market is killed, Infinity if it does not. */
  killedSinceMs(marketId: string): number {
    const [own, all] = [marketId, "*"].map((key) => this.#killedAtMs.get(key) ?? Infinity);
    return Math.min(own ?? Infinity, all ?? Infinity);
  }

  /** Writes a market. */
  async saveMarket(marketId: string, snapshot: MarketSnapshot, token: number) {
    const saved = await this.#inner.saveMarket(marketId, snapshot, token);
    this.#noteKill(marketId, saved.latch);
    return saved;
  }

  /** Latches the kill of a market. */
  async latchMarket(marketId: string, latch: KillLatch): Promise<void> {
    await this.#inner.latchMarket(marketId, latch);
    this.#noteKill(marketId, latch);
  }

  /** Latches the kill of every market. */
  async latchAll(latch: KillLatch): Promise<KillLatch> {
    const first = await this.#inner.latchAll(latch);
    this.#noteKill("*", first);
    return first;
  }

  /** What all instances share; a release stays to be seen. */
  async share(): Promise<SharedRecord> {
    const found = await this.#inner.share();
    const off = this.#released;
    if (found.latch.kind !== "none" || off === null) return found;
    return { ...found, latch: { kind: "off", latchAtMs: off.latchAtMs, by: off.by } };
  }

  /** Releases the kill of every market. */
  async releaseAll(release: KillRelease) {
    const left = await this.#inner.releaseAll(release);
    if (left === null) this.#released = release;
    this.#noteKill("*", left);
    return left;
  }

  #noteKill(key: string, latch: KillLatch | null): void {
    if (latch === null) this.#killedAtMs.delete(key);
    else if (!this.#killedAtMs.has(key)) this.#killedAtMs.set(key, this.#clock.monotonicMs());
  }

  #empty(): MemoryStore {
    return new MemoryStore((id, token) => {
      const holder = this.#leases.holder(id);
      return holder === null || holder.token === token;
    });
  }
}

/** What the way of one process to the store is made of. */
export interface StoreLineOptions {
  readonly schedule: FaultSchedule;
  readonly process: number;
  /** The time of the world, not of the process. */
  readonly clock: Clock;
  /** Time since the beginning of the run. */
  readonly elapsedMs: () => number;
  readonly random: Random;
  readonly onFault: (kind: StoreFaultKind, call: string) => void;
}

const TIMEOUT_MS = 500;
const SLOW_MS = 700;
const LATENCY_MS = 1;

/** The way of one process to the store: its calls take time, fail, or have no answer. */
export class StoreLine {
  readonly #options: StoreLineOptions;
  /** Why the last call failed, null if it did not. */
  problem: string | null = null;

  constructor(options: StoreLineOptions) {
    this.#options = options;
  }

  /** The fault in force now, null if there is none; asking counts as a call. */
  fault(call: string): StoreFaultKind | null {
    const { schedule, process, elapsedMs, random, onFault } = this.#options;
    const nowMs = elapsedMs();
    for (const fault of schedule.faults) {
      if (!isStoreFault(fault) || fault.process !== process) continue;
      if (nowMs < fault.atMs || nowMs >= fault.atMs + fault.forMs) continue;
      if (fault.kind === "store_wrong" && call !== "loadMarket") continue;
      if (random.next() >= fault.share) continue;
      onFault(fault.kind, call);
      return fault.kind;
    }
    return null;
  }

  /** Makes a call over the line. @throws StoreError of kind `unavailable` if it has no answer */
  async call<T>(name: string, work: () => Promise<T>): Promise<T> {
    const fault = this.fault(name);
    const answer = await withTimeout(
      this.#options.clock,
      TIMEOUT_MS,
      this.#carry(fault, work),
    );
    this.problem = answer === TIMED_OUT ? "no answer in time" : null;
    if (answer === TIMED_OUT) throw new StoreError("unavailable", name, "no answer in time");
    return fault === "store_wrong" ? disbelieved(answer) : answer;
  }

  async #carry<T>(fault: StoreFaultKind | null, work: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    await sleep(clock, LATENCY_MS + random.next());
    if (fault === "store_lost") return await new Promise(() => {});
    const answer = await work();
    if (fault === "store_answer_lost") return await new Promise(() => {});
    if (fault === "store_slow") await sleep(clock, SLOW_MS * random.next());
    await sleep(clock, LATENCY_MS * random.next());
    return answer;
  }
}

/** A record of which nothing but the kill can be read. */
function disbelieved<T>(answer: T): T {
  const isRecord = typeof answer === "object" && answer !== null && "books" in answer;
  if (!isRecord) return answer;
  const record = answer as unknown as RememberedMarket;
  const refused = [{ key: "ledger", field: null, found: "x", instead: "nothing" }];
  return { ...record, books: null, refused } as unknown as T;
}

/** The store as one process sees it. */
export function storeOver(world: WorldStore, line: StoreLine): StateStore {
  return {
    kind: "redis",
    survivesRestart: true,
    get problem() {
      return line.problem;
    },
    loadMarket: (id) => line.call("loadMarket", () => world.inner.loadMarket(id)),
    saveMarket: (id, snapshot, token) =>
      line.call("saveMarket", () => world.saveMarket(id, snapshot, token)),
    latchMarket: (id, latch) => line.call("latchMarket", () => world.latchMarket(id, latch)),
    claimCash: (id, wanted, total) =>
      line.call("claimCash", () => world.inner.claimCash(id, wanted, total)),
    share: () => line.call("share", () => world.share()),
    latchAll: (latch) => line.call("latchAll", () => world.latchAll(latch)),
    releaseAll: (release) => line.call("releaseAll", () => world.releaseAll(release)),
  };
}
