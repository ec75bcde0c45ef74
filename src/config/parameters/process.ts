import {
  bool,
  choice,
  float,
  group,
  int,
  REQUIRED,
  secret,
  text,
  textList,
  textListOrUnset,
  textOrUnset,
} from "../parameter.ts";

/** Group `system`, global scope. */
export const systemGlobal = group("system", {
  order_ops_per_minute: int(
    600,
    "restart",
    { min: 10, max: 600000, unit: "calls/min" },
    "Client-side cap on placements and cancels of the whole account; a smaller limit announced by the venue wins; several instances share it equally",
  ),
  replace_ops_per_minute: int(
    400,
    "restart",
    { min: 10, max: 1000, unit: "calls/min/market" },
    "Client-side cap on atomic replace, counted per market; a smaller limit announced by the venue wins",
  ),
  config_reload_interval_ms: int(
    30000,
    "restart",
    { min: 5000, max: 120000, unit: "ms" },
    "How often Redis is checked for changed settings",
  ),
  reconciliation_interval_ms: int(
    300000,
    "TICK",
    { min: 60000, max: 600000, unit: "ms" },
    "Full cache-against-exchange comparison",
  ),
  volume_tolerance: int(
    2,
    "TICK",
    { min: 0, max: 10, unit: "shares" },
    "Position drift that does not PAUSE the market (every drift is corrected and logged)",
  ),
  cash_tolerance_cents: int(
    200,
    "TICK",
    { min: 0, max: 1000, unit: "cents" },
    "Cash drift that does not PAUSE the market (every drift is corrected and logged)",
  ),
  cost_sum_tolerance_cents: int(
    500,
    "TICK",
    { min: 0, max: 2000, unit: "cents" },
    "Cost-basis drift that does not PAUSE the market (every drift is corrected and logged)",
  ),
  ws_snapshot_interval_ms: int(
    30000,
    "restart",
    { min: 10000, max: 60000, unit: "ms" },
    "Expected full-book push interval. Later stage (no WebSocket yet)",
  ),
  processed_event_ttl_hours: int(
    24,
    "restart",
    { min: 6, max: 168, unit: "hours" },
    "Lifetime of the stored set of handled trade ids",
  ),
  amm_token_validity_hours: int(
    24,
    "restart",
    { min: 1, max: 168, unit: "hours" },
    "Service-token life. Later stage: the platform issues 30-minute JWTs today",
  ),
});

/** Group `system`, market scope. */
export const system = group("system", {
  market_taker_fee_bps: int(
    20,
    "mirror",
    { min: 0, max: 1000, unit: "bps" },
    "Taker fee, copied from the market record; enters the freeze buffer of BUY orders",
  ),
  market_maker_fee_bps: int(
    10,
    "mirror",
    { min: 0, max: 1000, unit: "bps" },
    "Maker fee, copied from the market record; drives the fee floor of the spread",
  ),
});

/** Group `runtime`, global scope. */
export const runtimeGlobal = group("runtime", {
  environment: choice(
    ["dev", "staging", "prod"],
    "dev",
    "restart",
    {},
    "Selects the environment YAML overlay",
  ),
  base_url: text(
    "http://localhost:8000/api/v1",
    "restart",
    { unit: "url", format: "http_url" },
    "Exchange REST root",
  ),
  redis_url: text(
    "redis://localhost:6379/0",
    "restart",
    { unit: "url", format: "redis_url" },
    "Redis connection (state_store redis)",
  ),
  state_store: choice(
    ["redis", "memory"],
    "redis",
    "restart",
    {},
    "Where working memory and persisted safety state live; memory is for tests and trials: nothing survives a restart",
  ),
  amm_username: text("amm_market_maker", "restart", {}, "Login name of the system account"),
  amm_password: secret(REQUIRED, "restart", {}, "Login password; refused in YAML and Redis"),
  admin_token: secret(
    null,
    "restart",
    {},
    "Bearer token of the bot's own admin routes (unset = admin routes off)",
  ),
  market_ids: textList(
    REQUIRED,
    "restart",
    { format: "market_id" },
    "Markets to run (with leases: the candidates shared by all instances)",
  ),
  trade_poll_interval_ms: int(2000, "TICK", { min: 1000, max: 10000, unit: "ms" }, "Trade polling"),
  balance_poll_interval_ms: int(
    30000,
    "TICK",
    { min: 5000, max: 300000, unit: "ms" },
    "Balance polling",
  ),
  max_concurrent_markets: int(
    50,
    "restart",
    { min: 1, max: 2000, unit: "markets" },
    "Upper limit of markets quoted by one process",
  ),
  log_level: choice(
    ["DEBUG", "INFO", "WARN", "ERROR"],
    "INFO",
    "TICK",
    {},
    "Structured log threshold",
  ),
  health_host: text(
    "127.0.0.1",
    "restart",
    { format: "host" },
    "Bind address of the health server",
  ),
  health_port: int(
    8001,
    "restart",
    { min: 1, max: 65535, unit: "port" },
    "Port of the health server",
  ),
  health_allowed_hosts: textListOrUnset(
    null,
    "restart",
    { format: "host" },
    "Names by which operators reach the pages, besides localhost and health_host; calls to any other name are refused (unset = none)",
  ),
});

