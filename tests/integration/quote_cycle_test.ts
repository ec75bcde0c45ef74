import assert from "node:assert/strict";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { test } from "../support/both_wires.ts";
import { MARKET } from "../support/venue.ts";

/**
 * So much goes right before something goes wrong that a few lost calls do not pause the market. The
 * live connector repeats a lost read, and each attempt counts as an API error (§10.2).
 */
const CALM_SECONDS = 60;
const READS = ["market", "orderBook", "openOrders", "trades", "balance", "position"];
const COMMANDS = ["place", "cancel", "replace", "batchCancel", "mint", "burn"];
const named = (calls: readonly string[], names: readonly string[]) =>
  calls.filter((call) => names.includes(call.split(" ")[0] ?? ""));

test("quote cycle: EXPLORATION at 50 quotes 47/53 in linear ladders of 25, 12 and 6 shares", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: MARKET, ladderLossRatio: 1 }] });
  await venue.start(1);
  const rows = venue.ownOrders().map((o) => [o.side, Number(o.yesPrice), Number(o.remaining)]);
  assert.deepEqual(rows.filter(([side]) => side === "ASK"), [["ASK", 53, 25], ["ASK", 54, 12], [
    "ASK",
    55,
    6,
  ]]);
  assert.deepEqual(rows.filter(([side]) => side === "BID"), [["BID", 47, 25], ["BID", 46, 12], [
    "BID",
    45,
    6,
  ]]);
  await venue.stop();
});

test("quote cycle: a fill moves stock and cash to the cent, and the level rests again after the cooldown (L-15)", async (openVenue) => {
  const still = { ladderLossRatio: 1, posteriorMode: "beta" } as const;
  const venue = openVenue({ markets: [{ marketId: MARKET, ...still }] });
  await venue.start(3);
  venue.take("YES", 53, 10);
  await venue.run(2);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no, inventory?.marketCashCents], [990, 1000, 530]);
  // Ten sold at 53 with the fair price at 50; the mark is the exact price, which the fill moved a
  // little.
  assert.ok(Math.abs((inventory?.equityCents ?? 0) - 100_030) <= 1);
  await venue.run(10);
  const top = venue.ownOrders().filter((o) => o.side === "ASK" && o.yesPrice === 53);
  // 25 shares less the quantity skew: the bot is ten YES short now.
  assert.equal(top.reduce((sum, order) => sum + order.remaining, 0), 24);
  await venue.stop();
});

test("quote cycle: a seller of NO fills the own bid, and N falls, not Y (L-11)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  venue.take("NO", 53, 10);
  await venue.run(3);
  const inventory = venue.report().explanation?.inventory;
  assert.deepEqual([inventory?.yes, inventory?.no, inventory?.marketCashCents], [1000, 990, 530]);
  await venue.stop();
});

test("quote cycle: an unchanged market costs at most four reads a cycle and no order call but the refresh by age (L-62)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(5);
  venue.calls.length = 0;
  const cyclesBefore = venue.report().cycles;
  await venue.run(14);
  const cycles = venue.report().cycles - cyclesBefore;
  assert.ok(cycles >= 6);
  assert.ok(named(venue.calls, READS).length <= 4 * cycles, `${venue.calls.length} calls`);
  assert.deepEqual(named(venue.calls, COMMANDS), []);
  await venue.stop();
});

test("quote cycle: a formula without a result defers the cycle, is counted, and nothing is sent", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: MARKET, kappa: Number.NaN }] });
  await venue.start(5);
  const report = venue.report();
  assert.match(report.explanation?.note ?? "", /deferred: Cannot price/);
  assert.equal(venue.ownOrders().length, 0);
  assert.ok(venue.logged("cycle_deferred").length >= 2);
  assert.equal(report.failedCycles, report.cycles);
  await venue.stop();
});

test("quote cycle: formulas that keep failing withdraw the quotes that rest, and good ones bring them back", async (openVenue) => {
  const venue = openVenue();
  await venue.start(5);
  venue.exchange.control.patchMarket(MARKET, { minPrice: 60, maxPrice: 60 });
  await venue.run(14);
  assert.ok(venue.ownOrders().length > 0, "a few deferred cycles keep their quotes");
  await venue.run(14);
  assert.ok(venue.report().explanation?.defense.pauses.includes("FAILURES"));
  assert.equal(venue.ownOrders().length, 0);
  venue.exchange.control.patchMarket(MARKET, { minPrice: 1, maxPrice: 99 });
  await venue.run(60);
  assert.deepEqual([venue.ladder("ASK"), venue.ladder("BID")], [[53, 54, 55], [47, 46, 45]]);
  await venue.stop();
});

test("quote cycle: a fill that the own orders show is booked in that cycle, however rare the trade polls are", async (openVenue) => {
  const venue = openVenue({ global: { tradePollIntervalMs: 10_000 } });
  await venue.start(2);
  venue.take("YES", 53, 10);
  await venue.run(2.1);
  assert.equal(venue.report().explanation?.inventory.yes, 990);
  await venue.stop();
});

