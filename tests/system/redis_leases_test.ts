/** The scripts of the leases on a real Redis server. */

import assert from "node:assert/strict";
import type { Instance } from "../../src/cache/lease_store.ts";
import { RedisLeaseStore } from "../../src/cache/redis_lease_store.ts";
import { RedisLink } from "../../src/cache/redis_link.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { instance, LEASE_CASES, MARKETS, MINUTE_MS, TTL_MS } from "../support/lease_contract.ts";
import {
  redisIsMissing,
  type RedisServer,
  startRedis,
  withRedisName,
} from "../support/redis_server.ts";

/** A server, a connection to prepare and to look, and the stores of processes on it. */
interface Bench {
  readonly server: RedisServer;
  readonly link: RedisLink;
  readonly storeOf: (self: Instance) => RedisLeaseStore;
  readonly pass: (ms: number) => Promise<void>;
  readonly forget: () => Promise<void>;
}

/** Makes everything in the store older: time passes, but nobody has to wait for it. */
const AGE = {
  name: "amm_test_age",
  lua: `
local ms = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', 'amm:lease:*')) do
  local left = redis.call('PTTL', key) - ms
  if left > 0 then redis.call('PEXPIRE', key, left) else redis.call('DEL', key) end
end
for _, member in ipairs(redis.call('ZRANGE', 'amm:instances', 0, -1)) do
  redis.call('ZINCRBY', 'amm:instances', -ms, member)
end
local epoch = redis.call('GET', 'amm:epoch')
if epoch then redis.call('SET', 'amm:epoch', string.format('%.0f', epoch - ms)) end
`,
};

function redisTest(name: string, use: (bench: Bench) => Promise<void>): void {
  Deno.test({
    name: withRedisName(`redis leases: ${name}`),
    ignore: redisIsMissing,
    fn: async () => {
      const server = await startRedis();
      const link = new RedisLink({ url: server.url, timeoutMs: 1_000 });
      try {
        await link.open();
        await use({
          server,
          link,
          storeOf: (self) => new RedisLeaseStore({ self, marketIds: MARKETS, ttlMs: TTL_MS, link }),
          pass: async (ms) => void await link.run(AGE, [], [ms]),
          forget: async () => void await link.send("forget", [["FLUSHALL"]]),
        });
      } finally {
        await link.close();
        await server.close();
      }
    },
  });
}

for (const [sentence, proof] of LEASE_CASES) redisTest(sentence, proof);

redisTest(
  "the keys are those of the dictionary, with a life that Redis ends by itself",
  async ({ storeOf, link, pass }) => {
    const a = storeOf(instance("a"));
    await a.beat(new Map());
    await a.acquire("MKT-1");
    await pass(TTL_MS);
    const answer = await a.acquire("MKT-1");
    assert.ok(answer.kind === "granted");
    const [lease, ttl, counter, epoch, members] = await link.send("look", [
      ["GET", "amm:lease:MKT-1"],
      ["PTTL", "amm:lease:MKT-1"],
      ["GET", "amm:lease_token:MKT-1"],
      ["GET", "amm:epoch"],
      ["ZRANGE", "amm:instances", 0, -1],
    ]);
    const { instance_id, nonce, token, acquired_at_ms } = JSON.parse(String(lease));
    assert.deepEqual([instance_id, nonce, token], ["a", "a1", answer.token]);
    assert.equal(String(counter), String(answer.token));
    assert.ok(
      Math.abs(acquired_at_ms - answer.token) < MINUTE_MS,
      "a token is never below the time",
    );
    assert.ok(Number(ttl) > TTL_MS - MINUTE_MS && Number(ttl) <= TTL_MS);
    assert.ok(acquired_at_ms - Number(epoch) >= TTL_MS);
    assert.deepEqual(members, ["a:a1"]);
  },
);

redisTest(
  "a process that was silent for ten lives is dropped from the list",
  async ({ storeOf, link, pass }) => {
    await storeOf(instance("dead")).beat(new Map());
    await pass(10 * TTL_MS - MINUTE_MS);
    await storeOf(instance("a")).beat(new Map());
    const members = () => link.send("look", [["ZRANGE", "amm:instances", 0, -1]]);
    assert.deepEqual(await members(), [["dead:dead1", "a:a1"]]);
    await pass(MINUTE_MS + 1);
    await storeOf(instance("a")).beat(new Map());
    assert.deepEqual(await members(), [["a:a1"]]);
  },
);

const GARBAGE: readonly (readonly [string, (key: string) => (string | number)[]])[] = [
  ["a text that is no JSON", (key) => ["SET", key, "}{"]],
  ["another JSON", (key) => ["SET", key, '["a1"]']],
  ["JSON with fields of other types", (key) => ["SET", key, '{"nonce": 7, "token": "x"}']],
  ["null", (key) => ["SET", key, "null"]],
  ["a number too large", (key) => ["SET", key, "9".repeat(40)]],
  ["a hash", (key) => ["HSET", key, "nonce", "a1"]],
  ["a list", (key) => ["RPUSH", key, "a1"]],
];

