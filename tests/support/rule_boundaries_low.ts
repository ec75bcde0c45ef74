import type { Boundary } from "./rule_boundary.ts";

/** X01 to X24, by rule; one boundary for each clause. */
export const LOW_BOUNDARIES: Readonly<Record<string, readonly Boundary[]>> = {
  X01: [{
    keeps: { anchorInitialWeight: 0.7, micropriceWeight: 0.3 },
    breaks: { anchorInitialWeight: 0.7, micropriceWeight: 0.301 },
  }],
  X02: [{
    keeps: { minPriceCents: 1, maxPriceCents: 2 },
    breaks: { minPriceCents: 2, maxPriceCents: 2 },
  }],
  X03: [
    {
      keeps: { minPriceCents: 30, maxPriceCents: 70, explorationMinSpreadCents: 40 },
      breaks: { minPriceCents: 30, maxPriceCents: 70, explorationMinSpreadCents: 41 },
    },
    {
      keeps: { minPriceCents: 30, maxPriceCents: 70, stabilizationMinSpreadCents: 40 },
      breaks: { minPriceCents: 30, maxPriceCents: 70, stabilizationMinSpreadCents: 41 },
    },
  ],
  X04: [
    {
      keeps: { spreadMinCents: 20, spreadMaxCents: 20, hardSpreadMaxCents: 20 },
      breaks: { spreadMinCents: 20, spreadMaxCents: 19, hardSpreadMaxCents: 20 },
    },
    {
      keeps: { spreadMinCents: 2, spreadMaxCents: 20, hardSpreadMaxCents: 20 },
      breaks: { spreadMinCents: 2, spreadMaxCents: 21, hardSpreadMaxCents: 20 },
    },
  ],
  X05: [
    {
      keeps: { spreadMinCents: 5, explorationMinSpreadCents: 5, stabilizationMinSpreadCents: 5 },
      breaks: { spreadMinCents: 6, explorationMinSpreadCents: 5, stabilizationMinSpreadCents: 6 },
    },
    {
      keeps: { explorationMinSpreadCents: 20, spreadMaxCents: 20 },
      breaks: { explorationMinSpreadCents: 21, spreadMaxCents: 20 },
    },
    {
      keeps: { spreadMinCents: 2, stabilizationMinSpreadCents: 2 },
      breaks: { spreadMinCents: 3, stabilizationMinSpreadCents: 2 },
    },
    {
      keeps: { stabilizationMinSpreadCents: 20, spreadMaxCents: 20 },
      breaks: { stabilizationMinSpreadCents: 21, spreadMaxCents: 20 },
    },
  ],
  X06: [{
    // 99 cents x 10 shares at 1000 bps: a fee of 99, so 19.8 cents per share and round trip.
    keeps: { marketMakerFeeBps: 1000, minEdgeCents: 0.2 },
    breaks: { marketMakerFeeBps: 1000, minEdgeCents: 0.21 },
  }],
  X07: [
    {
      keeps: { inventorySkewWiden: 0.59, inventorySkewOneSide: 0.6 },
      breaks: { inventorySkewWiden: 0.6, inventorySkewOneSide: 0.6 },
    },
    {
      keeps: { inventorySkewOneSide: 0.79, inventorySkewKill: 0.8 },
      breaks: { inventorySkewOneSide: 0.8, inventorySkewKill: 0.8 },
    },
  ],
  X08: [{
    keeps: { widenFactor: 2.9, oneSideSpreadFactor: 3 },
    breaks: { widenFactor: 3, oneSideSpreadFactor: 3 },
  }],
  X09: [{
    keeps: { extremePricePauseCents: 9, extremePriceWidenCents: 10 },
    breaks: { extremePricePauseCents: 10, extremePriceWidenCents: 10 },
  }],
  X10: [{
    keeps: { posteriorPriorStrength: 30, posteriorMaxStrength: 30 },
    breaks: { posteriorPriorStrength: 30.5, posteriorMaxStrength: 30 },
  }],
  X11: [
    {
      keeps: { rollbackLossCents: 5000, maxPerMarketLossCents: 5000 },
      breaks: { rollbackLossCents: 5001, maxPerMarketLossCents: 5000 },
    },
    {
      keeps: { rollbackLossCents: null, maxPerMarketLossCents: 1000 },
      breaks: { rollbackLossCents: 2500, maxPerMarketLossCents: 1000 },
    },
  ],
  X12: [{
    keeps: { maxPerMarketLossCents: 5000, maxDailyLossCents: 5000 },
    breaks: { maxPerMarketLossCents: 5000, maxDailyLossCents: 4999 },
  }],
  X13: [{
    keeps: { maxPerMarketLossCents: 5000, initialFundingCents: 10_000 },
    breaks: { maxPerMarketLossCents: 5001, initialFundingCents: 10_000 },
  }],
  X14: [{
    keeps: { autoReinvestThresholdCents: 80_000, initialFundingCents: 100_000 },
    breaks: { autoReinvestThresholdCents: 80_001, initialFundingCents: 100_000 },
  }],
  X15: [
    {
      keeps: { initialMintQuantity: 1000, initialFundingCents: 100_000 },
      breaks: { initialMintQuantity: 1001, initialFundingCents: 100_000 },
    },
    {
      keeps: { initialMintQuantity: 1001, quoteFunding: "cash" },
      breaks: { initialMintQuantity: 1001, quoteFunding: "inventory_then_cash" },
    },
  ],
  X16: [
    { keeps: { autoMergeReserveRatio: 1 }, breaks: { autoMergeReserveRatio: 0.99 } },
    {
      keeps: { autoMergeReserveRatio: 0.5, autoMergeEnabled: false },
      breaks: { autoMergeReserveRatio: 0.5, autoMergeEnabled: true },
    },
    {
      keeps: { autoMergeReserveRatio: 0.5, autoReinvestEnabled: false },
      breaks: { autoMergeReserveRatio: 0.5, autoReinvestEnabled: true },
    },
    {
      keeps: { autoMergeReserveRatio: 0.5, quoteFunding: "cash" },
      breaks: { autoMergeReserveRatio: 0.5, quoteFunding: "inventory_then_cash" },
    },
  ],
  X17: [{
    keeps: { autoMintMaxImbalance: 0.3, inventorySkewWiden: 0.3 },
    breaks: { autoMintMaxImbalance: 0.31, inventorySkewWiden: 0.3 },
  }],
  X18: [
    {
      keeps: { sigmaMinCents: 4, sigmaMaxCents: 5, volatilityDefaultCents: 4 },
      breaks: { sigmaMinCents: 5, sigmaMaxCents: 5, volatilityDefaultCents: 5 },
    },
    {
      keeps: { sigmaMinCents: 2, volatilityDefaultCents: 2 },
      breaks: { sigmaMinCents: 3, volatilityDefaultCents: 2 },
    },
    {
      keeps: { sigmaMaxCents: 9, volatilityDefaultCents: 9 },
      breaks: { sigmaMaxCents: 9, volatilityDefaultCents: 10 },
    },
  ],
  X19: [{
    keeps: { volatilityMinSamples: 5, volatilityWindowSize: 5 },
    breaks: { volatilityMinSamples: 6, volatilityWindowSize: 5 },
  }],
  X20: [
    {
      keeps: { explorationPriceStabilityCents: 9, rollbackRangeCents: 10 },
      breaks: { explorationPriceStabilityCents: 10, rollbackRangeCents: 10 },
    },
    {
      keeps: { rollbackRangeCents: 15, priceJumpCents: 15 },
      breaks: { rollbackRangeCents: 16, priceJumpCents: 15 },
    },
  ],
  X21: [{
    keeps: { explorationPriceStabilityWindowMs: 900_000, explorationMaxDurationMs: 900_000 },
    breaks: { explorationPriceStabilityWindowMs: 900_001, explorationMaxDurationMs: 900_000 },
  }],
  X22: [{
    keeps: { oracleMinDeviationCents: 5, oracleDeviationWarningCents: 5 },
    breaks: { oracleMinDeviationCents: 6, oracleDeviationWarningCents: 5 },
  }],
  X23: [
    {
      keeps: { oracleSlug: "rain", oraclePollIntervalMs: 14_999 },
      breaks: { oracleSlug: "rain", oraclePollIntervalMs: 15_000 },
    },
    {
      keeps: { oracleSlug: null, oraclePollIntervalMs: 30_000 },
      breaks: { oracleSlug: "rain", oraclePollIntervalMs: 30_000 },
    },
  ],
  X24: [
    // Five levels on two sides every 1.5 seconds are 400 a minute.
    { keeps: { quoteIntervalMs: 1500 }, breaks: { quoteIntervalMs: 1499 } },
    // Exploration inherits the levels of a linear ladder: 6 make 360, 7 make 420.
    { keeps: { gradientLinearLevels: 6 }, breaks: { gradientLinearLevels: 7 } },
    { keeps: { explorationLevels: 6 }, breaks: { explorationLevels: 7 } },
    { keeps: { replaceOpsPerMinute: 300 }, breaks: { replaceOpsPerMinute: 299 } },
  ],
};
