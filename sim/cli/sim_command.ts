import { Command, InvalidArgumentError, Option } from "commander";
import type { CliIo, ProcessEvents } from "../../src/cli/cli_io.ts";
import { parseDuration } from "../duration.ts";
import { allScenarios, situations } from "../scenario/library.ts";
import { WIRES } from "../wire.ts";
import { compareCommand } from "./compare_command.ts";
import { evidenceCommand } from "./evidence_command.ts";
import { faultsCommand } from "./faults_command.ts";
import { replayCommand } from "./replay_command.ts";
import { type RunOptions, simulateEach, tell, wireResult } from "./run_results.ts";
import { scenarioFor } from "./scenario_choice.ts";
import { sweepCommand } from "./sweep_command.ts";
import { textTable } from "./text_table.ts";
import { refusingBadInput, seedOption } from "./usage.ts";

/** `sim list`, `sim run NAME`, `sim all`, and the experiments of the laboratory. */
export function simCommand(io: CliIo & ProcessEvents): Command {
  const command = new Command("sim")
    .description("Runs the bot in simulated markets, as fast as the machine allows.");
  command.command("list")
    .description("Shows the scenarios that come with the program.")
    .option("--json", "an array of {name, description}")
    .action(({ json }: { json?: boolean }) => list(io, json === true));
  withRunOptions(command.command("run"))
    .description("Runs one scenario.")
    .argument("<name>", "a scenario of `sim list`, or the path of a YAML file")
    .option(
      "--explain <time>",
      "shows the quotes in force at that simulated time, such as 90m, term by term",
      timeOption,
    )
    .action((name: string, options: RunOptions) =>
      refusingBadInput(io, async () => {
        const scenario = await scenarioFor(name, io);
        const results = await simulateEach([scenario], options, io);
        await tell(results, wireResult(results[0], options), options, io);
      })
    );
  withRunOptions(command.command("all"))
    .description("Runs every scenario that comes with the program.")
    .action((options: RunOptions) =>
      refusingBadInput(io, async () => {
        const results = await simulateEach(allScenarios(), options, io);
        await tell(results, results.map((result) => wireResult(result)), options, io);
      })
    );
  command.addCommand(compareCommand(io));
  command.addCommand(sweepCommand(io));
  command.addCommand(evidenceCommand(io));
  command.addCommand(replayCommand(io));
  command.addCommand(faultsCommand(io));
  return command;
}

function withRunOptions(command: Command): Command {
  return command
    .option("--seed <number>", "the same seed gives the same run", seedOption, 1)
    .addOption(
      new Option("--wire <way>", "how the bot reaches the exchange; http is slower, nothing else")
        .choices(WIRES).default("in-process"),
    )
    .option("--json", "results as JSON on standard output")
    .option("--report <file>", "writes a page with charts; it needs nothing from outside");
}

function timeOption(text: string): number {
  const timeMs = parseDuration(text);
  if (timeMs !== null) return timeMs;
  throw new InvalidArgumentError(
    "It must be a time since the beginning, such as 90s, 15m or 1h30m.",
  );
}

function list(io: CliIo, json: boolean): void {
  const scenarios = [...allScenarios(), ...situations()].map(({ name, description }) => ({
    name,
    description,
  }));
  if (json) return io.write(`${JSON.stringify(scenarios, null, 2)}\n`);
  io.write(textTable(scenarios.map(({ name, description }) => [name, description])));
}
