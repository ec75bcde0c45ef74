/** Chapter 2: whole days with the shipped defaults, in every funding mode. */

import { codeDefaults } from "../../../src/config/registry.ts";
import { COARSE } from "../trial.ts";
import { type Chapter, type Effort, type Finding, findingsOf, type Run } from "./chapter.ts";
import { type Section, seedsOf } from "./chapter.ts";
import { countOf, DOLLARS, estimateOf, killsOf, largestOf, PERCENT, plain } from "./measure.ts";
import { shown } from "./measure.ts";
import { dayOf, type Regime, REGIME_NAMES, REGIMES } from "./regimes.ts";

/** Each regime gets a day in each mode for so many seeds of the comparison. */
const PART = 8;

const MODES = ["inventory", "cash", "inventory_then_cash"] as const;

/** On so many of the days the true loss shall stay within the budget. */
const LEAST_WITHIN = 0.99;

/** Chapter 2. */
export const marketDays: Chapter = {
  title: "Whole days",
  runs: dayRuns,
  sections: (found) => [uptimes(found), losses(found)],
};

function dayRuns(effort: Effort): readonly Run[] {
  return seedsOf(effort, PART).flatMap((seed) =>
    REGIME_NAMES.flatMap((regime) =>
      MODES.map((mode) => ({
        place: regime,
        maker: mode,
        trial: {
          market: dayOf(regime, seed),
          seed,
          contender: "standard" as const,
          settings: { market: { quote_funding: mode }, ...globalOf(COARSE) },
        },
      }))
    )
  );
}

function globalOf({ global }: typeof COARSE) {
  return global === undefined ? {} : { global };
}

function uptimes(found: readonly Finding[]): Section {
  const rows = REGIME_NAMES.map((place) => {
    const { leastTwoSided, about }: Regime = REGIMES[place];
    const shares = MODES.map((maker) =>
      estimateOf(findingsOf(found, { place, maker }), "two_sided_outside_news")
    );
    const isMet = shares.every(({ mean }) => mean !== null && mean >= leastTwoSided);
    return [
      place,
      ...shares.map((share) => shown(share, PERCENT)),
      plain(leastTwoSided, { scale: 100, digits: 0 }),
      isMet ? "yes" : "**no**",
      about,
    ];
  });
  return {
    heading: "Time with both sides",
    text: [
      "Share of the day in which own orders rest on both sides, without the ten minutes after " +
      "each jump of the truth; the shipped defaults in each funding mode, days that nobody has " +
      "seen before, at the pace of the comparison.",
    ],
    table: { columns: ["regime", ...MODES, "at least %", "met", "what it is"], rows },
  };
}

function losses(found: readonly Finding[]): Section {
  const rows = REGIME_NAMES.flatMap((place) =>
    MODES.map((maker) => lossRow(findingsOf(found, { place, maker }), [place, maker]))
  );
  const within = countOf(found, isWithinBudget);
  const share = found.length === 0 ? 0 : within / found.length;
  const wrongKills = countOf(found, (day) => isWithinBudget(day) && killsOf(day) > 0);
  return {
    heading: "Losses and kills",
    text: [
      "The true loss of a day is the lowest P&L at the true price at any moment of it or after " +
      "the outcome, drawn with the true probability, was paid; the budget is " +
      `$${plain(BUDGET_CENTS, DOLLARS)}.`,
      `It stayed within the budget on ${within} of ${found.length} days: ` +
      `${plain(share, PERCENT)} %; the goal of ${plain(LEAST_WITHIN, PERCENT)} % is ` +
      `${share >= LEAST_WITHIN ? "met" : "missed"}. ` +
      `The bot gave up on ${wrongKills} days on which it did.`,
    ],
    table: {
      columns: ["regime", "funding", "days", "within the budget", "kills", "kills within it"]
        .concat("mean P&L $", "largest loss $", "WIDEN %", "ONE_SIDE %", "paused %"),
      rows,
    },
  };
}

function lossRow(found: readonly Finding[], head: readonly string[]): string[] {
  return [
    ...head,
    String(found.length),
    String(countOf(found, isWithinBudget)),
    String(countOf(found, (day) => killsOf(day) > 0)),
    String(countOf(found, (day) => isWithinBudget(day) && killsOf(day) > 0)),
    shown(estimateOf(found, "pnl_cents"), DOLLARS),
    plain(largestOf(found, "worst_loss_cents"), DOLLARS),
    ...(["widen_share", "one_side_share", "paused_share"] as const)
      .map((name) => plain(estimateOf(found, name).mean, PERCENT)),
  ];
}

const BUDGET_CENTS = Number(codeDefaults.market.max_per_market_loss_cents);

function isWithinBudget({ outcome }: Finding): boolean {
  return outcome.figures.worst_loss_cents.sum <= BUDGET_CENTS;
}
