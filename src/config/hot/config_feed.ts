import type { ProcessConfig } from "../process_config.ts";
import type { MarketConfig } from "../registry.ts";

/** The settings of a market at a moment: the same object for as long as nothing changes. */
export interface MarketSettings {
  readonly config: MarketConfig;
  /** How often an operator wrote overrides for the market. */
  readonly version: number;
}

/** Where the bot gets its configuration from. */
export interface ConfigFeed {
  /** The newest configuration. A market uses that of its last cycle boundary. */
  readonly config: ProcessConfig;
  /**
   * The newest settings of a market.
   * @throws RangeError if there is no such market
   */
  market(marketId: string): MarketSettings;
  /** Reads what is to be known before the first market starts; never rejects. */
  start(): Promise<void>;
  /** Looks for changes until the signal comes; never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

/** A configuration that never changes. */
export function fixedConfig(config: ProcessConfig): ConfigFeed {
  const settings = new Map(
    [...config.markets].map(([id, market]) => [id, { config: market, version: 0 }] as const),
  );
  return {
    config,
    market: (marketId) => settingsNamed(settings, marketId),
    start: () => Promise.resolve(),
    run: () => Promise.resolve(),
  };
}

/** The settings of a market. @throws RangeError if there are none */
export function settingsNamed(
  settings: ReadonlyMap<string, MarketSettings>,
  marketId: string,
): MarketSettings {
  const found = settings.get(marketId);
  if (found !== undefined) return found;
  const known = [...settings.keys()].join(", ");
  throw new RangeError(`Cannot find market ${marketId}: it must be one of ${known}`);
}
