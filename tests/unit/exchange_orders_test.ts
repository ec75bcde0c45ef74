import assert from "node:assert/strict";
import type { Page } from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET } from "../support/fake_venue.ts";

function venue(): FakeVenue {
  const made = new FakeVenue().users(1_000_000, AMM, "ann", "bob", "cat");
  made.exchange.control.createMarket({ marketId: "OTHER" });
  return made;
}

/** Reads a list to its end, a page at a time. */
function allPages<T>(read: (cursor?: string) => Page<T>): T[][] {
  const pages: T[][] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { items, nextCursor } = read(cursor);
    pages.push([...items]);
    cursor = nextCursor;
  }
  return pages;
}

Deno.test("repeating a request gives the stored order as it is now, and nothing happens", () => {
  const made = venue();
  const first = made.place("ann", "BUY YES 60 x 10", { clientOrderId: "a-1" });
  made.place("bob", "BUY NO 40 x 4");
  const before = made.exchange.control.dumpState();
  const again = made.place("ann", "BUY YES 60 x 10", { clientOrderId: "a-1" });
  assert.equal(again.order.orderId, first.order.orderId);
  assert.equal(again.order.filled, 4);
  assert.deepEqual([again.trades, again.netting], [[], null]);
  assert.deepEqual(made.exchange.control.dumpState(), before);
});

for (const other of ["BUY YES 61 x 10", "BUY YES 60 x 11", "BUY NO 60 x 10"] as const) {
  Deno.test(`a client order id used for BUY YES 60 x 10 is refused for ${other}`, () => {
    const made = venue();
    made.place("ann", "BUY YES 60 x 10", { clientOrderId: "a-1" });
    made.refuses(4005, () => made.place("ann", other, { clientOrderId: "a-1" }));
  });
}

Deno.test("the repeated request's market and time in force are not compared", () => {
  const made = venue();
  made.place("ann", "BUY YES 60 x 10", { clientOrderId: "a-1" });
  const again = made.place("ann", "BUY YES 60 x 10 IOC", {
    clientOrderId: "a-1",
    marketId: "OTHER",
  });
  assert.equal(again.order.marketId, MARKET);
});

Deno.test("client order ids are the user's own, and a refused order leaves its id free", () => {
  const made = venue().users(10, "poor");
  made.place("ann", "BUY YES 60 x 10", { clientOrderId: "x" });
  made.refuses(2001, () => made.place("poor", "BUY YES 60 x 1", { clientOrderId: "x" }));
  assert.equal(made.place("poor", "BUY YES 5 x 1", { clientOrderId: "x" }).order.status, "OPEN");
});

Deno.test("without a client order id the order's own id serves", () => {
  const { order } = venue().place("ann", "BUY YES 60 x 10");
  assert.equal(order.clientOrderId, order.orderId);
});

Deno.test("ids are decimals of equal length, and rise as text", () => {
  const made = venue();
  const ids = Array.from({ length: 5 }, () => made.place("ann", "BUY YES 1 x 1").order.orderId);
  assert.ok(ids.every((id) => /^\d{18}$/.test(id)));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, 5);
});

Deno.test("ids go on rising when the wall clock jumps back", () => {
  const made = venue();
  const before = made.place("ann", "BUY YES 1 x 1").order.orderId;
  made.clock.jumpWallClock(-3_600_000);
  assert.ok(made.place("ann", "BUY YES 1 x 1").order.orderId > before);
});

Deno.test("an answer does not change after it was given", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 60 x 10");
  made.place("bob", "BUY NO 40 x 10");
  assert.equal(order.filled, 0);
  assert.equal(made.exchange.order("ann", order.orderId).filled, 10);
});

Deno.test("a cancel reports what it released and leaves filled and remaining as they were", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 60 x 10");
  made.place("bob", "BUY NO 40 x 4");
  const cancelled = made.exchange.cancelOrder("ann", order.orderId);
  assert.deepEqual(cancelled, {
    orderId: order.orderId,
    unfrozenAmount: 361,
    unfrozenAsset: "FUNDS",
    remainingCancelled: 6,
  });
  const { status, filled, remaining, frozenAmount, cancelReason } = made.exchange.order(
    "ann",
    order.orderId,
  );
  assert.deepEqual([status, filled, remaining, frozenAmount, cancelReason], [
    "CANCELLED",
    4,
    6,
    0,
    "USER_CANCELLED",
  ]);
  assert.deepEqual(made.cash("ann"), [1_000_000 - 240, 0]);
  assert.equal(made.book(), " | ");
});

Deno.test("a cancelled sale gives the shares back", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 50, quantity: 10 });
  const { order } = made.place("ann", "SELL YES 60 x 10");
  made.refuses(5001, () => made.place("ann", "SELL YES 60 x 1"));
  assert.equal(made.exchange.cancelOrder("ann", order.orderId).unfrozenAsset, "YES_SHARES");
  assert.equal(made.place("ann", "SELL YES 60 x 10").order.status, "OPEN");
});

