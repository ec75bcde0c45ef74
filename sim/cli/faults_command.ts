import { Command, InvalidArgumentError } from "commander";
import { type CliIo, ExitCode, type ProcessEvents } from "../../src/cli/cli_io.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { HTTP_LIMITS, toWire } from "../../src/runtime/wire.ts";
import { availableWorkers, runSeeds, type SeedRange } from "../faults/crew.ts";
import { drawSchedule } from "../faults/draw.ts";
import { runFaults } from "../faults/run.ts";
import type { FaultSchedule } from "../faults/schedule.ts";
import { shrink } from "../faults/shrink.ts";
import { type FaultSummary, summaryOf, summaryText } from "../faults/summary.ts";
import { progressBar } from "./progress.ts";

interface FaultsOptions {
  readonly seeds?: number;
  readonly seed: number;
  readonly workers: number;
  readonly json?: boolean;
  readonly trace?: string;
  readonly shrink?: boolean;
}

/** `sim faults`. */
export function faultsCommand(io: CliIo & ProcessEvents): Command {
  return new Command("faults")
    .description("Runs the whole bot while everything goes wrong around it, and checks what holds.")
    .option("--seeds <number>", "how many seeds; 100, or 1 if --seed is given", parseCount)
    .option("--seed <number>", "the first seed; the same seed gives the same run", parseSeed, 1)
    .option("--workers <number>", "threads at the same time", parseCount, availableWorkers())
    .option("--json", "the summary as JSON on standard output")
    .option("--trace <file>", "writes the history of --seed, a line for each thing that happens")
    .option("--shrink", "looks for a smaller set of faults with which --seed still fails")
    .action(async (options: FaultsOptions, command: Command) => {
      const isChosen = command.getOptionValueSource("seed") === "cli";
      const range = { first: options.seed, count: options.seeds ?? (isChosen ? 1 : 100) };
      if (options.shrink === true) return await shrunk(options, io);
      const summary = await run(range, options, io);
      if (options.trace !== undefined) await trace(drawSchedule(options.seed), options.trace, io);
      io.write(options.json === true ? jsonOf(summary) : summaryText(summary));
      if (summary.violations.length > 0) io.setExitCode(ExitCode.PROBLEM);
    });
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError(
    `It must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
  );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 1_000_000) return count;
  throw new InvalidArgumentError("It must be a whole number from 1 to 1000000.");
}

async function run(
  range: SeedRange,
  { workers }: FaultsOptions,
  io: CliIo & ProcessEvents,
): Promise<FaultSummary> {
  const stop = new AbortController();
  const unregister = io.onStopSignal(() => stop.abort());
  const progress = progressBar(io, systemClock);
  const startedMs = systemClock.monotonicMs();
  const onDone = (done: number) =>
    progress.show(`${done} of ${range.count} seeds`, done / range.count);
  try {
    const results = await runSeeds(range, { workers, onDone, signal: stop.signal });
    if (results.length < range.count) {
      io.writeError(`stopped after ${results.length} of ${range.count} seeds\n`);
      io.setExitCode(ExitCode.PROBLEM);
    }
    return summaryOf(results, systemClock.monotonicMs() - startedMs);
  } finally {
    unregister();
    progress.end();
  }
}

function jsonOf(value: object): string {
  return `${JSON.stringify(toWire(value, HTTP_LIMITS), null, 2)}\n`;
}

/** Writes the schedule and everything that happens under it. */
async function trace(schedule: FaultSchedule, file: string, io: CliIo): Promise<void> {
  const { faults, ...world } = schedule;
  const planned = faults.map((fault) => `planned: ${JSON.stringify(fault)}`);
  const lines = [`world: ${JSON.stringify(world)}`, ...planned];
  await runFaults({ schedule, wallClock: systemClock, tell: (line) => void lines.push(line) });
  await io.writeTextFile(file, `${lines.join("\n")}\n`);
}

async function shrunk({ seed, trace: file, json }: FaultsOptions, io: CliIo): Promise<void> {
  const failures = async (schedule: FaultSchedule) => {
    const { violations } = await runFaults({ schedule, wallClock: systemClock });
    return violations.map(({ invariant }) => invariant);
  };
  const schedule = drawSchedule(seed);
  const [invariant] = await failures(schedule);
  if (invariant === undefined) return io.write(`seed ${seed} does not fail\n`);
  io.setExitCode(ExitCode.PROBLEM);
  const smaller = await shrink(
    schedule,
    async (left) => (await failures(left)).includes(invariant),
  );
  if (file !== undefined) await trace(smaller, file, io);
  if (json === true) return io.write(jsonOf({ invariant, schedule: smaller }));
  const faults = smaller.faults.map((fault) => `${JSON.stringify(fault)}\n`);
  io.write([`seed ${seed}: ${invariant} needs ${faults.length} faults\n`, ...faults].join(""));
}
