/**
 * What order flow says of the true price: the third layer of the fair price in mode `flow`.
 *
 * A grid filter after Glosten & Milgrom (1985) and Das (2005). The belief is a probability for each
 * true price of 1 to 99 cents and each kind of flow: how often somebody comes who trades for
 * reasons of his own, and how often somebody who knows the price. The first buys and sells alike
 * and is the rarer the farther the quote is from the middle; the second buys only below the true
 * price and sells only above it. So a fill moves the belief, a fill deep in the ladder moves it
 * far, and time without a fill says that the quotes are about right. Which kind of flow it is is
 * learnt on the way: in a market of chance the belief hardly follows, in one of knowledge it does.
 */

import { MAX_PRICE, PAIR_CENTS } from "../../models/money.ts";

/** Own best prices, cents; null where nothing rests. */
export interface Touch {
  readonly bid: number | null;
  readonly ask: number | null;
}

/** The belief; plain numbers, never changed in place. */
export interface FlowBelief {
  /** Probability of each kind of flow and true price: kind by kind, 1 to 99 cents each; sums to 1. */
  readonly mass: Float64Array;
  /** Up to when it has learnt, steady epoch milliseconds. */
  readonly updatedAtMs: number;
  /** The own quotes since then. */
  readonly touch: Touch;
}

/** One taker, however many own orders he filled. */
export interface FlowEvent {
  /** +1 somebody wanted YES (own ASK filled), -1 somebody wanted NO. */
  readonly aggressor: 1 | -1;
  /** YES price of the last order that he filled: the worst price he took. */
  readonly priceCents: number;
}

/** Mean and standard deviation of the true price, cents. */
export interface Moments {
  readonly meanCents: number;
  readonly sdCents: number;
}

/** How the true price may move while nobody looks. */
export interface Drift {
  /** Hours until the market is decided. */
  readonly tauHours: number;
  /** News that move the price at once, expected in an hour. */
  readonly jumpsPerHour: number;
  /** Mean size of such a move, cents. */
  readonly jumpCents: number;
}

/** Rates per hour of one kind of flow. */
interface FlowKind {
  readonly noise: number;
  readonly informed: number;
}

/** Arrivals of chance traders in an hour, and how many informed ones come for each of them. */
const NOISE_PER_HOUR = [4, 12, 48] as const;
const INFORMED_SHARE = [0.05, 0.15, 0.4] as const;

const KINDS: readonly FlowKind[] = NOISE_PER_HOUR.flatMap((noise) =>
  INFORMED_SHARE.map((share) => ({ noise, informed: noise * share }))
);

const PRICES = MAX_PRICE;
const HOUR_MS = 3_600_000;

/** Chance traders become rarer with the distance from the middle, per cent (strategy §6.7). */
const NOISE_DECAY = 0.6;

/** An informed trader wants so much more than the price, cents; some want less, some more. */
const INFORMED_EDGE_CENTS = 0.5;
const INFORMED_SOFTNESS_CENTS = 0.3;

/** Part of the first belief that the anchor tells nothing about. */
const SURPRISE = 0.02;

/** Variance that goes on at all times, and that is spent on the way to the decision (§6.8). */
const WANDER_CENTS2_PER_HOUR = 1;
const DECISION_CENTS2 = 300;
const LEAST_TAU_HOURS = 0.05;

/** Keeps every price possible, so that a surprise can be believed. */
const LEAST_MASS = 1e-12;

/** Longer gaps say nothing that this one does not. */
const LONGEST_STEP_MS = HOUR_MS / 4;

/** P(an informed trader takes a price that is wrong by d cents), for d of -99 to 99. */
const APPETITE = Float64Array.from({ length: 2 * PAIR_CENTS }, (_, index) => {
  const edge = index - PAIR_CENTS - INFORMED_EDGE_CENTS;
  return 1 / (1 + Math.exp(-edge / INFORMED_SOFTNESS_CENTS));
});