/** Group `runtime`, market scope. */
export const runtime = group("runtime", {
  quote_interval_ms: int(
    2000,
    "CYCLE",
    { min: 1000, max: 10000, unit: "ms" },
    "Pause between two quote cycles of a market; up to 5 % less with 5 to 500 markets as four share a moment",
  ),
  explanation_history: int(
    300,
    "CYCLE",
    { min: 0, max: 20000, unit: "cycles" },
    "Past cycles whose explanations are kept, about 4 kB each; all markets share 15,000",
  ),
});

/** Group `connector_ops`, global scope. */
export const connectorOpsGlobal = group("connector_ops", {
  http_timeout_ms: int(10000, "restart", { min: 1000, max: 60000, unit: "ms" }, "REST time-out"),
  http_max_retries: int(
    3,
    "restart",
    { min: 0, max: 10, unit: "attempts" },
    "Retries of safe or idempotent calls",
  ),
  http_max_backoff_ms: int(
    30000,
    "restart",
    { min: 1000, max: 60000, unit: "ms" },
    "Cap of the exponential wait after 429/5xx",
  ),
  query_rate_limit: int(
    6000,
    "restart",
    { min: 10, max: 1000000, unit: "calls/min" },
    "Client-side cap on read calls of the whole account; a smaller limit announced by the venue wins; several instances share it equally",
  ),
  trade_page_limit: int(
    50,
    "restart",
    { min: 1, max: 100, unit: "rows" },
    "Page size of trade polling",
  ),
  dedupe_max_entries: int(
    5000,
    "restart",
    { min: 1000, max: 100000, unit: "entries" },
    "In-memory trade-id memory of one market, oldest dropped first",
  ),
  market_status_poll_interval_ms: int(
    10000,
    "TICK",
    { min: 1000, max: 300000, unit: "ms" },
    "Age at which the market status is re-read (any 3002 answer re-reads at once)",
  ),
  max_consecutive_failures: int(
    5,
    "TICK",
    { min: 1, max: 50, unit: "cycles" },
    "Recoverable failures in a row before the market PAUSEs and reconciles",
  ),
  shutdown_timeout_ms: int(
    30000,
    "restart",
    { min: 1000, max: 300000, unit: "ms" },
    "Time allowed for a graceful stop",
  ),
  ws_disconnect_alert_ms: int(
    5000,
    "TICK",
    { min: 1000, max: 60000, unit: "ms" },
    "Disconnect time that raises an alert. Later stage; use for REST outage now",
  ),
  batch_cancel_enabled: bool(
    false,
    "restart",
    {},
    "Use the batch-cancel route; false = cancel one by one (the deployed venue can hang on batch-cancel)",
  ),
  cycle_abort_ms: int(
    5000,
    "restart",
    { min: 500, max: 60000, unit: "ms" },
    "Time a running cycle gets to end at shutdown",
  ),
});

/** Group `connector_ops`, market scope. */
export const connectorOps = group("connector_ops", {
  daily_loss_alert_ratio: float(
    0.8,
    "TICK",
    { min: 0.1, max: 0.99, unit: "ratio" },
    "Share of either loss budget that raises a warning",
  ),
  qty_tolerance_fraction: float(
    0.2,
    "CYCLE",
    { min: 0, max: 0.9, unit: "ratio" },
    "A resting order within this fraction of its target quantity is kept",
  ),
  min_reprice_cents: int(
    1,
    "CYCLE",
    { min: 1, max: 5, unit: "cents" },
    "Smaller price changes are skipped unless the resting order is more aggressive than the target",
  ),
  max_order_age_ms: int(
    300000,
    "CYCLE",
    { min: 30000, max: 600000, unit: "ms" },
    "An older resting order is cancelled and placed again even if it matches its target; in ONE_SIDE the discount also grows by 1 cent per this time without a fill",
  ),
  soft_stop_watchdog_ms: int(
    600000,
    "TICK",
    { min: 10000, max: 86400000, unit: "ms" },
    "SOFT stop: orders left behind are cancelled after this time",
  ),
});

/** Group `multi_instance`, global scope. */
export const multiInstanceGlobal = group("multi_instance", {
  market_assignment: choice(
    ["all", "leased"],
    "all",
    "restart",
    {},
    "all = this process quotes every configured market; leased = only markets whose lease it holds",
  ),
  instance_id: textOrUnset(
    null,
    "restart",
    { format: "identifier" },
    "Name of this process in leases, heartbeats and logs; unique among live processes (unset = host name plus random suffix)",
  ),
  lease_ttl_ms: int(
    30000,
    "restart",
    { min: 5000, max: 300000, unit: "ms" },
    "Life of a market lease without renewal",
  ),
  lease_renew_ms: int(
    5000,
    "restart",
    { min: 500, max: 60000, unit: "ms" },
    "Renewal interval of held leases and of the heartbeat",
  ),
  lease_cancel_margin_ms: int(
    15000,
    "restart",
    { min: 2000, max: 240000, unit: "ms" },
    "The cancelling of all orders of a market starts this long before its lease could run out",
  ),
});
