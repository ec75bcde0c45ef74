import assert from "node:assert/strict";
import { ALL_QUIRKS, AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { openStreet, watchQuotes } from "../support/street.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

/**
 * People who buy one contract each: those who hold both meet the netting that dies of Q-01, and each
 * death would be one more failing order.
 */
const BUYERS = [1, 0].flatMap((buy_share) =>
  Array.from({ length: 4 }, () => ({ kind: "noise", rate_per_hour: 40, size: 6, buy_share }))
);
/** Somebody else's order fails about every two minutes, which costs the market its live book. */
const CLUMSY = { kind: "clumsy", rate_per_hour: 30 };

/** The venue as it is deployed, the bot over the wire, and an hour of trading. */
async function anHour(seed: number) {
  const venue = new TestVenue({
    wire: "http",
    settings: { quirks: new Set(ALL_QUIRKS) },
    markets: [{ marketId: MARKET, quoteFunding: "cash", initialFundingCents: 200_000 }],
    ammCashCents: 200_000,
  });
  const failures = { own: 0, others: 0 };
  venue.exchange.control.onFailedPlacement(({ userId }) =>
    failures[userId === AMM_USER_ID ? "own" : "others"]++
  );
  const street = openStreet({
    venue,
    random: seededRandom(seed),
    path: { start: 50, diffusion: "logit", logit_volatility: 0.05 },
    traders: [...BUYERS, CLUMSY],
  });
  await venue.start(0);
  const uptime = watchQuotes(venue);
  street.start();
  await venue.run(3600);
  street.stop();
  const measured = { resting: uptime.resting(), matchable: uptime.matchable() };
  await venue.run(60);
  return { venue, failures, ...measured };
}

/** Shares by contract and price. */
function byForm(
  orders: readonly { contract: string; contractPrice: number; shares: number }[],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { contract, contractPrice, shares } of orders) {
    const form = `${contract} ${contractPrice}`;
    sums.set(form, (sums.get(form) ?? 0) + shares);
  }
  return sums;
}

for (const seed of [1, 2, 3]) {
  Deno.test(`deployed venue, seed ${seed}: for an hour both sides can be hit nine tenths of the time, and the books are right`, async () => {
    const { venue, failures, resting, matchable } = await anHour(seed);
    assert.ok(
      failures.others >= 20 && failures.others <= 45,
      `${failures.others} others' failures`,
    );
    assert.equal(failures.own, 0, "the bot never costs the market its book");
    assert.ok(resting >= 0.98, `resting ${resting}`);
    assert.ok(matchable >= 0.9, `matchable ${matchable}`);
    assert.ok(matchable < resting, "books were lost");

    const report = venue.report();
    const { yes, no, marketCashCents, leakCents } = report.explanation?.inventory ?? {};
    const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
    const position = venue.exchange.position(AMM_USER_ID, MARKET);
    assert.equal(report.explanation?.phase, "STABILIZATION", "the age limit alone was 5 minutes");
    assert.ok(report.ownTrades >= 20, `${report.ownTrades} trades`);
    assert.equal(marketCashCents, availableCents + frozenCents);
    assert.deepEqual([yes, no], [position.yes, position.no]);

    const open = venue.ownOrders();
    const inOrders = open.reduce((sum, order) => sum + order.frozenAmount, 0);
    assert.ok(frozenCents > inOrders, "the venue keeps some of the cash (Q-05)");
    assert.equal(leakCents, frozenCents - inOrders);
    const seen = [...report.orders.BID, ...report.orders.ASK];
    assert.deepEqual(seen.map((o) => o.orderId).sort(), open.map((o) => o.orderId).sort());
    const wanted = byForm(
      (report.explanation?.targets ?? []).map((t) => ({ ...t, shares: t.quantity })),
    );
    for (const [form, shares] of byForm(open.map((o) => ({ ...o, shares: o.remaining })))) {
      assert.ok(shares <= 1.2 * (wanted.get(form) ?? 0), `${form}: ${shares} are too many`);
    }
    assert.ok(!venue.calls.some((call) => call.startsWith("batchCancel")), "it may hang (Q-16)");
    assert.deepEqual(await venue.stop(), { remaining: [], unverified: [] });
    assert.deepEqual(venue.ownOrders(), []);
  });
}

Deno.test("lost book: somebody's bid that does not take our offers brings the whole ladder back (Q-03)", async () => {
  const venue = new TestVenue({
    settings: { quirks: new Set(["Q-03"]) },
    markets: [{ marketId: MARKET, explorationCancelIntervalMs: 120_000 }],
  });
  const matchable = () => venue.exchange.control.matchable(AMM_USER_ID, MARKET).length;
  await venue.start(5);
  assert.equal(matchable(), 6);
  venue.exchange.control.evictBook(MARKET);
  await venue.run(10);
  assert.equal(matchable(), 0, "nothing has given it away");
  venue.rest("YES", 53, 1);
  await venue.run(12);
  assert.equal(venue.logged("book_lost").length, 1);
  assert.equal(matchable(), venue.ownOrders().length);
  assert.equal(new Set(venue.ownOrders().map(({ side }) => side)).size, 2);
  assert.equal(venue.report().ownTrades, 1, "and the bid has got its share");
  await venue.stop();
});
