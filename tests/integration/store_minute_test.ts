/**
 * Redis is killed for a minute while takers trade, operators act and settings are overridden, and
 * comes back empty: state and overrides are both gone.
 */

import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { orderKey } from "../../src/execution/order_form.ts";
import { BY_ANNA, hotBot, RELOAD_S } from "../support/hot_bot.ts";
import { HandEdited, twoMarkets } from "../support/overrides.ts";
import { ShakyStore } from "../support/shaky_store.ts";
import { MARKET, type TestVenue } from "../support/venue.ts";

const OTHER = "MKT-2";
const ADMIN = { operator: "ann", reason: "drill" };

const touch = (venue: TestVenue) =>
  (venue.ladder("ASK")[0] ?? NaN) - (venue.ladder("BID")[0] ?? NaN);
/** Which version of the overrides the last quotes were made with. */
const version = (venue: TestVenue) => venue.report().explanation?.configVersion;
const latchIn = async (store: ShakyStore, marketId: string) =>
  (await store.loadMarket(marketId))?.risk?.defense.latch ?? null;

/** A bot with a wide override, whose second market an operator has killed. */
async function stage() {
  const state = new ShakyStore();
  // Prices that stay, and ladders in full, so that there is always something to take.
  const settings = twoMarkets("posterior_mode: beta", "ladder_loss_ratio: 1");
  const bot = hotBot(settings, (clock) => new HandEdited(clock), { store: state });
  const { venue, editor } = bot;
  await venue.start(5);
  const changes = { exploration_min_spread_cents: 15 };
  assert.equal((await editor.change({ ...BY_ANNA, changes })).kind, "written");
  venue.service.admin(OTHER, { kind: "kill", ...ADMIN });
  await venue.run(RELOAD_S + 10);
  assert.ok(touch(venue) >= 15);
  assert.equal((await latchIn(state, OTHER))?.reason, "ADMIN");
  return { ...bot, state };
}

/** Lets takers trade, one a second, and looks after each that nothing rests twice. */
async function trade(venue: TestVenue, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    venue.take(second % 2 === 0 ? "YES" : "NO", 95, 1 + second % 3);
    await venue.run(1);
    checkNothingTwice(venue);
  }
}

function checkNothingTwice(venue: TestVenue): void {
  const forms = venue.ownOrders().map((order) => `${orderKey(order)} ${order.remaining}`);
  assert.equal(new Set(forms).size, forms.length, forms.join());
}

/** The books are the venue's, and what was in the store is there again. */
async function checkBooks(venue: TestVenue, state: ShakyStore): Promise<void> {
  const held = venue.exchange.position(AMM_USER_ID, MARKET);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no], [held.yes, held.no]);
  const saved = await state.loadMarket(MARKET);
  assert.equal(saved?.books?.ledger.marketCashCents, inventory?.marketCashCents);
  assert.equal(saved?.books?.tradeCursor, venue.exchange.trades(AMM_USER_ID, {}).items[0]?.tradeId);
  const account = venue.exchange.account(AMM_USER_ID);
  const other = venue.report(OTHER).explanation?.inventory.marketCashCents ?? NaN;
  const total = account.availableCents + account.frozenCents;
  assert.equal((inventory?.marketCashCents ?? NaN) + other, total);
  for (const alarm of ["reconcile_drift", "inventory_drift_critical", "market_failed"] as const) {
    assert.deepEqual(venue.logged(alarm), [], alarm);
  }
}

Deno.test("Redis away for a minute under load and empty afterwards: quoting goes on, nothing is doubled, state and kills are written again, lost overrides are told", async () => {
  const { venue, store: overrides, state } = await stage();
  const { failedCycles, cycles } = venue.report();
  state.isAway = true;
  overrides.isAway = true;
  await trade(venue, 60);
  assert.equal(venue.report().failedCycles, failedCycles, "no cycle is lost");
  assert.ok(venue.report().cycles > cycles + 25);
  assert.equal(version(venue), 1, "the last good settings stay");
  assert.equal(venue.report(OTHER).lifecycle, "EMERGENCY");
  assert.equal(venue.ownOrders(OTHER).length, 0);
  assert.ok(venue.report().ownTrades > 40, `there was trading: ${venue.report().ownTrades}`);

  state.lose();
  overrides.empty();
  state.isAway = false;
  overrides.isAway = false;
  await trade(venue, 4);
  assert.equal((await latchIn(state, OTHER))?.reason, "ADMIN", "the kill is there again");
  await trade(venue, 2 * RELOAD_S);
  await venue.run(60);
  await checkBooks(venue, state);
  assert.equal(venue.logged("config_overrides_lost").length, 1, "the lost override is told");
  assert.equal(version(venue), 0, "and the files are in force");
  assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
});

Deno.test("Redis away for a minute under load: a kill and a death in that minute; whoever comes next has what the venue and the first write know", async () => {
  const { venue, store: overrides, state } = await stage();
  state.isAway = true;
  overrides.isAway = true;
  await trade(venue, 20);
  venue.service.admin("*", { kind: "kill", ...ADMIN });
  await venue.run(5);
  assert.equal(venue.ownOrders().length, 0);
  state.lose();
  state.isAway = false;
  overrides.isAway = false;
  await venue.run(3);
  venue.kill();
  venue.restart();
  await venue.start(10);
  assert.equal(venue.service.status().globalLatch?.reason, "ADMIN");
  assert.equal(venue.ownOrders().length, 0);
  venue.service.admin("*", { kind: "release", ...ADMIN });
  await venue.run(60);
  assert.equal(venue.report().lifecycle, "RUNNING");
  await checkBooks(venue, state);
  await venue.stop();
});

Deno.test("Redis away for a minute, the process dies meanwhile and Redis comes back empty: the loss is told", async () => {
  const { venue, store: overrides, state } = await stage();
  await trade(venue, 5);
  state.isAway = true;
  overrides.isAway = true;
  venue.kill();
  venue.restart();
  await venue.start(60);
  assert.equal(venue.ownOrders().length, 0, "nothing is quoted on memory that cannot be read");
  state.lose();
  overrides.empty();
  state.isAway = false;
  overrides.isAway = false;
  await venue.run(30);
  assert.equal(venue.logged("state_lost").length, 2, "of both markets");
  assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
  checkNothingTwice(venue);
  await venue.stop();
});
