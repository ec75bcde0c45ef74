/** Several bots share the markets of one account (state and events spec §4.6). */

import assert from "node:assert/strict";
import { ORDERS } from "../../src/connector/rate_budget.ts";
import { Fleet, FLEET_SETTINGS, type FleetOptions, type Member } from "../support/fleet.ts";

const TTL_SECONDS = FLEET_SETTINGS.leaseTtlMs / 1000;
const NAMES = ["a", "b", "c"] as const;

/** Three processes that have come to rest: every market is quoted. */
async function fleetOf(options: FleetOptions, names: readonly string[] = NAMES): Promise<Fleet> {
  const fleet = new Fleet(options);
  for (const name of names) fleet.launch(name);
  await fleet.until(() => fleet.isQuoted, 120);
  await fleet.run(60);
  assert.ok(fleet.isQuoted, "every market is quoted");
  assert.deepEqual(fleet.violations, []);
  return fleet;
}

/** The process that quotes a market, the first if none is named. */
function holderOf(fleet: Fleet, marketId = "MKT-1"): Member {
  const [name] = fleet.ownersIn(marketId);
  const holder = fleet.members.findLast((member) => member.name === name);
  assert.ok(holder !== undefined, `nobody quotes ${marketId}`);
  return holder;
}

function othersThan(fleet: Fleet, member: Member): readonly Member[] {
  return fleet.members.filter((other) => other !== member);
}

/** Markets of a process at the venue, and by its own account. */
function marketsOf(fleet: Fleet, member: Member) {
  const own = member.service.status().markets.map(({ marketId }) => marketId).sort();
  assert.deepEqual([...fleet.quotedBy(member)].sort(), own, `${member.name} quotes what it has`);
  return own;
}

function logged({ events }: Member, event: string) {
  return events.filter((each) => each.event === event);
}

Deno.test("leases: three processes share the markets, none has more than its share", async () => {
  const fleet = await fleetOf({ markets: 7 });
  const counts = fleet.members.map((member) => marketsOf(fleet, member).length);
  assert.ok(counts.every((count) => count >= 1 && count <= 3), counts.join(" "));
  assert.equal(counts.reduce((sum, count) => sum + count), 7);
});

Deno.test("leases: a process that dies loses its markets to the others within the life of a lease and a bit", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const dead = holderOf(fleet);
  const lost = fleet.quotedBy(dead);
  assert.ok(lost.length > 0);
  dead.clock.kill();
  const others = othersThan(fleet, dead);
  const seconds = await fleet.until(
    () => fleet.isQuoted && fleet.quotedBy(dead).length === 0,
    2 * TTL_SECONDS,
  );
  assert.ok(seconds <= TTL_SECONDS + 5, `${seconds} seconds`);
  await fleet.run(60);
  const quoted = others.flatMap((member) => marketsOf(fleet, member));
  assert.deepEqual(quoted.sort(), [...fleet.marketIds]);
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a process that is cut off from the store has no order left when its lease runs out", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const cut = holderOf(fleet);
  const lost = fleet.quotedBy(cut);
  cut.line.isUp = false;
  await fleet.run(FLEET_SETTINGS.leaseRenewMs / 1000 + 1);
  assert.deepEqual(fleet.quotedBy(cut), lost, "at first it goes on quoting");
  assert.equal(logged(cut, "leases_at_risk").length, 1);
  const untilClear = await fleet.until(() => fleet.quotedBy(cut).length === 0, TTL_SECONDS);
  assert.ok(
    untilClear > 2 && untilClear < TTL_SECONDS - 1,
    `clear after ${untilClear} more seconds`,
  );
  assert.equal(logged(cut, "lease_lost").length, lost.length);
  assert.deepEqual(logged(cut, "orders_may_remain"), []);
  await fleet.until(() => fleet.isQuoted, TTL_SECONDS);
  assert.ok(fleet.isQuoted, "the others have its markets");
  assert.deepEqual(marketsOf(fleet, cut), []);
  cut.line.isUp = true;
  await fleet.run(60);
  assert.ok(marketsOf(fleet, cut).length > 0, "it gets its share again");
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a process that is cut off for less than the margin allows goes on as if nothing had been", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const cut = holderOf(fleet);
  const held = fleet.quotedBy(cut);
  cut.line.isUp = false;
  await fleet.run(4);
  cut.line.isUp = true;
  await fleet.run(20);
  assert.deepEqual(fleet.quotedBy(cut), held);
  assert.deepEqual(logged(cut, "lease_lost"), []);
  assert.deepEqual(cut.events.map(({ event }) => event).filter((event) => /^leases_/.test(event)), [
    "leases_at_risk",
    "leases_safe",
  ]);
});

