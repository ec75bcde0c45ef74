/** `deno task chart`: the picture of a simulated market that the README shows. */

import { Command } from "commander";
import { simulate } from "../sim/harness/simulate.ts";
import { scenarioNamed } from "../sim/scenario/library.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { createService } from "../src/service/service.ts";
import { fail, say } from "./process.ts";
import { runSvg } from "./run_svg.ts";

interface ChartOptions {
  readonly scenario: string;
  readonly seed: string;
  readonly output: string;
}

/**
 * Runs a scenario and draws its first market.
 * @throws ScenarioError for a name that does not exist
 */
export async function chart(name: string, seed: number): Promise<string> {
  const scenario = scenarioNamed(name);
  const result = await simulate({ scenario, seed, createService, wallClock: systemClock });
  const [market] = result.markets;
  if (market === undefined) throw new Error(`Cannot draw ${name}: it has no market`);
  const { twoSidedUptime, averageSpreadCents, ownTrades, pnlCents } = market;
  return runSvg(market, {
    title: `One simulated market: ${name}, seed ${seed}`,
    subtitle: `${(100 * twoSidedUptime).toFixed(0)} % of the time two-sided, ` +
      `${averageSpreadCents.toFixed(1)} ¢ spread, ${ownTrades} own trades, ` +
      `P&amp;L ${(pnlCents / 100).toFixed(2)} $ at the true price`,
  });
}

async function main(): Promise<void> {
  const { scenario, seed, output } = new Command("chart")
    .description("Draws a simulated market as SVG.")
    .option("--scenario <name>", "one of `deno task sim list`", "informed-flow")
    .option("--seed <number>", "the same seed gives the same picture", "1")
    .option("--output <file>", "where it goes", "docs/images/informed-flow.svg")
    .parse(Deno.args, { from: "user" }).opts<ChartOptions>();
  await Deno.writeTextFile(output, await chart(scenario, Number(seed)));
  say(`wrote ${output}`);
}

if (import.meta.main) await main().catch((error) => fail("chart", error));
