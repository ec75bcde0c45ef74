/** The commands that change settings of a running bot through its Redis. */

import { Command, InvalidArgumentError, Option } from "commander";
import { ConfigEditor } from "../config/hot/editor.ts";
import { GLOBAL, type OverrideStore } from "../config/hot/override_store.ts";
import { formatFinding } from "../config/finding.ts";
import { readConfig } from "../config/packaged.ts";
import type { GlobalConfig } from "../config/registry.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/log.ts";
import { type CliIo, ExitCode } from "./cli_io.ts";
import { historyText, outcomeText, overridesText } from "./config_edit_text.ts";

/** What the commands take from the machine; a test gives its own. */
export interface EditParts {
  readonly clock: Clock;
  /** Opens the store that a bot with these settings uses. */
  readonly open: (global: GlobalConfig) => Promise<OpenStore>;
}

/** A store that is to be closed. */
export interface OpenStore {
  readonly store: OverrideStore;
  close(): Promise<void>;
}

/** Options of every command. */
interface TargetOptions {
  readonly config?: string;
  readonly market?: string;
  readonly global?: boolean;
  readonly json?: boolean;
}

/** Options of the commands that write. */
interface WriteOptions extends TargetOptions {
  readonly operator: string;
  readonly reason: string;
  readonly approver?: string;
  readonly expectVersion?: number;
  readonly dryRun?: boolean;
}

/** How long a person waits for Redis. */
const TIMEOUT_MS = 5000;

/** The real outside: Redis. */
export const realEditParts: EditParts = {
  clock: systemClock,
  open: async ({ redisUrl }) => {
    // Loaded late: the package looks through the environment, which other commands do not need.
    const { RedisLink } = await import("../cache/redis_link.ts");
    const { RedisConfig } = await import("../cache/redis_config.ts");
    const link = new RedisLink({ url: redisUrl, timeoutMs: TIMEOUT_MS });
    try {
      await link.open();
    } catch (error) {
      await link.close();
      throw error;
    }
    return { store: new RedisConfig(link), close: () => link.close() };
  },
};

/** `config set`, `unset`, `preset`, `rollback`, `overrides` and `history`. */
export function editCommands(io: CliIo, parts: EditParts): readonly Command[] {
  return [
    ...writingCommands(io, parts),
    readingCommand("overrides", "Shows which settings of a running bot are overridden.")
      .action((options: TargetOptions) =>
        atDesk(io, parts, options, async (editor, target) => {
          const report = await editor.effective(target);
          io.write(options.json ? asJson(report) : overridesText(report));
        })
      ),
    readingCommand("history", "Shows who changed which settings, newest first.")
      .option("--limit <number>", "how many records", wholeNumber, 20)
      .action((options: TargetOptions & { readonly limit: number }) =>
        atDesk(io, parts, options, async (editor, target) => {
          const page = await editor.audit(target, { offset: 0, limit: options.limit });
          io.write(options.json ? asJson(page) : historyText(page));
        })
      ),
  ];
}

function writingCommands(io: CliIo, parts: EditParts): readonly Command[] {
  type Ttl = { readonly ttl?: number };
  const life = ({ ttl }: Ttl) => ttl === undefined ? {} : { ttlMs: ttl };
  const write = (options: WriteOptions, edit: Edit) => writeAt(io, parts, options, edit);
  return [
    writingCommand("set", "Changes settings of a running bot: all of them, or none.")
      .argument("<name=value...>", "settings; an empty value unsets", assignment, {})
      .addOption(ttlOption())
      .action((changes: Record<string, string>, options: WriteOptions & Ttl) =>
        write(
          options,
          (editor, request) => editor.change({ ...request, ...life(options), changes }),
        )
      ),
    writingCommand("unset", "Takes overrides back: the files are in force again.")
      .argument("[name...]", "settings")
      .option("--all", "every override")
      .option("--temporary", "those with a time limit, in place of the lasting ones")
      .action((names: string[], options: WriteOptions & UnsetOptions) => {
        if ((names.length > 0) === (options.all === true)) {
          return usage(io, "name the settings to take back, or --all");
        }
        const { temporary = false } = options;
        const chosen = options.all === true ? {} : { names };
        return write(
          options,
          (editor, request) => editor.remove({ ...request, temporary, ...chosen }),
        );
      }),
    writingCommand("preset", "Sets the values of a preset.")
      .argument("<name>", "such as high_volatility or near_expiry")
      .addOption(ttlOption())
      .action((preset: string, options: WriteOptions & Ttl) =>
        write(
          options,
          (editor, request) => editor.applyPreset({ ...request, ...life(options), preset }),
        )
      ),
    writingCommand("rollback", "Restores the overrides of an earlier version.")
      .argument("<version>", "as in the history; 0 takes every override back", wholeNumber)
      .action((version: number, options: WriteOptions) =>
        write(options, (editor, request) => editor.rollback({ ...request, version }))
      ),
  ];
}

