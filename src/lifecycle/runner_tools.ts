import type { MarketSettings } from "../config/hot/config_feed.ts";
import type { GlobalConfig } from "../config/registry.ts";
import type { WorkPermit } from "../connector/work_permit.ts";
import type { QuoteExplanation } from "../models/explanation.ts";
import type { StartTools } from "./initializer.ts";
import type { DriftTolerances } from "./reconciler.ts";

/** What a runner needs besides the tools of its steps. */
export interface RunnerTools extends Omit<StartTools, "mayChangePairs"> {
  /** The right to work the market, asked before anything is sent. */
  readonly permit: WorkPermit;
  /** What keeps this process off the market, null if nothing does; asked before every start. */
  readonly obstacle: () => Promise<string | null>;
  /** The settings of the process as they are now. */
  readonly global: () => DriftTolerances & Pick<GlobalConfig, "reconciliationIntervalMs">;
  /** The newest settings of the market. */
  readonly settings: () => MarketSettings;
  /** Called after every cycle. */
  readonly onCycle: (explanation: QuoteExplanation) => void;
  /** How long a running turn may take to end at a stop, ms. */
  readonly cycleAbortMs: number;
}
