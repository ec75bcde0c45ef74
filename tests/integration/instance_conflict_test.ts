/** Processes that exclude each other, and those that work all markets beside others. */

import assert from "node:assert/strict";
import { Fleet, FLEET_SETTINGS, type Member } from "../support/fleet.ts";

const TTL_SECONDS = FLEET_SETTINGS.leaseTtlMs / 1000;
const ALL = { marketAssignment: "all" } as const;

/** Why a process must not go on, null if it may. */
function failureOf(member: Member): () => string | null {
  let reason: string | null = null;
  void member.service.failed.then((why) => {
    reason = why;
  });
  return () => reason;
}

function logged({ events }: Member, event: string) {
  return events.filter((each) => each.event === event);
}

Deno.test("instances: a second process of one name waits for the life of a lease, then refuses to start", async () => {
  const fleet = new Fleet({ markets: 3 });
  const first = fleet.launch("bot");
  await fleet.until(() => fleet.isQuoted, 60);
  const second = fleet.launch("bot");
  const why = failureOf(second);
  const seconds = await fleet.until(() => why() !== null, 60);
  assert.ok(seconds > TTL_SECONDS && seconds < TTL_SECONDS + 5, `${seconds} seconds`);
  assert.match(why() ?? "", /instance_id bot lives: stop it, or give this one another/);
  assert.equal(logged(second, "instance_conflict").length, 1);
  assert.deepEqual(second.calls.filter((call) => /^(place|cancel|mint)/.test(call)), []);
  assert.deepEqual(await fleet.stop(second), { remaining: [], unverified: [] });
  await fleet.run(30);
  assert.ok(fleet.isQuoted, "the first one goes on");
  assert.equal(failureOf(first)(), null);
});

Deno.test("instances: a process that is started again after a crash waits until its predecessor is dead for sure", async () => {
  const fleet = new Fleet({ markets: 3 });
  const first = fleet.launch("bot");
  await fleet.until(() => fleet.isQuoted, 60);
  await fleet.run(10);
  first.clock.kill();
  const orders = fleet.marketIds.map((marketId) => fleet.ownersIn(marketId).size);
  const second = fleet.launch("bot");
  const why = failureOf(second);
  await fleet.run(TTL_SECONDS - 3);
  assert.deepEqual(second.calls.filter((call) => /^(place|cancel|mint)/.test(call)), []);
  await fleet.run(TTL_SECONDS);
  assert.equal(why(), null);
  assert.ok(fleet.isQuoted);
  assert.deepEqual(fleet.marketIds.map((marketId) => fleet.ownersIn(marketId).size), orders);
  assert.deepEqual(fleet.violations, []);
});

Deno.test("instances: a process that was stopped leaves its name to the next at once", async () => {
  const fleet = new Fleet({ markets: 3 });
  const first = fleet.launch("bot");
  await fleet.until(() => fleet.isQuoted, 60);
  await fleet.stop(first);
  fleet.launch("bot");
  const seconds = await fleet.until(() => fleet.isQuoted, 60);
  assert.ok(seconds < 8, `${seconds} seconds`);
});

Deno.test("instances: a second process that works all markets is refused, whatever its name, and disturbs nothing", async () => {
  const fleet = new Fleet({ markets: 3 });
  const first = fleet.launch("first", ALL);
  await fleet.until(() => fleet.isQuoted, 60);
  const second = fleet.launch("second", ALL);
  const why = failureOf(second);
  await fleet.until(() => why() !== null, 60);
  assert.match(
    why() ?? "",
    /works all markets of this account: first\. Stop it, or let both share/,
  );
  assert.deepEqual(second.calls.filter((call) => /^(place|cancel|mint)/.test(call)), []);
  assert.equal(second.service.status().markets.length, 0);
  // What rests there is the first one's, and no reason for an alarm.
  assert.deepEqual(await fleet.stop(second), { remaining: [], unverified: [] });
  await fleet.run(30);
  assert.deepEqual(fleet.quotedBy(first), [...fleet.marketIds]);
});

Deno.test("instances: a process whose start takes long lives all the while", async () => {
  const fleet = new Fleet({ markets: 1 });
  const first = fleet.launch("first", ALL);
  first.intercept = (call) =>
    call.startsWith("openOrders") ? { kind: "hang", effect: false } : undefined;
  await fleet.run(2 * TTL_SECONDS);
  const second = fleet.launch("second", ALL);
  const why = failureOf(second);
  await fleet.until(() => why() !== null, 60);
  assert.match(why() ?? "", /works all markets of this account: first/);
});

Deno.test("instances: of two processes that work all markets one takes over when the other has died", async () => {
  const fleet = new Fleet({ markets: 3 });
  const first = fleet.launch("first", ALL);
  await fleet.until(() => fleet.isQuoted, 60);
  first.clock.kill();
  const second = fleet.launch("second", ALL);
  await fleet.run(TTL_SECONDS + 5);
  assert.deepEqual(fleet.quotedBy(second), [...fleet.marketIds]);
  assert.deepEqual(fleet.quotedBy(first), []);
});

