/**
 * The venue contradicts what the bot remembers: the venue is right. What differs is taken over,
 * counted and told; it is never averaged, and orders of others stay as they are.
 */

import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { ShakyStore } from "../support/shaky_store.ts";
import { placeByHand } from "../support/survivors.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

const INTERVAL_MS = 60_000;

async function quoting() {
  const store = new ShakyStore();
  const venue = new TestVenue({
    store,
    ammCashCents: 200_000,
    // Pairs that turn up would be merged at once.
    markets: [{ marketId: MARKET, autoMergeEnabled: false }],
    global: { reconciliationIntervalMs: INTERVAL_MS },
  });
  await venue.start(10);
  return { venue, store };
}

const quotes = (venue: TestVenue) =>
  venue.ownOrders().map(({ side, yesPrice, remaining }) => `${side} ${yesPrice} x ${remaining}`)
    .sort();

const known = (venue: TestVenue) => {
  const { BID, ASK } = venue.report().orders;
  return [...BID, ...ASK].map(({ orderId }) => orderId).sort();
};

Deno.test("venue contradicts: an own order that nobody knows is told and taken away within a few cycles, one of somebody else stays", async () => {
  const { venue } = await quoting();
  const before = quotes(venue);
  const stray = placeByHand(venue, "amm_stray", 20);
  const foreign = placeByHand(venue, "by-hand", 21);
  await venue.run(30);
  assert.deepEqual(venue.logged("orders_adopted").map(({ fields }) => fields.orderIds), [[stray]]);
  const resting = venue.ownOrders().map(({ orderId }) => orderId).sort();
  assert.deepEqual(resting, [...known(venue), foreign].sort());
  assert.ok(!resting.includes(stray));
  assert.deepEqual(quotes(venue), [...before, "BID 21 x 7"].sort());
  assert.deepEqual(venue.logged("market_failed"), []);
  await venue.stop();
  assert.deepEqual(venue.ownOrders().map(({ orderId }) => orderId), [foreign]);
});

Deno.test("venue contradicts: own orders that are gone are placed again, once, and nothing is booked", async () => {
  const { venue } = await quoting();
  const before = quotes(venue);
  const cash = venue.report().explanation?.inventory.marketCashCents;
  for (const { orderId } of venue.ownOrders()) venue.exchange.cancelOrder(AMM_USER_ID, orderId);
  await venue.run(10);
  assert.deepEqual(quotes(venue), before);
  assert.deepEqual(known(venue), venue.ownOrders().map(({ orderId }) => orderId).sort());
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no, inventory?.marketCashCents], [1000, 1000, cash]);
  assert.equal(venue.report().ownTrades, 0);
  await venue.stop();
});

Deno.test("venue contradicts: a position that differs is taken over as it is, told, pauses the market until a clean look, and the third within an hour kills", async () => {
  const { venue, store } = await quoting();
  const drifts = async () => (await store.loadMarket(MARKET))?.risk?.driftBreachesMs?.length;
  for (let times = 1; times <= 3; times++) {
    venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 10);
    let wasPaused = false;
    for (let second = 0; second < 70; second++) {
      await venue.run(1);
      wasPaused ||= venue.report().explanation?.defense.pauses.includes("DRIFT") === true;
    }
    const inventory = venue.report().explanation?.inventory;
    const held = venue.exchange.position(AMM_USER_ID, MARKET);
    assert.deepEqual([inventory?.yes, inventory?.no], [held.yes, held.no]);
    assert.equal(venue.logged("inventory_drift_critical").length, times);
    const [told] = venue.logged("reconcile_drift").slice(-1);
    assert.deepEqual((told?.fields.drifts as unknown[])[0], {
      field: "yes",
      ours: held.yes - 10,
      venue: held.yes,
    });
    assert.equal(await drifts(), times, "it is counted, also beyond a restart");
    if (times === 3) break;
    assert.ok(wasPaused);
    assert.equal(venue.report().lifecycle, "RUNNING");
    assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
  }
  assert.equal(venue.report().lifecycle, "EMERGENCY");
  assert.equal(venue.report().latch?.reason, "DRIFT");
  assert.deepEqual(venue.ownOrders(), []);
  await venue.stop();
});
