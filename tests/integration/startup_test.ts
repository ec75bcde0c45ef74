import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { price, shares } from "../../src/models/money.ts";
import { test } from "../support/both_wires.ts";
import { MARKET } from "../support/venue.ts";

test("startup: with shipped defaults both sides are quoted within one cycle at every anchor from 3 to 97 (§29 item 10)", async (openVenue) => {
  for (let anchorPriceCents = 3; anchorPriceCents <= 97; anchorPriceCents += 2) {
    const venue = openVenue({ markets: [{ marketId: MARKET, anchorPriceCents }] });
    await venue.start(0.1);
    const sides = [venue.ladder("ASK").length, venue.ladder("BID").length];
    assert.ok(Math.min(...sides) > 0, `anchor ${anchorPriceCents}: levels ${sides}`);
    await venue.stop();
  }
});

test("startup: the quoted spread lies between 2 and 10 cents with at least two levels a side (L-07)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(0.1);
  const [ask = 0, bid = 0] = [venue.ladder("ASK")[0], venue.ladder("BID")[0]];
  assert.ok(ask - bid >= 2 && ask - bid <= 10, `${bid}/${ask}`);
  assert.ok(new Set(venue.ladder("ASK")).size >= 2 && new Set(venue.ladder("BID")).size >= 2);
  await venue.stop();
});

test("startup: the opening mint turns the funding into balanced pairs and costs nothing", async (openVenue) => {
  const venue = openVenue();
  await venue.start(0.1);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual(
    [inventory?.yes, inventory?.no, inventory?.marketCashCents, inventory?.equityCents],
    [1000, 1000, 0, 100_000],
  );
  await venue.stop();
});

test("startup: own orders of an earlier run are cancelled, orders of others in the account stay", async (openVenue) => {
  const venue = openVenue();
  venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 500);
  const place = (clientOrderId: string) =>
    venue.exchange.placeOrder(AMM_USER_ID, {
      clientOrderId,
      marketId: MARKET,
      contract: "YES",
      direction: "SELL",
      contractPrice: price(90),
      quantity: shares(7),
      timeInForce: "GTC",
    }).order.orderId;
  const own = place("amm_left_over_1");
  const foreign = place("someone-else-1");
  await venue.start(0.1);
  const resting = venue.ownOrders().map((order) => order.orderId);
  assert.ok(!resting.includes(own), "the left-over order is gone");
  assert.ok(resting.includes(foreign), "the foreign order stays");
  await venue.stop();
  assert.deepEqual(venue.ownOrders().map((order) => order.orderId), [foreign]);
});

test("startup: a market that is suspended is started once it is ACTIVE, the others at once (L-55)", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }] });
  venue.exchange.control.patchMarket("MKT-2", { status: "SUSPENDED" });
  await venue.start(13);
  assert.equal(venue.report("MKT-2").lifecycle, "STARTING");
  assert.equal(venue.logged("market_start_failed").length, 1, "it is told once");
  assert.match(venue.report("MKT-2").problem ?? "", /SUSPENDED, not ACTIVE/);
  assert.equal(venue.report("MKT-1").lifecycle, "RUNNING");
  assert.ok(venue.ladder("BID", "MKT-1").length > 0);
  assert.equal(venue.ladder("BID", "MKT-2").length, 0);
  venue.exchange.control.patchMarket("MKT-2", { status: "ACTIVE" });
  await venue.run(10);
  assert.equal(venue.report("MKT-2").lifecycle, "RUNNING");
  assert.equal(venue.report("MKT-2").problem, null);
  assert.ok(venue.ladder("BID", "MKT-2").length > 0);
  await venue.stop();
});

test("startup: a market that has ended stays stopped", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }] });
  venue.exchange.control.resolve("MKT-2", "YES");
  await venue.start(13);
  assert.equal(venue.report("MKT-2").lifecycle, "STOPPED");
  assert.match(venue.report("MKT-2").problem ?? "", /SETTLED, not ACTIVE/);
  await venue.stop();
});

