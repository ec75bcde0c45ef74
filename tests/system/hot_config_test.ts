/** The running service on a real Redis whose keys are edited by hand; bot and venue in virtual time. */

import assert from "node:assert/strict";
import { RedisConfig } from "../../src/cache/redis_config.ts";
import { RedisLink } from "../../src/cache/redis_link.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { BY_ANNA, type HotBot, hotBot, isoAt, RELOAD_S } from "../support/hot_bot.ts";
import { twoMarkets } from "../support/overrides.ts";
import { eventually } from "../support/real_process.ts";
import {
  redisIsMissing,
  type RedisServer,
  startRedis,
  withRedisName,
} from "../support/redis_server.ts";
import { MARKET } from "../support/venue.ts";

/** One quote cycle of the test configuration, seconds. */
const CYCLE_S = 2;
const KEY = `amm:config:${MARKET}`;

interface Scene extends HotBot<RedisConfig> {
  readonly server: RedisServer;
  /** What an operator types into `redis-cli`. */
  redis(...command: [string, ...string[]]): Promise<unknown>;
  /** Lets virtual time pass; Redis answers in between. */
  pass(seconds: number): Promise<void>;
  /** Ends the server as a crash would, and waits until that is noticed. */
  kill(): Promise<void>;
  /** Starts it again, and waits until it can be used. */
  revive(): Promise<void>;
  /** The audit trail of MKT-1, newest first. */
  audit(): Promise<readonly { event: string; changes: unknown; findings: readonly string[] }[]>;
  /** Distance of the best own bid and ask, cents. */
  touch(marketId?: string): number;
}

interface SceneOptions {
  readonly persist?: boolean;
}

function sceneTest(
  name: string,
  use: (scene: Scene) => Promise<void>,
  { persist = false }: SceneOptions = {},
): void {
  Deno.test({
    name: withRedisName(name),
    ignore: redisIsMissing,
    fn: async () => {
      const server = await startRedis({ persist });
      const link = new RedisLink({ url: server.url, timeoutMs: 2000 });
      try {
        await link.open();
        const scene = sceneOf(server, link);
        await untilSettled(scene, scene.venue.service.start());
        await scene.pass(5);
        await use(scene);
        await untilSettled(scene, scene.venue.service.stop("test"));
      } finally {
        await link.close();
        await server.close();
      }
    },
  });
}

function sceneOf(server: RedisServer, link: RedisLink): Scene {
  const bot = hotBot(twoMarkets(), () => new RedisConfig(link));
  const { venue, store } = bot;
  const isUp = (wanted: boolean) => () => Promise.resolve(link.isUp === wanted ? true : null);
  return {
    ...bot,
    server,
    redis: async (...command) => (await link.send("type a command", [command]))[0],
    pass: async (seconds) => {
      for (let second = 0; second < seconds; second++) {
        await venue.run(1);
        await calm(link, bot);
      }
    },
    kill: async () => {
      await server.kill();
      await eventually("the loss is noticed", 10_000, isUp(false));
    },
    revive: async () => {
      await server.restart();
      await eventually("Redis is back", 10_000, isUp(true));
    },
    audit: async () => (await store.audit(MARKET, 0, 100)).records,
    touch: (marketId = MARKET) =>
      (venue.ladder("ASK", marketId)[0] ?? NaN) - (venue.ladder("BID", marketId)[0] ?? NaN),
  };
}

/** A reload asks Redis a few times in turn; each answer comes before that of a later PING. */
const QUESTIONS_IN_TURN = 4;

/** Waits until whatever asks Redis now has its answers, and has acted on them. */
async function calm(link: RedisLink, { venue }: HotBot<RedisConfig>): Promise<void> {
  for (let i = 0; i < QUESTIONS_IN_TURN; i++) {
    if (link.isUp) await link.send("wait", [["PING"]]);
    await venue.run(0);
  }
}

