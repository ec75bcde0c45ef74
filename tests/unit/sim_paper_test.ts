import assert from "node:assert/strict";
import { FROM_CODE } from "../../src/config/origin.ts";
import { price, shares } from "../../src/models/money.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { paperVenue } from "../../sim/mod.ts";
import { marketConfig } from "../support/config.ts";

/** A paper venue of two markets, MKT-1 at 50 and MKT-2 at 8 cents. */
function setUp(value: unknown) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  const venue = paperVenue({
    paper: { value, originAt: () => FROM_CODE },
    markets: new Map([
      ["MKT-1", marketConfig({ marketId: "MKT-1", initialFundingCents: 100_000 })],
      ["MKT-2", marketConfig({ marketId: "MKT-2", anchorPriceCents: 8 })],
    ]),
    clock,
    random: seededRandom(1),
  });
  return { clock, venue };
}

Deno.test("paper venue: has every market of the bot, and its cash", async () => {
  const { venue } = setUp(null);
  assert.equal((await venue.connector.market("MKT-2")).status, "ACTIVE");
  assert.equal(Number((await venue.connector.balance()).availableCents), 200_000);
});

Deno.test("paper venue: a market that is described takes its title and fees from there", async () => {
  const { venue } = setUp({ markets: { "MKT-1": { title: "Rain?", taker_fee_bps: 30 } } });
  const market = await venue.connector.market("MKT-1");
  assert.equal(market.title, "Rain?");
  assert.equal(market.takerFeeBps, 30);
});

Deno.test("paper venue: in a market that nobody described somebody trades within minutes", async () => {
  const { clock, venue } = setUp(null);
  await venue.connector.place(
    {
      clientOrderId: "bid",
      marketId: "MKT-1",
      contract: "YES",
      direction: "BUY",
      contractPrice: price(50),
      quantity: shares(100),
      timeInForce: "GTC",
    } as Parameters<typeof venue.connector.place>[0],
  );
  venue.start();
  await clock.advance(10 * 60_000);
  assert.ok((await venue.connector.trades({ limit: 10 })).trades.length > 0);
});

Deno.test("paper venue: after stop nobody trades any more", async () => {
  const { clock, venue } = setUp(null);
  venue.start();
  venue.stop();
  assert.equal(await clock.runUntil(() => false), false, "nothing is left to run");
});

Deno.test("paper venue: a description of a market that the bot does not work is left alone", () => {
  assert.equal(setUp({ markets: { OTHER: {} } }).venue.exchange.markets().length, 2);
});

Deno.test("paper venue: a mistake in the block is refused with what is allowed", () => {
  assert.throws(() => setUp({ markets: { "MKT-1": { traders: [{ kind: "nobody" }] } } }), {
    name: "ScenarioError",
    message: "Cannot use the paper block of the configuration:\n" +
      "code default markets.MKT-1.traders[0].kind: must be one of clumsy, crowd, informed, momentum, " +
      'noise, sniper, spoofer, whale, but is "nobody" [RANGE]',
  });
});
