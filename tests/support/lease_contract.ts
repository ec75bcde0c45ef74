/** What every store of leases must do; for the one in memory and the one in Redis. */

import assert from "node:assert/strict";
import type { Instance, LeaseStore } from "../../src/cache/lease_store.ts";

/** A store to look at from the side of several processes. */
export interface LeaseBench {
  /** The store as a process sees it. */
  storeOf(self: Instance): LeaseStore;
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>;
  /** The store starts again, empty. */
  forget(): Promise<void>;
}

/** A time that is long against whatever a busy machine may lose between two steps. */
export const MINUTE_MS = 60_000;
/** Life of a lease in these cases, ms. */
export const TTL_MS = 10 * MINUTE_MS;
/** The markets that are shared in these cases. */
export const MARKETS: readonly string[] = ["MKT-1", "MKT-2"];
const [MARKET = ""] = MARKETS;

/** A process; another start of one with the same name has another nonce. */
export function instance(
  instanceId: string,
  nonce = `${instanceId}1`,
  assignment: Instance["assignment"] = "leased",
): Instance {
  return { instanceId, nonce, assignment };
}

const NOTHING: ReadonlyMap<string, number> = new Map();

async function granted(store: LeaseStore, marketId = MARKET): Promise<number> {
  const answer = await store.acquire(marketId);
  assert.ok(answer.kind === "granted", answer.kind);
  return answer.token;
}

async function livingNames(store: LeaseStore): Promise<readonly string[]> {
  const beat = await store.beat(NOTHING);
  assert.ok(beat.kind === "alive", beat.kind);
  return (beat.instances ?? []).map(({ instanceId }) => instanceId).sort();
}

async function ownerAfterBeat(store: LeaseStore, token: number): Promise<string | null> {
  const beat = await store.beat(new Map([[MARKET, token]]));
  assert.ok(beat.kind === "alive", beat.kind);
  const view = beat.leases.get(MARKET) ?? null;
  return view === null || view === "unreadable" ? view : view.instanceId;
}

/** Two processes on a store that is old enough to give leases. */
async function twoProcesses(bench: LeaseBench): Promise<[LeaseStore, LeaseStore]> {
  const [a, b] = [bench.storeOf(instance("a")), bench.storeOf(instance("b"))];
  assert.deepEqual(await a.acquire(MARKET), { kind: "wait" });
  await bench.pass(TTL_MS);
  return [a, b];
}

