import assert from "node:assert/strict";
import { MARKET, TestVenue } from "../support/venue.ts";

Deno.test("side dry: a side whose stock is sold out is told of once, and the other is quoted", async () => {
  // The floor of the skew keeps twenty shares from looking like a disaster.
  const market = { marketId: MARKET, initialMintQuantity: 20, skewFloorShares: 500 };
  const venue = new TestVenue({ markets: [market] });
  await venue.start(5);
  for (let lot = 0; lot < 6; lot++) {
    venue.take("YES", 99, 20);
    await venue.run(15);
  }
  assert.equal(venue.report().explanation?.inventory.yes, 0);
  assert.deepEqual(venue.ladder("ASK"), []);
  assert.ok(venue.ladder("BID").length > 0);
  assert.deepEqual(venue.logged("side_dry").map(({ fields }) => fields.side), ["ASK"]);
  await venue.stop();
});

Deno.test("side dry: a side that has no room left for the smallest order is told of once", async () => {
  // A share that is sold at 53 and lost costs 47 cents, of a budget of ten dollars.
  const market = { marketId: MARKET, maxPerMarketLossCents: 1000, ladderLossRatio: 1 };
  const venue = new TestVenue({ markets: [{ ...market, posteriorMode: "beta" }] });
  await venue.start(5);
  for (let lot = 0; lot < 20; lot++) {
    venue.take("YES", 99, 20);
    await venue.run(15);
  }
  const room = venue.report().explanation?.limits?.ASK.lossRoomCents ?? NaN;
  assert.ok(room > 0 && room < 100, `${room} cents are left`);
  assert.deepEqual(venue.ladder("ASK"), []);
  assert.ok(venue.ladder("BID").length > 0);
  assert.deepEqual(venue.logged("side_dry").map(({ fields }) => fields.side), ["ASK"]);
  await venue.stop();
});

Deno.test("side dry: a side that only waits after a fill, or that an operator withdrew, is not dry", async () => {
  const venue = new TestVenue();
  await venue.start(5);
  venue.take("YES", 99, 10_000);
  await venue.run(2);
  venue.service.admin(MARKET, { kind: "pause", operator: "ann", reason: "a drill" });
  await venue.run(10);
  assert.deepEqual(venue.ownOrders(), []);
  assert.deepEqual(venue.logged("side_dry"), []);
  await venue.stop();
});
