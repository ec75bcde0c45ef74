import type { MarketSettings } from "../config/hot/config_feed.ts";
import type { GlobalConfig } from "../config/registry.ts";
import type { WorkPermit } from "../connector/work_permit.ts";
import type { QuoteExplanation } from "../models/explanation.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { StartTools } from "./initializer.ts";
import type { Obstacle } from "./obstacle.ts";
import type { DriftTolerances } from "./reconciler.ts";

/** What a runner needs besides the tools of its steps. */
export interface RunnerTools extends Omit<StartTools, "mayChangePairs"> {
  /** The right to work the market, asked before anything is sent. */
  readonly permit: WorkPermit;
  /** Asked before every start. */
  readonly obstacle: Obstacle;
  /** The settings of the process as they are now. */
  readonly global: () => DriftTolerances & Pick<GlobalConfig, "reconciliationIntervalMs">;
  /** The newest settings of the market. */
  readonly settings: () => MarketSettings;
  /** Where in its interval the market begins its cycles at present, null if anywhere. */
  readonly slot: () => number | null;
  /** Called after every cycle. */
  readonly onCycle: (explanation: QuoteExplanation) => void;
  /** Begins to read the outside price, if the market has one, until the signal. */
  readonly openOracle: (market: MarketContext, signal: AbortSignal) => Promise<void>;
  /** How long a running turn may take to end at a stop, ms. */
  readonly cycleAbortMs: number;
}
