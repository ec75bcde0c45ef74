import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import { cashBudget } from "../../src/execution/cash_capacity.ts";
import { cents, price, type Shares, shares } from "../../src/models/money.ts";
import type { OrderIntent } from "../../src/models/order.ts";
import { sanitize, type SanitizerContext } from "../../src/risk/sanitizer.ts";
import { marketConfig } from "../support/config.ts";
import { describeOrder, intent } from "../support/orders.ts";
import { holding, restingOrder } from "../support/risk.ts";

const NO_LIMITS: Omit<SanitizerContext, "budget" | "holdings"> = {
  resting: [],
  guardShares: { BID: 10_000, ASK: 10_000 },
  withdrawnBy: { BID: [], ASK: [] },
  cooldownSides: [],
  feeFloorCents: 0.7,
  minPrice: price(1),
  maxPrice: price(99),
  market: {
    maxOrderQuantity: shares(10_000),
    maxOrderAmountCents: cents(10_000_000),
    maxPositionPerUser: shares(25_000),
  },
};

/** What a test says about its setting: 1,000 pairs and 100,000 cents unless it says otherwise. */
type Setting = Partial<Omit<SanitizerContext, "budget">> & { readonly spendable?: number };

function check(
  intents: readonly OrderIntent[],
  { spendable = 100_000, ...setting }: Setting = {},
  overrides: Partial<MarketConfig> = {},
) {
  const config = marketConfig({ maxInventoryFraction: 1, ...overrides });
  const holdings = setting.holdings ?? holding(1000, 1000);
  const budget = cashBudget({
    spendableCents: cents(spendable),
    freezeBps: 20,
    holdings,
    unwindingSide: null,
  }, config);
  const result = sanitize(intents, { ...NO_LIMITS, ...setting, holdings, budget }, config);
  return {
    targets: result.targets.map(describeOrder),
    removed: result.removals.map(({ code, quantity }) => `${code} ${quantity}`),
    alerts: result.alerts.map(({ code }) => code),
  };
}

const SELL_YES = intent(["SELL", "YES", 52, 100]);
const SELL_NO = intent(["SELL", "NO", 52, 100]);
const BUY_NO = intent(["BUY", "NO", 48, 100]);
const BUY_YES = intent(["BUY", "YES", 48, 100]);

Deno.test("sanitize: a sound target passes unchanged", () => {
  assert.deepEqual(check([SELL_YES, SELL_NO]), {
    targets: ["SELL YES 52x100", "SELL NO 52x100"],
    removed: [],
    alerts: [],
  });
});

Deno.test("sanitize: an empty target stays empty, which means cancel everything", () => {
  assert.deepEqual(check([]).targets, []);
});

Deno.test("sanitize: cumulative stock and the self-cross rule (§16.3 example)", () => {
  const target = [
    intent(["SELL", "YES", 51, 100]),
    intent(["SELL", "YES", 52, 60]),
    intent(["SELL", "NO", 49, 80]),
  ];
  assert.deepEqual(check(target, { holdings: holding(120, 50) }), {
    targets: ["SELL YES 51x100", "SELL YES 52x20"],
    removed: ["STOCK 40", "STOCK 30", "SELF_CROSS 50"],
    alerts: [],
  });
});

// Check 1

for (
  const [quoteFunding, order, passes] of [
    ["inventory", SELL_YES, true],
    ["inventory", SELL_NO, true],
    ["inventory", BUY_YES, false],
    ["inventory", BUY_NO, false],
    ["cash", SELL_YES, false],
    ["cash", SELL_NO, false],
    ["cash", BUY_YES, true],
    ["cash", BUY_NO, true],
    ["inventory_then_cash", SELL_YES, true],
    ["inventory_then_cash", BUY_NO, true],
  ] as const
) {
  Deno.test(`L-24 sanitize: ${quoteFunding} ${passes ? "lets" : "never lets"} ${describeOrder(order)} through`, () => {
    const { targets, alerts } = check([order], {}, { quoteFunding });
    assert.deepEqual(targets, passes ? [describeOrder(order)] : []);
    assert.deepEqual(alerts, passes ? [] : ["DIRECTION"]);
  });
}

Deno.test("sanitize: contract, direction and side must fit together", () => {
  assert.deepEqual(check([{ ...SELL_YES, side: "BID" }]).alerts, ["DIRECTION"]);
});

// Check 2

