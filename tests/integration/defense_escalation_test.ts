import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import type { DefenseLevel } from "../../src/models/vocabulary.ts";
import { test } from "../support/both_wires.ts";
import { MARKET, type TestVenue } from "../support/venue.ts";

/** Levels in the order in which they were entered. */
function levelsVisited(venue: TestVenue): unknown[] {
  return ["NORMAL", ...venue.logged("defense_level_changed").map((event) => event.fields.to)];
}

const level = (venue: TestVenue): DefenseLevel | undefined =>
  venue.report().explanation?.defense.level;

/** Buys YES slowly, never two fills within the velocity window, until a level is reached. */
async function buyUntil(venue: TestVenue, wanted: DefenseLevel, marketId = MARKET): Promise<void> {
  for (let round = 0; round < 2000; round++) {
    if (venue.report(marketId).explanation?.defense.level === wanted) return;
    const ask = venue.ladder("ASK", marketId)[0];
    if (ask !== undefined) venue.take("YES", ask, 12, marketId);
    await venue.run(20);
  }
  throw new Error(`${wanted} was not reached`);
}

test("defence: one-sided buying escalates from NORMAL over WIDEN and ONE_SIDE to KILL_SWITCH, and no order is left", async (openVenue) => {
  // What a market may lose at settlement keeps its position small; here it shall become heavy.
  const venue = openVenue({
    markets: [{
      marketId: MARKET,
      maxPerMarketLossCents: 100_000,
      // A price that follows the buyer would sell to him ever dearer, and lose less.
      posteriorMode: "beta",
    }],
    global: { maxDailyLossCents: 6_000 },
  });
  await venue.start(3);
  await buyUntil(venue, "WIDEN");
  await buyUntil(venue, "ONE_SIDE");
  // A buyer who ignores the price altogether: the level cannot be left by selling.
  venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents: 99 });
  await venue.run(60);
  await buyUntil(venue, "KILL_SWITCH").catch(() => {});
  const visited = levelsVisited(venue);
  const order = ["NORMAL", "WIDEN", "ONE_SIDE", "KILL_SWITCH"];
  const first = order.map((name) => visited.indexOf(name));
  assert.deepEqual(first, first.toSorted((a, b) => a - b), `visited ${visited}`);
  assert.ok(!first.includes(-1), `visited ${visited}`);
  assert.equal(venue.ownOrders().length, 0);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  await venue.stop();
});

test("defence: ONE_SIDE quotes only the reducing side", async (openVenue) => {
  // Heavy, and not at a price that has jumped with the buyer, which would take both sides away.
  const heavy = { maxPerMarketLossCents: 100_000, posteriorMode: "beta" } as const;
  const venue = openVenue({ markets: [{ marketId: MARKET, ...heavy }] });
  venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 500);
  await venue.start(3);
  await buyUntil(venue, "ONE_SIDE");
  await venue.run(4);
  assert.equal(level(venue), "ONE_SIDE");
  const skew = venue.report().explanation?.inventory.effectiveSkew ?? 0;
  assert.ok(skew < -0.05, `YES was sold: skew ${skew}`);
  assert.deepEqual(venue.ladder("ASK"), [], "no more YES exposure is given away");
  assert.ok(venue.ladder("BID").length > 0, "the net position is brought back");
  await venue.stop();
});

test("defence: a kill stays latched through a hundred calm cycles and a restart, until a person releases it (L-25)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  venue.service.admin(MARKET, { kind: "kill", operator: "ann", reason: "drill" });
  await venue.run(1);
  assert.equal(venue.ownOrders().length, 0, "a kill does not wait for the next cycle");
  await venue.run(200);
  assert.equal(venue.report().latch?.reason, "ADMIN");
  const dead = venue.service;
  await venue.clock.resolve(dead.stop("test"));
  venue.restart();
  await venue.start(30);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders().length, 0);
  venue.service.admin(MARKET, { kind: "release", operator: "bob", reason: "drill is over" });
  await venue.run(5);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});

test("defence: a suspended market is killed within one status interval and stays killed when it is active again", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  venue.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  await venue.run(3);
  assert.equal(venue.report().latch?.reason, "STATUS", "the refused book shows the status at once");
  assert.equal(venue.ownOrders().length, 0);
  venue.exchange.control.patchMarket(MARKET, { status: "ACTIVE" });
  await venue.run(60);
  assert.equal(venue.ownOrders().length, 0);
  venue.service.admin(MARKET, { kind: "release", operator: "ann", reason: "market is back" });
  await venue.run(5);
  assert.ok(venue.ownOrders().length > 0);
  await venue.stop();
});

test("defence: with kill_auto_resume_on_active a kill whose only cause was the status releases itself", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: MARKET, killAutoResumeOnActive: true }] });
  await venue.start(3);
  venue.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  await venue.run(12);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  venue.exchange.control.patchMarket(MARKET, { status: "ACTIVE" });
  await venue.run(30);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.ok(venue.ownOrders().length > 0);
  await venue.stop();
});

