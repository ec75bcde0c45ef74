/**
 * How fast the price moves (§5, C-08). Moves are absolute cents, weighed by the Bernoulli factor
 * `W(P) = P(100-P)/2500` of the price where they happened: a move of one cent means more at 5 than
 * at 50.
 *
 * Two outputs with different units: a sigma per trade, and a sigma per square root of an hour. Only
 * the second may be multiplied by hours.
 */

import type { MarketConfig } from "../config/registry.ts";
import { oncePer } from "../models/memo.ts";
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
  const enough = state.samples.length >= config.volatilityMinSamples;
  const moves = enough ? statisticsBy(config)(state) : NOTHING_KNOWN;
  const { deviationCents: deviation, hourlyVariance: hourly } = moves;
  const weight = bernoulliWeight(priceCents);
  const { sigmaMinCents, sigmaMaxCents } = config;
  return {
    sigmaStepCents: deviation === null
      ? config.volatilityDefaultCents
      : clamp(deviation * Math.sqrt(weight), sigmaMinCents, sigmaMaxCents),
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

/** What the moves of a window say, whatever the present price is. */
interface MoveStatistics {
  /** Standard deviation of one move with the n-1 denominator, cents; null below two moves. */
  readonly deviationCents: number | null;
  /**
   * `v0`: variance per hour at W = 1, in cents²; null if the window is shorter than
   * `volatilityMinWindowMs`.
   */
  readonly hourlyVariance: number | null;
}

const NOTHING_KNOWN: MoveStatistics = { deviationCents: null, hourlyVariance: null };

/** A window changes every 30 s and is asked in every cycle. */
const statisticsBy = oncePer((config: MarketConfig) =>
  oncePer(({ samples }: VolatilityState) => statisticsOf(samples, config))
);

function statisticsOf(
  samples: readonly VolatilitySample[],
  { sigmaMaxCents, volatilityMinWindowMs }: MarketConfig,
): MoveStatistics {
  const moves = movesOf(samples, sigmaMaxCents);
  const elapsedMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
  return {
    deviationCents: moves.length < 2 ? null : sampleDeviation(moves),
    hourlyVariance: elapsedMs < volatilityMinWindowMs ? null : hourlyVariance(moves, elapsedMs),
  };
}

interface Move {
  readonly cents: number;
  /** Price where the move began. */
  readonly fromCents: number;
}

/**
 * Moves between neighbouring prices, cut at `limitCents`: one wild print must not make a regime.
 */
function movesOf(samples: readonly VolatilitySample[], limitCents: number): Move[] {
  return samples.slice(1).map(({ priceCents }, index) => {
    const fromCents = samples[index]?.priceCents ?? priceCents;
    return { cents: clamp(priceCents - fromCents, -limitCents, limitCents), fromCents };
  });
}

function sampleDeviation(moves: readonly Move[]): number {
  const mean = moves.reduce((sum, move) => sum + move.cents, 0) / moves.length;
  const squares = moves.reduce((sum, move) => sum + (move.cents - mean) ** 2, 0);
  return Math.sqrt(squares / (moves.length - 1));
}

function hourlyVariance(moves: readonly Move[], elapsedMs: number): number {
  const total = moves.reduce(
    (sum, { cents, fromCents }) => sum + cents ** 2 / bernoulliWeight(fromCents),
    0,
  );
  return total / (elapsedMs / HOUR_MS);
}
