import type { ProcessConfig } from "../src/config/process_config.ts";
import { codeDefaults } from "../src/config/registry.ts";
import { globalSchema, marketSchema } from "../src/config/schema.ts";
import type { Scenario, ScenarioMarket } from "./scenario/schema.ts";

/**
 * The configuration of the bot in a scenario: the shipped defaults, then what the scenario changes
 * for all markets, then what it changes for one.
 */
export function botConfig(scenario: Scenario): ProcessConfig {
  const global = globalSchema.parse({
    ...codeDefaults.global,
    market_ids: scenario.markets.map(({ id }) => id),
    amm_password: null,
    state_store: "memory",
  });
  const markets = scenario.markets.map((market) =>
    [market.id, marketConfig(scenario, market)] as const
  );
  return { mode: "paper", global, markets: new Map(markets) };
}

/** A market with an oracle has its guard on, unless the scenario says otherwise. */
const ORACLE = { oracle_guard_enabled: true, oracle_url: "file:simulated" };

function marketConfig(scenario: Scenario, market: ScenarioMarket) {
  return marketSchema.parse({
    ...codeDefaults.market,
    ...(market.oracle === undefined ? {} : ORACLE),
    ...scenario.quoting,
    ...market.quoting,
    market_id: market.id,
    oracle_slug: market.oracle === undefined ? null : market.id,
    anchor_price_cents: market.anchor,
    initial_funding_cents: market.funding,
    market_maker_fee_bps: market.makerFeeBps,
    market_taker_fee_bps: market.takerFeeBps,
  });
}
