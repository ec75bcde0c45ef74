/** A process dies between an opening mint and its answer: what the next one makes of it. */

import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { placeByHand } from "../support/survivors.ts";
import { ShakyStore } from "../support/shaky_store.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

const KILL = { kind: "kill", operator: "ann", reason: "drill" } as const;
const RELEASE = { kind: "release", operator: "bob", reason: "checked" } as const;

/** A first process has sent its opening mint, had no answer, and is gone. */
async function afterLostMint(effect: boolean): Promise<TestVenue> {
  const venue = new TestVenue({
    store: new ShakyStore(),
    ammCashCents: 200_000,
    markets: [{ marketId: MARKET, quoteFunding: "inventory_then_cash" }],
  });
  venue.intercept = (call) => call.startsWith("mint") ? { kind: "lose", effect } : undefined;
  await venue.start(0.1);
  venue.kill();
  venue.restart();
  venue.intercept = () => undefined;
  return venue;
}

function sentPairs(venue: TestVenue): readonly string[] {
  return venue.calls.filter((call) => /^(mint|burn)/.test(call));
}

/** Shares, cash and profit of the day as the bot has them. */
function books(venue: TestVenue): readonly (number | undefined)[] {
  const { yes, no, marketCashCents, pnlDayCents } = venue.report().explanation?.inventory ?? {};
  return [yes, no, marketCashCents, pnlDayCents];
}

Deno.test("opening in doubt: a mint that happened is seen in the position, booked once and not sent again", async () => {
  const venue = await afterLostMint(true);
  const before = sentPairs(venue).length;
  await venue.start(10);
  assert.equal(sentPairs(venue).length, before);
  assert.deepEqual(books(venue), [1000, 1000, 0, 0]);
  assert.deepEqual([venue.report().latch, venue.report().lifecycle], [null, "RUNNING"]);
  await venue.run(60);
  assert.deepEqual(venue.logged("reconcile_drift"), []);
  await venue.stop();
});

Deno.test("opening in doubt: a mint that did not happen is finished with its key", async () => {
  const venue = await afterLostMint(false);
  await venue.start(10);
  assert.deepEqual(books(venue), [1000, 1000, 0, 0]);
  await venue.stop();
});

Deno.test("opening in doubt: a killed market has its books right and finishes nothing before its release", async () => {
  for (const effect of [true, false]) {
    for (const target of [MARKET, "*"]) {
      const venue = await afterLostMint(effect);
      const latch = { reason: "ADMIN", atMs: 1, source: "ann: drill" } as const;
      await (target === "*" ? venue.store.latchAll(latch) : venue.store.latchMarket(MARKET, latch));
      const before = sentPairs(venue).length;
      await venue.start(30);
      assert.equal(sentPairs(venue).length, before, "nothing is sent while the kill is in force");
      assert.deepEqual(books(venue), effect ? [1000, 1000, 0, 0] : [0, 0, 100_000, 0]);
      await venue.service.admin(target, RELEASE);
      await venue.run(10);
      assert.deepEqual(books(venue), [1000, 1000, 0, 0]);
      assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
      await venue.stop();
    }
  }
});

Deno.test("opening in doubt: a kill that comes between two attempts of a mint keeps the second from being sent", async () => {
  const venue = new TestVenue({
    store: new ShakyStore(),
    ammCashCents: 300_000,
    markets: [{
      marketId: MARKET,
      quoteFunding: "inventory_then_cash",
      initialFundingCents: 200_000,
      privilegedRetryMs: 10_000,
    }],
  });
  venue.intercept = (call) => call.startsWith("mint") ? { kind: "lose", effect: false } : undefined;
  await venue.start(5);
  venue.intercept = () => undefined;
  void venue.service.admin(MARKET, KILL);
  const before = sentPairs(venue).length;
  await venue.run(60);
  assert.equal(sentPairs(venue).length, before);
  void venue.service.admin(MARKET, RELEASE);
  await venue.run(15);
  assert.deepEqual(books(venue).slice(0, 2), [1000, 1000]);
  await venue.stop();
});

Deno.test("opening in doubt: without books the shares that are held are adopted, and the mint is not booked again", async () => {
  const venue = await afterLostMint(true);
  const { store } = venue;
  const load = store.loadMarket.bind(store);
  store.loadMarket = async (marketId: string) => {
    const found = await load(marketId);
    return found === null ? null : { ...found, books: null };
  };
  const before = sentPairs(venue).length;
  await venue.start(10);
  assert.equal(sentPairs(venue).length, before);
  assert.deepEqual(books(venue), [1000, 1000, 0, 0]);
  assert.equal(venue.report().latch, null);
  await venue.stop();
});

Deno.test("opening in doubt: an order by hand that is filled before the opening mint does not take its place", async () => {
  const venue = new TestVenue({ store: new ShakyStore(), ammCashCents: 300_000 });
  await venue.store.latchMarket(MARKET, { reason: "ADMIN", atMs: 1, source: "ann: drill" });
  await venue.start(5);
  placeByHand(venue, "by-hand", 60);
  assert.equal(venue.take("NO", 40, 7).order.filled, 7);
  void venue.service.admin(MARKET, RELEASE);
  await venue.run(10);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  assert.equal(venue.logged("pairs_minted").length, 1);
  assert.ok(yes > 900 && no > 900, `${yes} YES, ${no} NO`);
  assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
  await venue.stop();
});

Deno.test("opening in doubt: a reconciliation sees a mint that happened long before its key is tried again", async () => {
  const venue = new TestVenue({
    store: new ShakyStore(),
    ammCashCents: 300_000,
    global: { reconciliationIntervalMs: 60_000 },
    markets: [{
      marketId: MARKET,
      quoteFunding: "inventory_then_cash",
      initialFundingCents: 200_000,
      privilegedRetryMs: 3_000_000,
    }],
  });
  venue.intercept = (call) => call.startsWith("mint") ? { kind: "lose", effect: true } : undefined;
  await venue.start(5);
  assert.deepEqual(books(venue), [0, 0, 200_000, 0]);
  await venue.run(65);
  assert.deepEqual(books(venue), [1000, 1000, 100_000, 0]);
  assert.deepEqual([sentPairs(venue).length, venue.logged("reconcile_drift")], [1, []]);
  await venue.stop();
});
