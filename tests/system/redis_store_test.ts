/** The state store on a real Redis: what is written, what is kept, and who may write. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { rememberAll } from "../../src/cache/persisted_market.ts";
import { marketKeys, SHARED_KEYS } from "../../src/cache/redis_keys.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { cents } from "../../src/models/money.ts";
import { eventually } from "../support/real_process.ts";
import { STORE_RULES } from "../support/store_contract.ts";
import { type RedisFixture, redisTest } from "../support/redis_fixture.ts";
import {
  arbitraryPersisted,
  explained,
  KILL,
  M,
  ownOrder,
  persisted,
  SENT_MINT,
  snapshot,
} from "../support/snapshots.ts";

const KEYS = marketKeys(M);
const DAY = { day: "2026-01-05", account: null, nowMs: 0 };
const OWN_KEYS = [KEYS.risk, KEYS.ledger, KEYS.operation, KEYS.inventory, KEYS.orders];

/** A snapshot with something in every key. */
function full() {
  return snapshot(persisted({ operation: SENT_MINT }), {
    orders: [ownOrder({}), ownOrder({ orderId: "O-2" })],
    explanation: explained(-250),
  });
}

const withCash = (cash: number) =>
  persisted({ ledger: { ...persisted().ledger, marketCashCents: cents(cash) } });

/** How often each command was called while something happened. */
async function counted(
  { calls }: RedisFixture,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const before = await calls();
  await work();
  const after = await calls();
  const grown = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  // The look at the figures is one of them.
  return Object.fromEntries(grown.filter(([name, more]) => more > 0 && name !== "info"));
}

for (const { name, prove } of STORE_RULES) {
  redisTest(`redis store: ${name}`, async ({ store, another, redis }) => {
    const other = await another();
    const lease = async (marketId: string, token: number) => {
      const value = { instance_id: "one", nonce: "x", token, acquired_at_ms: 1 };
      await redis("SET", marketKeys(marketId).lease, JSON.stringify(value));
    };
    await prove({ store, other, lease });
  });
}

redisTest(
  "redis store: every state of a market comes back from another process as it was written",
  async ({ store, another }) => {
    const other = await another();
    let markets = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryPersisted, async (record) => {
        const explanation = record.day === null ? null : explained(1);
        // A kill that is stored is released by a person only, so that each record has its own market.
        const marketId = `MKT-${markets++}`;
        await store.saveMarket(marketId, snapshot(record, { explanation }), 0);
        assert.deepEqual(await other.loadMarket(marketId), rememberAll(record));
      }),
      { numRuns: 60 },
    );
  },
);