interface UnsetOptions {
  readonly all?: boolean;
  readonly temporary?: boolean;
}

function readingCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--config <file>", "the YAML file of the bot")
    .option("--market <id>", "the settings of this market")
    .option("--global", "the settings of the process")
    .option("--json", "an object on standard output");
}

function writingCommand(name: string, description: string): Command {
  return readingCommand(name, description)
    .requiredOption("--operator <name>", "who you are")
    .requiredOption("--reason <text>", "why")
    .option("--approver <name>", "who else agrees; needed to loosen a limit that protects money")
    .option("--expect-version <number>", "write only on top of this version", wholeNumber)
    .option("--dry-run", "only say what would happen");
}

function ttlOption(): Option {
  return new Option("--ttl <time>", "take it back after this time, such as 90s, 30m or 4h")
    .argParser(milliseconds);
}

/** What an edit is asked for with, whatever it is. */
type Edit = (
  editor: ConfigEditor,
  request: Parameters<ConfigEditor["remove"]>[0],
) => ReturnType<ConfigEditor["change"]>;

async function writeAt(
  io: CliIo,
  parts: EditParts,
  options: WriteOptions,
  edit: Edit,
): Promise<void> {
  const { operator, reason, approver, expectVersion, dryRun, json } = options;
  await atDesk(io, parts, options, async (editor, target, reloadMs) => {
    const outcome = await edit(editor, {
      target,
      operator,
      reason,
      dryRun: dryRun === true,
      ...(approver !== undefined && { approver }),
      ...(expectVersion !== undefined && { expectedVersion: expectVersion }),
    });
    const isDone = outcome.kind === "written" || outcome.kind === "valid";
    if (json === true) io.write(asJson(outcome));
    else (isDone ? io.write : io.writeError)(outcomeText(target, outcome, reloadMs));
    if (!isDone) io.setExitCode(ExitCode.PROBLEM);
  });
}

/** Reads the configuration, opens its store and lets an editor work. */
async function atDesk(
  io: CliIo,
  { clock, open }: EditParts,
  options: TargetOptions,
  use: (editor: ConfigEditor, target: string, reloadMs: number) => Promise<void>,
): Promise<void> {
  const { market, global = false } = options;
  if ((market !== undefined) === global) return usage(io, "give --market ID or --global");
  const base = await readConfig(io, options.config);
  if (!base.ok) {
    return usage(io, base.findings.map(formatFinding).join("\n"));
  }
  const { stateStore, configReloadIntervalMs } = base.config.global;
  if (stateStore === "memory") {
    return usage(
      io,
      "this configuration keeps its state in memory (state_store), so no other process can reach " +
        "it; give the --config of a bot that uses Redis",
    );
  }
  const { store, close } = await open(base.config.global);
  try {
    const editor = new ConfigEditor({ base, store, clock, log: silentLogger });
    await use(editor, market ?? GLOBAL, configReloadIntervalMs);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    usage(io, error.message);
  } finally {
    await close();
  }
}

function usage(io: CliIo, message: string): void {
  io.writeError(`error: ${message}\n`);
  io.setExitCode(ExitCode.USAGE);
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function assignment(text: string, before: Readonly<Record<string, string>>) {
  const at = text.indexOf("=");
  if (at > 0) return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1) };
  throw new InvalidArgumentError("It must be NAME=VALUE, such as kappa=2.");
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number.");
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number {
  const [, amount = "", unit = ""] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs !== undefined) return Number(amount) * unitMs;
  throw new InvalidArgumentError("It must be a time such as 90s, 30m or 4h.");
}
