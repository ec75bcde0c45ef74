import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import { MAX_PRICE, MIN_PRICE, price, shares } from "../../src/models/money.ts";
import type { BookQuote } from "../../src/models/order.ts";
import { quoteTouch } from "../../src/strategy/as_engine.ts";
import {
  allocate,
  buildLadder,
  buildUnwindingLadder,
  type LadderInput,
  ladderTerms,
  type UnwindingInput,
} from "../../src/strategy/gradient.ts";
import { phaseParameters } from "../../src/strategy/phase_parameters.ts";
import { marketConfig } from "../support/config.ts";
import { touchInput } from "../support/touch.ts";

const COMMON = {
  side: "ASK",
  phase: "STABILIZATION",
  skew: 0,
  quantityMultiplier: 1,
  minPrice: MIN_PRICE,
  maxPrice: MAX_PRICE,
  maxOrderQuantity: shares(10_000),
} as const;

function ladder(
  input: Partial<LadderInput> & Pick<LadderInput, "top">,
  config: Partial<MarketConfig> = {},
): readonly BookQuote[] {
  return buildLadder({ ...COMMON, ...input }, marketConfig(config));
}

function unwinding(
  input: Partial<UnwindingInput> & Pick<UnwindingInput, "topLadderPrice">,
  config: Partial<MarketConfig> = {},
): readonly BookQuote[] {
  return buildUnwindingLadder(
    { ...COMMON, totalShares: shares(1000), ...input },
    marketConfig(config),
  );
}

/** A ladder as the spec writes it: `52x100, 55x70`. */
function text(quotes: readonly BookQuote[]): string {
  return quotes.map((quote) => `${quote.price}x${quote.quantity}`).join(", ");
}

// --- prices and quantities (§8) ---

Deno.test("gradient: the geometric ladder from 52 is that of §8", () => {
  assert.equal(text(ladder({ top: price(52) })), "52x100, 55x70, 58x49, 61x34, 64x24");
});

Deno.test("gradient: the bid ladder from 47 mirrors the ask ladder from 53 (§8)", () => {
  const bids = ladder({ side: "BID", top: price(47) });
  assert.equal(text(bids), "47x100, 44x70, 41x49, 38x34, 35x24");
  const asks = ladder({ top: price(53) });
  assert.deepEqual(bids.map((quote) => 100 - quote.price), asks.map((quote) => quote.price));
});

Deno.test("L-50: a low ask ladder does not collapse onto equal prices", () => {
  assert.deepEqual(ladder({ top: price(8) }).map((quote) => quote.price), [8, 9, 10, 11, 12]);
});

Deno.test("L-50: a ladder that starts at 97 ends there: its next level would be 102", () => {
  assert.equal(text(ladder({ top: price(97) })), "97x100");
  assert.equal(text(ladder({ side: "BID", top: price(3) })), "3x100");
});

Deno.test("gradient: the linear ladder from 55 is that of §8", () => {
  const linear: Partial<MarketConfig> = {
    stabilizationGradientType: "LINEAR",
    stabilizationQtyDecay: 0.5,
  };
  assert.equal(text(ladder({ top: price(55) }, linear)), "55x100, 56x50, 57x25");
});

Deno.test("C-21: while exploring the ladder is small and linear, and its quantities fall", () => {
  assert.equal(text(ladder({ phase: "EXPLORATION", top: price(53) })), "53x25, 54x12, 55x6");
});

Deno.test("C-21: an inverted pyramid has to be asked for, and only a linear ladder obeys", () => {
  const growing = { gradientLinearQtyIncrease: 0.2, explorationQtyRatio: 0.5 };
  const exploring = ladder({ phase: "EXPLORATION", top: price(53) }, growing);
  assert.equal(text(exploring), "53x50, 54x60, 55x70");
  assert.equal(text(ladder({ top: price(52) }, growing)), "52x100, 55x70, 58x49, 61x34, 64x24");
});

Deno.test("L-49: a level of 100 x 0.7^2 holds 49 shares, not 48", () => {
  assert.equal(ladder({ top: price(52) })[2]?.quantity, 49);
});

Deno.test("C-18: inventory leans the size: heavy YES offers more and bids for less", () => {
  assert.equal(ladder({ top: price(52), skew: 0.5 })[0]?.quantity, 115);
  assert.equal(ladder({ side: "BID", top: price(48), skew: 0.5 })[0]?.quantity, 85);
  assert.equal(ladder({ top: price(52), skew: -0.5 })[0]?.quantity, 85);
});

