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
 * @param masses probability of 1 to 99 cents, changed in place; their sum stays
 * @param hours at least 0
 */
export function wander(masses: Float64Array, drift: Drift, hours: number): void {
  const decision = DECISION_CENTS2 / Math.max(LEAST_TAU_HOURS, drift.tauHours);
  diffuse(masses, Math.min(MOST_CENTS2, (WANDER_CENTS2_PER_HOUR + decision) * hours));
  jump(masses, 1 - Math.exp(-drift.jumpsPerHour * hours), drift.jumpCents);
}

/**
 * A random walk on the grid, slower near its ends, so that a long shot stays one.
 * @param varianceCents2 at a price of 50
 */
function diffuse(masses: Float64Array, varianceCents2: number): void {
  const steps = Math.max(1, Math.ceil(2 * varianceCents2));
  const part = varianceCents2 / steps / 2;
  for (let step = 0; step < steps; step++) {
    let fromBelow = 0;
    let leaving = part * (MOBILITY[0] ?? 0) * (masses[0] ?? 0);
    for (let index = 0; index < LAST; index++) {
      const fromAbove = part * (MOBILITY[index + 1] ?? 0) * (masses[index + 1] ?? 0);
      const directions = index === 0 ? 1 : 2;
      masses[index] = (masses[index] ?? 0) - directions * leaving + fromBelow + fromAbove;
      fromBelow = leaving;
      leaving = fromAbove;
    }
    masses[LAST] = (masses[LAST] ?? 0) - leaving + fromBelow;
  }
}

/** Work space of {@link jump}, written anew by each: what leaves a price, and what lands there. */
const LEAVING = new Float64Array(PRICES);
const LANDING = new Float64Array(PRICES);

/**
 * Moves a part of the probability, less near the ends, by a distance that is exponentially
 * distributed to both sides.
 */
function jump(masses: Float64Array, part: number, meanCents: number): void {
  if (!(part > 0)) return;
  const decay = Math.exp(-1 / meanCents);
  let [carried, leaving, landed] = [0, 0, 0];
  for (let index = 0; index < PRICES; index++) {
    const here = part * (MOBILITY[index] ?? 0) * (masses[index] ?? 0);
    carried = here + decay * carried;
    LEAVING[index] = here;
    LANDING[index] = carried;
    leaving += here;
  }
  carried = 0;
  for (let index = LAST; index >= 0; index--) {
    const here = (LANDING[index] ?? 0) + carried;
    LANDING[index] = here;
    landed += here;
    carried = decay * (carried + (LEAVING[index] ?? 0));
  }
  const scale = landed > 0 ? leaving / landed : 0;
  for (let index = 0; index < PRICES; index++) {
    const stays = (masses[index] ?? 0) * (1 - part * (MOBILITY[index] ?? 0));
    masses[index] = stays + scale * (LANDING[index] ?? 0);
  }
}
