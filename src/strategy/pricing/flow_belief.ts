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

/** Rates per hour of one kind of flow. */
interface FlowKind {
  readonly noise: number;
  readonly informed: number;
}

/**
 * Arrivals of chance traders in an hour, both sides together, and how many informed ones come for
 * each of them. The market of strategy §6.7 has 8 an hour and an eighth; the grid reaches from one
 * that sleeps to one of bots. Its steps are small, because what no row expects of chance is taken
 * for knowledge.
 */
const NOISE_PER_HOUR = [4, 10, 25, 60, 150, 400, 1000, 2500] as const;
const INFORMED_SHARE = [0.05, 0.15, 0.4] as const;

const KINDS: readonly FlowKind[] = NOISE_PER_HOUR.flatMap((noise) =>
  INFORMED_SHARE.map((share) => ({ noise, informed: noise * share }))
);

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
  const mass = new Float64Array(KINDS.length * PRICES);
  KINDS.forEach((_, kind) => mass.set(shape, kind * PRICES));
  return { mass: normalized(mass), updatedAtMs: nowMs, touch: { bid: null, ask: null } };
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
  const gapMs = nowMs - belief.updatedAtMs;
  if (!(gapMs > 0)) return belief;
  const hours = Math.min(gapMs, LONGEST_SILENCE_MS) / HOUR_MS;
  const { touch } = belief;
  const silence = { touch, middle: middleOf(belief), tempted: temptation(touch), hours };
  const mass = belief.mass.slice();
  const rows = KINDS.map((kind, index) => ({ kind, masses: row(mass, index) }));
  for (const { kind, masses } of rows) waitThrough(masses, kind, silence);
  normalized(mass);
  for (const { masses } of rows) wander(masses, drift, gapMs / HOUR_MS);
  return { mass: normalized(mass), updatedAtMs: nowMs, touch };
}

/** The belief after somebody came and took, under the quotes of `belief.touch`. */
export function afterFlow(belief: FlowBelief, event: FlowEvent): FlowBelief {
  const { aggressor, priceCents, weight } = event;
  const distance = aggressor * (priceCents - middleOf(belief));
  const mass = belief.mass.slice();
  KINDS.forEach((kind, index) => {
    const masses = row(mass, index);
    const chance = chanceRate(kind, distance);
    // Far from the price all rates are alike, and a power is what takes time here.
    let [lastRate, likelihood] = [1, 1];
    for (let at = 0; at < PRICES; at++) {
      const wrong = aggressor * (at + 1 - priceCents);
      const rate = chance + kind.informed * appetite(wrong);
      if (rate !== lastRate) [lastRate, likelihood] = [rate, weight === 1 ? rate : rate ** weight];
      masses[at] = (masses[at] ?? 0) * likelihood;
    }
  });
  return { ...belief, mass: normalized(mass) };
}

/** The part of the masses that belongs to a kind of flow. */
function row(mass: Float64Array, kind: number): Float64Array {
  return mass.subarray(kind * PRICES, (kind + 1) * PRICES);
}

/** What chance traders take for the price: the middle of the quotes; of one alone nobody knows. */
function middleOf(belief: FlowBelief): number {
  const { bid, ask } = belief.touch;
  return bid === null || ask === null ? momentsOf(belief).meanCents : (bid + ask) / 2;
}

/** Chance traders of one kind who take a price so far from the middle, per hour. */
function chanceRate({ noise }: FlowKind, distanceCents: number): number {
  const distance = Math.max(0, distanceCents);
  const careful = (1 - CARELESS_SHARE) * Math.exp(-NOISE_DECAY * distance);
  return noise / 2 * (careful + CARELESS_SHARE * Math.exp(-CARELESS_DECAY * distance));
}

/** P(nobody took) in so many hours: no chance trader, and no informed one whom a quote tempts. */
function waitThrough(
  masses: Float64Array,
  kind: FlowKind,
  { touch: { bid, ask }, middle, tempted, hours }: {
    readonly touch: Touch;
    readonly middle: number;
    readonly tempted: Float64Array;
    readonly hours: number;
  },
): void {
  const chance = (ask === null ? 0 : chanceRate(kind, ask - middle)) +
    (bid === null ? 0 : chanceRate(kind, middle - bid));
  const noChance = Math.exp(-chance * hours);
  const someInformed = 1 - Math.exp(-kind.informed * hours);
  for (let index = 0; index < PRICES; index++) {
    masses[index] = (masses[index] ?? 0) * noChance *
      (1 - (tempted[index] ?? 0) * someInformed);
  }
}

/** P(an informed trader takes one of the quotes), for a true price of 1 to 99 cents. */
function temptation({ bid, ask }: Touch): Float64Array {
  const tempted = new Float64Array(PRICES);
  for (let index = 0; index < PRICES; index++) {
    const cents = index + 1;
    const both = (ask === null ? 0 : appetite(cents - ask)) +
      (bid === null ? 0 : appetite(bid - cents));
    tempted[index] = Math.min(1, both);
  }
  return tempted;
}

/** The masses as probabilities, changed in place, each at least {@link LEAST_MASS}. */
function normalized(mass: Float64Array): Float64Array {
  const all = 1 + mass.length * LEAST_MASS;
  let total = 0;
  for (let index = 0; index < mass.length; index++) total += mass[index] ?? 0;
  for (let index = 0; index < mass.length; index++) {
    mass[index] = ((mass[index] ?? 0) / total + LEAST_MASS) / all;
  }
  return mass;
}
