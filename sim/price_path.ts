import type { z } from "zod";
import { HOUR_MS } from "../src/models/market.ts";
import { clamp } from "../src/models/money.ts";
import type { Random } from "../src/runtime/random.ts";
import { camelKeys } from "./camel_keys.ts";
import { duration } from "./duration.ts";
import { block, listOf, numberBetween, oneOf } from "./fields.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

const truePrice = numberBetween(0.5, 99.5);

const jumpSchema = block({
  at: duration(),
  to: truePrice,
  over: duration().default(0),
});

/** How the true probability of a market moves, as a scenario writes it. */
export const pathSchema = block({
  /** True price at the beginning, cents. */
  start: truePrice,
  /**
   * How it wanders: `none`; `digital`, a bet on a Brownian motion that is decided at the market's
   * end (§6.7); or `logit`, a constant volatility in log-odds. All three are martingales.
   */
  diffusion: oneOf("none", "digital", "logit").default("none"),
  /**
   * Volatility of `logit`, log-odds per square root of an hour; 0.1 moves a price of 50 by 2.5
   * cents an hour.
   */
  logit_volatility: numberBetween(0.001, 5).default(0.1),
  /** News: at that time the price goes to a level, at once or over a while. */
  jumps: listOf(jumpSchema, 0, 100).default([]),
}).transform(camelKeys);

/** How the true probability of a market moves. */
export type PathSpec = z.output<typeof pathSchema>;

/** The true price of YES over time. Traders who know it look at it; the bot never can. */
export interface PricePath {
  /**
   * The true price in cents, 0 to 100.
   * @param elapsedMs time since the beginning; time must not run backwards from call to call
   * @throws RangeError if it does
   */
  at(elapsedMs: number): number;
  /** When the price may next change after `elapsedMs`, null if it never will. */
  nextMoveMs(elapsedMs: number): number | null;
}

/** What a path is made of. */
export interface PathOptions {
  readonly spec: PathSpec;
  /** Time from the beginning to the decision; matters to `digital`. */
  readonly endsInMs: number;
  readonly random: Random;
}

/** How often a diffusing price moves. */
const STEP_MS = 60_000;
const STEP_HOURS = STEP_MS / HOUR_MS;

/** Before the decision nothing is certain. */
const LEAST_PROBABILITY = 1e-6;

/**
 * A path that follows from its description and its random stream alone, however often it is looked
 * at.
 */
export function pricePath({ spec, endsInMs, random }: PathOptions): PricePath {
  const news = newsSteps(spec);
  let probability = spec.start / 100;
  let doneMs = -1;

  const nextMoveMs = (elapsedMs: number): number | null => {
    const step = nextStepMs(spec, endsInMs, elapsedMs);
    const report = news[firstAfter(news, elapsedMs)]?.atMs ?? Infinity;
    const nextMs = Math.min(step, report);
    return Number.isFinite(nextMs) ? nextMs : null;
  };
  const moveAt = (atMs: number) => {
    if (nextStepMs(spec, endsInMs, atMs - 1) === atMs) {
      const leftHours = Math.max(0, endsInMs - atMs) / HOUR_MS;
      probability = diffused(spec, { probability, leftHours, normal: random.normal() });
    }
    const steps = news.slice(firstAfter(news, doneMs), firstAfter(news, atMs));
    for (const { to, share } of steps) probability += (to / 100 - probability) * share;
  };
  return {
    nextMoveMs,
    at(elapsedMs) {
      if (elapsedMs < doneMs) {
        throw new RangeError(`Cannot look back to ${elapsedMs} ms: the path is at ${doneMs} ms`);
      }
      for (;;) {
        const nextMs = nextMoveMs(doneMs);
        if (nextMs === null || nextMs > elapsedMs) return probability * 100;
        moveAt(nextMs);
        doneMs = nextMs;
      }
    },
  };
}

/** A part of a jump: goes `share` of the way that is left. */
interface NewsStep {
  readonly atMs: number;
  readonly to: number;
  readonly share: number;
}

/** Jumps as single steps in time order; a gradual one has a step each minute. */
function newsSteps({ jumps }: PathSpec): NewsStep[] {
  return jumps.flatMap(({ at, to, over }) => {
    const count = Math.max(1, Math.ceil(over / STEP_MS));
    return Array.from({ length: count }, (_, index) => ({
      atMs: at + index * STEP_MS,
      to,
      share: 1 / (count - index),
    }));
  }).sort((a, b) => a.atMs - b.atMs);
}

/** The index of the first step after a time, in a list in time order that may be long. */
function firstAfter(steps: readonly NewsStep[], elapsedMs: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.atMs ?? Infinity) > elapsedMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The next time after `elapsedMs` at which the price diffuses. */
function nextStepMs({ diffusion }: PathSpec, endsInMs: number, elapsedMs: number): number {
  if (diffusion === "none") return Infinity;
  const nextMs = Math.max(1, Math.floor(elapsedMs / STEP_MS) + 1) * STEP_MS;
  return diffusion === "digital" && nextMs >= endsInMs + STEP_MS ? Infinity : nextMs;
}

interface DiffusionStep {
  readonly probability: number;
  /** Hours to the decision after the step. */
  readonly leftHours: number;
  readonly normal: number;
}

function diffused(spec: PathSpec, step: DiffusionStep): number {
  switch (spec.diffusion) {
    case "none":
      return step.probability;
    case "digital":
      return digitalStep(step);
    case "logit":
      return logitStep(step, spec.logitVolatility);
  }
}

/** P(W_T > 0) for a Brownian motion W, one step later: `Φ(W / sqrt(T - t))`. */
function digitalStep({ probability, leftHours, normal }: DiffusionStep): number {
  const before = normalQuantile(probability) * Math.sqrt(leftHours + STEP_HOURS);
  const after = before + Math.sqrt(STEP_HOURS) * normal;
  if (leftHours === 0) return after >= 0 ? 1 : 0;
  return uncertain(normalCdf(after / Math.sqrt(leftHours)));
}

/** A step of `dp = v·p(1-p)·dW`, taken in log-odds: `dx = v·dW + v²(p - 1/2)·dt` (Itô). */
function logitStep({ probability, normal }: DiffusionStep, volatility: number): number {
  const drift = volatility ** 2 * (probability - 0.5) * STEP_HOURS;
  const logOdds = Math.log(probability / (1 - probability)) +
    volatility * Math.sqrt(STEP_HOURS) * normal + drift;
  return uncertain(1 / (1 + Math.exp(-logOdds)));
}

function uncertain(probability: number): number {
  return clamp(probability, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
}