for (
  const [name, broken, code] of [
    ["the contract price does not mirror the YES price", { yesPrice: price(53) }, "PRICE"],
    ["the YES price lies above the bounds", {
      yesPrice: price(96),
      contractPrice: price(96),
    }, "PRICE"],
    [
      "the YES price lies below the bounds",
      { yesPrice: price(4), contractPrice: price(4) },
      "PRICE",
    ],
    ["the price is not a whole number", {
      yesPrice: 52.5 as never,
      contractPrice: 52.5 as never,
    }, "PRICE"],
    ["the quantity is no number", { quantity: NaN as Shares }, "QUANTITY"],
    ["the quantity is a fraction", { quantity: 1.5 as Shares }, "QUANTITY"],
    ["the quantity is nothing", { quantity: 0 as Shares }, "QUANTITY"],
    ["the quantity is smaller than the smallest order", { quantity: shares(4) }, "QUANTITY"],
  ] as const
) {
  Deno.test(`sanitize: rejects and alerts when ${name}`, () => {
    const bounds = { minPrice: price(5), maxPrice: price(95) };
    const { targets, alerts } = check([{ ...SELL_YES, ...broken }], bounds, { minOrderQty: 5 });
    assert.deepEqual([targets, alerts], [[], [code]]);
  });
}

// Check 3

Deno.test("sanitize: a withdrawn side is not quoted, the other is", () => {
  const withdrawnBy = { ASK: [], BID: ["EXTREME_PRICE"] };
  assert.deepEqual(check([SELL_YES, SELL_NO], { withdrawnBy }).targets, ["SELL YES 52x100"]);
});

Deno.test("sanitize: KILL withdraws both sides", () => {
  const withdrawnBy = { ASK: ["KILL_SWITCH"], BID: ["KILL_SWITCH"] };
  assert.deepEqual(check([SELL_YES, SELL_NO], { withdrawnBy }).removed, [
    "WITHDRAWN 100",
    "WITHDRAWN 100",
  ]);
});

Deno.test("sanitize: a side that cools down gets no more at any price than rests there", () => {
  const ladder = [
    intent(["SELL", "YES", 51, 100]),
    intent(["SELL", "YES", 52, 70]),
    intent(["SELL", "YES", 53, 49]),
  ];
  const resting = [restingOrder(["SELL", "YES", 52, 60]), restingOrder(["SELL", "YES", 53, 49])];
  assert.deepEqual(check(ladder, { resting, cooldownSides: ["ASK"] }), {
    targets: ["SELL YES 52x60", "SELL YES 53x49"],
    removed: ["COOLDOWN 100", "COOLDOWN 10"],
    alerts: [],
  });
});

Deno.test("sanitize: a side that cools down may move away as a whole", () => {
  const ladder = [intent(["SELL", "YES", 53, 100]), intent(["SELL", "YES", 54, 70])];
  const resting = [restingOrder(["SELL", "YES", 51, 100]), restingOrder(["SELL", "YES", 52, 70])];
  assert.deepEqual(check(ladder, { resting, cooldownSides: ["ASK"] }).removed, []);
});

Deno.test("sanitize: the other side is not affected by a cooldown", () => {
  const { targets } = check([SELL_YES, SELL_NO], { cooldownSides: ["ASK"] });
  assert.deepEqual(targets, ["SELL NO 52x100"]);
});

// Check 4

Deno.test("sanitize: an order is cut to the market's largest quantity", () => {
  const market = { ...NO_LIMITS.market, maxOrderQuantity: shares(30) };
  assert.deepEqual(check([SELL_YES], { market }).targets, ["SELL YES 52x30"]);
});

Deno.test("sanitize: an order is cut to the market's largest amount at its contract price", () => {
  const market = { ...NO_LIMITS.market, maxOrderAmountCents: cents(1039) };
  assert.deepEqual(check([SELL_YES], { market }).targets, ["SELL YES 52x19"]);
});

Deno.test("sanitize: purchases stop at the position limit, counted over the whole target", () => {
  const market = { ...NO_LIMITS.market, maxPositionPerUser: shares(1120) };
  const ladder = [BUY_NO, intent(["BUY", "NO", 47, 100])];
  const setting = { market, holdings: holding(1000, 1000) };
  assert.deepEqual(check(ladder, setting, { quoteFunding: "cash" }).targets, [
    "BUY NO 48x100",
    "BUY NO 47x20",
  ]);
});

Deno.test("sanitize: max_inventory_per_side limits purchases, never sales", () => {
  const config = { quoteFunding: "inventory_then_cash", maxInventoryPerSide: 900 } as const;
  assert.deepEqual(check([SELL_YES, BUY_YES], {}, config).targets, ["SELL YES 52x100"]);
});

// Check 5

Deno.test("sanitize: a side stays within its guard limit, near levels first, both forms counted", () => {
  const ladder = [intent(["BUY", "NO", 47, 100]), SELL_YES];
  const setting = { guardShares: { ASK: 130, BID: 0 } };
  assert.deepEqual(check(ladder, setting, { quoteFunding: "inventory_then_cash" }).targets, [
    "SELL YES 52x100",
    "BUY NO 47x30",
  ]);
});

Deno.test("L-16 sanitize: sales are allocated against the total stock, 80 and 60 of 100 give 80 and 20", () => {
  const ladder = [intent(["SELL", "YES", 51, 80]), intent(["SELL", "YES", 52, 60])];
  const resting = [restingOrder(["SELL", "YES", 51, 80]), restingOrder(["SELL", "YES", 52, 20])];
  assert.deepEqual(check(ladder, { holdings: holding(100, 0), resting }).targets, [
    "SELL YES 51x80",
    "SELL YES 52x20",
  ]);
});