test("quote cycle: one book read that fails only costs the micro-price; the fifth in a row pauses, and it recovers", async (openVenue) => {
  const venue = openVenue();
  await venue.start(CALM_SECONDS);
  venue.intercept = (call) =>
    call.startsWith("orderBook") ? { kind: "lose", effect: false } : undefined;
  await venue.run(4);
  assert.ok(venue.ownOrders().length > 0, "quotes stay");
  // Five cycles, and the time that the live connector takes for its repeats.
  await venue.run(14);
  assert.ok(venue.report().explanation?.defense.pauses.includes("BOOK_FAILURES"));
  assert.equal(venue.ownOrders().length, 0, "quotes are withdrawn");
  venue.intercept = () => undefined;
  await venue.run(120);
  assert.deepEqual(venue.report().explanation?.defense.pauses, []);
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});

test("quote cycle: reads that fail leave the quotes where they are, then pause, then heal", async (openVenue) => {
  const venue = openVenue();
  await venue.start(CALM_SECONDS);
  venue.intercept = (call) =>
    call.startsWith("openOrders") ? { kind: "lose", effect: false } : undefined;
  await venue.run(4);
  assert.ok(venue.ownOrders().length > 0, "a deferred cycle keeps its quotes");
  venue.intercept = () => undefined;
  await venue.run(4);
  assert.equal(venue.report().lifecycle, "RUNNING");
  assert.ok(venue.report().failedCycles > 0);
  await venue.stop();
});

test("quote cycle: an answer without the agreed form withdraws the quotes and never becomes a zero (L-10)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(3);
  venue.intercept = (call) => call.startsWith("openOrders") ? { kind: "garble" } : undefined;
  await venue.run(4);
  assert.ok(venue.report().explanation?.defense.pauses.includes("STALE_DATA"));
  assert.equal(venue.ownOrders().length, 0, "what is known to rest is cancelled without the list");
  venue.intercept = () => undefined;
  await venue.run(60);
  assert.deepEqual(venue.report().explanation?.defense.pauses, []);
  assert.ok(venue.ownOrders().length > 0);
  await venue.stop();
});

test("quote cycle: a lost answer to a placement leaves exactly one order of each kind (L-38)", async (openVenue) => {
  for (const effect of [true, false]) {
    const venue = openVenue();
    let lost = 0;
    venue.intercept = (call) =>
      call.startsWith("place") && lost++ < 2 ? { kind: "lose", effect } : undefined;
    await venue.start(15);
    const keys = venue.ownOrders().map((o) => `${o.contract} ${o.contractPrice}`);
    assert.equal(new Set(keys).size, keys.length, `duplicates in ${keys}`);
    assert.deepEqual([venue.ladder("ASK"), venue.ladder("BID")], [[53, 54, 55], [47, 46, 45]]);
    await venue.stop();
  }
});

test("quote cycle: a lost answer to a replace leaves the old or the new order, never both and never none (L-38)", async (openVenue) => {
  for (const effect of [true, false]) {
    const venue = openVenue();
    await venue.start(5);
    let lost = 0;
    venue.intercept = (call) =>
      call.startsWith("replace") && lost++ === 0 ? { kind: "lose", effect } : undefined;
    venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents: 55 });
    await venue.run(20);
    assert.ok(lost > 0, "a replace was sent");
    const levels = [venue.ladder("ASK"), venue.ladder("BID")];
    assert.deepEqual(levels, [[58, 59, 60], [52, 51, 50]]);
    await venue.stop();
  }
});

test("quote cycle: a fall of the fair price is followed without a trade with ourselves at any instant (L-67)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(5);
  for (const anchorPriceCents of [40, 62, 20, 80, 50]) {
    venue.service.admin(MARKET, { kind: "set_anchor", operator: "test", anchorPriceCents });
    await venue.run(30);
  }
  assert.equal(venue.report().ownTrades, 0);
  assert.equal(venue.exchange.control.stats(MARKET).totalTrades, 0);
  await venue.stop();
});

test("quote cycle: a programming error in one market stops that market without an order; the other goes on (L-31)", async (openVenue) => {
  const venue = openVenue({ markets: [{ marketId: "MKT-1" }, { marketId: "MKT-2" }] });
  await venue.start(5);
  venue.observe = ({ call, marketId }) => {
    if (call === "orderBook" && marketId === "MKT-1") throw new TypeError("a defect");
  };
  await venue.run(3);
  assert.equal(venue.report("MKT-1").lifecycle, "STOPPED");
  assert.match(venue.report("MKT-1").problem ?? "", /a defect/);
  assert.equal(venue.ownOrders("MKT-1").length, 0);
  const cycles = venue.report("MKT-2").cycles;
  await venue.run(20);
  assert.ok(venue.report("MKT-2").cycles >= cycles + 8);
  assert.ok(venue.ladder("BID", "MKT-2").length > 0);
  await venue.stop();
});

