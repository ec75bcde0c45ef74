import type { ProcessConfig } from "../config/process_config.ts";
import type { Connector } from "../connector/connector.ts";
import { RateBudget } from "../connector/rate_budget.ts";
import type { Fetch } from "../connector/rest/http_transport.ts";
import type { Clock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import { liveConnector } from "../service/live_connector.ts";
import { LimitWatch } from "./rate_limits.ts";

/** The way to the venue. */
export interface Outside {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
}

/** A venue that let the bot in. */
export interface Session {
  readonly config: ProcessConfig;
  readonly connector: Connector;
  readonly limits: LimitWatch;
}

/** Connects to the venue as `start` does: the same connector, the same request budget. */
export function openSession(
  config: ProcessConfig,
  { fetch, clock, random }: Outside,
): Session {
  const limits = new LimitWatch();
  const connector = liveConnector({
    global: config.global,
    fetch,
    clock,
    random,
    log: silentLogger,
    rateBudget: new RateBudget({ clock, ...config.global }),
    onLimits: (announced) => limits.note(announced),
  });
  return { config, connector, limits };
}
