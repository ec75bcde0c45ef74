import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { AccountBook, judgeCash, shareLeak } from "../../src/lifecycle/account_book.ts";
import { comparePositions } from "../../src/lifecycle/reconciler.ts";
import type { Position } from "../../src/models/inventory.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

const TOLERANCES = { volumeTolerance: 2, costSumToleranceCents: 500 };

function position(yes: number, no: number, cost = 1000): Position {
  return {
    yes: shares(yes),
    no: shares(no),
    yesCostCents: cents(cost),
    noCostCents: cents(1000),
  };
}

Deno.test("reconciler: equal positions show no drift", () => {
  const found = comparePositions(position(10, 20), position(10, 20), TOLERANCES);
  assert.deepEqual(found, { drifts: [], breach: false, netting: false });
});

Deno.test("reconciler: a difference within the tolerance is a drift to correct but no breach (C-29)", () => {
  const found = comparePositions(position(10, 20), position(12, 20, 1500), TOLERANCES);
  assert.equal(found.breach, false);
  assert.deepEqual(found.drifts, [
    { field: "yes", ours: 10, venue: 12 },
    { field: "yesCostCents", ours: 1000, venue: 1500 },
  ]);
});

Deno.test("reconciler: one share or one cent above its tolerance is a breach", () => {
  assert.equal(comparePositions(position(10, 20), position(13, 20), TOLERANCES).breach, true);
  const cost = comparePositions(position(10, 20), position(10, 20, 1501), TOLERANCES);
  assert.equal(cost.breach, true);
});

Deno.test("reconciler: equal pairs that vanish look like netting, other losses do not (L-58)", () => {
  assert.equal(comparePositions(position(10, 20), position(5, 15), TOLERANCES).netting, true);
  assert.equal(comparePositions(position(10, 20), position(5, 20), TOLERANCES).netting, false);
  assert.equal(comparePositions(position(5, 15), position(10, 20), TOLERANCES).netting, false);
});

