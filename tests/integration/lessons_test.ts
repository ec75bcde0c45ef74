import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { shares } from "../../src/models/money.ts";
import type { QuoteFunding } from "../../src/models/vocabulary.ts";
import { MARKET, START_MS, TestVenue } from "../support/venue.ts";

Deno.test("L-19: a book with own asks only is told as such, side by side", async () => {
  // At the lower edge of the price range the bids are withdrawn.
  const venue = new TestVenue({ markets: [{ marketId: MARKET, anchorPriceCents: 2 }] });
  await venue.start();
  const { orders } = venue.report();
  assert.deepEqual([orders.ASK.length > 0, orders.BID.length], [true, 0]);
  await venue.stop();
});

Deno.test("L-21: two hours before the end quotes are wider and smaller than 200 hours before it", async () => {
  const quoted = async (hours: number) => {
    const venue = new TestVenue({
      // The loss room would make both ladders equally small.
      markets: [{ marketId: MARKET, ladderLossRatio: 1 }],
      setup: { tradingEndAtMs: START_MS + hours * HOUR_MS },
    });
    await venue.start();
    const spread = (venue.ladder("ASK")[0] ?? NaN) - (venue.ladder("BID")[0] ?? NaN);
    const offered = venue.ownOrders().reduce((sum, order) => sum + order.remaining, 0);
    await venue.stop();
    return { spread, offered };
  };
  const [near, far] = [await quoted(2), await quoted(200)];
  assert.ok(near.spread > far.spread, `${near.spread} ${far.spread}`);
  assert.ok(near.offered < 0.6 * far.offered, `${near.offered} ${far.offered}`);
});