Deno.test("gradient: quantity multipliers scale every level; what vanishes is dropped", () => {
  const small = ladder({ top: price(52), quantityMultiplier: 0.02 });
  assert.deepEqual(small.map((quote) => [quote.level, quote.quantity]), [[0, 2], [1, 1]]);
  assert.deepEqual(ladder({ top: price(52), quantityMultiplier: 0 }), []);
});

Deno.test("gradient: levels below min_order_qty are dropped, the others keep their place", () => {
  const quotes = ladder({ top: price(52) }, { minOrderQty: 40 });
  assert.equal(text(quotes), "52x100, 55x70, 58x49");
  const growing = ladder({ phase: "EXPLORATION", top: price(53) }, {
    gradientLinearQtyIncrease: 0.5,
    minOrderQty: 30,
  });
  assert.deepEqual(growing.map((quote) => [quote.level, quote.price, quote.quantity]), [
    [1, 54, 37],
    [2, 55, 50],
  ]);
});

Deno.test("gradient: no level exceeds the largest order the market takes", () => {
  const quotes = ladder({ top: price(52), maxOrderQuantity: shares(60) });
  assert.deepEqual(quotes.map((quote) => quote.quantity), [60, 60, 49, 34, 24]);
});

Deno.test("gradient: a side that must not vanish keeps its least quantity (§10.1)", () => {
  const neutral = { top: price(52), quantityMultiplier: 0.0025, leastQuantity: shares(1) };
  assert.equal(text(ladder(neutral)), "52x1");
  assert.equal(ladder({ ...neutral, leastQuantity: shares(0) }).length, 0);
});

Deno.test("gradient: levels outside the bounds are left out, not moved to the last price", () => {
  assert.equal(text(ladder({ top: price(52), maxPrice: price(59) })), "52x100, 55x70, 58x49");
  const bids = ladder({ side: "BID", top: price(47), minPrice: price(42) });
  assert.equal(text(bids), "47x100, 44x70");
});

Deno.test("gradient: a touch outside the bounds gives an empty ladder", () => {
  assert.deepEqual(ladder({ top: price(96), maxPrice: price(95) }), []);
  assert.deepEqual(ladder({ side: "BID", top: price(4), minPrice: price(5) }), []);
});

Deno.test("gradient: a level says its side, its place and why it exists", () => {
  const [quote] = ladder({ side: "BID", top: price(47) });
  assert.deepEqual(quote, { side: "BID", price: 47, quantity: 100, level: 0, reason: "ladder" });
});

Deno.test("gradient: input that cannot be is refused with a clear error", () => {
  const top = price(52);
  const cases: readonly (readonly [Partial<LadderInput>, RegExp])[] = [
    [{ skew: NaN }, /skew NaN: it must be from -1 to 1/],
    [{ skew: 1.2 }, /skew 1\.2/],
    [{ quantityMultiplier: -1 }, /quantity multiplier -1: it must be at least 0/],
    [{ quantityMultiplier: NaN }, /quantity multiplier NaN/],
    [{ quantityMultiplier: Infinity }, /quantity multiplier Infinity/],
    [{ minPrice: price(60), maxPrice: price(40) }, /between 60 and 40: crossed bounds/],
  ];
  for (const [input, message] of cases) assert.throws(() => ladder({ top, ...input }), message);
});

// --- phase parameters ---

Deno.test("gradient: a phase inherits what it does not set itself (§8)", () => {
  const config = marketConfig({
    gradientLinearStepCents: 2,
    gradientGeometricRatio: 1.1,
    gradientQtyDecay: 0.6,
  });
  assert.deepEqual(phaseParameters("EXPLORATION", config), {
    minSpreadCents: 5,
    quantityRatio: 0.25,
    quantityDecay: 0.5,
    shape: { type: "LINEAR", stepCents: 2 },
    levels: 3,
    linearStepCents: 2,
  });
  assert.deepEqual(phaseParameters("STABILIZATION", config), {
    minSpreadCents: 2,
    quantityRatio: 1,
    quantityDecay: 0.6,
    shape: { type: "GEOMETRIC", ratio: 1.1 },
    levels: 5,
    linearStepCents: 2,
  });
});

Deno.test("gradient: the overrides of a phase win, and levels follow the ladder type", () => {
  const config = marketConfig({
    explorationGradientType: "GEOMETRIC",
    explorationQtyDecay: null,
    stabilizationGradientType: "LINEAR",
    stabilizationLevels: 7,
    stabilizationGeometricRatio: 1.2,
    explorationLinearStepCents: 3,
  });
  const exploring = phaseParameters("EXPLORATION", config);
  assert.deepEqual(exploring.shape, { type: "GEOMETRIC", ratio: 1.05 });
  assert.deepEqual([exploring.levels, exploring.quantityDecay], [5, 0.7]);
  assert.equal(exploring.linearStepCents, 3);
  const stable = phaseParameters("STABILIZATION", config);
  assert.deepEqual(stable.shape, { type: "LINEAR", stepCents: 1 });
  assert.equal(stable.levels, 7);
  const geometric = marketConfig({ stabilizationGeometricRatio: 1.2, explorationLevels: 4 });
  assert.deepEqual(phaseParameters("STABILIZATION", geometric).shape, {
    type: "GEOMETRIC",
    ratio: 1.2,
  });
  assert.equal(phaseParameters("EXPLORATION", geometric).levels, 4);
});

