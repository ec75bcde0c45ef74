/**
 * From a fair price to the touch that is quoted (§7): the Avellaneda–Stoikov formulas in cents and
 * hours, with the floors, limits and multipliers of this bot, in linear or logit space.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { Multiplier, SpreadSettings, SpreadTerms } from "../models/explanation.ts";
import type { MarketRecord } from "../models/market.ts";
import {
  ceilOut,
  floorOut,
  MAX_PRICE,
  MIN_PRICE,
  PAIR_CENTS,
  price,
  ROUNDING_SLACK,
} from "../models/money.ts";
import type { Phase } from "../models/vocabulary.ts";
import { depthSpread, optimalSpread, reservationPrice, riskSpread } from "./avellaneda_stoikov.ts";
import type { GammaTier } from "./gamma_tier.ts";
import { Limits } from "./limits.ts";
import { phaseParameters } from "./phase_parameters.ts";
import { type PriceBounds, priceBounds } from "./price_bounds.ts";
import { finite, PricingError } from "./pricing_error.ts";

/** What the touch depends on, besides the configuration. */
export interface TouchInput {
  /** s: fair YES price, cents. */
  readonly fairCents: number;
  /** q: effective inventory skew, -1 to 1 (§0.6). */
  readonly skew: number;
  /** Hours until trading ends; below 0 counts as 0. */
  readonly tauHours: number;
  /** The phase whose spread floor applies. */
  readonly phase: Phase;
  readonly gamma: Pick<GammaTier, "tier" | "gamma">;
  /** Scale of sigma in cents per square root of an hour, from `sigmaScale`. */
  readonly sigmaScaleCents: number;
  /** Full spread that the uncertainty of the belief asks for, cents. */
  readonly uncertaintyCents: number;
  /** Full spread that fees ask for, cents (§12). */
  readonly feeFloorCents: number;
  /** Factors on the spread, each at least 1: defence, maturity, oracle, event shield. */
  readonly multipliers: readonly Multiplier[];
  readonly market: Pick<MarketRecord, "minPrice" | "maxPrice">;
}

/** Own best prices. */
export type Touch = Pick<SpreadTerms, "ask" | "bid">;

/** Largest half spread in logit space (§6.8). */
const MAX_LOGIT_HALF_SPREAD = 1.5;

/** What every step of one quote sees. */
interface Quoting {
  readonly input: TouchInput;
  readonly config: MarketConfig;
  readonly bounds: PriceBounds;
  /** Collects which limits bound. */
  readonly limits: Limits;
}

/**
 * The quoted touch with every term that led to it.
 * @throws PricingError if an input is not finite or outside its range, or if a term of the result
 * is not finite
 */
export function quoteTouch(input: TouchInput, config: MarketConfig): SpreadTerms {
  checkInput(input);
  const { gamma: { tier, gamma }, uncertaintyCents, multipliers } = input;
  const { kappa, spreadRiskWeight: riskWeight } = config;
  const quoting = quotingOf(input, config);
  const horizon = horizonOf(quoting);
  const variance = horizon.varianceCents2;
  const shiftCents = inventoryShift(quoting, variance);
  const spread = spreadOf(quoting, variance);
  const model = modelQuotes(quoting, shiftCents, spread.spreadCents);
  const touch = touchOf(quoting, model);
  return {
    tauHours: horizon.tauHours,
    tauEffectiveHours: horizon.tauEffectiveHours,
    gammaTier: tier,
    gamma,
    kappa,
    sigmaScaleCents: input.sigmaScaleCents,
    varianceCents2: variance,
    skew: input.skew,
    shiftCents,
    reservationCents: model.reservationCents,
    riskSpreadCents: riskSpread({ gamma, variance, riskWeight }),
    depthSpreadCents: depthSpread({ gamma, kappa }),
    uncertaintySpreadCents: uncertaintyCents,
    phaseMinCents: spread.phaseMinCents,
    feeFloorCents: input.feeFloorCents,
    baseSpreadCents: spread.baseSpreadCents,
    multipliers,
    multiplier: spread.multiplier,
    spreadCents: spread.spreadCents,
    modelAskCents: model.modelAskCents,
    modelBidCents: model.modelBidCents,
    ask: touch.ask,
    bid: touch.bid,
    limitedBy: quoting.limits.bound,
    settings: settingsOf(quoting),
  };
}

