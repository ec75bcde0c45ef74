/**
 * What order flow says of the true price: the third layer of the fair price in mode `flow`.
 *
 * A grid filter after Glosten & Milgrom, "Bid, ask and transaction prices in a specialist market
 * with heterogeneously informed traders" (J. Financial Economics 14, 1985), and Das, "A learning
 * market-maker in the Glosten-Milgrom model" (Quantitative Finance 5, 2005), who keeps the belief
 * as a probability on a grid as well. Here it is a probability for each true price of 1 to 99 cents
 * and each kind of flow: how often somebody comes who trades for reasons of his own, and how often
 * somebody who knows the price. The first buys and sells alike and is the rarer the farther the
 * quote is from the middle; the second buys only below the true price and sells only above it. So
 * a fill moves the belief, a fill deep in the ladder moves it far, and time without a fill says
 * that the quotes are about right. Which kind of flow it is is learnt on the way: in a market of
 * chance the belief hardly follows, in one of knowledge it does.
 */

import { PAIR_CENTS } from "../../models/money.ts";
import { type Drift, PRICES, wander } from "./price_walk.ts";

/** Own best prices, cents; null where nothing rests. */
export interface Touch {
  readonly bid: number | null;
  readonly ask: number | null;
}

/** The belief; plain numbers, never changed in place. */
export interface FlowBelief {
  /** Probability of the kinds of flow, one by one, and in each of 1 to 99 cents; sums to 1. */
  readonly mass: Float64Array;
  /** Mean and standard deviation over all kinds of flow. */
  readonly moments: Moments;
  /** Up to when it has learnt, steady epoch milliseconds. */
  readonly updatedAtMs: number;
  /** The own quotes since then. */
  readonly touch: Touch;
}

/** One taker, however many own orders he filled, or one trade of others. */
export interface FlowEvent {
  /** +1 somebody wanted YES (own ASK filled), -1 somebody wanted NO. */
  readonly aggressor: 1 | -1;
  /** YES price of the last order that he filled: the worst price he took. */
  readonly priceCents: number;
  /**
   * How much of a whole taker it was, above 0, at most 1: the likelihood is raised to this power,
   * so that ten tenths teach as much as one and nobody moves the price with single shares.
   */
  readonly weight: number;
}

/** Mean and standard deviation of the true price, cents. */
export interface Moments {
  readonly meanCents: number;
  readonly sdCents: number;
}

/**
 * Arrivals of chance traders in an hour, both sides together, and how many informed ones come for
 * each of them. The market of strategy §6.7 has 8 an hour and an eighth; the grid reaches from one
 * that sleeps to one of bots. Its steps are small, because what no row expects of chance is taken
 * for knowledge.
 */
const NOISE_PER_HOUR = [4, 10, 25, 60, 150, 400, 1000, 2500] as const;
const INFORMED_SHARE = [0.05, 0.15, 0.4] as const;

/** Rates per hour of each kind of flow. */
const NOISE = Float64Array.from(
  NOISE_PER_HOUR.flatMap((noise) => INFORMED_SHARE.map(() => noise)),
);
const INFORMED = Float64Array.from(
  NOISE_PER_HOUR.flatMap((noise) => INFORMED_SHARE.map((share) => noise * share)),
);
const KINDS = NOISE.length;

const HOUR_MS = 3_600_000;

/**
 * Chance traders become rarer with the distance from the middle, per cent (strategy §6.7); a few
 * take almost any price, so that a single fill far away does not prove that somebody knew.
 */
const NOISE_DECAY = 0.6;
const CARELESS_SHARE = 0.05;
const CARELESS_DECAY = 0.15;

/**
 * An informed trader comes when the quote is wrong by so much, cents (§6.7); what he knows is not
 * exact either, so that some come a little earlier and some later.
 */
const INFORMED_EDGE_CENTS = 0.5;
const INFORMED_SOFTNESS_CENTS = 0.3;

/** Keeps every price possible, so that a surprise can be believed. */
const LEAST_MASS = 1e-12;

/** Silence that lasts longer says nothing that this one does not. */
const LONGEST_SILENCE_MS = HOUR_MS / 4;

/** P(an informed trader takes a price that is wrong by d cents), for d of -99 to 99. */
const APPETITE = Float64Array.from({ length: 2 * PAIR_CENTS }, (_, index) => {
  const edge = index - PAIR_CENTS - INFORMED_EDGE_CENTS;
  return 1 / (1 + Math.exp(-edge / INFORMED_SOFTNESS_CENTS));
});

function appetite(wrongCents: number): number {
  return APPETITE[wrongCents + PAIR_CENTS] ?? 0;
}

/**
 * The belief that has the same shape for every kind of flow.
 * @param shape for 1 to 99 cents; need not sum to 1
 * @param nowMs steady epoch milliseconds
 */
export function beliefOf(shape: Float64Array, nowMs: number): FlowBelief {
  const mass = new Float64Array(KINDS * PRICES);
  for (let kind = 0; kind < KINDS; kind++) mass.set(shape, kind * PRICES);
  const moments = normalize(mass, mass.reduce((sum, part) => sum + part, 0));
  return { mass, moments, updatedAtMs: nowMs, touch: { bid: null, ask: null } };
}

