import type { GlobalConfig, MarketConfig } from "./registry.ts";

/** Where the bot trades: on the exchange inside the process, or on a real one. */
export type Mode = "paper" | "live";

/** The effective configuration of a process, immutable; a change makes a new one. */
export interface ProcessConfig {
  readonly mode: Mode;
  readonly global: GlobalConfig;
  /** By market id, in the order of `market_ids`. */
  readonly markets: ReadonlyMap<string, MarketConfig>;
}
