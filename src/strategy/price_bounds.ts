import type { MarketConfig } from "../config/registry.ts";
import type { MarketRecord } from "../models/market.ts";
import { MAX_PRICE, MIN_PRICE, price, type PriceCents } from "../models/money.ts";
import { PricingError } from "./pricing_error.ts";

/** The YES prices own quotes may have, both ends included. */
export interface PriceBounds {
  readonly minPrice: PriceCents;
  readonly maxPrice: PriceCents;
}

/**
 * Price bounds of own quotes: 1 to 99, the market's own limits and the operator's, intersected (§7,
 * C-16, C-52).
 * @throws PricingError if fewer than two prices are left, so that no bid fits below an ask
 */
export function priceBounds(
  market: Pick<MarketRecord, "minPrice" | "maxPrice">,
  config: MarketConfig,
): PriceBounds {
  const low = Math.max(MIN_PRICE, market.minPrice, config.minPriceCents);
  const high = Math.min(MAX_PRICE, market.maxPrice, config.maxPriceCents);
  if (!(low < high)) {
    throw new PricingError(
      "priceBounds",
      `must leave two prices: current bounds are ${low}..${high}`,
    );
  }
  return { minPrice: price(low), maxPrice: price(high) };
}
