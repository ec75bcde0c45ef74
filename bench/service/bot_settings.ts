/** The configuration of the bots that are measured, and the seed of the exchange they meet. */

import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { loadConfig, type LoadedConfig } from "../../src/config/load_config.ts";
import { PACKAGED_SOURCES } from "../../src/config/packaged.ts";
import { DAY_MS } from "../../src/models/market.ts";

/** Opening cash of each market, cents. */
const FUNDING_CENTS = 200_000;
/** Password of every account. */
export const PASSWORD = "Passw0rd1";

/** How a measured bot is set up. */
export interface BotSetup {
  readonly markets: number;
  /** Where the exchange listens; null for one inside the process. */
  readonly baseUrl: string | null;
  /** Arrivals of traders an hour and market; they exist inside the process only. */
  readonly arrivalsPerHour: number;
  /** Redis to keep the state in; null for memory. */
  readonly redisUrl?: string | null;
  readonly global?: Readonly<Record<string, unknown>>;
}

/** The names of the markets. */
export function marketIds(markets: number): readonly string[] {
  return Array.from({ length: markets }, (_, index) => `BENCH-${index}`);
}

/** The configuration as a file would have it. */
export function botFile(setup: BotSetup) {
  const { markets, baseUrl, arrivalsPerHour, redisUrl = null, global = {} } = setup;
  const ids = marketIds(markets);
  const traders = arrivalsPerHour === 0
    ? []
    : [{ kind: "noise", rate_per_hour: arrivalsPerHour, size: 10 }];
  return {
    mode: baseUrl === null ? "paper" : "live",
    global: {
      ...(baseUrl === null ? {} : { base_url: baseUrl }),
      ...(redisUrl === null ? {} : { redis_url: redisUrl }),
      state_store: redisUrl === null ? "memory" : "redis",
      market_ids: ids,
      max_daily_loss_cents: 10_000_000,
      max_concurrent_markets: Math.max(1, markets),
      order_ops_per_minute: 600_000,
      query_rate_limit: 1_000_000,
      log_level: "WARN",
      ...global,
    },
    markets: {
      default: {
        quote_interval_ms: 2_000,
        initial_funding_cents: FUNDING_CENTS,
        initial_mint_quantity: 1_000,
      },
      ...Object.fromEntries(ids.map((id) => [id, { anchor_price_cents: 50 }])),
    },
    ...(baseUrl === null
      ? { paper: { markets: Object.fromEntries(ids.map((id) => [id, { traders }])) } }
      : {}),
  };
}

/**
 * The same, loaded.
 * @throws Error if it is not valid, which is a defect
 */
export function botConfig(setup: BotSetup): LoadedConfig {
  const loaded = loadConfig({
    sources: {
      ...PACKAGED_SOURCES,
      file: { name: "bench.yaml", text: JSON.stringify(botFile(setup)) },
    },
    environment: { AMM_PASSWORD: PASSWORD },
  });
  if (loaded.ok) return loaded;
  throw new Error(`Cannot load the configuration: ${JSON.stringify(loaded.findings)}`);
}

/** What `exchange --seed-file` is to begin with. */
export function exchangeSeed(markets: number, nowMs: number) {
  const end = `${new Date(nowMs + 90 * DAY_MS).toISOString().slice(0, 19)}Z`;
  return {
    users: [{
      username: "amm_market_maker",
      password: PASSWORD,
      role: "amm",
      user_id: AMM_USER_ID,
      cash_cents: FUNDING_CENTS * markets,
    }, {
      username: "taker",
      email: "taker@exchange.test",
      password: PASSWORD,
      cash_cents: 100_000_000,
    }],
    markets: marketIds(markets).map((id) => ({ id, trading_end_at: end, resolution_date: end })),
  };
}
