import type { GlobalConfig, MarketConfig } from "../registry.ts";
import { sum } from "./ladder.ts";
import type { ProcessRule } from "./rule.ts";

const MINUTE_MS = 60_000;
/** Per market and cycle: the order book and the own orders. */
const READS_PER_CYCLE = 2;

/**
 * Read calls a minute: book and orders of every market, its status, and trades and balance of the
 * account.
 */
function readsPerMinute(global: GlobalConfig, markets: readonly MarketConfig[]): number {
  const perMarket = markets.map(({ quoteIntervalMs }) =>
    READS_PER_CYCLE * MINUTE_MS / quoteIntervalMs +
    MINUTE_MS / global.marketStatusPollIntervalMs
  );
  return sum(perMarket) + MINUTE_MS / global.tradePollIntervalMs +
    MINUTE_MS / global.balancePollIntervalMs;
}

function lossBudgetsCents(markets: readonly MarketConfig[]): number {
  return sum(markets.map(({ maxPerMarketLossCents }) => maxPerMarketLossCents));
}

/** Rules about the process and all its markets together. */
export const processRules: readonly ProcessRule[] = [
  {
    id: "X33",
    severity: "error",
    statement: "market_ids are unique",
    members: ["market_ids"],
    holds: (g) => new Set(g.marketIds).size === g.marketIds.length,
  },
  {
    id: "X33",
    severity: "error",
    statement: "with market_assignment all there are at most max_concurrent_markets in market_ids",
    members: ["market_ids", "market_assignment", "max_concurrent_markets"],
    holds: (g) => g.marketAssignment !== "all" || g.marketIds.length <= g.maxConcurrentMarkets,
    figures: (g) => `${g.marketIds.length} markets are listed`,
  },
  {
    id: "X34",
    severity: "warning",
    statement: "balance_poll_interval_ms <= reconciliation_interval_ms",
    because: "a reconciliation would compare with an old balance",
    members: ["balance_poll_interval_ms", "reconciliation_interval_ms"],
    holds: (g) => g.balancePollIntervalMs <= g.reconciliationIntervalMs,
  },
  {
    id: "X36",
    severity: "warning",
    statement: "read calls of all markets a minute <= query_rate_limit",
    because: "cycles would wait for the rate limit",
    members: [
      "quote_interval_ms",
      "market_status_poll_interval_ms",
      "trade_poll_interval_ms",
      "balance_poll_interval_ms",
      "market_ids",
      "query_rate_limit",
    ],
    holds: (g, markets) => readsPerMinute(g, markets) <= g.queryRateLimit,
    figures: (g, markets) => `it takes ${Math.ceil(readsPerMinute(g, markets))} calls a minute`,
  },
  {
    id: "X41",
    severity: "warning",
    statement: "max_daily_loss_cents >= 20 % of the sum of max_per_market_loss_cents",
    because: "the limit of the whole bot would bind long before those of its markets",
    members: ["max_daily_loss_cents", "max_per_market_loss_cents", "market_ids"],
    holds: (g, markets) => 5 * g.maxDailyLossCents >= lossBudgetsCents(markets),
    figures: (_, markets) => `the budgets sum to ${lossBudgetsCents(markets)} cents`,
  },
  {
    id: "X42",
    severity: "error",
    statement: "3 x lease_renew_ms <= lease_ttl_ms - lease_cancel_margin_ms",
    because: "a lease must survive two failed renewals",
    members: ["lease_renew_ms", "lease_ttl_ms", "lease_cancel_margin_ms"],
    holds: (g) => 3 * g.leaseRenewMs <= g.leaseTtlMs - g.leaseCancelMarginMs,
  },
  {
    id: "X42",
    severity: "error",
    statement: "lease_cancel_margin_ms >= http_timeout_ms + 2000",
    because: "one cancel must be able to time out before another instance may quote",
    members: ["lease_cancel_margin_ms", "http_timeout_ms"],
    holds: (g) => g.leaseCancelMarginMs >= g.httpTimeoutMs + 2000,
  },
  {
    id: "X43",
    severity: "error",
    statement: "market_assignment leased needs state_store redis",
    because: "leases live in Redis",
    members: ["market_assignment", "state_store"],
    holds: (g) => g.marketAssignment !== "leased" || g.stateStore === "redis",
  },
  {
    id: "X51",
    severity: "warning",
    statement: "state_store is not memory in environment prod",
    because: "a latched kill and the losses of the day would not survive a restart",
    members: ["state_store", "environment"],
    holds: (g) => g.environment !== "prod" || g.stateStore !== "memory",
  },
];