/** All cases: a sentence, and what proves it. */
export const LEASE_CASES: readonly (readonly [string, (bench: LeaseBench) => Promise<void>])[] = [
  [
    "a store that is new gives no lease before every lease it may have forgotten has ended",
    async (bench) => {
      const a = bench.storeOf(instance("a"));
      assert.deepEqual(await a.acquire(MARKET), { kind: "wait" });
      await bench.pass(TTL_MS - MINUTE_MS);
      assert.deepEqual(await a.acquire(MARKET), { kind: "wait" });
      await bench.pass(MINUTE_MS);
      assert.equal((await a.acquire(MARKET)).kind, "granted");
    },
  ],
  ["a market has one holder, and whoever asks for it is told that it is busy", async (bench) => {
    const [a, b] = await twoProcesses(bench);
    const token = await granted(a);
    assert.deepEqual(await b.acquire(MARKET), { kind: "busy" });
    assert.deepEqual(await a.acquire(MARKET), { kind: "busy" });
    const holder = await b.holder(MARKET);
    assert.ok(holder !== null && holder !== "unreadable");
    assert.deepEqual([holder.instanceId, holder.nonce, holder.token], ["a", "a1", token]);
    assert.equal(await b.holder("MKT-2"), null);
  }],
  ["tokens of a market only grow, whoever gets them", async (bench) => {
    const [a, b] = await twoProcesses(bench);
    const first = await granted(a);
    await a.release(MARKET, first);
    const second = await granted(b);
    await b.release(MARKET, second);
    const third = await granted(a);
    assert.ok(first < second && second < third, `${first} ${second} ${third}`);
  }],
  ["tokens grow over a loss of all data, too", async (bench) => {
    const [a] = await twoProcesses(bench);
    const before = await granted(a);
    await bench.forget();
    assert.equal(await a.holder(MARKET), null);
    assert.deepEqual(await a.acquire(MARKET), { kind: "wait" });
    await bench.pass(TTL_MS);
    assert.ok(await granted(a) > before);
  }],
  ["a lease ends when it is not renewed, and another process gets the market", async (bench) => {
    const [a, b] = await twoProcesses(bench);
    const token = await granted(a);
    await bench.pass(TTL_MS);
    assert.equal(await b.holder(MARKET), null);
    await granted(b);
    assert.equal(await ownerAfterBeat(a, token), "b");
  }],
  ["a heartbeat renews what is held, each time for a whole life", async (bench) => {
    const [a, b] = await twoProcesses(bench);
    const token = await granted(a);
    for (let beat = 0; beat < 3; beat++) {
      await bench.pass(TTL_MS - MINUTE_MS);
      assert.equal(await ownerAfterBeat(a, token), "a");
    }
    assert.deepEqual(await b.acquire(MARKET), { kind: "busy" });
  }],
  [
    "a heartbeat renews nothing that is held under another token or by another process",
    async (bench) => {
      const [a, b] = await twoProcesses(bench);
      const token = await granted(a);
      await bench.pass(TTL_MS - MINUTE_MS);
      assert.equal(await ownerAfterBeat(a, token - 1), "a");
      assert.equal(await ownerAfterBeat(b, token), "a");
      await bench.pass(MINUTE_MS);
      assert.equal(await a.holder(MARKET), null);
    },
  ],
  ["only the holder gives a lease back, under its token or whichever it is", async (bench) => {
    const [a, b] = await twoProcesses(bench);
    const token = await granted(a);
    await b.release(MARKET, token);
    await b.release(MARKET, null);
    await a.release(MARKET, token - 1);
    assert.deepEqual(await b.acquire(MARKET), { kind: "busy" });
    await a.release(MARKET, null);
    assert.equal(await a.holder(MARKET), null);
    await a.release(MARKET, token);
    const next = await granted(b);
    await b.release(MARKET, next);
    assert.equal(await a.holder(MARKET), null);
  }],
  ["a process lives as long as its heartbeat is young, or until it leaves", async (bench) => {
    const [a, b] = [bench.storeOf(instance("a")), bench.storeOf(instance("b"))];
    assert.deepEqual(await livingNames(a), ["a"]);
    assert.deepEqual(await livingNames(b), ["a", "b"]);
    await bench.pass(TTL_MS - MINUTE_MS);
    assert.deepEqual(await livingNames(a), ["a", "b"]);
    await bench.pass(2 * MINUTE_MS);
    assert.deepEqual(await livingNames(a), ["a"]);
    await a.leave();
    assert.deepEqual(await livingNames(b), ["b"]);
  }],
  ["a second process of the same name stays off the list while the first lives", async (bench) => {
    const first = bench.storeOf(instance("a", "1"));
    const second = bench.storeOf(instance("a", "2"));
    const namesake = bench.storeOf(instance("a-b"));
    await first.beat(NOTHING);
    assert.deepEqual(await second.beat(NOTHING), {
      kind: "excluded",
      by: [instance("a", "1")],
    });
    assert.deepEqual(await livingNames(namesake), ["a", "a-b"], "a longer name is another one");
    await bench.pass(TTL_MS + MINUTE_MS);
    assert.deepEqual(await livingNames(second), ["a"]);
    assert.deepEqual(await first.beat(NOTHING), { kind: "excluded", by: [instance("a", "2")] });
  }],
  [
    "a process that works all markets excludes another such process, but none that shares",
    async (bench) => {
      const all = bench.storeOf(instance("a", "1", "all"));
      const other = bench.storeOf(instance("b", "2", "all"));
      const sharing = bench.storeOf(instance("c"));
      await all.beat(NOTHING);
      const excluded = { kind: "excluded", by: [instance("a", "1", "all")] };
      assert.deepEqual(await other.beat(NOTHING), excluded);
      assert.deepEqual(await livingNames(sharing), ["a", "c"]);
      assert.deepEqual(await livingNames(all), ["a", "c"], "whoever was first stays");
    },
  ],
  ["beside a process that works all markets nobody gets a lease", async (bench) => {
    const [a] = await twoProcesses(bench);
    const all = bench.storeOf(instance("greedy", "1", "all"));
    await all.beat(NOTHING);
    assert.deepEqual(await a.acquire(MARKET), { kind: "wait" });
    await all.leave();
    assert.equal((await a.acquire(MARKET)).kind, "granted");
  }],
  ["a heartbeat shows who has which of the shared markets", async (bench) => {
    const [a, b] = await twoProcesses(bench);
    const token = await granted(b, "MKT-2");
    const beat = await a.beat(NOTHING);
    assert.ok(beat.kind === "alive");
    assert.deepEqual([...beat.leases.keys()], MARKETS);
    assert.equal(beat.leases.get("MKT-1"), null);
    const view = beat.leases.get("MKT-2");
    assert.ok(view !== null && view !== undefined && view !== "unreadable");
    assert.deepEqual([view.instanceId, view.token], ["b", token]);
  }],
];