for (const [what, command] of GARBAGE) {
  redisTest(
    `a lease that is ${what} is somebody else's: nobody is given the market, no other suffers`,
    async ({ storeOf, link, pass }) => {
      const a = storeOf(instance("a"));
      await a.acquire("MKT-2");
      await pass(TTL_MS);
      const held = await a.acquire("MKT-2");
      assert.ok(held.kind === "granted");
      const [name, ...args] = command("amm:lease:MKT-1");
      await link.send("spoil", [[String(name), ...args]]);
      assert.equal(await a.holder("MKT-1"), "unreadable");
      assert.deepEqual(await a.acquire("MKT-1"), { kind: "busy" });
      await a.release("MKT-1", null);
      const beat = await a.beat(new Map([["MKT-1", 5], ["MKT-2", held.token]]));
      assert.ok(beat.kind === "alive");
      assert.equal(beat.leases.get("MKT-1"), "unreadable");
      const other = beat.leases.get("MKT-2");
      assert.ok(other !== null && typeof other === "object" && other.token === held.token);
    },
  );

  redisTest(`an epoch that is ${what} is a store that is new`, async ({ storeOf, link, pass }) => {
    const [name, ...args] = command("amm:epoch");
    await link.send("spoil", [[String(name), ...args]]);
    const a = storeOf(instance("a"));
    assert.deepEqual(await a.acquire("MKT-1"), { kind: "wait" });
    await pass(TTL_MS);
    assert.equal((await a.acquire("MKT-1")).kind, "granted");
  });

  redisTest(
    `a last token that is ${what} is forgotten: the time gives the next`,
    async ({ storeOf, link, pass }) => {
      const a = storeOf(instance("a"));
      await a.acquire("MKT-1");
      await pass(TTL_MS);
      const [name, ...args] = command("amm:lease_token:MKT-1");
      await link.send("spoil", [[String(name), ...args]]);
      const answer = await a.acquire("MKT-1");
      assert.ok(answer.kind === "granted" && Math.abs(answer.token - Date.now()) < MINUTE_MS);
    },
  );
}

redisTest(
  "an epoch in the future, after the clock was set back, is a store that is new",
  async ({ storeOf, link }) => {
    await link.send("spoil", [["SET", "amm:epoch", Date.now() + 3_600_000]]);
    assert.deepEqual(await storeOf(instance("a")).acquire("MKT-1"), { kind: "wait" });
    const [epoch] = await link.send("look", [["GET", "amm:epoch"]]);
    assert.ok(Number(epoch) <= Date.now());
  },
);

redisTest(
  "a token given out by a clock that was ahead is followed by a greater one",
  async ({ storeOf, link, pass }) => {
    const a = storeOf(instance("a"));
    await a.acquire("MKT-1");
    await pass(TTL_MS);
    const ahead = Date.now() + 3_600_000;
    await link.send("prepare", [["SET", "amm:lease_token:MKT-1", ahead]]);
    assert.deepEqual(await a.acquire("MKT-1"), { kind: "granted", token: ahead + 1 });
  },
);

redisTest(
  "a list of processes of another type costs the list, not the leases",
  async ({ storeOf, link, pass }) => {
    const a = storeOf(instance("a"));
    await a.acquire("MKT-1");
    await pass(TTL_MS);
    const held = await a.acquire("MKT-1");
    assert.ok(held.kind === "granted");
    await link.send("spoil", [["DEL", "amm:instances"], ["SET", "amm:instances", "x"]]);
    await pass(0).catch(() => {});
    const beat = await a.beat(new Map([["MKT-1", held.token]]));
    assert.ok(beat.kind === "alive" && beat.instances === null);
    const view = beat.leases.get("MKT-1");
    assert.ok(view !== null && typeof view === "object" && view.token === held.token);
  },
);

redisTest(
  "names on the list that nobody can have given are not counted",
  async ({ storeOf, link }) => {
    await link.send("spoil", [["ZADD", "amm:instances", Date.now(), "a b c", Date.now(), "x"]]);
    const beat = await storeOf(instance("a")).beat(new Map());
    assert.ok(beat.kind === "alive");
    assert.deepEqual(beat.instances?.map(({ instanceId }) => instanceId), ["a"]);
  },
);

redisTest(
  "a server that is gone fails every step at once and is used again when it is back",
  async ({ server, storeOf }) => {
    const a = storeOf(instance("a"));
    await a.beat(new Map());
    await server.kill();
    const isUnavailable = (error: unknown) =>
      error instanceof StoreError && error.kind === "unavailable";
    await assert.rejects(a.beat(new Map()), isUnavailable);
    await assert.rejects(a.acquire("MKT-1"), isUnavailable);
    await assert.rejects(a.release("MKT-1", 1), isUnavailable);
    await assert.rejects(a.holder("MKT-1"), isUnavailable);
    await assert.rejects(a.leave(), isUnavailable);
  },
);
