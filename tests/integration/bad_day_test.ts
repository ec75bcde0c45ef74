import assert from "node:assert/strict";
import { AMM_USER_ID, type Fault } from "../../sim/exchange/mod.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import type { Wire } from "../../sim/wire.ts";
import { TestVenue } from "../support/venue.ts";

const MODES = { "MKT-A": "inventory", "MKT-B": "cash", "MKT-C": "inventory_then_cash" } as const;
const MARKETS = ["MKT-A", "MKT-B", "MKT-C"] as const;

/**
 * A call in fifty is lost, some hang, some answers are garbage; half of the lost ones had an
 * effect.
 */
function faultOf(random: Random): Fault | undefined {
  const draw = random.next();
  if (draw < 0.02) return { kind: "lose", effect: random.next() < 0.5 };
  if (draw < 0.025) return { kind: "hang", effect: random.next() < 0.5 };
  return draw < 0.027 ? { kind: "garble" } : undefined;
}

/** Twenty minutes of random trading, faults and deaths of the process. */
async function badDay(venue: TestVenue, random: Random): Promise<void> {
  for (let step = 0; step < 600; step++) {
    for (const market of MARKETS) {
      if (random.next() < 1 / 15) {
        const contract = random.next() < 0.5 ? "YES" : "NO";
        venue.take(contract, random.integer(40, 70), random.integer(1, 15), market);
      }
    }
    await venue.run(2);
    if (random.next() < 1 / 150) {
      venue.kill();
      venue.restart();
      // Not awaited: the venue may not let it start at once, and the day goes on meanwhile.
      void venue.service.start();
    }
  }
}

/** One day over HTTP, which takes ten times as long: there the connector repeats calls as well. */
const DAYS: readonly (readonly [number, Wire])[] = [
  ...[1, 2, 3, 4, 5, 6].map((seed) => [seed, "in-process"] as const),
  [7, "http"],
];

for (const [seed, wire] of DAYS) {
  Deno.test(`bad day ${seed}: lost, hanging and garbled calls and kill -9 cost no cent, no share and leave no order [${wire}]`, async () => {
    const random = seededRandom(seed);
    const venue = new TestVenue({
      wire,
      markets: MARKETS.map((marketId) => ({
        marketId,
        quoteFunding: MODES[marketId],
        initialFundingCents: 200_000,
      })),
      ammCashCents: 600_000,
      global: { reconciliationIntervalMs: 60_000 },
    });
    await venue.start(3);
    let isBad = true;
    venue.intercept = () => isBad ? faultOf(random) : undefined;
    await badDay(venue, random);
    isBad = false;
    await venue.run(400);

    let ledgers = 0;
    for (const market of MARKETS) {
      const report = venue.report(market);
      assert.equal(report.lifecycle, "RUNNING", `${market}: ${report.problem}`);
      const inventory = report.explanation?.inventory;
      const { yes, no } = venue.exchange.position(AMM_USER_ID, market);
      assert.deepEqual([inventory?.yes, inventory?.no], [yes, no], market);
      ledgers += inventory?.marketCashCents ?? 0;
      const forms = venue.ownOrders(market).map((o) => `${o.contract} ${o.contractPrice}`);
      assert.ok(forms.length > 0, `${market} is quoted again`);
    }
    const account = venue.exchange.account(AMM_USER_ID);
    assert.equal(ledgers, account.availableCents + account.frozenCents);
    assert.equal(venue.exchange.control.violations().length, 0);
    assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
    for (const market of MARKETS) assert.equal(venue.ownOrders(market).length, 0);
  });
}