/**
 * The belief after a while in which the quotes of `belief.touch` rested: that nobody took them says
 * something, and the price may have moved meanwhile.
 * @param nowMs steady epoch milliseconds; a clock that stood still or went back changes nothing
 */
export function afterSilence(belief: FlowBelief, nowMs: number, drift: Drift): FlowBelief {
  const gapMs = nowMs - belief.updatedAtMs;
  if (!(gapMs > 0)) return belief;
  const mass = new Float64Array(belief.mass.length);
  waitThrough(belief, Math.min(gapMs, LONGEST_SILENCE_MS) / HOUR_MS, mass);
  const total = wander(mass, drift, gapMs / HOUR_MS);
  const moments = normalize(mass, total);
  return { mass, moments, updatedAtMs: nowMs, touch: belief.touch };
}

/** The belief after somebody came and took, under the quotes of `belief.touch`. */
export function afterFlow(belief: FlowBelief, event: FlowEvent): FlowBelief {
  const { aggressor, priceCents, weight } = event;
  const chance = chanceOf(aggressor * (priceCents - middleOf(belief)));
  for (let index = 0; index < PRICES; index++) {
    TEMPTED[index] = appetite(aggressor * (index + 1 - priceCents));
  }
  const mass = new Float64Array(belief.mass.length);
  let [at, total] = [0, 0];
  for (let kind = 0; kind < KINDS; kind++) {
    const [noise, informed] = [NOISE[kind] ?? 0, INFORMED[kind] ?? 0];
    const chanceRate = noise / 2 * chance;
    // Far from the price all rates are alike, and a power is what takes time here.
    let [lastRate, likelihood] = [1, 1];
    for (let index = 0; index < PRICES; index++, at++) {
      const rate = chanceRate + informed * (TEMPTED[index] ?? 0);
      if (rate !== lastRate) {
        lastRate = rate;
        likelihood = weight === 1 ? rate : rate ** weight;
      }
      const part = (belief.mass[at] ?? 0) * likelihood;
      mass[at] = part;
      total += part;
    }
  }
  const moments = normalize(mass, total);
  return { mass, moments, updatedAtMs: belief.updatedAtMs, touch: belief.touch };
}

/** What chance traders take for the price: the middle of the quotes; of one alone nobody knows. */
function middleOf(belief: FlowBelief): number {
  const { bid, ask } = belief.touch;
  return bid === null || ask === null ? belief.moments.meanCents : (bid + ask) / 2;
}

/** How many of the chance traders of a side take a price so far from the middle. */
function chanceOf(distanceCents: number): number {
  const distance = Math.max(0, distanceCents);
  const careful = (1 - CARELESS_SHARE) * Math.exp(-NOISE_DECAY * distance);
  return careful + CARELESS_SHARE * Math.exp(-CARELESS_DECAY * distance);
}

/**
 * Weighs the masses with P(nobody took) in so many hours: no chance trader, and no informed one
 * whom a quote tempts.
 * @param mass takes the masses
 */
function waitThrough(belief: FlowBelief, hours: number, mass: Float64Array): void {
  const { touch: { bid, ask } } = belief;
  const middle = middleOf(belief);
  const askChance = ask === null ? 0 : chanceOf(ask - middle);
  const bidChance = bid === null ? 0 : chanceOf(middle - bid);
  tempt(belief.touch);
  let at = 0;
  for (let kind = 0; kind < KINDS; kind++) {
    const [noise, informed] = [NOISE[kind] ?? 0, INFORMED[kind] ?? 0];
    const noChance = Math.exp(-(noise / 2 * askChance + noise / 2 * bidChance) * hours);
    const someInformed = 1 - Math.exp(-informed * hours);
    for (let index = 0; index < PRICES; index++, at++) {
      const nobody = 1 - (TEMPTED[index] ?? 0) * someInformed;
      mass[at] = (belief.mass[at] ?? 0) * noChance * nobody;
    }
  }
}

/** Work space, written anew by each update: how tempted the informed are, by the true price. */
const TEMPTED = new Float64Array(PRICES);

/** P(an informed trader takes one of the quotes), for a true price of 1 to 99 cents. */
function tempt({ bid, ask }: Touch): void {
  for (let index = 0; index < PRICES; index++) {
    const cents = index + 1;
    const both = (ask === null ? 0 : appetite(cents - ask)) +
      (bid === null ? 0 : appetite(bid - cents));
    TEMPTED[index] = Math.min(1, both);
  }
}

/**
 * Makes probabilities of masses, each at least {@link LEAST_MASS}.
 * @param mass changed in place
 * @param total their sum
 */
function normalize(mass: Float64Array, total: number): Moments {
  // One quotient and products: the divider of a processor takes one figure at a time.
  const all = 1 + mass.length * LEAST_MASS;
  const [scale, least] = [1 / (total * all), LEAST_MASS / all];
  let [at, sum, squares] = [0, 0, 0];
  for (let kind = 0; kind < KINDS; kind++) {
    for (let cents = 1; cents <= PRICES; cents++, at++) {
      const part = (mass[at] ?? 0) * scale + least;
      mass[at] = part;
      sum += part * cents;
      squares += part * cents * cents;
    }
  }
  return { meanCents: sum, sdCents: Math.sqrt(Math.max(0, squares - sum * sum)) };
}
