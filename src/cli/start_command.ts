import { Command, InvalidArgumentError } from "commander";
import { processConfig } from "../config/effective.ts";
import { formatFinding } from "../config/finding.ts";
import type { LoadedConfig } from "../config/load_config.ts";
import { mergeSettings } from "../config/origin.ts";
import { readConfig } from "../config/packaged.ts";
import type { Listen } from "../http/health_server.ts";
import { calmLogger } from "../runtime/calm_logger.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { EventHub } from "../runtime/event_hub.ts";
import type { LogLevel } from "../runtime/log.ts";
import { prettyLine } from "../runtime/pretty_line.ts";
import { type Random, systemRandom } from "../runtime/random.ts";
import type { Composition, CompositionOptions } from "../service/compose.ts";
import { banner } from "./banner.ts";
import { type CliIo, ExitCode, type ProcessEvents } from "./cli_io.ts";
import { parsePort } from "./parse_port.ts";
import { runBot } from "./run_bot.ts";
import { VERSION } from "./version.ts";

/** What the command takes from the machine; a test gives its own. */
export interface StartParts {
  readonly compose: (options: CompositionOptions) => Promise<Composition>;
  readonly clock: Clock;
  readonly random: Random;
  readonly listen?: Listen;
}

interface StartOptions {
  readonly config?: string;
  readonly port?: number;
  readonly logLevel?: LogLevel;
  readonly pretty?: boolean;
}

const LOG_LEVELS: readonly LogLevel[] = ["DEBUG", "INFO", "WARN", "ERROR"];

/** `start`: runs the market maker until it is told to stop. */
export function startCommand(io: CliIo & ProcessEvents, parts: StartParts = realParts()): Command {
  return new Command("start")
    .description(
      "Runs the market maker until Ctrl-C or SIGTERM. Without a configuration that says\n" +
        "`mode: live` it trades on paper, on an exchange inside the process.",
    )
    .option("--config <file>", "a YAML file whose settings win over config/default.yaml")
    .option("--port <number>", "port of the status pages, in place of health_port", parsePort)
    .option("--log-level <level>", `${LOG_LEVELS.join(", ")}; in place of log_level`, parseLevel)
    .option("--pretty", "write the log for people, not as one JSON object per line")
    .action((options: StartOptions) => start(io, parts, options));
}

function realParts(): StartParts {
  return {
    // Loaded late, so that `start --help` and a broken configuration answer at once.
    compose: async (options) => (await import("../service/compose.ts")).composeService(options),
    clock: systemClock,
    random: systemRandom(),
  };
}

async function start(
  io: CliIo & ProcessEvents,
  { compose, ...parts }: StartParts,
  options: StartOptions,
): Promise<void> {
  const result = await readConfig(io, options.config);
  if (!result.ok) {
    const findings = result.findings.map((finding) => `${formatFinding(finding)}\n`);
    io.writeError(`${findings.join("")}The configuration is not valid; nothing was started.\n`);
    io.setExitCode(ExitCode.USAGE);
    return;
  }
  const loaded = withOptions(result, options);
  const { config, warnings } = loaded;
  // Loaded late: the package asks for the host name as soon as it is imported, which help does not
  // need.
  const { pinoLogger } = await import("../runtime/pino_logger.ts");
  const sink = pinoLogger({
    level: config.global.logLevel,
    clock: parts.clock,
    write: options.pretty ? (line) => io.write(prettyLine(line, io.isTerminal)) : io.write,
  });
  const hub = new EventHub(parts.clock);
  const log = hub.feed(calmLogger(sink, parts.clock));
  io.writeError(banner(config));
  log.log("INFO", "process_started", {
    version: VERSION,
    mode: config.mode,
    markets: [...config.markets.keys()],
  });
  for (const finding of warnings) log.log("WARN", "config_finding", { ...finding });
  await runBot({
    ...parts,
    config,
    io,
    events: io,
    log,
    hub,
    setLogLevel: (level) => sink.setLevel(level),
    compose: () =>
      compose({ ...parts, loaded, log, onGlobal: ({ logLevel }) => sink.setLevel(logLevel) }),
  });
}

/** The configuration with what the command line says in place of a setting. */
function withOptions(loaded: LoadedConfig, { port, logLevel }: StartOptions): LoadedConfig {
  const given = Object.entries({ health_port: port, log_level: logLevel })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, { value, origin: COMMAND_LINE }] as const);
  const global = mergeSettings(loaded.origins.global, new Map(given));
  const origins = { ...loaded.origins, global };
  return { ...loaded, origins, config: processConfig(origins) };
}

const COMMAND_LINE = { layer: "derived", reason: "an option of the command" } as const;

function parseLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text.toUpperCase());
  if (level !== undefined) return level;
  throw new InvalidArgumentError(`It must be one of ${LOG_LEVELS.join(", ")}.`);
}
