import assert from "node:assert/strict";
import { LeaseWorld } from "../../sim/lease_world.ts";
import type { Beat } from "../../src/cache/lease_store.ts";
import type { WorkPermit } from "../../src/connector/work_permit.ts";
import type { DrainCause } from "../../src/lifecycle/lease.ts";
import { LeaseKeeper } from "../../src/lifecycle/lease_keeper.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { instance } from "../support/lease_contract.ts";

const TIMING = { ttlMs: 12_000, renewMs: 1_000, cancelMarginMs: 6_000 };

/** A market as the keeper has it worked; the test says when it has started and is clear. */
interface Work {
  readonly marketId: string;
  readonly permit: WorkPermit;
  readonly begun: PromiseWithResolvers<void>;
  readonly cleared: PromiseWithResolvers<boolean>;
  readonly drains: DrainCause[];
}

/** A keeper on leases in memory, with markets that are worked by the test. */
class Bench {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 5));
  readonly world = new LeaseWorld(this.clock);
  readonly works: Work[] = [];
  readonly events: LoggedEvent[] = [];
  readonly beats: Beat[] = [];
  readonly store;
  readonly keeper: LeaseKeeper;
  startsAtOnce = true;
  clearsAtOnce = true;

  constructor({ markets = 3, maxMarkets = 50 } = {}) {
    const marketIds = Array.from({ length: markets }, (_, index) => `MKT-${index}`);
    const self = instance("a");
    this.store = this.world.storeOf({ self, marketIds, ttlMs: TIMING.ttlMs });
    this.keeper = new LeaseKeeper({
      store: this.store,
      marketIds,
      timing: TIMING,
      callTimeoutMs: 3_000,
      maxMarkets,
      clock: this.clock,
      random: seededRandom(1),
      log: recordingLogger(this.events),
      work: (marketId, permit) => this.#work(marketId, permit),
      onBeat: (beat) => this.beats.push(beat),
    });
  }

  /** Starts the keeper on a store that is old enough to give leases. */
  async run(seconds: number): Promise<void> {
    await this.store.acquire("nothing");
    await this.clock.advance(TIMING.ttlMs);
    void this.keeper.run();
    await this.wait(seconds);
  }

  async wait(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
  }

  /** The last time that a market was worked. */
  work(marketId = "MKT-0"): Work {
    const found = this.works.findLast((work) => work.marketId === marketId);
    assert.ok(found !== undefined, `${marketId} was never worked`);
    return found;
  }

  state(marketId = "MKT-0"): string {
    return this.keeper.table.get(marketId).state;
  }

  #work(marketId: string, permit: WorkPermit) {
    const work: Work = {
      marketId,
      permit,
      begun: Promise.withResolvers(),
      cleared: Promise.withResolvers(),
      drains: [],
    };
    this.works.push(work);
    if (this.startsAtOnce) work.begun.resolve();
    return {
      started: work.begun.promise,
      orderIds: () => [`order in ${marketId}`],
      drain: (cause: DrainCause) => {
        work.drains.push(cause);
        if (this.clearsAtOnce) work.cleared.resolve(true);
        return work.cleared.promise;
      },
    };
  }
}

Deno.test("lease keeper: nothing is asked for before the processes have seen each other", async () => {
  const bench = new Bench();
  await bench.run(0.9);
  assert.deepEqual([bench.works.length, bench.keeper.isSettled], [0, false]);
  await bench.wait(1);
  assert.deepEqual([bench.works.length, bench.keeper.isSettled], [3, true]);
});

Deno.test("lease keeper: at most sixteen markets are in the start procedure at a time", async () => {
  const bench = new Bench({ markets: 40 });
  bench.startsAtOnce = false;
  await bench.run(5);
  assert.equal(bench.works.length, 16);
  for (const work of bench.works.slice(0, 6)) work.begun.resolve();
  await bench.wait(2);
  assert.equal(bench.works.length, 22);
  for (const work of bench.works) work.begun.resolve();
  await bench.wait(5);
  assert.equal(bench.works.length, 38);
});

Deno.test("lease keeper: no more markets are taken than one process may work", async () => {
  const bench = new Bench({ markets: 5, maxMarkets: 2 });
  await bench.run(20);
  assert.equal(bench.works.length, 2);
  assert.ok(bench.keeper.isSettled, "it can have no more");
  const told = bench.events.filter(({ event }) => event === "too_few_instances");
  assert.deepEqual(told.map(({ fields }) => fields), [{ markets: 5, capacity: 2 }]);
});

Deno.test("lease keeper: a permit allows what its lease allows, moment by moment", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(3);
  const { permit } = bench.work();
  const allowed = () => [permit.mayPlace(), permit.mayChangePairs(), permit.isExclusive()];
  assert.deepEqual(allowed(), [true, true, true]);
  bench.store.line.isUp = false;
  await bench.wait(2);
  assert.deepEqual([bench.state(), ...allowed()], ["AT_RISK", true, false, true]);
  bench.clearsAtOnce = false;
  await bench.wait(4);
  assert.deepEqual([bench.state(), ...allowed()], ["DRAINING", false, false, true]);
  assert.deepEqual(bench.work().drains, ["unproven"]);
  await bench.wait(6);
  assert.deepEqual([bench.state(), ...allowed()], ["FREE", false, false, false]);
  const alarm = bench.events.filter(({ event }) => event === "orders_may_remain");
  assert.deepEqual(alarm.map(({ fields }) => fields.orderIds), [["order in MKT-0"]]);
});

