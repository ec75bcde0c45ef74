import { Command } from "commander";
import type { CliIo } from "../../src/cli/cli_io.ts";
import { CONTENDER_NAMES, type ContenderName, CONTENDERS } from "../lab/makers/mod.ts";
import { mergedSettings } from "../lab/settings.ts";
import { replayScenario } from "../replay/replay_scenario.ts";
import { badRowsReport, parseTape, TAPE_COLUMNS, TapeError } from "../replay/tape_file.ts";
import { singleSettings } from "./lab_run.ts";
import { type RunOptions, simulateEach, tell, wireResult } from "./run_results.ts";
import {
  collected,
  namesOption,
  refusingBadInput,
  seedOption,
  wholeNumberOption,
} from "./usage.ts";

interface ReplayOptions extends RunOptions {
  readonly maker: readonly ContenderName[];
  readonly anchor?: number;
  readonly outcome?: readonly ("YES" | "NO")[];
  readonly set: readonly string[];
}

const ABOUT = `Feeds recorded trades to the bot, each as an order that takes up to its price.

The file has the columns ${TAPE_COLUMNS.join(", ")}: CSV with a heading, or JSONL with one object
a line if its name ends in .jsonl. time is ISO 8601 with a zone or epoch milliseconds and never
falls; price is in YES cents, 1 to 99; size in whole shares; taker_side is BUY or SELL, of YES.
Bad rows are named with their lines; more than 1 % of them stop the run with exit code 2.`;

/** `sim replay`. */
export function replayCommand(io: CliIo): Command {
  return new Command("replay")
    .description(ABOUT)
    .summary("feeds recorded trades to the bot")
    .argument("<file>", "recorded trades, .csv or .jsonl")
    .option(
      "--maker <name>",
      `one of ${CONTENDER_NAMES.join(", ")}`,
      namesOption(CONTENDER_NAMES),
      [
        "standard",
      ],
    )
    .option(
      "--anchor <cents>",
      "what the bot is told (default: the first price)",
      wholeNumberOption(1, 99),
    )
    .option(
      "--outcome <result>",
      "YES or NO: settles the market after the last trade",
      namesOption(["YES", "NO"]),
    )
    .option(
      "--set <name=value>",
      "a setting of the bot that differs from the default, repeatable",
      collected,
      [],
    )
    .option("--seed <number>", "the same seed gives the same run", seedOption, 1)
    .option("--json", "the result as JSON on standard output")
    .option("--report <file>", "writes a page with charts; it needs nothing from outside")
    .action((file: string, options: ReplayOptions) =>
      refusingBadInput(io, () => runReplay(file, options, io))
    );
}

async function runReplay(file: string, options: ReplayOptions, io: CliIo): Promise<void> {
  const { maker: [maker = "standard"], anchor, outcome: [outcome] = [], set } = options;
  const text = await io.readTextFile(file).catch((cause) => {
    throw new TapeError(`Cannot read ${file}: ${cause.message}`, { cause });
  });
  const tape = parseTape(file, text);
  if (tape.bad.length > 0) io.writeError(`${file}: ${badRowsReport(tape.bad, tape.rows)}\n`);
  const scenario = replayScenario(tape, { file, anchorCents: anchor, outcome });
  const { createService, isBot, settings } = CONTENDERS[maker];
  const results = await simulateEach([scenario], options, io, {
    createService,
    keepsBooks: isBot,
    settings: mergedSettings({ market: settings }, singleSettings(set)),
  });
  await tell(results, wireResult(results[0]), options, io);
}
