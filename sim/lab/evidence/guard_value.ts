/** Chapter 4: what each guard is worth, in situations in which it should matter. */

import { codeDefaults } from "../../../src/config/registry.ts";
import { MARKET_TYPE_NAMES } from "../market_types.ts";
import { scenarioNamed } from "../../scenario/library.ts";
import { type Guard, GUARD_NAMES, type GuardName, GUARDS } from "../guards.ts";
import type { TrialMarket } from "../trial.ts";
import { type Chapter, type Effort, type Finding, findingsOf, type Run } from "./chapter.ts";
import { type Section, seedsOf } from "./chapter.ts";
import { GUARD_SITUATIONS } from "./guard_situations.ts";
import { countOf, differenceOf, DOLLARS, estimateOf, killsOf, PERCENT, plain } from "./measure.ts";
import { shown } from "./measure.ts";

/** Each pair of a guard and a situation gets one seed for so many of the comparison. */
const PART = 4;

const WITH = "standard";

/** Chapter 4. */
export const guardValue: Chapter = {
  title: "What each guard is worth",
  runs: guardRuns,
  sections: guardSections,
};

/** A guard in a situation, with it and without it. */
export interface GuardTrial {
  readonly guard: GuardName;
  readonly situation: string;
  readonly on: readonly Finding[];
  readonly off: readonly Finding[];
}

/** What a guard did in a situation. */
export type GuardVerdict =
  /** Without it at least twice as much is lost. */
  | "halves the loss"
  /** Without it a bound is broken in runs in which it holds with it. */
  | "keeps a bound"
  | "no value";

function guardRuns(effort: Effort): readonly Run[] {
  const pairs = GUARD_NAMES.flatMap((guard) =>
    GUARD_SITUATIONS[guard].map((situation) => ({ guard, situation }))
  );
  const situations = [...new Set(pairs.map(({ situation }) => situation))];
  return seedsOf(effort, PART).flatMap((seed) => [
    ...situations.map((situation) => ({
      place: situation,
      maker: WITH,
      trial: { market: marketOf(situation), seed, contender: "standard" as const, settings: {} },
    })),
    ...pairs.map(({ guard, situation }) => ({
      place: situation,
      maker: without(guard),
      trial: {
        market: marketOf(situation),
        seed,
        contender: "standard" as const,
        settings: (GUARDS[guard] as Guard).off,
      },
    })),
  ]);
}

function marketOf(name: string): TrialMarket {
  return MARKET_TYPE_NAMES.find((type) => type === name) ?? scenarioNamed(name);
}

function without(guard: GuardName): string {
  return `without ${guard}`;
}

function guardSections(found: readonly Finding[]): readonly Section[] {
  const trials = GUARD_NAMES.flatMap((guard) =>
    GUARD_SITUATIONS[guard].map((situation) => ({
      guard,
      situation,
      on: findingsOf(found, { place: situation, maker: WITH }),
      off: findingsOf(found, { place: situation, maker: without(guard) }),
    }))
  );
  const worthless = GUARD_NAMES.filter((guard) =>
    trials.every((trial) => trial.guard !== guard || verdictOf(trial) === "no value")
  );
  return [
    {
      heading: "",
      text: [
        "Each guard is switched off, as far as settings can, in situations in which it should " +
        "matter by its purpose. It has shown its value where without it at least twice as much " +
        "is lost at the true price (on average, and certain over the pairs of seeds) or a bound " +
        "is broken more often: a loss beyond the budget, a kill, a violation. `sim compare " +
        "--without GUARD --markets SITUATION` shows each line.",
      ],
      table: {
        columns: ["guard", "situation", "P&L $", "without $", "difference $", "worst loss $"]
          .concat("without $", "broken", "without", "two-sided %", "without %", "verdict"),
        rows: trials.map(guardRow),
      },
    },
    {
      heading: "Guards without a measured value",
      text: worthless.length === 0
        ? ["None."]
        : worthless.map((guard) =>
          `- \`${guard}\` (${GUARDS[guard].about}): tried in ${GUARD_SITUATIONS[guard].join(", ")}.`
        ),
    },
  ];
}

function guardRow(trial: GuardTrial): string[] {
  const { guard, situation, on, off } = trial;
  return [
    guard,
    situation,
    shown(estimateOf(on, "pnl_cents"), DOLLARS),
    shown(estimateOf(off, "pnl_cents"), DOLLARS),
    shown(differenceOf(on, off, "pnl_cents"), DOLLARS),
    plain(estimateOf(on, "worst_loss_cents").mean, DOLLARS),
    plain(estimateOf(off, "worst_loss_cents").mean, DOLLARS),
    String(countOf(on, breaksBound)),
    String(countOf(off, breaksBound)),
    plain(estimateOf(on, "two_sided_uptime").mean, PERCENT),
    plain(estimateOf(off, "two_sided_uptime").mean, PERCENT),
    verdictOf(trial),
  ];
}

/** What a guard did: figures of runs that met the same seeds with it and without it. */
export function verdictOf({ on, off }: Pick<GuardTrial, "on" | "off">): GuardVerdict {
  const [lost, lostWithout] = [on, off].map((found) =>
    Math.max(0, -(estimateOf(found, "pnl_cents").mean ?? 0))
  ) as [number, number];
  const { low } = differenceOf(on, off, "pnl_cents");
  if (lostWithout > 0 && lostWithout >= 2 * lost && (low ?? 0) > 0) return "halves the loss";
  const newlyBroken = off.filter((run, index) => {
    const same = on[index];
    return same !== undefined && breaksBound(run) && !breaksBound(same);
  }).length;
  const newlyKept = on.filter((run, index) => {
    const same = off[index];
    return same !== undefined && breaksBound(run) && !breaksBound(same);
  }).length;
  return newlyBroken > newlyKept ? "keeps a bound" : "no value";
}

function breaksBound(finding: Finding): boolean {
  const { figures, violations } = finding.outcome;
  return violations.length > 0 || killsOf(finding) > 0 ||
    figures.worst_loss_cents.sum > budgetCents(finding);
}

/** The budget of the situation, with which the bot is run that has the guard. */
function budgetCents({ trial: { market } }: Finding): number {
  const changed = typeof market === "string" ? {} : market.quoting;
  const { max_per_market_loss_cents: budget } = { ...codeDefaults.market, ...changed };
  return Number(budget);
}
