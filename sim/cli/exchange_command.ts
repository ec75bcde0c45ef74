import { Command, InvalidArgumentError, Option } from "commander";
import { type CliIo, ExitCode, type ProcessEvents } from "../../src/cli/cli_io.ts";
import { type Clock, systemClock } from "../../src/runtime/clock.ts";
import { type Random, systemRandom } from "../../src/runtime/random.ts";
import { ALL_QUIRKS, type QuirkId } from "../exchange/mod.ts";
import { defaultSeed } from "../http/default_seed.ts";
import { exchangeApp } from "../http/exchange_app.ts";
import { serveExchange } from "../http/exchange_server.ts";
import { parseSeed, type Seed } from "../http/seed.ts";
import { seededVenue } from "../http/seeded_venue.ts";
import { streetTraders } from "../http/street.ts";
import { ScenarioError } from "../scenario/load.ts";
import { exchangeBanner, exchangeFacts } from "./exchange_banner.ts";
import type { ExchangeOptions } from "./exchange_options.ts";

/** What the command takes from the machine; a test gives its own. */
export interface ExchangeParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly serve: typeof serveExchange;
}

const DEFAULT_PORT = 8000;
const MAX_LATENCY_MS = 60_000;
const MAX_PER_MINUTE = 1_000_000;

/** `exchange`: serves the simulated exchange over HTTP until it is told to stop. */
export function exchangeCommand(
  io: CliIo & ProcessEvents,
  parts: ExchangeParts = { clock: systemClock, random: systemRandom(), serve: serveExchange },
): Command {
  return new Command("exchange")
    .description(
      "Serves a simulated exchange with the wire format of the real one until Ctrl-C or\n" +
        "SIGTERM. It keeps nothing; its users and their passwords are shown at the start.",
    )
    .option("--host <address>", "where to listen", "127.0.0.1")
    .option("--port <number>", "0 for any that is free", wholeNumber(0, 65535), DEFAULT_PORT)
    .addOption(
      new Option("--profile <name>", "reference works as intended, deployed has every quirk")
        .choices(["reference", "deployed"]).default("reference"),
    )
    .addOption(
      new Option("--quirk <Q-nn...>", "defects of the deployed exchange to switch on as well")
        .argParser(addQuirk).default([], "none"),
    )
    .option("--seed-file <file>", "users and markets to start with, JSON or YAML")
    .option("--traders", "lets simulated traders into every active market")
    .option("--maker-fee", "charges makers too, as documented")
    .option("--audit-trades", "lists mints and burns among the market maker's trades")
    .option("--market-limits", "enforces each market's own limits, as documented")
    .option(
      "--orders-per-minute <n>",
      "limit of orders and cancels",
      wholeNumber(1, MAX_PER_MINUTE),
    )
    .option("--replaces-per-minute <n>", "limit for each market", wholeNumber(1, MAX_PER_MINUTE))
    .option("--queries-per-minute <n>", "limit of reads", wholeNumber(1, MAX_PER_MINUTE))
    .option("--latency-ms <n>", "time that each request takes", wholeNumber(0, MAX_LATENCY_MS), 0)
    .option("--control", "opens /__control to tests on this machine; see /__control/docs")
    .option("--json", "shows the start as one JSON object")
    .action((options: ExchangeOptions) => serve(io, parts, options));
}

async function serve(
  io: CliIo & ProcessEvents,
  parts: ExchangeParts,
  options: ExchangeOptions,
): Promise<void> {
  const seed = await usableSeed(io, parts.clock, options);
  if (seed === null) return io.setExitCode(ExitCode.USAGE);
  const { clock, random } = parts;
  const venue = seededVenue(seed, { clock, random, settings: settingsOf(options) });
  const app = exchangeApp({
    ...venue,
    clock,
    random,
    limits: limitsOf(options),
    latencyMs: options.latencyMs,
    control: options.control ?? false,
    onDefect: (error) => io.writeError(`defect of the simulator: ${described(error)}\n`),
  });
  const server = await parts.serve((request) => app.fetch(request), options);
  const traders = options.traders ? streetTraders(venue.exchange, { clock, random }) : [];
  traders.forEach((trader) => trader.start());
  const facts = exchangeFacts({ ...options, port: server.port }, { seed, venue });
  io.write(options.json ? `${JSON.stringify(facts)}\n` : exchangeBanner(facts));
  await stopSignal(io);
  traders.forEach((trader) => trader.stop());
  await server.close();
}

/** The state to start from; null, after saying why, if the command was called wrongly. */
async function usableSeed(
  io: CliIo,
  clock: Clock,
  { seedFile, control, host }: ExchangeOptions,
): Promise<Seed | null> {
  if (control && !isLoopback(host)) {
    io.writeError(
      "error: --control lets everybody change everything; it needs a loopback --host\n",
    );
    return null;
  }
  if (seedFile === undefined) return defaultSeed(clock.nowMs());
  try {
    return parseSeed(seedFile, await io.readTextFile(seedFile));
  } catch (error) {
    const isBad = error instanceof ScenarioError;
    io.writeError(isBad ? `${error.message}\n` : `error: Cannot read ${seedFile}: ${error}\n`);
    return null;
  }
}

function settingsOf(options: ExchangeOptions) {
  const { profile, quirk, makerFee, auditTrades, marketLimits } = options;
  return {
    quirks: new Set(profile === "deployed" ? ALL_QUIRKS : quirk),
    makerFee: makerFee ?? false,
    auditTrades: auditTrades ?? false,
    enforceMarketLimits: marketLimits ?? false,
  };
}

function limitsOf(options: ExchangeOptions) {
  const { ordersPerMinute, replacesPerMinute, queriesPerMinute } = options;
  return {
    ordersPerMinute: ordersPerMinute ?? null,
    replacesPerMinute: replacesPerMinute ?? null,
    queriesPerMinute: queriesPerMinute ?? null,
  };
}

/** Resolves with the first Ctrl-C or SIGTERM; the ones after it change nothing. */
function stopSignal(events: ProcessEvents): Promise<void> {
  return new Promise((resolve) => {
    events.onStopSignal(() => resolve());
  });
}

function addQuirk(text: string, before: readonly QuirkId[]): readonly QuirkId[] {
  const quirk = ALL_QUIRKS.find((id) => id === text.toUpperCase());
  if (quirk !== undefined) return [...before, quirk];
  throw new InvalidArgumentError(`It must be one of ${ALL_QUIRKS.join(", ")}.`);
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function described(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
