/** The connection to a real Redis server that is killed and started again. */

import assert from "node:assert/strict";
import { RedisLink } from "../../src/cache/redis_link.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { eventually } from "../support/real_process.ts";
import {
  redisIsMissing,
  type RedisServer,
  startRedis,
  withRedisName,
} from "../support/redis_server.ts";

interface Linked {
  readonly server: RedisServer;
  readonly link: RedisLink;
  readonly changes: (string | null)[];
}

function redisTest(name: string, use: (linked: Linked) => Promise<void>): void {
  Deno.test({
    name: withRedisName(`redis link: ${name}`),
    ignore: redisIsMissing,
    fn: async () => {
      const server = await startRedis();
      const changes: (string | null)[] = [];
      const onChange = (lost: string | null) => void changes.push(lost);
      const link = new RedisLink({ url: server.url, timeoutMs: 1000, onChange });
      try {
        await link.open();
        await use({ server, link, changes });
      } finally {
        await link.close();
        await server.close();
      }
    },
  });
}

function failsWith(kind: StoreError["kind"], message: RegExp) {
  return (error: unknown) =>
    error instanceof StoreError && error.kind === kind && message.test(error.message);
}

redisTest("commands and scripts are answered in order", async ({ link }) => {
  const replies = await link.send("test", [
    ["HSET", "amm:test", "a", 1],
    ["HGET", "amm:test", "a"],
    ["GET", "amm:nothing"],
  ]);
  assert.deepEqual(replies, [1, "1", null]);
  const script = { name: "amm_test", lua: "return {KEYS[1], ARGV[1]}" };
  assert.deepEqual(await link.run(script, ["k"], ["v"]), ["k", "v"]);
});

redisTest("what the server refuses is told apart from what it did not answer", async ({ link }) => {
  await link.send("test", [["SET", "amm:text", "x"]]);
  await assert.rejects(
    link.send("read amm:text", [["HGETALL", "amm:text"]]),
    failsWith("refused", /read amm:text: WRONGTYPE/),
  );
});

redisTest("a server that dies fails every command at once, and is found when it is back", async ({
  server,
  link,
  changes,
}) => {
  await server.kill();
  await eventually("the loss is noticed", 5000, () => Promise.resolve(link.isUp ? null : true));
  await assert.rejects(link.send("test", [["PING"]]), failsWith("unavailable", /Cannot test/));
  await server.restart();
  await eventually("the server is back", 10_000, () => Promise.resolve(link.isUp ? true : null));
  assert.deepEqual(await link.send("test", [["PING"]]), ["PONG"]);
  const script = { name: "amm_again", lua: "return 7" };
  assert.equal(await link.run(script, [], []), 7);
  assert.deepEqual(changes.map((lost) => lost === null), [true, false, true]);
});

Deno.test("redis link: a server that is not there is said so, without the URL", async () => {
  const link = new RedisLink({ url: "redis://:s3cret@127.0.0.1:1/0", timeoutMs: 500 });
  try {
    await assert.rejects(
      link.open(),
      (error) =>
        failsWith("unavailable", /ECONNREFUSED/)(error) && !String(error).includes("s3cret"),
    );
    await assert.rejects(link.send("test", [["PING"]]), failsWith("unavailable", /ECONNREFUSED/));
  } finally {
    await link.close();
  }
});
