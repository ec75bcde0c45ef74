import { Command } from "commander";
import { type CliIo, ExitCode } from "../src/cli/cli_io.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { progressBar } from "../sim/cli/progress.ts";
import { namesOption } from "../sim/cli/usage.ts";
import { currentDigests, DIGEST_FILE } from "./digest.ts";
import { FAMILIES, FAMILY_NAMES, type FamilyName } from "./families.ts";
import { type Guard, guardOf, losses } from "./guard.ts";
import { thisMachine } from "./machine.ts";
import { performancePage } from "./page.ts";
import type { BenchResult } from "./result.ts";
import { runFamilies } from "./run_families.ts";
import { resultTable } from "./table.ts";

interface BenchOptions {
  readonly json?: boolean;
  readonly only?: readonly FamilyName[];
  readonly quick?: boolean;
  readonly check?: boolean;
  readonly write?: boolean;
  readonly digests?: boolean;
}

const GUARD_FILE = "bench/guard.json";
/** What no run can say: what was tried, and what it cost. */
const NOTES_FILE = "bench/notes.md";
const PAGE_FILE = "docs/performance.md";

/** `deno task bench`. */
export function benchCommand(io: CliIo): Command {
  return new Command("bench")
    .description("Measures the speed of the parts, each against something else in the same run.")
    .option("--json", "results as JSON on standard output")
    .option("--only <names>", `out of ${FAMILY_NAMES.join(", ")}`, namesOption(FAMILY_NAMES))
    .option("--quick", "a few short repetitions, to see that it works; writes and checks nothing")
    .option("--check", `compares the ratios with ${GUARD_FILE}; exits with 1 if a third was lost`)
    .option("--write", `writes ${PAGE_FILE} and ${GUARD_FILE}; takes all families`)
    .option("--digests", `writes ${DIGEST_FILE} and measures nothing; after the bot was changed`)
    .action((options: BenchOptions) => bench(options, io));
}

async function bench(options: BenchOptions, io: CliIo): Promise<void> {
  if (options.digests === true) {
    return await io.writeTextFile(
      DIGEST_FILE,
      `${JSON.stringify(await currentDigests(), null, 2)}\n`,
    );
  }
  const { only: families = FAMILY_NAMES, quick = false, check = false, write = false } = options;
  const mistake = mistakeIn(options);
  if (mistake !== null) {
    io.writeError(`${mistake}\n`);
    return io.setExitCode(ExitCode.USAGE);
  }
  const machine = thisMachine();
  const bar = progressBar(io, systemClock);
  const results = await runFamilies({ families, quick, onProgress: bar.show })
    .finally(() => bar.end());
  if (options.json === true) {
    io.write(`${JSON.stringify({ machine, quick, results: results.map(wire) }, null, 2)}\n`);
  } else {
    for (const name of families) {
      const own = results.filter((result) => result.name.startsWith(`${name}/`));
      io.write(`${FAMILIES[name].title}\n${resultTable(own)}\n`);
    }
  }
  if (check) await compareWithGuard(results, families, io);
  if (!write) return;
  await io.writeTextFile(GUARD_FILE, `${JSON.stringify(guardOf(results), null, 2)}\n`);
  const notes = await io.readTextFile(NOTES_FILE);
  await io.writeTextFile(PAGE_FILE, performancePage(results, { ...machine, notes }));
  io.writeError(`${PAGE_FILE} and ${GUARD_FILE} are written.\n`);
}

/** What cannot be asked for together, and what to do; null if all is well. */
function mistakeIn({ only = FAMILY_NAMES, quick, check, write }: BenchOptions): string | null {
  if (write && only.length < FAMILY_NAMES.length) {
    return "--write needs all families: leave --only out.";
  }
  if (quick && (check || write)) {
    return `${GUARD_FILE} and ${PAGE_FILE} hold whole measurements, and --quick leaves most of ` +
      "them out: leave --quick out.";
  }
  return null;
}

async function compareWithGuard(
  results: readonly BenchResult[],
  families: readonly FamilyName[],
  io: CliIo,
): Promise<void> {
  const guard = JSON.parse(await io.readTextFile(GUARD_FILE)) as Guard;
  const lost = losses(results, guard, families);
  for (const line of lost) io.writeError(`${line}\n`);
  if (lost.length > 0) io.setExitCode(ExitCode.PROBLEM);
}

/** A result in the words of JSON. */
function wire({ otherIs, ...result }: BenchResult) {
  return { ...result, other_is: otherIs };
}