test("startup: a mint that gets no answer keeps inventory funding from starting until it does, and happens once (L-36)", async (openVenue) => {
  const venue = openVenue();
  venue.intercept = (call) => call.startsWith("mint") ? { kind: "lose", effect: false } : undefined;
  await venue.start(23);
  assert.equal(venue.report().lifecycle, "STARTING");
  assert.match(venue.report().problem ?? "", /set quote_funding to cash/);
  assert.equal(venue.ownOrders().length, 0);
  venue.intercept = () => undefined;
  await venue.run(60);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.equal(venue.exchange.position(AMM_USER_ID, MARKET).yes, 1_000, "minted once");
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});

test("startup: a venue that refuses the opening mint stops inventory funding", async (openVenue) => {
  const venue = openVenue();
  venue.intercept = (call) => call.startsWith("mint") ? { kind: "refuse", code: 2001 } : undefined;
  await venue.start(13);
  assert.equal(venue.report().lifecycle, "STOPPED");
  assert.match(venue.report().problem ?? "", /set quote_funding to cash/);
  assert.equal(venue.ownOrders().length, 0);
  await venue.stop();
});

test("startup: a market that is halted right before its opening mint is started once it is ACTIVE", async (openVenue) => {
  const venue = openVenue();
  const set = (status: "HALTED" | "ACTIVE") =>
    venue.exchange.control.patchMarket(MARKET, { status });
  venue.intercept = (call) => {
    if (call.startsWith("mint")) set("HALTED");
    return undefined;
  };
  await venue.start(8);
  assert.equal(venue.report().lifecycle, "STARTING");
  venue.intercept = () => undefined;
  set("ACTIVE");
  await venue.run(10);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});

test("startup: a market that is killed while it starts mints its opening stock after the release", async (openVenue) => {
  const venue = openVenue();
  let minted = 0;
  venue.intercept = (call) => {
    if (call.startsWith("mint")) minted++;
    if (call.startsWith("position") && minted === 0) {
      venue.service.admin("*", { kind: "kill", operator: "anna", reason: "looks odd" });
    }
    return undefined;
  };
  await venue.start(10);
  assert.equal(minted, 0, "nothing is given to a killed market");
  assert.equal(venue.ownOrders().length, 0);
  venue.intercept = (call) => {
    if (call.startsWith("mint")) minted++;
    return undefined;
  };
  venue.service.admin("*", { kind: "release", operator: "anna", reason: "it was nothing" });
  await venue.run(10);
  assert.equal(minted, 1);
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});

test("startup: with cash funding and a mint out of order both sides are quoted by purchases (§29 item 10)", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: MARKET, quoteFunding: "cash" }] });
  venue.intercept = (call) => call.startsWith("mint") ? { kind: "lose", effect: false } : undefined;
  await venue.start(0.1);
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  assert.ok(venue.ownOrders().every((order) => order.direction === "BUY"));
  await venue.stop();
});

test("startup: the answer to the opening mint is lost but it happened: exactly one mint is booked (L-37)", async (openVenue) => {
  const venue = openVenue({
    markets: [{ marketId: MARKET, quoteFunding: "inventory_then_cash", privilegedRetryMs: 10_000 }],
    ammCashCents: 300_000,
  });
  let lost = 0;
  venue.intercept = (call) =>
    call.startsWith("mint") && lost++ === 0 ? { kind: "lose", effect: true } : undefined;
  await venue.start(30);
  const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
  assert.deepEqual([yes, no], [1000, 1000]);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no, inventory?.marketCashCents], [1000, 1000, 0]);
  await venue.stop();
});

test("startup: a venue that does not answer at first is tried again until it does", async (openVenue) => {
  const venue = openVenue();
  let failures = 4;
  venue.intercept = () => failures-- > 0 ? { kind: "lose", effect: false } : undefined;
  await venue.start(10);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.equal(venue.report().problem, null);
  await venue.stop();
});

