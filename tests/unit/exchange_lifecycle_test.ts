import assert from "node:assert/strict";
import type { MarketStatus } from "../../src/models/vocabulary.ts";
import type { PairOrder } from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET } from "../support/fake_venue.ts";

function venue(): FakeVenue {
  return new FakeVenue().users(1_000_000, "ann", "bob", "cat").users(10_000, AMM);
}

const pairs = (quantity: number, idempotencyKey: string): PairOrder => ({
  marketId: MARKET,
  quantity,
  idempotencyKey,
});

Deno.test("mint: the answer has the stock and the cash after it", () => {
  const made = venue();
  assert.deepEqual(made.exchange.mint(AMM, pairs(30, "k")), {
    kind: "done",
    marketId: MARKET,
    quantity: 30,
    amountCents: 3000,
    yes: 30,
    no: 30,
    availableCents: 7000,
  });
  assert.deepEqual(made.escrow(), { reserve: 3000, shares: 30, pool: 0, fees: 0 });
});

Deno.test("mint and burn: a repeated key changes nothing, whatever else it asks for", () => {
  const made = venue();
  made.exchange.mint(AMM, pairs(30, "k"));
  const before = made.exchange.control.dumpState();
  const repeated = { kind: "repeated", idempotencyKey: "k" };
  assert.deepEqual(made.exchange.mint(AMM, pairs(7, "k")), repeated);
  assert.deepEqual(made.exchange.burn(AMM, pairs(30, "k")), repeated);
  assert.deepEqual(made.exchange.control.dumpState(), before);
});

Deno.test("mint: a refused request leaves its key free", () => {
  const made = venue();
  made.refuses(2001, () => made.exchange.mint(AMM, pairs(101, "k")));
  assert.equal(made.exchange.mint(AMM, pairs(100, "k")).kind, "done");
});

Deno.test("burn: only unfrozen pairs", () => {
  const made = venue();
  made.refuses(5001, () => made.exchange.burn(AMM, pairs(1, "none")));
  made.exchange.mint(AMM, pairs(30, "m"));
  made.place(AMM, "SELL NO 90 x 10");
  made.refuses(5001, () => made.exchange.burn(AMM, pairs(21, "b")));
  const done = made.exchange.burn(AMM, pairs(20, "b"));
  assert.deepEqual(done, {
    kind: "done",
    marketId: MARKET,
    quantity: 20,
    amountCents: 2000,
    yes: 10,
    no: 10,
    availableCents: 9000,
  });
  made.exchange.control.assertInvariants();
});

Deno.test("mint and burn: bad quantity, bad key, unknown or sleeping market", () => {
  const made = venue();
  made.exchange.control.createMarket({ marketId: "SLEEPING", status: "SUSPENDED" });
  for (const send of ["mint", "burn"] as const) {
    const refuses = (code: number, change: Partial<PairOrder>) =>
      made.refuses(code, () => made.exchange[send](AMM, { ...pairs(1, "k"), ...change }));
    refuses(422, { quantity: 0 });
    refuses(422, { quantity: 1.5 });
    refuses(422, { idempotencyKey: "" });
    refuses(422, { idempotencyKey: "x".repeat(129) });
    refuses(3001, { marketId: "NOPE" });
    refuses(3002, { marketId: "SLEEPING" });
  }
});

Deno.test("mint and burn are no trades, and are listed only with auditTrades", () => {
  for (const auditTrades of [false, true]) {
    const made = new FakeVenue({ auditTrades }).users(10_000, AMM);
    let heard = 0;
    made.exchange.control.onTrade(() => heard++);
    made.exchange.mint(AMM, pairs(10, "m"));
    made.exchange.burn(AMM, pairs(4, "b"));
    const listed = made.exchange.trades(AMM).items.map((trade) => [
      trade.scenario,
      trade.yesPrice,
      trade.buyUserId,
      trade.sellUserId,
      trade.takerFeeCents,
      trade.buyRealizedPnlCents,
    ]);
    const audit = [["BURN", 50, "SYSTEM", AMM, 0, null], ["MINT", 50, AMM, "SYSTEM", 0, null]];
    assert.deepEqual(listed, auditTrades ? audit : []);
    assert.equal(heard, 0);
    assert.equal(made.exchange.control.stats(MARKET).totalTrades, 0);
    assert.equal(made.exchange.orderBook(MARKET).lastTradePrice, null);
  }
});

