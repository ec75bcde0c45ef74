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
import boldSpoofer from "../scenarios/situations/bold-spoofer.yaml" with { type: "text" };
import creepingTruth from "../scenarios/situations/creeping-truth.yaml" with { type: "text" };
import farAnchor from "../scenarios/situations/far-anchor.yaml" with { type: "text" };
import largeBudget from "../scenarios/situations/large-budget.yaml" with { type: "text" };
import makerFees from "../scenarios/situations/maker-fees.yaml" with { type: "text" };
import manySmallTakers from "../scenarios/situations/many-small-takers.yaml" with { type: "text" };
import narrowSpread from "../scenarios/situations/narrow-spread.yaml" with { type: "text" };
import nearlyDecided from "../scenarios/situations/nearly-decided.yaml" with { type: "text" };
import newsBurst from "../scenarios/situations/news-burst.yaml" with { type: "text" };
import scheduledNews from "../scenarios/situations/scheduled-news.yaml" with { type: "text" };
import secondJump from "../scenarios/situations/second-jump.yaml" with { type: "text" };
import slowVenue from "../scenarios/situations/slow-venue.yaml" with { type: "text" };
import smallStock from "../scenarios/situations/small-stock.yaml" with { type: "text" };
import toxicBurst from "../scenarios/situations/toxic-burst.yaml" with { type: "text" };
import oracleWrong from "../scenarios/situations/oracle-wrong.yaml" with { type: "text" };
import oracleAlone from "../scenarios/situations/oracle-alone.yaml" with { type: "text" };
import longShot8 from "../scenarios/situations/long-shot-8.yaml" with { type: "text" };
import longShot5 from "../scenarios/situations/long-shot-5.yaml" with { type: "text" };
import longShot3 from "../scenarios/situations/long-shot-3.yaml" with { type: "text" };
import failingVenue from "../scenarios/situations/failing-venue.yaml" with { type: "text" };
import hitAgain from "../scenarios/situations/hit-again.yaml" with { type: "text" };
import newsInPieces from "../scenarios/situations/news-in-pieces.yaml" with { type: "text" };
import sweptLadder from "../scenarios/situations/swept-ladder.yaml" with { type: "text" };
import oneCycleBook from "../scenarios/situations/one-cycle-book.yaml" with { type: "text" };
import runOnTheStock from "../scenarios/situations/run-on-the-stock.yaml" with { type: "text" };
import unsureOpening from "../scenarios/situations/unsure-opening.yaml" with { type: "text" };
import paintedBook from "../scenarios/situations/painted-book.yaml" with { type: "text" };
import smallOrders from "../scenarios/situations/small-orders.yaml" with { type: "text" };
import firstHour from "../scenarios/situations/first-hour.yaml" with { type: "text" };
import heavyStock from "../scenarios/situations/heavy-stock.yaml" with { type: "text" };
import dearFees from "../scenarios/situations/dear-fees.yaml" with { type: "text" };
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

/** Small situations in which one part of the bot should matter; they expect nothing of it. */
const SITUATIONS: Readonly<Record<string, string>> = {
  "failing-venue": failingVenue,
  "long-shot-3": longShot3,
  "long-shot-5": longShot5,
  "long-shot-8": longShot8,
  "oracle-alone": oracleAlone,
  "oracle-wrong": oracleWrong,
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
  "dear-fees": dearFees,
  "painted-book": paintedBook,
  "small-orders": smallOrders,
  "first-hour": firstHour,
  "heavy-stock": heavyStock,
  "hit-again": hitAgain,
  "news-in-pieces": newsInPieces,
  "swept-ladder": sweptLadder,
  "one-cycle-book": oneCycleBook,
  "run-on-the-stock": runOnTheStock,
  "unsure-opening": unsureOpening,
};

/** All scenarios that come with the program, in the order in which they are shown and run. */
export function allScenarios(): Scenario[] {
  return Object.keys(TEXTS).map(scenarioNamed);
}

/** Small situations in which one part of the bot matters, for `sim compare --without GUARD`. */
export function situations(): Scenario[] {
  return Object.keys(SITUATIONS).map(scenarioNamed);
}

/**
 * A scenario that comes with the program.
 * @throws ScenarioError that lists the names there are
 */
export function scenarioNamed(name: string): Scenario {
  for (const [folder, texts] of [["", TEXTS], ["situations/", SITUATIONS]] as const) {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (text !== undefined) return parseScenario(`sim/scenarios/${folder}${name}.yaml`, text);
  }
  const names = [...Object.keys(TEXTS), ...Object.keys(SITUATIONS)];
  const like = nearest(name, names);
  const hint = like === null ? "" : ` (did you mean ${like}?)`;
  throw new ScenarioError(`Unknown scenario ${name}${hint}; there are ${names.join(", ")}`);
}