Deno.test("leases: a store that comes back during the drain gives the market to the same process again", async () => {
  const fleet = await fleetOf({ markets: 2 }, ["a"]);
  const [only] = fleet.members;
  assert.ok(only !== undefined);
  only.line.isUp = false;
  await fleet.until(() => fleet.quotedBy(only).length === 0, TTL_SECONDS);
  only.line.isUp = true;
  const seconds = await fleet.until(() => fleet.isQuoted, TTL_SECONDS);
  assert.ok(seconds < 5, `quoted again after ${seconds} seconds`);
  assert.equal(logged(only, "lease_acquired").length, 4, "each market was started twice");
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a store that is slow but answers in time changes nothing; one that answers too late costs the markets", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const slow = holderOf(fleet);
  const held = fleet.quotedBy(slow);
  slow.line.delayMs = 900;
  await fleet.run(60);
  assert.deepEqual(fleet.quotedBy(slow), held);
  assert.deepEqual(logged(slow, "leases_at_risk"), []);
  slow.line.delayMs = 2_500;
  await fleet.run(2 * TTL_SECONDS);
  // Its requests do arrive: nobody else may have the markets, and it cannot prove that it has them.
  assert.deepEqual(fleet.quotedBy(slow), []);
  slow.line.delayMs = 0;
  await fleet.run(2 * TTL_SECONDS);
  assert.ok(fleet.isQuoted);
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a lease that was given without its answer arriving is never worked, and given back", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const deaf = fleet.launch("d");
  await fleet.run(0.5);
  deaf.line.isHeard = false;
  const [dying] = fleet.members;
  assert.ok(dying !== undefined);
  dying.clock.kill();
  await fleet.run(2 * TTL_SECONDS);
  assert.deepEqual(fleet.quotedBy(deaf), []);
  deaf.line.isHeard = true;
  await fleet.run(2 * TTL_SECONDS);
  assert.ok(fleet.isQuoted);
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a store that loses everything costs a pause, and no market ever has two", async () => {
  const fleet = await fleetOf({ markets: 6 });
  fleet.forget();
  const untilClear = await fleet.until(
    () => fleet.members.every((member) => fleet.quotedBy(member).length === 0),
    TTL_SECONDS,
  );
  assert.ok(untilClear < 3, `cleared after ${untilClear} seconds`);
  const seconds = await fleet.until(() => fleet.isQuoted, 2 * TTL_SECONDS);
  assert.ok(seconds > TTL_SECONDS - 4 && seconds < TTL_SECONDS + 5, `${seconds} seconds`);
  await fleet.run(60);
  const quoted = fleet.members.flatMap((member) => marketsOf(fleet, member));
  assert.deepEqual(quoted.sort(), [...fleet.marketIds]);
  assert.deepEqual(fleet.violations, []);
});

for (const slept of [false, true]) {
  const what = slept ? "whose machine slept" : "that stood still";
  Deno.test(`leases: a process ${what} for longer than its lease places nothing before it holds one again`, async () => {
    for (const atCall of ["place MKT", "openOrders MKT", "orderBook MKT", "cancel"]) {
      const fleet = new Fleet({ markets: 3 });
      const frozen = fleet.launch("a");
      let isCaught = false;
      // In the middle of something: what comes next is done at once when it wakes.
      frozen.intercept = (call) => {
        const isQuoting = frozen.calls.some((earlier) => earlier.startsWith("place"));
        if (!isCaught && isQuoting && call.startsWith(atCall)) {
          isCaught = true;
          frozen.clock.freeze();
        }
        return undefined;
      };
      if (atCall === "cancel") fleet.clock.after(60_000, () => void frozen.service.stop("test"));
      await fleet.until(() => isCaught, 120);
      assert.ok(isCaught, atCall);
      for (const name of ["b", "c"]) fleet.launch(name);
      await fleet.run(3 * TTL_SECONDS);
      const others = othersThan(fleet, frozen);
      assert.deepEqual(
        others.flatMap((member) => marketsOf(fleet, member)).sort(),
        [...fleet.marketIds],
        "the others have all markets",
      );
      const sent = frozen.calls.length;
      frozen.clock.thaw({ slept });
      await fleet.run(90);
      assert.ok(fleet.isQuoted);
      assert.ok(frozen.calls.length > sent, "it does go on");
      assert.equal(marketsOf(fleet, frozen).length, atCall === "cancel" ? 0 : 1);
      assert.deepEqual(fleet.violations, [], atCall);
    }
  });
}