for (const status of ["DRAFT", "SUSPENDED", "HALTED", "RESOLVED"] as const) {
  Deno.test(`${status}: no new orders, no book, but cancels and reads work`, () => {
    const made = venue();
    made.exchange.mint(AMM, pairs(10, "m"));
    const one = made.place(AMM, "SELL YES 60 x 1").order.orderId;
    made.place(AMM, "SELL YES 60 x 2");
    made.exchange.control.patchMarket(MARKET, { status });
    made.refuses(3002, () => made.place("ann", "BUY YES 60 x 1"));
    made.refuses(3002, () => made.exchange.mint(AMM, pairs(1, "n")));
    made.refuses(3002, () => made.exchange.burn(AMM, pairs(1, "b")));
    made.refuses(3002, () => made.exchange.orderBook(MARKET));
    assert.equal(made.exchange.openOrders(AMM, MARKET).length, 2);
    made.exchange.cancelOrder(AMM, one);
    assert.equal(made.exchange.batchCancel(AMM, { marketId: MARKET }).unfrozenYesShares, 2);
    made.exchange.control.assertInvariants();
  });
}

Deno.test("orders stay frozen while a market is suspended, and match again afterwards", () => {
  const made = venue();
  made.place("ann", "BUY YES 60 x 10");
  made.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  assert.deepEqual(made.cash("ann"), [1_000_000 - 602, 602]);
  made.exchange.control.patchMarket(MARKET, { status: "ACTIVE" });
  assert.equal(made.place("bob", "BUY NO 40 x 10").order.status, "FILLED");
});

Deno.test("resolve: orders are cancelled with MARKET_RESOLVED and give back what they hold", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 60, quantity: 10 });
  const buy = made.place("cat", "BUY YES 30 x 10").order.orderId;
  made.place("ann", "SELL YES 90 x 10");
  const done = made.exchange.control.resolve(MARKET, "NO");
  assert.deepEqual(done, {
    marketId: MARKET,
    result: "NO",
    settledAtMs: made.clock.nowMs(),
    cancelledOrders: 2,
    unfrozenCents: 301,
    totalPayoutCents: 1000,
    paidUsers: 1,
  });
  assert.equal(made.exchange.order("cat", buy).cancelReason, "MARKET_RESOLVED");
  assert.deepEqual(made.cash("cat"), [1_000_000, 0]);
  assert.deepEqual(made.cash("bob"), [1_000_000 - 401 + 1000, 0]);
  const { status, result, resolvedAtMs, settledAtMs } = made.exchange.market(MARKET);
  const nowMs = made.clock.nowMs();
  assert.deepEqual([status, result, resolvedAtMs, settledAtMs], ["SETTLED", "NO", nowMs, nowMs]);
  assert.deepEqual(made.escrow(), { reserve: 0, shares: 0, pool: 0, fees: 1 });
  made.exchange.control.assertInvariants();
});

Deno.test("a settled market: the position row is zero, cancels 4006, batch cancel zeros", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 60, quantity: 10 });
  const { orderId } = made.place(AMM, "BUY YES 30 x 1").order;
  made.exchange.control.resolve(MARKET, "YES");
  assert.equal(made.exchange.position("ann", MARKET).yes, 0);
  assert.equal(made.held("ann"), "nothing");
  made.refuses(4006, () => made.exchange.cancelOrder(AMM, orderId));
  assert.equal(made.exchange.batchCancel(AMM, { marketId: MARKET }).cancelledCount, 0);
  made.refuses(3002, () => made.place("ann", "BUY YES 60 x 1"));
});

for (
  const [status, isResolvable] of [
    ["DRAFT", false],
    ["ACTIVE", true],
    ["SUSPENDED", true],
    ["HALTED", true],
    ["RESOLVED", false],
    ["SETTLED", false],
    ["VOIDED", false],
  ] as const satisfies readonly (readonly [MarketStatus, boolean])[]
) {
  Deno.test(`resolve: a ${status} market ${isResolvable ? "ends" : "is refused with 3002"}`, () => {
    const made = venue();
    made.exchange.control.patchMarket(MARKET, { status });
    const resolve = () => made.exchange.control.resolve(MARKET, "YES");
    if (isResolvable) assert.equal(resolve().result, "YES");
    else made.refuses(3002, resolve);
  });
}

