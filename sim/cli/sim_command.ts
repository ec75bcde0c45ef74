import { Command, InvalidArgumentError, Option } from "commander";
import { type CliIo, ExitCode } from "../../src/cli/cli_io.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { HTTP_LIMITS, toWire } from "../../src/runtime/wire.ts";
import { createService } from "../../src/service/service.ts";
import type { SimulationResult } from "../harness/result.ts";
import { simulate } from "../harness/simulate.ts";
import { reportPage } from "../report/page.ts";
import { SUMMARY_HEADINGS, summaryCells, verdict } from "../report/summary.ts";
import { allScenarios, scenarioNamed } from "../scenario/library.ts";
import { parseScenario, ScenarioError } from "../scenario/load.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type Wire, WIRES } from "../wire.ts";
import { faultsCommand } from "./faults_command.ts";
import { progressBar } from "./progress.ts";
import { textTable } from "./text_table.ts";

/** Options that every run has. */
interface RunOptions {
  readonly seed: number;
  readonly wire: Wire;
  readonly json?: boolean;
  readonly report?: string;
}

/** `sim list`, `sim run NAME`, `sim all` and `sim faults`. */
export function simCommand(io: CliIo): Command {
  const command = new Command("sim")
    .description("Runs the bot in simulated markets, as fast as the machine allows.");
  command.command("list")
    .description("Shows the scenarios that come with the program.")
    .option("--json", "an array of {name, description}")
    .action(({ json }: { json?: boolean }) => list(io, json === true));
  withRunOptions(command.command("run"))
    .description("Runs one scenario.")
    .argument("<name>", "a scenario of `sim list`, or the path of a YAML file")
    .action((name: string, options: RunOptions) =>
      refusingBadScenarios(io, async () => {
        const scenario = await scenarioFor(name, io);
        const results = await simulateEach([scenario], options, io);
        await tell(results, wireResult(results[0]), options, io);
      })
    );
  withRunOptions(command.command("all"))
    .description("Runs every scenario that comes with the program.")
    .action((options: RunOptions) =>
      refusingBadScenarios(io, async () => {
        const results = await simulateEach(allScenarios(), options, io);
        await tell(results, results.map(wireResult), options, io);
      })
    );
  command.addCommand(faultsCommand(io));
  return command;
}

function withRunOptions(command: Command): Command {
  return command
    .option("--seed <number>", "the same seed gives the same run", parseSeed, 1)
    .addOption(
      new Option("--wire <way>", "how the bot reaches the exchange; http is slower, nothing else")
        .choices(WIRES).default("in-process"),
    )
    .option("--json", "results as JSON on standard output")
    .option("--report <file>", "writes a page with charts; it needs nothing from outside");
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError(
    `It must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
  );
}

function list(io: CliIo, json: boolean): void {
  const scenarios = allScenarios().map(({ name, description }) => ({ name, description }));
  if (json) return io.write(`${JSON.stringify(scenarios, null, 2)}\n`);
  io.write(textTable(scenarios.map(({ name, description }) => [name, description])));
}

/** A scenario by its name, or from a file if the name looks like one. */
async function scenarioFor(name: string, io: CliIo): Promise<Scenario> {
  if (!/[\\/]|\.ya?ml$/.test(name)) return scenarioNamed(name);
  const text = await io.readTextFile(name).catch((cause) => {
    throw new ScenarioError(`Cannot read scenario ${name}: ${cause.message}`, { cause });
  });
  return parseScenario(name, text);
}

/** A scenario that cannot be used is a usage error: nothing was run. */
async function refusingBadScenarios(io: CliIo, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    io.writeError(`${error.message}\n`);
    io.setExitCode(ExitCode.USAGE);
  }
}

async function simulateEach(
  scenarios: readonly Scenario[],
  { seed, wire }: RunOptions,
  io: CliIo,
): Promise<SimulationResult[]> {
  const progress = progressBar(io, systemClock);
  const results: SimulationResult[] = [];
  try {
    for (const [index, scenario] of scenarios.entries()) {
      const onProgress = (share: number) =>
        progress.show(scenario.name, (index + share) / scenarios.length);
      const wallClock = systemClock;
      results.push(await simulate({ scenario, seed, wire, createService, wallClock, onProgress }));
    }
  } finally {
    progress.end();
  }
  return results;
}

/** Shows what came out; violations make the exit code 1. */
async function tell(
  results: readonly SimulationResult[],
  wire: unknown,
  { json, report }: RunOptions,
  io: CliIo,
): Promise<void> {
  io.write(json === true ? `${JSON.stringify(wire, null, 2)}\n` : shown(results));
  if (results.some(({ violations }) => violations.length > 0)) io.setExitCode(ExitCode.PROBLEM);
  if (report !== undefined) await io.writeTextFile(report, reportPage(results));
}

/** A result as JSON shows it: without what only the charts need. */
function wireResult(result: SimulationResult | undefined): unknown {
  const markets = result?.markets.map(({ samples: _samples, lastQuote: _quote, ...rest }) => rest);
  return toWire({ ...result, markets }, HTTP_LIMITS);
}

function shown(results: readonly SimulationResult[]): string {
  const heading = ["scenario", "seed", "result", ...SUMMARY_HEADINGS];
  const rows = results.map((result) => [
    result.scenario,
    String(result.seed),
    verdict(result),
    ...summaryCells(result),
  ]);
  const wrong = results.flatMap(({ scenario, violations }) =>
    violations.map((violation) => `${scenario}: ${violation}\n`)
  );
  return [textTable([heading, ...rows]), ...wrong].join("");
}