/** Waits for something that needs both Redis and a little virtual time. */
async function untilSettled(scene: Scene, work: Promise<unknown>): Promise<void> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  work.then(settled, settled);
  await eventually("the work is done", 20_000, async () => {
    await scene.venue.run(0.01);
    return isSettled ? true : null;
  });
  await work;
}

sceneTest(
  "A configuration change through Redis is visible in the quotes of the next cycle, with its audit entry; an invalid one in none",
  async (scene) => {
    const { venue, redis, pass, audit, touch } = scene;
    const [narrow, other] = [touch(), touch("MKT-2")];
    assert.ok(narrow < 15);

    await redis("HSET", KEY, "exploration_min_spread_cents", "15");
    await pass(RELOAD_S - 6);
    assert.deepEqual([touch(), (await audit())[0]?.event], [narrow, "start"]);
    // Up to the look at Redis, and the cycle that begins after it.
    await pass(1 + CYCLE_S);
    assert.ok(touch() >= 15, `the touch is ${touch()}`);
    const [applied] = (await scene.store.audit(MARKET, 0, 1)).records;
    assert.deepEqual(
      [
        applied?.event,
        applied?.at.slice(0, 19),
        applied?.source,
        applied?.changes,
        applied?.findings,
      ],
      ["applied", isoAt(RELOAD_S).slice(0, 19), "watcher", [
        { name: "exploration_min_spread_cents", old: 5, new: 15 },
      ], []],
    );
    const snapshot = JSON.parse(String(await redis("GET", `${KEY}:snapshot`)));
    assert.deepEqual(snapshot.settings.exploration_min_spread_cents, {
      value: 15,
      origin: "override redis",
    });

    // Old orders move one at a time.
    await pass(20);
    const quotes = [venue.ladder("BID"), venue.ladder("ASK")];
    await redis("HSET", KEY, "exploration_min_spread_cents", "wide", "kapa", "1", "kappa", "-1");
    await redis("HSET", KEY, "initial_mint_quantity", "5", "spread_min_cents", "16");
    await pass(RELOAD_S + 3 * CYCLE_S);
    assert.deepEqual([venue.ladder("BID"), venue.ladder("ASK")], quotes);
    const [refused] = await audit();
    assert.deepEqual([refused?.event, refused?.changes], ["applied", []]);
    const reasons = refused?.findings.map((text) => /\[(.*)\]/.exec(text)?.[1]).sort();
    assert.deepEqual(reasons, [
      ...["COLD", "RANGE", "TYPE", "UNKNOWN_KEY"],
      ...["X05 CROSS_FIELD", "X05 CROSS_FIELD"],
    ]);
    assert.equal(touch("MKT-2"), other);
  },
);

sceneTest("An operator's change carries its version into every quote", async (scene) => {
  const { venue, editor, pass, audit, touch, redis } = scene;
  const changes = { exploration_min_spread_cents: 15 };
  const outcome = await editor.change({ ...BY_ANNA, changes });
  assert.equal(outcome.kind, "written");
  await pass(RELOAD_S + CYCLE_S);
  assert.deepEqual([touch() >= 15, venue.report().explanation?.configVersion], [true, 1]);
  assert.deepEqual((await audit()).map(({ event }) => event), ["applied", "written", "start"]);
  await redis("DEL", KEY);
  await pass(2 * RELOAD_S);
  assert.deepEqual([touch() < 15, venue.report().explanation?.configVersion], [true, 0]);
  assert.equal(venue.logged("config_overrides_lost").length, 0);
});

sceneTest(
  "A temporary override in Redis ends by itself, although Redis is gone by then",
  async (scene) => {
    const { venue, redis, pass, touch, kill } = scene;
    const narrow = touch();
    await redis("HSET", `${KEY}:temp`, "exploration_min_spread_cents", "15");
    await pass(RELOAD_S);
    assert.equal(touch(), narrow, "without an end it is refused");
    await redis("PEXPIRE", `${KEY}:temp`, "90000");
    await pass(RELOAD_S + CYCLE_S);
    assert.ok(touch() >= 15);
    await kill();
    await pass(50);
    assert.ok(touch() >= 15, "Redis is gone, and the time is not over");
    // Narrowing by ten cents takes twenty seconds.
    await pass(40 + 20);
    assert.equal(touch(), narrow);
    assert.equal(venue.logged("config_override_ended").length, 1);
    assert.equal(venue.logged("config_unavailable").length, 1);
  },
);