Deno.test("leases: a process that joins is given its share, one market at a time", async () => {
  const fleet = await fleetOf({ markets: 6 }, ["a", "b"]);
  const joined = fleet.launch("c");
  await fleet.until(() => fleet.quotedBy(joined).length === 1, 30);
  let unquoted = 0;
  for (let second = 0; second < 60; second++) {
    await fleet.run(1);
    const missing = fleet.marketIds.filter((marketId) => fleet.ownersIn(marketId).size === 0);
    unquoted = Math.max(unquoted, missing.length);
  }
  assert.ok(unquoted <= 2, `${unquoted} markets were without quotes at a time`);
  assert.deepEqual(fleet.members.map((member) => marketsOf(fleet, member).length), [2, 2, 2]);
  assert.ok(fleet.members.every((member) => logged(member, "lease_lost").length === 0));
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a process that is stopped gives its markets back at once, with no order left", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const leaving = holderOf(fleet);
  const given = fleet.quotedBy(leaving);
  assert.deepEqual(await fleet.stop(leaving), { remaining: [], unverified: [] });
  assert.deepEqual(fleet.quotedBy(leaving), []);
  assert.ok(given.every((id) => fleet.world.holder(id)?.instanceId !== leaving.name));
  const seconds = await fleet.until(() => fleet.isQuoted, 2 * TTL_SECONDS);
  assert.ok(seconds < 5, `quoted again after ${seconds} seconds`);
  for (const member of othersThan(fleet, leaving)) {
    assert.deepEqual(member.service.status().leases?.instances.includes(leaving.name), false);
    assert.deepEqual(await fleet.stop(member), { remaining: [], unverified: [] });
  }
  assert.deepEqual(fleet.marketIds.filter((id) => fleet.world.holder(id) !== null), []);
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: orders that cannot be cancelled before the lease ends are named, and only they are cancelled later", async () => {
  const fleet = await fleetOf({ markets: 6 });
  const stuck = holderOf(fleet);
  const held = fleet.quotedBy(stuck);
  const orderIds = stuck.service.status().markets
    .flatMap(({ orders }) => [...orders.BID, ...orders.ASK]).map(({ orderId }) => orderId);
  stuck.line.isUp = false;
  stuck.intercept = () => ({ kind: "hang", effect: false });
  await fleet.until(() => fleet.isQuoted && fleet.quotedBy(stuck).length === 0, 3 * TTL_SECONDS);
  const alarms = logged(stuck, "orders_may_remain");
  assert.equal(alarms.length, held.length);
  const named = alarms.flatMap(({ fields }) => fields.orderIds);
  assert.deepEqual(named.sort(), orderIds.sort());
  // The venue answers again: what it lists now belongs to others, and they are quoting.
  stuck.intercept = () => undefined;
  await fleet.run(60);
  assert.ok(fleet.isQuoted);
  assert.deepEqual(marketsOf(fleet, stuck), []);
  stuck.line.isUp = true;
  await fleet.run(60);
  assert.ok(marketsOf(fleet, stuck).length > 0);
  assert.deepEqual(fleet.violations, []);
});

Deno.test("leases: a stop during a drain that cannot end is bounded, and says what may remain", async () => {
  const fleet = await fleetOf({ markets: 2, global: { shutdownTimeoutMs: 10_000 } }, ["a"]);
  const [only] = fleet.members;
  assert.ok(only !== undefined);
  only.line.isUp = false;
  only.intercept = () => ({ kind: "hang", effect: false });
  await fleet.run(2 * TTL_SECONDS);
  const before = fleet.clock.monotonicMs();
  const report = await fleet.stop(only);
  assert.ok(fleet.clock.monotonicMs() - before <= 30_000);
  assert.deepEqual([...report.unverified].sort(), [...fleet.marketIds]);
  assert.ok(report.remaining.length > 0);
});

