/** What can be checked without the venue: permissions, configuration, store. */

import { ENVIRONMENT_VARIABLES } from "../config/environment.ts";
import { errorsIn, type Finding, formatFinding } from "../config/finding.ts";
import type { LoadResult } from "../config/load_config.ts";
import type { ProcessConfig } from "../config/process_config.ts";
import type { GlobalConfig } from "../config/registry.ts";
import { type Clock, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import { failed, ok, type Verdict, warning } from "./check.ts";
import { counted } from "./wording.ts";

/** Something that a process may be permitted to do. */
export type Permission =
  | { readonly name: "env"; readonly variable: string }
  | { readonly name: "read"; readonly path: string }
  /** `host:port`. */
  | { readonly name: "net"; readonly host: string };

/** Says if this process has a permission, without asking anybody. */
export type Permits = (permission: Permission) => Promise<boolean>;

/**
 * Says if a Redis server answers a PING.
 * @param timeoutMs limit of each of its steps
 * @throws Error that says what is wrong with it
 */
export type PingRedis = (url: string, timeoutMs: number) => Promise<void>;

const REDIS_TIMEOUT_MS = 3000;
/** Connecting and the PING may take their time-out each. */
const REDIS_STEPS = 2;

/**
 * A variable that may not be read counts as not set, so a missing permission looks like a missing
 * setting.
 * @param file of `--config`
 */
export async function checkPermissions(
  permits: Permits,
  file: string | undefined,
): Promise<Verdict<null>> {
  const needed: Permission[] = [
    ...ENVIRONMENT_VARIABLES.map((variable) => ({ name: "env", variable }) as const),
    ...(file === undefined ? [] : [{ name: "read", path: file } as const]),
  ];
  const missing = await denied(permits, needed);
  if (missing.length === 0) return ok("environment variables and files can be read", null);
  const variables = missing.flatMap((need) => need.name === "env" ? [need.variable] : []);
  const paths = missing.flatMap((need) => need.name === "read" ? [need.path] : []);
  const fixes = [
    ...(variables.length === 0 ? [] : [
      `Start it with \`deno task\`, or add --allow-env=${ENVIRONMENT_VARIABLES.join(",")}`,
    ]),
    ...paths.map((path) => `Put the file below the working directory, or add --allow-read=${path}`),
  ];
  return failed(
    `the process may not read ${[...variables, ...paths].join(", ")}`,
    fixes.join(". "),
  );
}

async function denied(
  permits: Permits,
  needed: readonly Permission[],
): Promise<readonly Permission[]> {
  const granted = await Promise.all(needed.map((permission) => permits(permission)));
  return needed.filter((_, index) => granted[index] === false);
}

/** Every secret of a configuration, as it could turn up in a message. */
export function secretsOf(
  { ammPassword, adminToken, redisUrl, baseUrl }: GlobalConfig,
): readonly string[] {
  const inUrls = [redisUrl, baseUrl].map((url) => new URL(url).password);
  return [ammPassword ?? "", adminToken ?? "", ...inUrls, ...inUrls.map(decoded)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The configuration, checked as `start` checks it. */
export function checkConfiguration(
  result: LoadResult,
  file: string | undefined,
): Verdict<ProcessConfig> {
  const fix = `\`deno task config check ${file ?? "FILE"}\` lists them all with their lines`;
  if (!result.ok) return failed(summary(errorsIn(result.findings), "error"), fix);
  const { config, warnings } = result;
  if (warnings.length > 0) return warning(summary(warnings, "warning"), fix, config);
  return ok("valid", config);
}

function summary(findings: readonly Finding[], word: string): string {
  const [first = ""] = findings.map(formatFinding);
  return `${counted(findings.length, word)}${findings.length > 1 ? "; the first" : ""}: ${first}`;
}

/** Real money is meant; paper trading needs nothing that could be missing. */
export function checkMode(config: ProcessConfig): Verdict<ProcessConfig> {
  if (config.mode === "live") return ok("live: real money", config);
  return warning(
    "paper: venue, account and store are simulated inside the process, so there is nothing to check",
    "Write mode: live into the configuration if real money is meant",
    config,
  );
}

/** There is a market to trade; an empty list must not pass for a list without problems (L-61). */
export function checkMarkets(config: ProcessConfig): Verdict<ProcessConfig> {
  const ids = [...config.markets.keys()];
  if (ids.length > 0) return ok(`${ids.length} configured: ${ids.join(", ")}`, config);
  return failed("no market is configured", "Name the markets in market_ids (AMM_MARKETS)");
}

/** The process may reach everything that `start` would open. */
export async function checkNetwork(
  permits: Permits,
  config: ProcessConfig,
): Promise<Verdict<ProcessConfig>> {
  const { baseUrl, redisUrl, stateStore, healthHost, healthPort } = config.global;
  const hosts = [
    hostOf(baseUrl),
    ...(stateStore === "redis" ? [hostOf(redisUrl)] : []),
    `${healthHost.includes(":") ? `[${healthHost}]` : healthHost}:${healthPort}`,
  ];
  const missing = await denied(permits, hosts.map((host) => ({ name: "net", host })));
  if (missing.length === 0) return ok(`${hosts.join(", ")} may be reached`, config);
  const names = missing.flatMap((need) => need.name === "net" ? [need.host] : []);
  return failed(
    `the process may not reach ${names.join(", ")}`,
    `Start it with \`deno task\`, or add --allow-net=${hosts.join(",")}`,
  );
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "redis:": 6379,
  "rediss:": 6379,
};

/** `host:port` of a URL. */
function hostOf(text: string): string {
  const { hostname, port, protocol } = new URL(text);
  return `${hostname}:${port === "" ? DEFAULT_PORTS[protocol] ?? "" : port}`;
}

/** Where the state lives, and that it is there. */
export async function checkStore(
  pingRedis: PingRedis,
  { stateStore, redisUrl }: GlobalConfig,
  clock: Clock,
): Promise<Verdict<null>> {
  if (stateStore === "memory") {
    return warning(
      "memory: a restart forgets kill latches, the losses and the opening equity of the day, the " +
        "ledgers, the phase and the keys of mints and burns under way",
      "Set state_store: redis for anything but a trial",
      null,
    );
  }
  const host = hostOf(redisUrl);
  const startedMs = clock.monotonicMs();
  try {
    const ping = pingRedis(redisUrl, REDIS_TIMEOUT_MS);
    const end = await withTimeout(clock, REDIS_STEPS * REDIS_TIMEOUT_MS, ping);
    if (end === TIMED_OUT) throw new Error("no answer in time");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed(`Redis at ${host} does not answer: ${message}`, redisFix(message));
  }
  const ms = Math.round(clock.monotonicMs() - startedMs);
  return ok(`Redis at ${host} answers in ${ms} ms`, null);
}

function redisFix(message: string): string {
  return /NOAUTH|WRONGPASS|NOPERM/.test(message)
    ? "Put user name and password into AMM_REDIS_URL: redis://user:password@host:port/0"
    : "Start Redis, or correct redis_url (AMM_REDIS_URL)";
}
