/**
 * How fast the price moves (§5, C-08). Moves are absolute cents, weighed by the Bernoulli factor
 * `W(P) = P(100-P)/2500` of the price where they happened: a move of one cent means more at 5 than
 * at 50.
 *
 * Two outputs with different units: a sigma per trade, and a sigma per square root of an hour. Only
 * the second may be multiplied by hours.
 */

import type { MarketConfig } from "../config/registry.ts";
import { clamp, MAX_PRICE, MIN_PRICE, PAIR_CENTS } from "../models/money.ts";
import { DAY_MS, HOUR_MS } from "../models/market.ts";
import type { PriceSample } from "./price_history.ts";

/** A price and where it comes from. */
export interface VolatilitySample extends PriceSample {
  /** Micro-prices are preferred; without them the own fair price after a trade counts. */
  readonly source: "micro" | "fair";
}

/** The window of prices, oldest first; plain data. */
export interface VolatilityState {
  readonly samples: readonly VolatilitySample[];
}

/** What the window says. */
export interface VolatilityEstimate {
  /**
   * Standard deviation of one move, cents per sample, within `sigmaMinCents` and `sigmaMaxCents`.
   */
  readonly sigmaStepCents: number;
  /** Cents per square root of an hour at the present price; null while the window is too short. */
  readonly sigmaHourCents: number | null;
  /** The scale S with `sigmaHour = S·sqrt(p(1-p))`; null while the window is too short. */
  readonly scaleCents: number | null;
}

/** Micro-prices are sampled this far apart (§5). */
const MICRO_INTERVAL_MS = 30_000;
/** Own fair prices count again when the last micro-price is older than this. */
const MICRO_LIFETIME_MS = 2 * MICRO_INTERVAL_MS;

/** A window without prices. */
export const EMPTY_VOLATILITY: VolatilityState = { samples: [] };

/**
 * Takes a price into the window, which keeps the newest `volatilityWindowSize`. Ignored: prices
 * outside 1 to 99, prices older than the newest one, micro-prices within 30 s of the last sample,
 * and own fair prices while micro-prices come in.
 */
export function observePrice(
  state: VolatilityState,
  sample: VolatilitySample,
  config: MarketConfig,
): VolatilityState {
  if (!isUsable(sample, state.samples.at(-1))) return state;
  return { samples: [...state.samples.slice(1 - config.volatilityWindowSize), sample] };
}

function isUsable(sample: VolatilitySample, last: VolatilitySample | undefined): boolean {
  const { priceCents, atMs, source } = sample;
  if (!(priceCents >= MIN_PRICE && priceCents <= MAX_PRICE) || !Number.isFinite(atMs)) return false;
  if (last === undefined) return true;
  const sinceLastMs = atMs - last.atMs;
  if (sinceLastMs < 0) return false;
  if (source === "micro") return sinceLastMs >= MICRO_INTERVAL_MS;
  return last.source === "fair" || sinceLastMs > MICRO_LIFETIME_MS;
}

/**
 * Both volatilities at a price (§5).
 * @param priceCents the present YES price, 1 to 99
 */
export function estimateVolatility(
  state: VolatilityState,
  priceCents: number,
  config: MarketConfig,
): VolatilityEstimate {
  const { samples } = state;
  const enough = samples.length >= config.volatilityMinSamples;
  const weight = bernoulliWeight(priceCents);
  const hourly = enough ? hourlyVariance(samples, config) : null;
  return {
    sigmaStepCents: enough && samples.length > 2
      ? clamp(
        deviationOfMoves(samples, config.sigmaMaxCents) * Math.sqrt(weight),
        config.sigmaMinCents,
        config.sigmaMaxCents,
      )
      : config.volatilityDefaultCents,
    sigmaHourCents: hourly === null ? null : Math.sqrt(hourly * weight),
    scaleCents: hourly === null ? null : 2 * Math.sqrt(hourly),
  };
}

/**
 * The scale of sigma that the A-S engine uses, in cents per square root of an hour (§5,
 * `sigmaMode`).
 *
 * A measured scale is confined from above by `100/sqrt(tau)`: a price that ends at 0 or 100 cannot
 * vary more (§6.8).
 * @param scaleCents measured scale of {@link estimateVolatility}, null if there is none
 * @param tauHours hours to the end, at least 0
 */
export function sigmaScale(
  scaleCents: number | null,
  tauHours: number,
  config: MarketConfig,
): number {
  if (scaleCents === null || config.sigmaMode === "bernoulli") return config.sigmaScaleCents;
  const highest = config.realisedScaleMax ?? PAIR_CENTS / Math.sqrt(tauHours);
  const realised = clamp(scaleCents, config.realisedScaleMin, highest);
  return config.sigmaMode === "realised" ? realised : Math.max(config.sigmaScaleCents, realised);
}

/**
 * Standard deviation of the price over a day in cents: measured, or from `sigmaScaleCents` while
 * the window is too short (§15).
 * @param priceCents the present YES price, 1 to 99
 */
export function sigmaDayCents(
  { sigmaHourCents }: Pick<VolatilityEstimate, "sigmaHourCents">,
  priceCents: number,
  config: MarketConfig,
): number {
  const p = clamp(priceCents, MIN_PRICE, MAX_PRICE) / PAIR_CENTS;
  const hourly = sigmaHourCents ?? config.sigmaScaleCents * Math.sqrt(p * (1 - p));
  return hourly * Math.sqrt(DAY_MS / HOUR_MS);
}

/** `W(P)`: 1 at 50 cents, falling towards both ends. */
function bernoulliWeight(priceCents: number): number {
  return (priceCents * (PAIR_CENTS - priceCents)) / 2500;
}

/**
 * The move that ends with a sample, cut at `limitCents`: one wild print must not make a regime.
 * @param index above 0
 */
function moveCents(
  samples: readonly VolatilitySample[],
  index: number,
  limitCents: number,
): number {
  return clamp(priceAt(samples, index) - priceAt(samples, index - 1), -limitCents, limitCents);
}

function priceAt(samples: readonly VolatilitySample[], index: number): number {
  return samples[index]?.priceCents ?? NaN;
}

/** Standard deviation of the moves with the n-1 denominator; needs two moves. */
function deviationOfMoves(samples: readonly VolatilitySample[], limitCents: number): number {
  const moves = samples.length - 1;
  let sum = 0;
  for (let index = 1; index <= moves; index++) sum += moveCents(samples, index, limitCents);
  const mean = sum / moves;
  let squares = 0;
  for (let index = 1; index <= moves; index++) {
    squares += (moveCents(samples, index, limitCents) - mean) ** 2;
  }
  return Math.sqrt(squares / (moves - 1));
}

/**
 * `v0`: variance per hour at W = 1, in cents²; null if the window is shorter than
 * `volatilityMinWindowMs`.
 */
function hourlyVariance(samples: readonly VolatilitySample[], config: MarketConfig): number | null {
  const elapsedMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
  if (elapsedMs < config.volatilityMinWindowMs) return null;
  let total = 0;
  for (let index = 1; index < samples.length; index++) {
    const cents = moveCents(samples, index, config.sigmaMaxCents);
    total += cents ** 2 / bernoulliWeight(priceAt(samples, index - 1));
  }
  return total / (elapsedMs / HOUR_MS);
}
