import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { price, shares } from "../../src/models/money.ts";
import { test } from "../support/both_wires.ts";
import { MARKET } from "../support/venue.ts";

test("shutdown: every own order is cancelled and the venue confirms it; stopping twice is one stop", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }] });
  await venue.start(10);
  const first = venue.service.stop("test");
  const second = venue.service.stop("test");
  const reports = await venue.clock.resolve(Promise.all([first, second]));
  assert.deepEqual(reports[0], { remaining: [], unverified: [] });
  assert.equal(reports[0], reports[1]);
  assert.equal(venue.ownOrders("MKT-1").length + venue.ownOrders("MKT-2").length, 0);
  const calls = venue.calls.length;
  await venue.run(60);
  assert.equal(venue.calls.length, calls, "a stopped bot does not touch the venue");
});

test("shutdown: orders that are not ours stay where they are", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  const foreign = venue.exchange.placeOrder(AMM_USER_ID, {
    clientOrderId: "manual-1",
    marketId: MARKET,
    contract: "YES",
    direction: "SELL",
    contractPrice: price(95),
    quantity: shares(5),
    timeInForce: "GTC",
  }).order.orderId;
  await venue.run(10);
  await venue.stop();
  assert.deepEqual(venue.ownOrders().map((order) => order.orderId), [foreign]);
});

test("shutdown: a venue that does not answer ends the stop at its limit, and each order is listed (L-32)", async (openVenue) => {
  const venue = openVenue({ global: { shutdownTimeoutMs: 10_000, cycleAbortMs: 2000 } });
  await venue.start(5);
  const resting = venue.ownOrders().map((order) => order.orderId).sort();
  venue.intercept = () => ({ kind: "hang", effect: false });
  const before = venue.clock.monotonicMs();
  const report = await venue.stop();
  assert.ok(venue.clock.monotonicMs() - before <= 20_000);
  assert.deepEqual(report.remaining.map((order) => order.orderId).sort(), resting);
  assert.deepEqual(report.unverified, [MARKET]);
});

test("shutdown: a stop during the start leaves nothing behind", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }] });
  const starting = venue.service.start();
  const stopping = venue.service.stop("test");
  await venue.clock.resolve(Promise.all([starting, stopping]));
  await venue.run(30);
  assert.equal(venue.ownOrders("MKT-1").length + venue.ownOrders("MKT-2").length, 0);
  assert.equal(venue.service.status().state, "stopped");
  assert.deepEqual(venue.calls.filter((call) => call.startsWith("mint")), []);
});

test("shutdown: a stop while the venue cannot be reached at the start ends the waiting", async (openVenue) => {
  const venue = openVenue();
  venue.intercept = () => ({ kind: "lose", effect: false });
  const starting = venue.service.start();
  await venue.run(12);
  const stopping = venue.service.stop("test");
  await venue.clock.resolve(Promise.all([starting, stopping]));
  assert.equal(venue.service.status().state, "stopped");
});

test("shutdown: fills that arrive during the stop are booked before the state is written", async (openVenue) => {
  const venue = openVenue();
  await venue.start(5);
  let hit = false;
  venue.intercept = (call) => {
    if (call.startsWith("cancel") && !hit) {
      hit = true;
      venue.take("YES", 60, 5);
    }
    return undefined;
  };
  const report = await venue.stop();
  assert.deepEqual(report.remaining, []);
  const saved = await venue.store.loadMarket(MARKET);
  assert.equal(saved?.books?.ledger.marketCashCents, 5 * 53);
});
