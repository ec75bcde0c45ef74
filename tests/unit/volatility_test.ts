import assert from "node:assert/strict";
import {
  EMPTY_VOLATILITY,
  estimateVolatility,
  observePrice,
  sigmaScale,
  type VolatilitySample,
  type VolatilityState,
} from "../../src/strategy/volatility.ts";
import { marketConfig } from "../support/config.ts";

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

type Print = readonly [minutes: number, priceCents: number];

/** §5's worked example. */
const TAPE: readonly Print[] = [[0, 50], [4, 52], [10, 51], [13, 53], [25, 53], [31, 50]];

function trade([minutes, priceCents]: Print): VolatilitySample {
  return { priceCents, atMs: NOW + minutes * MINUTE, source: "fair" };
}

function micro([minutes, priceCents]: Print): VolatilitySample {
  return { priceCents, atMs: NOW + minutes * MINUTE, source: "micro" };
}

function window(samples: readonly VolatilitySample[], config = marketConfig()): VolatilityState {
  return samples.reduce((state, sample) => observePrice(state, sample, config), EMPTY_VOLATILITY);
}

function estimate(tape: readonly Print[], priceCents: number, config = marketConfig()) {
  return estimateVolatility(window(tape.map(trade), config), priceCents, config);
}

function near(actual: number | null, expected: number, tolerance: number): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance,
    `${actual} != ${expected}`,
  );
}

Deno.test("C-08: the worked example gives sigma per trade, per hour and the scale (§5)", () => {
  const middle = estimate(TAPE, 50);
  near(middle.sigmaStepCents, 2.12, 0.005);
  near(middle.sigmaHourCents, 5.91, 0.005);
  near(middle.scaleCents, 11.8, 0.05);
  const low = estimate(TAPE, 10);
  near(low.sigmaStepCents, 1.27, 0.005);
  near(low.sigmaHourCents, 3.55, 0.011);
  assert.equal(low.scaleCents, middle.scaleCents);
});

Deno.test("volatility: one window is measured anew for other settings, and for them alone", () => {
  const state = window(TAPE.map(trade));
  const [usual, narrow] = [marketConfig(), marketConfig({ sigmaMaxCents: 1 })];
  const before = estimateVolatility(state, 50, usual);
  assert.ok(estimateVolatility(state, 50, narrow).sigmaStepCents <= 1);
  assert.deepEqual(estimateVolatility(state, 50, usual), before);
});

Deno.test("volatility: the scale reproduces sigma per hour as S sqrt(p(1-p))", () => {
  const { scaleCents, sigmaHourCents } = estimate(TAPE, 20);
  near(sigmaHourCents, (scaleCents ?? NaN) * Math.sqrt(0.2 * 0.8), 1e-12);
});

Deno.test("volatility: one cent means more at 5 than at 50", () => {
  const bounce = (around: number): readonly Print[] =>
    [0, 5, 10, 15, 20].map((minute, index) => [minute, around + (index % 2)]);
  const scaleAt = (around: number) => estimate(bounce(around), around).scaleCents ?? 0;
  near(scaleAt(5) / scaleAt(50), Math.sqrt(2500 / 475), 0.1);
});

Deno.test("volatility: with too few prices the default stands, nothing per hour", () => {
  const few = estimate(TAPE.slice(0, 4), 50);
  assert.deepEqual(few, { sigmaStepCents: 2, sigmaHourCents: null, scaleCents: null });
});

Deno.test("volatility: one move has no deviation, so two prices are always too few", () => {
  const config = marketConfig({ volatilityMinSamples: 2 });
  assert.equal(estimate(TAPE.slice(0, 2), 50, config).sigmaStepCents, 2);
});

Deno.test("volatility: a short window, or one without time, gives no sigma per hour", () => {
  for (const stretch of [0, 9.9 / 31]) {
    const short = TAPE.map(([minutes, cents]): Print => [minutes * stretch, cents]);
    const answer = estimate(short, 50);
    assert.deepEqual([answer.sigmaHourCents, answer.scaleCents], [null, null]);
    near(answer.sigmaStepCents, 2.12, 0.005);
  }
});

Deno.test("volatility: a price that never moves has the floor per trade and zero per hour", () => {
  const flat = TAPE.map(([minutes]): Print => [minutes, 50]);
  assert.deepEqual(estimate(flat, 50), { sigmaStepCents: 1, sigmaHourCents: 0, scaleCents: 0 });
});

Deno.test("volatility: one wild print is cut at sigma_max_cents", () => {
  const wild = (priceCents: number) => estimate([...TAPE, [40, priceCents], [41, 50]], 50);
  assert.equal(wild(99).sigmaStepCents, wild(65).sigmaStepCents);
  assert.ok(wild(64).sigmaStepCents < wild(65).sigmaStepCents);
});

Deno.test("volatility: the window keeps the newest prices only", () => {
  const config = marketConfig({ volatilityWindowSize: 5 });
  const many = Array.from({ length: 50 }, (_, index): Print => [index, 40 + (index % 7)]);
  const state = window(many.map(trade), config);
  assert.deepEqual(state.samples, many.slice(-5).map(trade));
});

Deno.test("volatility: prices that are none, or come late, are ignored", () => {
  const state = window(TAPE.map(trade));
  const config = marketConfig();
  for (
    const useless of [
      trade([32, 0]),
      trade([32, 100]),
      trade([32, NaN]),
      trade([NaN, 50]),
      trade([30, 50]),
    ]
  ) {
    assert.equal(observePrice(state, useless, config), state);
  }
});

Deno.test("volatility: micro-prices count every 30 s, and trades wait while they come in", () => {
  const state = window([
    micro([0, 50]),
    micro([0.4, 55]),
    trade([0.5, 60]),
    micro([0.5, 51]),
    trade([1.5, 60]),
    trade([1.6, 52]),
    trade([1.6, 53]),
  ]);
  assert.deepEqual(state.samples.map((sample) => sample.priceCents), [50, 51, 52, 53]);
});

Deno.test("sigmaScale: the mode chooses the fixed scale, the measured one or the larger", () => {
  const scale = (sigmaMode: "bernoulli" | "realised" | "max", measured: number | null) =>
    sigmaScale(measured, 100, marketConfig({ sigmaMode }));
  assert.deepEqual([scale("bernoulli", 5), scale("realised", 5), scale("max", 5)], [1, 5, 5]);
  assert.deepEqual([scale("realised", 0.7), scale("max", 0.7)], [0.7, 1]);
  assert.deepEqual([scale("realised", null), scale("max", null)], [1, 1]);
});

Deno.test("sigmaScale: a silent tape uses realised_scale_min, never zero", () => {
  assert.equal(sigmaScale(0, 100, marketConfig({ sigmaMode: "realised" })), 0.5);
});

Deno.test("sigmaScale: a binary payoff cannot vary more than 100/sqrt(tau) (§6.8)", () => {
  const config = marketConfig({ sigmaMode: "realised" });
  for (const [tauHours, scale] of [[24, 20.4], [168, 7.7], [720, 3.7]] as const) {
    near(sigmaScale(50, tauHours, config), scale, 0.05);
  }
  assert.equal(sigmaScale(50, 0, config), 50);
  assert.equal(sigmaScale(50, 24, marketConfig({ sigmaMode: "realised", realisedScaleMax: 9 })), 9);
});
