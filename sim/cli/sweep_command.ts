import { Command } from "commander";
import type { CliIo } from "../../src/cli/cli_io.ts";
import { frontier } from "../lab/frontier.ts";
import { CONTENDER_NAMES, type ContenderName, CONTENDERS } from "../lab/makers/mod.ts";
import { checkTogether, parseSetting, SettingError } from "../lab/settings.ts";
import { type Comparative, summaryOf } from "../lab/compare.ts";
import { sweepVariants } from "../lab/variants.ts";
import { sweepPage } from "../report/sweep_page.ts";
import {
  experiment,
  type LabOptions,
  showTables,
  tellViolations,
  wireCell,
  withLabOptions,
  withSettings,
} from "./lab_run.ts";
import { marketsFor } from "./scenario_choice.ts";
import { namesOption, refusingBadInput } from "./usage.ts";

interface SweepOptions extends LabOptions {
  readonly maker: readonly ContenderName[];
}

/** More settings at once than anybody waits for. */
const MOST_VARIANTS = 1_000;

const BOTS = CONTENDER_NAMES.filter((name) => CONTENDERS[name].isBot);

/** `sim sweep`. */
export function sweepCommand(io: CliIo): Command {
  const command = withLabOptions(new Command("sweep"), 20)
    .description("Runs the bot with every value of a setting, and marks the frontier.")
    .option("--maker <name>", `one of ${BOTS.join(", ")}`, namesOption(BOTS), ["standard"]);
  return withSettings(
    command,
    "name=first..last:count, such as gamma_tier_mid=0.05..0.5:6, or name=value; repeatable",
  ).action((options: SweepOptions) => refusingBadInput(io, () => runSweep(options, io)));
}

async function runSweep(options: SweepOptions, io: CliIo): Promise<void> {
  const { seeds, seed, set, maker: [maker = "standard"], json, report } = options;
  if (set.length === 0) {
    throw new SettingError("Nothing to sweep: give --set name=first..last:count");
  }
  const variants = sweepVariants(maker, set.map(parseSetting));
  if (variants.length > MOST_VARIANTS) {
    throw new SettingError(`Cannot sweep ${variants.length} settings: ${MOST_VARIANTS} at most`);
  }
  variants.forEach(({ settings }) => checkTogether(settings));
  const markets = await marketsFor(options.markets, io);
  const compared = await experiment({ variants, markets, seeds, seed }, options, io);
  if (json === true) io.write(`${JSON.stringify(wireSweep(compared, variants), null, 2)}\n`);
  else {
    showTables(compared, io);
    io.write(`Frontier: ${frontier(summaryOf(compared)).map(({ maker }) => maker).join(", ")}\n`);
  }
  tellViolations(compared, io);
  if (report === undefined) return;
  const about = `${maker} with ${set.join(" and ")}, ${seeds} seeds from ${seed}.`;
  await io.writeTextFile(report, sweepPage(compared, about));
}

/** The cells, each with its settings and whether no other of its market beats it. */
function wireSweep({ cells }: Comparative, variants: ReturnType<typeof sweepVariants>): unknown {
  const best = new Set(
    [...new Set(cells.map(({ marketType }) => marketType))].flatMap((market) =>
      frontier(cells.filter(({ marketType }) => marketType === market))
    ),
  );
  return cells.map((cell) => {
    const settings = variants.find(({ name }) => name === cell.maker)?.settings;
    return {
      settings: { ...settings?.market, ...settings?.global },
      on_frontier: best.has(cell),
      ...wireCell(cell),
    };
  });
}
