import assert from "node:assert/strict";
import { Drawdown } from "../../sim/harness/drawdown.ts";
import { Mean } from "../../sim/harness/mean.ts";
import { QuoteWatch } from "../../sim/harness/quote_watch.ts";
import { totalsOf } from "../../sim/harness/totals.ts";
import { TrueLedger } from "../../sim/harness/true_ledger.ts";
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
