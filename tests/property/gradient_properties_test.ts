import assert from "node:assert/strict";
import fc from "fast-check";
import { mirrorPrice, price, shares } from "../../src/models/money.ts";
import {
  allocate,
  buildLadder,
  buildUnwindingLadder,
  type LadderInput,
} from "../../src/strategy/gradient.ts";
import { marketConfig } from "../support/config.ts";

const RUNS = { numRuns: 200 };
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const anyInput: fc.Arbitrary<LadderInput> = fc.record({
  side: fc.constantFrom("ASK" as const, "BID" as const),
  top: fc.integer({ min: 1, max: 99 }).map(price),
  phase: fc.constantFrom("EXPLORATION" as const, "STABILIZATION" as const),
  skew: real(-1, 1),
  quantityMultiplier: real(0, 2),
  minPrice: fc.integer({ min: 1, max: 30 }).map(price),
  maxPrice: fc.integer({ min: 70, max: 99 }).map(price),
  maxOrderQuantity: fc.integer({ min: 1, max: 20_000 }).map(shares),
});
const anySettings = fc.record({
  explorationGradientType: fc.constantFrom("LINEAR" as const, "GEOMETRIC" as const),
  stabilizationGradientType: fc.constantFrom("LINEAR" as const, "GEOMETRIC" as const),
  gradientLinearLevels: fc.integer({ min: 2, max: 10 }),
  gradientGeometricLevels: fc.integer({ min: 2, max: 10 }),
  gradientLinearStepCents: fc.integer({ min: 1, max: 5 }),
  gradientGeometricRatio: real(1.01, 1.2),
  gradientQtyDecay: real(0.3, 1),
  explorationQtyDecay: fc.option(real(0.3, 1), { nil: null }),
  baseOrderQuantity: fc.integer({ min: 1, max: 10_000 }),
  minOrderQty: fc.integer({ min: 1, max: 50 }),
  qtySkewFactor: real(0, 1),
});

Deno.test("gradient: prices move away from the touch, in bounds; quantities fall", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      const quotes = buildLadder(input, marketConfig(settings));
      quotes.forEach((quote, index) => {
        assert.ok(quote.price >= input.minPrice && quote.price <= input.maxPrice);
        assert.ok(Number.isInteger(quote.quantity) && quote.quantity >= settings.minOrderQty);
        assert.ok(quote.quantity <= input.maxOrderQuantity);
        assert.equal(quote.side, input.side);
        const next = quotes[index + 1];
        if (next === undefined) return;
        const away = input.side === "ASK" ? next.price - quote.price : quote.price - next.price;
        assert.ok(away >= 1);
        assert.ok(next.quantity <= quote.quantity);
      });
    }),
    RUNS,
  );
});

Deno.test("gradient: other side, 100-price and -q give the mirrored ladder (§29 item 4)", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      const config = marketConfig(settings);
      const mirrored = buildLadder({
        ...input,
        side: input.side === "ASK" ? "BID" : "ASK",
        top: mirrorPrice(input.top),
        skew: -input.skew,
        minPrice: mirrorPrice(input.maxPrice),
        maxPrice: mirrorPrice(input.minPrice),
      }, config);
      const straight = buildLadder(input, config);
      assert.deepEqual(
        mirrored.map((quote) => [100 - quote.price, quote.quantity, quote.level]),
        straight.map((quote) => [quote.price, quote.quantity, quote.level]),
      );
    }),
    RUNS,
  );
});

Deno.test("gradient: heavy YES never offers less nor bids for more (§29 item 4)", () => {
  fc.assert(
    fc.property(anyInput, anySettings, real(-1, 1), (input, settings, other) => {
      const config = marketConfig(settings);
      const total = (skew: number) =>
        buildLadder({ ...input, skew }, config).reduce((sum, quote) => sum + quote.quantity, 0);
      const low = total(Math.min(input.skew, other));
      const high = total(Math.max(input.skew, other));
      assert.ok(input.side === "ASK" ? high >= low : high <= low);
    }),
    RUNS,
  );
});

Deno.test("gradient: a smaller multiplier quotes no more at any level (§29 item 8)", () => {
  fc.assert(
    fc.property(anyInput, anySettings, real(0, 1), (input, settings, factor) => {
      const config = marketConfig(settings);
      const full = new Map(
        buildLadder(input, config).map((quote) => [quote.level, quote.quantity] as const),
      );
      const quantityMultiplier = input.quantityMultiplier * factor;
      for (const quote of buildLadder({ ...input, quantityMultiplier }, config)) {
        assert.ok(quote.quantity <= (full.get(quote.level) ?? 0));
      }
    }),
    RUNS,
  );
});

Deno.test("L-16: an allocation uses its capacity and no more, near levels first", () => {
  fc.assert(
    fc.property(
      anyInput,
      anySettings,
      fc.integer({ min: 0, max: 50_000 }),
      (input, set, capacity) => {
        const quotes = buildLadder(input, marketConfig(set));
        const wanted = quotes.reduce((sum, quote) => sum + quote.quantity, 0);
        const allocated = allocate(quotes, shares(capacity));
        const given = allocated.reduce((sum, quote) => sum + quote.quantity, 0);
        assert.equal(given, Math.min(wanted, capacity));
        allocated.slice(0, -1).forEach((quote, index) => assert.equal(quote, quotes[index]));
      },
    ),
    RUNS,
  );
});

Deno.test("gradient: an unwinding ladder never exceeds its total (§10.1)", () => {
  fc.assert(
    fc.property(
      anyInput,
      anySettings,
      fc.integer({ min: 0, max: 5000 }),
      (input, settings, limit) => {
        const { top: topLadderPrice, ...common } = input;
        const quotes = buildUnwindingLadder(
          { ...common, topLadderPrice, totalShares: shares(limit) },
          marketConfig(settings),
        );
        assert.ok(quotes.reduce((sum, quote) => sum + quote.quantity, 0) <= limit);
        for (const quote of quotes) {
          const own = quote.side === "ASK" ? quote.price : 100 - quote.price;
          assert.ok(own >= topLadderPrice);
        }
      },
    ),
    RUNS,
  );
});
