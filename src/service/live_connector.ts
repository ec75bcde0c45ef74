import type { ProcessConfig } from "../config/process_config.ts";
import type { GlobalConfig } from "../config/registry.ts";
import type { CallObserver } from "../connector/call_statistics.ts";
import type { Endpoint, RateBudget } from "../connector/rate_budget.ts";
import type { AnnouncedLimits, LimitsListener } from "../connector/rest/announced_limits.ts";
import type { AdmissionRequest } from "../connector/rest/calls.ts";
import type { Fetch } from "../connector/rest/http_transport.ts";
import { RestConnector } from "../connector/rest/rest_connector.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import { StartRefused } from "./service_api.ts";

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

/** Which budget the calls to an endpoint use. */
const BUDGETS: Readonly<Record<AnnouncedLimits["endpoint"], Endpoint["kind"] | null>> = {
  order: "orders",
  query: "queries",
  replace: "replaces",
  auth: null,
};

/** The budget that a call uses and a limit of the venue lowers, null if there is none. */
export function budgetOf(
  { endpoint, marketId = "" }: Pick<AnnouncedLimits, "endpoint" | "marketId">,
): Endpoint | null {
  const kind = BUDGETS[endpoint];
  return kind === "replaces" ? { kind, marketId } : kind && { kind };
}

/** Reads wait for their turn; what has no place in the budget yet takes one without waiting. */
function admit(request: AdmissionRequest, rateBudget: RateBudget): Promise<void> | undefined {
  if (request.endpoint === "query") return rateBudget.querySlot();
  const budget = budgetOf(request);
  if (budget !== null && !request.budgeted) rateBudget.charge(budget);
  return undefined;
}

/** True if a user of the venue is the account that the bot must trade as (§20 step 2). */
export function isSystemAccount(
  userId: string,
  { ammUserId }: Pick<GlobalConfig, "ammUserId">,
): boolean {
  return userId.toLowerCase() === ammUserId.toLowerCase();
}

/**
 * On paper the account was made for the bot; at a real venue it may be somebody else's.
 * @throws StartRefused for an account that is not the bot's
 */
export function requireSystemAccount(
  userId: string,
  { mode, global }: Pick<ProcessConfig, "mode" | "global">,
): void {
  if (mode === "paper" || isSystemAccount(userId, global)) return;
  throw new StartRefused(
    `${global.ammUsername} is user ${userId} at the venue and not ${global.ammUserId}, the ` +
      "account that the bot trades as: correct amm_username (AMM_USERNAME) or amm_user_id",
  );
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
    admit: (request) => admit(request, rateBudget),
    onLimits: (limits) => {
      const budget = budgetOf(limits);
      if (budget !== null) rateBudget.announce(budget, limits);
      if (limits.refused) {
        if (budget !== null && limits.limit === null) rateBudget.refusedUnannounced(budget);
        rateBudget.rateLimited(limits.waitMs ?? undefined);
      }
      onLimits?.(limits);
    },
  });
}