Deno.test("instances: a process that works all markets and was cut off ends when another has taken its place", async () => {
  const fleet = new Fleet({ markets: 2 });
  const first = fleet.launch("first", ALL);
  const why = failureOf(first);
  await fleet.until(() => fleet.isQuoted, 60);
  first.line.isUp = false;
  await fleet.run(TTL_SECONDS + 1);
  const second = fleet.launch("second", ALL);
  await fleet.until(() => fleet.quotedBy(second).length === 2, 60);
  assert.equal(why(), null, "as long as it is cut off it cannot know");
  first.line.isUp = true;
  await fleet.until(() => why() !== null, 10);
  assert.match(why() ?? "", /works all markets of this account: second/);
  const placed = first.calls.filter((call) => call.startsWith("place")).length;
  assert.deepEqual(await fleet.stop(first), { remaining: [], unverified: [] });
  assert.equal(first.calls.filter((call) => call.startsWith("place")).length, placed);
  await fleet.run(30);
  for (const marketId of fleet.marketIds) {
    assert.deepEqual([...fleet.ownersIn(marketId)], ["second"]);
  }
});

Deno.test("instances: beside one that works all markets nobody is given a lease; a market that somebody has is not started", async () => {
  const fleet = new Fleet({ markets: 4, global: { maxConcurrentMarkets: 2 } });
  const sharing = fleet.launch("sharing");
  await fleet.until(() => fleet.quotedBy(sharing).length === 2, 60);
  const held = fleet.quotedBy(sharing);
  const all = fleet.launch("all", { ...ALL, maxConcurrentMarkets: 4 });
  await fleet.until(() => fleet.isQuoted, 60);
  await fleet.run(5);
  const own = fleet.marketIds.filter((marketId) => !held.includes(marketId));
  assert.deepEqual(fleet.quotedBy(all), own);
  assert.deepEqual(fleet.quotedBy(sharing), held);
  assert.equal(logged(all, "market_held_elsewhere").length, 2, "an alarm for each, once");
  const reports = all.service.status().markets.filter(({ marketId }) => held.includes(marketId));
  assert.deepEqual(
    reports.map(({ lifecycle, problem }) => [lifecycle, problem]),
    held.map(() => ["STARTING", "another process works it: sharing"]),
  );
  assert.ok(all.service.status().ready);
  assert.match(sharing.service.status().leases?.problem ?? "", /all works all markets/);
  await fleet.run(60);
  assert.deepEqual(fleet.quotedBy(sharing), held, "it keeps what it has");
  await fleet.stop(sharing);
  await fleet.run(10);
  assert.deepEqual(fleet.quotedBy(all), [...fleet.marketIds], "and what it gives back is taken");
  assert.deepEqual(fleet.violations.filter((violation) => violation.includes(" orders of ")), []);
});

Deno.test("instances: with a store that cannot be reached at the start nothing is quoted until it is", async () => {
  const fleet = new Fleet({ markets: 2 });
  const bot = fleet.launch("bot", ALL);
  bot.line.isUp = false;
  await fleet.run(30);
  assert.deepEqual(bot.calls.filter((call) => call.startsWith("place")), []);
  assert.equal(logged(bot, "store_unavailable").length, 1);
  assert.ok(!bot.service.status().ready);
  bot.line.isUp = true;
  await fleet.until(() => fleet.isQuoted, 15);
  assert.ok(fleet.isQuoted);
});

Deno.test("instances: after a crash during an outage of the store the left-over orders go at once, and quotes come with the store", async () => {
  const fleet = new Fleet({ markets: 2 });
  const first = fleet.launch("bot", ALL);
  await fleet.until(() => fleet.isQuoted, 60);
  first.clock.kill();
  const second = fleet.launch("bot", ALL);
  second.line.isUp = false;
  const seconds = await fleet.until(() => fleet.quotedBy(first).length === 0, 30);
  assert.ok(seconds < 5, `cleared after ${seconds} seconds`);
  await fleet.run(5);
  assert.deepEqual(second.calls.filter((call) => call.startsWith("place")), []);
  second.line.isUp = true;
  await fleet.run(5);
  // What the crash has left on the list may still be alive.
  assert.deepEqual(second.calls.filter((call) => call.startsWith("place")), []);
  await fleet.until(() => fleet.isQuoted, 2 * TTL_SECONDS);
  assert.deepEqual(fleet.quotedBy(second), [...fleet.marketIds]);
  assert.equal(failureOf(second)(), null);
});

Deno.test("instances: a second process that finds the store only later places nothing and then ends", async () => {
  const fleet = new Fleet({ markets: 2 });
  const first = fleet.launch("first", ALL);
  await fleet.until(() => fleet.isQuoted, 60);
  const second = fleet.launch("second", ALL);
  second.line.isUp = false;
  const why = failureOf(second);
  await fleet.run(20);
  second.line.isUp = true;
  await fleet.run(2);
  const cancels = () => second.calls.filter((call) => call.startsWith("cancel")).length;
  const before = cancels();
  await fleet.until(() => why() !== null, 60);
  assert.match(why() ?? "", /works all markets of this account: first/);
  await fleet.stop(second);
  assert.equal(cancels(), before, "once it knows of the other it leaves its orders alone");
  assert.deepEqual(second.calls.filter((call) => /^(place|mint)/.test(call)), []);
  await fleet.run(30);
  assert.deepEqual(fleet.quotedBy(first), [...fleet.marketIds]);
});

Deno.test("instances: a stop while a process waits for its place ends the waiting", async () => {
  const fleet = new Fleet({ markets: 1 });
  fleet.launch("bot");
  await fleet.run(5);
  const second = fleet.launch("bot");
  await fleet.run(2);
  assert.deepEqual(await fleet.stop(second), { remaining: [], unverified: [] });
  assert.equal(second.service.status().state, "stopped");
  await fleet.run(2 * TTL_SECONDS);
  assert.equal(failureOf(second)(), null);
});
