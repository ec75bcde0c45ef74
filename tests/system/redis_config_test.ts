/** Both stores of overrides behave alike, and Redis holds what `parameters.md` 2.2 says. */

import assert from "node:assert/strict";
import { MemoryConfig } from "../../src/cache/memory_config.ts";
import { RedisConfig } from "../../src/cache/redis_config.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import type { OverrideStore, StoredTarget } from "../../src/config/hot/override_store.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { auditRecord, overrideWrite } from "../support/overrides.ts";
import { eventually } from "../support/real_process.ts";
import { redisTest } from "../support/redis_link.ts";

/** Runs a test with an empty store in memory, and with one in Redis. */
function storeTest(name: string, use: (store: OverrideStore) => Promise<void>): void {
  Deno.test(`overrides in memory: ${name}`, () => use(new MemoryConfig(systemClock)));
  redisTest(`overrides in Redis: ${name}`, ({ link }) => use(new RedisConfig(link)));
}

async function stored(store: OverrideStore, target = "MKT-1"): Promise<StoredTarget> {
  const found = (await store.read(["global", target])).get(target);
  assert(found !== undefined);
  return found;
}

async function fieldsOf(store: OverrideStore) {
  const { lasting, temporary } = await stored(store);
  assert(lasting.readable && temporary.readable);
  return { lasting: lasting.fields, temporary: temporary.fields };
}

const META = {
  config_version: "1",
  updated_at: "2026-01-05T12:00:00.000Z",
  updated_by: "anna",
  update_reason: "a test",
};

storeTest("where nothing was written there is nothing", async (store) => {
  assert.deepEqual(await stored(store), {
    lasting: { readable: true, fields: {} },
    temporary: { readable: true, fields: {} },
    temporaryLifeMs: null,
    hasSnapshot: false,
  });
  assert.deepEqual(await store.audit("MKT-1", 0, 10), { records: [], total: 0, unreadable: 0 });
});

storeTest("a write sets and removes fields, counts, and leaves a record", async (store) => {
  const set = { kappa: "3", event_times: "", odd: 'quote " and ü\n' };
  assert.deepEqual(await store.write(overrideWrite({ set })), { written: true });
  assert.deepEqual((await fieldsOf(store)).lasting, { ...set, ...META });
  const second = overrideWrite({
    set: { kappa: "4" },
    remove: ["odd", "event_times"],
    expectedVersion: 1,
    record: auditRecord({ version: 2, changes: [{ name: "kappa", old: 3, new: 4 }] }),
  });
  assert.deepEqual(await store.write(second), { written: true });
  assert.deepEqual((await fieldsOf(store)).lasting, { ...META, kappa: "4", config_version: "2" });
  const { records, total } = await store.audit("MKT-1", 0, 10);
  assert.deepEqual([total, records.map(({ version }) => version)], [2, [2, 1]]);
  assert.deepEqual(records[0], second.record);
});

storeTest("a stale write changes nothing and tells the present version", async (store) => {
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  for (const expectedVersion of [0, 2]) {
    const stale = overrideWrite({ set: { kappa: "9" }, expectedVersion });
    assert.deepEqual(await store.write(stale), { written: false, currentVersion: 1 });
  }
  assert.equal((await fieldsOf(store)).lasting.kappa, "3");
  assert.equal((await store.audit("MKT-1", 0, 10)).total, 1);
});

storeTest("of writes at the same time exactly one succeeds", async (store) => {
  const writes = Array.from(
    { length: 20 },
    (_, i) => store.write(overrideWrite({ set: { kappa: String(i) } })),
  );
  const results = await Promise.all(writes);
  assert.equal(results.filter(({ written }) => written).length, 1);
  assert.equal((await fieldsOf(store)).lasting.config_version, "1");
});

storeTest("temporary overrides live beside the lasting ones and end", async (store) => {
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  const write = { temporary: true, set: { kappa: "9" }, lifeMs: 300, expectedVersion: 1 };
  await store.write(overrideWrite(write));
  const { temporaryLifeMs } = await stored(store);
  assert.ok(temporaryLifeMs !== null && temporaryLifeMs > 0 && temporaryLifeMs <= 300);
  const { lasting, temporary } = await fieldsOf(store);
  assert.deepEqual([lasting.kappa, lasting.config_version], ["3", "2"]);
  assert.deepEqual(temporary, { ...META, kappa: "9", config_version: "2" });
  const gone = async () => (await stored(store)).temporaryLifeMs === null ? true : null;
  await eventually("the override ends", 5000, gone);
  assert.deepEqual((await fieldsOf(store)).temporary, {});
});

storeTest("temporary overrides never stay without a setting or without an end", async (store) => {
  await store.write(overrideWrite({ temporary: true, set: { kappa: "9" } }));
  assert.deepEqual((await fieldsOf(store)).temporary, {});
  const temporary = { temporary: true, set: { kappa: "9", max_shift_cents: "5" } };
  await store.write(overrideWrite({ ...temporary, lifeMs: 60_000, expectedVersion: 1 }));
  await store.write(overrideWrite({ temporary: true, remove: ["kappa"], expectedVersion: 2 }));
  const left = (await fieldsOf(store)).temporary;
  assert.deepEqual([left.kappa, left.max_shift_cents], [undefined, "5"]);
  assert.ok(Number((await stored(store)).temporaryLifeMs) > 50_000, "its end stays");
  const rest = { temporary: true, remove: ["max_shift_cents"], expectedVersion: 3 };
  await store.write(overrideWrite(rest));
  assert.deepEqual((await fieldsOf(store)).temporary, {});
  assert.equal((await fieldsOf(store)).lasting.config_version, "4");
});

