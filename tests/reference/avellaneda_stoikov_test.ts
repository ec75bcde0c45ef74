/**
 * Figures from outside this project: they check the formulas against the world, not against
 * themselves.
 */

import assert from "node:assert/strict";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { optimalSpread, reservationPrice } from "../../src/strategy/avellaneda_stoikov.ts";

// --- Avellaneda & Stoikov (2008), Quantitative Finance 8(3), tables 1 to 3 ---

const START = 100;
const SIGMA = 2;
const KAPPA = 1.5;
const ARRIVALS = 140;
const STEP = 0.005;
const STEPS = 200;
const PATHS = 1500;

type Strategy = "inventory" | "symmetric";

interface Quotes {
  readonly bid: number;
  readonly ask: number;
}

interface Outcome {
  readonly profit: number;
  readonly inventory: number;
}

const varianceAt = (step: number) => SIGMA ** 2 * (STEPS - step) * STEP;

const spreadAt = (gamma: number, step: number) =>
  optimalSpread({ gamma, kappa: KAPPA, variance: varianceAt(step), riskWeight: 1 });

function averageSpread(gamma: number): number {
  let sum = 0;
  for (let step = 0; step < STEPS; step++) sum += spreadAt(gamma, step);
  return sum / STEPS;
}

/**
 * The quotes of every step as a function of mid and inventory; the symmetric ones keep the average
 * spread.
 */
function quoter(strategy: Strategy, gamma: number) {
  const average = averageSpread(gamma);
  return (fair: number, skew: number, step: number): Quotes => {
    const variance = varianceAt(step);
    const centre = strategy === "inventory"
      ? reservationPrice({ fair, skew, gamma, variance })
      : fair;
    const half = (strategy === "inventory" ? spreadAt(gamma, step) : average) / 2;
    return { bid: centre - half, ask: centre + half };
  };
}

/**
 * One trading day: fills arrive with intensity `A e^(-k distance)`, the mid moves by ± sigma
 * sqrt(dt).
 */
function day(quotes: ReturnType<typeof quoter>, random: Random): Outcome {
  let mid = START;
  let cash = 0;
  let inventory = 0;
  for (let step = 0; step < STEPS; step++) {
    const { bid, ask } = quotes(mid, inventory, step);
    const fills = (distance: number) =>
      random.next() < Math.min(1, ARRIVALS * Math.exp(-KAPPA * distance) * STEP);
    const sold = fills(ask - mid);
    const bought = fills(mid - bid);
    if (sold) cash += ask;
    if (bought) cash -= bid;
    inventory += Number(bought) - Number(sold);
    mid += (random.next() < 0.5 ? -1 : 1) * SIGMA * Math.sqrt(STEP);
  }
  return { profit: cash + inventory * mid, inventory };
}

function statistics(values: readonly number[]): { readonly mean: number; readonly std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}

function simulate(strategy: Strategy, gamma: number) {
  const random = seededRandom(`avellaneda-stoikov/${strategy}/${gamma}`);
  const quotes = quoter(strategy, gamma);
  const outcomes = Array.from({ length: PATHS }, () => day(quotes, random));
  return {
    profit: statistics(outcomes.map((outcome) => outcome.profit)),
    inventory: statistics(outcomes.map((outcome) => outcome.inventory)),
  };
}

/** How far a mean of ours may be from one of the paper's 1,000 paths. */
const meanTolerance = (std: number) => 3 * Math.sqrt(std ** 2 / PATHS + std ** 2 / 1000) + 0.05;

const PAPER = [
  { gamma: 0.1, strategy: "inventory", spread: 1.49, profit: [65.0, 6.6], final: [0.08, 2.9] },
  { gamma: 0.1, strategy: "symmetric", spread: 1.49, profit: [68.4, 12.7], final: [0.26, 8.4] },
  { gamma: 0.01, strategy: "inventory", spread: 1.35, profit: [68.6, 8.7], final: [0.12, 5.1] },
  { gamma: 0.01, strategy: "symmetric", spread: 1.35, profit: [68.8, 12.8], final: [0.09, 8.7] },
  { gamma: 1, strategy: "inventory", spread: 3.02, profit: [31.4, 5.0], final: [0.02, 1.7] },
  { gamma: 1, strategy: "symmetric", spread: 3.02, profit: [44.0, 11.0], final: [0.00, 5.1] },
] as const;

for (const { gamma, strategy, spread, profit, final } of PAPER) {
  Deno.test(`reference: ${strategy} at gamma ${gamma} earns what the 2008 paper reports`, () => {
    assert.ok(Math.abs(averageSpread(gamma) - spread) <= 0.02);
    const ours = simulate(strategy, gamma);
    for (
      const [name, actual, [mean, std]] of [
        ["profit", ours.profit, profit],
        ["inventory", ours.inventory, final],
      ] as const
    ) {
      const distance = Math.abs(actual.mean - mean);
      assert.ok(distance <= meanTolerance(std), `${name} ${actual.mean} against ${mean}`);
      assert.ok(
        Math.abs(actual.std / std - 1) <= 0.15,
        `std of ${name} ${actual.std} against ${std}`,
      );
    }
  });
}

Deno.test("reference: the inventory strategy has at most 0.6 of the symmetric one's risk", () => {
  const ratio = simulate("inventory", 0.1).profit.std / simulate("symmetric", 0.1).profit.std;
  assert.ok(ratio <= 0.6, `${ratio}`);
});

Deno.test("reference: the paper's illustration: spread 1.69, shift 0.40 per share (§6.6)", () => {
  const spread = optimalSpread({ gamma: 0.1, kappa: 1.5, variance: 4, riskWeight: 1 });
  const shift = 100 - reservationPrice({ fair: 100, skew: 1, gamma: 0.1, variance: 4 });
  assert.ok(Math.abs(spread - 1.69) < 0.005);
  assert.ok(Math.abs(shift - 0.40) < 0.005);
});

// --- the same formulas in log-odds (arXiv 2510.15205) ---

const GAMMA = 0.1;
const VARIANCE = 0.04;
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

function logitQuotes(p: number, skew: number): Quotes {
  const x = Math.log(p / (1 - p));
  const centre = reservationPrice({ fair: x, skew, gamma: GAMMA, variance: VARIANCE });
  const half = optimalSpread({ gamma: GAMMA, kappa: 1.5, variance: VARIANCE, riskWeight: 1 }) / 2;
  return { bid: logistic(centre - half), ask: logistic(centre + half) };
}

Deno.test("reference: quotes in log-odds equal the published figures", () => {
  for (
    const [skew, bid, ask] of [[0, 0.3436, 0.6564], [10, 0.3346, 0.6473]] as const
  ) {
    const quotes = logitQuotes(0.5, skew);
    assert.ok(Math.abs(quotes.bid - bid) < 1e-4, `${quotes.bid}`);
    assert.ok(Math.abs(quotes.ask - ask) < 1e-4, `${quotes.ask}`);
  }
});

Deno.test("reference: quotes in log-odds stay inside (0,1) and mirror", () => {
  for (const p of [0.001, 0.2, 0.5, 0.97]) {
    for (const skew of [-50, 0, 10, 50]) {
      const straight = logitQuotes(p, skew);
      const mirrored = logitQuotes(1 - p, -skew);
      assert.ok(straight.bid > 0 && straight.ask < 1);
      assert.ok(Math.abs(straight.bid + mirrored.ask - 1) < 1e-12);
    }
  }
});
