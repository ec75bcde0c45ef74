/** The bot as a process of its own, started as the README says, killed and told to stop. */

import assert from "node:assert/strict";
import { marketKeys } from "../../src/cache/redis_keys.ts";
import { price, shares } from "../../src/models/money.ts";
import {
  eventsIn,
  LIMIT_MS,
  type LiveMarket,
  type LiveStage,
  liveStage,
  MARKET,
  touchOf,
} from "../support/live_process.ts";
import { eventually } from "../support/real_process.ts";
import { redisIsMissing, withRedisName } from "../support/redis_server.ts";

const KEYS = marketKeys(MARKET);
const CONFIG_KEY = `amm:config:${MARKET}`;
/** Cash of the account that the market does not own. */
const OTHER_CENTS = 900_000;

function liveTest(name: string, use: (stage: LiveStage) => Promise<void>): void {
  Deno.test({
    name: withRedisName(`live process: ${name}`),
    ignore: redisIsMissing,
    fn: async () => {
      const stage = await liveStage();
      try {
        await use(stage);
      } finally {
        await stage.close();
      }
    },
  });
}

interface AuditRecord {
  readonly changes: readonly unknown[];
  readonly findings: readonly string[];
}

/** The audit trail of the market's settings. */
async function auditOf(stage: LiveStage): Promise<readonly AuditRecord[]> {
  const records = await stage.redisCommand("LRANGE", `${CONFIG_KEY}:audit`, 0, -1);
  assert.ok(Array.isArray(records));
  return records.map((text) => JSON.parse(String(text)));
}

/** An order of the account that is not the bot's. */
async function placeByHand({ venue }: LiveStage): Promise<string> {
  const placed = await venue.place({
    clientOrderId: "by-hand",
    marketId: MARKET,
    contract: "YES",
    direction: "BUY",
    contractPrice: price(3),
    quantity: shares(5),
    timeInForce: "GTC",
  });
  assert.equal(placed.kind, "accepted");
  return placed.kind === "accepted" ? placed.value.order.orderId : "";
}

liveTest(
  "settings and a Redis that dies under it do not disturb it, and Ctrl-C, twice, leaves nothing but what is not ours",
  async (stage) => {
    const foreign = await placeByHand(stage);
    const bot = stage.startTask();
    const before = await stage.untilQuoted();
    assert.ok(touchOf(before) < 15);

    await stage.redisCommand("HSET", CONFIG_KEY, "exploration_min_spread_cents", "15");
    await stage.until("the quotes are wide", (market) => touchOf(market) >= 15);
    await stage.redisCommand("HSET", CONFIG_KEY, "kappa", "-1");
    const [changed, refused] = await eventually("both are on record", LIMIT_MS, async () => {
      const records = await auditOf(stage);
      const change = records.find(({ changes }) => changes.length > 0);
      const refusal = records.find(({ findings }) => findings.length > 0);
      return change === undefined || refusal === undefined ? null : [change, refusal];
    });
    assert.deepEqual(changed?.changes, [{ name: "exploration_min_spread_cents", old: 5, new: 15 }]);
    assert.match(refused?.findings.join() ?? "", /kappa/);
    assert.ok(touchOf(await stage.status()) >= 15);

    await stage.redis.kill();
    await stage.redis.restart();
    await eventually("the ledger is written again", LIMIT_MS, async () => {
      return await stage.redisCommand("HGET", KEYS.ledger, "market_cash_cents") !== null
        ? true
        : null;
    });
    await stage.until("the files are in force", (market) => touchOf(market) < 15);

    bot.kill("SIGINT");
    bot.kill("SIGINT");
    const { code, out, err } = await bot.end(LIMIT_MS);
    assert.equal(code, 0, err);
    assert.match(err, /no own order is left/);
    assert.deepEqual(await stage.resting(), [foreign]);
    const events = eventsIn(out).map(({ event }) => event);
    for (const event of ["config_rejected", "state_rewritten", "config_overrides_lost"]) {
      assert.ok(events.includes(event), event);
    }
  },
);

