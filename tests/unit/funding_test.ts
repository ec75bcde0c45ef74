import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import {
  capBuys,
  cashBudget,
  freezeRateBps,
  frozenLeakCents,
  spendableCents,
} from "../../src/execution/cash_capacity.ts";
import { fundQuotes } from "../../src/execution/funding.ts";
import type { Holdings } from "../../src/models/inventory.ts";
import { type Cents, cents, freezeCents, price, shares } from "../../src/models/money.ts";
import type { BookQuote, OpenOrder } from "../../src/models/order.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import { marketConfig } from "../support/config.ts";
import { describeOrder, intent, quote } from "../support/orders.ts";
import { holding, restingOrder } from "../support/risk.ts";

/**
 * What a test says about the means of funding; nothing is held and there is no cash unless it says
 * so.
 */
interface Means {
  readonly holdings?: Holdings;
  readonly spendable?: number;
  readonly resting?: readonly OpenOrder[];
  readonly unwindingSide?: BookSide;
}

function fund(quotes: readonly BookQuote[], means: Means, overrides: Partial<MarketConfig>) {
  const config = marketConfig(overrides);
  const holdings = means.holdings ?? holding(0, 0);
  return fundQuotes(quotes, {
    holdings,
    resting: means.resting ?? [],
    budget: budgetOf(means, config),
  }, config);
}

function budgetOf(means: Means, config: MarketConfig) {
  return cashBudget({
    spendableCents: cents(means.spendable ?? 0),
    freezeBps: 20,
    holdings: means.holdings ?? holding(0, 0),
    unwindingSide: means.unwindingSide ?? null,
  }, config);
}

const descriptions = (funded: ReturnType<typeof fund>) => funded.intents.map(describeOrder);

// §0.4: what a quote becomes

for (
  const [quoteFunding, side, expected] of [
    ["inventory", "ASK", "SELL YES 53x10"],
    ["inventory", "BID", "SELL NO 53x10"],
    ["cash", "ASK", "BUY NO 47x10"],
    ["cash", "BID", "BUY YES 47x10"],
    ["inventory_then_cash", "ASK", "SELL YES 53x10"],
    ["inventory_then_cash", "BID", "SELL NO 53x10"],
  ] as const
) {
  Deno.test(`fundQuotes: with ${quoteFunding} a ${side} is ${expected}`, () => {
    const quotes = [quote(side, side === "ASK" ? 53 : 47, 10)];
    const means = { holdings: holding(50, 50), spendable: 10_000 };
    assert.deepEqual(descriptions(fund(quotes, means, { quoteFunding })), [expected]);
  });
}

Deno.test("fundQuotes: with inventory a side sells what is held, near levels first", () => {
  const quotes = [quote("ASK", 52, 60, 1), quote("ASK", 51, 100)];
  const funded = fund(quotes, { holdings: holding(120, 0) }, { quoteFunding: "inventory" });
  assert.deepEqual(descriptions(funded), ["SELL YES 51x100", "SELL YES 52x20"]);
  assert.deepEqual(funded.removals.map(({ code, quantity }) => [code, quantity]), [["STOCK", 40]]);
});

Deno.test("L-05 fundQuotes: with inventory and no cash both sides are quoted", () => {
  const quotes = [quote("ASK", 52, 100), quote("BID", 48, 100)];
  const funded = fund(quotes, { holdings: holding(1000, 1000) }, { quoteFunding: "inventory" });
  assert.deepEqual(descriptions(funded), ["SELL YES 52x100", "SELL NO 52x100"]);
  assert.deepEqual(funded.drySides, []);
});

Deno.test("fundQuotes: with stock first the rest is bought", () => {
  const quotes = [quote("ASK", 51, 100), quote("ASK", 52, 60, 1)];
  const means = { holdings: holding(120, 0), spendable: 100_000 };
  const funded = fund(quotes, means, { quoteFunding: "inventory_then_cash" });
  assert.deepEqual(descriptions(funded), ["SELL YES 51x100", "SELL YES 52x20", "BUY NO 48x40"]);
});

Deno.test("fundQuotes: what rests keeps its form when stock has come in since", () => {
  const resting = [restingOrder(["BUY", "NO", 49, 80])];
  const means = { holdings: holding(200, 0), spendable: 100_000, resting };
  const funded = fund([quote("ASK", 51, 100)], means, { quoteFunding: "inventory_then_cash" });
  assert.deepEqual(descriptions(funded), ["SELL YES 51x20", "BUY NO 49x80"]);
});

