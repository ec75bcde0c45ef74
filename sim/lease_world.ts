import {
  type Beat,
  excludes,
  type Instance,
  type LeaseAnswer,
  type LeaseHolder,
  type LeaseStore,
  type LeaseStoreOptions,
  type LeaseView,
  memberOf,
} from "../src/cache/lease_store.ts";
import { StoreError } from "../src/cache/store_error.ts";
import { type Clock, sleep, TIMED_OUT, withTimeout } from "../src/runtime/clock.ts";

/** How one process reaches the store; may be changed at any time. */
export interface LeaseLine {
  /** False: nothing arrives, every call fails at once. */
  isUp: boolean;
  /** False: requests arrive and are carried out, but their answers are lost. */
  isHeard: boolean;
  /** From request to answer, ms; the request arrives after half of it. */
  delayMs: number;
}

/** A lease and when it ends, in the time of the store. */
interface Entry {
  readonly holder: LeaseHolder;
  readonly endsAtMs: number;
}

/** How long a call waits for its answer. */
const TIMEOUT_MS = 1000;
/** A process that has been silent for so many lives of a lease is forgotten. */
const FORGOTTEN_AFTER_TTLS = 10;

/**
 * The leases of several processes in memory, with the behaviour of the scripts in Redis: for tests
 * and fault simulation, where all processes share one clock.
 */
export class LeaseWorld {
  readonly #clock: Clock;
  readonly #leases = new Map<string, Entry>();
  readonly #tokens = new Map<string, number>();
  readonly #heartbeats = new Map<string, { readonly instance: Instance; readonly atMs: number }>();
  #epochMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How one process sees the world, and its own line to it. */
  storeOf(options: LeaseStoreOptions): LeaseStore & { readonly line: LeaseLine } {
    return new LeaseWorldStore(this, options, this.#clock);
  }

  /** Everything is lost, as when a server that does not persist starts again. */
  clear(): void {
    this.#leases.clear();
    this.#tokens.clear();
    this.#heartbeats.clear();
    this.#epochMs = null;
  }

  /** Who has a market now. */
  holder(marketId: string): LeaseHolder | null {
    const entry = this.#leases.get(marketId);
    return entry === undefined || this.#clock.nowMs() >= entry.endsAtMs ? null : entry.holder;
  }

  /** See {@link LeaseStore.beat}. */
  beat(options: LeaseStoreOptions, held: ReadonlyMap<string, number>): Beat {
    const { self, marketIds, ttlMs } = options;
    const nowMs = this.#clock.nowMs();
    const by = this.#live(ttlMs).filter((other) => excludes(self, other));
    if (by.length > 0) return { kind: "excluded", by };
    this.#heartbeats.set(memberOf(self), { instance: self, atMs: nowMs });
    this.#forget(nowMs - FORGOTTEN_AFTER_TTLS * ttlMs);
    for (const [marketId, token] of held) this.#renew(options, marketId, token);
    const leases = marketIds.map((id): [string, LeaseView] => [id, this.holder(id)]);
    return { kind: "alive", instances: this.#live(ttlMs), leases: new Map(leases) };
  }

  /** See {@link LeaseStore.acquire}. */
  acquire({ self: { instanceId, nonce }, ttlMs }: LeaseStoreOptions, marketId: string) {
    const nowMs = Math.floor(this.#clock.nowMs());
    if (this.#epochMs === null) this.#epochMs = nowMs;
    if (nowMs - this.#epochMs < ttlMs) return { kind: "wait" } as const;
    if (this.#live(ttlMs).some(({ assignment }) => assignment === "all")) {
      return { kind: "wait" } as const;
    }
    if (this.holder(marketId) !== null) return { kind: "busy" } as const;
    const token = Math.max((this.#tokens.get(marketId) ?? 0) + 1, nowMs);
    const holder = { instanceId, nonce, token, acquiredAtMs: nowMs };
    this.#tokens.set(marketId, token);
    this.#leases.set(marketId, { holder, endsAtMs: nowMs + ttlMs });
    return { kind: "granted", token } as const;
  }

  /** See {@link LeaseStore.release}. */
  release({ self }: LeaseStoreOptions, marketId: string, token: number | null): void {
    const holder = this.holder(marketId);
    if (holder?.nonce !== self.nonce) return;
    if (token === null || holder.token === token) this.#leases.delete(marketId);
  }

  /** See {@link LeaseStore.leave}. */
  leave(self: Instance): void {
    this.#heartbeats.delete(memberOf(self));
  }

  #renew({ self, ttlMs }: LeaseStoreOptions, marketId: string, token: number): void {
    const holder = this.holder(marketId);
    if (holder?.nonce !== self.nonce || holder.token !== token) return;
    this.#leases.set(marketId, { holder, endsAtMs: this.#clock.nowMs() + ttlMs });
  }

  #live(ttlMs: number): readonly Instance[] {
    return [...this.#heartbeats.values()]
      .filter(({ atMs }) => atMs >= this.#clock.nowMs() - ttlMs)
      .map(({ instance }) => instance);
  }

  #forget(beforeMs: number): void {
    for (const [member, { atMs }] of this.#heartbeats) {
      if (atMs < beforeMs) this.#heartbeats.delete(member);
    }
  }
}

/** The world over the line of one process. */
class LeaseWorldStore implements LeaseStore {
  readonly self: Instance;
  readonly line: LeaseLine = { isUp: true, isHeard: true, delayMs: 0 };
  readonly #world: LeaseWorld;
  readonly #options: LeaseStoreOptions;
  readonly #clock: Clock;

  constructor(world: LeaseWorld, options: LeaseStoreOptions, clock: Clock) {
    this.self = options.self;
    this.#world = world;
    this.#options = options;
    this.#clock = clock;
  }

  beat(held: ReadonlyMap<string, number>): Promise<Beat> {
    return this.#call("beat", () => this.#world.beat(this.#options, held));
  }

  acquire(marketId: string): Promise<LeaseAnswer> {
    return this.#call("acquire", () => this.#world.acquire(this.#options, marketId));
  }

  release(marketId: string, token: number | null): Promise<void> {
    return this.#call("release", () => this.#world.release(this.#options, marketId, token));
  }

  holder(marketId: string): Promise<LeaseView> {
    return this.#call("holder", () => this.#world.holder(marketId));
  }

  leave(): Promise<void> {
    return this.#call("leave", () => this.#world.leave(this.self));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #call<T>(action: string, work: () => T): Promise<T> {
    const answer = await withTimeout(this.#clock, TIMEOUT_MS, this.#carry(action, work));
    if (answer === TIMED_OUT) throw new StoreError("unavailable", action, "no answer in time");
    return answer;
  }

  async #carry<T>(action: string, work: () => T): Promise<T> {
    const { isUp, isHeard, delayMs } = this.line;
    if (!isUp) throw new StoreError("unavailable", action, "the store cannot be reached");
    if (delayMs > 0) await sleep(this.#clock, delayMs / 2);
    const answer = work();
    if (!isHeard) await sleep(this.#clock, 2 * TIMEOUT_MS);
    if (delayMs > 0) await sleep(this.#clock, delayMs / 2);
    return answer;
  }
}
