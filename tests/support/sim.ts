import type { MarketResult, Measured, SimulationResult } from "../../sim/harness/result.ts";
import { parseScenario } from "../../sim/scenario/load.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";

/** The YAML of a small valid scenario; a test replaces the piece that it is about. */
export const SMALL_SCENARIO = `
name: small
description: A small market.
duration: 20m
quoting: { kappa: 2 }
markets:
  - id: SIM-1
    anchor: 50
    path: { start: 50 }
    traders:
      - { kind: noise, rate_per_hour: 120 }
events:
  - { at: 10m, do: suspend }
assertions:
  - { metric: kills, max: 1 }
`;

/** A small scenario with pieces of its YAML replaced. */
export function smallScenario(...replacements: readonly (readonly [string, string])[]): Scenario {
  return parseScenario("small.yaml", changed(...replacements));
}

/**
 * The YAML of the small scenario with pieces replaced; a piece that is not there is a mistake of
 * the test.
 */
export function changed(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [piece, replacement]) => {
    if (!text.includes(piece)) throw new Error(`Cannot replace ${piece}: it is not there`);
    return text.replace(piece, replacement);
  }, SMALL_SCENARIO);
}

/** Figures of an uneventful run. */
export const QUIET: Measured = {
  cycles: 600,
  failedCycles: 0,
  ownOrders: 40,
  ownOrdersOpen: 0,
  ownTrades: 3,
  volumeShares: 30,
  pnlCents: 45,
  bookedPnlCents: 40,
  maxDrawdownCents: 5,
  maxNetShares: 10,
  twoSidedUptime: 0.99,
  matchableTwoSidedUptime: 0.98,
  averageSpreadCents: 5.5,
  fairErrorCents: 0.4,
  kills: 0,
  finalDefenseLevel: "NORMAL",
  levelsVisited: ["NORMAL", "WIDEN", "NORMAL"],
  pauses: [],
  killReasons: [],
  phases: ["EXPLORATION"],
};

/** The result of an uneventful market. */
export function marketResult(overrides: Partial<MarketResult> = {}): MarketResult {
  const market = { marketId: "SIM-1", title: "SIM-1", samples: [], lastQuote: null };
  return { ...QUIET, ...market, ...overrides };
}

/** The result of an uneventful run. */
export function simulationResult(overrides: Partial<SimulationResult> = {}): SimulationResult {
  return {
    ...QUIET,
    scenario: "small",
    description: "A small market.",
    seed: 1,
    digest: "0".repeat(64),
    simSeconds: 1_200,
    wallMs: 10,
    violations: [],
    markets: [marketResult()],
    ...overrides,
  };
}
