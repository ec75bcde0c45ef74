/** The effective settings of a process: every value, and where it comes from. */

import type { Setting, Settings } from "./origin.ts";
import type { Mode, ProcessConfig } from "./process_config.ts";
import type { MarketConfig } from "./registry.ts";
import { globalSchema, marketSchema } from "./schema.ts";

/** Every effective value with its origin, by snake_case name. */
export interface EffectiveSettings {
  readonly mode: Setting<Mode>;
  readonly global: Settings;
  /** By market id, in the order of `market_ids`. */
  readonly markets: ReadonlyMap<string, Settings>;
}

/** Most changes concern one market, and settings are never changed in place. */
const typedMarkets = new WeakMap<Settings, MarketConfig>();

/**
 * The typed configuration of complete and valid settings.
 * @throws ZodError if a setting is missing or invalid; the loader has ruled that out
 */
export function processConfig({ mode, global, markets }: EffectiveSettings): ProcessConfig {
  const typed = [...markets].map(([id, settings]) => [id, typedMarket(settings)] as const);
  return Object.freeze({
    mode: mode.value,
    global: globalSchema.parse(valuesOf(global)),
    markets: new Map(typed),
  });
}

function typedMarket(settings: Settings): MarketConfig {
  const known = typedMarkets.get(settings);
  if (known !== undefined) return known;
  const market = marketSchema.parse(valuesOf(settings));
  typedMarkets.set(settings, market);
  return market;
}

function valuesOf(settings: Settings): Record<string, unknown> {
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}
