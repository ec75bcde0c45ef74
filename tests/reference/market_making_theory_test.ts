/**
 * Published results of market-making theory, reproduced with the bot's own formulas, roundings and
 * books.
 */

import assert from "node:assert/strict";
import { NO_HOLDINGS } from "../../src/models/inventory.ts";
import { ceilOut, cents, floorOut, PAIR_CENTS } from "../../src/models/money.ts";
import { profitAndLoss } from "../../src/risk/budget.ts";
import { applyFill } from "../../src/risk/holdings.ts";
import { bookFill, openLedger } from "../../src/risk/ledger.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { depthSpread } from "../../src/strategy/avellaneda_stoikov.ts";
import { quoteTouch } from "../../src/strategy/as_engine.ts";
import { marketConfig } from "../support/config.ts";
import { fillOf } from "../support/risk.ts";
import { touchInput } from "../support/touch.ts";

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} against ${expected}`);
}

// --- Guéant, Lehalle & Fernandez-Tapia (2013), closed form for a long horizon ---

Deno.test("reference: half spread and skew of the closed form of 2013", () => {
  const { A, k, gamma, delta, sigma } = {
    A: 2.986162360812285,
    k: 0.04235741115084049,
    gamma: 0.05,
    delta: 1,
    sigma: 10.69,
  };
  const xi = gamma;
  // The first constant is half of the depth term of the 2008 model.
  const c1 = depthSpread({ gamma: xi * delta, kappa: k }) / 2;
  const slope = (1 + (xi * delta) / k) ** (k / (xi * delta) + 1);
  const c2 = Math.sqrt((gamma / (2 * A * delta * k)) * slope);
  assertNear(c1 + (delta / 2) * sigma * c2, 20.47208533844371, 1e-9);
  assertNear(sigma * c2, 9.76326865029227, 1e-9);
});

// --- Glosten & Milgrom (1985) with a binary payoff ---

/** The quotes that break even against a share of informed traders, in cents. */
function breakEven(p: number, informed: number): { readonly bid: number; readonly ask: number } {
  return {
    bid: PAIR_CENTS * p * (1 - informed) / (1 - informed * (2 * p - 1)),
    ask: PAIR_CENTS * p * (1 + informed) / (1 + informed * (2 * p - 1)),
  };
}

Deno.test("reference: the break-even quotes of Glosten and Milgrom", () => {
  const table = [
    [0.5, 0.2, 40, 60],
    [0.2, 0.1, 16.98, 23.40],
    [0.9, 0.2, 85.71, 93.10],
  ] as const;
  for (const [p, informed, bid, ask] of table) {
    const quotes = breakEven(p, informed);
    assertNear(quotes.bid, bid, 0.005);
    assertNear(quotes.ask, ask, 0.005);
  }
});

Deno.test("reference: outward rounding leaves 55 cents at 55, where 0.55 * 100 is a little more", () => {
  assert.equal(Math.ceil(0.55 * 100), 56);
  assert.equal(ceilOut(0.55 * 100), 55);
  assert.equal(ceilOut(breakEven(0.5, 0.1).ask), 55);
  assert.equal(floorOut(breakEven(0.5, 0.1).bid), 45);
});

Deno.test("reference: at the break-even quotes the books end near zero, five cents closer they lose", () => {
  const [p, informed, markets] = [0.5, 0.2, 20_000];
  const { bid, ask } = breakEven(p, informed);
  const profit = (closer: number) =>
    profitPerTrade(p, informed, markets, [bid + closer, ask - closer]);
  // One standard error of the mean of 20,000 payoffs of half a dollar is 0.35 cents.
  assertNear(profit(0), 0, 3 * 0.36);
  assertNear(profit(5), -5, 3 * 0.36);
  assertNear(profit(-5), 5, 3 * 0.36);
});

/**
 * Mean profit in cents of one trade in each of many markets, from the bot's own books: informed
 * traders know the outcome, the others buy or sell as a coin falls.
 */
function profitPerTrade(
  p: number,
  informed: number,
  markets: number,
  [bid, ask]: readonly [number, number],
): number {
  const random = seededRandom("glosten-milgrom");
  let total = 0;
  for (let market = 0; market < markets; market++) {
    const outcome = random.next() < p ? PAIR_CENTS : 0;
    const knows = random.next() < informed;
    const buys = knows ? outcome === PAIR_CENTS : random.next() < 0.5;
    const fill = buys ? fillOf(["BUY", "NO", PAIR_CENTS - ask, 1]) : fillOf(["BUY", "YES", bid, 1]);
    const ledger = bookFill(openLedger(cents(1000)), fill);
    const { holdings } = applyFill(NO_HOLDINGS, fill);
    const day = { day: "", startEquityCents: cents(1000), depositsTodayCents: cents(0), fills: 0 };
    total += profitAndLoss({ ledger, holdings, markCents: outcome, day }).pnlTotalCents;
  }
  return total / markets;
}

// --- Hanson's logarithmic market scoring rule ---

/**
 * The YES price of the logit model, with the inventory that makes its shift one share of LMSR:
 * `n / b` in log-odds (§6.8 item 2).
 */
function lmsrPrice(soldShares: number, liquidity: number): number {
  const most = 2000;
  const config = marketConfig({
    asModel: "logit",
    tauHorizonHours: null,
    maxShiftCents: Number.MAX_SAFE_INTEGER,
    minAdjustmentCents: 0,
  });
  // lambda = q·gamma·scale²·tau/100 is soldShares / liquidity for these.
  const { reservationCents } = quoteTouch(
    touchInput({
      fairCents: 50,
      skew: -soldShares / most,
      gamma: { tier: "MID", gamma: most / liquidity },
      sigmaScaleCents: 1,
      tauHours: 100,
    }),
    config,
  );
  return reservationCents / PAIR_CENTS;
}

/** What shares cost at marginal prices, by Simpson's rule. */
function lmsrCost(from: number, to: number, liquidity: number): number {
  const steps = 200;
  const width = (to - from) / steps;
  let sum = 0;
  for (let step = 0; step <= steps; step++) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
    sum += weight * lmsrPrice(from + step * width, liquidity);
  }
  return sum * width / 3;
}

Deno.test("reference: the logit model is LMSR: prices and costs from (5, 3) to (6, 3)", () => {
  const table = [
    [1, 0.9217, 0.9526],
    [10, 0.5622, 0.5744],
    [100, 0.5062, 0.5075],
  ] as const;
  for (const [liquidity, cost, price] of table) {
    assertNear(lmsrPrice(6 - 3, liquidity), price, 5e-5);
    assertNear(lmsrCost(5 - 3, 6 - 3, liquidity), cost, 5e-5);
  }
});

Deno.test("reference: the worst loss of LMSR is b ln 2: 69.31 at b = 100", () => {
  // Everybody buys the winner: it pays 1 a share, and they paid the marginal prices.
  const soldShares = 1900;
  const loss = soldShares - lmsrCost(0, soldShares, 100);
  assertNear(loss, 100 * Math.log(2), 1e-3);
});
