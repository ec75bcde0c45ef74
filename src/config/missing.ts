/** What a configuration must state and does not. */

import type { EffectiveSettings } from "./effective.ts";
import { variableOf } from "./environment.ts";
import { errorsIn, type Finding } from "./finding.ts";
import type { Layers } from "./layers.ts";
import { FROM_CODE, mergeSettings, type Origin, type Setting, type Settings } from "./origin.ts";
import { type Parameter, REQUIRED } from "./parameter.ts";
import { codeDefaults, registries, type Scope } from "./registry.ts";
import { allowedValues } from "./value.ts";

/**
 * Everything that is required and that no layer gives. What is given but not valid is not missing:
 * it has a finding of its own.
 * @param defaultsFile name of the file with the defaults
 */
export function missingSettings(
  { mode, global, markets }: EffectiveSettings,
  { files, findings }: Layers,
  defaultsFile: string,
): Finding[] {
  const isKnown = isKnownUnlessIn(findings);
  const forLive = mode.value === "live" ? onlyForPaper(global, defaultsFile) : [];
  const found = [...missingIn("global", global), ...forLive]
    .filter((name) => isKnown(name, null))
    .map((name) => missingFinding("global", name));
  for (const [id, settings] of markets) {
    const block = files.findLast((layer) => layer.marketOrigins.has(id))?.marketOrigins.get(id);
    const origin = block ?? global.get("market_ids")?.origin ?? FROM_CODE;
    const names = missingIn("market", settings).filter((name) => isKnown(name, id));
    found.push(...names.map((name) => missingFinding("market", name, { id, origin })));
  }
  return found;
}

function missingIn(scope: Scope, settings: Settings): string[] {
  return Object.entries(registries[scope])
    .filter(([name, parameter]) => parameter.default === REQUIRED && !settings.has(name))
    .map(([name]) => name);
}

/** What has a value that is good enough for paper trading but that nobody chose for real money. */
function onlyForPaper(global: Settings, defaultsFile: string): string[] {
  const url = global.get("base_url");
  const shipped = url?.origin.layer === "file" && url.origin.file === defaultsFile;
  const unchosen = url?.origin.layer === "code" ||
    (shipped && url.value === codeDefaults.global.base_url);
  const unlisted = global.get("market_ids")?.origin.layer === "derived";
  return [...(unchosen ? ["base_url"] : []), ...(unlisted ? ["market_ids"] : [])];
}

function missingFinding(
  scope: Scope,
  key: string,
  market?: { readonly id: string; readonly origin: Origin },
): Finding {
  const parameter = registries[scope][key];
  const variable = variableOf(key);
  const block = market === undefined ? "global" : `markets.${market.id}`;
  const places = [
    ...(variable === null ? [] : [`the environment variable ${variable}`]),
    ...(parameter?.type === "secret" ? [] : [`the block ${block}`]),
  ];
  return {
    severity: "error",
    code: "MISSING",
    key,
    message: "is required and not set",
    advice: `Set it in ${places.join(" or in ")}`,
    ...(parameter !== undefined && parameter.type !== "secret" && {
      allowed: allowedValues(parameter),
    }),
    ...(market !== undefined && { markets: [market.id], origin: market.origin }),
  };
}

/** Tells which settings have a valid value: all but those that an error is about. */
export function isKnownUnlessIn(findings: readonly Finding[]) {
  const errors = errorsIn(findings);
  return (name: string, market: string | null): boolean =>
    !errors.some(({ key, markets = [] }) =>
      key === name && (market === null || markets.length === 0 || markets.includes(market))
    );
}

/** Fills what is missing with values that only serve to judge the rules about other settings. */
export function withPlaceholders({ mode, global, markets }: EffectiveSettings): EffectiveSettings {
  const filled = [...markets].map(([id, settings]) => [id, filledIn("market", settings)] as const);
  return { mode, global: filledIn("global", global), markets: new Map(filled) };
}

function filledIn(scope: Scope, settings: Settings): Settings {
  const placeholders = missingIn(scope, settings).map((name): [string, Setting] => {
    const parameter = registries[scope][name];
    return [name, { value: parameter && placeholder(parameter), origin: FROM_CODE }];
  });
  return mergeSettings(settings, new Map(placeholders));
}

function placeholder({ type, min }: Parameter): unknown {
  switch (type) {
    case "int":
    case "float":
      return min;
    case "string_list":
      return ["none"];
    default:
      return null;
  }
}