Deno.test("VOID: pairs at 100, the rest of the escrow in proportion to cost", () => {
  const made = venue();
  // ann: 10 YES at 60; bob: 10 NO at 40; then ann sells 4 YES to cat at 80.
  made.mintBetween("ann", "bob", { price: 60, quantity: 10 });
  made.place("ann", "SELL YES 80 x 4");
  made.place("cat", "BUY YES 80 x 4");
  made.exchange.mint(AMM, pairs(5, "m"));
  const before = ["ann", "bob", "cat", AMM].map((user) => made.cash(user)[0]);
  const done = made.exchange.control.resolve(MARKET, "VOID");
  const paid = ["ann", "bob", "cat", AMM].map((user, at) => made.cash(user)[0] - (before[at] ?? 0));
  // Escrow 1,500: 500 to the AMM's pairs; 1,000 over costs 360, 400 and 320, the rest to cat.
  assert.deepEqual(paid, [333, 370, 297, 500]);
  assert.equal(done.totalPayoutCents, 1500);
  assert.equal(done.paidUsers, 4);
  assert.deepEqual(made.escrow(), { reserve: 0, shares: 0, pool: 0, fees: 2 });
  assert.equal(made.exchange.market(MARKET).status, "VOIDED");
  made.exchange.control.assertInvariants();
});

Deno.test("VOID: a market that nobody holds pays nobody", () => {
  const made = venue();
  made.place("ann", "BUY YES 60 x 10");
  const done = made.exchange.control.resolve(MARKET, "VOID");
  assert.deepEqual([done.totalPayoutCents, done.paidUsers, done.cancelledOrders], [0, 0, 1]);
  assert.deepEqual(made.cash("ann"), [1_000_000, 0]);
});

Deno.test("seedPairs: shares and escrow rise, cash does not move, the books balance", () => {
  const made = venue();
  made.exchange.control.seedPairs(AMM, MARKET, 100);
  assert.equal(made.held(AMM), "YES 100/5000, NO 100/5000");
  assert.deepEqual(made.cash(AMM), [10_000, 0]);
  assert.equal(made.escrow().reserve, 10_000);
  made.exchange.control.assertInvariants();
  assert.throws(() => made.exchange.control.seedPairs("ann", MARKET, 1), RangeError);
});

Deno.test("markets and users can be created once, with sane terms", () => {
  const made = venue();
  const { control } = made.exchange;
  assert.throws(() => control.createMarket({ marketId: MARKET }), RangeError);
  assert.throws(() => control.createMarket({ marketId: "M", minPrice: 0 }), RangeError);
  assert.throws(() => control.createMarket({ marketId: "M", takerFeeBps: 1001 }), RangeError);
  assert.throws(() => control.createUser({ userId: "ann" }), RangeError);
  made.refuses(3001, () => made.exchange.market("M"));
});

Deno.test("patchMarket: what is not named stays", () => {
  const made = venue();
  const before = made.exchange.market(MARKET);
  const after = made.exchange.control.patchMarket(MARKET, { takerFeeBps: 5, category: "news" });
  assert.deepEqual(after, { ...before, takerFeeBps: 5, category: "news" });
});

Deno.test("markets are listed newest first", async () => {
  const made = venue();
  made.exchange.control.createMarket({ marketId: "A" });
  await made.clock.advance(1);
  made.exchange.control.createMarket({ marketId: "LATE" });
  const ids = made.exchange.markets().map(({ marketId }) => marketId);
  assert.deepEqual(ids, ["LATE", MARKET, "A"]);
});

Deno.test("an evicted order stays open, frozen and visible, but does not match", () => {
  const made = venue();
  const { orderId } = made.place("ann", "BUY YES 60 x 10").order;
  made.exchange.control.evictBook(MARKET);
  assert.equal(made.place("bob", "BUY NO 40 x 5").order.status, "OPEN");
  assert.equal(made.book(), "60x10 | 60x5");
  assert.deepEqual(made.cash("ann"), [1_000_000 - 602, 602]);
  made.exchange.control.assertInvariants();
  assert.equal(made.exchange.cancelOrder("ann", orderId).unfrozenAmount, 602);
  assert.equal(made.book(), " | 60x5");
});