test("quote cycle: cash funding is never refused for want of money, whatever is bought from it (L-24)", async (openVenue) => {
  const venue = openVenue({
    markets: [{
      marketId: MARKET,
      quoteFunding: "cash",
      initialFundingCents: 10_000,
      ladderLossRatio: 1,
      posteriorMode: "beta",
    }],
    ammCashCents: 10_000,
  });
  await venue.start(3);
  for (let round = 0; round < 30; round++) {
    venue.take(round % 2 === 0 ? "YES" : "NO", 70, 20);
    await venue.run(6);
  }
  assert.ok(venue.report().ownTrades > 20);
  const codes = venue.logged("order_refused").map((event) => event.fields.code);
  assert.deepEqual(codes, []);
  venue.exchange.control.assertInvariants();
  await venue.stop();
});

test("quote cycle: after an hour of flow the books equal the venue's to the cent and the share, in every mode", async (openVenue) => {
  for (const quoteFunding of ["inventory", "cash", "inventory_then_cash"] as const) {
    const venue = openVenue({
      markets: [{ marketId: MARKET, quoteFunding, initialFundingCents: 200_000 }],
      ammCashCents: 200_000,
    });
    await venue.start(3);
    for (let minute = 0; minute < 60; minute++) {
      venue.take(minute % 3 === 0 ? "NO" : "YES", 60, 1 + minute % 7);
      await venue.run(60);
    }
    await venue.run(10);
    const ours = venue.report().explanation?.inventory;
    const account = venue.exchange.account(AMM_USER_ID);
    const position = venue.exchange.position(AMM_USER_ID, MARKET);
    assert.deepEqual([ours?.yes, ours?.no], [position.yes, position.no], quoteFunding);
    assert.equal(ours?.marketCashCents, account.availableCents + account.frozenCents, quoteFunding);
    assert.deepEqual(venue.logged("reconcile_drift"), []);
    await venue.stop();
  }
});

test("quote cycle: maker fees that no trade shows are found in the balance and booked to the cent (§23)", async (openVenue) => {
  const venue = openVenue({ settings: { makerFee: true } });
  await venue.start(3);
  for (let sale = 0; sale < 50; sale++) {
    venue.take(sale % 2 === 0 ? "YES" : "NO", 60, 5);
    await venue.run(8);
  }
  await venue.run(70);
  const account = venue.exchange.account(AMM_USER_ID);
  assert.equal(
    venue.report().explanation?.inventory.marketCashCents,
    account.availableCents + account.frozenCents,
  );
  assert.deepEqual(venue.logged("reconcile_drift"), []);
  await venue.stop();
});

test("quote cycle: a wall clock that jumps by an hour makes nothing stale and changes no phase (L-71)", async (openVenue) => {
  const venue = openVenue();
  await venue.start(20);
  const anchorWeight = venue.report().explanation?.price?.anchorWeight ?? 0;
  for (const jumpMs of [3_600_000, -7_200_000]) {
    venue.clock.jumpWallClock(jumpMs);
    await venue.run(10);
    const { explanation } = venue.report();
    assert.deepEqual(explanation?.defense.pauses, []);
    assert.equal(explanation?.phase, "EXPLORATION");
    assert.ok(Math.abs((explanation?.price?.anchorWeight ?? 0) - anchorWeight) < 0.01);
    assert.deepEqual([venue.ladder("ASK"), venue.ladder("BID")], [[53, 54, 55], [47, 46, 45]]);
  }
  await venue.stop();
});

test("quote cycle: a venue that refuses every command is asked once a cycle, not in a circle", async (openVenue) => {
  const venue = openVenue();
  venue.intercept = (call) =>
    /^(place|cancel|replace) /.test(call) ? { kind: "refuse", code: 4006 } : undefined;
  await venue.start(20);
  assert.ok(venue.report().cycles <= 12, `${venue.report().cycles} cycles in 20 s`);
  assert.equal(venue.ownOrders().length, 0);
  venue.intercept = () => undefined;
  await venue.run(70);
  assert.ok(venue.ladder("ASK").length > 0 && venue.ladder("BID").length > 0);
  await venue.stop();
});

test("quote cycle: a market without usable dates is quoted with gamma MID, and says so once (L-52)", async (openVenue) => {
  const venue = openVenue({
    markets: [{ marketId: MARKET, marketCreationDate: null }],
    setup: { tradingStartAtMs: null },
  });
  await venue.start(30);
  assert.equal(venue.report().explanation?.spread?.gammaTier, "MID");
  assert.equal(venue.logged("dates_unusable").length, 1);
  await venue.stop();
});

test("quote cycle: the state names the funding and the profile in force (§6.5)", async (openVenue) => {
  const tight = { spreadRiskWeight: 0.25, quoteFunding: "cash" } as const;
  const markets = [{ marketId: MARKET }, { marketId: "MKT-2", ...tight }, {
    marketId: "MKT-3",
    sigmaScaleCents: 2,
  }];
  const venue = openVenue({ markets });
  await venue.start();
  const shown = venue.service.status().markets.map(({ asProfile, quoteFunding }) =>
    `${asProfile} ${quoteFunding}`
  );
  assert.deepEqual(shown, ["standard inventory", "tight cash", "custom inventory"]);
  await venue.stop();
});
