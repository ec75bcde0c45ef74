/** Checks the rules over several settings and words what is broken. */

import type { EffectiveSettings } from "./effective.ts";
import type { Finding } from "./finding.ts";
import { formatOrigin, FROM_CODE, type Setting } from "./origin.ts";
import type { ProcessConfig } from "./process_config.ts";
import { codeDefaults, type ParameterName } from "./registry.ts";
import { marketRules, processRules } from "./rules/index.ts";
import type { MarketRule, ProcessRule } from "./rules/rule.ts";
import { showValue } from "./value.ts";

/** A rule that does not hold. */
export interface Violation {
  readonly rule: MarketRule | ProcessRule;
  /** The market in which it does not hold, null for a rule about the process. */
  readonly market: string | null;
  /** The compared figures, if the rule computes any. */
  readonly figures: string | null;
}

/** More members than this are only named if they are not at their default. */
const MEMBERS_SHOWN = 6;

/**
 * All rules that do not hold.
 * @param isKnown false for a setting without a valid value; rules that read one are not judged
 */
export function violations(
  { global, markets }: ProcessConfig,
  isKnown: (name: ParameterName, market: string | null) => boolean = () => true,
): Violation[] {
  const found: Violation[] = [];
  for (const [id, market] of markets) {
    for (const rule of marketRules) {
      const judged = rule.members.every((name) => isKnown(name, id));
      if (!judged || rule.holds(market, global)) continue;
      found.push({ rule, market: id, figures: rule.figures?.(market, global) ?? null });
    }
  }
  const all = [...markets.values()];
  for (const rule of processRules) {
    const judged = rule.members.every((name) => isKnown(name, null));
    if (!judged || rule.holds(global, all)) continue;
    found.push({ rule, market: null, figures: rule.figures?.(global, all) ?? null });
  }
  return found;
}

/** One finding per broken rule; markets that break it with the same values share one. */
export function violationFindings(
  broken: readonly Violation[],
  effective: EffectiveSettings,
): Finding[] {
  const findings = new Map<string, Finding>();
  for (const violation of broken) {
    const finding = violationFinding(violation, effective);
    const same = JSON.stringify([finding.rule, finding.message, finding.origin]);
    const markets = [...findings.get(same)?.markets ?? [], ...finding.markets ?? []];
    findings.set(same, { ...finding, markets });
  }
  return [...findings.values()];
}

function violationFinding(
  { rule, market, figures }: Violation,
  effective: EffectiveSettings,
): Finding {
  const members = rule.members.flatMap((name) => memberOf(name, market, effective));
  const shown = members.filter(({ name, value }) =>
    members.length <= MEMBERS_SHOWN || !isDefault(name, value)
  );
  const values = shown.map(({ name, value, origin }) =>
    `${name} is ${showValue(value)} (${formatOrigin(origin)})`
  );
  const [culprit] = members.toSorted((a, b) => suspicion(b) - suspicion(a));
  const now = [...(figures === null ? [] : [figures]), ...values].join(", ");
  const reason = rule.because === undefined ? "" : `: ${rule.because}`;
  return {
    severity: rule.severity,
    code: rule.code ?? "CROSS_FIELD",
    rule: rule.id,
    key: culprit?.name ?? rule.id,
    origin: culprit?.origin ?? FROM_CODE,
    message: `must hold: ${rule.statement}; now ${now}`,
    advice: `Change ${rule.members.length === 1 ? "it" : "one of them"}${reason}`,
    markets: market === null ? [] : [market],
  };
}

interface Member extends Setting {
  readonly name: ParameterName;
}

/** A member with its value; none for a market setting in a rule about all markets together. */
function memberOf(
  name: ParameterName,
  market: string | null,
  { global, markets }: EffectiveSettings,
): Member[] {
  const own = market === null ? undefined : markets.get(market);
  const setting = global.get(name) ?? own?.get(name);
  return setting === undefined ? [] : [{ name, ...setting }];
}

function isDefault(name: string, value: unknown): boolean {
  const defaults = Object.hasOwn(codeDefaults.market, name)
    ? codeDefaults.market
    : codeDefaults.global;
  return JSON.stringify(value) === JSON.stringify(defaults[name]);
}

/** How likely a member is the one that somebody should change: written on purpose, and late. */
function suspicion({ name, value, origin }: Member): number {
  const late = { code: 0, derived: 1, file: 2, environment: 3, override: 4 }[origin.layer];
  return isDefault(name, value) ? late / 10 : late;
}