Deno.test("lease keeper: the permit of an earlier lease stays void when the market comes back", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(3);
  const before = bench.work();
  before.permit.reportFenced();
  assert.deepEqual(before.drains, ["lost"]);
  bench.world.clear();
  await bench.wait(20);
  const after = bench.work();
  assert.notEqual(after, before);
  assert.deepEqual([after.permit.mayPlace(), before.permit.mayPlace()], [true, false]);
  assert.deepEqual([after.permit.isExclusive(), before.permit.isExclusive()], [true, false]);
  before.permit.reportFenced();
  assert.equal(bench.state(), "HELD", "nor can it lose what is held now");
});

Deno.test("lease keeper: after a jump ahead of the wall clock nothing is placed until a renewal, after one back it goes on", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(3.3);
  const { permit } = bench.work();
  bench.clock.jumpWallClock(-3_600_000);
  assert.ok(permit.mayPlace());
  await bench.wait(1);
  bench.clock.jumpWallClock(900);
  assert.ok(permit.mayPlace(), "a small correction is none");
  bench.clock.jumpWallClock(60_000);
  assert.deepEqual([permit.mayPlace(), permit.isExclusive()], [false, false]);
});

Deno.test("lease keeper: a lease that was given unseen, and could not be given back, is given back later", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(0.5);
  await bench.store.acquire("MKT-0");
  assert.equal(bench.world.holder("MKT-0")?.instanceId, "a");
  await bench.wait(1);
  assert.equal(bench.world.holder("MKT-0"), null);
  assert.equal(bench.works.length, 0, "it is never worked");
  await bench.wait(2);
  assert.equal(bench.state(), "HELD");
});

Deno.test("lease keeper: closing clears all markets, releases their leases and leaves the list", async () => {
  const bench = new Bench();
  await bench.run(5);
  await bench.clock.resolve(bench.keeper.close());
  assert.deepEqual(bench.works.map(({ drains }) => drains), [["given_up"], ["given_up"], [
    "given_up",
  ]]);
  assert.deepEqual(["MKT-0", "MKT-1", "MKT-2"].map((id) => bench.world.holder(id)), [
    null,
    null,
    null,
  ]);
  const beats = bench.beats.length;
  await bench.wait(10);
  assert.equal(bench.beats.length, beats);
});

Deno.test("lease keeper: while it closes it goes on renewing, and what cannot be cleared is not released", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(5);
  bench.clearsAtOnce = false;
  const closing = bench.keeper.close();
  await bench.wait(60);
  assert.equal(bench.world.holder("MKT-0")?.instanceId, "a", "nobody else may have it yet");
  bench.work().cleared.resolve(false);
  await bench.clock.resolve(closing);
  assert.equal(bench.world.holder("MKT-0")?.instanceId, "a");
  await bench.wait(13);
  assert.equal(bench.world.holder("MKT-0"), null, "it runs out");
});

Deno.test("lease keeper: a lease that is given while it closes is given back, and its market never worked", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(0.5);
  bench.store.line.delayMs = 800;
  for (let tick = 0; tick < 30 && bench.state() !== "ACQUIRING"; tick++) await bench.wait(0.1);
  assert.equal(bench.state(), "ACQUIRING");
  await bench.clock.resolve(bench.keeper.close());
  await bench.wait(2);
  assert.deepEqual([bench.works.length, bench.world.holder("MKT-0")], [0, null]);
});

Deno.test("lease keeper: the loss of the store is told once, and its return", async () => {
  const bench = new Bench({ markets: 2 });
  await bench.run(5);
  bench.store.line.isUp = false;
  await bench.wait(5);
  assert.match(bench.keeper.problem ?? "", /cannot be reached/);
  bench.store.line.isUp = true;
  await bench.wait(5);
  assert.equal(bench.keeper.problem, null);
  const told = bench.events.filter(({ event }) => event.startsWith("leases_"));
  assert.deepEqual(told.map(({ level, event, fields }) => [level, event, fields.markets]), [
    ["ERROR", "leases_at_risk", ["MKT-0", "MKT-1"]],
    ["INFO", "leases_safe", ["MKT-0", "MKT-1"]],
  ]);
});

Deno.test("lease keeper: at risk the store is asked twice as often", async () => {
  const bench = new Bench({ markets: 1 });
  await bench.run(5);
  bench.store.line.isUp = false;
  let asked = 0;
  const beat = bench.store.beat.bind(bench.store);
  bench.store.beat = (held) => {
    asked++;
    return beat(held);
  };
  await bench.wait(4.9);
  assert.ok(asked >= 8 && asked <= 10, `${asked} times`);
});

Deno.test("lease keeper: a defect in what it calls is not taken for an outage", async () => {
  const bench = new Bench({ markets: 1 });
  bench.store.beat = () => Promise.reject(new TypeError("a defect"));
  await assert.rejects(bench.clock.resolve(bench.keeper.run()), TypeError);
});
