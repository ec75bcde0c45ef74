import assert from "node:assert/strict";
import {
  ALL_QUIRKS,
  attempt,
  type OrderRequest,
  type QuirkId,
  VenueCrash,
  VenueHang,
} from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET, orderOf, type OrderText } from "../support/fake_venue.ts";

function venue(...quirks: readonly QuirkId[]): FakeVenue {
  const made = new FakeVenue({ quirks: new Set(quirks) })
    .users(900_000, AMM, "ann", "bob", "cat");
  made.exchange.control.seedPairs(AMM, MARKET, 100);
  return made;
}

function request(text: OrderText, changes: Partial<OrderRequest> = {}): OrderRequest {
  return { marketId: MARKET, ...orderOf(text), ...changes };
}

/** Asserts that a request ends in a bare 500 and changes nothing. */
function crashes(made: FakeVenue, send: () => unknown): void {
  const before = made.exchange.control.dumpState();
  assert.throws(send, VenueCrash);
  assert.deepEqual(made.exchange.control.dumpState(), before);
}

Deno.test("Q-01: a closing fill away from cost dies, at cost it clears", () => {
  const made = venue("Q-01");
  made.place(AMM, "SELL YES 52 x 5");
  made.place(AMM, "SELL YES 51 x 5");
  crashes(made, () => made.place("ann", "BUY YES 51 x 1"));
  const atCost = venue("Q-01");
  atCost.place(AMM, "SELL YES 50 x 5");
  assert.equal(atCost.place("ann", "BUY YES 50 x 5").order.status, "FILLED");
});

Deno.test("Q-01: a netting of pairs that did not cost 100 dies", () => {
  const made = venue("Q-01");
  made.mintBetween("ann", "bob", { price: 60, quantity: 5 });
  made.place("cat", "BUY YES 55 x 5");
  crashes(made, () => made.place("ann", "BUY NO 45 x 5"));
});

Deno.test("Q-02: mint and burn die of every valid request", () => {
  const made = venue("Q-02");
  const pairs = { marketId: "NOPE", quantity: 1, idempotencyKey: "k" };
  crashes(made, () => made.exchange.mint(AMM, pairs));
  crashes(made, () => made.exchange.burn(AMM, pairs));
  made.refuses(422, () => made.exchange.mint(AMM, { ...pairs, quantity: 0 }));
  made.refuses(6099, () => made.exchange.mint("ann", pairs));
});

for (
  const [text, code] of [
    ["BUY NO 50 x 1", 0],
    ["BUY YES 0 x 1", 4001],
    ["BUY YES 50 x 0", 4002],
    ["BUY NO 99 x 10000", 2001],
    ["SELL YES 50 x 1", 5001],
  ] as const
) {
  Deno.test(`Q-03: ${text} ${code === 0 ? "leaves the book alone" : "costs the live book"}`, () => {
    const made = venue("Q-03");
    made.place("bob", "BUY YES 10 x 10");
    const answer = attempt(() => made.place("ann", text));
    assert.equal(answer.ok ? 0 : answer.refusal.code, code);
    const { trades } = made.place("cat", "BUY NO 90 x 1");
    assert.equal(trades.length, code === 0 ? 1 : 0);
    assert.match(made.book(), code === 0 ? /10x9/ : /10x10/);
  });
}

Deno.test("Q-03: what is lost is still listed and shown, but it is not matchable any more", () => {
  const made = venue("Q-03");
  const { exchange } = made;
  const { order } = made.place("ann", "BUY YES 40 x 5");
  const matchable = () => exchange.control.matchable("ann", MARKET).map(({ orderId }) => orderId);
  assert.deepEqual(matchable(), [order.orderId]);
  assert.deepEqual(exchange.control.matchable("bob", MARKET), []);
  attempt(() => made.place("bob", "BUY YES 0 x 1"));
  assert.deepEqual(matchable(), []);
  assert.equal(exchange.openOrders("ann", MARKET).length, 1);
  const again = made.place("ann", "BUY YES 40 x 5").order;
  assert.deepEqual(matchable(), [again.orderId], "a new order is in the new book");
  exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  assert.deepEqual(matchable(), [], "nothing matches in a market that does not trade");
});

Deno.test("a failed placement is told, with its user, once the book has taken its damage", () => {
  const made = venue("Q-03");
  made.place("ann", "BUY YES 40 x 5");
  const told: [string, number][] = [];
  const end = made.exchange.control.onFailedPlacement(({ userId }) =>
    told.push([userId, made.exchange.control.matchable("ann", MARKET).length])
  );
  attempt(() => made.place("bob", "BUY YES 0 x 1"));
  attempt(() => made.exchange.cancelOrder("bob", "1"));
  end();
  attempt(() => made.place("bob", "BUY YES 0 x 1"));
  assert.deepEqual(told, [["bob", 0]]);
});

