/** Which permissions a binary gets for good. */

import { ENVIRONMENT_VARIABLES } from "../src/config/environment.ts";
import { type ConfigReader, readConfig } from "../src/config/packaged.ts";
import { formatFinding } from "../src/config/finding.ts";
import type { ProcessConfig } from "../src/config/process_config.ts";

/** What a binary may reach. */
export interface Reach {
  /** Hosts with ports that it may connect to or listen on; null for all. */
  readonly hosts: readonly string[] | null;
  /** Files and directories that it may read. */
  readonly paths: readonly string[];
  /** The directory of the journal, which it may also write; null for none. */
  readonly journal: string | null;
}

/** Where configurations are looked for, seen from the directory that the binary is started in. */
const CONFIG_PATHS = ["config", "/etc/amm"] as const;

/** Every address, because a configuration that is not known yet may name any. */
export const ANY_CONFIGURATION: Reach = {
  hosts: null,
  paths: CONFIG_PATHS,
  journal: "journal",
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "redis:": 6379,
  "rediss:": 6379,
};

/** What a configuration names, and nothing else. */
export function reachOf(config: ProcessConfig, file: string): Reach {
  const { baseUrl, redisUrl, stateStore, healthHost, healthPort } = config.global;
  const { alertWebhookUrl, journalPath } = config.global;
  const oracles = [...config.markets.values()]
    .flatMap(({ oracleUrl }) => oracleUrl === null ? [] : [oracleUrl]);
  const isFile = (url: string) => url.startsWith("file:");
  const hosts = [
    `${healthHost}:${healthPort}`,
    ...(config.mode === "live" ? [addressOf(baseUrl)] : []),
    ...(stateStore === "redis" ? [addressOf(redisUrl)] : []),
    ...(alertWebhookUrl === null ? [] : [addressOf(alertWebhookUrl)]),
    ...oracles.filter((url) => !isFile(url)).map(addressOf),
  ];
  const files = oracles.filter(isFile)
    .map((url) => directoryOf(url.replace(/^file:(\/\/)?/, "").replace(/\{slug\}.*$/, "x")));
  return {
    hosts: [...new Set(hosts)],
    paths: [...new Set([directoryOf(file), ...files])],
    journal: journalPath,
  };
}

/**
 * Reads a configuration for its addresses; the password is not needed for that.
 * @throws Error with everything that is wrong with it
 */
export async function reachOfFile(file: string, reader: ConfigReader): Promise<Reach> {
  const env = (name: string) =>
    reader.env(name) ?? (name === "AMM_PASSWORD" ? "not read" : undefined);
  const result = await readConfig({ readTextFile: (path) => reader.readTextFile(path), env }, file);
  if (result.ok) return reachOf(result.config, file);
  throw new Error(result.findings.map(formatFinding).join("\n"));
}

/** The options of `deno run` and `deno compile` that grant it. */
export function permissionFlags({ hosts, paths, journal }: Reach): readonly string[] {
  const writable = journal === null ? [] : [journal];
  return [
    "--no-prompt",
    hosts === null ? "--allow-net" : `--allow-net=${hosts.join(",")}`,
    `--allow-env=${ENVIRONMENT_VARIABLES.join(",")}`,
    "--ignore-env",
    `--allow-read=${[...paths, ...writable].join(",")}`,
    ...writable.map((path) => `--allow-write=${path}`),
    "--allow-sys=hostname",
  ];
}

function addressOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port === "" ? DEFAULT_PORTS[protocol] ?? 443 : port}`;
}

function directoryOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "." : path.slice(0, Math.max(at, 1));
}
