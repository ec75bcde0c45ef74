/** The fair YES price from its three layers: anchor, micro-price, posterior (§4). */

import type { MarketConfig } from "../../config/registry.ts";
import type { PriceTerms } from "../../models/explanation.ts";
import { clamp, MAX_PRICE, MIN_PRICE, PAIR_CENTS, roundHalfEven } from "../../models/money.ts";
import type { Phase } from "../../models/vocabulary.ts";
import { Limits } from "../limits.ts";
import { finite } from "../pricing_error.ts";
import { anchorWeight } from "./anchor.ts";
import type { Microprice } from "./microprice.ts";
import { betaSdCents } from "./flow_prior.ts";
import { decayed, type PosteriorState } from "./posterior.ts";

/** What the fair price is made of. */
export interface FairPriceInput {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** When the anchor in force was set, epoch milliseconds. */
  readonly anchorSetAtMs: number;
  readonly microprice: Pick<Microprice, "cents" | "reason">;
  readonly posterior: PosteriorState;
  /** The phase of the phase manager, not one that only the maturity table asks for. */
  readonly phase: Phase;
  /**
   * True until the first EXPLORATION ends (`isOpening` of the phase manager): the anchor band
   * applies.
   */
  readonly opening: boolean;
  /** `rawCents` of the last cycle; null in the first cycle and after the anchor was set anew. */
  readonly previousRawCents: number | null;
}

/** Shares of the layers in the fair price, each from 0 to 1, together 1. */
export interface LayerWeights {
  readonly anchor: number;
  readonly micro: number;
  readonly posterior: number;
}

/**
 * The fair price with all its terms.
 *
 * The band around the anchor bounds opening quotes only (§1). After an emergency rollback the
 * market has left the anchor for a reason; a band would then offer the bot's stock far from the
 * market.
 * @throws PricingError if a layer is not a finite number
 */
export function fairPrice(input: FairPriceInput, config: MarketConfig): PriceTerms {
  const weights = layerWeights(input, config);
  const posterior = decayed(input.posterior, input.nowMs, config);
  const posteriorCents = posterior.mean * PAIR_CENTS;
  const microPart = input.microprice.cents === null ? 0 : weights.micro * input.microprice.cents;
  const blendCents = finite(
    "blendCents",
    weights.anchor * config.anchorPriceCents + microPart + weights.posterior * posteriorCents,
  );
  const price = limited(blendCents, input, config);
  return {
    anchorCents: config.anchorPriceCents,
    anchorWeight: weights.anchor,
    microCents: input.microprice.cents,
    microReason: input.microprice.reason,
    microWeight: weights.micro,
    posteriorCents,
    posteriorStrength: posterior.strength,
    posteriorSdCents: config.posteriorMode === "flow"
      ? betaSdCents(posterior.mean, posterior.strength)
      : null,
    posteriorWeight: weights.posterior,
    blendCents,
    allowedCents: price.allowedCents,
    rawCents: price.rawCents,
    fairCents: price.fairCents,
    rounded: price.rounded,
    limitedBy: price.limitedBy,
  };
}

/**
 * The weights of the layers in force (§4). With a `flow` posterior the anchor has none, because it
 * is in the prior. In `decay` mode the anchor fades and the posterior takes
 * what the other two leave; in `phase` mode each phase has fixed weights, and an absent micro-price
 * leaves its weight to the other two in proportion.
 */
export function layerWeights(input: FairPriceInput, config: MarketConfig): LayerWeights {
  const present = input.microprice.cents !== null;
  if (config.pricingMode === "decay") {
    const anchor = config.posteriorMode === "flow" ? 0 : anchorWeight(input, config);
    // An anchor floor may leave less than the micro-price's share; no weight becomes negative.
    const micro = present ? Math.min(config.micropriceWeight, 1 - anchor) : 0;
    return { anchor, micro, posterior: 1 - anchor - micro };
  }
  const [anchor = 0, micro = 0, posterior = 0] = input.phase === "EXPLORATION"
    ? config.phaseWeightsExploration
    : config.phaseWeightsStabilization;
  if (present) return { anchor, micro, posterior: Math.max(0, 1 - anchor - micro) };
  const rest = anchor + posterior;
  const share = rest === 0 ? 0 : anchor / rest;
  return { anchor: share, micro: 0, posterior: 1 - share };
}

type Limited = Pick<
  PriceTerms,
  "allowedCents" | "rawCents" | "fairCents" | "rounded" | "limitedBy"
>;

/** Step limit first, then the band: where both cannot be had, the band wins. */
function limited(
  blendCents: number,
  { previousRawCents: previous, opening }: FairPriceInput,
  config: MarketConfig,
): Limited {
  const { anchorPriceCents, anchorBandCents, maxMidStepCents } = config;
  const limits = new Limits();
  const lowestStep = previous === null ? 0 : previous - maxMidStepCents;
  const highestStep = previous === null ? PAIR_CENTS : previous + maxMidStepCents;
  const lowest = opening ? anchorPriceCents - anchorBandCents : 0;
  const highest = opening ? anchorPriceCents + anchorBandCents : PAIR_CENTS;
  const stepped = limits.within(blendCents, lowestStep, highestStep, "max_mid_step_cents");
  const banded = limits.within(stepped, lowest, highest, "anchor_band_cents");
  const rawCents = finite("rawCents", banded);
  const rounded = config.midRounding === "integer";
  const mid = rounded ? roundHalfEven(rawCents) : rawCents;
  return {
    allowedCents: [clamp(lowestStep, lowest, highest), clamp(highestStep, lowest, highest)],
    rawCents,
    fairCents: limits.within(mid, MIN_PRICE, MAX_PRICE, "range"),
    rounded,
    limitedBy: limits.bound,
  };
}
