/** What `sim run`, `sim all` and `sim replay` do with scenarios and their results. */

import { type CliIo, ExitCode } from "../../src/cli/cli_io.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { HTTP_LIMITS, toWire } from "../../src/runtime/wire.ts";
import { createService } from "../../src/service/service.ts";
import { formatDuration } from "../duration.ts";
import type { MarketResult, SimulationResult } from "../harness/result.ts";
import { simulate, type SimulateOptions } from "../harness/simulate.ts";
import { explanationRows } from "../report/explanation_rows.ts";
import { reportPage } from "../report/page.ts";
import { SUMMARY_HEADINGS, summaryCells, verdict } from "../report/summary.ts";
import { ScenarioError } from "../scenario/load.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Wire } from "../wire.ts";
import { progressBar } from "./progress.ts";
import { textTable } from "./text_table.ts";

/** Options that every run has. */
export interface RunOptions {
  readonly seed: number;
  /** How the bot reaches the exchange; in the process if left out. */
  readonly wire?: Wire;
  readonly json?: boolean;
  readonly report?: string;
  /** Show the cycles that are in force at this time since the beginning. */
  readonly explain?: number;
}

/** How the bot is run in it, if not as it is. */
export type RunAs = Partial<
  Pick<SimulateOptions, "createService" | "settings" | "keepsBooks">
>;

/**
 * Runs scenarios one after the other behind a progress bar.
 * @throws ScenarioError if a time that is to be explained comes after the end
 */
export async function simulateEach(
  scenarios: readonly Scenario[],
  { seed, wire = "in-process", explain }: RunOptions,
  io: CliIo,
  runAs: RunAs = {},
): Promise<SimulationResult[]> {
  scenarios.forEach((scenario) => requireTime(scenario, explain));
  const progress = progressBar(io, systemClock);
  const results: SimulationResult[] = [];
  try {
    for (const [index, scenario] of scenarios.entries()) {
      results.push(
        await simulate({
          scenario,
          seed,
          wire,
          createService,
          wallClock: systemClock,
          onProgress: (share) => progress.show(scenario.name, (index + share) / scenarios.length),
          ...(explain === undefined ? {} : { explainAtMs: explain }),
          ...runAs,
        }),
      );
    }
  } finally {
    progress.end();
  }
  return results;
}

function requireTime({ name, duration }: Scenario, explain: number | undefined): void {
  if (explain === undefined || explain <= duration) return;
  const [wanted, length] = [explain, duration].map(formatDuration);
  throw new ScenarioError(`Cannot explain ${name} at ${wanted}: it takes ${length}`);
}

/** Shows what came out; violations make the exit code 1. */
export async function tell(
  results: readonly SimulationResult[],
  wire: unknown,
  { json, report, explain }: RunOptions,
  io: CliIo,
): Promise<void> {
  if (json === true) io.write(`${JSON.stringify(wire, null, 2)}\n`);
  else {
    io.write(shown(results));
    if (explain !== undefined) {
      for (const market of results.flatMap(({ markets }) => markets)) {
        io.write(`\n${shownExplanation(market, explain)}`);
      }
    }
  }
  if (results.some(({ violations }) => violations.length > 0)) io.setExitCode(ExitCode.PROBLEM);
  if (report !== undefined) await io.writeTextFile(report, reportPage(results));
}

/**
 * A result as JSON shows it: without what only the charts need, and with the explained cycles if
 * they were asked for.
 */
export function wireResult(
  result: SimulationResult | undefined,
  { explain }: Pick<RunOptions, "explain"> = {},
): unknown {
  const markets = result?.markets.map((market) => {
    const { samples: _, lastQuote: __, figures: ___, explained, ...rest } = market;
    return explain === undefined ? rest : { ...rest, explained };
  });
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

/** The cycle that was in force, term by term. */
function shownExplanation({ marketId, explained }: MarketResult, explain: number): string {
  const heading = `${marketId} at ${formatDuration(explain)}`;
  if (explained === null) return `${heading}: there was no cycle yet\n`;
  const { cycle, lifecycle, phase, note } = explained;
  const parts = explanationRows(explained).filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) =>
      `${title}\n${textTable(rows.map(([term, value]) => [`  ${term}`, value]))}`
    );
  const why = note === null ? "" : `, ${note}`;
  return [`${heading}: cycle ${cycle}, ${lifecycle}, ${phase}${why}\n`, ...parts].join("");
}
