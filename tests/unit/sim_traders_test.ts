import assert from "node:assert/strict";
import { HOUR_MS } from "../../src/models/market.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { FakeExchange, type PublicTrade } from "../../sim/exchange/mod.ts";
import { publicPrice } from "../../sim/traders/opinion.ts";
import { createTrader, traderSpecSchema } from "../../sim/traders/mod.ts";
import { openDesk } from "../../sim/traders/venue_desk.ts";

const MARKET = "SIM-1";
const MAKER = "maker";
const TRADER = "trader";

/** One market, a maker who bids 48 and offers 52, a trader, and a truth that a test may set. */
function setUp({ bid = 48, ask = 52, depth = 500 } = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  const exchange = new FakeExchange({ clock });
  exchange.control.createMarket({ marketId: MARKET });
  for (const userId of [MAKER, TRADER]) {
    exchange.control.createUser({ userId, cashCents: 100_000_000 });
  }
  const maker = openDesk({ exchange, marketId: MARKET, userId: MAKER });
  if (bid > 0) maker.rest("BID", bid, depth);
  if (ask > 0) maker.rest("ASK", ask, depth);
  const trades: PublicTrade[] = [];
  exchange.control.onTrade((trade) => trades.push(trade));
  const truth = { cents: 50, nextMoveInMs: null as number | null };
  const enter = (spec: Parameters<typeof traderSpecSchema.parse>[0]) => {
    const trader = createTrader(traderSpecSchema.parse(spec), {
      desk: openDesk({ exchange, marketId: MARKET, userId: TRADER }),
      clock,
      random: seededRandom(7),
      insight: {
        trueCents: () => truth.cents,
        nextMoveInMs: () => {
          const delayMs = truth.nextMoveInMs;
          truth.nextMoveInMs = null;
          return delayMs;
        },
      },
    });
    trader.start();
    return trader;
  };
  const own = () => exchange.openOrders(TRADER, MARKET);
  const bought = () => {
    const { yes, no } = exchange.positions(TRADER)[0] ?? { yes: 0, no: 0 };
    return { yes: Number(yes), no: Number(no) };
  };
  return { clock, exchange, maker, trades, truth, enter, own, bought };
}

Deno.test("desk: a bid takes offers up to its limit and leaves nothing behind", () => {
  const { exchange, own } = setUp({ depth: 30 });
  const desk = openDesk({ exchange, marketId: MARKET, userId: TRADER });
  assert.equal(desk.take("BID", 52.9, 100), 30);
  assert.equal(own().length, 0);
});

Deno.test("desk: a limit is rounded against the trader, so 51.9 does not reach an offer at 52", () => {
  const { exchange } = setUp();
  const desk = openDesk({ exchange, marketId: MARKET, userId: TRADER });
  assert.equal(desk.take("BID", 51.9, 10), 0);
  assert.equal(desk.take("ASK", 48.1, 10), 0);
});

Deno.test("desk: what the venue refuses comes to nothing", () => {
  const { exchange } = setUp();
  const desk = openDesk({ exchange, marketId: MARKET, userId: TRADER });
  exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  assert.deepEqual(desk.book(), { bids: [], asks: [], lastTradePrice: null });
  assert.equal(desk.take("BID", 60, 10), 0);
  assert.equal(desk.rest("BID", 40, 10), null);
});

Deno.test("publicPrice: the middle of the book, else the last trade, else the one side", () => {
  const { exchange, maker } = setUp({ ask: 0 });
  assert.equal(publicPrice(exchange.orderBook(MARKET)), 48);
  maker.rest("ASK", 53, 10);
  assert.equal(publicPrice(exchange.orderBook(MARKET)), 50.5);
  openDesk({ exchange, marketId: MARKET, userId: TRADER }).take("BID", 53, 10);
  assert.equal(publicPrice(exchange.orderBook(MARKET)), 53);
});

Deno.test("noise: arrives about as often as its rate says and trades on both sides", async () => {
  const { clock, enter, trades } = setUp({ depth: 10_000 });
  enter({ kind: "noise", rate_per_hour: 60, size: 5, patience_cents: 98 });
  await clock.advance(10 * HOUR_MS);
  assert.ok(trades.length > 500 && trades.length < 700, `${trades.length} trades`);
  const bids = trades.filter(({ aggressor }) => aggressor === "BID").length;
  assert.ok(bids > 0.4 * trades.length && bids < 0.6 * trades.length, `${bids} bids`);
});