/**
 * Only the touch of {@link quoteTouch}, for what depends on where the quote would be.
 * @throws PricingError as {@link quoteTouch}
 */
export function touchPrices(input: TouchInput, config: MarketConfig): Touch {
  checkInput(input);
  const quoting = quotingOf(input, config);
  const variance = horizonOf(quoting).varianceCents2;
  const shiftCents = inventoryShift(quoting, variance);
  const { spreadCents } = spreadOf(quoting, variance);
  return touchOf(quoting, modelQuotes(quoting, shiftCents, spreadCents));
}

function quotingOf(input: TouchInput, config: MarketConfig): Quoting {
  return { input, config, bounds: priceBounds(input.market, config), limits: new Limits() };
}

/** The settings that shaped the touch, for the explanation. */
function settingsOf({ config, bounds: { minPrice, maxPrice } }: Quoting): SpreadSettings {
  return {
    asModel: config.asModel,
    tauHorizonHours: config.tauHorizonHours,
    terminalShare: config.terminalShare,
    spreadRiskWeight: config.spreadRiskWeight,
    spreadSkewFactor: config.spreadSkewFactor,
    maxShiftCents: config.maxShiftCents,
    minAdjustmentCents: config.minAdjustmentCents,
    minAdjustmentSkew: config.minAdjustmentSkew,
    spreadMinCents: config.spreadMinCents,
    spreadMaxCents: config.spreadMaxCents,
    maxSpreadMultiplier: config.maxSpreadMultiplier,
    hardSpreadMaxCents: config.hardSpreadMaxCents,
    roundingSlackCents: config.roundingSlackCents,
    minPrice,
    maxPrice,
  };
}

function checkInput(input: TouchInput): void {
  finite("tauHours", input.tauHours);
  finite("sigmaScaleCents", input.sigmaScaleCents);
  finite("feeFloorCents", input.feeFloorCents);
  checkRange("uncertaintyCents", input.uncertaintyCents, 0, Infinity);
  checkRange("fairCents", input.fairCents, MIN_PRICE, MAX_PRICE);
  checkRange("skew", input.skew, -1, 1);
  checkRange("gamma", input.gamma.gamma, 0, Infinity);
  for (const { name, value } of input.multipliers) {
    // A factor below 1 would narrow the spread that a guard asked to widen.
    if (!(value >= 1 && value < Infinity)) checkRange(`multiplier ${name}`, value, 1, Infinity);
  }
}

function checkRange(term: string, value: number, low: number, high: number): void {
  if (finite(term, value) >= low && value <= high) return;
  throw new PricingError(term, `must be from ${low} to ${high}: current value is ${value}`);
}

/** Variance `p(1-p)` of the payoff, in dollars². */
function payoffVariance(fairCents: number): number {
  const p = fairCents / PAIR_CENTS;
  return p * (1 - p);
}

type Horizon = Pick<SpreadTerms, "tauHours" | "tauEffectiveHours" | "varianceCents2">;

/**
 * Time saturates at `tauHorizonHours`: stock is turned over long before a distant end (§6.5, C-09).
 */
function horizonOf({ input, config }: Quoting): Horizon {
  const tauHours = Math.max(0, input.tauHours);
  const limit = config.tauHorizonHours;
  const tauEffectiveHours = limit === null ? tauHours : (limit * tauHours) / (limit + tauHours);
  const carriedToEnd = PAIR_CENTS ** 2 * config.terminalShare;
  const varianceCents2 = payoffVariance(input.fairCents) *
    (input.sigmaScaleCents ** 2 * tauEffectiveHours + carriedToEnd);
  return { tauHours, tauEffectiveHours, varianceCents2: finite("varianceCents2", varianceCents2) };
}

/**
 * How far the inventory moves the centre of the quotes, cents; above 0 when YES is heavy (C-03).
 */
function inventoryShift({ input, config, limits }: Quoting, variance: number): number {
  const { fairCents: fair, skew, gamma: { gamma } } = input;
  const { maxShiftCents, minAdjustmentCents, minAdjustmentSkew } = config;
  const model = finite("shiftCents", fair - reservationPrice({ fair, skew, gamma, variance }));
  const wanted = Math.abs(skew) > minAdjustmentSkew
    ? limits.atLeast(Math.abs(model), minAdjustmentCents, "min_adjustment_cents")
    : Math.abs(model);
  const size = limits.atMost(wanted, maxShiftCents, "max_shift_cents");
  return size === 0 ? 0 : Math.sign(skew) * size;
}

