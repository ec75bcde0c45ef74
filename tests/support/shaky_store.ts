import { MemoryStore } from "../../src/cache/memory_store.ts";
import type { KillRelease, MarketSnapshot } from "../../src/cache/persisted_market.ts";
import type { SharedRecord, ShareRequest, StateStore } from "../../src/cache/state_store.ts";
import { StoreError, type StoreErrorKind } from "../../src/cache/store_error.ts";
import type { KillLatch } from "../../src/models/explanation.ts";

type Call = Exclude<keyof StateStore, "kind" | "survivesRestart" | "problem">;

/**
 * A store that behaves like Redis and fails when it is told to; its data outlive the process of the
 * bot.
 */
export class ShakyStore implements StateStore {
  readonly kind = "redis";
  readonly survivesRestart = true;
  /** True while nobody can reach it. */
  isAway = false;
  /** Says of a call how it fails, null if it does not; the store itself does not know of it. */
  fault: (call: Call, index: number) => StoreErrorKind | null = () => null;
  /** While it is not null no call is answered before it resolves. */
  hold: Promise<void> | null = null;
  /** The way of a call to the store, and of its answer back; null if it takes no time. */
  travel: (() => Promise<void>) | null = null;
  /** What other instances have written into the profit of the day. */
  readonly othersPnl = new Map<string, number | null>();
  /** Every call, in order. */
  readonly calls: Call[] = [];
  #inner = new MemoryStore();
  #released: KillRelease | null = null;

  get problem(): string | null {
    return this.isAway ? "connect ECONNREFUSED" : null;
  }

  /** It comes back, or goes on, without its data. */
  lose(): void {
    this.#inner = new MemoryStore();
    this.#released = null;
  }

  loadMarket(marketId: string) {
    return this.#call("loadMarket", () => this.#inner.loadMarket(marketId));
  }

  saveMarket(marketId: string, snapshot: MarketSnapshot, token: number) {
    return this.#call("saveMarket", () => this.#inner.saveMarket(marketId, snapshot, token));
  }

  latchMarket(marketId: string, latch: KillLatch) {
    return this.#call("latchMarket", () => this.#inner.latchMarket(marketId, latch));
  }

  claimCash(marketId: string, wantedCents: number, totalCents: number) {
    return this.#call("claimCash", () => this.#inner.claimCash(marketId, wantedCents, totalCents));
  }

  share(_request: ShareRequest): Promise<SharedRecord> {
    return this.#call("share", async () => {
      const found = await this.#inner.share();
      const off = this.#released;
      const latch = found.latch.kind === "none" && off !== null
        ? { kind: "off", latchAtMs: off.latchAtMs, by: off.by } as const
        : found.latch;
      return { ...found, latch, dayPnlCents: this.othersPnl };
    });
  }

  latchAll(latch: KillLatch) {
    return this.#call("latchAll", () => this.#inner.latchAll(latch));
  }

  releaseAll(release: KillRelease) {
    return this.#call("releaseAll", async () => {
      const left = await this.#inner.releaseAll(release);
      if (left === null) this.#released = release;
      return left;
    });
  }

  async #call<T>(call: Call, work: () => Promise<T>): Promise<T> {
    const index = this.calls.push(call) - 1;
    if (this.travel !== null) await this.travel();
    if (this.hold !== null) await this.hold;
    const fault = this.isAway ? "unavailable" : this.fault(call, index);
    if (fault !== null) throw new StoreError(fault, call, "the test says so");
    const answer = await work();
    if (this.travel !== null) await this.travel();
    return answer;
  }
}