Deno.test("noise: the farther the quotes, the fewer trades, as exp(-distance/patience)", async () => {
  const count = async (distance: number) => {
    const market = setUp({ bid: 50 - distance, ask: 50 + distance, depth: 10_000 });
    market.enter({ kind: "noise", rate_per_hour: 600, size: 1, patience_cents: 2 });
    await market.clock.advance(3 * HOUR_MS);
    return market.trades.length;
  };
  const near = await count(1);
  const far = await count(3);
  assert.ok(Math.abs(far / near - Math.exp(-1)) < 0.07, `${far} of ${near}`);
});

Deno.test("noise: with the long-shot bias the unlikely side is bought more often", async () => {
  const { clock, enter, trades } = setUp({ bid: 4, ask: 6, depth: 10_000 });
  enter({
    kind: "noise",
    rate_per_hour: 600,
    size: 1,
    patience_cents: 98,
    long_shot_bias: 0.2,
  });
  await clock.advance(HOUR_MS);
  const bids = trades.filter(({ aggressor }) => aggressor === "BID").length;
  assert.ok(bids / trades.length > 0.62, `${bids} of ${trades.length}`);
});

Deno.test("informed: buys YES that is too cheap and never pays more than it is worth", async () => {
  const { clock, enter, trades, truth } = setUp();
  truth.cents = 60;
  enter({ kind: "informed", rate_per_hour: 60 });
  await clock.advance(HOUR_MS);
  assert.ok(trades.length > 0);
  assert.ok(trades.every(({ aggressor, yesPrice }) => aggressor === "BID" && yesPrice < 60));
});

Deno.test("informed: buys NO when YES is too dear", async () => {
  const { clock, enter, trades, truth } = setUp();
  truth.cents = 40;
  enter({ kind: "informed", rate_per_hour: 60 });
  await clock.advance(HOUR_MS);
  assert.ok(trades.length > 0);
  assert.ok(trades.every(({ aggressor }) => aggressor === "ASK"));
});

Deno.test("informed: leaves fair quotes alone", async () => {
  const { clock, enter, trades } = setUp();
  enter({ kind: "informed", rate_per_hour: 600 });
  await clock.advance(HOUR_MS);
  assert.deepEqual(trades, []);
});

Deno.test("sniper: strikes right after a move, once, and only what is stale enough", async () => {
  const { clock, enter, trades, truth } = setUp();
  truth.nextMoveInMs = 60_000;
  truth.cents = 60;
  enter({ kind: "sniper", size: 200, stale_cents: 3, reaction: "300ms" });
  await clock.advance(60_299);
  assert.equal(trades.length, 0);
  await clock.advance(1);
  assert.deepEqual(trades.map(({ quantity }) => Number(quantity)), [200]);
});

Deno.test("sniper: a quote that is stale by less than its threshold is left alone", async () => {
  const { clock, enter, trades, truth } = setUp();
  truth.nextMoveInMs = 1_000;
  truth.cents = 54.9;
  enter({ kind: "sniper", stale_cents: 3 });
  await clock.advance(HOUR_MS);
  assert.equal(trades.length, 0);
});

Deno.test("momentum: follows a rise of the last trade that it has seen", async () => {
  const { clock, maker, exchange, enter, trades } = setUp();
  exchange.control.createUser({ userId: "other", cashCents: 1_000_000 });
  const other = openDesk({ exchange, marketId: MARKET, userId: "other" });
  other.take("BID", 52, 1);
  enter({ kind: "momentum", rate_per_hour: 600, trigger_cents: 2, chase_cents: 2, size: 3 });
  await clock.advance(60_000);
  assert.equal(trades.length, 1, "nothing to follow yet");
  maker.rest("ASK", 55, 500);
  other.take("BID", 55, 600);
  const before = trades.length;
  await clock.advance(60_000);
  const followed = trades.slice(before);
  assert.ok(followed.length > 0);
  assert.ok(followed.every(({ aggressor }) => aggressor === "BID"));
});

Deno.test("whale: buys slice after slice until the programme is complete, and then stops", async () => {
  const { clock, enter, trades, bought } = setUp();
  enter({ kind: "whale", from: "1h", buys: "YES", total: 50, slice: 20, interval: "30s" });
  await clock.advance(HOUR_MS);
  assert.equal(trades.length, 0);
  await clock.advance(HOUR_MS);
  assert.deepEqual(trades.map(({ quantity }) => Number(quantity)), [20, 20, 10]);
  assert.deepEqual(bought(), { yes: 50, no: 0 });
});