Deno.test("fundQuotes: a resting form that the mode no longer has is not kept", () => {
  const resting = [restingOrder(["BUY", "NO", 49, 80])];
  const means = { holdings: holding(200, 0), spendable: 100_000, resting };
  const funded = fund([quote("ASK", 51, 100)], means, { quoteFunding: "inventory" });
  assert.deepEqual(descriptions(funded), ["SELL YES 51x100"]);
});

Deno.test("fundQuotes: a sale smaller than the smallest order is bought instead", () => {
  const means = { holdings: holding(3, 0), spendable: 100_000 };
  const config = { quoteFunding: "inventory_then_cash", minOrderQty: 5 } as const;
  assert.deepEqual(descriptions(fund([quote("ASK", 51, 100)], means, config)), ["BUY NO 49x100"]);
});

Deno.test("fundQuotes: a purchase smaller than the smallest order is dropped when stock is used up", () => {
  const means = { holdings: holding(97, 0), spendable: 100_000 };
  const config = { quoteFunding: "inventory_then_cash", minOrderQty: 5 } as const;
  const funded = fund([quote("ASK", 51, 100)], means, config);
  assert.deepEqual(descriptions(funded), ["SELL YES 51x97"]);
  assert.deepEqual(funded.removals.map(({ code, quantity }) => [code, quantity]), [["MIN_QTY", 3]]);
});

Deno.test("fundQuotes: a resting purchase too small to keep is sold from stock instead", () => {
  const resting = [restingOrder(["BUY", "NO", 49, 3])];
  const means = { holdings: holding(200, 0), spendable: 100_000, resting };
  const config = { quoteFunding: "inventory_then_cash", minOrderQty: 5 } as const;
  assert.deepEqual(descriptions(fund([quote("ASK", 51, 100)], means, config)), ["SELL YES 51x100"]);
});

for (
  const [quoteFunding, means, drySides] of [
    ["inventory", { holdings: holding(100, 0) }, ["BID"]],
    ["inventory", { holdings: holding(0, 0) }, ["ASK", "BID"]],
    ["cash", { holdings: holding(100, 100) }, ["ASK", "BID"]],
    ["inventory_then_cash", { holdings: holding(0, 100) }, ["ASK"]],
  ] as const
) {
  Deno.test(`fundQuotes: ${quoteFunding} with ${JSON.stringify(means)} leaves ${drySides} dry`, () => {
    const quotes = [quote("ASK", 52, 100), quote("BID", 48, 100)];
    assert.deepEqual(fund(quotes, means, { quoteFunding }).drySides, drySides);
  });
}

Deno.test("fundQuotes: a side without quotes is not dry", () => {
  const funded = fund([quote("ASK", 52, 10)], { holdings: holding(10, 0) }, {});
  assert.deepEqual(funded.drySides, []);
});

// §16.2: the freeze arithmetic

const ASKS = [quote("ASK", 52, 100), quote("ASK", 54, 70, 1), quote("ASK", 57, 49, 2)];
const BIDS = [quote("BID", 48, 100), quote("BID", 46, 70, 1), quote("BID", 44, 49, 2)];

Deno.test("capBuys: each side gets half of 20,000 cents (§16.2 example)", () => {
  const funded = fund([...ASKS, ...BIDS], { spendable: 20_000 }, { quoteFunding: "cash" });
  assert.deepEqual(descriptions(funded), [
    "BUY NO 48x100",
    "BUY NO 46x70",
    "BUY NO 43x45",
    "BUY YES 48x100",
    "BUY YES 46x70",
    "BUY YES 44x44",
  ]);
});

for (
  const [contractPrice, quantity, frozen] of [
    [48, 100, 4810],
    [46, 70, 3227],
    [43, 45, 1939],
    [43, 49, 2112],
    [44, 44, 1940],
  ] as const
) {
  Deno.test(`freezeCents: ${quantity} at ${contractPrice} freeze ${frozen} cents at 20 bps (§16.2 example)`, () => {
    assert.equal(freezeCents(price(contractPrice), shares(quantity), 20), frozen);
  });
}

Deno.test("capBuys: scarce cash goes to the reducing side first", () => {
  const quotes = [quote("ASK", 52, 100), quote("BID", 48, 100)];
  const config = { quoteFunding: "cash", maxInventoryFraction: 1 } as const;
  const yesHeavy = fund(quotes, { spendable: 4810, holdings: holding(10, 0) }, config);
  assert.deepEqual(descriptions(yesHeavy), ["BUY NO 48x100"]);
  const noHeavy = fund(quotes, { spendable: 4810, holdings: holding(0, 10) }, config);
  assert.deepEqual(descriptions(noHeavy), ["BUY YES 48x100"]);
});