type Spread = Pick<
  SpreadTerms,
  "phaseMinCents" | "baseSpreadCents" | "multiplier" | "spreadCents"
>;

/**
 * The full spread. Multipliers come after the limits, or a market at its maximum could not widen
 * (L-22, C-19).
 */
function spreadOf({ input, config, limits }: Quoting, variance: number): Spread {
  const { phase, feeFloorCents, uncertaintyCents, multipliers, gamma: { gamma } } = input;
  const { kappa, spreadRiskWeight: riskWeight } = config;
  const phaseMinCents = phaseParameters(phase, config).minSpreadCents;

  const model = optimalSpread({ gamma, kappa, variance, riskWeight }) + uncertaintyCents;
  let base = finite("spreadCents", model);
  base = limits.atLeast(base, phaseMinCents, PHASE_MIN_NAMES[phase]);
  base = limits.atLeast(base, feeFloorCents, "fee_floor");
  base = limits.atLeast(base, config.spreadMinCents, "spread_min_cents");
  base = limits.atMost(base, config.spreadMaxCents, "spread_max_cents");

  let product = 1;
  for (const { value } of multipliers) product *= value;
  const multiplier = limits.atMost(product, config.maxSpreadMultiplier, "max_spread_multiplier");
  const widened = base * multiplier;
  const spreadCents = limits.atMost(widened, config.hardSpreadMaxCents, "hard_spread_max_cents");
  return { phaseMinCents, baseSpreadCents: base, multiplier, spreadCents };
}

/** The setting behind the floor of each phase. */
const PHASE_MIN_NAMES: Readonly<Record<Phase, string>> = {
  EXPLORATION: "exploration_min_spread_cents",
  STABILIZATION: "stabilization_min_spread_cents",
};

type Model = Pick<SpreadTerms, "reservationCents" | "modelAskCents" | "modelBidCents">;

/** Unrounded quotes around the shifted fair price, in cents or in log-odds (§6.8). */
function modelQuotes({ input, config }: Quoting, shiftCents: number, spreadCents: number): Model {
  const { fairCents, skew } = input;
  const lean = config.spreadSkewFactor * skew;
  const askHalf = (spreadCents / 2) * (1 - lean);
  const bidHalf = (spreadCents / 2) * (1 + lean);
  switch (config.asModel) {
    case "linear": {
      const reservationCents = fairCents - shiftCents;
      return {
        reservationCents,
        modelAskCents: reservationCents + askHalf,
        modelBidCents: reservationCents - bidHalf,
      };
    }
    case "logit": {
      // One unit of log-odds is this many cents at the fair price.
      const unit = PAIR_CENTS * payoffVariance(fairCents);
      const centre = Math.log(fairCents / (PAIR_CENTS - fairCents)) - shiftCents / unit;
      return {
        reservationCents: logistic(centre),
        modelAskCents: logistic(centre + Math.min(MAX_LOGIT_HALF_SPREAD, askHalf / unit)),
        modelBidCents: logistic(centre - Math.min(MAX_LOGIT_HALF_SPREAD, bidHalf / unit)),
      };
    }
  }
}

/** The price in cents of given log-odds; always between 0 and 100. */
function logistic(logOdds: number): number {
  return PAIR_CENTS / (1 + Math.exp(-logOdds));
}

/** Rounds outwards to whole cents inside the bounds, and keeps the ask above the bid (§7, §25). */
function touchOf({ config, bounds, limits }: Quoting, model: Model): Touch {
  const { minPrice, maxPrice } = bounds;
  const slack = Math.max(ROUNDING_SLACK, config.roundingSlackCents);
  const askCents = ceilOut(model.modelAskCents, slack);
  const bidCents = floorOut(model.modelBidCents, slack);
  const ask = limits.within(askCents, minPrice, maxPrice, "price_bounds");
  const bid = limits.within(bidCents, minPrice, maxPrice, "price_bounds");
  if (ask > bid) return { ask: price(ask), bid: price(bid) };
  const higher = Math.min(bid + 1, maxPrice);
  return { ask: price(higher), bid: price(higher - 1) };
}
