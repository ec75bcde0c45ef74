/**
 * Layer 3 of the fair price: what trades teach (§3, C-15).
 *
 * The belief about the YES probability is `Beta(K·m, K·(1-m))`; a trade is a fractional observation
 * of its price. It starts at the anchor, never at 50 (L-08), and stays a float: rounded after each
 * trade it would never move.
 */

import type { MarketConfig } from "../../config/registry.ts";
import { clamp, MAX_PRICE, MIN_PRICE, PAIR_CENTS } from "../../models/money.ts";
import { betaStrength } from "./flow_prior.ts";

/** The learner's memory; plain data, so that it survives a restart. */
export interface PosteriorState {
  /** m: the believed YES probability, 0.01 to 0.99. */
  readonly mean: number;
  /** K: how many observations the belief is worth. */
  readonly strength: number;
  /** Trades of about the last minute, older ones faded out; `ema` mode only. */
  readonly recentTrades: number;
  /** Time up to which `strength` and `recentTrades` have decayed, epoch milliseconds. */
  readonly updatedAtMs: number;
}

/** A trade of anybody; privileged mints and burns are not trades. */
export interface TradeObservation {
  /** YES price, 1 to 99. */
  readonly priceCents: number;
  /** +1 the aggressor wanted YES (own ASK filled), -1 it wanted NO (own BID filled), 0 unknown. */
  readonly aggressor: 1 | -1 | 0;
  /** Shares, above 0. */
  readonly quantity: number;
  /** Exchange time, epoch milliseconds. */
  readonly atMs: number;
}

/** What {@link observeTrade} made of a trade. */
export interface ObservedTrade {
  readonly state: PosteriorState;
  /** False if the trade was invalid and the state is unchanged; callers count these. */
  readonly accepted: boolean;
}

const MINUTE_MS = 60_000;

/**
 * The belief before any trade: the anchor, worth `posteriorPriorStrength` observations, or in mode
 * `flow` as many as `anchorErrorCents` says.
 * @param anchorPriceCents 1 to 99
 * @param nowMs epoch milliseconds
 */
export function initialPosterior(
  anchorPriceCents: number,
  nowMs: number,
  config: MarketConfig,
): PosteriorState {
  return {
    mean: anchorPriceCents / PAIR_CENTS,
    strength: config.posteriorMode === "flow"
      ? betaStrength({ meanCents: anchorPriceCents, sdCents: config.anchorErrorCents })
      : config.posteriorPriorStrength,
    recentTrades: 0,
    updatedAtMs: nowMs,
  };
}

/**
 * The belief after a while without trades: its strength returns to the prior's with half-life
 * `posteriorHalfLifeMs` (0 = never), its mean stays. A clock that stood still or went back changes
 * nothing, and neither does anything in mode `flow`, which has a model of what time does.
 */
export function decayed(
  state: PosteriorState,
  nowMs: number,
  config: MarketConfig,
): PosteriorState {
  const idleMs = nowMs - state.updatedAtMs;
  if (!(idleMs > 0) || config.posteriorMode === "flow") return state;
  const halfLifeMs = config.posteriorHalfLifeMs;
  const kept = halfLifeMs === 0 ? 1 : 0.5 ** (idleMs / halfLifeMs);
  const prior = config.posteriorPriorStrength;
  return {
    mean: state.mean,
    strength: prior + (state.strength - prior) * kept,
    recentTrades: state.recentTrades * Math.exp(-idleMs / MINUTE_MS),
    updatedAtMs: nowMs,
  };
}

/**
 * Learns from one trade (§3). The price is nudged by `posteriorNudgeCents` towards the aggressor,
 * so that buying pressure moves the belief up. Trades that cannot be (no quantity, price outside 1
 * to 99, no time) are refused. Mode `flow` learns cycle by cycle and not here.
 */
export function observeTrade(
  state: PosteriorState,
  trade: TradeObservation,
  config: MarketConfig,
): ObservedTrade {
  if (!isValid(trade)) return { state, accepted: false };
  if (config.posteriorMode === "flow") return { state, accepted: true };
  const prior = decayed(state, trade.atMs, config);
  const learned = config.posteriorMode === "beta"
    ? betaUpdate(prior, trade, config)
    : emaUpdate(prior, trade, config);
  return { state: { ...learned, recentTrades: prior.recentTrades + 1 }, accepted: true };
}

function isValid({ priceCents, quantity, atMs }: TradeObservation): boolean {
  return priceCents >= MIN_PRICE && priceCents <= MAX_PRICE &&
    Number.isFinite(quantity) && quantity > 0 && Number.isFinite(atMs);
}

/** The probability a trade speaks for. */
function observed({ priceCents, aggressor }: TradeObservation, config: MarketConfig): number {
  const nudgedCents = priceCents + aggressor * config.posteriorNudgeCents;
  return clamp(nudgedCents, MIN_PRICE, MAX_PRICE) / PAIR_CENTS;
}

function betaUpdate(
  prior: PosteriorState,
  trade: TradeObservation,
  config: MarketConfig,
): PosteriorState {
  const weight = Math.min(
    config.posteriorMaxWeightPerTrade,
    trade.quantity / config.posteriorRefQty,
  );
  const strength = prior.strength + weight;
  return {
    ...prior,
    mean: (prior.strength * prior.mean + weight * observed(trade, config)) / strength,
    strength: Math.min(config.posteriorMaxStrength, strength),
  };
}

/** v7.1's moving average: learns the slower the denser the trades are. */
function emaUpdate(
  prior: PosteriorState,
  trade: TradeObservation,
  config: MarketConfig,
): PosteriorState {
  const rate = clamp(
    config.baseLearningRate / Math.sqrt(prior.recentTrades + 1),
    config.learningRateMin,
    config.learningRateMax,
  );
  return { ...prior, mean: prior.mean + rate * (observed(trade, config) - prior.mean) };
}
