import type { Alerter } from "../alerts/alerter.ts";
import { openAlerts } from "../alerts/open_alerts.ts";
import type { WebhookOptions } from "../alerts/webhook.ts";
import type { ProcessConfig } from "../config/process_config.ts";
import { HealthServer, type Listen } from "../http/health_server.ts";
import { operationsSite } from "../http/operations_site.ts";
import { openJournal } from "../journal/open_journal.ts";
import { type Clock, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import type { EventHub } from "../runtime/event_hub.ts";
import type { Logger, LogLevel } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import type { Composition } from "../service/compose.ts";
import { marketFigures } from "../service/market_figures.ts";
import {
  type Service,
  type ServiceStatus,
  StartRefused,
  type StopReport,
} from "../service/service_api.ts";
import { type CliIo, ExitCode, type ProcessEvents } from "./cli_io.ts";
import { describeError } from "./program.ts";
import { StopRequests } from "./stop_requests.ts";

/** What {@link runBot} needs. */
export interface RunBotOptions {
  readonly config: ProcessConfig;
  readonly compose: () => Promise<Composition>;
  readonly io: CliIo;
  readonly events: ProcessEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Hears everything that is logged. */
  readonly hub: EventHub;
  /** Changes the threshold of the log. */
  readonly setLogLevel: (level: LogLevel) => void;
  /** How the status port is opened; a test gives its own. */
  readonly listen?: Listen;
  /** How alerts are sent; a test gives its own. */
  readonly fetch?: WebhookOptions["fetch"];
}

/** What the service gets beyond its own time limits before its stop counts as hung. */
const STOP_GRACE_MS = 5000;
/** How long the end of the process waits for alerts that are not delivered yet. */
const ALERT_FLUSH_MS = 5000;
/** How long it waits for the last records of the journal. */
const JOURNAL_FLUSH_MS = 3000;

/**
 * Runs the bot until a signal, an uncaught error or the failure of every market stops it (§21). The
 * exit code is 0 only if somebody asked for the stop and the venue confirmed that no own order is
 * left.
 */
export async function runBot(options: RunBotOptions): Promise<void> {
  const stops = new StopRequests(options);
  const running: { bot: Composition | null } = { bot: null };
  const alerts = openAlerts({
    fetch: (url, init) => fetch(url, init),
    ...options,
    market: (marketId) => marketFigures(running.bot?.service.status() ?? null, marketId),
  });
  try {
    running.bot = await composed(options, stops);
    if (running.bot !== null) await trade(running.bot, stops, { ...options, alerts });
  } finally {
    await alerts?.close(ALERT_FLUSH_MS);
    stops.close();
  }
}

/** The bot, or null if it cannot be put together or a stop came first. */
async function composed(options: RunBotOptions, stops: StopRequests): Promise<Composition | null> {
  try {
    return await Promise.race([options.compose(), stops.first.then(() => null)]);
  } catch (error) {
    options.log.log("ERROR", "start_failed", { error });
    options.io.writeError(`error: the bot cannot start: ${describeError(error)}\n`);
    options.io.setExitCode(ExitCode.PROBLEM);
    return null;
  }
}

async function trade(
  bot: Composition,
  stops: StopRequests,
  options: RunBotOptions & { readonly alerts: Alerter | null },
): Promise<void> {
  const { config, io, log, clock, listen } = options;
  const journal = openJournal({ ...options, service: bot.service });
  const site = operationsSite({
    ...options,
    ...bot,
    adminToken: config.global.adminToken,
    hosts: [config.global.healthHost, ...config.global.healthAllowedHosts ?? []],
    alertCounts: () => options.alerts?.counts ?? null,
    journalCounts: () => journal?.counts ?? null,
    markets: config.markets.size,
  });
  const server = new HealthServer({
    host: config.global.healthHost,
    port: config.global.healthPort,
    handler: (request, client) => site.app.fetch(request, client),
    clock,
    log,
    ...(listen === undefined ? {} : { listen }),
  });
  server.start();
  const reason = await untilStop(bot.service, stops, log);
  log.log("INFO", "process_stopping", { reason });
  io.writeError(`Stopping (${reason}): cancelling all own orders.\n`);
  const report = await stopService(bot.service, stops, reason, options);
  conclude(report, options);
  if (stops.failed) io.setExitCode(ExitCode.PROBLEM);
  await attempt(() => journal?.close(JOURNAL_FLUSH_MS), log);
  await attempt(() => bot.stopVenue(), log);
  await attempt(() => site.close(), log);
  await attempt(() => server.close(), log);
}

/** Starts the service and waits for a reason to stop it. */
async function untilStop(service: Service, stops: StopRequests, log: Logger): Promise<string> {
  service.start().then(
    () => {
      const problem = nothingToTrade(service.status());
      if (problem !== null) stops.request({ reason: problem, failed: true });
    },
    (error) => {
      if (!(error instanceof StartRefused)) return stops.fail(error);
      log.log("ERROR", "start_failed", { error: error.message });
      stops.request({ reason: `the bot cannot start: ${error.message}`, failed: true });
    },
  );
  service.failed.then((reason) => stops.request({ reason, failed: true }));
  return await stops.first;
}

/**
 * A bot without a market must not look alive (L-61); says why no market is traded, null if one is.
 * One that shares the markets with others may have none for the time being.
 */
function nothingToTrade({ markets, leases, state }: ServiceStatus): string | null {
  if (leases !== null || state !== "running") return null;
  if (markets.some((market) => market.lifecycle !== "STOPPED")) return null;
  const problems = markets.map(({ marketId, problem }) => `${marketId}: ${problem ?? "has ended"}`);
  return ["no market can be traded", ...problems].join("; ");
}

async function stopService(
  service: Service,
  stops: StopRequests,
  reason: string,
  { config, clock, log }: RunBotOptions,
): Promise<StopReport> {
  const { cycleAbortMs, shutdownTimeoutMs } = config.global;
  // The running cycles get their time before the cancels, and what hangs then gets it afterwards.
  const limitMs = 2 * cycleAbortMs + shutdownTimeoutMs + STOP_GRACE_MS;
  try {
    const forced = stops.forced.then(() => log.log("ERROR", "stop_forced"));
    const stopped = withTimeout(clock, limitMs, service.stop(reason));
    const report = await Promise.race([stopped, forced]);
    if (report !== undefined && report !== TIMED_OUT) return report;
  } catch (error) {
    log.log("ERROR", "uncaught_error", { error });
  }
  return worstCase(service.status());
}

/** What may be left after a stop that did not finish: everything that was last known to rest. */
function worstCase({ markets }: ServiceStatus): StopReport {
  return {
    remaining: markets.flatMap(({ orders }) => [...orders.BID, ...orders.ASK]),
    unverified: markets.map(({ marketId }) => marketId),
  };
}

function conclude({ remaining, unverified }: StopReport, { io, log }: RunBotOptions): void {
  if (remaining.length === 0 && unverified.length === 0) {
    log.log("INFO", "process_stopped", { remainingOrders: 0 });
    io.writeError("Stopped: no own order is left.\n");
    return;
  }
  log.log("ERROR", "orders_may_remain", { remaining, unverified });
  io.writeError(
    [
      `Stopped, but own orders may still rest: check them at the venue.`,
      ...remaining.map((order) =>
        `  ${order.marketId} ${order.orderId}: ${order.direction} ${order.remaining} ` +
        `${order.contract} at ${order.contractPrice} cents`
      ),
      ...unverified.map((marketId) => `  ${marketId}: not verified, there may be more`),
      "",
    ].join("\n"),
  );
  io.setExitCode(ExitCode.PROBLEM);
}

/** One failing clean-up must not keep the others from running. */
async function attempt(
  cleanUp: () => void | Promise<void> | undefined,
  log: Logger,
): Promise<void> {
  try {
    await cleanUp();
  } catch (error) {
    log.log("ERROR", "uncaught_error", { error });
  }
}
