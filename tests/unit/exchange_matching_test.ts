import assert from "node:assert/strict";
import { AMM, FakeVenue, MARKET } from "../support/fake_venue.ts";

function venue(): FakeVenue {
  return new FakeVenue().users(1_000_000, AMM, "ann", "bob", "cat", "dan");
}

Deno.test("the four order kinds stand in one YES book", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 50, quantity: 10 });
  made.place("ann", "SELL YES 60 x 1");
  made.place("bob", "SELL NO 61 x 2");
  made.place("cat", "BUY YES 38 x 3");
  made.place("dan", "BUY NO 37 x 4");
  assert.equal(made.book(), "39x2 38x3 | 60x1 63x4");
});

for (
  const [text, bookType, frozenAsset, frozenAmount] of [
    ["BUY YES 40 x 5", "NATIVE_BUY", "FUNDS", 201],
    ["BUY NO 40 x 5", "SYNTHETIC_SELL", "FUNDS", 201],
    ["SELL YES 60 x 5", "NATIVE_SELL", "YES_SHARES", 5],
    ["SELL NO 60 x 5", "SYNTHETIC_BUY", "NO_SHARES", 5],
  ] as const
) {
  Deno.test(`${text} is a ${bookType} that freezes ${frozenAmount} of ${frozenAsset}`, () => {
    const made = venue();
    made.exchange.control.seedPairs(AMM, MARKET, 5);
    const { order } = made.place(AMM, text);
    assert.deepEqual(
      [order.bookType, order.frozenAsset, order.frozenAmount],
      [bookType, frozenAsset, frozenAmount],
    );
  });
}

Deno.test("matching takes the best price first, then the oldest", () => {
  const made = venue();
  const dear = made.place("ann", "BUY NO 40 x 5").order;
  const oldest = made.place("bob", "BUY NO 45 x 5").order;
  const younger = made.place("cat", "BUY NO 45 x 5").order;
  const { trades, order } = made.place("dan", "BUY YES 60 x 12");
  assert.deepEqual(
    trades.map(({ sellOrderId, yesPrice, quantity }) => [sellOrderId, yesPrice, quantity]),
    [[oldest.orderId, 55, 5], [younger.orderId, 55, 5], [dear.orderId, 60, 2]],
  );
  assert.equal(order.status, "FILLED");
  assert.equal(made.book(), " | 60x3");
});

Deno.test("the trade price is the maker's, and the taker keeps the improvement", () => {
  const made = venue();
  made.place("ann", "BUY YES 70 x 10");
  made.place("bob", "BUY NO 50 x 10");
  assert.equal(made.held("ann"), "YES 10/700");
  assert.equal(made.held("bob"), "NO 10/300");
  assert.deepEqual(made.cash("bob"), [1_000_000 - 300 - 1, 0]);
});

Deno.test("a partial fill keeps its place in the queue", () => {
  const made = venue();
  const first = made.place("ann", "BUY YES 50 x 10").order;
  made.place("bob", "BUY YES 50 x 10");
  made.place("cat", "BUY NO 50 x 4");
  const { trades } = made.place("cat", "BUY NO 50 x 6");
  assert.deepEqual(trades.map(({ buyOrderId }) => buyOrderId), [first.orderId]);
  assert.equal(made.exchange.order("ann", first.orderId).status, "FILLED");
});

Deno.test("frozen cash is recomputed after every fill and is gone when filled", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 60 x 100");
  assert.equal(order.frozenAmount, 6012);
  made.place("bob", "BUY NO 40 x 33");
  assert.equal(made.exchange.order("ann", order.orderId).frozenAmount, 60 * 67 + 9);
  made.place("bob", "BUY NO 40 x 67");
  assert.equal(made.exchange.order("ann", order.orderId).frozenAmount, 0);
  assert.deepEqual(made.cash("ann"), [1_000_000 - 6000, 0]);
});

Deno.test("a resting order keeps the fee buffer it was placed with when the fees change", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 60 x 100");
  made.exchange.control.patchMarket(MARKET, { takerFeeBps: 500, makerFeeBps: 400 });
  made.place("bob", "BUY NO 40 x 50");
  assert.equal(made.exchange.order("ann", order.orderId).frozenAmount, 3006);
  made.exchange.control.assertInvariants();
});

Deno.test("IOC: what does not match at once is cancelled and given back", () => {
  const made = venue();
  made.place("bob", "BUY NO 40 x 4");
  const { order, trades } = made.place("ann", "BUY YES 60 x 10 IOC");
  assert.deepEqual(
    [order.status, order.filled, order.remaining, order.frozenAmount, order.cancelReason],
    ["CANCELLED", 4, 6, 0, "IOC_UNFILLED"],
  );
  assert.equal(trades.length, 1);
  assert.deepEqual(made.cash("ann"), [1_000_000 - 241, 0]);
  assert.equal(made.book(), " | ");
});

Deno.test("IOC: blocked only by own orders it is cancelled without an error", () => {
  const made = venue();
  made.place("ann", "BUY YES 60 x 10");
  const { order } = made.place("ann", "BUY NO 50 x 10 IOC");
  assert.equal(order.status, "CANCELLED");
  assert.equal(order.filled, 0);
});

Deno.test("a user's own orders are skipped, keep their place, and deeper levels are tried", () => {
  const made = venue();
  const own = made.place("ann", "BUY YES 60 x 10").order;
  const behind = made.place("bob", "BUY YES 60 x 3").order;
  const deeper = made.place("cat", "BUY YES 55 x 4").order;
  const { trades, order } = made.place("ann", "BUY NO 50 x 10");
  assert.deepEqual(trades.map(({ buyOrderId }) => buyOrderId), [behind.orderId, deeper.orderId]);
  assert.equal(order.remaining, 3);
  assert.equal(made.book(), "60x10 | 50x3");
  const next = made.place("dan", "BUY NO 40 x 1");
  assert.deepEqual(next.trades.map(({ buyOrderId }) => buyOrderId), [own.orderId]);
  made.exchange.control.assertInvariants();
});

