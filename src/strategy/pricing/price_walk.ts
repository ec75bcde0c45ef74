/** How a true price may move while nobody looks: it wanders, and now and then it jumps. */

import { MAX_PRICE, PAIR_CENTS } from "../../models/money.ts";

/** Prices of the grid: 1 to 99 cents. */
export const PRICES: number = MAX_PRICE;
const LAST = PRICES - 1;

/** How the true price may move while nobody looks. */
export interface Drift {
  /** Hours until the market is decided. */
  readonly tauHours: number;
  /** News that move the price at once, expected in an hour. */
  readonly jumpsPerHour: number;
  /** Mean size of such a move, cents. */
  readonly jumpCents: number;
}

/**
 * Variance at a price of 50 that goes on at all times, and that is spent on the way to the decision
 * (§6.8: a price that ends at 0 or 100 has to move; this is a fifth of what the Brownian digital of
 * §6.8 does, the rest comes in jumps). At other prices it is less, as p(1-p).
 */
const WANDER_CENTS2_PER_HOUR = 1;
const DECISION_CENTS2 = 300;
const LEAST_TAU_HOURS = 0.05;
/** Variance of a price of which nothing is known. */
const MOST_CENTS2 = 833;

/** p(1-p) as a part of its largest value: how much a price moves, for 1 to 99 cents. */
const MOBILITY = Float64Array.from({ length: PRICES }, (_, index) => {
  const p = (index + 1) / PAIR_CENTS;
  return 4 * p * (1 - p);
});

/**
 * Lets the price wander, and now and then jump.
 * @param masses probabilities of 1 to 99 cents, row after row, changed in place; the sum of a row
 *   stays but for rounding
 * @param hours at least 0
 * @returns the sum of all masses
 */
export function wander(masses: Float64Array, drift: Drift, hours: number): number {
  const decision = DECISION_CENTS2 / Math.max(LEAST_TAU_HOURS, drift.tauHours);
  const variance = Math.min(MOST_CENTS2, (WANDER_CENTS2_PER_HOUR + decision) * hours);
  const jumping = 1 - Math.exp(-drift.jumpsPerHour * hours);
  const steps = Math.max(1, Math.ceil(2 * variance));
  scaleMobility(variance / steps / 2);
  for (let from = 0; from < masses.length; from += PRICES) {
    for (let step = 0; step < steps; step++) diffuse(masses, from);
  }
  if (!(jumping > 0)) return masses.reduce((sum, mass) => sum + mass, 0);
  scaleMobility(jumping);
  const decay = Math.exp(-1 / drift.jumpCents);
  measureGrid(decay);
  let total = 0;
  for (let from = 0; from < masses.length; from += 2 * PRICES) total += jump(masses, from, decay);
  return total;
}

/** Work space, written anew by each {@link wander}: the part of a price that moves. */
const MOVING = new Float64Array(PRICES);

function scaleMobility(part: number): void {
  for (let index = 0; index < PRICES; index++) MOVING[index] = part * (MOBILITY[index] ?? 0);
}

/**
 * A step of a random walk on the grid, slower near its ends, so that a long shot stays one.
 * @param from where the row begins
 */
function diffuse(masses: Float64Array, from: number): void {
  let fromBelow = 0;
  let leaving = (MOVING[0] ?? 0) * (masses[from] ?? 0);
  for (let index = 0; index < LAST; index++) {
    const at = from + index;
    const fromAbove = (MOVING[index + 1] ?? 0) * (masses[at + 1] ?? 0);
    const directions = index === 0 ? 1 : 2;
    masses[at] = (masses[at] ?? 0) - directions * leaving + fromBelow + fromAbove;
    fromBelow = leaving;
    leaving = fromAbove;
  }
  masses[from + LAST] = (masses[from + LAST] ?? 0) - leaving + fromBelow;
}

/** Work space of {@link jump}: what lands on a price from itself and from below, of two rows. */
const FROM_BELOW = [new Float64Array(PRICES), new Float64Array(PRICES)] as const;
/** Work space: how much of a jump from a price lands on the grid, its own price counted as 1. */
const ON_GRID = new Float64Array(PRICES);

/** @param decay from one cent to the next */
function measureGrid(decay: number): void {
  let [below, above] = [0, 0];
  for (let index = 0; index < PRICES; index++) {
    ON_GRID[index] = 1 + below;
    below = decay * (1 + below);
  }
  for (let index = LAST; index >= 0; index--) {
    ON_GRID[index] = (ON_GRID[index] ?? 0) + above;
    above = decay * (1 + above);
  }
}

/**
 * Moves a part of the probability, less near the ends, by a distance that is exponentially
 * distributed to both sides; what would leave the grid is spread over what stays on it. Two rows at
 * once: in one alone each price would wait for the one before.
 * @param from where the first row begins; a second one that is not there counts as empty
 * @param decay from one cent to the next
 * @returns the sum of both rows
 */
function jump(masses: Float64Array, from: number, decay: number): number {
  const [belowA, belowB] = FROM_BELOW;
  const second = from + PRICES;
  let [carriedA, leftA, landedA] = [0, 0, 0];
  let [carriedB, leftB, landedB] = [0, 0, 0];
  for (let index = 0; index < PRICES; index++) {
    const moving = MOVING[index] ?? 0;
    const onGrid = ON_GRID[index] ?? 0;
    const hereA = moving * (masses[from + index] ?? 0);
    const hereB = moving * (masses[second + index] ?? 0);
    carriedA = hereA + decay * carriedA;
    carriedB = hereB + decay * carriedB;
    belowA[index] = carriedA;
    belowB[index] = carriedB;
    leftA += hereA;
    leftB += hereB;
    landedA += hereA * onGrid;
    landedB += hereB * onGrid;
  }
  const scaleA = landedA > 0 ? leftA / landedA : 0;
  const scaleB = landedB > 0 ? leftB / landedB : 0;
  [carriedA, carriedB] = [0, 0];
  let sum = 0;
  for (let index = LAST; index >= 0; index--) {
    const moving = MOVING[index] ?? 0;
    const massA = masses[from + index] ?? 0;
    const massB = masses[second + index] ?? 0;
    const hereA = moving * massA;
    const hereB = moving * massB;
    const newA = massA - hereA + scaleA * ((belowA[index] ?? 0) + carriedA);
    const newB = massB - hereB + scaleB * ((belowB[index] ?? 0) + carriedB);
    masses[from + index] = newA;
    masses[second + index] = newB;
    sum += newA + newB;
    carriedA = decay * (carriedA + hereA);
    carriedB = decay * (carriedB + hereB);
  }
  return sum;
}
