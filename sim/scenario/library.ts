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

/** All scenarios that come with the program, in the order in which they are shown and run. */
export function allScenarios(): Scenario[] {
  return Object.keys(TEXTS).map(scenarioNamed);
}

/**
 * A scenario that comes with the program.
 * @throws ScenarioError that lists the names there are
 */
export function scenarioNamed(name: string): Scenario {
  const text = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  if (text !== undefined) return parseScenario(`sim/scenarios/${name}.yaml`, text);
  const names = Object.keys(TEXTS);
  const like = nearest(name, names);
  const hint = like === null ? "" : ` (did you mean ${like}?)`;
  throw new ScenarioError(`Unknown scenario ${name}${hint}; there are ${names.join(", ")}`);
}
