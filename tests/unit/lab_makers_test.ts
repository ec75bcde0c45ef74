import assert from "node:assert/strict";
import fc from "fast-check";
import {
  constantProductMaker,
  initialReserves,
  productCurve,
  reservesAt,
} from "../../sim/lab/makers/constant_product.ts";
import type { Curve } from "../../sim/lab/makers/curve.ts";
import { lmsrCurve, lmsrLiquidity, lmsrMaker } from "../../sim/lab/makers/lmsr.ts";
import type { Maker, MakerFactory, MakerQuote } from "../../sim/lab/makers/maker.ts";
import { paperMaker, symmetricMaker } from "../../sim/lab/makers/quoted.ts";

const BUDGET_CENTS = 5_000;
const terms = (anchorCents = 50) => ({ anchorCents, budgetCents: BUDGET_CENTS, orderShares: 100 });
const view = (netShares = 0, learntCents = 50, lifeLeft = 1) => ({
  netShares,
  learntCents,
  lifeLeft,
});

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

const CURVES: readonly (readonly [string, (anchorCents: number) => Curve])[] = [
  ["lmsr", (anchor) => lmsrCurve(anchor, lmsrLiquidity(terms(anchor)))],
  ["constant product", (anchor) => productCurve(initialReserves(terms(anchor)))],
];
const CURVE_MAKERS: readonly (readonly [string, MakerFactory])[] = [
  ["lmsr", lmsrMaker],
  ["constant product", constantProductMaker],
];

for (const [liquidity, price] of [[1, 95.26], [10, 57.44], [100, 50.75]] as const) {
  Deno.test(`lmsr: at b=${liquidity} and three more YES sold the price is ${price}`, () => {
    close(lmsrCurve(50, liquidity).priceAt(-3), price, 0.005);
  });
}

Deno.test("lmsr: the worst loss at even odds is b·ln 2", () => {
  close(lmsrLiquidity(terms()) * Math.LN2 * 100, BUDGET_CENTS);
  close(lmsrLiquidity({ ...terms(), budgetCents: 6_931.47 }), 100, 0.001);
});

Deno.test("lmsr: far from even odds the same budget allows less liquidity", () => {
  close(lmsrLiquidity(terms(5)), 50 / Math.log(20));
  close(lmsrLiquidity(terms(95)), lmsrLiquidity(terms(5)));
});

Deno.test("constant product: the product of the reserves never changes", () => {
  const start = initialReserves(terms(30));
  for (const net of [-5_000, -40, 0, 7, 300, 1e6]) {
    const { yes, no } = reservesAt(start, net);
    assert.ok(yes > 0 && no > 0);
    close(yes * no / (start.yes * start.no), 1, 1e-9);
    close(yes - no - (start.yes - start.no), net, 1e-6);
  }
});

for (const [name, curveOf] of CURVES) {
  Deno.test(`${name}: it begins at the anchor, and the prices of YES and NO add up to a pair`, () => {
    for (const anchor of [5, 30, 50, 88]) {
      const [yes, no] = [curveOf(anchor), curveOf(100 - anchor)];
      close(yes.priceAt(0), anchor, 1e-9);
      for (const net of [-60, -3, 10, 200]) close(yes.priceAt(net) + no.priceAt(-net), 100, 1e-9);
    }
  });

  Deno.test(`${name}: the position at a price is the inverse of the price at a position`, () => {
    const curve = curveOf(40);
    for (const price of [1, 17, 40, 62.5, 99]) {
      close(curve.priceAt(curve.netAt(price)), price, 1e-9);
    }
  });

  Deno.test(`${name}: the more it holds the less it pays`, () => {
    const curve = curveOf(60);
    const prices = [-300, -20, 0, 5, 90, 1_000].map((net) => curve.priceAt(net));
    assert.deepEqual(prices, [...prices].sort((a, b) => b - a));
  });
}

