import type { BotSettings } from "../bot_config.ts";
import { Digest } from "../harness/digest.ts";
import { eachFigure, type FigureName } from "../harness/figures.ts";
import { type CrewOptions, runTrials } from "./crew.ts";
import type { ContenderName } from "./makers/mod.ts";
import { type Estimate, estimate, rootOf } from "./statistics.ts";
import type { Trial, TrialMarket, TrialOutcome } from "./trial.ts";

/** A market maker under the name by which it is shown, with settings of its own. */
export interface Variant {
  readonly name: string;
  readonly contender: ContenderName;
  readonly settings: BotSettings;
}

/** Who meets whom. */
export interface Comparison {
  readonly variants: readonly Variant[];
  readonly markets: readonly TrialMarket[];
  /** How many seeds; every variant meets the same ones. */
  readonly seeds: number;
  /** The first of them. */
  readonly seed: number;
}

/** What is known of one market maker in one kind of market, or in all of them. */
export interface Cell {
  readonly maker: string;
  readonly marketType: string;
  readonly seeds: number;
  /** Stands for all orders and trades of all its runs. */
  readonly digest: string;
  readonly estimates: Readonly<Record<FigureName, Estimate>>;
  /** The worst loss of all runs, cents. */
  readonly largestLossCents: number;
  /** What must never happen and did, with the seed. */
  readonly violations: readonly string[];
}

/** What came out. */
export interface Comparative {
  /** One for each pair of a market and a maker, market by market. */
  readonly cells: readonly Cell[];
  /** One for each maker over all markets, if there are several. */
  readonly overall: readonly Cell[];
}

/** The cells that say most: over all markets, or those of the only one. */
export function summaryOf({ cells, overall }: Comparative): readonly Cell[] {
  return overall.length > 0 ? overall : cells;
}

/** How the kinds of market together are called. */
export const ALL_MARKETS = "all together";

/** Lets market makers meet the same markets under the same seeds. */
export async function compare(plan: Comparison, crew: CrewOptions): Promise<Comparative> {
  const trials = trialsOf(plan);
  const outcomes = await runTrials(trials, crew);
  const runs = trials.map((trial, index) => ({ trial, outcome: outcomes[index] }))
    .flatMap(({ trial, outcome }) => outcome === undefined ? [] : [{ ...trial, outcome }]);
  const cells = plan.markets.flatMap((market) =>
    plan.variants.map(({ name }) =>
      cellOf(
        name,
        nameOf(market),
        runs.filter((run) => run.maker === name && run.market === market),
      )
    )
  );
  // Over one market there is nothing to put together.
  const together = plan.markets.length > 1 ? plan.variants : [];
  const overall = together.map(({ name }) =>
    cellOf(name, ALL_MARKETS, runs.filter((run) => run.maker === name))
  );
  return { cells, overall };
}

/** The name under which a market is shown. */
export function nameOf(market: TrialMarket): string {
  return typeof market === "string" ? market : market.name;
}

interface NamedTrial extends Trial {
  readonly maker: string;
}

interface Run {
  readonly seed: number;
  readonly outcome: TrialOutcome;
}

/** All trials, seed by seed, so that every cell grows at the same pace. */
function trialsOf({ variants, markets, seeds, seed: first }: Comparison): readonly NamedTrial[] {
  return Array.from({ length: seeds }, (_, index) => first + index).flatMap((seed) =>
    markets.flatMap((market) =>
      variants.map(({ name, contender, settings }) => ({
        maker: name,
        market,
        seed,
        contender,
        settings,
      }))
    )
  );
}

function cellOf(maker: string, marketType: string, runs: readonly Run[]): Cell {
  const digest = new Digest();
  runs.forEach((run) => digest.add(run.outcome.digest));
  const all = (name: FigureName) => runs.map(({ outcome }) => outcome.figures[name]);
  return {
    maker,
    marketType,
    seeds: runs.length,
    digest: digest.hex(),
    estimates: eachFigure((name) => {
      const found = estimate(all(name));
      return name === "inventory_std" ? rootOf(found) : found;
    }),
    largestLossCents: Math.max(0, ...all("worst_loss_cents").map(({ sum }) => sum)),
    violations: runs.flatMap(({ seed, outcome }) =>
      outcome.violations.map((violation) => `seed ${seed}: ${violation}`)
    ),
  };
}
