import assert from "node:assert/strict";
import type { PriceSource, SourcedPrice } from "../../src/oracle/price_source.ts";
import { MARKET, TestVenue, type VenueOptions } from "../support/venue.ts";

/** An outside price that the test moves. */
class Outside implements PriceSource {
  price: number | null;
  #failures: number;

  constructor(price: number, failures = 0) {
    this.price = price;
    this.#failures = failures;
  }

  read(): Promise<SourcedPrice> {
    const fails = this.price === null || this.#failures-- > 0;
    return fails
      ? Promise.reject(new Error("no answer within 2000 ms"))
      : Promise.resolve({ priceCents: this.price ?? 0, statedAtMs: null });
  }
}

/** A market anchored at 50 whose bot looks at an outside price. */
function venueWith(outside: Outside, options: VenueOptions = {}): TestVenue {
  const oracle = { oracleGuardEnabled: true, oracleSlug: "rain", oracleUrl: "file:rain.json" };
  return new TestVenue({
    markets: [{ marketId: MARKET, ...oracle }],
    prices: outside,
    ...options,
  });
}

function spread(venue: TestVenue): number {
  return (venue.ladder("ASK")[0] ?? NaN) - (venue.ladder("BID")[0] ?? NaN);
}

Deno.test("oracle: with a fresh price near ours the market is quoted as without a guard", async () => {
  const venue = venueWith(new Outside(51));
  const plain = new TestVenue();
  await venue.start();
  await plain.start();
  assert.deepEqual(venue.ladder("ASK"), plain.ladder("ASK"));
  assert.deepEqual(venue.ladder("BID"), plain.ladder("BID"));
  const { oracle } = venue.report().explanation ?? {};
  assert.deepEqual([oracle?.priceCents, oracle?.deviationCents, oracle?.stale], [51, -1, false]);
  await venue.stop();
  await plain.stop();
});

Deno.test("oracle: three reads fail, the fourth succeeds: normal within one cycle (L-01)", async () => {
  const venue = venueWith(new Outside(50, 3));
  await venue.start();
  await venue.run(9);
  assert.equal(spread(venue), 26);
  assert.equal(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0, true);
  // The fourth read comes after 15 seconds; the cycle after it quotes as usual.
  await venue.run(4);
  assert.equal(spread(venue), 6);
  await venue.stop();
});

Deno.test("oracle: a price that dies widens five times after its life, and both sides stay", async () => {
  const outside = new Outside(50);
  const venue = venueWith(outside);
  await venue.start(10);
  outside.price = null;
  await venue.run(20);
  assert.equal(spread(venue), 6);
  await venue.run(20);
  assert.equal(spread(venue), 26);
  assert.equal(venue.report().explanation?.oracle?.problem, "no answer within 2000 ms");
  assert.equal(venue.report().explanation?.defense.level, "NORMAL");
  assert.equal(venue.logged("oracle_failed").length, 1);
  await venue.stop();
});

Deno.test("oracle: far from ours nothing is quoted, until the prices have met again", async () => {
  const outside = new Outside(56);
  const venue = venueWith(outside);
  await venue.start(20);
  assert.deepEqual(venue.ownOrders(), []);
  assert.deepEqual(venue.report().explanation?.defense.pauses, ["ORACLE_DEVIATION"]);
  assert.equal(venue.logged("oracle_deviation").length, 1);
  // 4 cents is below the threshold of 4.9, but not below 80 % of it.
  outside.price = 54;
  await venue.run(30);
  assert.deepEqual(venue.ownOrders(), []);
  outside.price = 53;
  await venue.run(20);
  assert.equal(spread(venue), 6);
  await venue.stop();
});

Deno.test("oracle: after a jump up there are no offers for half a minute, but bids", async () => {
  const outside = new Outside(46);
  const venue = venueWith(outside);
  await venue.start(10);
  outside.price = 52;
  await venue.run(6);
  assert.deepEqual(venue.ladder("ASK"), []);
  assert.ok(venue.ladder("BID").length > 0);
  assert.deepEqual(venue.report().explanation?.limits?.ASK.withdrawnBy, ["ORACLE_GAP"]);
  await venue.run(34);
  assert.ok(venue.ladder("ASK").length > 0);
  await venue.stop();
});

Deno.test("oracle: a price of 0.5 taken for cents pauses: it cannot widen the risk", async () => {
  const venue = venueWith(new Outside(0.5));
  await venue.start(20);
  assert.deepEqual(venue.ownOrders(), []);
  await venue.stop();
});

Deno.test("oracle: a source that hangs holds up neither the start nor the stop (L-47)", async () => {
  const venue = venueWith(new Outside(50), { prices: { read: () => new Promise(() => {}) } });
  await venue.start();
  assert.equal(spread(venue), 26);
  assert.deepEqual((await venue.stop()).remaining, []);
});

for (const posteriorMode of ["flow", "beta"] as const) {
  Deno.test(`oracle: trades that bounce between our own quotes do not blind the guard (§5), belief ${posteriorMode}`, async () => {
    const outside = new Outside(50);
    const guarded = { oracleGuardEnabled: true, oracleSlug: "rain", oracleUrl: "file:rain.json" };
    const venue = venueWith(outside, {
      markets: [{ marketId: MARKET, ...guarded, posteriorMode }],
    });
    await venue.start();
    for (let trade = 0; trade < 20; trade++) {
      venue.take(trade % 2 === 0 ? "YES" : "NO", 60, 5);
      await venue.run(60);
    }
    const { volatility, oracle } = venue.report().explanation ?? {};
    // The prints lie five cents and more apart; a belief follows them for a moment, no farther.
    const most = posteriorMode === "flow" ? 3 : 1;
    assert.ok((volatility?.sigmaHourCents ?? Infinity) < most, `${volatility?.sigmaHourCents}`);
    assert.ok((oracle?.thresholdCents ?? Infinity) < 6, `${oracle?.thresholdCents}`);
    outside.price = 65;
    await venue.run(10);
    assert.deepEqual(venue.ownOrders(), []);
    await venue.stop();
  });
}
