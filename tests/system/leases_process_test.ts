/**
 * Bots in processes of their own, on a real Redis and the exchange over HTTP: they are killed and
 * stopped, and Redis is. The exchange itself says who had orders where, from when to when.
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

const NAMES = ["one", "two", "three"] as const;
const TTL_MS = LIVE_SETTINGS.lease_ttl_ms;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;
/** Three levels on each side. */
const ORDERS_PER_MARKET = 6;

/** A test with bots in processes of their own. */
function fleetTest(
  name: string,
  { markets, global }: { readonly markets: number; readonly global?: Record<string, unknown> },
  use: (fleet: LiveFleet) => Promise<void>,
): void {
  Deno.test({
    name: withRedisName(`bots as processes: ${name}`),
    ignore: redisIsMissing,
    fn: async () => {
      const fleet = await LiveFleet.open(markets, global);
      try {
        await use(fleet);
      } finally {
        await fleet.close();
      }
    },
  });
}

async function untilQuoted(fleet: LiveFleet, limitMs = START_LIMIT_MS): Promise<void> {
  await eventually("every market is quoted on both sides", limitMs, async () => {
    const quoted = await fleet.quoted();
    return quoted.length === fleet.marketIds.length ? true : null;
  });
}

async function untilHeld(fleet: LiveFleet, bots: readonly LiveBot[], each: number): Promise<void> {
  await eventually(`each bot has ${each} markets`, START_LIMIT_MS, async () => {
    const held = await Promise.all(bots.map((bot) => fleet.heldBy(bot)));
    return held.every((count) => count === each) ? true : null;
  });
}

/** Stops a bot as an operator does, and sees to it that it says that nothing is left. */
async function stop(fleet: LiveFleet, bot: LiveBot): Promise<void> {
  bot.process.kill("SIGTERM");
  const { code, err } = await fleet.end(bot, STOP_LIMIT_MS);
  assert.equal(code, 0, err);
}

/** Pairs of orders of two bots that rested in one market at the same time. */
function overlaps(orders: readonly KeptOrder[], ownerOf: (order: KeptOrder) => string): string[] {
  const endOf = (order: KeptOrder) => isOpen(order) ? Infinity : order.updated_at_ms;
  return orders.flatMap((a, at) =>
    orders.slice(at + 1).filter((b) =>
      a.market_id === b.market_id && ownerOf(a) !== ownerOf(b) &&
      a.created_at_ms < endOf(b) && b.created_at_ms < endOf(a)
    ).map((b) => `${a.market_id}: ${ownerOf(a)} and ${ownerOf(b)} at ${b.created_at_ms}`)
  );
}

Deno.test("bots as processes: what counts as orders of two at the same time", () => {
  const order = (id: string, from: number, to: number | null): KeptOrder => ({
    client_order_id: id,
    market_id: "M",
    side: "BID",
    status: to === null ? "OPEN" : "CANCELLED",
    created_at_ms: from,
    updated_at_ms: to ?? from,
  });
  const found = (...orders: readonly KeptOrder[]) =>
    overlaps(orders, ({ client_order_id: id }) => id.slice(0, 1)).length;
  assert.equal(found(order("a1", 0, 10), order("b1", 10, 20)), 0);
  assert.equal(found(order("a1", 0, 10), order("a2", 5, 20)), 0);
  assert.equal(found(order("a1", 0, 10), order("b1", 9, 20)), 1);
  assert.equal(found(order("a1", 0, null), order("b1", 500, 600), order("b2", 700, null)), 2);
});

fleetTest(
  "three share thirty markets; kill -9 of one and a standstill of another cost a pause, and no market ever has two",
  { markets: 30 },
  async (fleet) => {
    const [first, second, third] = NAMES.map((name) => fleet.launch(name));
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await untilQuoted(fleet);
    await untilHeld(fleet, [first, second, third], 10);

    const killedAtMs = performance.now();
    first.process.kill("SIGKILL");
    await fleet.end(first, STOP_LIMIT_MS);
    const isOfTheDead = ({ client_order_id }: KeptOrder) =>
      fleet.senders().get(client_order_id) === first.name;
    assert.ok((await fleet.orders()).filter(isOpen).some(isOfTheDead), "it has left orders");
    await eventually("others quote its markets", 2 * TTL_MS, async () => {
      const isLeft = (await fleet.orders()).filter(isOpen).some(isOfTheDead);
      return !isLeft && (await fleet.quoted()).length === 30 ? true : null;
    });
    assert.ok(performance.now() - killedAtMs <= 2 * TTL_MS);
    await untilHeld(fleet, [second, third], 15);

    second.process.kill("SIGSTOP");
    await untilHeld(fleet, [third], 30);
    second.process.kill("SIGCONT");
    await untilHeld(fleet, [second, third], 15);
    await untilQuoted(fleet);

    for (const bot of [second, third]) await stop(fleet, bot);
    const orders = await fleet.orders();
    assert.deepEqual(orders.filter(isOpen), []);
    // Only a process that was killed can have sent an order without writing it down.
    const senders = fleet.senders();
    const ownerOf = ({ client_order_id }: KeptOrder) => senders.get(client_order_id) ?? first.name;
    assert.deepEqual(new Set(orders.map(ownerOf)), new Set(NAMES));
    assert.deepEqual(overlaps(orders, ownerOf), []);
  },
);

fleetTest(
  "when Redis dies every order is gone before its lease can end, and all come back with an empty Redis",
  { markets: 6 },
  async (fleet) => {
    const bots = NAMES.map((name) => fleet.launch(name));
    await untilQuoted(fleet);
    await untilHeld(fleet, bots, 2);
    const diedAtMs = Date.now();
    await fleet.redis.kill();
    await eventually("no order is left", TTL_MS, async () => {
      return (await fleet.orders()).some(isOpen) ? null : true;
    });
    const ends = (await fleet.orders()).map(({ updated_at_ms }) => updated_at_ms);
    assert.ok(Math.max(...ends) < diedAtMs + TTL_MS);
    await fleet.redis.restart();
    await untilQuoted(fleet, 3 * TTL_MS);
    await untilHeld(fleet, bots, 2);
    for (const bot of bots) await stop(fleet, bot);
    const senders = fleet.senders();
    const ownerOf = ({ client_order_id }: KeptOrder) => senders.get(client_order_id) ?? "unknown";
    assert.deepEqual(overlaps(await fleet.orders(), ownerOf), []);
  },
);

fleetTest(
  "a second one that works all markets ends by itself, says why, and has touched nothing",
  { markets: 3, global: { market_assignment: "all" } },
  async (fleet) => {
    const first = fleet.launch("first");
    await eventually("every ladder is complete", START_LIMIT_MS, async () => {
      return (await fleet.orders()).filter(isOpen).length === 3 * ORDERS_PER_MARKET ? true : null;
    });
    const before = await fleet.orders();
    const second = fleet.launch("second");
    const { code, err } = await fleet.end(second, 4 * TTL_MS);
    assert.equal(code, 1);
    assert.match(err, /another process works all markets of this account: first\. Stop it, or let/);
    assert.match(err, /no own order is left/);
    const resting = (orders: readonly KeptOrder[]) =>
      orders.filter(isOpen).map(({ client_order_id }) => client_order_id).sort();
    assert.deepEqual(resting(await fleet.orders()), resting(before));
    assert.deepEqual(fleet.senders(), new Map());
    await stop(fleet, first);
  },
);