Deno.test("the AMM trades with itself, the closing leg first", () => {
  const made = venue();
  made.exchange.control.seedPairs(AMM, MARKET, 10);
  made.place(AMM, "SELL YES 60 x 10");
  const { trades, netting } = made.place(AMM, "BUY YES 60 x 10");
  assert.equal(trades[0]?.scenario, "TRANSFER_YES");
  assert.equal(netting, null);
  // It sold at a gain of 10 each what it holds again, now at 60.
  assert.equal(made.held(AMM), "YES 10/600, NO 10/500");
  assert.equal(made.escrow().pool, 100);
  assert.deepEqual(made.cash(AMM), [1_000_000 - 2, 0]);
  made.exchange.control.assertInvariants();
});

Deno.test("the AMM's self-trade stands once in its list of trades", () => {
  const made = venue();
  made.place(AMM, "BUY YES 60 x 10");
  made.place(AMM, "BUY NO 40 x 10");
  assert.equal(made.exchange.trades(AMM).items.length, 1);
});

Deno.test("netting takes unfrozen pairs, and the rest when the SELL order is cancelled", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 50, quantity: 10 });
  const selling = made.place("ann", "SELL YES 90 x 8").order;
  const { netting } = made.place("ann", "BUY NO 50 x 10");
  assert.equal(netting, null);
  made.place("cat", "BUY YES 50 x 10");
  assert.equal(made.held("ann"), "YES 8/400, NO 8/400");
  made.exchange.cancelOrder("ann", selling.orderId);
  assert.equal(made.held("ann"), "nothing");
  made.exchange.control.assertInvariants();
});

Deno.test("netting of the maker is told to the placing user", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 50, quantity: 10 });
  made.place("ann", "BUY NO 50 x 4");
  const { netting } = made.place("cat", "BUY YES 50 x 4");
  assert.deepEqual(netting, { nettedPairs: 4, refundCents: 400 });
});

Deno.test("a SELL IOC that finds nobody gives the shares back", () => {
  const made = venue();
  made.mintBetween("ann", "bob", { price: 50, quantity: 10 });
  made.place("ann", "SELL YES 90 x 10");
  made.place("ann", "BUY NO 50 x 10");
  made.place("cat", "BUY YES 50 x 10");
  assert.equal(made.held("ann"), "YES 10/500, NO 10/500");
  const { order, netting } = made.place("ann", "SELL NO 90 x 2 IOC");
  assert.equal(order.status, "CANCELLED");
  assert.equal(netting, null, "the YES shares are still offered");
  assert.equal(made.place("ann", "SELL NO 90 x 10").order.status, "OPEN");
  made.exchange.control.assertInvariants();
});

Deno.test("fees: a seller pays from the proceeds, and free markets charge nothing", () => {
  const made = new FakeVenue({ makerFee: true }, { makerFeeBps: 0, takerFeeBps: 0 })
    .users(1_000_000, "ann", "bob");
  made.mintBetween("ann", "bob", { price: 50, quantity: 10 });
  assert.deepEqual(made.cash("ann"), [999_500, 0]);
  assert.deepEqual(made.cash("bob"), [999_500, 0]);
  made.exchange.control.patchMarket(MARKET, { takerFeeBps: 100 });
  made.place("bob", "BUY YES 50 x 10");
  made.place("ann", "SELL YES 50 x 10");
  assert.deepEqual(made.cash("ann"), [999_995, 0]);
  assert.equal(made.escrow().fees, 5);
});

Deno.test("the freeze uses the larger of the two fee rates", () => {
  const made = new FakeVenue({}, { makerFeeBps: 300, takerFeeBps: 20 }).users(10_000, "ann");
  assert.equal(made.place("ann", "BUY YES 50 x 10").order.frozenAmount, 515);
});

Deno.test("last trade price and statistics follow the trades of everybody", () => {
  const made = venue();
  assert.equal(made.exchange.orderBook(MARKET).lastTradePrice, null);
  made.mintBetween("ann", "bob", { price: 61, quantity: 5 });
  made.mintBetween("cat", "bob", { price: 62, quantity: 7 });
  assert.equal(made.exchange.orderBook(MARKET).lastTradePrice, 62);
  assert.deepEqual(made.exchange.control.stats(MARKET), {
    totalTrades: 2,
    totalVolume: 12,
    totalFeesCents: 2,
    uniqueBuyers: 2,
    uniqueSellers: 1,
  });
});

Deno.test("listeners hear of trades after the request, in order, also those they cause", () => {
  const made = venue();
  made.place("ann", "BUY YES 60 x 1");
  made.place("ann", "BUY YES 50 x 1");
  const heard: string[] = [];
  made.exchange.control.onTrade(({ yesPrice, aggressor, takerUserId }) => {
    heard.push(`${yesPrice} ${aggressor} ${takerUserId}`);
    if (yesPrice === 60) made.place("cat", "BUY NO 50 x 1");
  });
  made.exchange.control.onTrade(({ yesPrice }) => heard.push(`second ${yesPrice}`));
  made.place("bob", "BUY NO 40 x 1");
  assert.deepEqual(heard, ["60 ASK bob", "second 60", "50 ASK cat", "second 50"]);
});

Deno.test("a listener that left hears nothing", () => {
  const made = venue();
  let heard = 0;
  const leave = made.exchange.control.onTrade(() => heard++);
  leave();
  made.mintBetween("ann", "bob", { price: 50, quantity: 1 });
  assert.equal(heard, 0);
});