Deno.test("Q-03: a reused id and a failed cancel cost nothing; a restart costs all books", () => {
  const made = venue("Q-03");
  made.place("bob", "BUY YES 60 x 10", { clientOrderId: "b" });
  attempt(() => made.place("bob", "BUY YES 61 x 10", { clientOrderId: "b" }));
  attempt(() => made.exchange.cancelOrder("bob", "0"));
  assert.equal(made.place("cat", "BUY NO 40 x 1").trades.length, 1);
  made.exchange.control.restart();
  assert.equal(made.place("cat", "BUY NO 40 x 1").trades.length, 0);
});

Deno.test("Q-04: a failed replace costs the old order its place, and no other", () => {
  const made = venue("Q-04");
  const old = made.place(AMM, "SELL YES 55 x 10").order;
  const other = made.place("bob", "BUY NO 45 x 10").order;
  attempt(() => made.exchange.replaceOrder(AMM, old.orderId, request("SELL YES 0 x 1")));
  assert.equal(made.exchange.order(AMM, old.orderId).status, "OPEN");
  const { trades } = made.place("ann", "BUY YES 55 x 1");
  assert.deepEqual(trades.map(({ sellOrderId }) => sellOrderId), [other.orderId]);
});

Deno.test("Q-05: what a fill does not use stays frozen for ever", () => {
  const made = venue("Q-05");
  made.place("bob", "BUY NO 50 x 10");
  made.place("ann", "BUY YES 60 x 10");
  assert.deepEqual(made.cash("ann"), [900_000 - 602, 101]);
  assert.deepEqual(made.cash("bob"), [900_000 - 501, 1]);
});

Deno.test("Q-06: a Buy NO taker pays no fee, and no maker ever does", () => {
  const made = new FakeVenue({ makerFee: true, quirks: new Set(["Q-06"]) })
    .users(10_000, "ann", "bob");
  made.place("ann", "BUY YES 50 x 10");
  made.place("bob", "BUY NO 50 x 10");
  assert.equal(made.escrow().fees, 0);
  made.place("ann", "SELL YES 50 x 1");
  made.place("bob", "SELL NO 50 x 1");
  assert.equal(made.escrow().fees, 1);
});

for (const [takerFeeBps, created] of [[0, 10], [20, 0], [40, -10]] as const) {
  Deno.test(`Q-07: a taker fee of ${takerFeeBps} bps creates ${created} cents per 5,000`, () => {
    const made = new FakeVenue({ quirks: new Set(["Q-07"]) }, { takerFeeBps, makerFeeBps: 0 })
      .users(10_000, "ann", "bob");
    assert.equal(made.place("bob", "BUY NO 50 x 100").order.frozenAmount, 5010);
    made.place("ann", "BUY YES 50 x 100");
    const { reserve, fees } = made.escrow();
    const cash = made.cash("ann")[0] + made.cash("bob")[0] + reserve + fees;
    assert.equal(cash - 20_000, created);
  });
}

Deno.test("Q-08: a sweep whose fees exceed the buffer dies, unless other cash is frozen", () => {
  for (const quirks of [["Q-08"], ["Q-05", "Q-08"]] as const) {
    const made = venue(...quirks);
    made.place("bob", "BUY NO 50 x 5");
    made.place("cat", "BUY NO 50 x 5");
    crashes(made, () => made.place("ann", "BUY YES 50 x 10"));
    made.place("ann", "BUY YES 1 x 1");
    assert.equal(made.place("ann", "BUY YES 50 x 10").order.status, "FILLED");
  }
});

Deno.test("Q-09: the AMM's trade with itself dies", () => {
  const made = venue("Q-09");
  made.place(AMM, "SELL YES 50 x 5");
  crashes(made, () => made.place(AMM, "SELL NO 50 x 5"));
});

Deno.test("Q-10: only the user on the buy side is netted", () => {
  const made = venue("Q-10");
  made.mintBetween("ann", "bob", { price: 50, quantity: 5 });
  made.place("cat", "BUY YES 50 x 5");
  assert.equal(made.place("ann", "BUY NO 50 x 5").netting, null);
  assert.equal(made.held("ann"), "YES 5/250, NO 5/250");
  made.place("cat", "BUY NO 50 x 5");
  assert.deepEqual(made.place("bob", "BUY YES 50 x 5").netting, {
    nettedPairs: 5,
    refundCents: 500,
  });
});

