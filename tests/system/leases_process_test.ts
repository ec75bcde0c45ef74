/**
 * Three bots, thirty markets, each bot a process of its own, on a real Redis and the exchange over
 * HTTP: one is killed, one stands still. The exchange itself says who had orders where and when.
 */

import assert from "node:assert/strict";
import {
  isOpen,
  type KeptOrder,
  LIVE_SETTINGS,
  type LiveBot,
  LiveFleet,
} from "../support/live_fleet.ts";
import { eventually } from "../support/real_process.ts";
import { redisIsMissing, withRedisName } from "../support/redis_server.ts";

const MARKETS = 30;
const NAMES = ["one", "two", "three"] as const;
const TTL_MS = LIVE_SETTINGS.lease_ttl_ms;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

async function untilQuoted(fleet: LiveFleet, sinceMs: number, limitMs: number): Promise<number> {
  const fromMs = performance.now();
  await eventually("every market is quoted by who has it now", limitMs, async () => {
    const quoted = await fleet.quotedSince(sinceMs);
    return quoted.length === MARKETS ? true : null;
  });
  return performance.now() - fromMs;
}

async function untilShared(fleet: LiveFleet, bots: readonly LiveBot[]): Promise<void> {
  const share = Math.ceil(MARKETS / bots.length);
  await eventually(`each bot has ${share} markets`, START_LIMIT_MS, async () => {
    const held = await Promise.all(bots.map((bot) => fleet.heldBy(bot)));
    return held.every((count) => count === share) ? true : null;
  });
}

/** Times at which orders of two bots rested in one market. */
function overlaps(orders: readonly KeptOrder[], ownerOf: (order: KeptOrder) => string): string[] {
  const found: string[] = [];
  const nowMs = Date.now();
  const endOf = (order: KeptOrder) => isOpen(order) ? nowMs : order.updated_at_ms;
  for (const [at, a] of orders.entries()) {
    for (const b of orders.slice(at + 1)) {
      if (a.market_id !== b.market_id || ownerOf(a) === ownerOf(b)) continue;
      if (a.created_at_ms >= endOf(b) || b.created_at_ms >= endOf(a)) continue;
      found.push(
        `${a.market_id}: ${ownerOf(a)} ${a.client_order_id} and ${ownerOf(b)} ${b.client_order_id}`,
      );
    }
  }
  return found;
}

Deno.test({
  name: withRedisName(
    "three bots, thirty markets: kill -9 of one and a stop of another cost a pause, and no market ever has two",
  ),
  ignore: redisIsMissing,
  fn: async () => {
    const fleet = await LiveFleet.open(MARKETS);
    try {
      const [first, second, third] = NAMES.map((name) => fleet.launch(name));
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      await untilQuoted(fleet, 0, START_LIMIT_MS);
      await untilShared(fleet, [first, second, third]);

      const killedAtMs = Date.now();
      const left = (await fleet.orders()).filter(isOpen).map(({ client_order_id }) =>
        client_order_id
      );
      first.process.kill("SIGKILL");
      await fleet.end(first, STOP_LIMIT_MS);
      await eventually(
        "the orders of the dead are gone and its markets quoted",
        2 * TTL_MS,
        async () => {
          const open = (await fleet.orders()).filter(isOpen);
          const senders = fleet.senders();
          const isDeads = open.some(({ client_order_id }) =>
            senders.get(client_order_id) === first.name
          );
          const quoted = await fleet.quotedSince(0);
          return !isDeads && quoted.length === MARKETS ? true : null;
        },
      );
      const failOverMs = Date.now() - killedAtMs;
      assert.ok(failOverMs > 1_000 && failOverMs <= 2 * TTL_MS, `${failOverMs} ms`);
      assert.ok(left.length >= 2 * MARKETS);
      await untilShared(fleet, [second, third]);

      second.process.kill("SIGSTOP");
      await eventually(
        "the last one has everything",
        3 * TTL_MS,
        async () => await fleet.heldBy(third) === MARKETS ? true : null,
      );
      second.process.kill("SIGCONT");
      await untilShared(fleet, [second, third]);
      await untilQuoted(fleet, 0, START_LIMIT_MS);

      for (const bot of [second, third]) {
        bot.process.kill("SIGTERM");
        const { code, err } = await fleet.end(bot, STOP_LIMIT_MS);
        assert.equal(code, 0, err);
      }
      const orders = await fleet.orders();
      assert.deepEqual(orders.filter(isOpen), []);
      const senders = fleet.senders();
      // Only a process that was killed can have sent an order without writing it down.
      const ownerOf = ({ client_order_id }: KeptOrder) =>
        senders.get(client_order_id) ?? first.name;
      assert.deepEqual(new Set(orders.map(ownerOf)), new Set(NAMES));
      assert.deepEqual(overlaps(orders, ownerOf), []);
    } finally {
      await fleet.close();
    }
  },
});