Deno.test("L-29: a market that is suspended under a placement is killed in the same cycle", async () => {
  const venue = new TestVenue({ global: { marketStatusPollIntervalMs: 300_000 } });
  await venue.start();
  venue.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  await venue.run(2.1);
  assert.equal(venue.report().latch?.reason, "STATUS");
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

Deno.test("L-45: all stock rests at the end, two burns fail: the third merges the pairs", async () => {
  const venue = new TestVenue({
    markets: [{
      marketId: MARKET,
      initialMintQuantity: 500,
      initialFundingCents: 50_000,
      baseOrderQuantity: 10_000,
      maxInventoryFraction: 1,
      guardTheta: 0.79,
      maturityQtyRatios: [1, 1, 1],
      maxPerMarketLossCents: 1_000_000,
      ladderLossRatio: 1,
      privilegedRetryMs: 10_000,
    }],
    setup: { tradingEndAtMs: START_MS + 10 * 60_000 },
  });
  let burns = 0;
  venue.intercept = (call) =>
    call.startsWith("burn") && ++burns <= 2 ? { kind: "lose", effect: false } : undefined;
  await venue.start();
  const locked = venue.ownOrders().reduce((sum, order) => sum + order.remaining, 0);
  assert.ok(locked > 800, `${locked} of 1000 shares rest`);
  await venue.run(6 * 60);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  assert.deepEqual([yes, no, venue.ownOrders().length], [0, 0, 0]);
  assert.equal(venue.logged("pairs_failed").length, 2);
  assert.equal(venue.report().lifecycle, "STOPPED");
  await venue.stop();
});

Deno.test("L-45: a market that resolves with pairs left stops with an alert, and loses nothing", async () => {
  const venue = new TestVenue({ setup: { tradingEndAtMs: START_MS + 10 * 60_000 } });
  venue.intercept = (call) => call.startsWith("burn") ? { kind: "lose", effect: false } : undefined;
  await venue.start(7 * 60);
  assert.equal(venue.report().lifecycle, "WINDING_DOWN");
  venue.exchange.control.resolve(MARKET, "NO");
  await venue.run(30);
  assert.equal(venue.report().lifecycle, "STOPPED");
  assert.equal(venue.logged("pairs_unmerged")[0]?.fields.pairs, 1000);
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  assert.equal(availableCents + frozenCents, 100_000);
  await venue.stop();
});

for (const quoteFunding of ["inventory", "cash"] as const) {
  Deno.test(`L-68: after a crash with orders resting, what is free is what the venue says, ${quoteFunding}`, async () => {
    const venue = new TestVenue({ markets: [{ marketId: MARKET, quoteFunding }] });
    await venue.start(30);
    venue.take("YES", 70, 10);
    await venue.run(10);
    assert.ok(venue.ownOrders().length >= 3);
    venue.kill();
    venue.restart();
    await venue.start(10);
    assert.deepEqual(freeByBot(venue, quoteFunding), freeByVenue(venue, quoteFunding));
    assert.equal(venue.report().orders.ASK.length > 0, true);
    await venue.stop();
  });
}

/** Shares and cash that no own order holds, as the bot reckons. */
function freeByBot(venue: TestVenue, funding: QuoteFunding): readonly number[] {
  const { orders, explanation } = venue.report();
  const { yes = NaN, no = NaN, freeCashCents = NaN } = explanation?.inventory ?? {};
  const rests = (side: "ASK" | "BID") =>
    funding === "cash" ? 0 : orders[side].reduce((sum, { remaining }) => sum + remaining, 0);
  return [yes - rests("ASK"), no - rests("BID"), freeCashCents];
}

function freeByVenue(venue: TestVenue, funding: QuoteFunding): readonly number[] {
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  const sold = (contract: "YES" | "NO") =>
    venue.ownOrders()
      .filter((order) => order.direction === "SELL" && order.contract === contract)
      .reduce((sum, order) => sum + order.remaining, 0);
  const cash = venue.exchange.account(AMM_USER_ID).availableCents;
  return funding === "cash" ? [yes, no, cash] : [yes - sold("YES"), no - sold("NO"), cash];
}

Deno.test("L-70: a book that somebody pushes by 20 cents, without a trade, never lowers the level", async () => {
  const venue = new TestVenue({
    markets: [{
      marketId: MARKET,
      // A small part of the budget: the loss room lets no more be lost at so small a move.
      maxPerMarketLossCents: 3000,
      oneSideLossRatio: 0.1,
      ladderLossRatio: 1,
      posteriorMode: "beta",
      inventorySkewWiden: 0.7,
      inventorySkewOneSide: 0.75,
      oneSideDeadBand: 0.01,
      posteriorMaxWeightPerTrade: 0.1,
    }],
  });
  await venue.start();
  // Sold at 53 and more, then it is worth 60: more than a tenth of the budget is lost.
  for (let sale = 0; sale < 6; sale++) {
    venue.take("YES", 70, 12);
    await venue.run(15);
  }
  venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents: 60 });
  await venue.run(30);
  assert.equal(venue.report().explanation?.defense.level, "ONE_SIDE");
  const [bid] = venue.ladder("BID");
  assert.ok(bid !== undefined && venue.ladder("ASK").length === 0);
  // Nobody trades. Our bid keeps anybody from showing a lower price, which would hide the loss;
  // others' orders 20 cents higher make it look larger.
  venue.rest("YES", 78, 200);
  venue.rest("NO", 18, 200);
  const seen: { readonly level: string; readonly rawCents: number }[] = [];
  const stop = venue.service.onCycle(({ defense, price }) =>
    seen.push({ level: defense.level, rawCents: price?.rawCents ?? NaN })
  );
  await venue.run(60);
  stop();
  assert.equal(venue.report().explanation?.price?.microReason, "valid");
  assert.ok(seen.every(({ level }) => level === "ONE_SIDE" || level === "KILL_SWITCH"));
  const steps = seen.slice(1).map(({ rawCents }, index) =>
    Math.abs(rawCents - (seen[index]?.rawCents ?? NaN))
  );
  assert.ok(Math.max(...steps) <= 5, "the mark moves by at most max_mid_step_cents a cycle");
  const { inventory } = venue.report().explanation ?? {};
  assert.ok((inventory?.worstCaseCents ?? 0) < (inventory?.pnlTotalCents ?? -Infinity));
  await venue.stop();
});

Deno.test("L-43: a position that changes between two reads is taken whole or not at all", async () => {
  const venue = new TestVenue({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start();
  // A trade comes in the middle of the reads of a reconciliation.
  let trades = 0;
  venue.intercept = (call) => {
    if (call.startsWith("position") && trades++ < 2) venue.take("YES", 70, 3);
    return undefined;
  };
  await venue.run(130);
  assert.ok(trades >= 2);
  assert.deepEqual(venue.logged("reconcile_drift"), []);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  const { inventory } = venue.report().explanation ?? {};
  assert.deepEqual([inventory?.yes, inventory?.no], [yes, no]);
  assert.equal(yes, shares(1000 - 3 * 2));
  await venue.stop();
});
