import assert from "node:assert/strict";
import { Drawdown } from "../../sim/harness/drawdown.ts";
import { Mean } from "../../sim/harness/mean.ts";
import { auditLosses, worstLossBoundCents } from "../../sim/harness/loss_bound.ts";
import { timesOfNews } from "../../sim/harness/news.ts";
import { QuoteWatch } from "../../sim/harness/quote_watch.ts";
import { totalsOf } from "../../sim/harness/totals.ts";
import { TrueLedger } from "../../sim/harness/true_ledger.ts";
import { botConfig } from "../../sim/bot_config.ts";
import { smallScenario } from "../support/sim.ts";
import { marketResult } from "../support/sim.ts";

const NONE = { bid: null, ask: null, orders: 0 };
const ONLY_BID = { bid: 48, ask: null, orders: 1 };

/** Both sides, so many cents apart. */
function bothSides(spread: number) {
  return { bid: 48, ask: 48 + spread, orders: 2 };
}

Deno.test("two-sided uptime: the time before the first quote does not count", () => {
  const watch = new QuoteWatch();
  watch.see(0, NONE);
  watch.see(1_000, bothSides(4));
  assert.equal(watch.uptime(5_000), 1);
});

Deno.test("two-sided uptime: one side alone counts as time without", () => {
  const watch = new QuoteWatch();
  watch.see(0, bothSides(4));
  watch.see(3_000, ONLY_BID);
  assert.equal(watch.uptime(4_000), 0.75);
});

Deno.test("two-sided uptime: it is 0 if nothing was ever quoted", () => {
  const watch = new QuoteWatch();
  watch.see(0, NONE);
  assert.equal(watch.uptime(10_000), 0);
});

Deno.test("two-sided uptime: time after the end of the market does not count", () => {
  const watch = new QuoteWatch();
  watch.see(0, bothSides(4));
  watch.see(2_000, NONE);
  watch.end(2_000);
  watch.see(9_000, NONE);
  assert.equal(watch.uptime(10_000), 1);
});

Deno.test("average spread: is weighted with the time for which both sides rested", () => {
  const watch = new QuoteWatch();
  watch.see(0, bothSides(4));
  watch.see(3_000, bothSides(8));
  watch.see(4_000, ONLY_BID);
  assert.equal(watch.averageSpreadCents(9_000), 5);
});

Deno.test("true ledger: a round trip earns the spread whatever the price does", () => {
  const ledger = new TrueLedger();
  ledger.book({ side: "BID", yesPrice: 48, quantity: 100, feeCents: 0 });
  ledger.book({ side: "ASK", yesPrice: 52, quantity: 100, feeCents: 0 });
  assert.equal(ledger.pnlCents(50), 400);
  assert.equal(ledger.pnlCents(0), 400);
  assert.equal(ledger.netShares, 0);
  assert.equal(ledger.mostNetShares, 100);
});

// The worked example of §11: 120 YES sold at 52 and 40 NO sold at 53 (a bid at 47), fees 7 and 3.
Deno.test("true ledger: agrees with the worked example of the budget", () => {
  const ledger = new TrueLedger();
  ledger.book({ side: "ASK", yesPrice: 52, quantity: 120, feeCents: 7 });
  ledger.book({ side: "BID", yesPrice: 47, quantity: 40, feeCents: 3 });
  const pnl = [50, 56, 60, 90, 100].map((trueCents) => ledger.pnlCents(trueCents));
  assert.deepEqual(pnl, [350, -130, -450, -2850, -3650]);
});

Deno.test("true ledger: the drawdown is the largest fall from an earlier peak", () => {
  const ledger = new TrueLedger();
  ledger.book({ side: "BID", yesPrice: 50, quantity: 10, feeCents: 0 });
  for (const trueCents of [50, 60, 45, 55, 48]) ledger.mark(trueCents);
  assert.equal(ledger.drawdownCents, 150);
});

