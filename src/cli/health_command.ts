import { Command } from "commander";
import { formatFinding } from "../config/finding.ts";
import { readConfig } from "../config/packaged.ts";
import { healthUrl } from "../http/health_server.ts";
import { type Clock, systemClock, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import { type CliIo, ExitCode } from "./cli_io.ts";
import { parsePort } from "./parse_port.ts";

/** What the command takes from the machine; a test gives its own. */
export interface HealthParts {
  readonly fetch: (url: string) => Promise<Response>;
  readonly clock: Clock;
}

interface HealthOptions {
  readonly config?: string;
  readonly port?: number;
  readonly ready?: boolean;
  readonly url?: string;
}

const LIMIT_MS = 3000;
const MAX_SHOWN = 500;

/** `health`: asks a process on this machine how it is, where no other program could. */
export function healthCommand(
  io: CliIo,
  parts: HealthParts = { fetch: (url) => fetch(url), clock: systemClock },
): Command {
  return new Command("health")
    .description(
      "Asks the bot that runs on this machine whether it lives. Exits with 0 if it does, else\n" +
        "with 1. It is what containers and service managers call.",
    )
    .option("--config <file>", "the file of the bot, which may name another address")
    .option("--port <number>", "port of the status pages, in place of health_port", parsePort)
    .option("--ready", "ask whether it quotes, not whether it lives")
    .option("--url <address>", "ask this address, such as that of `exchange`: /health")
    .action(async (options: HealthOptions) => {
      const url = options.url ?? await healthAddress(io, options);
      if (url !== null) await ask(url, io, parts);
    });
}

/** Where the bot answers; null, after saying why, if its configuration cannot be used. */
async function healthAddress(
  io: CliIo,
  { config: file, port, ready }: HealthOptions,
): Promise<string | null> {
  const result = await readConfig(io, file);
  if (!result.ok) {
    for (const finding of result.findings) io.writeError(`${formatFinding(finding)}\n`);
    io.setExitCode(ExitCode.USAGE);
    return null;
  }
  const { healthHost, healthPort } = result.config.global;
  return `${healthUrl(healthHost, port ?? healthPort)}/health/${ready ? "ready" : "live"}`;
}

async function ask(url: string, io: CliIo, { fetch, clock }: HealthParts): Promise<void> {
  const answer = await withTimeout(clock, LIMIT_MS, answerOf(url, fetch)).catch(String);
  if (answer === null) return io.write(`${url}: well\n`);
  const problem = answer === TIMED_OUT ? `no answer within ${LIMIT_MS} ms` : answer;
  io.writeError(`${url}: ${problem}\n`);
  io.setExitCode(ExitCode.PROBLEM);
}

/** What is wrong, null if the answer says that nothing is. */
async function answerOf(url: string, fetch: HealthParts["fetch"]): Promise<string | null> {
  const response = await fetch(url);
  const text = await response.text();
  return response.ok ? null : `${response.status} ${text.slice(0, MAX_SHOWN)}`;
}