// --- allocation ---

Deno.test("L-16: 80 + 60 on a stock of 100 become 80 + 20: near levels first", () => {
  const quotes = ladder({ top: price(52) }, { baseOrderQuantity: 80, stabilizationQtyDecay: 0.75 })
    .slice(0, 2);
  assert.equal(text(quotes), "52x80, 55x60");
  assert.equal(text(allocate(quotes, shares(100))), "52x80, 55x20");
});

Deno.test("L-50: a stock of 30 with a base of 100 leaves one level of 30", () => {
  assert.equal(text(allocate(ladder({ top: price(52) }), shares(30))), "52x30");
});

Deno.test("gradient: without capacity the side is empty, with enough it is unchanged", () => {
  const quotes = ladder({ top: price(52) });
  assert.deepEqual(allocate(quotes, shares(0)), []);
  assert.deepEqual(allocate(quotes, shares(277)), quotes);
  assert.equal(text(allocate(quotes, shares(100))), "52x100");
});

// --- unwinding (§10.1) ---

Deno.test("gradient: the unwinding ladder is linear, with the quantities of the phase", () => {
  assert.equal(text(unwinding({ topLadderPrice: price(48) })), "48x100, 49x70, 50x49");
  const [quote] = unwinding({ topLadderPrice: price(48) });
  assert.equal(quote?.reason, "unwind");
});

Deno.test("gradient: the unwinding ladder of a bid counts down from 100 - top", () => {
  const bids = unwinding({ side: "BID", topLadderPrice: price(48), phase: "EXPLORATION" });
  assert.equal(text(bids), "52x25, 51x12, 50x6");
});

Deno.test("gradient: the unwinding ladder never holds more than it is allowed to", () => {
  const quotes = unwinding({ topLadderPrice: price(48), totalShares: shares(130) });
  assert.equal(text(quotes), "48x100, 49x30");
  assert.deepEqual(unwinding({ topLadderPrice: price(48), totalShares: shares(0) }), []);
});

Deno.test("gradient: the reducing side of a skewed book unwinds with the larger size", () => {
  assert.equal(unwinding({ topLadderPrice: price(48), skew: 0.7 })[0]?.quantity, 121);
});

Deno.test("gradient: the unwinding ladder keeps its bounds and refuses bad input too", () => {
  assert.equal(text(unwinding({ topLadderPrice: price(98) })), "98x100, 99x70");
  assert.deepEqual(unwinding({ topLadderPrice: price(98), maxPrice: price(95) }), []);
  assert.throws(() => unwinding({ topLadderPrice: price(48), skew: NaN }), RangeError);
});

// --- shipped defaults ---

Deno.test("L-07: the shipped defaults quote 2 to 10 cents wide, at least two levels a side", () => {
  const config = marketConfig();
  for (const phase of ["EXPLORATION", "STABILIZATION"] as const) {
    for (const fairCents of [10, 30, 50, 70, 90]) {
      for (const gamma of [0.1, 0.3, 0.8, 1.5]) {
        const touch = quoteTouch(
          touchInput({ fairCents, phase, tauHours: 720, gamma: { tier: "MID", gamma } }),
          config,
        );
        assert.ok(touch.spreadCents >= 2 && touch.spreadCents <= 10, `${touch.spreadCents}`);
        for (const side of ["ASK", "BID"] as const) {
          const top = side === "ASK" ? touch.ask : touch.bid;
          const prices = ladder({ side, top, phase }).map((quote) => quote.price);
          assert.ok(new Set(prices).size >= 2, `${phase} ${side} at ${fairCents}: ${prices}`);
        }
      }
    }
  }
});

Deno.test("ladder: what makes it smaller makes its part of the loss room smaller, nothing makes it larger", () => {
  const config = marketConfig({ ladderLossRatio: 0.2 });
  const part = (quantityMultiplier: number) =>
    ladderTerms({ ...COMMON, quantityMultiplier }, config).lossRatio;
  assert.deepEqual([0.05, 0.5, 1, 3].map(part), [0.2 * 0.05, 0.1, 0.2, 0.2]);
});
