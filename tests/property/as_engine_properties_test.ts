import assert from "node:assert/strict";
import fc from "fast-check";
import { mirrorPrice, price } from "../../src/models/money.ts";
import { quoteTouch, type TouchInput } from "../../src/strategy/as_engine.ts";
import { reservationPrice } from "../../src/strategy/avellaneda_stoikov.ts";
import { PricingError } from "../../src/strategy/pricing_error.ts";
import { marketConfig } from "../support/config.ts";
import { SEED_LITERAL, SEED_SCALE, touchInput } from "../support/touch.ts";

const RUNS = { numRuns: 200 };
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Anything the engine may meet. */
const anyInput: fc.Arbitrary<TouchInput> = fc.record({
  fairCents: fc.oneof(fc.integer({ min: 1, max: 99 }), real(1, 99)),
  skew: real(-1, 1),
  tauHours: fc.oneof(fc.constant(0), real(0, 10_000)),
  phase: fc.constantFrom("EXPLORATION" as const, "STABILIZATION" as const),
  gamma: fc.record({
    tier: fc.constant("MID" as const),
    gamma: fc.oneof(real(0, 1e-5), real(0, 5)),
  }),
  sigmaScaleCents: real(0.001, 20),
  uncertaintyCents: real(0, 50),
  feeFloorCents: real(0, 5),
  multipliers: fc.array(fc.record({ name: fc.constant("m"), value: real(1, 5) }), { maxLength: 3 }),
  market: fc.record({
    minPrice: fc.integer({ min: 1, max: 30 }).map(price),
    maxPrice: fc.integer({ min: 70, max: 99 }).map(price),
  }),
});
const anySettings = fc.record({
  asModel: fc.constantFrom("linear" as const, "logit" as const),
  kappa: real(0.1, 100),
  spreadRiskWeight: real(0, 1),
  spreadSkewFactor: real(0, 1),
  terminalShare: real(0, 1),
  tauHorizonHours: fc.option(real(1, 10_000), { nil: null }),
  minAdjustmentCents: fc.integer({ min: 0, max: 5 }),
  maxShiftCents: real(0, 50),
});

Deno.test("asEngine: whole cents in bounds, bid below ask, every term finite", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      const terms = quoteTouch(input, marketConfig(settings));
      const { minPrice, maxPrice } = input.market;
      assert.ok(Number.isInteger(terms.bid) && Number.isInteger(terms.ask));
      assert.ok(minPrice <= terms.bid && terms.bid < terms.ask && terms.ask <= maxPrice);
      for (const [name, value] of Object.entries(terms)) {
        if (typeof value === "number") assert.ok(Number.isFinite(value), name);
      }
    }),
    RUNS,
  );
});

Deno.test("C-03: ask and bid do not rise when the skew rises", () => {
  fc.assert(
    fc.property(anyInput, anySettings, real(-1, 1), (input, settings, other) => {
      const config = marketConfig(settings);
      const low = quoteTouch({ ...input, skew: Math.min(input.skew, other) }, config);
      const high = quoteTouch({ ...input, skew: Math.max(input.skew, other) }, config);
      assert.ok(high.ask <= low.ask && high.bid <= low.bid);
    }),
    RUNS,
  );
});

Deno.test("asEngine: quotes mirror: 100-s and -q give 100-bid and 100-ask", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      const config = marketConfig(settings);
      const { minPrice, maxPrice } = input.market;
      const straight = quoteTouch(input, config);
      const mirrored = quoteTouch({
        ...input,
        fairCents: 100 - input.fairCents,
        skew: -input.skew,
        market: { minPrice: mirrorPrice(maxPrice), maxPrice: mirrorPrice(minPrice) },
      }, config);
      // A quote within rounding noise of a whole cent may fall on either side of it.
      const nearCent = [straight.modelAskCents, straight.modelBidCents].some((value) =>
        Math.abs(value - Math.round(value)) < 1e-8
      );
      fc.pre(!nearCent);
      assert.deepEqual([mirrored.ask, mirrored.bid], [100 - straight.bid, 100 - straight.ask]);
    }),
    RUNS,
  );
});

Deno.test("asEngine: whole fair prices without inventory mirror exactly, with no exception", () => {
  for (let fairCents = 1; fairCents <= 99; fairCents++) {
    for (const asModel of ["linear", "logit"] as const) {
      const config = marketConfig({ asModel });
      const straight = quoteTouch(touchInput({ fairCents }), config);
      const mirrored = quoteTouch(touchInput({ fairCents: 100 - fairCents }), config);
      assert.deepEqual([mirrored.ask, mirrored.bid], [100 - straight.bid, 100 - straight.ask]);
    }
  }
});

