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
