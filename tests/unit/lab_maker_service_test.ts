import assert from "node:assert/strict";
import { CallBoard } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { botConfig } from "../../sim/bot_config.ts";
import { InProcessConnector } from "../../sim/exchange/in_process_connector.ts";
import { AMM_USER_ID } from "../../sim/exchange/types.ts";
import type { MakerFactory } from "../../sim/lab/makers/maker.ts";
import { makerService } from "../../sim/lab/makers/maker_service.ts";
import { symmetricMaker } from "../../sim/lab/makers/quoted.ts";
import { openDesk } from "../../sim/traders/venue_desk.ts";
import { simulatedVenue } from "../../sim/venue.ts";
import { smallScenario } from "../support/sim.ts";

const MARKET = "SIM-1";
const TAKER = "taker";

/** A maker at work in an empty market, and somebody who can trade with it. */
async function atWork(create: MakerFactory = symmetricMaker) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  const random = seededRandom(1);
  const scenario = smallScenario(
    ["    traders:\n      - { kind: noise, rate_per_hour: 120 }\n", ""],
    ["events:\n  - { at: 10m, do: suspend }\n", ""],
  );
  const venue = simulatedVenue({ ...scenario, botCashCents: 200_000, clock, random });
  const { exchange } = venue;
  exchange.control.createUser({ userId: TAKER, cashCents: 100_000_000 });
  const config = botConfig(scenario);
  const service = makerService(create)({
    config,
    connector: new InProcessConnector({ exchange, clock }),
    store: new MemoryStore(),
    calls: new CallBoard(clock),
    rateBudget: new RateBudget({ clock, ...config.global }),
    clock,
    random,
    log: silentLogger,
  });
  await clock.resolve(service.start());
  await clock.advance(100);
  const quotes = () =>
    exchange.openOrders(AMM_USER_ID, MARKET)
      .map(({ side, yesPrice, remaining }) => `${side} ${yesPrice} ${remaining}`).sort();
  return {
    clock,
    exchange,
    service,
    quotes,
    taker: openDesk({ exchange, marketId: MARKET, userId: TAKER }),
  };
}

Deno.test("a maker's service: quotes as soon as it starts", async () => {
  const { quotes } = await atWork();
  assert.deepEqual(quotes(), ["ASK 52 100", "BID 48 100"]);
});

Deno.test("a maker's service: after a fill it quotes around what it has learnt, in full size", async () => {
  const { clock, taker, quotes } = await atWork();
  assert.equal(taker.take("BID", 60, 40), 40);
  assert.deepEqual(quotes(), ["ASK 52 60", "BID 48 100"]);
  await clock.advance(2_100);
  // Learnt: 50 + 0.35·(52 - 50) = 50.7.
  assert.deepEqual(quotes(), ["ASK 53 100", "BID 48 100"]);
});

Deno.test("a maker's service: complete pairs become cash again", async () => {
  const { clock, exchange, taker } = await atWork();
  taker.take("BID", 60, 40);
  await clock.advance(2_100);
  taker.take("ASK", 40, 40);
  await clock.advance(2_100);
  assert.deepEqual(exchange.positions(AMM_USER_ID), []);
  const { availableCents, frozenCents } = exchange.account(AMM_USER_ID);
  assert.equal(availableCents + frozenCents, 200_000 + 40 * (52 - 48));
});

Deno.test("a maker's service: when its own mark says that the budget is lost, it gives up", async () => {
  let fairCents = 50;
  const stubborn: MakerFactory = (terms) => ({
    ...symmetricMaker(terms),
    learning: 0,
    fairCents: () => fairCents,
  });
  const { clock, taker, service, quotes } = await atWork(stubborn);
  taker.take("BID", 60, 100);
  await clock.advance(2_100);
  assert.equal(service.status().markets[0]?.latch, null);
  fairCents = 52 + 51;
  await clock.advance(60_000);
  assert.equal(service.status().markets[0]?.latch?.reason, "LOSS");
  assert.deepEqual(quotes(), []);
});

Deno.test("a maker's service: a stop leaves nothing behind", async () => {
  const { clock, service, quotes } = await atWork();
  const report = await clock.resolve(service.stop("the test is over"));
  assert.deepEqual(report, { remaining: [], unverified: [] });
  assert.deepEqual(quotes(), []);
});
