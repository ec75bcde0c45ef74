import { systemClock } from "../../src/runtime/clock.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import type { BotSettings, Settings } from "../bot_config.ts";
import type { Figures } from "../harness/figures.ts";
import { addFigures, eachFigure } from "../harness/figures.ts";
import { simulate } from "../harness/simulate.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type Contender, type ContenderName, CONTENDERS } from "./makers/mod.ts";
import { drawnScenario, type MarketTypeName, QUOTING_PACE } from "./market_types.ts";

/** A kind of market, of which each seed draws another one, or one scripted market for all seeds. */
export type TrialMarket = MarketTypeName | Scenario;

/**
 * One market maker in one market under one seed: everything that the outcome depends on, as plain
 * data that can be sent to another thread.
 */
export interface Trial {
  readonly market: TrialMarket;
  readonly seed: number;
  readonly contender: ContenderName;
  /** Settings that overrule those of the market and of the contender. */
  readonly settings: BotSettings;
}

/** What came out of a trial. */
export interface TrialOutcome {
  /** All markets of the scenario together. */
  readonly figures: Figures;
  /** SHA-256 of all own commands and all trades, in order. */
  readonly digest: string;
  /** What must never happen and did. */
  readonly violations: readonly string[];
}

/**
 * Process settings that belong to the pace of the kinds of market: nothing happens there that these
 * polls could find and a quote cycle could not.
 */
const PACE: Settings = {
  trade_poll_interval_ms: 10_000,
  trade_page_limit: 10,
  market_status_poll_interval_ms: 60_000,
  balance_poll_interval_ms: 300_000,
};

/** The pace of a comparison for a scenario that has the shipped one. */
export const COARSE: BotSettings = { market: QUOTING_PACE, global: PACE };

/** Runs a trial. The same trial gives the same outcome, whoever runs it. */
export async function runTrial(
  { market, seed, contender, settings }: Trial,
): Promise<TrialOutcome> {
  const isDrawn = typeof market === "string";
  const scenario = isDrawn ? drawnScenario(market, seededRandom(seed).fork(market)) : market;
  const { isBot, createService, settings: own }: Contender = CONTENDERS[contender];
  const { markets, digest, violations } = await simulate({
    // What a scenario expects of the bot with its own settings is not expected here.
    scenario: { ...scenario, assertions: [] },
    seed,
    createService,
    wallClock: systemClock,
    alignedFlow: true,
    keepsBooks: isBot,
    isBrief: true,
    settings: {
      market: { ...own, ...settings.market },
      global: { ...(isDrawn ? PACE : {}), ...settings.global },
    },
  });
  const figures = eachFigure((name) => addFigures(markets.map((result) => result.figures[name])));
  return { figures, digest, violations };
}
