import assert from "node:assert/strict";
import { attempt, type ExchangeSettings, type OrderRequest } from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET, orderOf, type OrderText } from "../support/fake_venue.ts";

function venue(settings: Partial<ExchangeSettings> = {}): FakeVenue {
  const made = new FakeVenue(settings).users(1_000_000, "ann", "bob").users(1_000, AMM);
  made.exchange.control.createMarket({ marketId: "OTHER" });
  made.exchange.control.seedPairs(AMM, MARKET, 100);
  return made;
}

function request(text: OrderText, changes: Partial<OrderRequest> = {}): OrderRequest {
  return { marketId: MARKET, ...orderOf(text), ...changes };
}

Deno.test("replace: the old order ends, the new one stands, in one step", () => {
  const made = venue();
  const old = made.place(AMM, "SELL YES 55 x 50").order;
  const { oldOrder, order, trades } = made.exchange.replaceOrder(
    AMM,
    old.orderId,
    request("SELL YES 56 x 40"),
  );
  assert.deepEqual([oldOrder.orderId, oldOrder.status], [old.orderId, "CANCELLED"]);
  assert.equal(order.status, "OPEN");
  assert.deepEqual(trades, []);
  assert.equal(made.book(), " | 56x40");
  made.exchange.control.assertInvariants();
});

Deno.test("replace: the released freeze is available to the new order", () => {
  const made = venue();
  const old = made.place(AMM, "BUY YES 49 x 20").order;
  assert.deepEqual(made.cash(AMM), [18, 982]);
  const { order } = made.exchange.replaceOrder(AMM, old.orderId, request("BUY YES 48 x 20"));
  assert.equal(order.frozenAmount, 962);
  assert.deepEqual(made.cash(AMM), [38, 962]);
});

Deno.test("replace: the new order may be of another kind and trade at once", () => {
  const made = venue();
  made.place("ann", "BUY YES 60 x 5");
  const old = made.place(AMM, "BUY NO 30 x 5").order;
  const { order, trades } = made.exchange.replaceOrder(
    AMM,
    old.orderId,
    request("SELL YES 60 x 5"),
  );
  assert.equal(order.status, "FILLED");
  assert.deepEqual(trades.map(({ yesPrice, quantity }) => [yesPrice, quantity]), [[60, 5]]);
});

Deno.test("replace: a replaced order loses its place in the queue", () => {
  const made = venue();
  const old = made.place(AMM, "BUY YES 40 x 5").order;
  const other = made.place("ann", "BUY YES 40 x 5").order;
  made.exchange.replaceOrder(AMM, old.orderId, request("BUY YES 40 x 5"));
  const { trades } = made.place("bob", "BUY NO 60 x 1");
  assert.equal(trades[0]?.buyOrderId, other.orderId);
});

for (
  const [text, changes, code] of [
    ["SELL YES 55 x 101", {}, 5001],
    ["BUY YES 99 x 100", {}, 2001],
    ["SELL YES 0 x 50", {}, 4001],
    ["SELL YES 55 x 0", {}, 4002],
    ["SELL YES 55 x 1", { marketId: "OTHER" }, 6005],
    ["SELL YES 55 x 1", { clientOrderId: "used" }, 4005],
  ] as const
) {
  const what = `${text} ${JSON.stringify(changes)}`;
  Deno.test(`replace: ${what} fails with ${code}, the old order stands`, () => {
    const made = venue();
    made.place(AMM, "BUY YES 1 x 1", { clientOrderId: "used" });
    const old = made.place(AMM, "SELL YES 55 x 50").order;
    made.place("ann", "BUY NO 45 x 5");
    made.refuses(
      code,
      () => made.exchange.replaceOrder(AMM, old.orderId, request(text, changes)),
    );
    const { trades } = made.place("bob", "BUY YES 55 x 1");
    assert.equal(trades[0]?.sellOrderId, old.orderId, "it lost its place");
  });
}

Deno.test("replace: in a market that does not trade it is refused, the old order stands", () => {
  const made = venue();
  const old = made.place(AMM, "SELL YES 55 x 50").order;
  made.exchange.control.patchMarket(MARKET, { status: "HALTED" });
  made.refuses(
    3002,
    () => made.exchange.replaceOrder(AMM, old.orderId, request("SELL YES 56 x 1")),
  );
});

