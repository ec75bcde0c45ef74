import type { ProcessConfig } from "../src/config/process_config.ts";
import { codeDefaults } from "../src/config/registry.ts";
import { globalSchema, marketSchema } from "../src/config/schema.ts";
import type { Scenario, ScenarioMarket } from "./scenario/schema.ts";

/** Settings of the bot by snake_case name. */
export type Settings = Readonly<Record<string, unknown>>;

/** Settings that overrule those of a scenario. */
export interface BotSettings {
  readonly market?: Settings;
  readonly global?: Settings;
}

/**
 * The configuration of the bot in a scenario: the shipped defaults, then what the scenario changes
 * for all markets, then what it changes for one, then what overrules the scenario.
 * @throws ZodError for a setting of `settings` that does not exist or is out of range
 */
export function botConfig(scenario: Scenario, settings: BotSettings = {}): ProcessConfig {
  const global = globalSchema.parse({
    ...codeDefaults.global,
    ...settings.global,
    market_ids: scenario.markets.map(({ id }) => id),
    amm_password: null,
    state_store: "memory",
  });
  const markets = scenario.markets.map((market) =>
    [market.id, marketConfig(scenario, market, settings)] as const
  );
  return { mode: "paper", global, markets: new Map(markets) };
}

/** A market with an oracle has its guard on, unless the scenario says otherwise. */
const ORACLE = { oracle_guard_enabled: true, oracle_url: "file:simulated" };

function marketConfig(scenario: Scenario, market: ScenarioMarket, settings: BotSettings) {
  return marketSchema.parse({
    ...codeDefaults.market,
    ...(market.oracle === undefined ? {} : ORACLE),
    ...scenario.quoting,
    ...market.quoting,
    ...settings.market,
    market_id: market.id,
    oracle_slug: market.oracle === undefined ? null : market.id,
    anchor_price_cents: market.anchor,
    initial_funding_cents: market.funding,
    market_maker_fee_bps: market.makerFeeBps,
    market_taker_fee_bps: market.takerFeeBps,
  });
}
