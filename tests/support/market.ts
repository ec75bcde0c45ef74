import { DAY_MS, HOUR_MS, type MarketRecord } from "../../src/models/market.ts";
import { cents, MAX_PRICE, MIN_PRICE, shares } from "../../src/models/money.ts";

/** An active market with the venue's default limits and fees, one day old, thirty days to go. */
export function marketRecord(overrides: Partial<MarketRecord> = {}): MarketRecord {
  return {
    marketId: "MKT-1",
    title: "Will it happen?",
    status: "ACTIVE",
    minPrice: MIN_PRICE,
    maxPrice: MAX_PRICE,
    makerFeeBps: 10,
    takerFeeBps: 20,
    maxOrderQuantity: shares(10_000),
    maxPositionPerUser: shares(25_000),
    maxOrderAmountCents: cents(1_000_000),
    tradingStartAtMs: -DAY_MS,
    tradingEndAtMs: 720 * HOUR_MS,
    resolutionDateMs: null,
    result: null,
    ...overrides,
  };
}
