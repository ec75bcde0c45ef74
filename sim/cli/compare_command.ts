import { Command } from "commander";
import type { CliIo } from "../../src/cli/cli_io.ts";
import { GUARD_NAMES, type GuardName } from "../lab/guards.ts";
import { CONTENDER_NAMES, type ContenderName, CONTENDERS } from "../lab/makers/mod.ts";
import { variantsOf } from "../lab/variants.ts";
import { comparePage } from "../report/compare_page.ts";
import {
  experiment,
  type LabOptions,
  showTables,
  singleSettings,
  tellViolations,
  wireCell,
  withLabOptions,
  withSettings,
} from "./lab_run.ts";
import { marketsFor } from "./scenario_choice.ts";
import { namesOption, refusingBadInput } from "./usage.ts";

interface CompareOptions extends LabOptions {
  readonly makers?: readonly ContenderName[];
  readonly without?: readonly GuardName[];
}

/** `sim compare`. */
export function compareCommand(io: CliIo): Command {
  const command = withLabOptions(new Command("compare"), 200)
    .description("Lets different market makers meet the same traders, and compares the figures.")
    .option(
      "--makers <names>",
      `out of ${CONTENDER_NAMES.join(", ")} (default: all; with --without: standard)`,
      namesOption(CONTENDER_NAMES),
    )
    .option(
      "--without <guards>",
      `each bot once more without a guard, out of ${GUARD_NAMES.join(", ")}`,
      namesOption(GUARD_NAMES),
    );
  return withSettings(command, "a setting of the bot that differs from the default, repeatable")
    .action((options: CompareOptions) => refusingBadInput(io, () => runCompare(options, io)));
}

async function runCompare(options: CompareOptions, io: CliIo): Promise<void> {
  const { seeds, seed, without = [], json, report } = options;
  const makers = options.makers ?? (without.length > 0 ? ["standard" as const] : CONTENDER_NAMES);
  const markets = await marketsFor(options.markets, io);
  const variants = variantsOf({ makers, without, settings: singleSettings(options.set) });
  const compared = await experiment({ variants, markets, seeds, seed }, options, io);
  if (json === true) io.write(`${JSON.stringify(compared.cells.map(wireCell), null, 2)}\n`);
  else showTables(compared, io);
  tellViolations(compared, io);
  if (report === undefined) return;
  const about = makers.map((name) => `${name}: ${CONTENDERS[name].about}`).join("; ");
  await io.writeTextFile(report, comparePage(compared, `${seeds} seeds from ${seed}. ${about}.`));
}