sceneTest(
  "Redis that dies and comes back empty leaves the files in force, and what was lost is reported",
  async (scene) => {
    const { venue, editor, pass, touch, kill, revive, audit, redis } = scene;
    const narrow = touch();
    await editor.change({ ...BY_ANNA, changes: { exploration_min_spread_cents: 15 } });
    await pass(RELOAD_S + CYCLE_S);
    const cycles = venue.report().cycles;
    await kill();
    await pass(60);
    assert.ok(touch() >= 15, "the last configuration stays during the outage");
    assert.equal(venue.report().cycles - cycles, 30);
    await assert.rejects(editor.change({ ...BY_ANNA, changes: { kappa: 3 } }), StoreError);
    await revive();
    await pass(RELOAD_S + 25);
    assert.equal(touch(), narrow);
    const [lost] = venue.logged("config_overrides_lost");
    assert.deepEqual(lost?.fields.changes, [
      { name: "exploration_min_spread_cents", old: 15, new: 5 },
    ]);
    assert.deepEqual((await audit()).map(({ event }) => event), ["lost"]);
    assert.equal(await redis("EXISTS", `${KEY}:snapshot`), 1);
    assert.equal(venue.logged("config_unavailable").length, 1);
    assert.equal(venue.logged("config_available").length, 1);
  },
);

sceneTest(
  "Redis that dies and comes back with its data changes nothing; a write after that is taken",
  async (scene) => {
    const { venue, editor, pass, touch, kill, revive, redis } = scene;
    await editor.change({ ...BY_ANNA, changes: { exploration_min_spread_cents: 15 } });
    await pass(RELOAD_S + CYCLE_S);
    await kill();
    await pass(20);
    await revive();
    await pass(RELOAD_S);
    assert.ok(touch() >= 15);
    assert.equal(venue.logged("config_overrides_lost").length, 0);
    await redis("HSET", KEY, "exploration_min_spread_cents", "18");
    await pass(RELOAD_S + CYCLE_S);
    assert.ok(touch() >= 18);
  },
  { persist: true },
);

sceneTest(
  "Garbage in every key of the configuration harms nothing, and is taken away by repairing it",
  async (scene) => {
    const { venue, redis, pass, touch } = scene;
    const narrow = touch();
    const cycles = venue.report().cycles;
    await redis("SET", KEY, "\x00\xff");
    await redis("LPUSH", `${KEY}:temp`, "x");
    await redis("DEL", `${KEY}:audit`, `${KEY}:snapshot`);
    await redis("SET", `${KEY}:audit`, "x");
    await redis("HSET", `${KEY}:snapshot`, "a", "b");
    await redis("SADD", "amm:config:global", "x");
    await redis("HSET", "amm:config:MKT-2", "exploration_min_spread_cents", "15");
    await pass(RELOAD_S + CYCLE_S);
    assert.deepEqual([touch(), touch("MKT-2") >= 15], [narrow, true]);
    assert.equal(venue.report().cycles - cycles, (RELOAD_S + CYCLE_S) / CYCLE_S);
    const keys = venue.logged("config_rejected").map(({ fields }) => fields.key);
    assert.deepEqual(keys.sort(), [
      "amm:config:MKT-1",
      "amm:config:MKT-1:temp",
      "amm:config:global",
    ]);
    assert.equal(venue.logged("config_record_failed").length, 1);
    await redis("DEL", KEY, `${KEY}:temp`, `${KEY}:audit`, "amm:config:global");
    await redis("HSET", KEY, "exploration_min_spread_cents", "18");
    await pass(RELOAD_S + CYCLE_S);
    assert.ok(touch() >= 18);
    assert.ok((await scene.audit()).length > 0);
  },
);