Deno.test("Q-11: an own order at the best level blocks deeper levels and goes to the back", () => {
  const made = venue("Q-11");
  const own = made.place("ann", "BUY YES 60 x 10").order;
  const behind = made.place("bob", "BUY YES 60 x 3").order;
  made.place("cat", "BUY YES 55 x 4");
  const { trades } = made.place("ann", "BUY NO 50 x 1");
  assert.deepEqual(trades.map(({ buyOrderId }) => buyOrderId), [behind.orderId]);
  assert.equal(made.place("ann", "BUY NO 50 x 4 IOC").trades.length, 1, "no deeper level");
  const late = made.place("bob", "BUY YES 60 x 1").order;
  assert.deepEqual(
    made.place("cat", "BUY NO 40 x 11").trades.map(({ buyOrderId }) => buyOrderId),
    [own.orderId, late.orderId],
  );
});

Deno.test("Q-12: a cancelled order can be replaced and gives its freeze back again", () => {
  const made = venue("Q-12");
  made.place(AMM, "BUY YES 10 x 100");
  const old = made.place(AMM, "BUY YES 10 x 50").order;
  made.exchange.cancelOrder(AMM, old.orderId);
  assert.deepEqual(made.cash(AMM), [900_000 - 1002, 1002]);
  made.exchange.replaceOrder(AMM, old.orderId, request("BUY YES 1 x 1"));
  assert.deepEqual(made.cash(AMM), [900_000 - 1002 + 501 - 2, 1002 - 501 + 2]);
});

Deno.test("Q-12: once too much was given back, the order that paid dies when it fills", () => {
  for (
    const [victim, taker] of [
      ["BUY YES 10 x 50", "BUY NO 90 x 50"],
      ["SELL YES 90 x 50", "BUY YES 90 x 50"],
    ] as const
  ) {
    const made = venue("Q-12");
    made.place(AMM, victim);
    const old = made.place(AMM, victim).order;
    made.exchange.cancelOrder(AMM, old.orderId);
    made.exchange.replaceOrder(AMM, old.orderId, request("BUY YES 1 x 1"));
    crashes(made, () => made.place("ann", taker));
  }
});

Deno.test("Q-12: more than is frozen is never given back", () => {
  const made = venue("Q-12");
  for (const text of ["BUY YES 10 x 50", "SELL NO 90 x 50"] as const) {
    const old = made.place(AMM, text).order;
    made.exchange.cancelOrder(AMM, old.orderId);
    crashes(
      made,
      () => made.exchange.replaceOrder(AMM, old.orderId, request("BUY YES 1 x 1")),
    );
  }
});

Deno.test("Q-13: replacing under an id that was used before dies", () => {
  const made = venue("Q-13");
  made.place("ann", "BUY YES 1 x 1", { clientOrderId: "shared" });
  const old = made.place(AMM, "SELL YES 55 x 10", { clientOrderId: "a" }).order;
  const again = request("SELL YES 56 x 10", { clientOrderId: "a" });
  crashes(made, () => made.exchange.replaceOrder(AMM, old.orderId, again));
  const shared = request("SELL YES 56 x 10", { clientOrderId: "shared" });
  assert.equal(made.exchange.replaceOrder(AMM, old.orderId, shared).order.status, "OPEN");
});

Deno.test("Q-14: 6001 leaves the old order alive and says nothing of it", () => {
  const made = venue("Q-14");
  const old = made.place(AMM, "SELL YES 55 x 10").order;
  made.place("ann", "BUY YES 55 x 4");
  const replace = () => made.exchange.replaceOrder(AMM, old.orderId, request("SELL YES 56 x 1"));
  made.refuses(6001, replace);
  const answer = attempt(replace);
  assert.equal(answer.ok ? "" : answer.refusal.data, null);
});

Deno.test("Q-15: a cancel overwrites a fill that happened since its read", () => {
  const made = venue("Q-15");
  made.place("ann", "BUY YES 10 x 100");
  const { orderId } = made.place("ann", "BUY YES 60 x 10").order;
  made.exchange.control.onRace(() => made.place("bob", "BUY NO 40 x 10"));
  assert.equal(made.exchange.cancelOrder("ann", orderId).unfrozenAmount, 602);
  const { status, filled } = made.exchange.order("ann", orderId);
  assert.deepEqual([status, filled], ["CANCELLED", 0]);
  assert.equal(made.held("ann"), "YES 10/600", "trade and position stand");
  assert.equal(made.exchange.trades("ann").items.length, 1);
  assert.equal(made.book(), "10x100 | ");
});

