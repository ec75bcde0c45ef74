import type { CliIo } from "../../src/cli/cli_io.ts";
import { nearest } from "../../src/config/nearest.ts";
import { MARKET_TYPE_NAMES } from "../lab/market_types.ts";
import type { TrialMarket } from "../lab/trial.ts";
import { allScenarios, scenarioNamed, situations } from "../scenario/library.ts";
import { parseScenario, ScenarioError } from "../scenario/load.ts";
import type { Scenario } from "../scenario/schema.ts";

/**
 * A scenario by its name, or from a file if the name looks like one.
 * @throws ScenarioError if there is none or it cannot be used
 */
export async function scenarioFor(name: string, io: CliIo): Promise<Scenario> {
  if (!isFile(name)) return scenarioNamed(name);
  const text = await io.readTextFile(name).catch((cause) => {
    throw new ScenarioError(`Cannot read scenario ${name}: ${cause.message}`, { cause });
  });
  return parseScenario(name, text);
}

/**
 * Kinds of market, scenarios and files of scenarios by their names, separated by commas.
 * @throws ScenarioError if there is none of a name
 */
export async function marketsFor(names: string, io: CliIo): Promise<TrialMarket[]> {
  const chosen: TrialMarket[] = [];
  for (const name of new Set(names.split(",").map((word) => word.trim()))) {
    const type = MARKET_TYPE_NAMES.find((known) => known === name);
    if (type === undefined && !isFile(name)) requireKnown(name);
    chosen.push(type ?? await scenarioFor(name, io));
  }
  return chosen;
}

function requireKnown(name: string): void {
  const known = [
    ...MARKET_TYPE_NAMES,
    ...[...allScenarios(), ...situations()].map(({ name }) => name),
  ];
  if (known.includes(name)) return;
  const like = nearest(name, known);
  const hint = like === null ? "" : ` (did you mean ${like}?)`;
  throw new ScenarioError(`Unknown market ${name}${hint}; there are ${known.join(", ")}`);
}

function isFile(name: string): boolean {
  return /[\\/]|\.ya?ml$/.test(name);
}
