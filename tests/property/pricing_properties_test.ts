import assert from "node:assert/strict";
import fc from "fast-check";
import { levels, type OrderBook } from "../../src/models/book.ts";
import { fairPrice, layerWeights } from "../../src/strategy/pricing/fair_price.ts";
import { microprice } from "../../src/strategy/pricing/microprice.ts";
import {
  decayed,
  initialPosterior,
  observeTrade,
  type PosteriorState,
  type TradeObservation,
} from "../../src/strategy/pricing/posterior.ts";
import {
  EMPTY_VOLATILITY,
  estimateVolatility,
  observePrice,
  sigmaScale,
} from "../../src/strategy/volatility.ts";
import { marketConfig } from "../support/config.ts";

const NOW = Date.UTC(2026, 0, 1);
const RUNS = { numRuns: 200 };
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 1e6 })), {
  maxLength: 12,
});
const anyBook = fc.tuple(side, side).map(([bids, asks]): OrderBook => ({
  bids: levels("BID", new Map(bids)),
  asks: levels("ASK", new Map(asks)),
  lastTradePrice: null,
}));
const microSettings = fc.record({
  micropriceLevels: fc.integer({ min: 1, max: 10 }),
  micropriceDistanceDecay: real(0, 5),
  micropriceLevelCapMultiple: real(0, 20),
  micropricePersistSnapshots: fc.integer({ min: 1, max: 5 }),
  micropriceMinDepth: fc.integer({ min: 0, max: 100 }),
  micropriceMaxSpreadCents: fc.integer({ min: 1, max: 98 }),
});

Deno.test("microprice: whatever the books hold, it stays within their prices or is null", () => {
  fc.assert(
    fc.property(fc.array(anyBook, { minLength: 1, maxLength: 5 }), microSettings, (books, set) => {
      const [newest, ...history] = books;
      const { cents, reason } = microprice(
        { book: newest ?? null, history },
        marketConfig(set),
      );
      assert.equal(cents === null, reason !== "valid");
      if (cents === null) return;
      const bids = (newest?.bids ?? []).map((level) => level.price);
      const asks = (newest?.asks ?? []).map((level) => level.price);
      assert.ok(cents >= Math.min(...bids) && cents <= Math.max(...asks));
    }),
    RUNS,
  );
});

Deno.test("C-14: the micro-price lies between the best bid and the best ask", () => {
  fc.assert(
    fc.property(anyBook, microSettings, (book, set) => {
      const config = marketConfig({ ...set, micropricePersistSnapshots: 1 });
      const { cents } = microprice({ book, history: [] }, config);
      if (cents === null) return;
      assert.ok(cents >= Number(book.bids[0]?.price) && cents <= Number(book.asks[0]?.price));
    }),
    RUNS,
  );
});

Deno.test("microprice: mirroring the book mirrors the price", () => {
  const mirrored = ({ bids, asks }: OrderBook): OrderBook => ({
    bids: levels("BID", asks.map((level) => [100 - level.price, level.quantity] as const)),
    asks: levels("ASK", bids.map((level) => [100 - level.price, level.quantity] as const)),
    lastTradePrice: null,
  });
  fc.assert(
    fc.property(anyBook, microSettings, (book, set) => {
      const config = marketConfig({ ...set, micropricePersistSnapshots: 1 });
      const straight = microprice({ book, history: [] }, config).cents;
      const reverse = microprice({ book: mirrored(book), history: [] }, config).cents;
      assert.equal(straight === null, reverse === null);
      assert.ok(Math.abs((straight ?? 50) + (reverse ?? 50) - 100) < 1e-9);
    }),
    RUNS,
  );
});

const anyTrade: fc.Arbitrary<TradeObservation> = fc.record({
  priceCents: fc.oneof(fc.integer({ min: -5, max: 105 }), fc.constant(NaN)),
  aggressor: fc.constantFrom(1 as const, -1 as const, 0 as const),
  quantity: fc.oneof(fc.integer({ min: -5, max: 1e7 }), fc.constant(Infinity)),
  atMs: fc.integer({ min: NOW - 1e6, max: NOW + 1e8 }),
});

Deno.test("posterior: any trades leave a probability and a bounded strength", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      fc.constantFrom("beta" as const, "ema" as const),
      fc.array(anyTrade, { maxLength: 60 }),
      (anchor, posteriorMode, trades) => {
        const config = marketConfig({ posteriorMode });
        const end = trades.reduce<PosteriorState>(
          (state, trade) => observeTrade(state, trade, config).state,
          initialPosterior(anchor, NOW, config),
        );
        const later = decayed(end, end.updatedAtMs + 1e9, config);
        for (const { mean, strength } of [end, later]) {
          assert.ok(mean >= 0.01 && mean <= 0.99, `${mean}`);
          assert.ok(strength >= 6 - 1e-9 && strength <= 30, `${strength}`);
        }
      },
    ),
    RUNS,
  );
});

