/** What every state store does, whatever it is made of. */

import assert from "node:assert/strict";
import { rememberAll } from "../../src/cache/persisted_market.ts";
import type { StateStore } from "../../src/cache/state_store.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { cents } from "../../src/models/money.ts";
import { explained, KILL, M, persisted, SENT_MINT, snapshot } from "./snapshots.ts";

/** A store as two processes see it, and a way to give a market's lease out. */
export interface StoreUnderTest {
  readonly store: StateStore;
  readonly other: StateStore;
  lease(marketId: string, token: number): Promise<void>;
}

/** A rule, and the proof that a store keeps it. */
export interface StoreRule {
  readonly name: string;
  prove(stores: StoreUnderTest): Promise<void>;
}

const DAY = { day: "2026-01-05", account: null, nowMs: 0 };
const alive = snapshot(persisted());
const latchOf = async (store: StateStore) =>
  (await store.loadMarket(M))?.risk?.defense.latch ?? null;
const cashOf = async (store: StateStore) =>
  (await store.loadMarket(M))?.books?.ledger.marketCashCents;

function withCash(cash: number) {
  return snapshot(persisted({ ledger: { ...persisted().ledger, marketCashCents: cents(cash) } }));
}

/** The rules of every store. */
export const STORE_RULES: readonly StoreRule[] = [
  {
    name: "what is written is remembered, all of it, by every process",
    prove: async ({ store, other }) => {
      assert.equal(await other.loadMarket(M), null);
      const record = persisted({ operation: SENT_MINT });
      await store.saveMarket(M, snapshot(record, { explanation: explained(-250) }), 0);
      assert.deepEqual(await other.loadMarket(M), rememberAll(record));
      await store.saveMarket(M, snapshot(persisted({ tradeCursor: null })), 0);
      const later = await other.loadMarket(M);
      assert.deepEqual([later?.operation, later?.books?.tradeCursor], [null, null]);
    },
  },
  {
    name: "with a token only the holder of the lease writes, without one everybody does",
    prove: async ({ store, lease }) => {
      const isFenced = (error: unknown) => error instanceof StoreError && error.kind === "fenced";
      await assert.rejects(store.saveMarket(M, withCash(1), 5), isFenced, "no lease at all");
      assert.equal(await store.loadMarket(M), null);
      await lease(M, 1_700_000_000_123);
      await store.saveMarket(M, withCash(1), 1_700_000_000_123);
      await assert.rejects(store.saveMarket(M, withCash(2), 1_700_000_000_122), isFenced);
      await assert.rejects(store.saveMarket("MKT-2", withCash(2), 1_700_000_000_123), isFenced);
      assert.equal(await cashOf(store), 1);
      await store.latchMarket(M, KILL);
      assert.deepEqual(await latchOf(store), KILL, "a kill needs no token");
      await store.saveMarket(M, withCash(3), 0);
      assert.equal(await cashOf(store), 3);
    },
  },
  {
    name: "a kill that somebody else latched is seen by the next write and never overwritten",
    prove: async ({ store, other }) => {
      assert.equal((await store.saveMarket(M, alive, 0)).latch, null);
      await other.latchMarket(M, KILL);
      assert.deepEqual((await store.saveMarket(M, alive, 0)).latch, KILL);
      assert.deepEqual((await store.saveMarket(M, alive, 0)).latch, KILL);
      assert.deepEqual(await latchOf(other), KILL);
    },
  },
  {
    name: "a release is of one kill, and leaves a later one alone",
    prove: async ({ store, other }) => {
      const defense = { level: "KILL_SWITCH", calmCycles: 0, latch: KILL } as const;
      assert.deepEqual(
        (await store.saveMarket(M, snapshot(persisted({ defense })), 0)).latch,
        KILL,
      );
      const release = { latchAtMs: KILL.atMs, by: "ann: looked at it", atMs: KILL.atMs + 5 };
      assert.equal((await store.saveMarket(M, snapshot(persisted(), { release }), 0)).latch, null);
      assert.equal(await latchOf(other), null);
      const later = { ...KILL, reason: "ADMIN", atMs: KILL.atMs + 9 } as const;
      await other.latchMarket(M, later);
      const outcome = await store.saveMarket(M, snapshot(persisted(), { release }), 0);
      assert.deepEqual(outcome.latch, later);
    },
  },
  {
    name: "the first kill keeps its reason, but one for the status gives way",
    prove: async ({ store, other }) => {
      await store.saveMarket(M, alive, 0);
      await store.latchMarket(M, { ...KILL, reason: "STATUS" });
      await other.latchMarket(M, KILL);
      await store.latchMarket(M, { ...KILL, reason: "ADMIN" });
      assert.deepEqual(await latchOf(other), KILL);
    },
  },
  {
    name: "a market that was killed before it was ever worked starts killed, and stays it",
    prove: async ({ store, other }) => {
      await store.latchMarket(M, KILL);
      const loaded = await other.loadMarket(M);
      assert.deepEqual(loaded?.risk?.defense.latch, KILL);
      assert.deepEqual([loaded?.books, loaded?.refused], [null, []]);
      assert.deepEqual((await other.saveMarket(M, alive, 0)).latch, KILL);
    },
  },
  {
    name: "opening cash is claimed out of what no other ledger owns (rule X50)",
    prove: async ({ store, other }) => {
      await store.saveMarket("OLD", withCash(100_000), 0);
      const [first, second] = await Promise.all([
        store.claimCash("MKT-A", 80_000, 250_000),
        other.claimCash("MKT-B", 80_000, 250_000),
      ]);
      assert.deepEqual([first, second].sort((a, b) => a - b), [70_000, 150_000]);
      assert.equal(await store.claimCash("OLD", 170_000, 250_000), 170_000, "not its own");
    },
  },
  {
    name: "the kill of every market is set once and released by name",
    prove: async ({ store, other }) => {
      assert.deepEqual((await store.share(DAY)).latch, { kind: "none" });
      assert.deepEqual(await store.latchAll(KILL), KILL);
      assert.deepEqual(await other.latchAll({ ...KILL, atMs: 1, reason: "ADMIN" }), KILL);
      assert.deepEqual((await other.share(DAY)).latch, { kind: "on", latch: KILL });
      const release = { latchAtMs: 1, by: "bob: enough", atMs: 2 };
      assert.deepEqual(await other.releaseAll(release), KILL, "another kill");
      assert.equal(await other.releaseAll({ ...release, latchAtMs: KILL.atMs }), null);
      assert.notEqual((await store.share(DAY)).latch.kind, "on");
    },
  },
];
