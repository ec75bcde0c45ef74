/** The effective settings of a process: every value, and where it comes from. */

import type { Setting, Settings } from "./origin.ts";
import type { Mode, ProcessConfig } from "./process_config.ts";
import { globalSchema, marketSchema } from "./schema.ts";

/** Every effective value with its origin, by snake_case name. */
export interface EffectiveSettings {
  readonly mode: Setting<Mode>;
  readonly global: Settings;
  /** By market id, in the order of `market_ids`. */
  readonly markets: ReadonlyMap<string, Settings>;
}

/**
 * The typed configuration of complete and valid settings.
 * @throws ZodError if a setting is missing or invalid; the loader has ruled that out
 */
export function processConfig({ mode, global, markets }: EffectiveSettings): ProcessConfig {
  const typed = [...markets].map(([id, settings]) =>
    [id, marketSchema.parse(valuesOf(settings))] as const
  );
  return Object.freeze({
    mode: mode.value,
    global: globalSchema.parse(valuesOf(global)),
    markets: new Map(typed),
  });
}

function valuesOf(settings: Settings): Record<string, unknown> {
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}