Deno.test("orders are listed newest first, in pages that meet without gap or overlap", () => {
  const made = venue();
  const placed = Array.from({ length: 5 }, () => made.place("ann", "BUY YES 1 x 1").order.orderId);
  made.place("bob", "BUY YES 1 x 1");
  const pages = allPages((cursor) =>
    made.exchange.orders("ann", { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
  );
  assert.deepEqual(pages.map((page) => page.length), [2, 2, 1]);
  assert.deepEqual(pages.flat().map(({ orderId }) => orderId), placed.toReversed());
});

Deno.test("the last page has no cursor, even when it is full", () => {
  const made = venue();
  for (let n = 0; n < 2; n++) made.place("ann", "BUY YES 1 x 1");
  assert.equal(made.exchange.orders("ann", { limit: 2 }).nextCursor, null);
});

Deno.test("orders are filtered by market, status, contract and direction", () => {
  const made = venue();
  const a = made.place("ann", "BUY YES 60 x 10").order.orderId;
  const b = made.place("ann", "BUY NO 10 x 1").order.orderId;
  const c = made.place("ann", "BUY YES 1 x 1", { marketId: "OTHER" }).order.orderId;
  made.place("bob", "BUY NO 40 x 10");
  const d = made.place("ann", "SELL YES 90 x 1").order.orderId;
  const ids = (query: Parameters<typeof made.exchange.orders>[1]) =>
    made.exchange.orders("ann", query).items.map(({ orderId }) => orderId);
  assert.deepEqual(ids({ marketId: "OTHER" }), [c]);
  assert.deepEqual(ids({ statuses: ["FILLED"] }), [a]);
  assert.deepEqual(ids({ statuses: ["OPEN", "PARTIALLY_FILLED"] }), [d, c, b]);
  assert.deepEqual(ids({ contract: "NO" }), [b]);
  assert.deepEqual(ids({ direction: "SELL" }), [d]);
});

Deno.test("open orders are the active ones of one market, oldest first", () => {
  const made = venue();
  const a = made.place("ann", "BUY YES 2 x 1").order.orderId;
  const gone = made.place("ann", "BUY YES 1 x 1").order.orderId;
  made.place("ann", "BUY YES 1 x 1", { marketId: "OTHER" });
  const b = made.place("ann", "BUY NO 1 x 1").order.orderId;
  made.exchange.cancelOrder("ann", gone);
  const open = made.exchange.openOrders("ann", MARKET).map(({ orderId }) => orderId);
  assert.deepEqual(open, [a, b]);
});

Deno.test("trades are listed newest first for both parties, and only for them", () => {
  const made = venue();
  for (const price of [50, 51, 52]) made.mintBetween("ann", "bob", { price, quantity: 1 });
  const pages = allPages((cursor) =>
    made.exchange.trades("bob", { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
  );
  assert.deepEqual(pages.map((page) => page.map(({ yesPrice }) => yesPrice)), [[52, 51], [50]]);
  assert.equal(made.exchange.trades("ann").items.length, 3);
  assert.equal(made.exchange.trades("cat").items.length, 0);
  assert.equal(made.exchange.trades("ann", { marketId: "OTHER" }).items.length, 0);
});

Deno.test("an unknown cursor is compared as text", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 50, quantity: 1 });
  assert.equal(made.exchange.trades("ann", { cursor: "" }).items.length, 0);
  assert.equal(made.exchange.trades("ann", { cursor: "zzz" }).items.length, 1);
});

Deno.test("the ledger tells freezes and releases of cash, by order", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 60 x 10");
  made.exchange.cancelOrder("ann", order.orderId);
  const lines = made.exchange.ledger("ann").items.map(({ type, amountCents, orderId }) => [
    type,
    amountCents,
    orderId,
  ]);
  assert.deepEqual(lines, [
    ["ORDER_UNFREEZE", 602, order.orderId],
    ["ORDER_FREEZE", -602, order.orderId],
    ["DEPOSIT", 1_000_000, null],
  ]);
  assert.equal(made.exchange.ledger("ann", { type: "DEPOSIT" }).items.length, 1);
});

Deno.test("old orders, trades and ledger entries are forgotten, active orders never", () => {
  const made = new FakeVenue({ retainedPerUser: 10 }).users(1_000_000, "ann", "bob");
  const resting = made.place("ann", "BUY YES 1 x 1", { clientOrderId: "rest" }).order;
  const first = made.place("ann", "BUY YES 50 x 1", { clientOrderId: "first" }).order;
  made.place("bob", "BUY NO 50 x 1");
  for (let n = 0; n < 50; n++) made.mintBetween("ann", "bob", { price: 50, quantity: 1 });
  const { orders, trades, accounts } = made.exchange.control.dumpState();
  assert.ok(orders.length < 2 * 21, `${orders.length} orders`);
  assert.ok(trades.length <= 20, `${trades.length} trades`);
  assert.ok(accounts.every(({ ledger }) => ledger.length <= 20));
  assert.equal(made.exchange.order("ann", resting.orderId).status, "OPEN");
  made.refuses(4004, () => made.exchange.order("ann", first.orderId));
  made.exchange.control.assertInvariants();
});

Deno.test("the book shows at most the levels that were asked for", () => {
  const made = venue();
  for (const price of [10, 11, 12]) made.place("ann", `BUY YES ${price} x 1`);
  const { bids } = made.exchange.orderBook(MARKET, 2);
  assert.deepEqual(bids.map(({ price }) => Number(price)), [12, 11]);
});

Deno.test("best prices: those of the user's own active orders of the market alone", () => {
  const made = venue();
  assert.deepEqual(made.exchange.bestPrices("ann", MARKET), { bid: null, ask: null, orders: 0 });
  made.place("ann", "BUY YES 40 x 10");
  made.place("ann", "BUY YES 44 x 10");
  made.place("ann", "BUY NO 45 x 10");
  made.place("ann", "BUY NO 49 x 10");
  made.place("ann", "BUY YES 60 x 10", { marketId: "OTHER" });
  made.place("bob", "BUY YES 45 x 10");
  assert.deepEqual(made.exchange.bestPrices("ann", MARKET), { bid: 44, ask: 51, orders: 4 });
  made.place("bob", "BUY YES 51 x 10");
  assert.deepEqual(made.exchange.bestPrices("ann", MARKET), { bid: 44, ask: 55, orders: 3 });
});
