import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { openMarket, toPersisted } from "../../src/cycle/market_state.ts";
import { cents, shares } from "../../src/models/money.ts";
import { NO_POSITION } from "../../src/models/inventory.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import { snapshot } from "../support/snapshots.ts";
import { MARKET, START_MS, TestVenue } from "../support/venue.ts";

Deno.test("L-27: a restart with nothing held mints from the market's own cash only (§19)", async () => {
  const other = { marketId: "MKT-2", quoteFunding: "cash" as const };
  const venue = new TestVenue({
    markets: [{ marketId: MARKET, autoReinvestEnabled: false }, other],
    ammCashCents: 300_000,
  });
  // An earlier run has sold everything and has 300 dollars left of its 1,000.
  const config = marketConfig({ marketId: MARKET });
  const ledger = { ...openLedger(cents(100_000)), marketCashCents: cents(30_050) };
  const opening = { market: marketRecord(), position: NO_POSITION, ledger, tradeCursor: null };
  const state = openMarket({ ...opening, nowMs: START_MS }, config);
  await venue.store.saveMarket(MARKET, snapshot(toPersisted(state, config)), 0);
  await venue.start();
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  assert.deepEqual([yes, no], [300, 300]);
  assert.equal(venue.report().explanation?.inventory.marketCashCents, 50);
  const [reduced] = venue.logged("mint_reduced");
  assert.deepEqual([reduced?.fields.quantity, reduced?.fields.initialMintQuantity], [300, 1000]);
  await venue.stop();
});

Deno.test("§18: pairs to be merged are not offered, so that far levels give up what they lock", async () => {
  const venue = new TestVenue({
    markets: [{
      marketId: MARKET,
      initialMintQuantity: 100,
      maxInventoryFraction: 1,
      baseOrderQuantity: 600,
      explorationQtyRatio: 0.5,
      maxNetShares: 5000,
      autoReinvestThresholdCents: 50_000,
      // All of it is quoted first, then the cash falls below the threshold of a merge.
      autoMergeReserveRatio: 1,
    }],
    ammCashCents: 100_000,
  });
  venue.exchange.mint(AMM_USER_ID, {
    marketId: MARKET,
    quantity: shares(600),
    idempotencyKey: "held before the bot came",
  });
  await venue.start(60);
  // 500 of the 600 pairs are surplus; quotes of 300 and more per side had locked most of them.
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  assert.deepEqual([yes, no], [100, 100]);
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});
