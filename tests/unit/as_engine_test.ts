import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import type { SpreadTerms } from "../../src/models/explanation.ts";
import { HOUR_MS, hoursToEnd, type MarketRecord } from "../../src/models/market.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import { quoteTouch, type TouchInput } from "../../src/strategy/as_engine.ts";
import { depthSpread, optimalSpread, riskSpread } from "../../src/strategy/avellaneda_stoikov.ts";
import { gammaTier, type MarketDates } from "../../src/strategy/gamma_tier.ts";
import { priceBounds } from "../../src/strategy/price_bounds.ts";
import { PricingError } from "../../src/strategy/pricing_error.ts";
import { marketConfig } from "../support/config.ts";
import { SEED_LITERAL, SEED_SCALE, touchInput } from "../support/touch.ts";

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * HOUR_MS;

function touch(
  input: Partial<TouchInput> = {},
  config: Partial<MarketConfig> = {},
): SpreadTerms {
  return quoteTouch(touchInput(input), marketConfig(config));
}

function near(actual: number, expected: number, tolerance = 0.0051, label = ""): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${label} ${actual} != ${expected}`);
}

const gamma = (value: number): Pick<TouchInput, "gamma"> => ({
  gamma: { tier: "MID", gamma: value },
});

// --- golden vectors (§7) ---

type Golden = readonly [
  label: string,
  input: Partial<TouchInput>,
  variance: number,
  reservation: number,
  spread: number,
  ask: number,
  bid: number,
  config?: Partial<MarketConfig>,
];

const GOLDEN: readonly Golden[] = [
  ["50 tau 0", { tauHours: 0 }, 0, 50, 2, 51, 49],
  ["50 tau 24", {}, 3, 50, 2.1155, 52, 48],
  ["50 q .4 tau 24", { skew: 0.4 }, 3, 49.64, 2.1155, 51, 48],
  ["50 q .4 tau 168", { skew: 0.4, tauHours: 168 }, 5.25, 49.37, 2.7905, 51, 47],
  ["50 q .4 tau 720", { skew: 0.4, tauHours: 720 }, 5.8065, 49.3032, 2.9574, 51, 47],
  ["50 q -.4 tau 720", { skew: -0.4, tauHours: 720 }, 5.8065, 50.6968, 2.9574, 53, 49],
  ["50 q 1 tau 720", { skew: 1, tauHours: 720 }, 5.8065, 48.2581, 2.9574, 50, 46],
  ["5 tau 24", { fairCents: 5 }, 0.57, 5, 2, 6, 4],
  ["5 q 1 tau 720", { fairCents: 5, skew: 1, tauHours: 720 }, 1.1032, 4.669, 2, 6, 3],
  ["95 q -1 tau 720", { fairCents: 95, skew: -1, tauHours: 720 }, 1.1032, 95.331, 2, 97, 94],
  ["1 tau 0", { fairCents: 1, tauHours: 0 }, 0, 1, 2, 2, 1],
  ["1 q -1 tau 24", { fairCents: 1, skew: -1 }, 0.1188, 1.0356, 2, 3, 1],
  ["99 tau 0", { fairCents: 99, tauHours: 0 }, 0, 99, 2, 99, 98],
  ["99 q 1 tau 24", { fairCents: 99, skew: 1 }, 0.1188, 98.9644, 2, 99, 97],
  [
    "gamma 1.5",
    { skew: 0.4, tauHours: 720, ...gamma(1.5) },
    5.8065,
    46.5161,
    9.6339,
    52,
    41,
  ],
  [
    "gamma 1.5, rho .25",
    { skew: 0.4, tauHours: 720, ...gamma(1.5) },
    5.8065,
    46.5161,
    3.1016,
    49,
    44,
    { spreadRiskWeight: 0.25 },
  ],
  [
    "x1.5 WIDEN",
    { skew: 0.4, tauHours: 168, multipliers: [{ name: "WIDEN", value: 1.5 }] },
    5.25,
    49.37,
    4.1857,
    52,
    47,
  ],
  [
    "seed_literal",
    { skew: 0.4, tauHours: 168, sigmaScaleCents: SEED_SCALE },
    0.0042,
    49.9995,
    1.2167,
    51,
    49,
    SEED_LITERAL,
  ],
];

for (const [label, input, variance, reservation, spread, ask, bid, config] of GOLDEN) {
  Deno.test(`L-06: golden vector of §7: ${label} quotes ${ask} / ${bid}`, () => {
    const terms = touch(input, config);
    near(terms.varianceCents2, variance, 5.1e-5, "variance");
    near(terms.reservationCents, reservation, 5.1e-5, "reservation");
    near(terms.spreadCents, spread, 5.1e-5, "spread");
    assert.deepEqual([terms.ask, terms.bid], [ask, bid]);
  });
}

// --- tables of §6 ---

const TAUS = [0, 1, 6, 24, 168, 720] as const;

Deno.test("L-06: the inventory shift at full skew equals the table of §6.5", () => {
  const table: readonly (readonly [number, number, readonly number[]])[] = [
    [50, 0.1, [0, 0.02, 0.12, 0.30, 0.53, 0.58]],
    [50, 0.3, [0, 0.07, 0.36, 0.90, 1.57, 1.74]],
    [50, 0.8, [0, 0.19, 0.96, 2.40, 4.20, 4.65]],
    [50, 1.5, [0, 0.36, 1.80, 4.50, 7.88, 8.71]],
    [25, 0.3, [0, 0.05, 0.27, 0.67, 1.18, 1.31]],
    [75, 1.5, [0, 0.27, 1.35, 3.37, 5.91, 6.53]],
    [10, 1.5, [0, 0.13, 0.65, 1.62, 2.84, 3.14]],
    [90, 1.5, [0, 0.13, 0.65, 1.62, 2.84, 3.14]],
    [5, 0.3, [0, 0.01, 0.07, 0.17, 0.30, 0.33]],
    [95, 1.5, [0, 0.07, 0.34, 0.85, 1.50, 1.65]],
  ];
  for (const [fairCents, risk, shifts] of table) {
    shifts.forEach((shift, index) => {
      const tauHours = TAUS[index] ?? 0;
      const terms = touch({ fairCents, skew: 1, tauHours, ...gamma(risk) });
      near(terms.shiftCents, shift, 0.0051, `p ${fairCents}, gamma ${risk}, tau ${tauHours}:`);
      assert.ok(!terms.limitedBy.includes("max_shift_cents"));
    });
  }
});

Deno.test("L-06: the spread before its limits equals the table of §6.5", () => {
  const table: readonly (readonly [number, number, readonly number[]])[] = [
    [50, 0.1, [1.29, 1.31, 1.59, 1.82, 1.87]],
    [50, 0.3, [1.22, 1.29, 2.12, 2.79, 2.96]],
    [50, 0.8, [1.07, 1.26, 3.47, 5.27, 5.71]],
    [50, 1.5, [0.92, 1.28, 5.42, 8.80, 9.63]],
    [10, 0.3, [1.22, 1.24, 1.54, 1.78, 1.84]],
    [90, 1.5, [0.92, 1.05, 2.54, 3.76, 4.06]],
    [5, 0.3, [1.22, 1.23, 1.39, 1.51, 1.55]],
    [95, 1.5, [0.92, 0.99, 1.78, 2.42, 2.58]],
  ];
  for (const [fairCents, risk, spreads] of table) {
    spreads.forEach((spread, index) => {
      const tauHours = [0, 1, 24, 168, 720][index] ?? 0;
      const terms = touch({ fairCents, tauHours, ...gamma(risk) });
      const free = terms.riskSpreadCents + terms.depthSpreadCents;
      near(free, spread, 0.0051, `p ${fairCents}, gamma ${risk}, tau ${tauHours}:`);
    });
  }
});

Deno.test("L-06: a risk weight of 0.2 gives the last column of the table of §6.5", () => {
  for (const [risk, spread] of [[0.1, 1.41], [0.3, 1.56], [0.8, 2], [1.5, 2.67]] as const) {
    const terms = touch({ tauHours: 720, ...gamma(risk) }, { spreadRiskWeight: 0.2 });
    near(terms.riskSpreadCents + terms.depthSpreadCents, spread);
  }
});

Deno.test("L-06: kappa acts on the spread as §6.5 says", () => {
  const table: readonly (readonly [number, readonly number[]])[] = [
    [0.3, [4.03, 2.65, 2.12, 1.54, 1.29, 1.10, 0.94]],
    [1.5, [6.35, 5.72, 5.42, 5.04, 4.85, 4.69, 4.54]],
  ];
  for (const [risk, spreads] of table) {
    spreads.forEach((spread, index) => {
      const kappa = [0.5, 1, 1.5, 3, 5, 10, 50][index] ?? 0;
      near(optimalSpread({ gamma: risk, kappa, variance: 3, riskWeight: 1 }), spread);
    });
  }
});

Deno.test("asEngine: the depth term is in cents already (§6.1)", () => {
  const table: readonly (readonly [number, readonly number[]])[] = [
    [0.1, [3.65, 1.29, 0.40, 0.20, 0.040]],
    [0.3, [3.13, 1.22, 0.39, 0.20, 0.040]],
    [0.8, [2.39, 1.07, 0.37, 0.19, 0.039]],
    [1.5, [1.85, 0.92, 0.35, 0.19, 0.039]],
  ];
  for (const [risk, depths] of table) {
    depths.forEach((depth, index) => {
      const kappa = [0.5, 1.5, 5, 10, 50][index] ?? 0;
      near(depthSpread({ gamma: risk, kappa }), depth, 0.0051, `gamma ${risk}, kappa ${kappa}:`);
    });
  }
});

Deno.test("C-45: a higher gamma may narrow the spread, and a longer tau widens it (§6.6)", () => {
  near(optimalSpread({ gamma: 0.1, kappa: 1.5, variance: 0.06, riskWeight: 1 }), 1.297, 0.001);
  near(optimalSpread({ gamma: 0.8, kappa: 1.5, variance: 0.06, riskWeight: 1 }), 1.117, 0.001);
  assert.ok(touch({ tauHours: 2 }).spreadCents < touch({ tauHours: 200 }).spreadCents);
});

Deno.test("asEngine: without risk aversion the spread is the limit 2/kappa, not 0/0", () => {
  assert.equal(depthSpread({ gamma: 0, kappa: 1.5 }), 2 / 1.5);
  near(depthSpread({ gamma: 1e-5, kappa: 1.5 }), 2 / 1.5, 1e-5);
  assert.equal(riskSpread({ gamma: 0, variance: 9, riskWeight: 1 }), 0);
});

Deno.test("asEngine: seed_literal leaves inventory control off (§6.1)", () => {
  const seed = (tauHours: number, risk: number) =>
    touch({ skew: 1, tauHours, sigmaScaleCents: SEED_SCALE, ...gamma(risk) }, SEED_LITERAL);
  for (
    const [risk, tauHours, shift] of [
      [0.1, 1, 2.5e-6],
      [0.1, 24, 6.0e-5],
      [0.3, 168, 1.3e-3],
      [0.8, 720, 1.4e-2],
      [1.5, 720, 2.7e-2],
    ] as const
  ) {
    near(seed(tauHours, risk).shiftCents, shift, shift * 0.04);
  }
});

// --- logit model (§6.8) ---

Deno.test("asEngine: linear and logit reservation prices equal the table of §6.8", () => {
  const table = [
    [50, 1, 41.29, 41.38, 15.16, 19.88],
    [20, 1, 14.43, 15.00, -2.30, 5.84],
    [5, 1, 3.35, 3.58, -1.62, 1.29],
    [5, -1, 6.65, 6.94, 11.62, 17.50],
    [95, -1, 96.65, 96.42, 101.62, 98.71],
  ] as const;
  const free = { maxShiftCents: 100 };
  for (const [fairCents, skew, linear1, logit1, linear2, logit2] of table) {
    const at = (sigmaScaleCents: number, asModel: "linear" | "logit") =>
      touch(
        { fairCents, skew, tauHours: 720, sigmaScaleCents, ...gamma(1.5) },
        { ...free, asModel },
      ).reservationCents;
    near(at(1, "linear"), linear1);
    near(at(1, "logit"), logit1);
    near(at(2, "linear"), linear2);
    near(at(2, "logit"), logit2);
  }
});

Deno.test("asEngine: logit quotes stay between 0 and 100 where linear ones leave the range", () => {
  const strong = { fairCents: 5, skew: 1, tauHours: 720, sigmaScaleCents: 2, ...gamma(1.5) };
  const free = { maxShiftCents: 100 };
  assert.ok(touch(strong, free).modelBidCents < 0);
  const logit = touch(strong, { ...free, asModel: "logit" });
  assert.ok(logit.modelBidCents > 0 && logit.modelAskCents < 100);
});

Deno.test("asEngine: the half spread in log-odds is capped at 1.5 (§6.8)", () => {
  const terms = touch(
    { fairCents: 2, multipliers: [{ name: "shield", value: 5 }] },
    { asModel: "logit" },
  );
  near(Math.log(terms.modelAskCents / (100 - terms.modelAskCents)) - Math.log(2 / 98), 1.5, 1e-9);
});

Deno.test("asEngine: at default strength both models agree within 0.6 cents (§6.8)", () => {
  for (const fairCents of [5, 20, 50, 80, 95]) {
    for (const skew of [-1, -0.4, 0, 0.4, 1]) {
      const input = { fairCents, skew, tauHours: 720, ...gamma(1.5) };
      const linear = touch(input).reservationCents;
      near(touch(input, { asModel: "logit" }).reservationCents, linear, 0.6);
    }
  }
});

Deno.test("asEngine: a terminal share keeps the inventory aversion alive at tau 0 (§6.8)", () => {
  const psi = touch({ skew: 1, tauHours: 0 }, { terminalShare: 0.002 });
  near(psi.shiftCents, 1.5, 1e-9);
  for (const skew of [-1, 1]) assert.equal(touch({ skew, tauHours: 0 }).shiftCents, 0);
});

// --- behaviour (§7) ---

Deno.test("C-03: long YES lowers both quotes, long NO raises both", () => {
  const wide = { tauHours: 720, ...gamma(1.5) };
  const neutral = touch(wide);
  const long = touch({ ...wide, skew: 0.5 });
  const short = touch({ ...wide, skew: -0.5 });
  assert.ok(long.ask < neutral.ask && long.bid < neutral.bid);
  assert.ok(short.ask > neutral.ask && short.bid > neutral.bid);
});

Deno.test("asEngine: the inventory shift is limited by max_shift_cents, both ways", () => {
  for (const [skew, shift] of [[1, 3], [-1, -3]] as const) {
    const terms = touch({ skew, tauHours: 720, ...gamma(1.5) }, { maxShiftCents: 3 });
    assert.equal(terms.shiftCents, shift);
    assert.deepEqual(terms.limitedBy, ["max_shift_cents"]);
  }
});

Deno.test("asEngine: a least shift applies beyond its skew, within the largest shift", () => {
  const least = { minAdjustmentCents: 2 };
  assert.equal(touch({ skew: 0.2, tauHours: 1 }, least).shiftCents, 2);
  assert.equal(touch({ skew: -0.2, tauHours: 1 }, least).shiftCents, -2);
  near(touch({ skew: 0.1, tauHours: 24 }, least).shiftCents, 0.09, 1e-9);
  assert.equal(touch({ skew: 0.2, tauHours: 1 }, { ...least, maxShiftCents: 0 }).shiftCents, 0);
  near(touch({ skew: 1, tauHours: 720, ...gamma(1.5) }, least).shiftCents, 8.71);
});

Deno.test("C-17: the phase is a floor under the full spread, not a half-spread", () => {
  const exploring = touch({ phase: "EXPLORATION" });
  assert.deepEqual([exploring.spreadCents, exploring.ask, exploring.bid], [5, 53, 47]);
  assert.deepEqual(exploring.limitedBy, ["exploration_min_spread_cents"]);
  assert.equal(touch({ tauHours: 0 }).spreadCents, 2);
});

Deno.test("asEngine: the fee floor widens the spread when it is the largest term (§12)", () => {
  const terms = touch({ feeFloorCents: 2.5 });
  assert.equal(terms.baseSpreadCents, 2.5);
  assert.deepEqual(terms.limitedBy, ["fee_floor"]);
  assert.deepEqual(touch({ feeFloorCents: 0.7 }).limitedBy, []);
});

Deno.test("asEngine: the spread is confined to spread_min_cents and spread_max_cents", () => {
  const low = { stabilizationMinSpreadCents: 1, spreadMinCents: 3 };
  assert.equal(touch({ tauHours: 0 }, low).baseSpreadCents, 3);
  const high = touch({ sigmaScaleCents: 20, tauHours: 720, ...gamma(1.5) });
  assert.equal(high.baseSpreadCents, 20);
  assert.ok(high.limitedBy.includes("spread_max_cents"));
});

Deno.test("L-22: WIDEN widens by its factor, also where the spread is at its maximum", () => {
  const widen = { multipliers: [{ name: "WIDEN", value: 1.5 }] };
  for (const input of [{}, { sigmaScaleCents: 20, tauHours: 720 }]) {
    const normal = touch(input);
    const widened = touch({ ...input, ...widen });
    assert.equal(widened.spreadCents, 1.5 * normal.spreadCents);
    assert.ok(widened.ask - widened.bid >= 1.5 * normal.spreadCents);
  }
});

Deno.test("asEngine: WIDEN and the last day multiply: 2.79 cents become 6.28 (§24)", () => {
  const terms = touch({
    tauHours: 168,
    multipliers: [{ name: "WIDEN", value: 1.5 }, { name: "maturity", value: 1.5 }],
  });
  near(terms.spreadCents, 6.28);
  assert.equal(terms.multiplier, 2.25);
});

Deno.test("asEngine: the product of multipliers and the final spread are capped", () => {
  const multipliers = [{ name: "oracle", value: 5 }, { name: "shield", value: 5 }];
  const terms = touch({ multipliers });
  assert.equal(terms.multiplier, 5);
  assert.deepEqual(terms.limitedBy, ["max_spread_multiplier"]);
  const wide = touch({ multipliers, sigmaScaleCents: 20, tauHours: 720 });
  assert.equal(wide.spreadCents, 40);
  assert.ok(wide.limitedBy.includes("hard_spread_max_cents"));
});

Deno.test("C-18: inventory leans the spread only if spread_skew_factor says so", () => {
  const even = touch({ skew: 0.4 });
  near(even.modelAskCents - even.reservationCents, even.spreadCents / 2, 1e-12);
  const lean = touch({ skew: 0.4 }, { spreadSkewFactor: 0.5 });
  near(lean.modelAskCents - lean.reservationCents, (lean.spreadCents / 2) * 0.8, 1e-12);
  near(lean.reservationCents - lean.modelBidCents, (lean.spreadCents / 2) * 1.2, 1e-12);
});

Deno.test("L-49: at the ends of the range ask and bid stay apart and inside 1 to 99", () => {
  for (const fairCents of [1, 2, 98, 99]) {
    for (const skew of [-1, 0, 1]) {
      for (const asModel of ["linear", "logit"] as const) {
        const terms = touch(
          { fairCents, skew, tauHours: 720, sigmaScaleCents: 20, ...gamma(5) },
          { asModel },
        );
        assert.ok(1 <= terms.bid && terms.bid < terms.ask && terms.ask <= 99);
      }
    }
  }
});

Deno.test("L-49: quotes that leave the range together are pulled back as a pair", () => {
  const low = touch({ fairCents: 1, skew: 1, sigmaScaleCents: 20, tauHours: 720 });
  const high = touch({ fairCents: 99, skew: -1, sigmaScaleCents: 20, tauHours: 720 });
  assert.deepEqual(
    [touch({ fairCents: 20 }, { minPriceCents: 30 }), low, high].map(({ ask, bid }) => [ask, bid]),
    [[31, 30], [2, 1], [99, 98]],
  );
});

Deno.test("C-16: the bounds are the intersection of 1..99, the market's and the operator's", () => {
  const market = { minPrice: price(5), maxPrice: price(95) };
  const bounds = priceBounds(market, marketConfig({ minPriceCents: 10, maxPriceCents: 97 }));
  assert.deepEqual(bounds, { minPrice: 10, maxPrice: 95 });
  assert.deepEqual(priceBounds(market, marketConfig({ maxPriceCents: 80 })), {
    minPrice: 5,
    maxPrice: 80,
  });
  const terms = touch({ fairCents: 95, market }, { minPriceCents: 10 });
  assert.equal(terms.ask, 95);
  assert.deepEqual(terms.limitedBy.at(-1), "price_bounds");
});

Deno.test("asEngine: bounds that leave no room for a bid below an ask are refused", () => {
  const market = { minPrice: price(70), maxPrice: price(70) };
  assert.throws(() => touch({ market }), /priceBounds must leave two prices.*70\.\.70/);
});

Deno.test("asEngine: a rounding slack ignores a fraction of a cent", () => {
  const input = { fairCents: 50, skew: 0.02 };
  const strict = touch({ ...input, tauHours: 0 });
  assert.deepEqual([strict.ask, strict.bid], [51, 49]);
  const shifted = { ...input, tauHours: 2 };
  assert.deepEqual([touch(shifted).ask, touch(shifted).bid], [51, 48]);
  const loose = touch(shifted, { roundingSlackCents: 0.1 });
  assert.deepEqual([loose.ask, loose.bid], [51, 49]);
});

Deno.test("L-02: time that has run out counts as none left", () => {
  const input = { skew: 1, ...gamma(1.5) };
  assert.deepEqual(touch({ ...input, tauHours: -3 }), touch({ ...input, tauHours: 0 }));
});

Deno.test("C-09: tau saturates at its horizon; without one it counts in full", () => {
  assert.equal(touch({ tauHours: 24 }).tauEffectiveHours, 12);
  near(touch({ tauHours: 1e9 }).tauEffectiveHours, 24, 1e-5);
  assert.equal(touch({ tauHours: 720 }, { tauHorizonHours: null }).tauEffectiveHours, 720);
});

Deno.test("asEngine: input that cannot be is an error that names it, never a quote", () => {
  const cases: readonly (readonly [string, Partial<TouchInput>])[] = [
    ["fairCents", { fairCents: NaN }],
    ["fairCents", { fairCents: 0 }],
    ["fairCents", { fairCents: 99.5 }],
    ["skew", { skew: NaN }],
    ["skew", { skew: 1.01 }],
    ["tauHours", { tauHours: Infinity }],
    ["gamma", gamma(NaN)],
    ["gamma", gamma(-0.1)],
    ["sigmaScaleCents", { sigmaScaleCents: NaN }],
    ["feeFloorCents", { feeFloorCents: NaN }],
    ["multiplier oracle", { multipliers: [{ name: "oracle", value: NaN }] }],
    ["multiplier oracle", { multipliers: [{ name: "oracle", value: 0.5 }] }],
  ];
  for (const [term, input] of cases) {
    assert.throws(() => touch(input), (error) => {
      assert.ok(error instanceof PricingError);
      assert.equal(error.term, term);
      return true;
    });
  }
});

Deno.test("asEngine: a term that overflows is an error too", () => {
  assert.throws(() => touch({ sigmaScaleCents: 1e200 }), { term: "varianceCents2" });
  assert.throws(() => touch({}, { kappa: 0 }), { term: "spreadCents" });
  assert.throws(() => touch({ skew: 1, gamma: { tier: "MID", gamma: 1e308 } }), {
    term: "shiftCents",
  });
});

// --- time to the end ---

const MARKET: MarketRecord = {
  marketId: "MKT-1",
  title: "",
  status: "ACTIVE",
  minPrice: price(1),
  maxPrice: price(99),
  makerFeeBps: 10,
  takerFeeBps: 20,
  maxOrderQuantity: shares(10_000),
  maxPositionPerUser: shares(25_000),
  maxOrderAmountCents: cents(1_000_000),
  tradingStartAtMs: NOW - 5 * DAY,
  tradingEndAtMs: NOW + 200 * HOUR_MS,
  resolutionDateMs: NOW + 300 * HOUR_MS,
  result: null,
};

Deno.test("L-02: an override of 0 hours is a value: it quotes nearly as 0.001 hours do", () => {
  const hours = (remainingHoursOverride: number | null) =>
    hoursToEnd(MARKET, NOW, marketConfig({ remainingHoursOverride }));
  assert.deepEqual([hours(0), hours(0.001), hours(null)], [0, 0.001, 200]);
  const quote = (tauHours: number) => touch({ skew: 1, tauHours, ...gamma(1.5) });
  near(quote(hours(0)).modelAskCents, quote(hours(0.001)).modelAskCents, 0.001);
  assert.notEqual(quote(hours(0)).shiftCents, quote(hours(null)).shiftCents);
});

Deno.test("L-21: tau comes from the trading end, the resolution date or the default", () => {
  const config = marketConfig();
  const noEnd = { ...MARKET, tradingEndAtMs: null };
  assert.equal(hoursToEnd(noEnd, NOW, config), 300);
  assert.equal(hoursToEnd({ ...noEnd, resolutionDateMs: null }, NOW, config), 720);
  assert.equal(hoursToEnd(MARKET, NOW + 201 * HOUR_MS, config), 0);
});

Deno.test("L-21: an end in 2 hours and one in 200 give different spreads and shifts", () => {
  const at = (hours: number) => {
    const market = { ...MARKET, tradingEndAtMs: NOW + hours * HOUR_MS };
    const tauHours = hoursToEnd(market, NOW, marketConfig());
    return touch({ skew: 0.5, tauHours, ...gamma(1.5) });
  };
  assert.ok(at(2).spreadCents < at(200).spreadCents);
  assert.ok(at(2).shiftCents < at(200).shiftCents);
});

// --- gamma tier (§7, C-12) ---

const tierAt = (days: number) =>
  gammaTier({ ...MARKET, tradingStartAtMs: NOW - days * DAY }, NOW, marketConfig()).tier;

Deno.test("L-52: the gamma tier follows the age of the market in each cycle", () => {
  const expected = [
    [-1, "EARLY"],
    [0, "EARLY"],
    [3, "EARLY"],
    [3.01, "MID"],
    [4, "MID"],
    [14, "MID"],
    [15, "LATE"],
    [30, "LATE"],
    [31, "MATURE"],
  ] as const;
  for (const [days, tier] of expected) assert.equal(tierAt(days), tier, `${days} days`);
});

Deno.test("C-12: gamma rises with age: 0.1, 0.3, 0.8, 1.5", () => {
  const gammas = [1, 10, 20, 40].map((days) =>
    gammaTier({ ...MARKET, tradingStartAtMs: NOW - days * DAY }, NOW, marketConfig()).gamma
  );
  assert.deepEqual(gammas, [0.1, 0.3, 0.8, 1.5]);
});

Deno.test("L-52: a garbage start falls back on market_creation_date and raises an alert", () => {
  const market: MarketDates = { ...MARKET, tradingStartAtMs: Date.parse("garbage") };
  const config = marketConfig({ marketCreationDate: "2025-12-12" });
  const answer = gammaTier(market, NOW, config);
  assert.equal(answer.tier, "LATE");
  assert.match(answer.alert ?? "", /market_creation_date is used/);
});

Deno.test("L-52: a missing start uses market_creation_date without an alert", () => {
  const config = marketConfig({ marketCreationDate: "2025-12-31" });
  const answer = gammaTier({ ...MARKET, tradingStartAtMs: null }, NOW, config);
  assert.deepEqual([answer.tier, answer.alert], ["EARLY", null]);
});

Deno.test("L-52: no usable date at all means MID with an alert", () => {
  for (const marketCreationDate of [null, "garbage"]) {
    const config = marketConfig({ marketCreationDate });
    const answer = gammaTier({ ...MARKET, tradingStartAtMs: null }, NOW, config);
    assert.deepEqual([answer.tier, answer.gamma], ["MID", 0.3]);
    assert.match(answer.alert ?? "", /dates are unknown/);
  }
});

Deno.test("gammaTier: a forced tier ignores every date", () => {
  const config = marketConfig({ gammaTier: "MATURE" });
  const answer = gammaTier({ ...MARKET, tradingStartAtMs: null }, NOW, config);
  assert.deepEqual(answer, { tier: "MATURE", gamma: 1.5, alert: null });
});

Deno.test("gammaTier: the basis may be the whole life or the days that are left", () => {
  const market = { ...MARKET, tradingStartAtMs: NOW - 20 * DAY, tradingEndAtMs: NOW + 2 * DAY };
  const tier = (gammaTierBasis: MarketConfig["gammaTierBasis"]) =>
    gammaTier(market, NOW, marketConfig({ gammaTierBasis })).tier;
  assert.deepEqual([tier("age"), tier("total"), tier("remaining")], ["LATE", "LATE", "EARLY"]);
  const endless = { ...market, tradingEndAtMs: null, resolutionDateMs: null };
  assert.equal(gammaTier(endless, NOW, marketConfig({ gammaTierBasis: "total" })).tier, "MID");
});