Deno.test("C-45: the spread does not fall when tau rises", () => {
  fc.assert(
    fc.property(anyInput, anySettings, real(0, 10_000), (input, settings, other) => {
      const config = marketConfig(settings);
      const soon = quoteTouch({ ...input, tauHours: Math.min(input.tauHours, other) }, config);
      const late = quoteTouch({ ...input, tauHours: Math.max(input.tauHours, other) }, config);
      assert.ok(late.spreadCents >= soon.spreadCents - 1e-9);
    }),
    RUNS,
  );
});

Deno.test("asEngine: the spread does not rise when kappa rises", () => {
  fc.assert(
    fc.property(anyInput, anySettings, real(0.1, 100), (input, settings, other) => {
      const at = (kappa: number) => quoteTouch(input, marketConfig({ ...settings, kappa }));
      const deep = at(Math.max(settings.kappa, other));
      const shallow = at(Math.min(settings.kappa, other));
      assert.ok(deep.spreadCents <= shallow.spreadCents + 1e-9);
    }),
    RUNS,
  );
});

Deno.test("asEngine: a larger multiplier never brings a quote closer (§29 item 4)", () => {
  fc.assert(
    fc.property(anyInput, anySettings, real(1, 5), (input, settings, value) => {
      const config = marketConfig(settings);
      const normal = quoteTouch(input, config);
      const multipliers = [...input.multipliers, { name: "WIDEN", value }];
      const widened = quoteTouch({ ...input, multipliers }, config);
      assert.ok(widened.ask >= normal.ask && widened.bid <= normal.bid);
      assert.ok(widened.spreadCents >= normal.spreadCents);
    }),
    RUNS,
  );
});

Deno.test("asEngine: a fee floor never narrows the spread", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      const config = marketConfig(settings);
      const free = quoteTouch({ ...input, feeFloorCents: 0 }, config);
      assert.ok(quoteTouch(input, config).spreadCents >= free.spreadCents);
    }),
    RUNS,
  );
});

Deno.test("asEngine: rounding is outwards, never towards the fair price (§25)", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      const terms = quoteTouch(input, marketConfig(settings));
      const { minPrice, maxPrice } = input.market;
      if (terms.ask < maxPrice && terms.ask > terms.bid + 1) {
        assert.ok(terms.ask >= terms.modelAskCents - 1e-9);
      }
      if (terms.bid > minPrice && terms.ask > terms.bid + 1) {
        assert.ok(terms.bid <= terms.modelBidCents + 1e-9);
      }
    }),
    RUNS,
  );
});

Deno.test("seed_literal equals the seed's formulas to 1e-12 (§29 item 9)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      real(-1, 1),
      real(0, 720),
      real(0.01, 1.5),
      (fairCents, skew, tauHours, gamma) => {
        const terms = quoteTouch(
          touchInput({
            fairCents,
            skew,
            tauHours,
            sigmaScaleCents: SEED_SCALE,
            gamma: { tier: "MID", gamma },
          }),
          marketConfig(SEED_LITERAL),
        );
        const p = fairCents / 100;
        const sigma = Math.sqrt(p * (1 - p)) / 100;
        const reservation = fairCents - skew * gamma * sigma ** 2 * tauHours;
        const spread = gamma * sigma ** 2 * tauHours + (2 / gamma) * Math.log(1 + gamma / 1.5);
        assert.ok(Math.abs(terms.reservationCents - reservation) <= 1e-12);
        assert.ok(Math.abs(terms.spreadCents - spread) <= 1e-12);
      },
    ),
    RUNS,
  );
});

Deno.test("standard equals the unit-correct formulas of §6.5 (§29 item 9)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      real(-1, 1),
      real(0, 10_000),
      real(0.01, 1.5),
      (fairCents, skew, tauHours, gamma) => {
        const terms = quoteTouch(
          touchInput({ fairCents, skew, tauHours, gamma: { tier: "MID", gamma } }),
          marketConfig(),
        );
        const p = fairCents / 100;
        const variance = p * (1 - p) * ((24 * tauHours) / (24 + tauHours));
        const ideal = reservationPrice({ fair: fairCents, skew, gamma, variance });
        assert.ok(Math.abs(terms.reservationCents - ideal) <= 1e-9);
        assert.ok(Math.abs(terms.varianceCents2 - variance) <= 1e-9);
      },
    ),
    RUNS,
  );
});

Deno.test("asEngine: input that is not finite never becomes a quote (§29 item 8)", () => {
  const broken = fc.constantFrom(NaN, Infinity, -Infinity);
  const field = fc.constantFrom(
    "fairCents" as const,
    "skew" as const,
    "tauHours" as const,
    "sigmaScaleCents" as const,
    "feeFloorCents" as const,
  );
  fc.assert(
    fc.property(anyInput, field, broken, (input, name, value) => {
      assert.throws(() => quoteTouch({ ...input, [name]: value }, marketConfig()), PricingError);
    }),
    RUNS,
  );
});
