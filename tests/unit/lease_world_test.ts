/** The leases in memory do what those in Redis do, and can be cut off, slow and deaf. */

import assert from "node:assert/strict";
import { LeaseWorld } from "../../sim/lease_world.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { instance, LEASE_CASES, MARKETS, TTL_MS } from "../support/lease_contract.ts";

const START_MS = Date.UTC(2026, 0, 5);

for (const [sentence, proof] of LEASE_CASES) {
  Deno.test(`lease world: ${sentence}`, async () => {
    const clock = new VirtualClock(START_MS);
    const world = new LeaseWorld(clock);
    await proof({
      storeOf: (self) => world.storeOf({ self, marketIds: MARKETS, ttlMs: TTL_MS }),
      pass: (ms) => clock.advance(ms),
      forget: () => Promise.resolve(world.clear()),
    });
  });
}

function setUp() {
  const clock = new VirtualClock(START_MS);
  const world = new LeaseWorld(clock);
  const store = world.storeOf({ self: instance("a"), marketIds: MARKETS, ttlMs: TTL_MS });
  return { clock, world, store };
}

const isUnavailable = (error: unknown) =>
  error instanceof StoreError && error.kind === "unavailable";

Deno.test("lease world: a process that is cut off gets no answer and changes nothing", async () => {
  const { clock, world, store } = setUp();
  await store.acquire("MKT-1");
  await clock.advance(TTL_MS);
  store.line.isUp = false;
  await assert.rejects(store.acquire("MKT-1"), isUnavailable);
  assert.equal(world.holder("MKT-1"), null);
});

Deno.test("lease world: an answer that is lost leaves a lease that nobody knows of", async () => {
  const { clock, world, store } = setUp();
  await store.acquire("MKT-1");
  await clock.advance(TTL_MS);
  store.line.isHeard = false;
  await assert.rejects(clock.resolve(store.acquire("MKT-1")), isUnavailable);
  assert.equal(world.holder("MKT-1")?.instanceId, "a");
});

Deno.test("lease world: a slow line delays request and answer; too slow is no answer", async () => {
  const { clock, store } = setUp();
  store.line.delayMs = 400;
  const before = clock.monotonicMs();
  await clock.resolve(store.beat(new Map()));
  assert.equal(clock.monotonicMs() - before, 400);
  store.line.delayMs = 3_000;
  await assert.rejects(clock.resolve(store.beat(new Map())), isUnavailable);
});
