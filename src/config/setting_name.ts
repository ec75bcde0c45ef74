import { type Alias, ALIASES, SUPERSEDED } from "./aliases.ts";
import type { FindingCode } from "./finding.ts";
import { nearest } from "./nearest.ts";
import { parameterNamed, registries, type Scope } from "./registry.ts";

/** What a name in a configuration stands for. */
export type ResolvedName =
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "alias"; readonly alias: Alias }
  | {
    readonly kind: "problem";
    readonly code: FindingCode;
    readonly message: string;
    readonly advice?: string;
  };

const ADVICE_BY_SCOPE: Readonly<Record<Scope, string>> = {
  global: "Move it to the block global",
  market: "Move it to markets.default or to the block of a market",
};

const GROUP_NAMES: ReadonlySet<string> = new Set(
  Object.values(registries).flatMap(Object.values).map(({ group }) => group),
);

/** True for a group of the catalogue, or an old one, that a block may use to order its settings. */
export function isGroup(name: string): boolean {
  return GROUP_NAMES.has(name) || [...ALIASES.keys()].some((alias) => alias.startsWith(`${name}.`));
}

/**
 * Finds the setting that a name means (`parameters.md` 1.2, 1.6).
 * @param written the name as it stands, with its groups: `as_config.min_price`,
 * `gradient.gradient_qty_decay`
 * @param scope the scope of the block it stands in
 */
export function resolveName(written: string, scope: Scope): ResolvedName {
  const alias = ALIASES.get(written);
  const name = alias?.names[0] ?? withoutGroups(written);
  if (parameterNamed(scope, name) !== null) {
    return alias === undefined ? { kind: "parameter", name } : { kind: "alias", alias };
  }
  const other = scope === "global" ? "market" : "global";
  if (parameterNamed(other, name) !== null) {
    const message = `is a ${other} setting, not a ${scope} one`;
    return { kind: "problem", code: "SCOPE", message, advice: ADVICE_BY_SCOPE[other] };
  }
  const replacement = SUPERSEDED.get(name);
  return replacement === undefined ? unknownName(name) : {
    kind: "problem",
    code: "SUPERSEDED",
    message: "is no longer a setting",
    advice: `Instead ${replacement}`,
  };
}

/** Groups only order a block, so `gradient.gradient_qty_decay` is `gradient_qty_decay`. */
function withoutGroups(written: string): string {
  const [group = "", ...rest] = written.split(".");
  return rest.length > 0 && isGroup(group) ? withoutGroups(rest.join(".")) : written;
}

function unknownName(name: string): ResolvedName {
  const names = Object.values(registries).flatMap(Object.keys);
  const meant = nearest(name, [...names, ...ALIASES.keys()]);
  const advice = meant === null ? "Run `config schema` for all settings" : `Did you mean ${meant}?`;
  return { kind: "problem", code: "UNKNOWN_KEY", message: "is not a setting", advice };
}
