/** Puts the layers of a configuration together and checks the whole (`parameters.md` 2.1, 2.4). */

import { violationFindings, violations } from "./check_rules.ts";
import { type EffectiveSettings, processConfig } from "./effective.ts";
import type { Environment } from "./environment.ts";
import type { FileLayer } from "./file_layer.ts";
import { errorsIn, type Finding, inReadingOrder } from "./finding.ts";
import { type ConfigSources, type Layers, type PaperBlock, readLayers } from "./layers.ts";
import { isKnownUnlessIn, missingSettings, withPlaceholders } from "./missing.ts";
import { FROM_CODE, mergeSettings, type Origin, type Settings } from "./origin.ts";
import type { ProcessConfig } from "./process_config.ts";
import { codeDefaults, type Scope } from "./registry.ts";

/** A configuration that may be used. */
export interface LoadedConfig {
  readonly config: ProcessConfig;
  /** Every effective value with its origin. */
  readonly origins: EffectiveSettings;
  readonly warnings: readonly Finding[];
  readonly paper: PaperBlock;
}

/** A configuration, or everything that is wrong with it, warnings included. */
export type LoadResult =
  | ({ readonly ok: true } & LoadedConfig)
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** What a configuration is made from. */
export interface ConfigInput {
  readonly sources: ConfigSources;
  readonly environment: Environment;
}

/**
 * Loads a configuration. Layers, weakest first: code, defaults, overlay of the environment, given
 * file, environment variables; the block of a single market beats `markets.default` in whichever
 * file they stand. Bad content never throws: all that is wrong is reported at once.
 */
export function loadConfig({ sources, environment }: ConfigInput): LoadResult {
  const layers = readLayers(sources, environment);
  const partial = mergeLayers(layers);
  const missing = missingSettings(partial, layers, sources.defaults.name);
  const read = [...layers.findings, ...missing];
  const effective = withPlaceholders(partial);
  const broken = violations(processConfig(effective), isKnownUnlessIn(read));
  const findings = inReadingOrder([
    ...read,
    ...violationFindings(broken, effective),
    ...unusedSettings(layers, partial),
  ]);
  if (errorsIn(findings).length > 0) return { ok: false, findings };
  return {
    ok: true,
    config: processConfig(effective),
    origins: effective,
    warnings: findings,
    paper: layers.paper,
  };
}

/** The effective settings as far as any layer gives them. */
function mergeLayers({ mode, files, environment }: Layers): EffectiveSettings {
  const paper = mode.value === "paper";
  const global = mergeSettings(
    defaultsOf("global"),
    derivedMarketIds(files),
    paper ? NO_LOGIN : undefined,
    ...files.map((layer) => layer.global),
    environment,
    paper ? PAPER_STORE : undefined,
  );
  const ids = marketIdsIn(global);
  return { mode, global, markets: new Map(ids.map((id) => [id, marketSettings(files, id)])) };
}

function defaultsOf(scope: Scope): Settings {
  const defaults = Object.entries(codeDefaults[scope]);
  return new Map(defaults.map(([name, value]) => [name, { value, origin: FROM_CODE }]));
}

const NO_LOGIN: Settings = derived("amm_password", null, "paper trading needs no login");
const PAPER_STORE: Settings = derived("state_store", "memory", "paper trading keeps no state");

function derived(name: string, value: unknown, reason: string): Settings {
  return new Map([[name, { value, origin: { layer: "derived", reason } }]]);
}

/**
 * Without `market_ids` the markets are those that the strongest file describes; enough for paper
 * trading.
 */
function derivedMarketIds(files: readonly FileLayer[]): Settings {
  const described = files.findLast(({ markets }) => markets.size > 0);
  if (described === undefined) return new Map();
  return derived("market_ids", [...described.markets.keys()], "the blocks under markets");
}

function marketIdsIn(global: Settings): string[] {
  const ids = global.get("market_ids")?.value;
  return Array.isArray(ids) ? [...new Set(ids.map(String))] : [];
}

function marketSettings(files: readonly FileLayer[], id: string): Settings {
  return mergeSettings(
    defaultsOf("market"),
    ...files.map((layer) => layer.marketDefaults),
    ...files.map((layer) => layer.markets.get(id)),
    derived("market_id", id, "the key of the block"),
  );
}

/** Warns of what was written for nothing. */
function unusedSettings(
  { given, environment }: Layers,
  { markets }: EffectiveSettings,
): Finding[] {
  if (given === null) return [];
  const unlisted = [...given.marketOrigins].filter(([id]) => !markets.has(id)).map(([id, origin]) =>
    unused(id, origin, "is described but not in market_ids", "It is not quoted")
  );
  const overruled = [...environment].flatMap(([name, { value, origin }]) => {
    const written = given.global.get(name);
    const same = written === undefined || String(written.value) === String(value);
    return same || origin.layer !== "environment" ? [] : [
      unused(name, written.origin, `is overruled by ${origin.variable}`, "Remove one of the two"),
    ];
  });
  return [...unlisted, ...overruled];
}

function unused(key: string, origin: Origin, message: string, advice: string): Finding {
  return { severity: "warning", code: "UNUSED", key, message, advice, origin };
}
