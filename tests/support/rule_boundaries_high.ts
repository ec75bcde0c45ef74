import type { Boundary } from "./rule_boundary.ts";

/** X25 to X53, by rule; one boundary for each clause. */
export const HIGH_BOUNDARIES: Readonly<Record<string, readonly Boundary[]>> = {
  X25: [{
    keeps: { gammaTierEarly: 0.3, gammaTierMid: 0.3 },
    breaks: { gammaTierEarly: 0.31, gammaTierMid: 0.3 },
  }],
  X26: [
    {
      keeps: { gammaTierEarlyMaxDays: 13, gammaTierMidMaxDays: 14 },
      breaks: { gammaTierEarlyMaxDays: 14, gammaTierMidMaxDays: 14 },
    },
    {
      keeps: { gammaTierMidMaxDays: 29, gammaTierLateMaxDays: 30 },
      breaks: { gammaTierMidMaxDays: 30, gammaTierLateMaxDays: 30 },
    },
  ],
  X27: [
    {
      keeps: { phaseWeightsExploration: [0.1, 0.2, 0.7] },
      breaks: { phaseWeightsExploration: [0.1, 0.2, 0.700001] },
    },
    {
      keeps: { phaseWeightsStabilization: [1, 0, 0] },
      breaks: { phaseWeightsStabilization: [0.9, 0, 0] },
    },
  ],
  X28: [
    {
      keeps: { maturityTierHours: [24, 1, 0.5] },
      breaks: { maturityTierHours: [24, 1, 1] },
    },
    {
      keeps: { maturityQtyRatios: [0.5, 0.5, 0.5] },
      breaks: { maturityQtyRatios: [0.5, 0.5, 0.51] },
    },
    {
      keeps: { maturitySpreadMultipliers: [2, 2, 2] },
      breaks: { maturitySpreadMultipliers: [2, 2, 1.9] },
    },
    {
      keeps: {
        maturityTierHours: [24],
        maturityQtyRatios: [0.5],
        maturitySpreadMultipliers: [2],
      },
      breaks: {
        maturityTierHours: [24],
        maturityQtyRatios: [0.5],
        maturitySpreadMultipliers: [2, 2],
      },
    },
    {
      keeps: { maturityQtyRatios: [0.5, 0.2, 0.05] },
      breaks: { maturityQtyRatios: [0.5, 0.2] },
    },
  ],
  X29: [
    {
      keeps: { explorationMinSpreadCents: 2, stabilizationMinSpreadCents: 2 },
      breaks: { explorationMinSpreadCents: 2, stabilizationMinSpreadCents: 3 },
    },
    {
      keeps: { explorationQtyRatio: 0.5, stabilizationQtyRatio: 0.5 },
      breaks: { explorationQtyRatio: 0.5, stabilizationQtyRatio: 0.49 },
    },
  ],
  X30: [
    {
      keeps: { learningRateMin: 0.15, baseLearningRate: 0.15 },
      breaks: { learningRateMin: 0.16, baseLearningRate: 0.15 },
    },
    {
      keeps: { learningRateMax: 0.15, baseLearningRate: 0.15 },
      breaks: { learningRateMax: 0.14, baseLearningRate: 0.15 },
    },
  ],
  X31: [{
    keeps: { initialMintQuantity: 1000, maxInventoryPerSide: 1000 },
    breaks: { initialMintQuantity: 1000, maxInventoryPerSide: 999 },
  }],
  X32: [
    // 100 + 70 + 49 + 34 + 24
    { keeps: { initialMintQuantity: 277 }, breaks: { initialMintQuantity: 276 } },
    // A growing ladder counts with what it grows to: 25 x (1 + 1.5 + 2) = 112 after rounding down.
    {
      keeps: {
        gradientLinearQtyIncrease: 0.5,
        stabilizationQtyRatio: 0.25,
        initialMintQuantity: 112,
      },
      breaks: {
        gradientLinearQtyIncrease: 0.5,
        stabilizationQtyRatio: 0.25,
        initialMintQuantity: 111,
      },
    },
    {
      keeps: { baseOrderQuantity: 10_000, initialMintQuantity: 1_000_000 },
      breaks: {
        baseOrderQuantity: 10_000,
        stabilizationQtyRatio: 1.001,
        initialMintQuantity: 1_000_000,
      },
    },
  ],
  X33: [
    { keeps: { marketIds: ["A", "B"] }, breaks: { marketIds: ["A", "B", "A"] } },
    {
      keeps: { marketIds: ["A", "B"], maxConcurrentMarkets: 2 },
      breaks: { marketIds: ["A", "B", "C"], maxConcurrentMarkets: 2 },
    },
    {
      keeps: { marketIds: ["A", "B"], maxConcurrentMarkets: 1, marketAssignment: "leased" },
      breaks: { marketIds: ["A", "B"], maxConcurrentMarkets: 1, marketAssignment: "all" },
    },
  ],
  X34: [
    {
      keeps: { tradePollIntervalMs: 4000, quoteIntervalMs: 2000 },
      breaks: { tradePollIntervalMs: 4001, quoteIntervalMs: 2000 },
    },
    {
      keeps: { balancePollIntervalMs: 60_000, reconciliationIntervalMs: 60_000 },
      breaks: { balancePollIntervalMs: 60_001, reconciliationIntervalMs: 60_000 },
    },
  ],
  X36: [
    // One market: 60 for book and orders, 6 for the status, 30 for trades, 2 for the balance.
    { keeps: { queryRateLimit: 98 }, breaks: { queryRateLimit: 97 } },
    { markets: 50, keeps: { queryRateLimit: 3332 }, breaks: { queryRateLimit: 3331 } },
  ],
  X38: [
    {
      keeps: { skewFloorShares: 1, quoteFunding: "cash" },
      breaks: { skewFloorShares: 0, quoteFunding: "cash" },
    },
    {
      keeps: { skewFloorShares: 0, quoteFunding: "inventory" },
      breaks: { skewFloorShares: 0, quoteFunding: "inventory_then_cash" },
    },
    {
      keeps: { skewFloorShares: null, quoteFunding: "cash" },
      breaks: { skewFloorShares: 0, quoteFunding: "cash" },
    },
  ],
  X39: [
    {
      keeps: { guardTheta: 0.8, inventorySkewKill: 0.8 },
      breaks: { guardTheta: 0.81, inventorySkewKill: 0.8 },
    },
    {
      keeps: { guardTheta: 0.61, inventorySkewOneSide: 0.6 },
      breaks: { guardTheta: 0.6, inventorySkewOneSide: 0.6 },
    },
  ],
  X40: [
    {
      keeps: { defenseHysteresis: 0.19, inventorySkewWiden: 0.2 },
      breaks: { defenseHysteresis: 0.2, inventorySkewWiden: 0.2 },
    },
    {
      keeps: { oneSideDeadBand: 0.19, inventorySkewWiden: 0.2 },
      breaks: { oneSideDeadBand: 0.2, inventorySkewWiden: 0.2 },
    },
  ],
  X41: [
    { markets: 10, keeps: {}, breaks: { maxDailyLossCents: 9999 } },
    {
      markets: 11,
      keeps: { maxDailyLossCents: 11_000 },
      breaks: { maxDailyLossCents: 10_000 },
    },
  ],
  X42: [
    {
      keeps: { leaseRenewMs: 5000, leaseTtlMs: 30_000, leaseCancelMarginMs: 15_000 },
      breaks: { leaseRenewMs: 5001, leaseTtlMs: 30_000, leaseCancelMarginMs: 15_000 },
    },
    {
      keeps: { leaseCancelMarginMs: 12_000, httpTimeoutMs: 10_000 },
      breaks: { leaseCancelMarginMs: 11_999, httpTimeoutMs: 10_000 },
    },
  ],
  X43: [{
    keeps: { marketAssignment: "leased", stateStore: "redis" },
    breaks: { marketAssignment: "leased", stateStore: "memory" },
  }],
  X44: [
    {
      keeps: { lvrVelocityOneSideRatio: 0.4, lvrVelocityKillRatio: 0.41 },
      breaks: { lvrVelocityOneSideRatio: 0.4, lvrVelocityKillRatio: 0.4 },
    },
    {
      keeps: { skewJumpWiden: 0.15, skewJumpOneSide: 0.16 },
      breaks: { skewJumpWiden: 0.15, skewJumpOneSide: 0.15 },
    },
  ],
  X45: [
    {
      keeps: { realisedScaleMin: 0.5, realisedScaleMax: 0.5 },
      breaks: { realisedScaleMin: 0.5, realisedScaleMax: 0.49 },
    },
  ],
  X46: [{
    keeps: { maxNetShares: 5000, maxInventoryPerSide: 5000 },
    breaks: { maxNetShares: 5001, maxInventoryPerSide: 5000 },
  }],
  X47: [
    {
      keeps: { explorationCancelIntervalMs: 30_000, maxOrderAgeMs: 30_000 },
      breaks: { explorationCancelIntervalMs: 30_001, maxOrderAgeMs: 30_000 },
    },
    {
      keeps: { maxOrderAgeMs: 30_000, quoteIntervalMs: 3000 },
      breaks: { maxOrderAgeMs: 30_000, quoteIntervalMs: 3001 },
    },
  ],
  X48: [{
    keeps: { stopBeforeEndMs: 899_999, maturityTierHours: [24, 1, 0.25] },
    breaks: { stopBeforeEndMs: 900_000, maturityTierHours: [24, 1, 0.25] },
  }],
  X49: [
    // 5010 + 3507 + 2455 + 1704 + 1203 cents at 20 bps, of half the funding.
    {
      keeps: { quoteFunding: "cash", initialFundingCents: 27_758 },
      breaks: { quoteFunding: "cash", initialFundingCents: 27_757 },
    },
    {
      keeps: { quoteFunding: "cash", maxInventoryFraction: 0.5 },
      breaks: { quoteFunding: "cash", maxInventoryFraction: 0.51 },
    },
    {
      keeps: { quoteFunding: "inventory", initialFundingCents: 10_000, maxInventoryFraction: 1 },
      breaks: { quoteFunding: "cash", initialFundingCents: 10_000, maxInventoryFraction: 1 },
    },
  ],
  X51: [
    {
      keeps: { environment: "prod", stateStore: "redis" },
      breaks: { environment: "prod", stateStore: "memory" },
    },
    {
      keeps: { environment: "staging", stateStore: "memory" },
      breaks: { environment: "prod", stateStore: "memory" },
    },
  ],
  X52: [
    {
      keeps: { oracleGuardEnabled: true, oracleSlug: "rain", oracleUrl: "file:rain.json" },
      breaks: { oracleGuardEnabled: true, oracleSlug: "rain", oracleUrl: null },
    },
    {
      keeps: { oracleGuardEnabled: false, oracleSlug: "rain" },
      breaks: { oracleGuardEnabled: true, oracleSlug: "rain" },
    },
    {
      keeps: { oracleGuardEnabled: true, oracleSlug: null },
      breaks: { oracleGuardEnabled: true, oracleSlug: "rain" },
    },
  ],
  X53: [{
    keeps: { oraclePollIntervalMs: 5_000, oracleTimeoutMs: 10_000, oracleMaxLagMs: 15_001 },
    breaks: { oraclePollIntervalMs: 5_000, oracleTimeoutMs: 10_000, oracleMaxLagMs: 15_000 },
  }],
};
