import type { GlobalConfig } from "../config/registry.ts";
import type { CallObserver } from "../connector/call_statistics.ts";
import type { Endpoint, RateBudget } from "../connector/rate_budget.ts";
import type { AnnouncedLimits, LimitsListener } from "../connector/rest/announced_limits.ts";
import type { Fetch } from "../connector/rest/http_transport.ts";
import { RestConnector } from "../connector/rest/rest_connector.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";

/** What a connection to a real venue is made of. */
export interface LiveConnectorOptions {
  readonly global: GlobalConfig;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly rateBudget: RateBudget;
  readonly observe?: CallObserver;
  /** Told what the venue says about its limits, besides the budget. */
  readonly onLimits?: LimitsListener;
}

/** Which budget the venue's limits on an endpoint lower. */
const BUDGETS: Readonly<Record<AnnouncedLimits["endpoint"], Endpoint["kind"] | null>> = {
  order: "orders",
  query: "queries",
  replace: "replaces",
  auth: null,
};

/** The budget that a limit of the venue lowers, null if it concerns none. */
export function budgetOf({ endpoint }: AnnouncedLimits): Endpoint["kind"] | null {
  return BUDGETS[endpoint];
}

/** True if a user of the venue is the account that the bot must trade as (§20 step 2). */
export function isSystemAccount(
  userId: string,
  { ammUserId }: Pick<GlobalConfig, "ammUserId">,
): boolean {
  return userId.toLowerCase() === ammUserId.toLowerCase();
}

/**
 * A real venue over REST. Commands on orders have their place in the budget already; reads ask for
 * one.
 */
export function liveConnector(options: LiveConnectorOptions): RestConnector {
  const { global, fetch, clock, random, log, rateBudget, observe, onLimits } = options;
  return new RestConnector({
    baseUrl: global.baseUrl,
    username: global.ammUsername,
    password: global.ammPassword ?? "",
    timeoutMs: global.httpTimeoutMs,
    maxRetries: global.httpMaxRetries,
    maxBackoffMs: global.httpMaxBackoffMs,
    fetch,
    clock,
    random: random.fork("http"),
    log,
    ...(observe === undefined ? {} : { observe }),
    admit: ({ endpoint }) => endpoint === "query" ? rateBudget.querySlot() : undefined,
    onLimits: (limits) => {
      const kind = budgetOf(limits);
      if (limits.limit !== null && kind !== null) rateBudget.announce(kind, limits.limit);
      if (limits.refused) rateBudget.rateLimited(limits.waitMs ?? undefined);
      onLimits?.(limits);
    },
  });
}
