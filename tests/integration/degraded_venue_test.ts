import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { shares } from "../../src/models/money.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

/** Fails every replace of an order on a contract, as a server error would. */
function failOn(venue: TestVenue, contract: "YES" | "NO"): void {
  venue.intercept = (call) => {
    const [name, orderId] = call.split(" ");
    const order = venue.ownOrders().find((own) => own.orderId === orderId);
    const isMeant = name === "replace" && order?.contract === contract;
    return isMeant ? { kind: "lose", effect: false } : undefined;
  };
}

Deno.test("L-58: a venue that fails on NO orders only: alert, WIDEN, and back once it has healed", async () => {
  const venue = new TestVenue({ markets: [{ marketId: MARKET, apiErrorThreshold: 0.5 }] });
  await venue.start();
  const [normal] = venue.ladder("ASK");
  assert.equal(normal, 53);
  failOn(venue, "NO");
  // The fair price moves, so that orders on both contracts have to move, too.
  venue.service.admin(MARKET, {
    kind: "set_anchor",
    operator: "test",
    anchorPriceCents: 60,
  });
  await venue.run(30);
  assert.equal(venue.report().explanation?.defense.level, "WIDEN");
  const rules = venue.report().explanation?.defense.triggers.map(({ rule }) => rule);
  assert.deepEqual(rules, ["contract_degraded"]);
  const [alert, ...others] = venue.logged("contract_degraded");
  assert.deepEqual([alert?.level, alert?.fields.contract, others], ["ERROR", "NO", []]);
  const wide = venue.report().explanation?.spread;
  assert.deepEqual(wide?.multipliers, [{ name: "widen", value: 1.5 }]);
  venue.intercept = () => undefined;
  await venue.run(60);
  assert.equal(venue.report().explanation?.defense.level, "NORMAL");
  assert.ok(venue.ladder("BID").length > 0 && venue.ladder("ASK").length > 0);
  await venue.stop();
});

Deno.test("L-58: a mint that always fails: inventory refuses to start, cash quotes both sides", async () => {
  const failing = (call: string) =>
    call.startsWith("mint") ? { kind: "lose", effect: false } as const : undefined;
  const stock = new TestVenue({ intercept: failing });
  await stock.start();
  assert.match(stock.report().problem ?? "", /opening mint of 1000 pairs failed/);
  await stock.stop();
  const cash = new TestVenue({
    markets: [{ marketId: MARKET, quoteFunding: "cash" }],
    intercept: failing,
  });
  await cash.start();
  assert.ok(cash.ladder("BID").length > 0 && cash.ladder("ASK").length > 0);
  await cash.stop();
});

Deno.test("L-58: equal pairs that vanish pause the market with a critical alert", async () => {
  const venue = new TestVenue({ global: { reconciliationIntervalMs: 60_000 } });
  await venue.start();
  venue.exchange.burn(AMM_USER_ID, {
    marketId: MARKET,
    quantity: shares(300),
    idempotencyKey: "netted by the venue",
  });
  await venue.run(70);
  assert.equal(venue.logged("inventory_netting_suspected")[0]?.level, "ERROR");
  const paused = venue.logged("pause_set").flatMap(({ fields }) => fields.reasons);
  assert.ok(paused.includes("DRIFT"), String(paused));
  await venue.stop();
});

for (const code of [403, 6099]) {
  Deno.test(`an account that may not replace (${code}) moves its quotes by cancels and placements`, async () => {
    const venue = new TestVenue();
    await venue.start();
    venue.intercept = (call) => call.startsWith("replace") ? { kind: "refuse", code } : undefined;
    venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents: 60 });
    await venue.run(30);
    const { spread } = venue.report().explanation ?? {};
    assert.deepEqual(
      [venue.ladder("BID")[0], venue.ladder("ASK")[0]],
      [Number(spread?.bid), Number(spread?.ask)],
    );
    assert.ok((venue.ladder("BID")[0] ?? 0) > 53);
    assert.equal(venue.logged("replace_forbidden").length, 1);
    await venue.stop();
  });
}

/** Fills both sides from cash, so that there are pairs to merge. */
async function gatherPairs(venue: TestVenue): Promise<void> {
  for (let trade = 0; trade < 16; trade++) {
    venue.take(trade % 2 === 0 ? "YES" : "NO", 70, 10);
    await venue.run(20);
  }
}

Deno.test("Q-02: where every burn fails, a pause ends and cash is compared all the same", async () => {
  const venue = new TestVenue({
    // So many trades in seconds would be news, and pause the market for that.
    markets: [{
      marketId: MARKET,
      quoteFunding: "cash",
      apiErrorThreshold: 0.5,
      posteriorMode: "beta",
    }],
  });
  let isDown = false;
  venue.intercept = (call) =>
    call.startsWith("burn") || isDown ? { kind: "lose", effect: false } : undefined;
  await venue.start();
  await gatherPairs(venue);
  assert.ok(venue.logged("pairs_failed").length > 0);
  isDown = true;
  await venue.run(20);
  assert.ok(venue.report().explanation?.defense.pauses.includes("FAILURES"));
  isDown = false;
  await venue.run(60);
  assert.deepEqual(venue.report().explanation?.defense.pauses, []);
  assert.ok(venue.ownOrders().length > 0);
  // Less than the burn would bring, if it had been done.
  venue.exchange.deposit(AMM_USER_ID, 777);
  await venue.run(60);
  const [drift] = venue.logged("reconcile_drift");
  assert.deepEqual([drift?.fields.field, drift?.fields.unexplainedCents], ["cash", 777]);
  await venue.stop();
});

for (const kind of ["lose", "hang"] as const) {
  Deno.test(`L-37: a burn that was done without an answer (${kind}) is booked once, by its key`, async () => {
    // The cash is compared all the time: it must not be taken for somebody else's meanwhile.
    const venue = new TestVenue({
      markets: [{ marketId: MARKET, quoteFunding: "cash", privilegedRetryMs: 10_000 }],
      global: { balancePollIntervalMs: 300 },
    });
    let burns = 0;
    venue.intercept = (call) =>
      call.startsWith("burn") && burns++ === 0 ? { kind, effect: true } : undefined;
    await venue.start();
    await gatherPairs(venue);
    await venue.run(10);
    const { inventory } = venue.report().explanation ?? {};
    const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
    const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
    assert.deepEqual(
      [inventory?.yes, inventory?.no, inventory?.marketCashCents],
      [yes, no, availableCents + frozenCents],
    );
    assert.ok(burns >= 1);
    assert.deepEqual([venue.logged("reconcile_drift"), venue.report().latch], [[], null]);
    await venue.stop();
  });
}
