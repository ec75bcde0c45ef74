import assert from "node:assert/strict";
import fc from "fast-check";
import { fundQuotes, isFundedBy } from "../../src/execution/funding.ts";
import { isPrice, price, shares } from "../../src/models/money.ts";
import type { OrderIntent } from "../../src/models/order.ts";
import { bookSideOf, yesPriceOf } from "../../src/models/vocabulary.ts";
import { sanitize, type SanitizerContext } from "../../src/risk/sanitizer.ts";
import {
  arbitraryIntents,
  arbitraryMarket,
  CONFIG,
  fundingContext,
  type MarketCase,
  MODES,
  overdrafts,
} from "../support/arbitrary_orders.ts";
import { touchOf } from "../support/orders.ts";

const RUNS = { numRuns: 150 };

function context(market: MarketCase, asks: number, bids: number): SanitizerContext {
  return {
    ...fundingContext(market),
    guardShares: { ASK: asks, BID: bids },
    withdrawnBy: { ASK: [], BID: [] },
    cooldownSides: [],
    feeFloorCents: 1,
    minPrice: price(5),
    maxPrice: price(95),
    market: {
      maxOrderQuantity: shares(200),
      maxOrderAmountCents: 10_000 as never,
      maxPositionPerUser: shares(2000),
    },
  };
}

function assertWellFormed(order: OrderIntent): void {
  assert.ok(isPrice(order.contractPrice) && isPrice(order.yesPrice));
  assert.ok(Number.isInteger(order.quantity) && order.quantity > 0);
  assert.equal(order.side, bookSideOf(order.contract, order.direction));
  assert.equal(order.yesPrice, yesPriceOf(order.contract, order.contractPrice));
}

const sum = (orders: readonly { readonly quantity: number }[]) =>
  orders.reduce((total, order) => total + order.quantity, 0);

for (const mode of MODES) {
  const config = { ...CONFIG, quoteFunding: mode };

  Deno.test(`property funding, ${mode}: only directions of the mode, paired as in §0.4 (§29 item 1)`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode), ({ targets }) => {
        for (const order of targets) {
          assertWellFormed(order);
          assert.ok(isFundedBy(mode, order.direction));
        }
      }),
      RUNS,
    );
  });

  Deno.test(`property funding, ${mode}: never more than there is, and never more than was quoted (§29 item 3)`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode), (market) => {
        assert.deepEqual(overdrafts(market.targets, market), []);
        for (const { side, price: at, quantity } of market.quotes) {
          const funded = market.targets.filter((o) => o.side === side && o.yesPrice === at);
          assert.ok(sum(funded) <= quantity);
        }
      }),
      RUNS,
    );
  });

  Deno.test(`property funding, ${mode}: every quote keeps its price and side, and nothing is invented`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode, { ample: true }), (market) => {
        const points = (items: readonly { readonly side: string }[], at: (i: never) => number) =>
          new Set(items.map((item) => `${item.side} ${at(item as never)}`));
        assert.deepEqual(
          points(market.targets, (order: OrderIntent) => order.yesPrice),
          points(market.quotes, (quote: { price: number }) => quote.price),
        );
        assert.equal(sum(market.targets), sum(market.quotes));
      }),
      RUNS,
    );
  });

  Deno.test(`property funding, ${mode}: with what it asked for resting, it asks for the same again`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode, { ample: true }), (market) => {
        const resting = market.targets.map((target, index) => ({
          ...target,
          orderId: `${index}`,
          remaining: target.quantity,
        }));
        const context = fundingContext({ ...market, resting: resting as never });
        const again = fundQuotes(market.quotes, context, config);
        assert.deepEqual(again.intents, market.targets);
      }),
      RUNS,
    );
  });

  Deno.test(`L-24 property sanitizer, ${mode}: whatever comes in, only sound orders within all limits go out`, () => {
    const limits = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }));
    fc.assert(
      fc.property(arbitraryMarket(mode), arbitraryIntents, limits, (market, nonsense, [a, b]) => {
        const intents = [...market.targets, ...nonsense];
        const { targets } = sanitize(intents, context(market, a, b), config);
        for (const order of targets) {
          assertWellFormed(order);
          assert.ok(isFundedBy(mode, order.direction));
          assert.ok(order.yesPrice >= 5 && order.yesPrice <= 95 && order.quantity <= 200);
        }
        const { bid, ask } = touchOf(targets);
        assert.ok(bid < ask, `${bid}/${ask}`);
        assert.deepEqual(overdrafts(targets, market), []);
        assert.ok(sum(targets.filter((order) => order.side === "ASK")) <= a);
        assert.ok(sum(targets.filter((order) => order.side === "BID")) <= b);
      }),
      RUNS,
    );
  });

  Deno.test(`property sanitizer, ${mode}: it only reduces, and what it has let through it lets through again`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode), arbitraryIntents, (market, nonsense) => {
        const setting = context(market, 300, 300);
        const intents = [...market.targets, ...nonsense];
        const once = sanitize(intents, setting, config);
        for (const order of once.targets) {
          const asked = intents.filter((i) =>
            i.contract === order.contract && i.direction === order.direction &&
            i.contractPrice === order.contractPrice
          );
          assert.ok(order.quantity <= sum(asked));
        }
        assert.deepEqual(sanitize(once.targets, setting, config), {
          targets: once.targets,
          removals: [],
          alerts: [],
        });
      }),
      RUNS,
    );
  });
}