Deno.test("leases: the late order of a former holder is cancelled by the next at its first look", async () => {
  const fleet = await fleetOf({ markets: 2 });
  const dying = holderOf(fleet);
  let isCaught = false;
  dying.intercept = (call) => {
    if (call !== "place MKT-1" || isCaught) return undefined;
    isCaught = true;
    return { kind: "delay", ms: 40_000 };
  };
  // A trade makes it place a new order; that one is on its way when the process dies.
  fleet.take("MKT-1", { contract: "YES", atCents: 90, quantity: 10 });
  await fleet.until(() => isCaught, 60);
  assert.ok(isCaught);
  dying.clock.kill();
  await fleet.run(37);
  assert.deepEqual([...fleet.ownersIn("MKT-1")].includes(dying.name), false);
  const seconds = await fleet.until(() => fleet.ownersIn("MKT-1").has(dying.name), 20);
  assert.ok(fleet.ownersIn("MKT-1").has(dying.name), `it arrives, after ${seconds} seconds`);
  const untilGone = await fleet.until(() => !fleet.ownersIn("MKT-1").has(dying.name), 10);
  assert.ok(untilGone <= 3, `gone after ${untilGone} seconds`);
  await fleet.run(30);
  assert.ok(fleet.isQuoted);
  assert.equal(fleet.violations.length, 1, fleet.violations.join("\n"));
});

Deno.test("leases: the budgets of the account are shared between the processes that live", async () => {
  const fleet = await fleetOf({ markets: 3, global: { orderOpsPerMinute: 600 } });
  const [a] = fleet.members;
  assert.ok(a !== undefined);
  await fleet.run(120);
  const calls = [1, 10, 20, 40, 80, 160, 320].filter((each) =>
    a.rateBudget.tryTake(ORDERS, "cancel", { calls: each })
  );
  const taken = calls.reduce((sum, each) => sum + each, 0);
  assert.ok(taken > 0 && taken <= 600 / 3, `${taken} calls at once`);
});

Deno.test("leases: the status shows who has what, who lives, and for how long it is certain", async () => {
  const fleet = await fleetOf({ markets: 4 });
  const holder = holderOf(fleet);
  const { leases, ready, markets } = holder.service.status();
  assert.ok(leases !== null && ready);
  assert.equal(leases.instanceId, holder.name);
  assert.deepEqual(leases.instances, [...NAMES]);
  assert.deepEqual([leases.share, leases.problem], [2, null]);
  assert.deepEqual(leases.markets.map(({ marketId }) => marketId), [...fleet.marketIds]);
  for (const { marketId, state, holder: name, fence, provenForMs } of leases.markets) {
    const known = fleet.world.holder(marketId);
    assert.equal(name, known?.instanceId);
    const isOwn = markets.some((market) => market.marketId === marketId);
    assert.equal(state, isOwn ? "HELD" : "FREE");
    assert.equal(fence, isOwn ? known?.token : null);
    assert.ok(isOwn ? provenForMs !== null && provenForMs > 10_000 : provenForMs === null);
  }
});

Deno.test("leases: a process that finds no market free is ready and waits for one", async () => {
  const fleet = await fleetOf({ markets: 1 });
  for (const member of fleet.members) {
    const { ready, state } = member.service.status();
    assert.deepEqual([member.name, ready, state], [member.name, true, "running"]);
  }
  const [owner] = fleet.ownersIn("MKT-1");
  assert.equal(fleet.members.filter((member) => fleet.quotedBy(member).length > 0).length, 1);
  assert.ok(owner !== undefined);
});

Deno.test("leases: more markets than all processes together may work are told", async () => {
  const fleet = new Fleet({ markets: 5, global: { maxConcurrentMarkets: 2 } });
  for (const name of ["a", "b"]) fleet.launch(name);
  await fleet.run(60);
  for (const member of fleet.members) {
    assert.equal(marketsOf(fleet, member).length, 2);
    assert.ok(logged(member, "too_few_instances").length > 0);
    assert.ok(member.service.status().ready);
  }
  fleet.launch("c");
  await fleet.run(60);
  assert.ok(fleet.isQuoted);
  assert.deepEqual(fleet.violations, []);
});