Deno.test("whale: pays no more than its price and waits for a better one", async () => {
  const { clock, maker, enter, bought } = setUp({ bid: 48, ask: 70 });
  enter({ kind: "whale", buys: "NO", total: 40, slice: 20, interval: "30s", max_price: 45 });
  await clock.advance(HOUR_MS);
  assert.deepEqual(bought(), { yes: 0, no: 0 }, "NO costs 52");
  maker.rest("BID", 56, 100);
  await clock.advance(HOUR_MS);
  assert.deepEqual(bought(), { yes: 0, no: 40 }, "NO costs 44");
});

Deno.test("spoofer: shows a large order behind the best price and takes it back unfilled", async () => {
  const { clock, enter, own, trades } = setUp();
  enter({ kind: "spoofer", side: "BID", size: 5_000, life: "30s", pause: "10s" });
  await clock.advance(10_000);
  const [shown] = own();
  assert.equal(shown?.yesPrice, 47);
  assert.equal(shown?.quantity, 5_000);
  await clock.advance(30_000);
  assert.deepEqual(own(), []);
  assert.equal(trades.length, 0);
  await clock.advance(10_000);
  assert.equal(own().length, 1, "and begins again");
});

Deno.test("spoofer: strikes on the other side before it takes the order back", async () => {
  const { clock, enter, trades } = setUp();
  enter({ kind: "spoofer", side: "BID", life: "30s", pause: "10s", strike: 25 });
  await clock.advance(40_000);
  assert.deepEqual(
    trades.map(({ aggressor, quantity, yesPrice }) => [aggressor, Number(quantity), yesPrice]),
    [["ASK", 25, 48]],
  );
});

Deno.test("clumsy: sends orders that the venue refuses, about as often as its rate says", async () => {
  const { clock, enter, exchange, own, trades } = setUp();
  const failed: string[] = [];
  exchange.control.onFailedPlacement(({ userId }) => failed.push(userId));
  enter({ kind: "clumsy", rate_per_hour: 30 });
  await clock.advance(10 * HOUR_MS);
  assert.ok(failed.length > 250 && failed.length < 350, `${failed.length} orders`);
  assert.ok(failed.every((userId) => userId === TRADER));
  assert.deepEqual([own(), trades], [[], []]);
});

Deno.test("crowd: rests orders on both sides away from its price and never takes", async () => {
  const { clock, enter, own, trades } = setUp({ bid: 0, ask: 0 });
  enter({ kind: "crowd", start_price: 50, orders: 5, offset_cents: 3, depth_cents: 5 });
  await clock.advance(60_000);
  const bids = own().filter(({ side }) => side === "BID").map(({ yesPrice }) => yesPrice);
  const asks = own().filter(({ side }) => side === "ASK").map(({ yesPrice }) => yesPrice);
  assert.equal(bids.length, 5);
  assert.equal(asks.length, 5);
  assert.ok(bids.every((price) => price <= 47 && price >= 43));
  assert.ok(asks.every((price) => price >= 53 && price <= 57));
  await clock.advance(HOUR_MS);
  assert.equal(own().length, 10);
  assert.equal(trades.length, 0);
});

Deno.test("crowd: its price follows the public one with a lag", async () => {
  const { clock, enter, own } = setUp({ bid: 68, ask: 72 });
  enter({ kind: "crowd", start_price: 50, orders: 1, depth_cents: 1, attention: 0.5 });
  const bid = () => own().find(({ side }) => side === "BID")?.yesPrice;
  await clock.advance(60_000);
  assert.equal(bid(), 57, "half of the way from 50 to 70, less 3");
  await clock.advance(20 * 60_000);
  assert.equal(bid(), 67);
});

Deno.test("any trader: is there only from and until the times that are written", async () => {
  const { clock, enter, trades } = setUp({ depth: 10_000 });
  enter({
    kind: "noise",
    rate_per_hour: 600,
    patience_cents: 98,
    from: "1h",
    until: "2h",
  });
  await clock.advance(HOUR_MS);
  assert.equal(trades.length, 0);
  await clock.advance(HOUR_MS);
  const count = trades.length;
  assert.ok(count > 400);
  await clock.advance(5 * HOUR_MS);
  assert.equal(trades.length, count);
});

Deno.test("any trader: does nothing after stop", async () => {
  const { clock, enter, trades } = setUp();
  const trader = enter({ kind: "noise", rate_per_hour: 600, patience_cents: 98 });
  trader.stop();
  await clock.advance(HOUR_MS);
  assert.equal(trades.length, 0);
});