test("defence: the daily loss of all markets together kills every market (§10, budget of the whole bot)", async (openVenue) => {
  const venue = openVenue({
    markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }],
    global: { maxDailyLossCents: 1000 },
  });
  await venue.start(3);
  // Both sell YES at 53; then the anchor says they are worth more. Neither loss is enough alone.
  for (const marketId of ["MKT-1", "MKT-2"]) {
    for (let sale = 0; sale < 6; sale++) {
      venue.take("YES", 60, 12, marketId);
      await venue.run(20);
    }
    assert.equal(venue.service.status().globalLatch, null);
    venue.service.admin(marketId, { kind: "set_anchor", operator: "test", anchorPriceCents: 65 });
    await venue.run(20);
  }
  assert.equal(venue.service.status().globalLatch?.reason, "GLOBAL_LOSS");
  for (const marketId of ["MKT-1", "MKT-2"]) {
    assert.equal(venue.report(marketId).lifecycle, "EMERGENCY", marketId);
    assert.equal(venue.ownOrders(marketId).length, 0, marketId);
  }
  await venue.stop();
});

test("defence: losses of the day survive a restart, so that two halves make a kill (L-28)", async (openVenue) => {
  // The budget of the day: that of the market bounds its ladders, so that it is not used up.
  const heavy = { maxPerMarketLossCents: 100_000, posteriorMode: "beta" } as const;
  const venue = openVenue({
    markets: [{ marketId: MARKET, ...heavy }],
    global: { maxDailyLossCents: 2000 },
  });
  await venue.start(3);
  const lose = async (anchorPriceCents: number) => {
    for (let sale = 0; sale < 6; sale++) {
      venue.take("YES", 99, 12);
      await venue.run(20);
    }
    venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents });
    await venue.run(10);
  };
  await lose(65);
  const day = venue.report().explanation?.inventory.pnlDayCents ?? 0;
  assert.ok(day < 0 && day > -2000, `day ${day}`);
  assert.notEqual(level(venue), "KILL_SWITCH");
  await venue.clock.resolve(venue.service.stop("test"));
  venue.restart();
  await venue.start(10);
  // The configuration's anchor is in force again; the mark moves back up to where the market is.
  venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents: 90 });
  await venue.run(10);
  assert.equal(venue.service.status().globalLatch?.reason, "GLOBAL_LOSS");
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

test("defence: a pricer that fails does not keep a kill from happening (L-69)", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: MARKET, kappa: Number.NaN }] });
  await venue.start(5);
  venue.service.admin(MARKET, { kind: "kill", operator: "ann", reason: "drill" });
  await venue.run(2);
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  await venue.stop();
});

test("defence: a kill while the venue loses every second cancel ends with no order resting (L-33)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  let cancels = 0;
  venue.intercept = (call) =>
    call.startsWith("cancel") && cancels++ % 2 === 0 ? { kind: "lose", effect: false } : undefined;
  venue.service.admin("*", { kind: "kill", operator: "ann", reason: "drill" });
  await venue.run(10);
  assert.equal(venue.ownOrders().length, 0);
  assert.equal(venue.service.status().globalLatch?.reason, "ADMIN");
  venue.intercept = () => undefined;
  venue.service.admin("*", { kind: "release", operator: "ann", reason: "over" });
  await venue.run(5);
  assert.deepEqual(venue.report().explanation?.defense.pauses, ["API_ERRORS"]);
  await venue.run(85);
  assert.ok(venue.ownOrders().length > 0, "the lost calls are more than a minute old");
  await venue.stop();
});

test("defence: near the end the market winds down: no orders, pairs merged, settled to the cent", async (openVenue) => {
  const venue = openVenue({
    setup: { tradingEndAtMs: Date.UTC(2026, 0, 5, 12) + 10 * 60_000 },
  });
  await venue.start(3);
  venue.take("YES", 60, 5);
  await venue.run(5);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  await venue.run(6 * 60);
  assert.equal(venue.report().lifecycle, "WINDING_DOWN");
  assert.equal(venue.ownOrders().length, 0);
  const left = venue.exchange.position(AMM_USER_ID, MARKET);
  assert.deepEqual([left.yes, left.no], [0, no - yes], "only the net position is held to the end");
  venue.exchange.control.resolve(MARKET, "NO");
  await venue.run(30);
  assert.equal(venue.report().lifecycle, "STOPPED");
  const account = venue.exchange.account(AMM_USER_ID);
  const saved = await venue.store.loadMarket(MARKET);
  assert.equal(saved?.books?.ledger.marketCashCents, account.availableCents + account.frozenCents);
  await venue.stop();
});
