/**
 * Two lease keepers on one store, beside a plain note of what the store has answered to each: what
 * a permit allows follows from that and the clock alone.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { LeaseWorld } from "../../sim/lease_world.ts";
import type { Beat, LeaseStore } from "../../src/cache/lease_store.ts";
import type { WorkPermit } from "../../src/connector/work_permit.ts";
import { LeaseKeeper } from "../../src/lifecycle/lease_keeper.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { instance } from "../support/lease_contract.ts";

const TIMING = { ttlMs: 12_000, renewMs: 1_000, cancelMarginMs: 6_000 };
const CALL_TIMEOUT_MS = 3_000;
const LOOK_EVERY_MS = 249;
const MARKETS = ["MKT-0", "MKT-1", "MKT-2"];

/** What may happen next. */
type Command =
  | { readonly kind: "wait"; readonly ms: number }
  /** How a process reaches the store from now on. */
  | {
    readonly kind: "line";
    readonly process: number;
    readonly line: { readonly isUp: boolean; readonly isHeard: boolean; readonly delayMs: number };
  }
  /** Whether markets that are drained are clear at once, or when `clear` says so. */
  | { readonly kind: "slow venue"; readonly process: number; readonly isSlow: boolean }
  | { readonly kind: "clear"; readonly process: number }
  /** A write of a process is refused: another one has the market. */
  | { readonly kind: "fenced"; readonly process: number; readonly market: string }
  /** The store starts again, empty. */
  | { readonly kind: "forget" };

/** A lease as the store's answers prove it. */
interface Proof {
  readonly token: number;
  readonly untilMs: number;
}

interface Work {
  readonly marketId: string;
  readonly permit: WorkPermit;
  readonly cleared: PromiseWithResolvers<boolean>;
  isDrained: boolean;
}

/** One process, and the model of what it may do. */
class Process {
  readonly works: Work[] = [];
  readonly proofs = new Map<string, Proof>();
  readonly line;
  isSlow = false;
  readonly #clock: VirtualClock;
  readonly #store: LeaseStore;

  constructor(name: string, world: LeaseWorld, clock: VirtualClock) {
    this.#clock = clock;
    const options = { self: instance(name), marketIds: MARKETS, ttlMs: TIMING.ttlMs };
    const store = world.storeOf(options);
    this.line = store.line;
    this.#store = store;
    const keeper = new LeaseKeeper({
      ...{ timing: TIMING, marketIds: MARKETS, callTimeoutMs: CALL_TIMEOUT_MS, maxMarkets: 50 },
      ...{ clock, log: silentLogger, random: seededRandom(name) },
      store: this.#noted(),
      work: (marketId, permit) => this.#work(marketId, permit),
      onBeat: () => {},
    });
    void keeper.run();
  }

  /** The newest work of a market, null if it was never worked. */
  work(marketId: string): Work | null {
    return this.works.findLast((work) => work.marketId === marketId) ?? null;
  }

