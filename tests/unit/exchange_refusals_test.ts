import assert from "node:assert/strict";
import { AMM_USER_ID, attempt, type OrderRequest } from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET } from "../support/fake_venue.ts";

/**
 * A venue in which everything below can be refused: ann is rich, bob has a dollar, cat is disabled.
 */
function venue(): FakeVenue {
  const made = new FakeVenue().users(1_000_000, AMM, "ann", "cat").users(100, "bob");
  made.exchange.control.createMarket({ marketId: "SLEEPING", status: "SUSPENDED" });
  made.exchange.control.createMarket({ marketId: "OTHER" });
  made.mintBetween("ann", AMM, { price: 60, quantity: 10 });
  made.exchange.control.setEnabled("cat", false);
  return made;
}

const ORDER: OrderRequest = {
  marketId: MARKET,
  contract: "YES",
  direction: "BUY",
  contractPrice: 60,
  quantity: 10,
};

interface PlaceRefusal {
  readonly what: string;
  readonly user?: string;
  readonly order: Partial<OrderRequest>;
  readonly code: number;
  readonly message: string;
}

const PLACE_REFUSALS: readonly PlaceRefusal[] = [
  {
    what: "a client order id with a space",
    order: { clientOrderId: "a b" },
    code: 422,
    message: "client_order_id must not be empty or contain whitespace",
  },
  {
    what: "a client order id of 65 characters",
    order: { clientOrderId: "x".repeat(65) },
    code: 422,
    message: "client_order_id must have at most 64 characters",
  },
  {
    what: "an unknown market",
    order: { marketId: "NOPE" },
    code: 3001,
    message: "Market not found: NOPE",
  },
  {
    what: "a market that does not trade",
    order: { marketId: "SLEEPING" },
    code: 3002,
    message: "Market is not active: SLEEPING",
  },
  {
    what: "a price of 0",
    order: { contractPrice: 0 },
    code: 4001,
    message: "Price out of range: 0",
  },
  {
    what: "a price of 100",
    order: { contractPrice: 100 },
    code: 4001,
    message: "Price out of range: 100",
  },
  {
    what: "half a cent",
    order: { contractPrice: 50.5 },
    code: 4001,
    message: "Price out of range: 50.5",
  },
  {
    what: "no shares",
    order: { quantity: 0 },
    code: 4002,
    message: "Order limit exceeded: quantity=0 must be in [1, 10000]",
  },
  {
    what: "too many shares",
    order: { quantity: 10_001 },
    code: 4002,
    message: "Order limit exceeded: quantity=10001 must be in [1, 10000]",
  },
  {
    what: "a purchase beyond the cash, fee buffer included",
    user: "bob",
    order: { contractPrice: 50, quantity: 2 },
    code: 2001,
    message: "Insufficient balance: required 101 cents, available 0 cents",
  },
  {
    what: "a sale of more than the unfrozen shares",
    order: { direction: "SELL", quantity: 11 },
    code: 5001,
    message: "Insufficient position: Insufficient YES shares: need 11",
  },
  {
    what: "a sale of a contract never held",
    user: "bob",
    order: { direction: "SELL", contract: "NO", quantity: 1 },
    code: 5001,
    message: "Insufficient position: Insufficient NO shares: need 1",
  },
  {
    what: "a disabled user",
    user: "cat",
    order: {},
    code: 1004,
    message: "Account is disabled",
  },
  {
    what: "an unknown user",
    user: "nobody",
    order: {},
    code: 9002,
    message: "Account not found: nobody",
  },
];

for (const { what, user = "ann", order, code, message } of PLACE_REFUSALS) {
  Deno.test(`placeOrder: ${what} is refused with ${code} and changes nothing`, () => {
    const { exchange } = venue();
    const before = exchange.control.dumpState();
    const answer = attempt(() => exchange.placeOrder(user, { ...ORDER, ...order }));
    assert.deepEqual(
      answer.ok ? "accepted" : [answer.refusal.code, answer.refusal.message],
      [code, message],
    );
    assert.deepEqual(exchange.control.dumpState(), before);
  });
}

Deno.test("placeOrder: checks run in the venue's order, the first failure answers", () => {
  const everythingWrong = { marketId: "NOPE", contractPrice: 0, quantity: 0 };
  const made = venue();
  const refusedWith = (order: Partial<OrderRequest>) => {
    const answer = attempt(() => made.exchange.placeOrder("bob", { ...ORDER, ...order }));
    return answer.ok ? 0 : answer.refusal.code;
  };
  made.place("bob", "BUY YES 1 x 1", { clientOrderId: "used" });
  assert.equal(refusedWith({ ...everythingWrong, clientOrderId: "used" }), 4005);
  assert.equal(refusedWith(everythingWrong), 3001);
  assert.equal(refusedWith({ ...everythingWrong, marketId: "SLEEPING" }), 3002);
  assert.equal(refusedWith({ ...everythingWrong, marketId: MARKET }), 4001);
  assert.equal(refusedWith({ quantity: 0 }), 4002);
  assert.equal(refusedWith({}), 2001);
});

