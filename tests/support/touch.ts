import type { MarketConfig } from "../../src/config/registry.ts";
import { MAX_PRICE, MIN_PRICE } from "../../src/models/money.ts";
import type { TouchInput } from "../../src/strategy/as_engine.ts";

/**
 * Input of the A-S engine as in the golden vectors (§7): gamma 0.3, scale 1, no fees, no
 * multipliers.
 */
export function touchInput(overrides: Partial<TouchInput> = {}): TouchInput {
  return {
    fairCents: 50,
    skew: 0,
    tauHours: 24,
    phase: "STABILIZATION",
    gamma: { tier: "MID", gamma: 0.3 },
    sigmaScaleCents: 1,
    uncertaintyCents: 0,
    feeFloorCents: 0,
    multipliers: [],
    market: { minPrice: MIN_PRICE, maxPrice: MAX_PRICE },
    ...overrides,
  };
}

/** Settings of the `seed_literal` preset, without the floors that the seed does not have (§6.5). */
export const SEED_LITERAL: Partial<MarketConfig> = {
  tauHorizonHours: null,
  spreadRiskWeight: 1,
  spreadMinCents: 0,
  stabilizationMinSpreadCents: 0,
};

/** `sigma_scale_cents` of the `seed_literal` preset. */
export const SEED_SCALE = 0.01;