test("startup: trades of an earlier run are not replayed onto the positions read at start (L-13)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  for (let sale = 0; sale < 12; sale++) {
    venue.take("YES", 70, 3);
    await venue.run(10);
  }
  const before = venue.exchange.position(AMM_USER_ID, MARKET);
  const equity = venue.report().explanation?.inventory.marketCashCents;
  venue.restart();
  await venue.start(10);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no], [before.yes, before.no]);
  assert.equal(inventory?.marketCashCents, equity);
  await venue.stop();
});

test("startup: fills that happened while the bot was away are booked into the restored ledger", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  const cashBefore = venue.report().explanation?.inventory.marketCashCents ?? 0;
  // The process dies here; its orders stay and one of them is hit before the next start.
  const dead = venue.service;
  const fill = venue.take("YES", 60, 10);
  assert.equal(fill.order.filled, 10);
  venue.restart();
  await venue.start(3);
  assert.equal(venue.report().explanation?.inventory.marketCashCents, cashBefore + 530);
  await venue.stop();
  await venue.clock.resolve(dead.stop("test"));
});

test("startup: fills of a market whose first start fails are its own cash, and no drift is found later (L-27)", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }] });
  await venue.start(3);
  venue.kill();
  assert.equal(venue.take("YES", 60, 10, "MKT-2").order.filled, 10);
  venue.restart();
  venue.intercept = (call) => call.endsWith("MKT-2") ? { kind: "lose", effect: false } : undefined;
  await venue.start(3);
  assert.equal(venue.report("MKT-2").lifecycle, "STARTING");
  venue.intercept = () => undefined;
  await venue.run(70);
  assert.deepEqual(venue.logged("reconcile_drift"), []);
  const cash = venue.service.status().markets.map((market) =>
    market.explanation?.inventory.marketCashCents
  );
  assert.deepEqual(cash, [0, 530]);
  await venue.stop();
});

test("startup: a market cannot claim opening cash that another market owns (rule X50)", async (openVenue) => {
  const venue = openVenue({
    markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }],
    ammCashCents: 150_000,
  });
  await venue.start(3);
  const problems = venue.service.status().markets.map((market) => market.problem);
  assert.equal(problems.filter((problem) => problem === null).length, 1);
  assert.equal(problems.filter((problem) => problem?.includes("rule X50")).length, 1);
  venue.exchange.control.deposit(AMM_USER_ID, 50_000);
  await venue.run(10);
  const after = venue.service.status().markets;
  assert.deepEqual(after.map(({ lifecycle, problem }) => [lifecycle, problem]), [
    ["RUNNING", null],
    ["RUNNING", null],
  ], "it starts by itself once the account is funded");
  await venue.stop();
});

test("startup: a taker fee other than the venue's freeze rate is told where cash funds quotes (Q-07)", async (openVenue) => {
  for (const [quoteFunding, told] of [["cash", 1], ["inventory", 0]] as const) {
    const venue = openVenue({
      markets: [{ marketId: MARKET, quoteFunding }],
      setup: { takerFeeBps: 50 },
    });
    await venue.start(1);
    assert.equal(venue.logged("fee_unexpected").length, told);
    await venue.stop();
  }
});

test("startup: it is ready once every market that can be quoted shows both ladders, not after the first", async (openVenue) => {
  const markets = ["MKT-1", "MKT-2", "MKT-3"].map((marketId) => ({ marketId }));
  const venue = openVenue({ markets });
  venue.exchange.control.patchMarket("MKT-3", { status: "SUSPENDED" });
  await venue.start(0.1);
  assert.equal(venue.ladder("BID", "MKT-1").length, 3, "the first market is quoted already");
  assert.equal(venue.service.status().ready, false, "the second has its turn later");
  await venue.run(2);
  assert.equal(venue.service.status().ready, true);
  for (const marketId of ["MKT-1", "MKT-2"]) {
    assert.ok(venue.ladder("ASK", marketId).length > 0 && venue.ladder("BID", marketId).length > 0);
  }
  await venue.stop();
});