Deno.test("capBuys: near levels of both sides are served before far ones", () => {
  const quotes = [...ASKS, ...BIDS];
  const config = { quoteFunding: "cash", maxInventoryFraction: 1 } as const;
  assert.deepEqual(descriptions(fund(quotes, { spendable: 2 * 4810 }, config)), [
    "BUY NO 48x100",
    "BUY YES 48x100",
  ]);
});

Deno.test("capBuys: when unwinding, the reducing side may use all the cash", () => {
  const means = { spendable: 9620, holdings: holding(10, 0), unwindingSide: "ASK" } as const;
  const funded = fund([quote("ASK", 52, 200)], means, { quoteFunding: "cash" });
  assert.deepEqual(descriptions(funded), ["BUY NO 48x200"]);
});

Deno.test("L-05 capBuys: with cash funding orders stop exactly at the freeze limit", () => {
  const config = { quoteFunding: "cash", maxInventoryFraction: 1 } as const;
  const enough = fund([quote("BID", 48, 100)], { spendable: 4810 }, config);
  assert.deepEqual(descriptions(enough), ["BUY YES 48x100"]);
  const oneCentLess = fund([quote("BID", 48, 100)], { spendable: 4809 }, config);
  assert.deepEqual(descriptions(oneCentLess), ["BUY YES 48x99"]);
});

Deno.test("capBuys: sales pass untouched without any cash", () => {
  const sale = intent(["SELL", "YES", 51, 100]);
  const { intents, removals } = capBuys([sale], budgetOf({}, marketConfig()), 1);
  assert.deepEqual([intents, removals], [[sale], []]);
});

for (
  const [freezeFeeBps, makerFeeBps, takerFeeBps, expected] of [
    [null, 10, 20, 20],
    [null, 0, 0, 20],
    [null, 10, 50, 50],
    [null, 70, 50, 70],
    [5, 70, 50, 5],
    [0, 10, 20, 0],
  ] as const
) {
  Deno.test(`freezeRateBps: ${freezeFeeBps} with fees ${makerFeeBps}/${takerFeeBps} is ${expected}`, () => {
    assert.equal(freezeRateBps({ freezeFeeBps }, { makerFeeBps, takerFeeBps }), expected);
  });
}

for (
  const [name, cash, expected] of [
    ["the ledger binds", { market: 5000, account: 90_000 }, 5000],
    ["the account binds", { market: 90_000, account: 5000 }, 5000],
    ["the reserve stays", { market: 5000, account: 90_000, reserve: 1000 }, 4000],
    ["the leak stays", { market: 5000, account: 90_000, leak: 300 }, 4700],
    ["never negative", { market: 5000, account: 90_000, reserve: 6000 }, 0],
    ["own purchases count as available", { market: 90_000, account: 5000, resting: 4810 }, 9810],
  ] as const
) {
  Deno.test(`spendableCents: ${name}`, () => {
    const { market, account, reserve = 0, leak = 0, resting } = {
      reserve: 0,
      leak: 0,
      resting: 0,
      ...cash,
    };
    const spendable = spendableCents({
      marketCashCents: cents(market),
      accountAvailableCents: cents(account),
      leakCents: cents(leak),
      resting: resting > 0
        ? [restingOrder(["BUY", "YES", 48, 100]), restingOrder(["SELL", "YES", 60, 9])]
        : [],
      freezeBps: 20,
    }, { cashReserveCents: reserve });
    assert.equal(spendable, expected);
  });
}

for (
  const [frozen, active, market, total, expected] of [
    [5000, 5000, 100, 200, 0],
    [5101, 5000, 100, 200, 51],
    [5101, 5000, 200, 200, 101],
    [5101, 5000, 0, 0, 0],
    [4000, 5000, 100, 200, 0],
  ] as const
) {
  Deno.test(`frozenLeakCents: frozen ${frozen}, in orders ${active}, ${market} of ${total} bought: ${expected}`, () => {
    const leak: Cents = frozenLeakCents({
      accountFrozenCents: cents(frozen),
      activeBuysCents: cents(active),
      marketBuyValueCents: cents(market),
      totalBuyValueCents: cents(total),
    });
    assert.equal(leak, expected);
  });
}
