import { sum } from "./ladder.ts";
import type { MarketRule } from "./rule.ts";

const WEIGHT_TOLERANCE = 1e-9;

function sumsToOne(weights: readonly number[]): boolean {
  return Math.abs(sum(weights) - 1) <= WEIGHT_TOLERANCE;
}

/** Rules about the fair price, its volatility and the phases. */
export const pricingRules: readonly MarketRule[] = [
  {
    id: "X01",
    severity: "error",
    statement: "anchor_initial_weight + microprice_weight <= 1",
    because: "the posterior takes the rest",
    members: ["anchor_initial_weight", "microprice_weight"],
    holds: (m) => m.anchorInitialWeight + m.micropriceWeight <= 1 + WEIGHT_TOLERANCE,
  },
  {
    id: "X10",
    severity: "error",
    statement: "posterior_prior_strength <= posterior_max_strength",
    members: ["posterior_prior_strength", "posterior_max_strength"],
    holds: (m) => m.posteriorPriorStrength <= m.posteriorMaxStrength,
  },
  {
    id: "X18",
    severity: "error",
    statement: "sigma_min_cents < sigma_max_cents, and volatility_default_cents between them",
    members: ["sigma_min_cents", "sigma_max_cents", "volatility_default_cents"],
    holds: (m) =>
      m.sigmaMinCents < m.sigmaMaxCents && m.sigmaMinCents <= m.volatilityDefaultCents &&
      m.volatilityDefaultCents <= m.sigmaMaxCents,
  },
  {
    id: "X19",
    severity: "error",
    statement: "volatility_min_samples <= volatility_window_size",
    because: "there would never be enough samples",
    members: ["volatility_min_samples", "volatility_window_size"],
    holds: (m) => m.volatilityMinSamples <= m.volatilityWindowSize,
  },
  {
    id: "X20",
    severity: "warning",
    statement: "exploration_price_stability_cents < rollback_range_cents <= price_jump_cents",
    because: "a market should be stable first, then roll back, then pause",
    members: ["exploration_price_stability_cents", "rollback_range_cents", "price_jump_cents"],
    holds: (m) =>
      m.explorationPriceStabilityCents < m.rollbackRangeCents &&
      m.rollbackRangeCents <= m.priceJumpCents,
  },
  {
    id: "X21",
    severity: "error",
    statement: "exploration_price_stability_window_ms <= exploration_max_duration_ms",
    because: "the window would outlast the phase",
    members: ["exploration_price_stability_window_ms", "exploration_max_duration_ms"],
    holds: (m) => m.explorationPriceStabilityWindowMs <= m.explorationMaxDurationMs,
  },
  {
    id: "X27",
    severity: "error",
    statement: "phase_weights_exploration sum to 1",
    members: ["phase_weights_exploration"],
    holds: (m) => sumsToOne(m.phaseWeightsExploration),
  },
  {
    id: "X27",
    severity: "error",
    statement: "phase_weights_stabilization sum to 1",
    members: ["phase_weights_stabilization"],
    holds: (m) => sumsToOne(m.phaseWeightsStabilization),
  },
  {
    id: "X30",
    severity: "error",
    statement: "learning_rate_min <= base_learning_rate <= learning_rate_max",
    members: ["learning_rate_min", "base_learning_rate", "learning_rate_max"],
    holds: (m) =>
      m.learningRateMin <= m.baseLearningRate && m.baseLearningRate <= m.learningRateMax,
  },
  {
    id: "X45",
    severity: "error",
    statement: "realised_scale_min <= realised_scale_max, when it is set",
    members: ["realised_scale_min", "realised_scale_max"],
    holds: (m) => m.realisedScaleMax === null || m.realisedScaleMin <= m.realisedScaleMax,
  },
];
