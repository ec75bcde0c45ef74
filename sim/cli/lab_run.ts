/** What `sim compare` and `sim sweep` have in common. */

import { Command } from "commander";
import { type CliIo, ExitCode } from "../../src/cli/cli_io.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { snakeCase } from "../../src/runtime/wire.ts";
import type { BotSettings } from "../bot_config.ts";
import { type Cell, type Comparative, compare, type Comparison } from "../lab/compare.ts";
import { availableWorkers } from "../lab/crew.ts";
import { checkTogether, parseSetting, SettingError, settingsOf } from "../lab/settings.ts";
import { MARKET_TYPE_NAMES } from "../lab/market_types.ts";
import { qualityTable, riskTable } from "../report/estimates.ts";
import { progressBar } from "./progress.ts";
import { textTable } from "./text_table.ts";
import { collected, seedOption, wholeNumberOption } from "./usage.ts";

/** Options that every experiment has. */
export interface LabOptions {
  readonly seeds: number;
  readonly seed: number;
  readonly markets: string;
  readonly set: readonly string[];
  readonly workers: number;
  readonly json?: boolean;
  readonly report?: string;
}

/** Enough for any figure, and a limit. */
const MOST_SEEDS = 100_000;

/** Adds the options that every experiment has. */
export function withLabOptions(command: Command, defaultSeeds: number): Command {
  return command
    .option("--seeds <number>", "runs of each cell", wholeNumberOption(1, MOST_SEEDS), defaultSeeds)
    .option(
      "--seed <number>",
      "the first seed; the same seeds give the same figures",
      seedOption,
      1,
    )
    .option(
      "--markets <names>",
      "kinds of market, scenarios of `sim list` or YAML files, separated by commas",
      MARKET_TYPE_NAMES.join(","),
    )
    .option(
      "--workers <number>",
      "how many threads work at the same time",
      wholeNumberOption(1, 256),
      availableWorkers(),
    )
    .option("--json", "cells as JSON on standard output")
    .option("--report <file>", "writes a page with charts; it needs nothing from outside");
}

/** Adds `--set`, which may be repeated. */
export function withSettings(command: Command, description: string): Command {
  return command.option("--set <name=value>", description, collected, []);
}

/**
 * Settings with one value each.
 * @throws SettingError that says what is wrong
 */
export function singleSettings(texts: readonly string[]): BotSettings {
  const chosen = texts.map((text) => {
    const range = parseSetting(text);
    if (range.values.length === 1) return { range, value: range.values[0] };
    throw new SettingError(
      `Cannot use ${text}: one value is wanted here; \`sim sweep\` takes more`,
    );
  });
  const settings = settingsOf(chosen);
  checkTogether(settings);
  return settings;
}

/** Runs an experiment behind a progress bar. */
export async function experiment(
  plan: Comparison,
  { workers }: LabOptions,
  io: CliIo,
): Promise<Comparative> {
  const progress = progressBar(io, systemClock);
  const total = plan.seeds * plan.variants.length * plan.markets.length;
  try {
    return await compare(plan, {
      workers,
      onDone: (done) => progress.show(`${done} of ${total} runs`, done / total),
    });
  } finally {
    progress.end();
  }
}

/** Prints tables: all markets together, and each of them. */
export function showTables({ cells, overall }: Comparative, io: CliIo): void {
  for (const tableOf of [qualityTable, riskTable]) {
    io.write(`${textTable(tableOf([...cells, ...overall]))}\n`);
  }
}

/** Shows what must never happen and did; it makes the exit code 1. */
export function tellViolations({ cells }: Comparative, io: CliIo): void {
  for (const { maker, marketType, violations } of cells) {
    for (const violation of violations) {
      io.writeError(`${maker} in ${marketType}, ${violation}\n`);
      io.setExitCode(ExitCode.PROBLEM);
    }
  }
}

/** A cell as JSON shows it: its figures under their names. */
export function wireCell({ estimates, ...cell }: Cell): Record<string, unknown> {
  const head = Object.entries(cell).map(([name, value]) => [snakeCase(name), value]);
  return { ...Object.fromEntries(head), ...estimates };
}