Deno.test("reconciler: a trade that was not processed yet is processed and no drift is reported (§22)", async () => {
  const venue = new TestVenue({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start(3);
  venue.take("YES", 60, 5);
  await venue.run(130);
  assert.ok(venue.logged("reconcile_completed").length > 0);
  assert.deepEqual(venue.logged("reconcile_drift"), []);
  await venue.stop();
});

Deno.test("reconciler: shares that appear from nowhere are adopted, pause the market for a cycle, and quoting goes on", async () => {
  const venue = new TestVenue({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start(3);
  venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 40);
  await venue.run(130);
  assert.ok(venue.logged("inventory_drift_critical").length > 0);
  const inventory = venue.report().explanation?.inventory;
  // Forty pairs above the opening stock are idle and become cash (§18).
  assert.deepEqual([inventory?.yes, inventory?.no, inventory?.marketCashCents], [1000, 1000, 4000]);
  assert.deepEqual(venue.report().explanation?.defense.pauses, []);
  assert.ok(venue.ladder("ASK").length > 0);
  await venue.stop();
});

Deno.test("reconciler: the third breach within an hour kills the market (§22)", async () => {
  const venue = new TestVenue({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start(3);
  for (let breach = 0; breach < 3; breach++) {
    venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 40);
    await venue.run(90);
  }
  assert.equal(venue.report().latch?.reason, "DRIFT");
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

Deno.test("reconciler: an own order that the bot does not know is taken off unless the target wants it", async () => {
  const venue = new TestVenue();
  await venue.start(3);
  venue.exchange.placeOrder(AMM_USER_ID, {
    clientOrderId: "amm_late_arrival",
    marketId: MARKET,
    contract: "YES",
    direction: "SELL",
    contractPrice: price(90),
    quantity: shares(3),
    timeInForce: "GTC",
  });
  await venue.run(5);
  assert.ok(!venue.ladder("ASK").includes(90));
  await venue.stop();
});

Deno.test("reconciler: cash that went missing beyond any fee pauses every market and is reported", async () => {
  const venue = new TestVenue({ ammCashCents: 300_000 });
  await venue.start(3);
  venue.exchange.withdraw(AMM_USER_ID, 5_000);
  await venue.run(35);
  assert.equal(venue.logged("inventory_drift_critical").length, 1);
  assert.ok(venue.logged("pause_set").some((event) => String(event.fields.reasons) === "DRIFT"));
  await venue.run(30);
  assert.deepEqual(venue.report().explanation?.defense.pauses, []);
  await venue.stop();
});

Deno.test("reconciler: a market that has ended does not keep the others' cash from being compared", async () => {
  const venue = new TestVenue({
    markets: [{ marketId: MARKET }, { marketId: "MKT-2" }],
    ammCashCents: 300_000,
  });
  await venue.start(3);
  venue.exchange.control.resolve("MKT-2", "YES");
  await venue.run(100);
  assert.equal(venue.report("MKT-2").lifecycle, "STOPPED");
  venue.exchange.withdraw(AMM_USER_ID, 5_000);
  await venue.run(65);
  assert.equal(venue.logged("inventory_drift_critical").length, 1);
  await venue.stop();
});

Deno.test("reconciler: a deposit into the account is no drift of any market", async () => {
  const venue = new TestVenue();
  await venue.start(3);
  venue.exchange.deposit(AMM_USER_ID, 50_000);
  await venue.run(65);
  assert.deepEqual(venue.logged("inventory_drift_critical"), []);
  assert.equal(venue.report().explanation?.inventory.pnlTotalCents, 0);
  await venue.stop();
});

/** A market quoted from cash that holds pairs which it wants to burn. */
async function withIdlePairs(venue: TestVenue): Promise<void> {
  await venue.start(3);
  for (let round = 0; round < 3; round++) {
    venue.take("YES", 60, 5);
    venue.take("NO", 60, 5);
    await venue.run(20);
  }
}

const FROM_CASH = {
  marketId: MARKET,
  quoteFunding: "cash",
  autoMergeMinPairs: 5,
  privilegedRetryMs: 300_000,
} as const;

Deno.test("reconciler: where burns are out of order the books are compared all the same (Q-02)", async () => {
  const venue = new TestVenue({
    markets: [FROM_CASH],
    global: { reconciliationIntervalMs: 60_000 },
    settings: { quirks: new Set(["Q-02"]) },
  });
  await withIdlePairs(venue);
  assert.ok(venue.logged("pairs_failed").length > 0, "a burn is open");
  const before = venue.logged("reconcile_completed").length;
  await venue.run(70);
  assert.ok(venue.logged("reconcile_completed").length > before);

  venue.intercept = () => ({ kind: "lose", effect: false });
  await venue.run(60);
  assert.ok(venue.report().explanation?.defense.pauses.includes("FAILURES"));
  venue.intercept = () => undefined;
  await venue.run(120);
  assert.deepEqual(venue.report().explanation?.defense.pauses, []);
  assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
  await venue.stop();
});

Deno.test("reconciler: a burn whose answer was lost but which happened is no drift, and is booked once", async () => {
  const venue = new TestVenue({
    markets: [FROM_CASH],
    ammCashCents: 100_000,
    global: { reconciliationIntervalMs: 60_000 },
  });
  let lost = 0;
  venue.intercept = (call) =>
    call.startsWith("burn") && lost++ === 0 ? { kind: "lose", effect: true } : undefined;
  await withIdlePairs(venue);
  assert.ok(lost > 0);
  await venue.run(400);
  assert.deepEqual(venue.logged("inventory_drift_critical"), []);
  assert.deepEqual(venue.logged("inventory_netting_suspected"), []);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no], [yes, no]);
  assert.equal(inventory?.marketCashCents, availableCents + frozenCents);
  await venue.stop();
});

Deno.test("reconciler: cash that goes missing while a burn is open is noticed", async () => {
  const venue = new TestVenue({
    markets: [FROM_CASH],
    ammCashCents: 300_000,
    settings: { quirks: new Set(["Q-02"]) },
  });
  await withIdlePairs(venue);
  venue.exchange.withdraw(AMM_USER_ID, 5_000);
  await venue.run(35);
  assert.equal(venue.logged("inventory_drift_critical").length, 1);
  await venue.stop();
});

Deno.test("account book: a shortfall is booked as maker fees up to what the rates allow, the rest is unexplained", () => {
  const markets = [
    { marketId: "A", unmatchedMakerFeesCents: 6 },
    { marketId: "B", unmatchedMakerFeesCents: 3 },
    { marketId: "C", unmatchedMakerFeesCents: 0 },
  ];
  const within = judgeCash(-9, markets);
  assert.deepEqual([...within.fees], [["A", 6], ["B", 3]]);
  assert.equal(within.unexplainedCents, 0);
  const part = judgeCash(-6, markets);
  assert.deepEqual([...part.fees], [["A", 4], ["B", 2]]);
  const beyond = judgeCash(-20, markets);
  assert.equal(beyond.unexplainedCents, -11);
  assert.deepEqual(judgeCash(+20, markets), { fees: new Map(), unexplainedCents: cents(20) });
});

Deno.test("account book: a leak is shared out by what was bought, rounded up (§16.2)", () => {
  const share = (bought: readonly number[], frozenCents: number, inOrdersCents: number) => {
    const markets = bought.map((boughtCents, index) => ({
      marketId: `M${index}`,
      ledgerCents: 1000 * (index + 1),
      boughtCents,
    }));
    const frozen = { frozenCents: cents(frozenCents), inOrdersCents: cents(inOrdersCents) };
    return [...shareLeak(frozen, markets).values()];
  };
  assert.deepEqual(share([3000, 1000], 5100, 5000), [75, 25]);
  assert.deepEqual(share([1000, 1000, 1000], 5100, 5000), [34, 34, 34]);
  assert.deepEqual(share([5000, 0], 5100, 5000), [100, 0]);
  assert.deepEqual(share([0, 0], 5300, 5000), [100, 200], "by cash if nothing was bought");
  assert.deepEqual(share([5000, 0], 5000, 5000), [0, 0]);
  assert.deepEqual(share([5000, 0], 4900, 5000), [0, 0], "never below nothing");
  assert.deepEqual(share([], 5100, 5000), []);
});

Deno.test("account book: the ledgers and the unallocated cash always add up to the account (L-44)", () => {
  const book = new AccountBook();
  book.open("A", () => 100);
  book.open("B", () => 150);
  book.settle(260);
  assert.equal(book.unallocatedCents, 10);
  assert.equal(book.differenceCents(255), -5);
});

Deno.test("account book: a market that is opened later takes its cash from what was unallocated, and no difference appears", () => {
  const book = new AccountBook();
  book.open("A", () => 100);
  book.settle(260);
  let cents = 150;
  book.open("B", () => cents);
  assert.deepEqual([book.unallocatedCents, book.differenceCents(260)], [10, 0]);
  cents = 120;
  book.open("B", () => cents);
  assert.deepEqual([book.unallocatedCents, book.differenceCents(230)], [10, 0]);
});