Deno.test("posterior: a trade moves the belief towards its price, never beyond it", () => {
  fc.assert(
    fc.property(
      real(1, 99),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 10_000 }),
      (start, priceCents, quantity) => {
        const config = marketConfig({ posteriorMode: "beta" });
        const before = initialPosterior(start, NOW, config);
        const trade: TradeObservation = { priceCents, aggressor: 0, quantity, atMs: NOW };
        const after = observeTrade(before, trade, config).state.mean * 100;
        assert.ok(after >= Math.min(start, priceCents) - 1e-9);
        assert.ok(after <= Math.max(start, priceCents) + 1e-9);
      },
    ),
    RUNS,
  );
});

const anyFairInput = fc.record({
  ageMs: fc.integer({ min: 0, max: 1e7 }),
  micro: fc.option(real(1, 99), { nil: null }),
  belief: real(1, 99),
  exploring: fc.boolean(),
  opening: fc.boolean(),
  previous: fc.option(real(1, 99), { nil: null }),
});
const anyFairSettings = fc.record({
  anchorPriceCents: fc.integer({ min: 1, max: 99 }),
  anchorWeightFloor: real(0, 1),
  pricingMode: fc.constantFrom("decay" as const, "phase" as const),
  posteriorMode: fc.constantFrom("flow" as const, "beta" as const),
  midRounding: fc.constantFrom("integer" as const, "none" as const),
  phaseWeightsStabilization: fc.constantFrom([0.2, 0.5, 0.3], [0.9, 0.1, 0], [0, 1, 0]),
});

Deno.test("fairPrice: weights are shares of one, the price is within its limits", () => {
  fc.assert(
    fc.property(anyFairInput, anyFairSettings, (any, set) => {
      const config = marketConfig(set);
      const input = {
        nowMs: NOW + any.ageMs,
        anchorSetAtMs: NOW,
        microprice: any.micro === null
          ? { cents: null, reason: "no book" as const }
          : { cents: any.micro, reason: "valid" as const },
        posterior: initialPosterior(any.belief, NOW, config),
        phase: any.exploring ? "EXPLORATION" as const : "STABILIZATION" as const,
        opening: any.opening,
        previousRawCents: any.previous,
      };
      const { anchor, micro, posterior } = layerWeights(input, config);
      assert.ok(Math.min(anchor, micro, posterior) >= 0);
      assert.ok(Math.abs(anchor + micro + posterior - 1) <= 1e-12);
      const terms = fairPrice(input, config);
      assert.ok(terms.fairCents >= 1 && terms.fairCents <= 99);
      if (set.midRounding === "integer") assert.ok(Number.isInteger(terms.fairCents));
      if (any.previous !== null && !any.opening) {
        assert.ok(Math.abs(terms.rawCents - any.previous) <= config.maxMidStepCents + 1e-9);
      }
      if (any.opening) {
        assert.ok(Math.abs(terms.rawCents - set.anchorPriceCents) <= config.anchorBandCents + 1e-9);
      }
    }),
    RUNS,
  );
});

Deno.test("volatility: estimates are within their bounds, and so is the window", () => {
  const print = fc.record({
    priceCents: fc.oneof(real(1, 99), fc.constant(NaN), fc.constant(-3)),
    atMs: fc.integer({ min: NOW, max: NOW + 1e8 }),
    source: fc.constantFrom("micro" as const, "fair" as const),
  });
  fc.assert(
    fc.property(
      fc.array(print, { maxLength: 80 }),
      real(1, 99),
      real(0, 10_000),
      (prints, at, tau) => {
        const config = marketConfig({ sigmaMode: "max" });
        const sorted = prints.toSorted((a, b) => a.atMs - b.atMs);
        const state = sorted.reduce(
          (sofar, sample) => observePrice(sofar, sample, config),
          EMPTY_VOLATILITY,
        );
        const estimate = estimateVolatility(state, at, config);
        assert.ok(state.samples.length <= config.volatilityWindowSize);
        assert.ok(estimate.sigmaStepCents >= 1 && estimate.sigmaStepCents <= 15);
        assert.ok((estimate.sigmaHourCents ?? 0) >= 0);
        const scale = sigmaScale(estimate.scaleCents, tau, config);
        assert.ok(Number.isFinite(scale) && scale >= config.sigmaScaleCents);
      },
    ),
    RUNS,
  );
});