Deno.test("Q-15: a replace that races a partial fill leaves old and new size behind", () => {
  const made = venue("Q-15");
  const old = made.place(AMM, "BUY YES 60 x 10").order;
  made.place(AMM, "BUY YES 10 x 100");
  made.exchange.control.onRace(() => {
    made.exchange.control.onRace(null);
    made.place("bob", "BUY NO 40 x 4");
  });
  const { order } = made.exchange.replaceOrder(AMM, old.orderId, request("BUY YES 59 x 10"));
  assert.equal(order.status, "OPEN");
  assert.equal(made.exchange.order(AMM, old.orderId).filled, 0);
  assert.equal(made.held(AMM), "YES 104/5240, NO 100/5000");
});

Deno.test("without Q-15 a cancel that lost the race is refused", () => {
  const made = venue();
  const { orderId } = made.place("ann", "BUY YES 60 x 10").order;
  made.exchange.control.onRace(() => made.place("bob", "BUY NO 40 x 10"));
  const answer = attempt(() => made.exchange.cancelOrder("ann", orderId));
  assert.equal(answer.ok ? 0 : answer.refusal.code, 4006);
  assert.equal(made.exchange.order("ann", orderId).status, "FILLED");
});

Deno.test("Q-16: a batch cancel that races a fill hangs market and account until a restart", () => {
  const made = venue("Q-16");
  made.exchange.control.createMarket({ marketId: "OTHER" });
  made.place(AMM, "SELL YES 55 x 10");
  made.exchange.control.onRace(() => {
    made.exchange.control.onRace(null);
    made.place("ann", "BUY YES 55 x 1");
  });
  assert.throws(() => made.exchange.batchCancel(AMM, { marketId: MARKET }), VenueHang);
  assert.throws(() => made.exchange.account(AMM), VenueHang);
  assert.throws(() => made.place("bob", "BUY YES 1 x 1"), VenueHang);
  assert.equal(made.place("bob", "BUY YES 1 x 1", { marketId: "OTHER" }).order.status, "OPEN");
  made.exchange.control.restart();
  assert.equal(made.exchange.batchCancel(AMM, { marketId: MARKET }).cancelledCount, 1);
});

Deno.test("Q-17: a batch cancel in an unknown market gives zeros", () => {
  const made = venue("Q-17");
  assert.equal(made.exchange.batchCancel(AMM, { marketId: "NOPE" }).cancelledCount, 0);
});

Deno.test("Q-20: only active and suspended markets resolve, never as VOID; no resolved_at", () => {
  const made = venue("Q-20");
  made.refuses(3004, () => made.exchange.control.resolve(MARKET, "VOID"));
  made.exchange.control.patchMarket(MARKET, { status: "HALTED" });
  made.refuses(3002, () => made.exchange.control.resolve(MARKET, "YES"));
  made.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  made.exchange.control.resolve(MARKET, "YES");
  const { status, resolvedAtMs } = made.exchange.market(MARKET);
  assert.deepEqual([status, resolvedAtMs], ["SETTLED", null]);
});

Deno.test("Q-21: a client order id of 65 characters dies", () => {
  const made = venue("Q-21");
  crashes(made, () => made.place("ann", "BUY YES 1 x 1", { clientOrderId: "x".repeat(65) }));
});

Deno.test("Q-23: dead orders keep their frozen amount, user cancels have no reason", () => {
  const made = venue("Q-23");
  const { orderId } = made.place("ann", "BUY YES 60 x 10").order;
  made.exchange.cancelOrder("ann", orderId);
  const { frozenAmount, cancelReason } = made.exchange.order("ann", orderId);
  assert.deepEqual([frozenAmount, cancelReason], [602, null]);
  const later = made.place("ann", "BUY YES 60 x 10").order.orderId;
  made.exchange.control.resolve(MARKET, "NO");
  assert.equal(made.exchange.order("ann", later).cancelReason, "MARKET_RESOLVED");
});

Deno.test("the catalogue has 23 defects, and none is on by default", () => {
  assert.equal(ALL_QUIRKS.length, 23);
  assert.deepEqual(new Set(ALL_QUIRKS).size, 23);
  const made = new FakeVenue().users(1_000_000, AMM, "ann");
  assert.equal(
    made.exchange.mint(AMM, { marketId: MARKET, quantity: 1, idempotencyKey: "k" }).kind,
    "done",
  );
});