redisTest(
  "redis store: a cycle costs one round trip, and writes what has changed and nothing else",
  async (fixture) => {
    const { store, hash } = fixture;
    await store.saveMarket(M, full(), 0);
    const before = await hash(KEYS.ledger);
    const same = await counted(fixture, () => store.saveMarket(M, full(), 0));
    assert.deepEqual([same.evalsha, same.eval, same.hset, same.hdel], [
      1,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(await hash(KEYS.ledger), before, "not even the time of the change");

    const richer = snapshot(withCash(50_000), { explanation: explained(-250), nowMs: 99 });
    const changed = await counted(fixture, () => store.saveMarket(M, richer, 0));
    assert.equal(changed.evalsha, 1);
    assert.equal(changed.hset, 3, "ledger, inventory, cash of all markets");
    assert.equal(changed.hdel, 2, "the operation is over, the orders are gone");
    assert.deepEqual(await hash(KEYS.ledger), {
      ...before,
      market_cash_cents: "50000",
      updated_at_ms: "99",
    });
    assert.deepEqual(await hash(KEYS.operation), {});
    assert.deepEqual(await hash(KEYS.orders), {});
  },
);

redisTest(
  "redis store: profit of the day and cash are shared, the profit for two days",
  async ({ store, redis, another }) => {
    await store.saveMarket(M, full(), 0);
    const other = await another();
    const shared = await other.share({ ...DAY, account: null });
    assert.deepEqual([...shared.dayPnlCents], [[M, -250]]);
    assert.equal(await redis("HGET", SHARED_KEYS.marketCash, M), "41234");
    const ttl = Number(await redis("TTL", "amm:pnl:2026-01-05"));
    assert.ok(ttl > 47 * 3600 && ttl <= 48 * 3600, `ttl ${ttl}`);
  },
);

redisTest(
  "redis store: own trades are remembered by their ids, a bounded number for a day",
  async ({ store, redis }) => {
    const trades = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({
        tradeId: `T-${from + index}`,
        executedAtMs: 1_700_000_000_000 + from + index,
      }));
    await store.saveMarket(M, snapshot(persisted(), { bookedTrades: trades(0, 900) }), 0);
    await store.saveMarket(M, snapshot(persisted(), { bookedTrades: trades(900, 1200) }), 0);
    assert.equal(await redis("ZCARD", KEYS.processed), 1000);
    assert.equal(await redis("ZSCORE", KEYS.processed, "T-199"), null);
    assert.equal(await redis("ZSCORE", KEYS.processed, "T-200"), "1700000000200");
    const ttl = Number(await redis("TTL", KEYS.processed));
    assert.ok(ttl > 23 * 3600 && ttl <= 24 * 3600, `ttl ${ttl}`);
  },
);

redisTest("redis store: a lease that cannot be read fences every token", async (fixture) => {
  const { store, redis, hash } = fixture;
  const token = 1_700_000_000_123;
  const isFenced = (error: unknown) => error instanceof StoreError && error.kind === "fenced";
  const lease = { instance_id: "two", nonce: "y", token: token + 1, acquired_at_ms: 2 };
  const values = [JSON.stringify(lease), JSON.stringify("garbage"), "{", "", `"${token}"`];
  await store.saveMarket(M, snapshot(withCash(1)), 0);
  const refused = async (what: string) => {
    await assert.rejects(store.saveMarket(M, snapshot(withCash(2)), token), isFenced, what);
    assert.equal((await hash(KEYS.ledger)).market_cash_cents, "1", what);
    assert.equal(await redis("HGET", SHARED_KEYS.marketCash, M), "1", what);
    assert.equal(store.problem, null, "the store itself is well");
  };
  for (const value of values) {
    await redis("SET", KEYS.lease, value);
    await refused(value);
  }
  await redis("DEL", KEYS.lease);
  await redis("HSET", KEYS.lease, "token", token);
  await refused("a hash");
});

redisTest(
  "redis store: a release says who and when, and what it was is kept",
  async ({ store, hash }) => {
    await store.latchMarket(M, KILL);
    const release = { latchAtMs: KILL.atMs, by: "ann: looked at it", atMs: KILL.atMs + 5 };
    await store.saveMarket(M, snapshot(persisted(), { release }), 0);
    const risk = await hash(KEYS.risk);
    assert.deepEqual([risk.kill_latched, risk.kill_reason], ["OFF", "LOSS"]);
    assert.deepEqual([risk.kill_released_by, risk.kill_released_at_ms], [
      release.by,
      String(release.atMs),
    ]);
    await store.latchAll(KILL);
    await store.releaseAll(release);
    assert.deepEqual((await store.share(DAY)).latch, {
      kind: "off",
      latchAtMs: KILL.atMs,
      by: release.by,
    });
  },
);

redisTest(
  "redis store: a kill that a person wrote by hand, with half of its fields or nonsense in them, can be released",
  async ({ store, redis }) => {
    for (const at of ["", "noon", "1.5", "-3", "0x10", "99999999999999999", "1700000000000"]) {
      await store.saveMarket(M, snapshot(persisted()), 0);
      await redis("HSET", KEYS.risk, "kill_latched", "ON", "kill_at_ms", at);
      await redis("DEL", SHARED_KEYS.globalRisk);
      await redis("HSET", SHARED_KEYS.globalRisk, "kill_latched", "ON");
      if (at !== "") await redis("HSET", SHARED_KEYS.globalRisk, "kill_at_ms", at);
      const { latch } = await store.saveMarket(M, snapshot(persisted()), 0);
      const shared = (await store.share(DAY)).latch;
      assert.ok(latch !== null && shared.kind === "on", at);
      const release = { by: "ann", atMs: 5 };
      const released = await store.saveMarket(
        M,
        snapshot(persisted(), { release: { ...release, latchAtMs: latch.atMs } }),
        0,
      );
      assert.equal(released.latch, null, at);
      const left = await store.releaseAll({ ...release, latchAtMs: shared.latch.atMs });
      assert.equal(left, null, at);
    }
  },
);

redisTest(
  "redis store: a kill word that is neither ON nor OFF is a kill for the holder too",
  async ({ store, redis, hash }) => {
    await store.saveMarket(M, snapshot(persisted()), 0);
    await redis("HSET", KEYS.risk, "kill_latched", "yes!");
    const { latch } = await store.saveMarket(M, snapshot(persisted()), 0);
    assert.equal(latch?.reason, "INVALID_INPUT");
    const defense = { level: "KILL_SWITCH", calmCycles: 0, latch: latch ?? KILL } as const;
    await store.saveMarket(M, snapshot(persisted({ defense })), 0);
    assert.equal((await hash(KEYS.risk)).kill_latched, "ON", "and is written as one");
  },
);

redisTest(
  "redis store: what the store has lost is written anew, whole, and told",
  async (fixture) => {
    const { store, redis, hash } = fixture;
    await store.saveMarket(M, full(), 0);
    const sound = await Promise.all(OWN_KEYS.map(hash));
    const expectHealed = async (what: string, keys: readonly string[]) => {
      const { rewritten } = await store.saveMarket(M, full(), 0);
      assert.deepEqual([...rewritten].sort(), [...keys].sort(), what);
      assert.deepEqual(await Promise.all(OWN_KEYS.map(hash)), sound, what);
      assert.equal(await redis("HGET", SHARED_KEYS.marketCash, M), "41234", what);
      assert.equal(await redis("HGET", "amm:pnl:2026-01-05", M), "-250", what);
      assert.deepEqual((await store.saveMarket(M, full(), 0)).rewritten, [], `${what}, again`);
    };
    await redis("FLUSHALL");
    await expectHealed("everything", [
      ...OWN_KEYS,
      KEYS.state,
      SHARED_KEYS.marketCash,
      "amm:pnl:2026-01-05",
    ]);
    await redis("HDEL", KEYS.ledger, "trade_cursor");
    await expectHealed("one field", [KEYS.ledger]);
    await redis("DEL", KEYS.risk);
    await expectHealed("one key", [KEYS.risk]);
    await redis("HDEL", SHARED_KEYS.marketCash, M);
    await expectHealed("the cash of the market", [SHARED_KEYS.marketCash]);
    for (const key of [...OWN_KEYS, KEYS.state, SHARED_KEYS.marketCash, "amm:pnl:2026-01-05"]) {
      await redis("DEL", key);
      await redis("SET", key, "garbage");
      await expectHealed(`${key} as a text`, [key]);
    }
    await redis("SET", KEYS.processed, "garbage");
    const bookedTrades = [{ tradeId: "T-1", executedAtMs: 1_700_000_000_400 }];
    await store.saveMarket(M, snapshot(persisted(), { bookedTrades }), 0);
    assert.equal(await redis("ZCARD", KEYS.processed), 1);
  },
);

redisTest(
  "redis store: a kill survives the loss of the risk record, because the holder has it",
  async ({ store, redis, hash }) => {
    const killed = persisted({ defense: { level: "KILL_SWITCH", calmCycles: 0, latch: KILL } });
    await store.saveMarket(M, snapshot(killed), 0);
    await redis("FLUSHALL");
    assert.deepEqual((await store.saveMarket(M, snapshot(killed), 0)).latch, KILL);
    assert.equal((await hash(KEYS.risk)).kill_latched, "ON");
  },
);

redisTest(
  "redis store: damage that nobody can see is repaired within thirty cycles",
  async ({ store, redis, hash }) => {
    await store.saveMarket(M, full(), 0);
    await redis("HSET", KEYS.ledger, "market_cash_cents", "garbage");
    await redis("HSET", KEYS.orders, "O-999", "an order that never was");
    for (let cycle = 0; cycle < 31; cycle++) await store.saveMarket(M, full(), 0);
    assert.equal((await hash(KEYS.ledger)).market_cash_cents, "41234");
    assert.deepEqual(Object.keys(await hash(KEYS.orders)).sort(), ["O-1", "O-2"]);
  },
);

redisTest(
  "redis store: a server that comes back with an older state gets everything again",
  async ({ server, store, redis, hash, comeBack }) => {
    await store.saveMarket(M, full(), 0);
    // Part of what was confirmed is gone, as if the last second had never reached the disk.
    await redis("HSET", KEYS.ledger, "market_cash_cents", "1", "trade_cursor", "T-1");
    await server.kill();
    await comeBack();
    assert.equal((await hash(KEYS.ledger)).market_cash_cents, "1", "the server has persisted");
    await store.saveMarket(M, full(), 0);
    const { market_cash_cents, trade_cursor } = await hash(KEYS.ledger);
    assert.deepEqual([market_cash_cents, trade_cursor], ["41234", "T-77"]);
  },
  { persist: true },
);

redisTest(
  "redis store: cash that cannot be counted is claimed by nobody",
  async ({ store, redis }) => {
    const isRefused = (what: RegExp) => (error: unknown) =>
      error instanceof StoreError && error.kind === "refused" && what.test(error.message);
    await redis("HSET", SHARED_KEYS.marketCash, "MKT-X", "a lot");
    await assert.rejects(
      store.claimCash(M, 1, 1_000_000),
      isRefused(/field MKT-X of amm:market_cash is no number: correct or delete it/),
    );
    await redis("DEL", SHARED_KEYS.marketCash);
    await redis("SET", SHARED_KEYS.marketCash, "a lot");
    await assert.rejects(store.claimCash(M, 1, 1_000_000), isRefused(/amm:market_cash is no hash/));
    await redis("DEL", SHARED_KEYS.marketCash);
    assert.equal(await store.claimCash(M, 1, 1_000_000), 1_000_000);
    assert.equal(store.problem, null);
  },
);

redisTest(
  "redis store: a global record of another type is told, and a kill replaces it",
  async ({ store, redis }) => {
    await redis("RPUSH", SHARED_KEYS.globalRisk, "garbage");
    await redis("SET", "amm:pnl:2026-01-05", "garbage");
    const { latch, refused } = await store.share(DAY);
    assert.deepEqual(latch, { kind: "unreadable" });
    assert.deepEqual(refused.map(({ key, found }) => [key, found]), [
      [SHARED_KEYS.globalRisk, "a list instead of a hash"],
      ["amm:pnl:2026-01-05", "a string instead of a hash"],
    ]);
    await store.latchAll(KILL);
    assert.deepEqual((await store.share(DAY)).latch, { kind: "on", latch: KILL });
  },
);

redisTest("redis store: the account's cash is there for everybody", async ({ store, hash }) => {
  const account = { availableCents: cents(5), frozenCents: cents(6) };
  await store.share({ ...DAY, account, nowMs: 7.4 });
  assert.deepEqual(await hash(SHARED_KEYS.account), {
    available_cents: "5",
    frozen_cents: "6",
    updated_at_ms: "7",
  });
});

const isUnavailable = (error: unknown) =>
  error instanceof StoreError && error.kind === "unavailable";

redisTest(
  "redis store: while the server is away writes fail at once, and it is told once, going and coming",
  async ({ store, server, log, comeBack, hash }) => {
    await store.saveMarket(M, full(), 0);
    await server.kill();
    await eventually(
      "it is noticed",
      5000,
      () => Promise.resolve(store.problem === null ? null : 1),
    );
    for (let second = 0; second < 3; second++) {
      await assert.rejects(store.saveMarket(M, full(), 0), isUnavailable);
      await assert.rejects(store.share(DAY), isUnavailable);
      await assert.rejects(store.latchMarket(M, KILL), isUnavailable);
    }
    await comeBack();
    assert.notEqual(store.problem, null, "only a look that succeeds says that it is back");
    await store.share(DAY);
    assert.equal(store.problem, null);
    const { rewritten } = await store.saveMarket(M, full(), 0);
    assert.equal(
      (await hash(KEYS.ledger)).market_cash_cents,
      "41234",
      "the empty server has it all",
    );
    assert.equal(rewritten.length, OWN_KEYS.length + 3, "and it is told");
    assert.deepEqual(log.events.map(({ event }) => event), ["store_unavailable", "store_restored"]);
  },
);

redisTest(
  "redis store: a server that hangs costs one time-out, not one per market",
  async ({ store, server }) => {
    await store.saveMarket(M, full(), 0);
    server.freeze();
    await assert.rejects(store.saveMarket(M, full(), 0), isUnavailable);
    const fromMs = performance.now();
    for (let market = 0; market < 30; market++) {
      await assert.rejects(store.saveMarket(`MKT-${market}`, full(), 0), isUnavailable);
    }
    assert.ok(performance.now() - fromMs < 250, "thirty markets do not wait");
    server.thaw();
    await eventually("it is back", 10_000, async () => {
      await store.share(DAY);
      return true;
    });
    assert.deepEqual((await store.saveMarket(M, full(), 0)).rewritten, []);
  },
);

redisTest(
  "redis store: a server that refuses to write is as good as none, until it writes again",
  async ({ store, redis }) => {
    const account = { availableCents: cents(5), frozenCents: cents(6) };
    await store.saveMarket(M, full(), 0);
    await redis("CONFIG", "SET", "maxmemory", 1);
    const isRefused = (error: unknown) => error instanceof StoreError && error.kind === "refused";
    await assert.rejects(store.saveMarket(M, snapshot(withCash(7)), 0), isRefused);
    await assert.rejects(store.share({ ...DAY, account }), isRefused);
    assert.match(store.problem ?? "", /OOM/);
    await redis("CONFIG", "SET", "maxmemory", 0);
    await store.share({ ...DAY, account });
    assert.equal(store.problem, null);
  },
);