liveTest("a SIGTERM while it starts, and a venue that falls silent", async (stage) => {
  const early = stage.startTask();
  await eventually("it lives", LIMIT_MS, async () => (await stage.status(), true));
  early.kill("SIGTERM");
  const end = await early.end(LIMIT_MS);
  assert.equal(end.code, 0, end.err);
  assert.deepEqual(await stage.resting(), []);

  const bot = stage.startTask();
  await stage.untilQuoted();
  stage.exchange.kill("SIGSTOP");
  bot.kill("SIGTERM");
  const { code, out, err } = await bot.end(LIMIT_MS);
  stage.exchange.kill("SIGCONT");
  assert.equal(code, 1, err);
  const line = eventsIn(out).find(({ event }) => event === "orders_may_remain");
  const resting = await stage.venue.openOrders(MARKET);
  assert.ok(resting.length > 1);
  // One whose placement had no answer yet is named as it was sent.
  for (const { orderId, clientOrderId } of resting) {
    for (const told of [err, JSON.stringify(line)]) {
      assert.ok(told.includes(orderId) || told.includes(clientOrderId), `${orderId}: ${told}`);
    }
  }
});

/** At no price rests more than is meant to; a ladder that has grown is topped up by a second order. */
function checkNothingTwice(
  resting: Awaited<ReturnType<LiveStage["venue"]["openOrders"]>>,
  targets: NonNullable<LiveMarket["explanation"]>["targets"],
): void {
  const meant = new Map(
    targets.map((target) => [`${target.side} ${target.yes_price_cents}`, target.quantity]),
  );
  const rests = new Map<string, number>();
  for (const { side, yesPrice, remaining } of resting) {
    const at = `${side} ${yesPrice}`;
    rests.set(at, (rests.get(at) ?? 0) + remaining);
  }
  for (const [at, shares] of rests) {
    assert.ok(shares <= 1.5 * (meant.get(at) ?? 0), `${at}: ${shares}, meant ${meant.get(at)}`);
  }
}

/** Orders, position and cash as the bot has them are those of the venue, and none is there twice. */
async function checkSound(stage: LiveStage): Promise<void> {
  await eventually("bot and venue agree", LIMIT_MS, async () => {
    const [{ orders, explanation }, resting, held, cash] = [
      await stage.status(),
      await stage.venue.openOrders(MARKET),
      await stage.venue.position(MARKET),
      await stage.venue.balance(),
    ];
    const known = [...orders.BID, ...orders.ASK].map(({ order_id }) => order_id).sort();
    assert.deepEqual(resting.map(({ orderId }) => orderId).sort(), known);
    checkNothingTwice(resting, explanation?.targets ?? []);
    const { yes, no, market_cash_cents } = explanation?.inventory ?? {};
    assert.deepEqual([yes, no], [held.yes, held.no]);
    assert.equal(market_cash_cents, cash.availableCents + cash.frozenCents - OTHER_CENTS);
    return true;
  });
}

liveTest(
  "five kills with -9 lose and double nothing, and a latched kill stays latched",
  async (stage) => {
    for (let death = 0; death < 5; death++) {
      const bot = await stage.startBare();
      await stage.untilQuoted();
      const buy = { side: "YES", direction: "BUY", price_cents: 60, quantity: 3 + death };
      const order = { ...buy, client_order_id: `alice-${death}`, market_id: MARKET };
      await stage.alice("/orders", order);
      await checkSound(stage);
      // Each time at another moment of the cycle.
      await new Promise((resolve) => setTimeout(resolve, 137 * death));
      if (death === 4) {
        await stage.redisCommand("HSET", KEYS.risk, "kill_latched", "ON", "kill_reason", "ADMIN");
        await stage.until("it is killed", ({ lifecycle }) => lifecycle === "EMERGENCY");
      }
      bot.kill("SIGKILL");
      await bot.end(LIMIT_MS);
    }
    const bot = stage.startTask();
    await stage.until("it is up and killed", ({ lifecycle }) => lifecycle === "EMERGENCY");
    assert.deepEqual(await stage.resting(), []);
    const { yes, no } = await stage.venue.position(MARKET);
    assert.deepEqual([yes, no], [1000 - 3 - 4 - 5 - 6 - 7, 1000], "one mint, and what was sold");
    bot.kill("SIGTERM");
    assert.equal((await bot.end(LIMIT_MS)).code, 0);
  },
);
