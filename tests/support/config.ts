import { camelCase } from "../../src/config/parameter.ts";
import { codeDefaults, type MarketConfig } from "../../src/config/registry.ts";

/**
 * The shipped defaults of one market as the loader would give them, with the settings that have no
 * default filled in: market MKT-1, anchor 50, 1,000 dollars.
 * @param overrides settings that the test is about
 */
export function marketConfig(overrides: Partial<MarketConfig> = {}): MarketConfig {
  const defaults = Object.fromEntries(
    Object.entries(codeDefaults.market).map(([name, value]) => [camelCase(name), value]),
  );
  const required = { marketId: "MKT-1", anchorPriceCents: 50, initialFundingCents: 100_000 };
  return { ...defaults, ...required, ...overrides } as MarketConfig;
}
