import { Command } from "commander";
import { type CliIo, ExitCode } from "../../src/cli/cli_io.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { availableWorkers } from "../lab/crew.ts";
import {
  CHAPTER_NAMES,
  type ChapterName,
  type Evidence,
  evidenceDocument,
  type EvidencePlan,
  gatherEvidence,
  runsOf,
} from "../lab/evidence/evidence.ts";
import { progressBar } from "./progress.ts";
import { namesOption, refusingBadInput, seedOption, wholeNumberOption } from "./usage.ts";

interface EvidenceOptions extends EvidencePlan {
  readonly workers: number;
  readonly json?: boolean;
  readonly write?: boolean;
}

/** Where the document stands. */
const DOCUMENT = "docs/strategy-evidence.md";

/** Above all seeds that anybody chose a default with. */
const FRESH_SEED = 10_001;

/** `sim evidence`. */
export function evidenceCommand(io: CliIo): Command {
  return new Command("evidence")
    .description("Measures what the strategy and each part of it are worth, and writes it down.")
    .option(
      "--seeds <number>",
      "runs of each cell of the comparison; the other chapters take a part of them",
      wholeNumberOption(1, 10_000),
      40,
    )
    .option("--seed <number>", "the first seed", seedOption, FRESH_SEED)
    .option(
      "--chapters <names>",
      `out of ${CHAPTER_NAMES.join(", ")}`,
      namesOption<ChapterName>(CHAPTER_NAMES),
      CHAPTER_NAMES,
    )
    .option(
      "--workers <number>",
      "how many threads work at the same time",
      wholeNumberOption(1, 256),
      availableWorkers(),
    )
    .option("--write", `writes ${DOCUMENT} instead of showing the document`)
    .option("--json", "the tables as JSON on standard output")
    .action((options: EvidenceOptions) => refusingBadInput(io, () => tellEvidence(options, io)));
}

async function tellEvidence(options: EvidenceOptions, io: CliIo): Promise<void> {
  const evidence = await gathered(options, io);
  if (options.json === true) io.write(`${JSON.stringify(jsonOf(evidence), null, 2)}\n`);
  if (options.write === true) {
    await io.writeTextFile(DOCUMENT, evidenceDocument(evidence));
    io.writeError(`${DOCUMENT} was written: ${evidence.runs} runs\n`);
  } else if (options.json !== true) io.write(evidenceDocument(evidence));
  if (evidence.violations > 0) {
    io.writeError(`${evidence.violations} violations, named in the document\n`);
    io.setExitCode(ExitCode.PROBLEM);
  }
}

async function gathered(options: EvidenceOptions, io: CliIo): Promise<Evidence> {
  const progress = progressBar(io, systemClock);
  const total = runsOf(options);
  try {
    return await gatherEvidence(options, {
      workers: options.workers,
      onDone: (done) => progress.show(`${done} of ${total} runs`, done / total),
    });
  } finally {
    progress.end();
  }
}

function jsonOf({ seeds, seed, runs, violations, written }: Evidence) {
  return { seeds, seed, runs, violations, chapters: written };
}