function appetite(wrongCents: number): number {
  return APPETITE[wrongCents + PAIR_CENTS] ?? 0;
}

/**
 * The belief that has a mean and a standard deviation and knows nothing of the flow: a Beta
 * distribution, with some probability for every other price.
 * @param meanCents 1 to 99
 * @param sdCents above 0
 * @param nowMs steady epoch milliseconds
 */
export function flowBeliefAround({ meanCents, sdCents }: Moments, nowMs: number): FlowBelief {
  const mean = meanCents / PAIR_CENTS;
  const strength = betaStrength({ meanCents, sdCents });
  const logs = Array.from({ length: PRICES }, (_, index) => {
    const p = (index + 1) / PAIR_CENTS;
    return (strength * mean - 1) * Math.log(p) + (strength * (1 - mean) - 1) * Math.log(1 - p);
  });
  const top = Math.max(...logs);
  const shape = logs.map((log) => Math.exp(log - top));
  const total = shape.reduce((sum, value) => sum + value, 0);
  const mass = new Float64Array(KINDS.length * PRICES);
  KINDS.forEach((_, kind) =>
    shape.forEach((value, index) => {
      mass[kind * PRICES + index] = (1 - SURPRISE) * value / total + SURPRISE / PRICES;
    })
  );
  return { mass: normalized(mass), updatedAtMs: nowMs, touch: { bid: null, ask: null } };
}

/**
 * K of the Beta distribution with a mean and a standard deviation, so that both survive a restart
 * as the two numbers of §3; at least 2, which is nearly nothing.
 */
export function betaStrength({ meanCents, sdCents }: Moments): number {
  const mean = meanCents / PAIR_CENTS;
  return Math.max(2, mean * (1 - mean) / (sdCents / PAIR_CENTS) ** 2 - 1);
}

/** The standard deviation of a Beta distribution, cents; the inverse of {@link betaStrength}. */
export function betaSdCents(mean: number, strength: number): number {
  return PAIR_CENTS * Math.sqrt(mean * (1 - mean) / (strength + 1));
}

/** Mean and standard deviation over all kinds of flow. */
export function momentsOf({ mass }: FlowBelief): Moments {
  let [sum, squares] = [0, 0];
  for (let offset = 0; offset < mass.length; offset += PRICES) {
    for (let index = 0; index < PRICES; index++) {
      const part = mass[offset + index] ?? 0;
      const cents = index + 1;
      sum += part * cents;
      squares += part * cents * cents;
    }
  }
  return { meanCents: sum, sdCents: Math.sqrt(Math.max(0, squares - sum * sum)) };
}

/**
 * The belief after a while in which the quotes of `belief.touch` rested: that nobody took them says
 * something, and the price may have moved meanwhile.
 * @param nowMs steady epoch milliseconds; a clock that stood still or went back changes nothing
 */
export function afterSilence(belief: FlowBelief, nowMs: number, drift: Drift): FlowBelief {
  const stepMs = Math.min(nowMs - belief.updatedAtMs, LONGEST_STEP_MS);
  if (!(stepMs > 0)) return belief;
  const hours = stepMs / HOUR_MS;
  const mass = belief.mass.slice();
  KINDS.forEach((kind, index) => waitThrough(row(mass, index), kind, belief.touch, hours));
  normalized(mass);
  KINDS.forEach((_, index) => spread(row(mass, index), drift, hours));
  return { mass: normalized(mass), updatedAtMs: nowMs, touch: belief.touch };
}

/** The belief after somebody came and took, under the quotes of `belief.touch`. */
export function afterFlow(belief: FlowBelief, event: FlowEvent): FlowBelief {
  const { aggressor, priceCents } = event;
  const middle = middleOf(belief.touch) ?? priceCents;
  const distance = Math.max(0, aggressor * (priceCents - middle));
  const chance = Math.exp(-NOISE_DECAY * distance) / 2;
  const mass = belief.mass.slice();
  KINDS.forEach(({ noise, informed }, kind) => {
    const masses = row(mass, kind);
    for (let index = 0; index < PRICES; index++) {
      const wrong = aggressor * (index + 1 - priceCents);
      masses[index] = (masses[index] ?? 0) * (noise * chance + informed * appetite(wrong));
    }
  });
  return { ...belief, mass: normalized(mass) };
}