  /** What the permits must allow now, by what the store has said. */
  check(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const marketId of MARKETS) {
      const work = this.work(marketId);
      if (work === null) continue;
      const proof = this.proofs.get(marketId);
      const untilMs = proof?.token === work.permit.token ? proof.untilMs : -Infinity;
      assert.equal(work.permit.isExclusive(), nowMs < untilMs, `${marketId}: exclusive`);
      const mayPlace = !work.isDrained && nowMs < untilMs - TIMING.cancelMarginMs &&
        nowMs + CALL_TIMEOUT_MS <= untilMs;
      assert.equal(work.permit.mayPlace(), mayPlace, `${marketId}: may place`);
    }
  }

  clear(): void {
    for (const work of this.works) if (work.isDrained) work.cleared.resolve(true);
  }

  fence(marketId: string): void {
    const work = this.work(marketId);
    if (work === null) return;
    work.permit.reportFenced();
    if (this.proofs.get(marketId)?.token === work.permit.token) this.proofs.delete(marketId);
  }

  #work(marketId: string, permit: WorkPermit) {
    const work: Work = { marketId, permit, cleared: Promise.withResolvers(), isDrained: false };
    this.works.push(work);
    return {
      started: Promise.resolve(),
      orderIds: () => [],
      drain: () => {
        work.isDrained = true;
        if (!this.isSlow) work.cleared.resolve(true);
        return work.cleared.promise;
      },
    };
  }

  /** The store, with somebody who notes its answers. */
  #noted(): LeaseStore {
    const store = this.#store;
    return {
      self: store.self,
      holder: (marketId) => store.holder(marketId),
      leave: () => store.leave(),
      close: () => store.close(),
      acquire: async (marketId) => {
        const untilMs = this.#clock.monotonicMs() + TIMING.ttlMs;
        const answer = await store.acquire(marketId);
        if (answer.kind === "granted") this.proofs.set(marketId, { token: answer.token, untilMs });
        return answer;
      },
      release: (marketId, token) => {
        if (this.proofs.get(marketId)?.token === token) this.proofs.delete(marketId);
        return store.release(marketId, token);
      },
      beat: async (held) => {
        const untilMs = this.#clock.monotonicMs() + TIMING.ttlMs;
        const beat = await store.beat(held);
        if (beat.kind === "alive") this.#note(beat, held, untilMs);
        return beat;
      },
    };
  }

  #note(
    { leases }: Extract<Beat, { kind: "alive" }>,
    held: ReadonlyMap<string, number>,
    untilMs: number,
  ): void {
    for (const [marketId, token] of held) {
      const proof = this.proofs.get(marketId);
      if (proof?.token !== token) continue;
      const view = leases.get(marketId);
      const isOurs = view !== null && typeof view === "object" &&
        view.nonce === this.#store.self.nonce && view.token === token;
      // A proof that has run out before the answer came is none.
      const isAlive = this.#clock.monotonicMs() < proof.untilMs;
      if (!isOurs) this.proofs.delete(marketId);
      else if (isAlive && untilMs > proof.untilMs) this.proofs.set(marketId, { token, untilMs });
    }
  }
}

class Bench {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 5));
  readonly world = new LeaseWorld(this.clock);
  processes: readonly Process[] = [];

  /** Starts two keepers on a store that is old enough to give leases. */
  async open(): Promise<void> {
    this.world.acquire({ self: instance("x"), marketIds: [], ttlMs: TIMING.ttlMs }, "nothing");
    await this.clock.advance(TIMING.ttlMs);
    this.processes = ["a", "b"].map((name) => new Process(name, this.world, this.clock));
  }

  async do(command: Command): Promise<void> {
    if (command.kind === "forget") return this.world.clear();
    if (command.kind === "wait") return await this.#wait(command.ms);
    const process = this.processes[command.process];
    assert.ok(process !== undefined);
    if (command.kind === "line") Object.assign(process.line, command.line);
    if (command.kind === "slow venue") process.isSlow = command.isSlow;
    if (command.kind === "clear") process.clear();
    if (command.kind === "fenced") process.fence(command.market);
    await this.clock.advance(1);
  }

  async #wait(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= LOOK_EVERY_MS) {
      await this.clock.advance(Math.min(left, LOOK_EVERY_MS));
      this.check();
    }
  }

  check(): void {
    for (const process of this.processes) process.check();
    for (const marketId of MARKETS) {
      const owners = this.processes.filter((one) => one.work(marketId)?.permit.isExclusive());
      assert.ok(owners.length <= 1, `${marketId} has two owners`);
    }
  }

  /** Once nothing is wrong any more, every market is worked, by one process. */
  async settle(): Promise<void> {
    for (const process of this.processes) {
      Object.assign(process.line, { isUp: true, isHeard: true, delayMs: 0 });
      process.isSlow = false;
      process.clear();
    }
    await this.clock.advance(60_000);
    this.check();
    for (const marketId of MARKETS) {
      const workers = this.processes.filter((one) => one.work(marketId)?.permit.mayPlace());
      assert.equal(workers.length, 1, `${marketId} is worked by ${workers.length}`);
    }
  }
}

const process = fc.constantFrom(0, 1);
const isUp = fc.constantFrom(true, true, false);
const line = fc.record({ isUp, isHeard: isUp, delayMs: fc.constantFrom(0, 0, 300, 900, 1_500) });
const ms = fc.constantFrom(1, 400, 1_000, 2_500, 6_000, 12_001);
const command = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("wait"), ms }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("line"), process, line }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("slow venue"), process, isSlow: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear"), process }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fenced"),
      process,
      market: fc.constantFrom(...MARKETS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget") }) },
);

Deno.test("model, lease keeper: a permit allows what the answers of the store prove, and in the end each market is worked once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const bench = new Bench();
      await bench.open();
      for (const command of commands) {
        await bench.do(command);
        bench.check();
      }
      await bench.settle();
    }),
    { numRuns: 100 },
  );
});
