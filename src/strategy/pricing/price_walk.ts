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
  let total = 0;
  for (let from = 0; from < masses.length; from += 2 * PRICES) {
    total = jump(masses, from, decay, total);
  }
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

/** Work space of {@link jump}: what leaves a price, and what lands there, of two rows. */
const LEAVING = [new Float64Array(PRICES), new Float64Array(PRICES)] as const;
const LANDING = [new Float64Array(PRICES), new Float64Array(PRICES)] as const;

/**
 * Moves a part of the probability, less near the ends, by a distance that is exponentially
 * distributed to both sides. Two rows at once: in one alone each price would wait for the one
 * before.
 * @param from where the first row begins
 * @param decay from one cent to the next
 * @param before sum of the rows before
 * @returns the sum with these two
 */
function jump(masses: Float64Array, from: number, decay: number, before: number): number {
  const [leavingA, leavingB] = LEAVING;
  const [landingA, landingB] = LANDING;
  let [carriedA, leftA, landedA] = [0, 0, 0];
  let [carriedB, leftB, landedB] = [0, 0, 0];
  for (let index = 0; index < PRICES; index++) {
    const moving = MOVING[index] ?? 0;
    const hereA = moving * (masses[from + index] ?? 0);
    const hereB = moving * (masses[from + PRICES + index] ?? 0);
    carriedA = hereA + decay * carriedA;
    carriedB = hereB + decay * carriedB;
    leavingA[index] = hereA;
    leavingB[index] = hereB;
    landingA[index] = carriedA;
    landingB[index] = carriedB;
    leftA += hereA;
    leftB += hereB;
  }
  [carriedA, carriedB] = [0, 0];
  for (let index = LAST; index >= 0; index--) {
    const hereA = (landingA[index] ?? 0) + carriedA;
    const hereB = (landingB[index] ?? 0) + carriedB;
    landingA[index] = hereA;
    landingB[index] = hereB;
    landedA += hereA;
    landedB += hereB;
    carriedA = decay * (carriedA + (leavingA[index] ?? 0));
    carriedB = decay * (carriedB + (leavingB[index] ?? 0));
  }
  const first = { masses, from, landing: landingA, scale: landedA > 0 ? leftA / landedA : 0 };
  const sum = land(first, before);
  const next = from + PRICES;
  if (next >= masses.length) return sum;
  const scale = landedB > 0 ? leftB / landedB : 0;
  return land({ masses, from: next, landing: landingB, scale }, sum);
}

/** A row before what moves has landed. */
interface Leaping {
  readonly masses: Float64Array;
  readonly from: number;
  readonly landing: Float64Array;
  readonly scale: number;
}

/**
 * Puts what moves where it lands.
 * @returns the sum of the rows before and of this one
 */
function land({ masses, from, landing, scale }: Leaping, before: number): number {
  let sum = before;
  for (let index = 0; index < PRICES; index++) {
    const stays = (masses[from + index] ?? 0) * (1 - (MOVING[index] ?? 0));
    const mass = stays + scale * (landing[index] ?? 0);
    masses[from + index] = mass;
    sum += mass;
  }
  return sum;
}
