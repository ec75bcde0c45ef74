import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { TestVenue, type Wire } from "../support/venue.ts";

/** Ten minutes of trading; everything that the venue has of the bot at the end. */
async function trade(wire: Wire) {
  const venue = new TestVenue({ wire });
  await venue.start(5);
  for (let round = 0; round < 60; round++) {
    venue.take(round % 2 === 0 ? "YES" : "NO", 60, 3 + round % 5);
    await venue.run(10);
  }
  const orders = venue.ownOrders().map((order) => [order.orderId, order.clientOrderId]);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, "MKT-1");
  const trades = venue.exchange.trades(AMM_USER_ID, { limit: 100 }).items.map((t) => t.tradeId);
  const cash = venue.report().explanation?.inventory.marketCashCents;
  assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
  assert.equal(venue.ownOrders().length, 0);
  return { orders, yes, no, trades, cash };
}

Deno.test("live connector: over the venue's HTTP routes the bot places the same orders and makes the same trades", async () => {
  const direct = await trade("in-process");
  assert.ok(direct.trades.length >= 60 && direct.orders.length > 0);
  assert.deepEqual(await trade("http"), direct);
});

Deno.test("live connector: a lost answer to a placement leaves exactly one order of each kind (L-38)", async () => {
  for (const effect of [true, false]) {
    const venue = new TestVenue({ wire: "http" });
    let lost = 0;
    venue.intercept = (call) =>
      call.startsWith("place") && lost++ < 2 ? { kind: "lose", effect } : undefined;
    await venue.start(15);
    assert.deepEqual([venue.ladder("ASK"), venue.ladder("BID")], [[53, 54, 55], [47, 46, 45]]);
    assert.equal(venue.ownOrders().length, 6);
    await venue.stop();
  }
});

Deno.test("live connector: the answer to the opening mint is lost but it happened: it is booked once (L-37)", async () => {
  const venue = new TestVenue({ wire: "http" });
  let lost = 0;
  venue.intercept = (call) =>
    call.startsWith("mint") && lost++ === 0 ? { kind: "lose", effect: true } : undefined;
  await venue.start(10);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no, inventory?.marketCashCents], [1000, 1000, 0]);
  assert.equal(venue.exchange.account(AMM_USER_ID).availableCents, 0);
  await venue.stop();
});
