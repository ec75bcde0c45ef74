/** Changes to a running configuration (`parameters.md` 2.3 and 2.4). */

import type { Block } from "./block.ts";
import { type Violation, violationFindings, violations } from "./check_rules.ts";
import { type EffectiveSettings, processConfig } from "./effective.ts";
import { errorsIn, type Finding } from "./finding.ts";
import { GLOBAL, META_FIELDS } from "./hot/override_store.ts";
import type { LoadedConfig } from "./load_config.ts";
import { mergeSettings, type Origin, type Settings } from "./origin.ts";
import { isHot, type Parameter } from "./parameter.ts";
import { parameterNamed } from "./registry.ts";
import { type BlockContext, readBlock } from "./setting_reader.ts";
import { type ParsedValue, parsePlain, parseText } from "./value.ts";

/** One layer of changes, as a Redis hash, an admin request or a preset gives it. */
export interface Override {
  /** A market id, or `global` for the settings of the process. */
  readonly target: string;
  /** What the layer is, for origins and messages: `redis`, `temporary`, `preset near_expiry`. */
  readonly label: string;
  /**
   * Values by name. Text is parsed by the declared type; other values must have it; null unsets.
   */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A configuration after changes; `rejected` says what was not taken, and why. */
export interface OverriddenConfig extends LoadedConfig {
  readonly rejected: readonly Finding[];
}

const META_NAMES: ReadonlySet<string> = new Set(Object.values(META_FIELDS));

/**
 * Applies layers of changes to a loaded configuration. A field that cannot be taken keeps its last
 * good value while the others apply; if values that are fine one by one break a rule, the members
 * of that rule go back to their last good values; if that does not help, the write is dropped.
 * Never throws for bad content.
 * @param base the configuration of the files; what no layer names has its value
 * @param overrides all layers, weakest first; a later one wins
 * @param inForce the configuration in use, which has the last good values
 */
export function applyOverrides(
  base: LoadedConfig,
  overrides: readonly Override[],
  inForce: LoadedConfig = base,
): OverriddenConfig {
  const findings: Finding[] = [];
  let candidate: EffectiveSettings = base.origins;
  for (const override of overrides) {
    const layer = readOverride(override, inForce.origins);
    findings.push(...layer.findings);
    candidate = withSettings(candidate, override.target, layer.settings);
  }
  const settled = settle(candidate, inForce.origins);
  const config = processConfig(settled.effective);
  const rejected = [...errorsIn(findings), ...settled.rejected];
  const warnings = [
    ...findings.filter(({ severity }) => severity === "warning"),
    ...base.warnings.filter(({ rule }) => rule === undefined),
    ...violationFindings(violations(config), settled.effective),
  ];
  return { config, origins: settled.effective, warnings, paper: base.paper, rejected };
}

/** The settings one layer changes, with the last good value of those it gives wrongly. */
function readOverride({ target, label, values }: Override, inForce: EffectiveSettings): Block {
  const origin: Origin = { layer: "override", label };
  const lastGood = settingsOf(inForce, target);
  if (lastGood === undefined) {
    const message = "is not a market of this process";
    const finding: Finding = { severity: "error", code: "SCOPE", key: target, message, origin };
    return { settings: new Map(), findings: [finding] };
  }
  const written = Object.entries(values).filter(([name]) => !META_NAMES.has(name))
    .map(([name, value]) => ({ name, value, origin }));
  const context: BlockContext = target === GLOBAL
    ? { scope: "global", parse: parseOverride, nullMeans: "unset" }
    : { scope: "market", parse: parseOverride, nullMeans: "unset", market: target };
  const block = readBlock(written, context);
  const findings = [...block.findings, ...fixedSettings(block.settings, context, origin)];
  const refused = errorsIn(findings).map(({ key }) => key).filter((key) => lastGood.has(key));
  return { settings: mergeSettings(block.settings, only(lastGood, refused)), findings };
}

function parseOverride(parameter: Parameter, value: unknown): ParsedValue {
  return typeof value === "string" ? parseText(parameter, value) : parsePlain(parameter, value);
}

/** Refuses the settings that cannot change while the process runs. */
function fixedSettings(
  settings: Settings,
  { scope, market }: BlockContext,
  origin: Origin,
): Finding[] {
  return [...settings].flatMap(([key, { value }]): Finding[] => {
    const parameter = parameterNamed(scope, key);
    if (parameter === null || isHot(parameter.takesEffect)) return [];
    const cold = parameter.takesEffect === "restart";
    return [{
      severity: "error",
      code: cold ? "COLD" : "LOCKED",
      key,
      value,
      message: cold ? "can only change with a restart" : "is not for operators to change",
      origin,
      ...(cold && { advice: "Change the file or the environment and restart" }),
      ...(market !== undefined && { markets: [market] }),
    }];
  });
}

/** Takes back what breaks a rule: first the members of the rule, then the whole write. */
function settle(
  candidate: EffectiveSettings,
  inForce: EffectiveSettings,
): { readonly effective: EffectiveSettings; readonly rejected: readonly Finding[] } {
  const broken = brokenRules(candidate);
  if (broken.length === 0) return { effective: candidate, rejected: [] };
  const rejected = violationFindings(broken, candidate);
  const withoutMembers = broken.reduce(
    (settings, violation) => withoutMembersOf(violation, settings, inForce),
    candidate,
  );
  const stillBroken = brokenRules(withoutMembers);
  const withoutWrites = stillBroken.reduce(
    (settings, violation) => withoutWrite(violation, settings, inForce),
    withoutMembers,
  );
  // Markets can depend on each other through the process; what is in force is valid as a whole.
  const usable = brokenRules(withoutWrites).length === 0;
  return { effective: usable ? withoutWrites : inForce, rejected };
}

function brokenRules(settings: EffectiveSettings): Violation[] {
  return violations(processConfig(settings)).filter(({ rule }) => rule.severity === "error");
}

/** Puts the members of a broken rule back to their last good values. */
function withoutMembersOf(
  violation: Violation,
  settings: EffectiveSettings,
  inForce: EffectiveSettings,
): EffectiveSettings {
  return targetsOf(violation, settings).reduce((result, target) => {
    const lastGood = settingsOf(inForce, target) ?? new Map();
    return withSettings(result, target, only(lastGood, violation.rule.members));
  }, settings);
}

/** Drops every change of the market and, if the rule reads a setting of it, of the process. */
function withoutWrite(
  violation: Violation,
  settings: EffectiveSettings,
  inForce: EffectiveSettings,
): EffectiveSettings {
  return targetsOf(violation, settings).reduce(
    (result, target) => withSettings(result, target, settingsOf(inForce, target) ?? new Map()),
    settings,
  );
}

/** Where the members of a broken rule stand. */
function targetsOf({ rule, market }: Violation, { markets }: EffectiveSettings): string[] {
  const ofProcess = rule.members.some((name) => parameterNamed("global", name) !== null);
  const ofMarkets = market === null ? [...markets.keys()] : [market];
  return [...(ofProcess ? [GLOBAL] : []), ...ofMarkets];
}

function settingsOf({ global, markets }: EffectiveSettings, target: string): Settings | undefined {
  return target === GLOBAL ? global : markets.get(target);
}

function withSettings(
  settings: EffectiveSettings,
  target: string,
  changes: Settings,
): EffectiveSettings {
  if (changes.size === 0) return settings;
  if (target === GLOBAL) return { ...settings, global: mergeSettings(settings.global, changes) };
  const market = settings.markets.get(target);
  if (market === undefined) return settings;
  const markets = new Map(settings.markets).set(target, mergeSettings(market, changes));
  return { ...settings, markets };
}

function only(settings: Settings, names: readonly string[]): Settings {
  return new Map([...settings].filter(([name]) => names.includes(name)));
}
