import type { GlobalConfig, MarketConfig } from "../../src/config/registry.ts";

/** Settings of both scopes; the names do not overlap. */
export type Settings = Partial<MarketConfig> & Partial<GlobalConfig>;

/** A configuration that just keeps a rule, and one that just breaks it. */
export interface Boundary {
  readonly keeps: Settings;
  readonly breaks: Settings;
  /** How many markets like this there are; 1 if absent. */
  readonly markets?: number;
}