Deno.test("replace: unknown 6002, another's 6004, filled 6003, cancelled 4006", () => {
  const made = venue();
  const fresh = request("SELL YES 56 x 1");
  const foreign = made.place("ann", "BUY YES 10 x 1").order.orderId;
  const filled = made.place(AMM, "SELL YES 55 x 5").order.orderId;
  made.place("ann", "BUY YES 55 x 5");
  const cancelled = made.place(AMM, "SELL YES 55 x 5").order.orderId;
  made.exchange.cancelOrder(AMM, cancelled);
  made.refuses(6002, () => made.exchange.replaceOrder(AMM, "0", fresh));
  made.refuses(6004, () => made.exchange.replaceOrder(AMM, foreign, fresh));
  made.refuses(6003, () => made.exchange.replaceOrder(AMM, filled, fresh));
  made.refuses(4006, () => made.exchange.replaceOrder(AMM, cancelled, fresh));
});

Deno.test("replace: an order with fills is refused with 6001, its remainder cancelled", () => {
  const made = venue();
  const old = made.place(AMM, "SELL YES 55 x 50").order;
  made.place("ann", "BUY YES 55 x 20");
  const replace = () => made.exchange.replaceOrder(AMM, old.orderId, request("SELL YES 56 x 1"));
  const answer = attempt(replace);
  assert.deepEqual(answer.ok ? null : [answer.refusal.code, answer.refusal.data], [6001, {
    old_order_id: old.orderId,
    old_order_status: "CANCELLED",
    filled_quantity: 20,
    remaining_quantity_cancelled: 30,
    unfrozen_amount: 30,
    unfrozen_asset_type: "YES_SHARES",
  }]);
  assert.equal(made.exchange.order(AMM, old.orderId).status, "CANCELLED");
  made.refuses(6001, replace);
  made.exchange.control.assertInvariants();
});

Deno.test("replace: 6001 comes before 6005", () => {
  const made = venue();
  const old = made.place(AMM, "SELL YES 55 x 50").order;
  made.place("ann", "BUY YES 55 x 20");
  const elsewhere = request("SELL YES 56 x 1", { marketId: "OTHER" });
  const answer = attempt(() => made.exchange.replaceOrder(AMM, old.orderId, elsewhere));
  assert.equal(answer.ok ? 0 : answer.refusal.code, 6001);
});

Deno.test("replace: repeated under the same new id it gives the existing order", () => {
  const made = venue();
  const old = made.place(AMM, "SELL YES 55 x 50").order;
  const fresh = request("SELL YES 56 x 40", { clientOrderId: "new" });
  const first = made.exchange.replaceOrder(AMM, old.orderId, fresh);
  const before = made.exchange.control.dumpState();
  const again = made.exchange.replaceOrder(AMM, old.orderId, fresh);
  assert.deepEqual(again, first);
  assert.deepEqual(made.exchange.control.dumpState(), before);
});

for (
  const [scope, cancelledCount, funds, yes, no] of [
    ["ALL", 4, 402, 30, 20],
    ["BUY_ONLY", 2, 402, 0, 0],
    ["SELL_ONLY", 2, 0, 30, 20],
  ] as const
) {
  Deno.test(`batch cancel ${scope}: takes orders by direction, sums what it releases`, () => {
    const made = venue();
    made.place(AMM, "SELL YES 60 x 30");
    made.place(AMM, "SELL NO 70 x 20");
    made.place(AMM, "BUY YES 20 x 10");
    made.place(AMM, "BUY NO 20 x 10");
    made.place(AMM, "BUY NO 1 x 1", { marketId: "OTHER" });
    made.place("ann", "BUY NO 1 x 1");
    const done = made.exchange.batchCancel(AMM, { marketId: MARKET, scope });
    assert.deepEqual(done, {
      marketId: MARKET,
      cancelledCount,
      unfrozenFundsCents: funds,
      unfrozenYesShares: yes,
      unfrozenNoShares: no,
    });
    assert.equal(made.exchange.openOrders(AMM, MARKET).length, 4 - cancelledCount);
    assert.equal(made.exchange.openOrders(AMM, "OTHER").length, 1);
    assert.equal(made.exchange.openOrders("ann", MARKET).length, 1);
    made.exchange.control.assertInvariants();
  });
}

Deno.test("batch cancel: nothing to cancel gives zeros, an unknown market 3001", () => {
  const made = venue();
  const { cancelledCount } = made.exchange.batchCancel(AMM, { marketId: MARKET });
  assert.equal(cancelledCount, 0);
  made.refuses(3001, () => made.exchange.batchCancel(AMM, { marketId: "NOPE" }));
});