storeTest("records are kept newest first, a thousand of them, and read in pages", async (store) => {
  const records = Array.from({ length: 1005 }, (_, version) => auditRecord({ version }));
  for (let i = 0; i < records.length; i += 100) {
    await store.publish("MKT-1", records.slice(i, i + 100), null);
  }
  const page = await store.audit("MKT-1", 10, 3);
  assert.deepEqual([page.total, page.records.map(({ version }) => version)], [
    1000,
    [994, 993, 992],
  ]);
  assert.deepEqual((await store.audit("MKT-1", 999, 3)).records.map(({ version }) => version), [5]);
  assert.equal((await stored(store)).hasSnapshot, false);
  await store.publish("MKT-1", [], "{}");
  assert.equal((await stored(store)).hasSnapshot, true);
});

storeTest("a secret in a record is not written", async (store) => {
  const changes = [{ name: "redis_url", old: null, new: "redis://a:hunter2@b:1/0" }];
  const overrides = { amm_password: "hunter2" };
  await store.publish("global", [auditRecord({ changes, overrides })], null);
  assert.doesNotMatch(JSON.stringify(await store.audit("global", 0, 1)), /hunter2/);
});

redisTest("overrides in Redis: the keys are those that operators know", async ({ link }) => {
  const store = new RedisConfig(link);
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  const temporary = { temporary: true, set: { kappa: "9" }, lifeMs: 60_000, expectedVersion: 1 };
  await store.write(overrideWrite(temporary));
  await store.publish("MKT-1", [], '{"a":1}');
  const [kappa, temp, life, snapshot, audit] = await link.send("test", [
    ["HGET", "amm:config:MKT-1", "kappa"],
    ["HGET", "amm:config:MKT-1:temp", "kappa"],
    ["PTTL", "amm:config:MKT-1:temp"],
    ["GET", "amm:config:MKT-1:snapshot"],
    ["LRANGE", "amm:config:MKT-1:audit", 0, -1],
  ]);
  assert.deepEqual([kappa, temp, snapshot], ["3", "9", '{"a":1}']);
  assert.ok(Number(life) > 50_000);
  const [newest] = audit as string[];
  assert.deepEqual(Object.keys(JSON.parse(newest ?? "")), [
    ...["event", "at", "target", "version", "operator", "approver", "source", "reason"],
    ...["changes", "findings", "life_ms", "overrides", "settings"],
  ]);
});

redisTest("overrides in Redis: keys of another type are told, one by one", async ({ link }) => {
  const store = new RedisConfig(link);
  const many = Array.from({ length: 1001 }, (_, i) => [`field${i}`, "1"]).flat();
  await link.send("test", [
    ["SET", "amm:config:MKT-1", "kappa=3"],
    ["RPUSH", "amm:config:MKT-1:temp", "x"],
    ["HSET", "amm:config:MKT-2", "kappa", "3"],
    ["HSET", "amm:config:MKT-3", ...many],
    ["HSET", "amm:config:MKT-4", "kappa", "3".repeat(100_001)],
    ["HSET", "amm:config:MKT-5:temp", "kappa", "3"],
  ]);
  const read = await store.read(["MKT-1", "MKT-2", "MKT-3", "MKT-4", "MKT-5"]);
  const problems = [...read.values()].map(({ lasting, temporary }) =>
    [lasting, temporary].map((hash) => hash.readable ? null : hash.problem)
  );
  assert.deepEqual(problems, [
    ["is a string, not a hash", "is a list, not a hash"],
    [null, null],
    ["has 1001 fields, more than 1000", null],
    ["is larger than 100000 characters", null],
    [null, null],
  ]);
  assert.equal(read.get("MKT-5")?.temporaryLifeMs, null);
});

redisTest(
  "overrides in Redis: a write beside a key of another type changes nothing",
  async ({ link }) => {
    const store = new RedisConfig(link);
    const write = overrideWrite({ set: { kappa: "3" } });
    for (const key of ["amm:config:MKT-1", "amm:config:MKT-1:audit"]) {
      await link.send("test", [["SET", key, "x"]]);
      await assert.rejects(
        store.write(write),
        (error) =>
          error instanceof StoreError && error.kind === "refused" && /repair/.test(String(error)),
      );
      await link.send("test", [["DEL", key]]);
      assert.deepEqual((await fieldsOf(store)).lasting, {});
    }
  },
);

redisTest("overrides in Redis: a version that is no number counts as none", async ({ link }) => {
  const store = new RedisConfig(link);
  for (const version of ["newest", "1e3", "0x10", " 5", "-1", "9".repeat(16)]) {
    await link.send("test", [["HSET", "amm:config:MKT-1", "config_version", version]]);
    assert.deepEqual(await store.write(overrideWrite()), { written: true }, version);
  }
});

redisTest(
  "overrides in Redis: an entry of the trail that is no record is counted, not shown",
  async ({ link }) => {
    const store = new RedisConfig(link);
    await store.publish("MKT-1", [auditRecord()], null);
    await link.send("test", [["LPUSH", "amm:config:MKT-1:audit", "not JSON", '{"event":"party"}']]);
    const { records, unreadable, total } = await store.audit("MKT-1", 0, 10);
    assert.deepEqual([records.length, unreadable, total], [1, 2, 3]);
  },
);