Deno.test("cancelOrder: unknown 4004, another's 403, done 4006", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 10 x 1");
  made.refuses(4004, () => made.exchange.cancelOrder("ann", "1"));
  made.refuses(403, () => made.exchange.cancelOrder("bob", order.orderId));
  made.exchange.cancelOrder("ann", order.orderId);
  made.refuses(4006, () => made.exchange.cancelOrder("ann", order.orderId));
});

Deno.test("privileged requests are refused with 6099 for everybody but the AMM", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 10 x 1");
  const pairs = { marketId: MARKET, quantity: 1, idempotencyKey: "k" };
  made.refuses(6099, () => made.exchange.mint("ann", pairs));
  made.refuses(6099, () => made.exchange.burn("ann", pairs));
  made.refuses(6099, () => made.exchange.batchCancel("ann", { marketId: MARKET }));
  made.refuses(6099, () => made.exchange.replaceOrder("ann", order.orderId, ORDER));
});

Deno.test("withdraw: more than the available cash is refused with the real figures", () => {
  const { exchange } = venue();
  const answer = attempt(() => exchange.withdraw("bob", 101));
  assert.equal(
    answer.ok ? "" : answer.refusal.message,
    "Insufficient balance: required 101 cents, available 100 cents",
  );
});

for (const amount of [0, -1, 0.5, 10_000_001]) {
  Deno.test(`deposit and withdraw: ${amount} cents is no valid amount`, () => {
    const made = venue();
    made.refuses(422, () => made.exchange.deposit("ann", amount));
    made.refuses(422, () => made.exchange.withdraw("ann", amount));
  });
}

Deno.test("deposit and withdraw: cash and ledger move together", () => {
  const { exchange } = venue();
  assert.equal(exchange.deposit("bob", 50).availableCents, 150);
  assert.equal(exchange.withdraw("bob", 30).availableCents, 120);
  const lines = exchange.ledger("bob").items.map((entry) => [
    entry.type,
    entry.amountCents,
    entry.balanceAfterCents,
  ]);
  assert.deepEqual(lines, [["WITHDRAW", -30, 120], ["DEPOSIT", 50, 150], ["DEPOSIT", 100, 100]]);
  exchange.control.assertInvariants();
});

Deno.test("reads: unknown market, missing position, foreign order", () => {
  const made = venue();
  const { order } = made.place("ann", "BUY YES 10 x 1");
  made.refuses(3001, () => made.exchange.market("NOPE"));
  made.refuses(3001, () => made.exchange.orderBook("NOPE"));
  made.refuses(3002, () => made.exchange.orderBook("SLEEPING"));
  made.refuses(3001, () => made.exchange.position("bob", MARKET));
  made.refuses(403, () => made.exchange.order("bob", order.orderId));
  made.refuses(4004, () => made.exchange.order("bob", "0"));
  made.refuses(422, () => made.exchange.trades("ann", { limit: 101 }));
});

/** Orders against the market's own limits: price 10 to 90, 100 shares, 5,000 cents, position 60. */
const LIMITS = {
  minPrice: 10,
  maxPrice: 90,
  maxOrderQuantity: 100,
  maxOrderAmountCents: 5_000,
  maxPositionPerUser: 60,
};

for (
  const [text, code] of [
    ["BUY YES 9 x 1", 4001],
    ["BUY NO 91 x 1", 4001],
    ["BUY YES 10 x 101", 4002],
    ["BUY YES 90 x 56", 4002],
    ["BUY YES 10 x 61", 4002],
  ] as const
) {
  Deno.test(`enforceMarketLimits: ${text} is refused with ${code}, and accepted without`, () => {
    const strict = new FakeVenue({ enforceMarketLimits: true }, LIMITS).users(1_000_000, "ann");
    strict.refuses(code, () => strict.place("ann", text));
    const deployed = new FakeVenue({}, LIMITS).users(1_000_000, "ann");
    assert.equal(deployed.place("ann", text).order.status, "OPEN");
  });
}

Deno.test("the AMM's role follows from its user id", () => {
  const { exchange } = venue();
  assert.equal(exchange.account(AMM_USER_ID).role, "AMM");
  assert.equal(exchange.account("ann").role, "USER");
});
