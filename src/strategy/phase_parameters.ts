import type { MarketConfig } from "../config/registry.ts";
import type { LadderShape } from "../models/explanation.ts";
import { oncePer } from "../models/memo.ts";
import type { Phase } from "../models/vocabulary.ts";

/** The settings that a phase has in force, after its overrides fell back on the general ones. */
export interface PhaseParameters {
  /** Floor of the full spread, cents. */
  readonly minSpreadCents: number;
  /** Order size as a multiple of `baseOrderQuantity`. */
  readonly quantityRatio: number;
  /** Size factor from one ladder level to the next. */
  readonly quantityDecay: number;
  readonly shape: LadderShape;
  /** Ladder levels per side. */
  readonly levels: number;
  /**
   * Price step of a LINEAR ladder, whatever the shape in force is; the unwinding ladder uses it.
   */
  readonly linearStepCents: number;
}

/** Resolves what a phase inherits (§8): its own value, else that of the `gradient` group. */
export function phaseParameters(phase: Phase, config: MarketConfig): PhaseParameters {
  return phase === "EXPLORATION" ? explorationParameters(config) : stabilizationParameters(config);
}

const explorationParameters = oncePer((config: MarketConfig) =>
  resolve(config, {
    minSpreadCents: config.explorationMinSpreadCents,
    quantityRatio: config.explorationQtyRatio,
    quantityDecay: config.explorationQtyDecay,
    type: config.explorationGradientType,
    levels: config.explorationLevels,
    stepCents: config.explorationLinearStepCents,
    ratio: null,
  })
);

const stabilizationParameters = oncePer((config: MarketConfig) =>
  resolve(config, {
    minSpreadCents: config.stabilizationMinSpreadCents,
    quantityRatio: config.stabilizationQtyRatio,
    quantityDecay: config.stabilizationQtyDecay,
    type: config.stabilizationGradientType,
    levels: config.stabilizationLevels,
    stepCents: null,
    ratio: config.stabilizationGeometricRatio,
  })
);

/** The settings of one phase as configured; null where the general setting applies. */
interface Overrides {
  readonly minSpreadCents: number;
  readonly quantityRatio: number;
  readonly quantityDecay: number | null;
  readonly type: LadderShape["type"];
  readonly levels: number | null;
  readonly stepCents: number | null;
  readonly ratio: number | null;
}

function resolve(config: MarketConfig, phase: Overrides): PhaseParameters {
  const linearStepCents = phase.stepCents ?? config.gradientLinearStepCents;
  const linear = phase.type === "LINEAR";
  return {
    minSpreadCents: phase.minSpreadCents,
    quantityRatio: phase.quantityRatio,
    quantityDecay: phase.quantityDecay ?? config.gradientQtyDecay,
    shape: linear
      ? { type: "LINEAR", stepCents: linearStepCents }
      : { type: "GEOMETRIC", ratio: phase.ratio ?? config.gradientGeometricRatio },
    levels: phase.levels ?? (linear ? config.gradientLinearLevels : config.gradientGeometricLevels),
    linearStepCents,
  };
}
