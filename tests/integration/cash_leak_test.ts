import assert from "node:assert/strict";
import { AMM_USER_ID, type QuirkId } from "../../sim/exchange/mod.ts";
import type { MarketConfig } from "../../src/config/registry.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { TestVenue, type VenueOptions } from "../support/venue.ts";

const MARKETS = ["MKT-1", "MKT-2"] as const;
const FUNDING_CENTS = 40_000;

/** Two markets on one account, with ladders larger than their cash. */
function twoMarkets(quirks: readonly QuirkId[], overrides: Partial<MarketConfig> = {}) {
  const options: VenueOptions = {
    settings: { quirks: new Set(quirks) },
    markets: MARKETS.map((marketId) => ({
      marketId,
      quoteFunding: "cash",
      initialFundingCents: FUNDING_CENTS,
      baseOrderQuantity: 2000,
      // The cash is to bound the quote, not what it may lose.
      maxPerMarketLossCents: 1_000_000,
      ladderLossRatio: 1,
      ...overrides,
    })),
    ammCashCents: MARKETS.length * FUNDING_CENTS,
  };
  return new TestVenue(options);
}

/** Cash that is frozen at the venue although no order holds it. */
function leakOf({ exchange }: TestVenue): number {
  const held = MARKETS.flatMap((marketId) => exchange.openOrders(AMM_USER_ID, marketId))
    .reduce((sum, order) => sum + order.frozenAmount, 0);
  return exchange.account(AMM_USER_ID).frozenCents - held;
}

function ledgerSum(venue: TestVenue, field: "leakCents" | "marketCashCents"): number {
  return MARKETS.reduce(
    (sum, market) => sum + (venue.report(market).explanation?.inventory[field] ?? 0),
    0,
  );
}

/** The bot's books are the venue's, to the cent and to the share. */
function assertBooks(venue: TestVenue): void {
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  assert.equal(ledgerSum(venue, "marketCashCents"), availableCents + frozenCents);
  for (const market of MARKETS) {
    const inventory = venue.report(market).explanation?.inventory;
    const held = venue.exchange.positions(AMM_USER_ID).find((p) => p.marketId === market);
    assert.deepEqual([inventory?.yes, inventory?.no], [held?.yes ?? 0, held?.no ?? 0], market);
  }
}

/** The leak of the ledgers covers that of the venue, rounded up for each market. */
function assertLeak(venue: TestVenue): void {
  const [booked, real] = [ledgerSum(venue, "leakCents"), leakOf(venue)];
  assert.ok(booked >= real && booked <= real + MARKETS.length, `booked ${booked}, real ${real}`);
}

/** An earlier run bought far above the offer: 49 cents a share are stuck for ever. */
function leakEarlier(venue: TestVenue): void {
  const { exchange } = venue;
  const ioc = { marketId: "MKT-1", contract: "YES", quantity: 450, timeInForce: "IOC" } as const;
  for (let round = 0; round < 2; round++) {
    venue.rest("NO", 50, ioc.quantity);
    exchange.placeOrder(AMM_USER_ID, { ...ioc, direction: "BUY", contractPrice: 99 });
    venue.rest("YES", 50, ioc.quantity);
    exchange.placeOrder(AMM_USER_ID, { ...ioc, direction: "SELL", contractPrice: 50 });
  }
  const { availableCents, frozenCents } = exchange.account(AMM_USER_ID);
  const missing = MARKETS.length * FUNDING_CENTS - availableCents - frozenCents;
  exchange.control.deposit(AMM_USER_ID, missing);
}

async function tradeRandomly(venue: TestVenue, random: Random, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    for (const market of MARKETS) {
      if (random.next() > 0.4) continue;
      const contract = random.next() < 0.5 ? "YES" : "NO";
      venue.take(contract, random.integer(45, 65), random.integer(1, 60), market);
    }
    await venue.run(2);
  }
}

Deno.test("leak: cash that an earlier run left stuck is not planned with, by neither market (Q-05)", async () => {
  const venue = twoMarkets(["Q-05"]);
  leakEarlier(venue);
  assert.ok(leakOf(venue) > 44_000);
  await venue.start(60);
  assert.deepEqual(venue.logged("order_refused"), []);
  assert.equal(venue.logged("cash_stuck").length, 2);
  assertLeak(venue);
  for (const market of MARKETS) {
    assert.ok(venue.ladder("BID", market).length > 0 && venue.ladder("ASK", market).length > 0);
  }
  const { availableCents } = venue.exchange.account(AMM_USER_ID);
  assert.ok(availableCents < 10_000, `${availableCents}: all that can be spent is used`);
  assertBooks(venue);
  await venue.stop();
});

for (const seed of [1, 2, 3]) {
  Deno.test(`leak, seed ${seed}: what every purchase leaves stuck is found, and nothing is planned that the venue refuses`, async () => {
    // Without a burn all cash ends up in pairs, so that the last cents count.
    const venue = twoMarkets(["Q-02", "Q-05", "Q-06", "Q-10"]);
    const random = seededRandom(`leak ${seed}`);
    await venue.start(3);
    await tradeRandomly(venue, random, 600);
    assert.deepEqual(venue.logged("order_refused"), []);
    await venue.run(65);
    assert.ok(leakOf(venue) > 50, `${leakOf(venue)} cents stuck`);
    assertLeak(venue);
    assertBooks(venue);
    assert.deepEqual(venue.logged("inventory_drift_critical"), []);
    assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
    assert.equal(venue.exchange.account(AMM_USER_ID).frozenCents, leakOf(venue));
  });
}

Deno.test("leak: it is remembered over a restart", async () => {
  const venue = twoMarkets(["Q-02", "Q-05", "Q-06", "Q-10"]);
  await venue.start(3);
  await tradeRandomly(venue, seededRandom("restart"), 100);
  await venue.run(65);
  const before = ledgerSum(venue, "leakCents");
  assert.ok(before > 0);
  venue.kill();
  venue.restart();
  await venue.start(3);
  assert.equal(ledgerSum(venue, "leakCents"), before);
  assertBooks(venue);
  await venue.stop();
});

Deno.test("leak: a sound venue keeps nothing", async () => {
  const venue = twoMarkets([]);
  await venue.start(3);
  await tradeRandomly(venue, seededRandom("sound"), 100);
  assert.deepEqual([ledgerSum(venue, "leakCents"), leakOf(venue)], [0, 0]);
  assert.deepEqual(venue.logged("cash_stuck"), []);
  await venue.stop();
});
