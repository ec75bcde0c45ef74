import assert from "node:assert/strict";
import { EMPTY_BOOK, levels, type OrderBook } from "../../src/models/book.ts";
import type { Reduction } from "../../src/models/explanation.ts";
import { effectiveSkew, type Holdings } from "../../src/models/inventory.ts";
import { MAX_PRICE, MIN_PRICE, price } from "../../src/models/money.ts";
import {
  planUnwinding,
  sharesToGoal,
  type UnwindingConfig,
  type UnwindingInput,
} from "../../src/risk/unwinding.ts";
import { marketConfig } from "../support/config.ts";
import { holding } from "../support/risk.ts";

const MODES = ["inventory", "cash", "inventory_then_cash"] as const;
const FIVE_MINUTES = 300_000;

function input(overrides: Partial<UnwindingInput> = {}): UnwindingInput {
  return {
    holdings: holding(850, 150),
    reservationCents: 50,
    fairCents: 50,
    book: EMPTY_BOOK,
    bounds: { minPrice: MIN_PRICE, maxPrice: MAX_PRICE },
    oneSideSinceMs: 0,
    lastFillMs: { ASK: null, BID: null },
    nowMs: 0,
    ...overrides,
  };
}

function reduction(
  overrides: Partial<UnwindingInput> = {},
  config: UnwindingConfig = marketConfig(),
): Reduction {
  const plan = planUnwinding(input(overrides), config);
  if (plan.kind !== "reduce") assert.fail(`the plan is ${plan.kind}`);
  return plan;
}

/** Holdings of 1000 shares with a skew. */
function skewed(skew: number): Holdings {
  return holding(Math.round(500 + 500 * skew), Math.round(500 - 500 * skew));
}

function book(bid: number | null, ask: number | null): OrderBook {
  return {
    bids: bid === null ? [] : levels("BID", [[bid, 10]]),
    asks: ask === null ? [] : levels("ASK", [[ask, 10]]),
    lastTradePrice: null,
  };
}

Deno.test("unwinding: the discount table of §10.1", () => {
  const table: [skew: number, discountCents: number][] = [
    [0.60, 0],
    [0.64, 1],
    [0.65, 1],
    [0.70, 2],
    [0.76, 4],
    [0.79, 4],
    [0.80, 5],
    [0.95, 5],
    [0.40, 0],
  ];
  for (const [skew, discountCents] of table) {
    const yesHeavy = reduction({ holdings: skewed(skew) });
    const noHeavy = reduction({ holdings: skewed(-skew) });
    assert.equal(yesHeavy.skewDiscountCents, discountCents, `${skew}`);
    assert.equal(noHeavy.skewDiscountCents, discountCents, `${-skew}`);
  }
});

for (const quoteFunding of MODES) {
  Deno.test(`L-23: at q 0.7 the top is ceil(r) - 2 on the reducing side, ${quoteFunding}`, () => {
    const config = marketConfig({ quoteFunding });
    const yesHeavy = reduction({ holdings: skewed(0.7), reservationCents: 47.3 }, config);
    assert.deepEqual([yesHeavy.side, yesHeavy.topLadderPrice], ["ASK", 46]);
    const noHeavy = reduction({ holdings: skewed(-0.7), reservationCents: 52.7 }, config);
    assert.deepEqual([noHeavy.side, noHeavy.topLadderPrice], ["BID", 46]);
  });
}

Deno.test("C-20: the reducing side is ASK when YES is heavy and BID when NO is heavy", () => {
  assert.equal(reduction({ holdings: holding(400, 100) }).side, "ASK");
  assert.equal(reduction({ holdings: holding(100, 400) }).side, "BID");
});

Deno.test("C-55: every max_order_age_ms without a fill costs one cent more", () => {
  const holdings = skewed(0.5);
  const discountAt = (nowMs: number) => reduction({ holdings, nowMs }).ageDiscountCents;
  assert.deepEqual(
    [0, FIVE_MINUTES - 1, FIVE_MINUTES, 3 * FIVE_MINUTES + 1].map(discountAt),
    [0, 0, 1, 3],
  );
  assert.equal(reduction({ holdings, nowMs: 3 * FIVE_MINUTES }).topLadderPrice, 47);
});

Deno.test("C-55: only a fill on the reducing side restarts the patience", () => {
  const waiting = { holdings: skewed(0.5), nowMs: 2 * FIVE_MINUTES };
  const filledMs = FIVE_MINUTES + 1;
  const ask = reduction({ ...waiting, lastFillMs: { ASK: filledMs, BID: null } });
  const bid = reduction({ ...waiting, lastFillMs: { ASK: null, BID: filledMs } });
  assert.equal(ask.ageDiscountCents, 0);
  assert.equal(bid.ageDiscountCents, 2);
});

