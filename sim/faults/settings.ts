import { loadConfig, type LoadedConfig } from "../../src/config/load_config.ts";
import { BOT_ACCESS } from "../http/http_connector.ts";
import { PACKAGED_SOURCES } from "../../src/config/packaged.ts";
import type { FaultSchedule } from "./schedule.ts";

/** Opening cash of a market, cents. */
export const FUNDING_CENTS = 400_000;

/** Short lives and intervals, within the rules, so that a run need not last long. */
const PROCESS_SETTINGS = {
  base_url: BOT_ACCESS.baseUrl,
  state_store: "redis",
  http_timeout_ms: 2_000,
  http_max_backoff_ms: 4_000,
  lease_ttl_ms: 12_000,
  lease_renew_ms: 1_000,
  lease_cancel_margin_ms: 6_000,
  shutdown_timeout_ms: 10_000,
  reconciliation_interval_ms: 60_000,
  balance_poll_interval_ms: 5_000,
  config_reload_interval_ms: 5_000,
  max_daily_loss_cents: 100_000,
};

const MARKET_SETTINGS = {
  anchor_price_cents: 50,
  initial_funding_cents: FUNDING_CENTS,
  initial_mint_quantity: 2_000,
  base_order_quantity: 40,
  max_per_market_loss_cents: 20_000,
};

/** The names of the markets of a run. */
export function marketNames(markets: number): readonly string[] {
  return Array.from({ length: markets }, (_, index) => `MKT-${index + 1}`);
}

const known = new Map<string, LoadedConfig>();

/** What the configuration of a run depends on. */
export type Staging = Pick<FaultSchedule, "markets" | "processes" | "funding">;

/**
 * The configuration of every process of a run; it is never changed in place, so runs share it.
 * @throws Error if it is not valid, which is a defect
 */
export function faultConfig(staging: Staging): LoadedConfig {
  const { markets, processes, funding } = staging;
  const key = `${markets} ${processes} ${funding}`;
  const config = known.get(key) ?? load(staging);
  known.set(key, config);
  return config;
}

function load({ markets, processes, funding }: Staging): LoadedConfig {
  const marketIds = marketNames(markets);
  const settings = { ...MARKET_SETTINGS, quote_funding: funding };
  const file = {
    mode: "live",
    global: {
      ...PROCESS_SETTINGS,
      market_ids: marketIds,
      market_assignment: processes === 1 ? "all" : "leased",
    },
    markets: Object.fromEntries(marketIds.map((id) => [id, settings])),
  };
  const loaded = loadConfig({
    sources: { ...PACKAGED_SOURCES, file: { name: "faults.yaml", text: JSON.stringify(file) } },
    environment: { AMM_PASSWORD: "not asked for" },
  });
  if (loaded.ok) return loaded;
  throw new Error(`Cannot load the configuration: ${JSON.stringify(loaded.findings)}`);
}
