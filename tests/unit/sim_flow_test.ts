import assert from "node:assert/strict";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { FlowWatch } from "../../sim/harness/flow_watch.ts";
import { QuoteWatch } from "../../sim/harness/quote_watch.ts";
import { TrueLedger } from "../../sim/harness/true_ledger.ts";
import { alignedStreams } from "../../sim/traders/streams.ts";
import { openDesk } from "../../sim/traders/venue_desk.ts";
import { simulatedVenue } from "../../sim/venue.ts";
import { smallScenario } from "../support/sim.ts";

/** A watch over a market whose truth a test sets. */
function watched() {
  const clock = new VirtualClock(0);
  const truth = { cents: 50 };
  const flow = new FlowWatch({ clock, trueCents: () => truth.cents });
  const see = (bid: number | null, ask: number | null) => flow.see({ bid, ask, orders: 2 });
  const fill = (side: "BID" | "ASK", yesPrice: number, quantity: number) =>
    flow.seeFill({ side, yesPrice, quantity, feeCents: 0 });
  return { clock, truth, flow, see, fill };
}

Deno.test("paid spread: twice the distance of a fill from the middle before it", async () => {
  const { clock, flow, see, fill } = watched();
  see(48, 52);
  await clock.advance(1_000);
  fill("ASK", 52, 10);
  assert.deepEqual(flow.figures().paid_spread_cents, { sum: 40, weight: 10 });
});

Deno.test("paid spread: an order that walks through levels is judged by what it found", async () => {
  const { clock, flow, see, fill } = watched();
  see(48, 52);
  await clock.advance(1_000);
  fill("ASK", 52, 10);
  see(48, 55);
  fill("ASK", 55, 10);
  see(48, null);
  assert.deepEqual(flow.figures().paid_spread_cents, { sum: 40 + 100, weight: 20 });
  await clock.advance(1_000);
  fill("BID", 48, 10);
  assert.equal(flow.figures().paid_spread_cents.sum, 140 + 2 * (51.5 - 48) * 10);
});

Deno.test("paid spread: before there was a middle nothing can be said", () => {
  const { flow, see, fill } = watched();
  see(48, null);
  fill("BID", 48, 10);
  assert.deepEqual(flow.figures().paid_spread_cents, { sum: 0, weight: 0 });
});

Deno.test("markouts: what a fill has earned at the true price, a while later", async () => {
  const { clock, truth, flow, fill } = watched();
  fill("BID", 48, 10);
  await clock.advance(5_000);
  truth.cents = 45;
  await clock.advance(30_000);
  truth.cents = 60;
  await clock.advance(30_000);
  const { markout_1s_cents, markout_10s_cents, markout_60s_cents } = flow.figures();
  assert.deepEqual(markout_1s_cents, { sum: 20, weight: 10 });
  assert.deepEqual(markout_10s_cents, { sum: -30, weight: 10 });
  assert.deepEqual(markout_60s_cents, { sum: 120, weight: 10 });
});

Deno.test("price error: the last middle stays while only one side rests", () => {
  const { truth, flow, see } = watched();
  flow.sample(0);
  see(48, 52);
  flow.sample(0);
  see(48, null);
  truth.cents = 53;
  flow.sample(0);
  assert.deepEqual(flow.figures().price_error_cents, { sum: 3, weight: 2 });
});

Deno.test("inventory: the squares of the net position", () => {
  const { flow } = watched();
  [0, 30, -40].forEach((net) => flow.sample(net));
  assert.deepEqual(flow.figures().inventory_std, { sum: 2_500, weight: 3 });
});

Deno.test("quote watch: the time with both sides and the spread over it, as sums", () => {
  const quotes = new QuoteWatch();
  quotes.see(0, { bid: 48, ask: 52, orders: 2 });
  quotes.see(3_000, { bid: 48, ask: null, orders: 1 });
  assert.deepEqual(quotes.twoSided(5_000), { durationMs: 3_000, spreadCentsMs: 12_000 });
  assert.equal(quotes.openUntilMs(5_000), 5_000);
  quotes.end(4_000);
  assert.equal(quotes.openUntilMs(9_000), 4_000);
});

Deno.test("true ledger: the worst mark is remembered when all is well again", () => {
  const ledger = new TrueLedger();
  ledger.book({ side: "BID", yesPrice: 50, quantity: 10, feeCents: 0 });
  ledger.mark(30);
  ledger.mark(80);
  assert.equal(ledger.worstCents, -200);
  assert.equal(new TrueLedger().worstCents, 0);
});

Deno.test("aligned streams: the visits are the same however much each of them uses", () => {
  const visits = (uses: (visit: number) => number) => {
    const { arrivals, random } = alignedStreams(seededRandom(5));
    return Array.from({ length: 20 }, (_, visit) => {
      const gap = arrivals.exponential(60);
      const mood = random.next();
      for (let more = uses(visit); more > 0; more--) random.normal();
      return [gap, mood];
    });
  };
  assert.deepEqual(visits(() => 0), visits((visit) => visit % 4));
  const moods = visits(() => 0).map(([, mood]) => mood);
  assert.equal(new Set(moods).size, moods.length, "each visit has another mood");
});

/** When somebody without information comes, and what he wants, if quotes are there from a time on. */
async function visitsWithQuotesFrom(fromMs: number, alignedFlow: boolean): Promise<string[]> {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  const { markets } = smallScenario();
  const random = seededRandom(1);
  const venue = simulatedVenue({ markets, botCashCents: 0, clock, random, alignedFlow });
  const { exchange } = venue;
  exchange.control.createUser({ userId: "maker", cashCents: 100_000_000 });
  clock.after(fromMs, () => {
    const maker = openDesk({ exchange, marketId: "SIM-1", userId: "maker" });
    maker.rest("BID", 45, 10_000);
    maker.rest("ASK", 55, 10_000);
  });
  venue.start();
  await clock.advance(40 * 60_000);
  return exchange.orders("SIM-1-0-noise", { limit: 20 }).items
    .map(({ createdAtMs, contract, quantity }) => `${createdAtMs} ${contract} ${quantity}`);
}

Deno.test("aligned flow: people come and want the same, whatever they found before", async () => {
  const visits = await visitsWithQuotesFrom(0, true);
  assert.equal(visits.length, 20);
  assert.deepEqual(await visitsWithQuotesFrom(20 * 60_000, true), visits);
});

Deno.test("flow that is not aligned goes on as it was led", async () => {
  const visits = await visitsWithQuotesFrom(0, false);
  assert.notDeepEqual(await visitsWithQuotesFrom(20 * 60_000, false), visits);
});