Deno.test("C-55: a fill from before ONE_SIDE does not count as waiting", () => {
  const { ageDiscountCents } = reduction({
    oneSideSinceMs: 10 * FIVE_MINUTES,
    lastFillMs: { ASK: 0, BID: null },
    nowMs: 11 * FIVE_MINUTES,
  });
  assert.equal(ageDiscountCents, 1);
});

Deno.test("unwinding: the top stays within max_concession_cents of the fair price", () => {
  const late = { reservationCents: 48, nowMs: 100 * FIVE_MINUTES };
  assert.equal(reduction(late).topLadderPrice, 38);
  assert.equal(reduction({ ...late, fairCents: 50.4 }).topLadderPrice, 39);
  const noHeavy = { holdings: holding(150, 850), reservationCents: 52 };
  assert.equal(reduction({ ...late, ...noHeavy }).topLadderPrice, 38);
});

Deno.test("unwinding: the top stays inside the price bounds", () => {
  const late = { nowMs: 100 * FIVE_MINUTES };
  const low = { reservationCents: 3, fairCents: 4 };
  assert.equal(reduction({ ...late, ...low }).topLadderPrice, 1);
  const bounds = { minPrice: price(5), maxPrice: price(94) };
  assert.equal(reduction({ ...late, ...low, bounds }).topLadderPrice, 5);
  const high = { holdings: holding(150, 850), reservationCents: 97, fairCents: 96 };
  assert.equal(reduction({ ...late, ...high, bounds }).topLadderPrice, 6);
});

Deno.test("unwinding: stays maker against the best opposite price of the others", () => {
  const yesHeavy = { holdings: skewed(0.7), reservationCents: 50 };
  assert.equal(reduction({ ...yesHeavy, book: book(52, 53) }).topLadderPrice, 53);
  assert.equal(reduction({ ...yesHeavy, book: book(40, 41) }).topLadderPrice, 48);
  const noHeavy = { holdings: skewed(-0.7), reservationCents: 50 };
  assert.equal(reduction({ ...noHeavy, book: book(47, 48) }).topLadderPrice, 53);
  assert.equal(reduction({ ...noHeavy, book: book(59, 60) }).topLadderPrice, 48);
});

Deno.test("unwinding: with one_side_may_take the top may cross the others", () => {
  const config = marketConfig({ oneSideMayTake: true });
  const crossing = { holdings: skewed(0.7), reservationCents: 50, book: book(52, 53) };
  assert.equal(reduction(crossing, config).topLadderPrice, 48);
});

Deno.test("C-55: the goal is the WIDEN threshold above it, else a flat position", () => {
  assert.equal(reduction({ holdings: skewed(0.7) }).goalSkew, 0.3);
  assert.equal(reduction({ holdings: skewed(0.3) }).goalSkew, 0);
  assert.equal(reduction({ holdings: skewed(0.1) }).maxShares, 100);
});

Deno.test("unwinding: quantities to the goal, by funding mode", () => {
  const table: [holdings: Holdings, goal: number, sold: number, bought: number][] = [
    // 850/150: stock (700 - 300)/0.7 = 571.4; cash (700 - 300)/1.3 = 307.7.
    [holding(850, 150), 0.3, 572, 308],
    [holding(150, 850), 0.3, 572, 308],
    // Stock: the floor counts, 300 - 0.3 * 400. Cash lifts the total above: (300 - 90)/1.3.
    [holding(300, 0), 0.3, 180, 162],
    [holding(300, 0), 0, 300, 300],
    [holding(500, 500), 0, 0, 0],
  ];
  for (const [holdings, goal, sold, bought] of table) {
    const quantities = MODES.map((quoteFunding) =>
      sharesToGoal(holdings, goal, marketConfig({ quoteFunding }))
    );
    assert.deepEqual(quantities, [sold, bought, sold], JSON.stringify(holdings));
  }
});

Deno.test("unwinding: after a complete fill the next cycle can go on to zero", () => {
  const left = holding(850 - 572, 150);
  assert.ok(Math.abs(effectiveSkew(left, 400)) <= 0.3);
  assert.ok(reduction({ holdings: left }).maxShares > 0);
});

Deno.test("L-23: ONE_SIDE with nothing to reduce is wide and small, or nothing", () => {
  const neutral = { holdings: holding(500, 500) };
  const none = marketConfig({ oneSideNeutralPolicy: "none" });
  assert.deepEqual(planUnwinding(input(neutral), marketConfig()), { kind: "wide" });
  assert.deepEqual(planUnwinding(input(neutral), none), { kind: "none" });
});

Deno.test("unwinding: the dead band includes its end", () => {
  assert.equal(planUnwinding(input({ holdings: skewed(0.05) }), marketConfig()).kind, "wide");
  assert.equal(planUnwinding(input({ holdings: skewed(0.052) }), marketConfig()).kind, "reduce");
});