/** The part of the masses that belongs to a kind of flow. */
function row(mass: Float64Array, kind: number): Float64Array {
  return mass.subarray(kind * PRICES, (kind + 1) * PRICES);
}

function middleOf({ bid, ask }: Touch): number | null {
  return bid === null || ask === null ? bid ?? ask : (bid + ask) / 2;
}

/** P(nobody took) in `hours`: the wait is short against the time between arrivals. */
function waitThrough(masses: Float64Array, kind: FlowKind, touch: Touch, hours: number): void {
  const { bid, ask } = touch;
  const middle = middleOf(touch);
  if (middle === null) return;
  const buyers = ask === null ? 0 : Math.exp(-NOISE_DECAY * (ask - middle)) / 2;
  const sellers = bid === null ? 0 : Math.exp(-NOISE_DECAY * (middle - bid)) / 2;
  const always = Math.exp(-kind.noise * (buyers + sellers) * hours);
  const outside = Math.exp(-kind.informed * hours);
  for (let index = 0; index < PRICES; index++) {
    const cents = index + 1;
    const tempted = (ask === null ? 0 : appetite(cents - ask)) +
      (bid === null ? 0 : appetite(bid - cents));
    masses[index] = (masses[index] ?? 0) * always * (1 - Math.min(1, tempted) * (1 - outside));
  }
}

/** Lets the price wander, and now and then jump. */
function spread(masses: Float64Array, drift: Drift, hours: number): void {
  const decision = DECISION_CENTS2 / Math.max(LEAST_TAU_HOURS, drift.tauHours);
  diffuse(masses, (WANDER_CENTS2_PER_HOUR + decision) * hours);
  jump(masses, 1 - Math.exp(-drift.jumpsPerHour * hours), drift.jumpCents);
}

/** A random walk on the grid; what would leave it stays at the edge. */
function diffuse(masses: Float64Array, varianceCents2: number): void {
  const steps = Math.max(1, Math.ceil(2 * varianceCents2));
  const part = varianceCents2 / steps / 2;
  for (let step = 0; step < Math.min(steps, PRICES); step++) {
    let before = masses[0] ?? 0;
    for (let index = 0; index < PRICES; index++) {
      const here = masses[index] ?? 0;
      const after = masses[index + 1] ?? here;
      masses[index] = here + part * (before - 2 * here + after);
      before = here;
    }
  }
}

/** Moves a part of the probability by a distance that is exponentially distributed to both sides. */
function jump(masses: Float64Array, part: number, meanCents: number): void {
  if (!(part > 0)) return;
  const decay = Math.exp(-1 / meanCents);
  const moved = new Float64Array(PRICES);
  let [carried, total, landed] = [0, 0, 0];
  for (let index = 0; index < PRICES; index++) {
    const here = masses[index] ?? 0;
    carried = here + decay * carried;
    moved[index] = carried;
    total += here;
  }
  carried = 0;
  for (let index = PRICES - 1; index >= 0; index--) {
    moved[index] = (moved[index] ?? 0) + carried;
    carried = decay * (carried + (masses[index] ?? 0));
    landed += moved[index] ?? 0;
  }
  const scale = landed > 0 ? part * total / landed : 0;
  for (let index = 0; index < PRICES; index++) {
    masses[index] = (1 - part) * (masses[index] ?? 0) + scale * (moved[index] ?? 0);
  }
}

function normalized(mass: Float64Array): Float64Array {
  let total = 0;
  for (let index = 0; index < mass.length; index++) total += mass[index] ?? 0;
  for (let index = 0; index < mass.length; index++) {
    mass[index] = (mass[index] ?? 0) / total + LEAST_MASS;
  }
  return mass;
}
