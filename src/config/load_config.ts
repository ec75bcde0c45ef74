/** Puts the layers of a configuration together and checks the whole (`parameters.md` 2.1, 2.4). */

import { violationFindings, violations } from "./check_rules.ts";
import { type EffectiveSettings, processConfig } from "./effective.ts";
import { type Environment, variableOf } from "./environment.ts";
import type { FileLayer } from "./file_layer.ts";
import { errorsIn, type Finding, inReadingOrder } from "./finding.ts";
import { type ConfigSources, type Layers, type PaperBlock, readLayers } from "./layers.ts";
import { FROM_CODE, mergeSettings, type Origin, type Setting, type Settings } from "./origin.ts";
import { type Parameter, REQUIRED } from "./parameter.ts";
import type { ProcessConfig } from "./process_config.ts";
import { codeDefaults, registries, type Scope } from "./registry.ts";
import { allowedValues } from "./value.ts";

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
 * Loads a configuration. Layers, weakest first: code, defaults, overlay of the environment, given file, environment
 * variables; the block of a single market beats `markets.default` in whichever file they stand. Bad content never
 * throws: all that is wrong is reported at once.
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

/** Without `market_ids` the markets are those that the strongest file describes; enough for paper trading. */
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

/** Everything that is required and that no layer gives. */
function missingSettings(
  { mode, global, markets }: EffectiveSettings,
  { files, findings }: Layers,
  defaultsFile: string,
): Finding[] {
  const isKnown = isKnownUnlessIn(findings);
  const missing = [...missingIn("global", global)].filter((name) => isKnown(name, null));
  const found = missing.map((name) => missingFinding("global", name));
  if (mode.value === "live") found.push(...missingForLive(global, defaultsFile));
  for (const [id, settings] of markets) {
    const origin = files.findLast((layer) => layer.marketOrigins.has(id))?.marketOrigins.get(id) ??
      global.get("market_ids")?.origin;
    const names = [...missingIn("market", settings)].filter((name) => isKnown(name, id));
    found.push(...names.map((name) => ({
      ...missingFinding("market", name),
      markets: [id],
      ...(origin && { origin }),
    })));
  }
  return found;
}

function missingIn(scope: Scope, settings: Settings): string[] {
  return Object.entries(registries[scope])
    .filter(([name, parameter]) => parameter.default === REQUIRED && !settings.has(name))
    .map(([name]) => name);
}

/** What has a value that is good enough for paper trading only. */
function missingForLive(global: Settings, defaultsFile: string): Finding[] {
  const url = global.get("base_url")?.origin ?? FROM_CODE;
  const unset = url.layer === "code" || (url.layer === "file" && url.file === defaultsFile);
  const unlisted = global.get("market_ids")?.origin.layer === "derived";
  return [...(unset ? ["base_url"] : []), ...(unlisted ? ["market_ids"] : [])]
    .map((name) => missingFinding("global", name));
}

function missingFinding(scope: Scope, key: string): Finding {
  const parameter = registries[scope][key];
  const variable = variableOf(key);
  const places = [
    ...(variable === null ? [] : [`the environment variable ${variable}`]),
    ...(parameter?.type === "secret" ? [] : [scope === "global" ? `global` : `the market's block`]),
  ];
  return {
    severity: "error",
    code: "MISSING",
    key,
    message: "is required and not set",
    advice: `Set it in ${places.join(" or in ")}`,
    ...(parameter !== undefined && { allowed: allowedValues(parameter) }),
  };
}

/** Tells which settings have a valid value: all but those that an error is about. */
function isKnownUnlessIn(findings: readonly Finding[]) {
  const errors = errorsIn(findings);
  return (name: string, market: string | null): boolean =>
    !errors.some(({ key, markets = [] }) =>
      key === name && (market === null || markets.length === 0 || markets.includes(market))
    );
}

/** Fills what is missing with values that only serve to judge the rules about other settings. */
function withPlaceholders({ mode, global, markets }: EffectiveSettings): EffectiveSettings {
  const filled = [...markets].map(([id, settings]) => [id, filledIn("market", settings)] as const);
  return { mode, global: filledIn("global", global), markets: new Map(filled) };
}

function filledIn(scope: Scope, settings: Settings): Settings {
  const names = missingIn(scope, settings);
  const fill = (parameter: Parameter | undefined) =>
    parameter?.type === "int" ? parameter.min : parameter?.type === "secret" ? null : ["none"];
  const placeholders = names.map((
    name,
  ): [string, Setting] => [name, { value: fill(registries[scope][name]), origin: FROM_CODE }]);
  return mergeSettings(settings, new Map(placeholders));
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