/** Lets takers walk through the quotes of a maker; returns its P&L for both outcomes. */
function traded(maker: Maker, orders: readonly { buys: boolean; shares: number }[]) {
  let [cash, net] = [0, 0];
  for (const { buys, shares } of orders) {
    const quotes = maker.quotes(view(net)).filter(({ side }) => (side === "ASK") === buys);
    let left = shares;
    for (const { price, quantity } of quotes) {
      const filled = Math.min(left, quantity);
      left -= filled;
      net += buys ? -filled : filled;
      cash += buys ? filled * price : -filled * price;
    }
  }
  return { ifYes: cash + 100 * net, ifNo: cash };
}

const orders = fc.array(
  fc.record({ buys: fc.boolean(), shares: fc.integer({ min: 1, max: 400 }) }),
  { maxLength: 30 },
);

for (const [name, create] of CURVE_MAKERS) {
  Deno.test(`${name}: whatever is traded, it never loses more than its budget`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 97 }), orders, (anchor, all) => {
        const { ifYes, ifNo } = traded(create(terms(anchor)), all);
        assert.ok(Math.min(ifYes, ifNo) >= -BUDGET_CENTS - 1e-6, `${ifYes} or ${ifNo}`);
      }),
      { numRuns: 200 },
    );
  });

  Deno.test(`${name}: the budget is no more than it needs`, () => {
    const { ifYes } = traded(create(terms(50)), [{ buys: true, shares: 100_000 }]);
    assert.ok(ifYes < -0.8 * BUDGET_CENTS, `${ifYes}`);
  });

  Deno.test(`${name}: it quotes whole shares at whole prices and never crosses itself`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 98 }),
        fc.integer({ min: -400, max: 400 }),
        (anchor, net) => sound(create(terms(anchor)).quotes(view(net))),
      ),
    );
  });
}

function sound(quotes: readonly MakerQuote[]): void {
  const prices = (wanted: MakerQuote["side"]) =>
    quotes.filter(({ side }) => side === wanted).map(({ price }) => price);
  assert.ok(Math.max(0, ...prices("BID")) < Math.min(100, ...prices("ASK")));
  for (const { price, quantity } of quotes) {
    assert.ok(Number.isInteger(price) && price >= 1 && price <= 99);
    assert.ok(Number.isInteger(quantity) && quantity >= 1);
  }
  assert.equal(new Set(quotes.map(({ side, price }) => `${side} ${price}`)).size, quotes.length);
}

Deno.test("lmsr: at its own price it offers a cent above and bids a cent below", () => {
  const [ask] = lmsrMaker(terms()).quotes(view());
  assert.deepEqual([ask?.side, ask?.price, ask?.quantity], ["ASK", 51, 2]);
});

Deno.test("symmetric: two cents either way of what it has learnt, rounded outward", () => {
  assert.deepEqual(symmetricMaker(terms()).quotes(view(500, 50.3)), [
    { side: "BID", price: 48, quantity: 100 },
    { side: "ASK", price: 53, quantity: 100 },
  ]);
});

Deno.test("symmetric and paper: near the edges they stay within the prices of the venue", () => {
  for (const create of [symmetricMaker, paperMaker]) {
    for (const learnt of [0.4, 1, 2, 98, 99.7]) sound(create(terms()).quotes(view(0, learnt)));
  }
});

Deno.test("paper: the spread of the paper's illustration is 1.69, and 0.4 cents a fill is the skew", () => {
  assert.deepEqual(paperMaker(terms()).quotes(view(0, 50)).map(({ price }) => price), [49, 51]);
  const skewed = paperMaker(terms()).quotes(view(100, 50)).map(({ price }) => price);
  assert.deepEqual(skewed, [45, 47], "ten fills move the middle by 4 cents");
});

Deno.test("paper: at the end of the market it does not mind its inventory", () => {
  const quotes = paperMaker(terms()).quotes(view(100, 50, 0));
  assert.deepEqual(quotes.map(({ price }) => price), [49, 51]);
});
