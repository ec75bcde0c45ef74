import { Command } from "commander";
import type { EffectiveSettings } from "../config/effective.ts";
import { errorsIn, type Finding, formatFinding } from "../config/finding.ts";
import { configJsonSchema } from "../config/json_schema.ts";
import type { LoadedConfig, LoadResult } from "../config/load_config.ts";
import { formatOrigin, type Setting, type Settings } from "../config/origin.ts";
import { readConfig } from "../config/packaged.ts";
import { asProfileOf } from "../config/presets.ts";
import { inCatalogueOrder, publicSettings, shownValue } from "../config/public_settings.ts";
import type { Scope } from "../config/registry.ts";
import { showValue } from "../config/value.ts";
import { type CliIo, ExitCode } from "./cli_io.ts";
import { editCommands, type EditParts, realEditParts } from "./config_edit_commands.ts";

interface ShowOptions {
  readonly config?: string;
  readonly market?: string;
  readonly json?: boolean;
}

/**
 * `config check FILE`, `config show` and `config schema` for the files; `config set` and others for
 * a running bot.
 */
export function configCommand(io: CliIo, parts: EditParts = realEditParts): Command {
  const command = new Command("config")
    .description("Checks and explains configurations, and changes that of a running bot.");
  command.command("check")
    .description("Lists everything that is wrong with a configuration file.")
    .argument("<file>", "a YAML file as for `start --config`")
    .option("--json", "an object {ok, findings} on standard output")
    .action((file: string, { json }: { json?: boolean }) => check(io, file, json === true));
  command.command("show")
    .description("Shows every effective value and the layer it came from.")
    .option("--config <file>", "a YAML file as for `start --config`")
    .option("--market <id>", "only the settings of this market")
    .option("--json", "an object {mode, global, markets} on standard output")
    .action((options: ShowOptions) => show(io, options));
  command.command("schema")
    .description("Prints a JSON Schema of the configuration file, for editors.")
    .action(() => io.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`));
  for (const edit of editCommands(io, parts)) command.addCommand(edit);
  return command;
}

async function check(io: CliIo, file: string, json: boolean): Promise<void> {
  const result = await readConfig(io, file);
  const findings = result.ok ? result.warnings : result.findings;
  if (json) {
    io.write(`${JSON.stringify({ ok: result.ok, findings }, null, 2)}\n`);
  } else {
    writeFindings((text) => io.write(text), findings);
    const markets = result.ok ? `, ${plural(result.config.markets.size, "market")}` : "";
    const verdict = result.ok ? `valid (${result.config.mode}${markets})` : "not valid";
    io.write(`${file} is ${verdict}: ${counted(findings)}\n`);
  }
  io.setExitCode(checkExitCode(result));
}

/** Checking found a problem; but a file that cannot be read, or is no YAML, was not checked. */
function checkExitCode(result: LoadResult): ExitCode {
  if (result.ok) return ExitCode.OK;
  const unchecked = result.findings.some(({ code }) => code === "UNREADABLE" || code === "YAML");
  return unchecked ? ExitCode.USAGE : ExitCode.PROBLEM;
}

function writeFindings(write: (text: string) => void, findings: readonly Finding[]): void {
  for (const finding of findings) write(`${formatFinding(finding)}\n`);
}

function counted(findings: readonly Finding[]): string {
  const errors = errorsIn(findings).length;
  const warnings = findings.length - errors;
  return `${plural(errors, "error")}, ${plural(warnings, "warning")}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

async function show(io: CliIo, { config: file, market, json }: ShowOptions): Promise<void> {
  const result = await readConfig(io, file);
  if (!result.ok) {
    writeFindings((text) => io.writeError(text), result.findings);
    io.setExitCode(ExitCode.USAGE);
    return;
  }
  const ids = [...result.origins.markets.keys()];
  if (market !== undefined && !ids.includes(market)) {
    io.writeError(`error: there is no market ${market}; there are ${ids.join(", ")}\n`);
    io.setExitCode(ExitCode.USAGE);
    return;
  }
  if (json === true) {
    io.write(`${JSON.stringify(asJson(result.origins, market), null, 2)}\n`);
  } else {
    io.write(asText(result, market));
  }
}

function asText({ origins, config }: LoadedConfig, market: string | undefined): string {
  const lines = [settingLine("mode", origins.mode.value, origins.mode)];
  if (market === undefined) lines.push("", "# global", ...blockLines("global", origins.global));
  for (const [id, settings] of origins.markets) {
    if (market !== undefined && id !== market) continue;
    const values = config.markets.get(id);
    const profile = values === undefined ? "" : ` (A-S profile ${asProfileOf(values)})`;
    lines.push("", `# market ${id}${profile}`, ...blockLines("market", settings));
  }
  return `${lines.join("\n")}\n`;
}

function blockLines(scope: Scope, settings: Settings): string[] {
  return inCatalogueOrder(scope, settings).map(([name, setting]) =>
    settingLine(name, shownValue(scope, name, setting), setting)
  );
}

function settingLine(name: string, value: unknown, { origin }: Setting): string {
  const text = typeof value === "string" ? value : showValue(value);
  return `${name.padEnd(40)} ${text.padEnd(24)} ${formatOrigin(origin)}`;
}

function asJson(origins: EffectiveSettings, market: string | undefined) {
  const chosen = [...origins.markets].filter(([id]) => market === undefined || id === market);
  const markets = chosen.map(([id, settings]) => [id, publicSettings("market", settings)] as const);
  return {
    mode: { value: origins.mode.value, origin: formatOrigin(origins.mode.origin) },
    ...(market === undefined && { global: publicSettings("global", origins.global) }),
    markets: Object.fromEntries(markets),
  };
}