Deno.test("L-05 sanitize: zero cash removes no sale", () => {
  assert.deepEqual(check([SELL_YES, SELL_NO], { spendable: 0 }).removed, []);
});

Deno.test("sanitize: purchases stop at the cash there is, alternating sides", () => {
  const target = [BUY_NO, BUY_YES];
  const { targets, removed } = check(target, { spendable: 7000 }, { quoteFunding: "cash" });
  assert.deepEqual(targets, ["BUY NO 48x100", "BUY YES 48x45"]);
  assert.deepEqual(removed, ["CASH 55"]);
});

Deno.test("sanitize: what is left below the smallest order is dropped", () => {
  const setting = { guardShares: { ASK: 4, BID: 10 } };
  assert.deepEqual(check([SELL_YES], setting, { minOrderQty: 5 }), {
    targets: [],
    removed: ["GUARD 100"],
    alerts: [],
  });
});

// Checks 6 and 8

for (
  const [name, crossing, kept] of [
    ["sales at 50 and 50 are 100 together", [
      intent(["SELL", "YES", 50, 10]),
      intent(["SELL", "NO", 50, 10]),
    ], 1],
    ["sales at 51 and 50 are 101 together", [
      intent(["SELL", "YES", 51, 10]),
      intent(["SELL", "NO", 50, 10]),
    ], 2],
    ["purchases at 50 and 50 are 100 together", [
      intent(["BUY", "NO", 50, 10]),
      intent(["BUY", "YES", 50, 10]),
    ], 1],
    ["purchases at 49 and 50 are 99 together", [
      intent(["BUY", "NO", 49, 10]),
      intent(["BUY", "YES", 50, 10]),
    ], 2],
    ["a sale at 50 and a purchase at 50", [
      intent(["SELL", "YES", 50, 10]),
      intent(["BUY", "YES", 50, 10]),
    ], 1],
  ] as const
) {
  Deno.test(`sanitize: own quotes never cross: ${name}`, () => {
    const config = {
      quoteFunding: crossing.every((o) => o.direction === "BUY") ? "cash" : "inventory_then_cash",
    } as const;
    assert.equal(check(crossing, {}, config).targets.length, kept);
  });
}

Deno.test("sanitize: of two crossing orders the one that rests is kept", () => {
  const [ask, bid] = [intent(["SELL", "YES", 50, 10]), intent(["SELL", "NO", 49, 10])];
  const restingAsk = [restingOrder(["SELL", "YES", 50, 10])];
  assert.deepEqual(check([ask, bid], { resting: restingAsk }).targets, ["SELL YES 50x10"]);
  const restingBid = [restingOrder(["SELL", "NO", 49, 10])];
  assert.deepEqual(check([ask, bid], { resting: restingBid }).targets, ["SELL NO 49x10"]);
});

Deno.test("sanitize: of two new crossing orders the one that reduces the net position is kept", () => {
  const target = [intent(["SELL", "YES", 50, 10]), intent(["SELL", "NO", 49, 10])];
  assert.deepEqual(check(target, { holdings: holding(20, 10) }).targets, ["SELL YES 50x10"]);
  assert.deepEqual(check(target, { holdings: holding(10, 20) }).targets, ["SELL NO 49x10"]);
});

Deno.test("sanitize: only what crosses is dropped, the levels behind it stay", () => {
  const target = [
    intent(["SELL", "YES", 51, 10]),
    intent(["SELL", "NO", 48, 10]),
    intent(["SELL", "NO", 51, 10]),
  ];
  assert.deepEqual(check(target).targets, ["SELL YES 51x10", "SELL NO 51x10"]);
});

Deno.test("sanitize: the best quotes stay the fee floor apart", () => {
  const target = [
    intent(["SELL", "YES", 51, 10]),
    intent(["SELL", "NO", 51, 10]),
    intent(["SELL", "NO", 52, 10]),
  ];
  assert.deepEqual(check(target, { feeFloorCents: 2 }).removed, []);
  assert.deepEqual(check(target, { feeFloorCents: 2 + 1e-12 }).removed, [], "binary noise");
  assert.deepEqual(check(target, { feeFloorCents: 2.5 }), {
    targets: ["SELL YES 51x10", "SELL NO 52x10"],
    removed: ["FEE_FLOOR 10"],
    alerts: [],
  });
});

Deno.test("sanitize: the fee floor does not bind when only one side is quoted", () => {
  assert.deepEqual(check([SELL_YES], { feeFloorCents: 90 }).removed, []);
});

// Check 7

Deno.test("sanitize: equal orders become one, and one limit", () => {
  const market = { ...NO_LIMITS.market, maxOrderQuantity: shares(150) };
  assert.deepEqual(check([SELL_YES, SELL_YES], { market }).targets, ["SELL YES 52x150"]);
});
