import { nearest } from "../../src/config/nearest.ts";
import approachToExpiry from "../scenarios/approach-to-expiry.yaml" with { type: "text" };
import budgetExhausted from "../scenarios/budget-exhausted.yaml" with { type: "text" };
import calmColdStart from "../scenarios/calm-cold-start.yaml" with { type: "text" };
import cashOnly from "../scenarios/cash-only.yaml" with { type: "text" };
import deployedVenue from "../scenarios/deployed-venue.yaml" with { type: "text" };
import informedFlow from "../scenarios/informed-flow.yaml" with { type: "text" };
import longShot from "../scenarios/long-shot.yaml" with { type: "text" };
import marketSuspended from "../scenarios/market-suspended.yaml" with { type: "text" };
import newsJump from "../scenarios/news-jump.yaml" with { type: "text" };
import oracleLeads from "../scenarios/oracle-leads.yaml" with { type: "text" };
import spoofing from "../scenarios/spoofing.yaml" with { type: "text" };
import thinWeek from "../scenarios/thin-week.yaml" with { type: "text" };
import whale from "../scenarios/whale.yaml" with { type: "text" };
import wrongAnchor from "../scenarios/wrong-anchor.yaml" with { type: "text" };
import boldSpoofer from "../scenarios/guards/bold-spoofer.yaml" with { type: "text" };
import creepingTruth from "../scenarios/guards/creeping-truth.yaml" with { type: "text" };
import farAnchor from "../scenarios/guards/far-anchor.yaml" with { type: "text" };
import largeBudget from "../scenarios/guards/large-budget.yaml" with { type: "text" };
import makerFees from "../scenarios/guards/maker-fees.yaml" with { type: "text" };
import manySmallTakers from "../scenarios/guards/many-small-takers.yaml" with { type: "text" };
import narrowSpread from "../scenarios/guards/narrow-spread.yaml" with { type: "text" };
import nearlyDecided from "../scenarios/guards/nearly-decided.yaml" with { type: "text" };
import newsBurst from "../scenarios/guards/news-burst.yaml" with { type: "text" };
import scheduledNews from "../scenarios/guards/scheduled-news.yaml" with { type: "text" };
import secondJump from "../scenarios/guards/second-jump.yaml" with { type: "text" };
import slowVenue from "../scenarios/guards/slow-venue.yaml" with { type: "text" };
import smallStock from "../scenarios/guards/small-stock.yaml" with { type: "text" };
import toxicBurst from "../scenarios/guards/toxic-burst.yaml" with { type: "text" };
import { parseScenario, ScenarioError } from "./load.ts";
import type { Scenario } from "./schema.ts";

const TEXTS: Readonly<Record<string, string>> = {
  "calm-cold-start": calmColdStart,
  "informed-flow": informedFlow,
  "news-jump": newsJump,
  whale,
  spoofing,
  "thin-week": thinWeek,
  "market-suspended": marketSuspended,
  "approach-to-expiry": approachToExpiry,
  "budget-exhausted": budgetExhausted,
  "wrong-anchor": wrongAnchor,
  "cash-only": cashOnly,
  "deployed-venue": deployedVenue,
  "long-shot": longShot,
  "oracle-leads": oracleLeads,
};

/** Situations in which a guard of the bot should matter; they expect nothing of it. */
const SITUATIONS: Readonly<Record<string, string>> = {
  "bold-spoofer": boldSpoofer,
  "creeping-truth": creepingTruth,
  "far-anchor": farAnchor,
  "large-budget": largeBudget,
  "maker-fees": makerFees,
  "many-small-takers": manySmallTakers,
  "narrow-spread": narrowSpread,
  "nearly-decided": nearlyDecided,
  "news-burst": newsBurst,
  "scheduled-news": scheduledNews,
  "second-jump": secondJump,
  "slow-venue": slowVenue,
  "small-stock": smallStock,
  "toxic-burst": toxicBurst,
};

/** All scenarios that come with the program, in the order in which they are shown and run. */
export function allScenarios(): Scenario[] {
  return Object.keys(TEXTS).map(scenarioNamed);
}

/** Situations that show what a guard of the bot is worth: `sim compare --without GUARD`. */
export function guardSituations(): Scenario[] {
  return Object.keys(SITUATIONS).map(scenarioNamed);
}

/**
 * A scenario that comes with the program.
 * @throws ScenarioError that lists the names there are
 */
export function scenarioNamed(name: string): Scenario {
  for (const [folder, texts] of [["", TEXTS], ["guards/", SITUATIONS]] as const) {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (text !== undefined) return parseScenario(`sim/scenarios/${folder}${name}.yaml`, text);
  }
  const names = [...Object.keys(TEXTS), ...Object.keys(SITUATIONS)];
  const like = nearest(name, names);
  const hint = like === null ? "" : ` (did you mean ${like}?)`;
  throw new ScenarioError(`Unknown scenario ${name}${hint}; there are ${names.join(", ")}`);
}
