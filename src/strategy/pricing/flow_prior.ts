/**
 * The belief before any flow, and what of a belief survives a restart: a mean and a strength, as
 * those of the Beta distribution of §3.
 */

import { clamp, PAIR_CENTS } from "../../models/money.ts";
import { beliefOf, type FlowBelief, type Moments } from "./flow_belief.ts";
import { PRICES } from "./price_walk.ts";

/**
 * The first belief is a narrow Beta distribution and a broad one, because anchors are now and then
 * quite wrong: the largest part that is broad, and how much of the variance is in it.
 */
const BROAD_PART = 0.02;
const BROAD_VARIANCE = 0.65;

/** Strength of a belief that knows nearly nothing. */
const LEAST_STRENGTH = 2;

/** First beliefs closer to 0 or 100 would know the outcome, cents. */
const LEAST_MEAN_CENTS = 1.25;

/** How mean and deviation of a first belief are brought to where they shall be. */
const MOST_TILT = 0.5;
const TILT_STEPS = 6;
const WIDTH_STEPS = 6;

/** No belief is surer than this, cents: prices are whole cents. */
const LEAST_SD_CENTS = 0.5;

/**
 * The belief that has a mean and a standard deviation and knows nothing of the flow.
 * @param meanCents 1 to 99
 * @param sdCents above 0; one that is farther than 0 and 100 are is not reached
 * @param nowMs steady epoch milliseconds
 */
export function flowBeliefAround({ meanCents, sdCents }: Moments, nowMs: number): FlowBelief {
  const centre = clamp(meanCents, LEAST_MEAN_CENTS, PAIR_CENTS - LEAST_MEAN_CENTS);
  const goal = Math.max(LEAST_SD_CENTS, sdCents);
  const shapeOf = (sdCents: number) => tilted(firstShape({ meanCents: centre, sdCents }), centre);
  let belief = beliefOf(shapeOf(goal), nowMs);
  // A shape that is cut off at 1 and 99 is narrower than its formula says.
  let tried = goal;
  for (let step = 0; step < WIDTH_STEPS; step++) {
    tried = clamp(tried * goal / belief.moments.sdCents, goal, 2 * goal);
    belief = beliefOf(shapeOf(tried), nowMs);
  }
  return belief;
}

/** A narrow and a broad Beta distribution with one mean and together one deviation. */
function firstShape({ meanCents, sdCents }: Moments): Float64Array {
  const mean = meanCents / PAIR_CENTS;
  // A Beta distribution that is broader has its peaks at 0 and 100.
  const broad = 1 / Math.min(mean, 1 - mean);
  const strength = Math.max(broad, betaStrength({ meanCents, sdCents }));
  const share = (broad + 1) / (strength + 1);
  const part = Math.min(BROAD_PART, BROAD_VARIANCE * share);
  const narrow = (broad + 1) * (1 - part) / (share - part) - 1;
  const [peak, tails] = [betaShape(mean, narrow), betaShape(mean, broad)];
  return peak.map((value, index) => (1 - part) * value + part * (tails[index] ?? 0));
}

/** A Beta distribution on the grid, summing to 1. */
function betaShape(mean: number, strength: number): Float64Array {
  const logs = Float64Array.from({ length: PRICES }, (_, index) => {
    const p = (index + 1) / PAIR_CENTS;
    return (strength * mean - 1) * Math.log(p) + (strength * (1 - mean) - 1) * Math.log(1 - p);
  });
  const top = Math.max(...logs);
  const shape = logs.map((log) => Math.exp(log - top));
  const total = shape.reduce((sum, value) => sum + value, 0);
  return shape.map((value) => value / total);
}

/** The shape with the mean that it would have if the grid did not end at 1 and 99. */
function tilted(shape: Float64Array, meanCents: number): Float64Array {
  let tilt = shape;
  for (let step = 0; step < TILT_STEPS; step++) {
    let [lever, squares] = [0, 0];
    for (let index = 0; index < PRICES; index++) {
      const arm = index + 1 - meanCents;
      lever += (tilt[index] ?? 0) * arm;
      squares += (tilt[index] ?? 0) * arm ** 2;
    }
    // Newton's step: the mean moves by the variance for each unit of slope.
    const slope = clamp(-lever / squares, -MOST_TILT, MOST_TILT);
    tilt = tilt.map((value, index) => value * Math.exp(slope * (index + 1 - meanCents)));
  }
  return tilt;
}

/**
 * K of the Beta distribution with a mean and a standard deviation, so that both survive a restart
 * as the two numbers of §3; at least 2, which is nearly nothing.
 */
export function betaStrength({ meanCents, sdCents }: Moments): number {
  const mean = meanCents / PAIR_CENTS;
  const sd = Math.max(LEAST_SD_CENTS, sdCents) / PAIR_CENTS;
  return Math.max(LEAST_STRENGTH, mean * (1 - mean) / sd ** 2 - 1);
}

/** The standard deviation of a Beta distribution, cents; the inverse of {@link betaStrength}. */
export function betaSdCents(mean: number, strength: number): number {
  return PAIR_CENTS * Math.sqrt(mean * (1 - mean) / (strength + 1));
}
