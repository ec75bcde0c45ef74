/** Chapter 3: what a market can lose at settlement value, checked on every run of a bot. */

import { allScenarios } from "../../scenario/library.ts";
import { CONTENDERS } from "../makers/mod.ts";
import { COARSE } from "../trial.ts";
import { type Chapter, distinct, type Effort, type Finding } from "./chapter.ts";
import { findingsOf, type Run, seedsOf } from "./chapter.ts";
import { countOf, DOLLARS, largestOf, plain } from "./measure.ts";

/** Scenarios get one seed for so many of the comparison. */
const PART = 20;

/** Chapter 3. */
export const lossBound: Chapter = {
  title: "The worst loss",
  runs: scenarioRuns,
  sections: (_, all) => {
    const bots = all.filter(({ trial }) => CONTENDERS[trial.contender].isBot);
    const broken = bots.flatMap(({ place, maker, trial, outcome }) =>
      outcome.violations.map((violation) => [place, maker, String(trial.seed), violation])
    );
    return [
      {
        heading: "",
        text: [
          "At settlement value, whatever the outcome, a market never loses more than its budget " +
          "and what one cycle can bring: `max_per_market_loss_cents * (1 + ladder_loss_ratio)`. " +
          "Each side's ladder, filled and lost, takes at most `ladder_loss_ratio` of what is " +
          "left of the budget (`src/risk/loss_room.ts`), and one more ladder can be filled " +
          "before the bot hears of the first. The simulation values both outcomes after every " +
          "fill and reports a market that could have lost more as a violation: in `sim run`, " +
          "`sim all`, `sim compare` and here, in every run of every chapter, those without a " +
          "guard included.",
          `${bots.length} runs of a bot, ${broken.length} violations.`,
        ],
        table: {
          columns: ["market", "runs", "largest loss in the worse outcome $", "violations"],
          rows: distinct(bots, "place").map((place) =>
            boundRow(findingsOf(bots, { place }), place)
          ),
        },
      },
      ...(broken.length === 0 ? [] : [{
        heading: "Violations",
        text: [],
        table: { columns: ["market", "maker", "seed", "what"], rows: broken },
      }]),
    ];
  },
};

function scenarioRuns(effort: Effort): readonly Run[] {
  return seedsOf(effort, PART).flatMap((seed) =>
    allScenarios().map((market) => ({
      place: market.name,
      maker: "standard",
      trial: { market, seed, contender: "standard" as const, settings: COARSE },
    }))
  );
}

function boundRow(found: readonly Finding[], place: string): string[] {
  const usual = found.filter(({ trial }) =>
    trial.settings.market?.max_per_market_loss_cents === undefined
  );
  return [
    place,
    String(found.length),
    plain(largestOf(usual, "worst_outcome_loss_cents"), DOLLARS),
    String(countOf(found, ({ outcome }) => outcome.violations.length > 0)),
  ];
}