Deno.test("drawdown: a value that only rises has none, one that only falls is measured from 0", () => {
  const rising = new Drawdown();
  [1, 5, 9].forEach((value) => rising.see(value));
  assert.equal(rising.worst, 0);
  const falling = new Drawdown();
  [-3, -7].forEach((value) => falling.see(value));
  assert.equal(falling.worst, 7);
});

Deno.test("mean: of nothing is 0", () => {
  const mean = new Mean();
  assert.equal(mean.mean, 0);
  mean.add(2);
  mean.add(5);
  assert.equal(mean.mean, 3.5);
});

Deno.test("totals: money and counts add up, time averages, the worst level is the level", () => {
  const totals = totalsOf([
    marketResult({
      pnlCents: 100,
      ownTrades: 2,
      twoSidedUptime: 1,
      finalDefenseLevel: "WIDEN",
      matchableTwoSidedUptime: 0.9,
    }),
    marketResult({
      pnlCents: -40,
      ownTrades: 5,
      twoSidedUptime: 0.5,
      matchableTwoSidedUptime: 0.4,
    }),
  ], 77);
  assert.equal(totals.pnlCents, 60);
  assert.equal(totals.ownTrades, 7);
  assert.equal(totals.twoSidedUptime, 0.75);
  assert.equal(totals.matchableTwoSidedUptime, 0.65);
  assert.equal(totals.finalDefenseLevel, "WIDEN");
  assert.equal(totals.maxDrawdownCents, 77);
});

Deno.test("two-sided time outside news: the time after a jump does not count, whatever rested", () => {
  const watch = new QuoteWatch([{ fromMs: 1_000, untilMs: 3_000 }]);
  watch.see(0, bothSides(4));
  watch.see(2_000, ONLY_BID);
  watch.see(4_000, bothSides(4));
  assert.deepEqual(watch.usual(6_000), { twoSidedMs: 3_000, totalMs: 4_000 });
  assert.equal(watch.twoSided(6_000).durationMs, 4_000);
});

Deno.test("times of news: ten minutes after each jump; what overlaps is one time", () => {
  const minute = 60_000;
  const jumps = [
    { at: 60 * minute, to: 50, over: 5 * minute },
    { at: 10 * minute, to: 60, over: 0 },
    { at: 15 * minute, to: 55, over: 0 },
  ];
  assert.deepEqual(timesOfNews({ jumps }), [
    { fromMs: 10 * minute, untilMs: 25 * minute },
    { fromMs: 60 * minute, untilMs: 75 * minute },
  ]);
  assert.deepEqual(timesOfNews({ jumps: [] }), []);
});

Deno.test("worse outcome: both outcomes are looked at after every fill", () => {
  const ledger = new TrueLedger();
  ledger.book({ side: "BID", yesPrice: 40, quantity: 10, feeCents: 0 });
  assert.equal(ledger.worstOutcomeCents, -400);
  ledger.book({ side: "ASK", yesPrice: 45, quantity: 30, feeCents: 0 });
  assert.equal(ledger.worstOutcomeCents, -1_050);
  ledger.book({ side: "BID", yesPrice: 45, quantity: 20, feeCents: 0 });
  assert.equal(ledger.worstOutcomeCents, -1_050);
});

Deno.test("loss bound: the budget and one ladder; a market beyond it is named", () => {
  const config = botConfig(smallScenario(), {
    market: { max_per_market_loss_cents: 5_000, ladder_loss_ratio: 0.25 },
  });
  const market = config.markets.get("SIM-1");
  assert.ok(market !== undefined);
  assert.equal(worstLossBoundCents(market), 6_250);
  assert.deepEqual(auditLosses([{ marketId: "SIM-1", lossCents: 6_250 }], config), []);
  const [violation = ""] = auditLosses([{ marketId: "SIM-1", lossCents: 6_251 }], config);
  assert.match(violation, /^SIM-1: the worse outcome would have lost 6251 cents, .* allow 6250$/);
});
