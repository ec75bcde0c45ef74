/** The configuration of a running process: its files, and what operators changed since. Pure. */

import { violations } from "../check_rules.ts";
import { processConfig } from "../effective.ts";
import type { Finding } from "../finding.ts";
import type { LoadedConfig } from "../load_config.ts";
import type { Settings } from "../origin.ts";
import { applyOverrides, type Override } from "../overrides.ts";
import { showValue } from "../value.ts";
import {
  type Fields,
  GLOBAL,
  META_FIELDS,
  type StoredTarget,
  versionIn,
} from "./override_store.ts";

/** The overrides of one target, as they were last readable. */
export interface TargetOverrides {
  /** Fields with those about the write. */
  readonly lasting: Fields;
  readonly temporary: Fields;
  /**
   * What stays in force although the store lost it: going back to the anchor price of a file would
   * quote a market around what somebody thought long ago.
   */
  readonly kept: Fields;
  /** When the temporary overrides end, ms on the monotonic clock; null if there are none. */
  readonly endsAtMs: number | null;
  /** How often the overrides were written. */
  readonly version: number;
  /** Why one of the two could not be read. */
  readonly problems: readonly Finding[];
}

/** Overrides by target. */
export type Overrides = ReadonlyMap<string, TargetOverrides>;

/** Everything about the configuration in force. */
export interface HotConfig {
  readonly overrides: Overrides;
  /** The files and the lasting overrides. */
  readonly lasting: LoadedConfig;
  /** With the temporary overrides: what is in force. */
  readonly effective: LoadedConfig;
  /** What is stored and not in force, and why. */
  readonly rejected: readonly Finding[];
}

const NO_OVERRIDES: TargetOverrides = {
  lasting: {},
  temporary: {},
  kept: {},
  endsAtMs: null,
  version: 0,
  problems: [],
};

/** The configuration of the files alone. */
export function withoutOverrides(base: LoadedConfig): HotConfig {
  return { overrides: new Map(), lasting: base, effective: base, rejected: [] };
}

/** Every target that a configuration has. */
export function targetsOf({ config }: LoadedConfig): readonly string[] {
  return [GLOBAL, ...config.markets.keys()];
}

/** The overrides of a target; none if nothing was read. */
export function overridesOf({ overrides }: HotConfig, target: string): TargetOverrides {
  return overrides.get(target) ?? NO_OVERRIDES;
}

/** The effective settings of a target, none for a target that there is not. */
export function settingsOf({ effective }: HotConfig, target: string): Settings {
  return targetSettings(effective, target);
}

/** The settings of a target without temporary overrides. */
export function lastingSettingsOf({ lasting }: HotConfig, target: string): Settings {
  return targetSettings(lasting, target);
}

function targetSettings({ origins }: LoadedConfig, target: string): Settings {
  return (target === GLOBAL ? origins.global : origins.markets.get(target)) ?? new Map();
}

/** What is wrong with the overrides of a target. */
export function rejectedOf({ rejected }: HotConfig, target: string): readonly Finding[] {
  return rejected.filter(({ markets = [] }) =>
    target === GLOBAL ? markets.length === 0 : markets.includes(target)
  );
}

/** The overrides in what was read; a hash that cannot be read stays as it last was. */
export function readOverrides(
  stored: ReadonlyMap<string, StoredTarget>,
  previous: HotConfig,
  readAtMs: number,
): Overrides {
  const overrides = new Map<string, TargetOverrides>();
  for (const [target, read] of stored) {
    const now = targetOverrides(target, read, { before: overridesOf(previous, target), readAtMs });
    const anchor = settingsOf(previous, target).get(ANCHOR);
    const isLost = isForgotten(read) && anchor?.origin.layer === "override";
    overrides.set(target, isLost ? { ...now, kept: { [ANCHOR]: String(anchor.value) } } : now);
  }
  return overrides;
}

const ANCHOR = "anchor_price_cents";

/** True if a store has neither overrides nor the snapshot that the bot left: it was emptied. */
export function isForgotten({ lasting, hasSnapshot }: StoredTarget): boolean {
  return !hasSnapshot && lasting.readable && isEmpty(lasting.fields);
}

function targetOverrides(
  target: string,
  stored: StoredTarget,
  { before, readAtMs }: { readonly before: TargetOverrides; readonly readAtMs: number },
): TargetOverrides {
  const { lasting, temporary, temporaryLifeMs } = stored;
  const problems = problemsOf(target, stored);
  const fields = lasting.readable ? lasting.fields : before.lasting;
  const kept = ANCHOR in fields ? {} : before.kept;
  const read = { lasting: fields, version: versionIn(fields), kept, problems };
  if (target === GLOBAL || temporary.readable && isEmpty(temporary.fields)) {
    return { ...read, temporary: {}, endsAtMs: null };
  }
  if (!temporary.readable || temporaryLifeMs === null) {
    return { ...read, temporary: before.temporary, endsAtMs: before.endsAtMs };
  }
  return { ...read, temporary: temporary.fields, endsAtMs: readAtMs + temporaryLifeMs };
}

/** What is wrong with stored hashes as a whole. */
function problemsOf(
  target: string,
  { lasting, temporary, temporaryLifeMs }: StoredTarget,
): readonly Finding[] {
  const found: Finding[] = [];
  const add = (label: "redis" | "temporary", key: string, message: string, advice: string) =>
    void found.push({
      severity: "error",
      code: "TYPE",
      key,
      message,
      advice,
      origin: { layer: "override", label },
      markets: target === GLOBAL ? [] : [target],
    });
  const keys = { redis: `amm:config:${target}`, temporary: `amm:config:${target}:temp` };
  if (!lasting.readable) add("redis", keys.redis, lasting.problem, REPAIR);
  else if (hasOddVersion(lasting.fields)) {
    const written = showValue(lasting.fields[META_FIELDS.version]);
    add("redis", META_FIELDS.version, `${written} is not a whole number`, "Write a whole number");
  }
  if (!temporary.readable) add("temporary", keys.temporary, temporary.problem, REPAIR);
  else if (target === GLOBAL && !isEmpty(temporary.fields)) {
    add("temporary", keys.temporary, "is not read: only markets have temporary ones", "Delete it");
  } else if (temporaryLifeMs === null && !isEmpty(temporary.fields)) {
    add("temporary", keys.temporary, "has no expiry, so it would never end", "Use PEXPIRE");
  }
  return found;
}

const REPAIR = "Repair or delete the key";

function hasOddVersion(fields: Fields): boolean {
  const text = fields[META_FIELDS.version];
  return text !== undefined && String(versionIn(fields)) !== text;
}

/** True if a hash has no field. */
export function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).length === 0;
}

/** The overrides without temporary ones whose time is over; the same object if there are none. */
export function withoutEnded(overrides: Overrides, nowMs: number): Overrides {
  const hasEnded = ({ endsAtMs }: TargetOverrides) => endsAtMs !== null && endsAtMs <= nowMs;
  if (![...overrides.values()].some(hasEnded)) return overrides;
  return new Map(
    [...overrides].map(([target, all]) =>
      [target, hasEnded(all) ? { ...all, temporary: {}, endsAtMs: null } : all] as const
    ),
  );
}

/**
 * Builds and checks the configuration that overrides make of the files. What cannot be taken keeps
 * its last good value: a lasting override that of the lasting ones, so that no temporary value
 * outlives its end. Never throws for bad content.
 */
export function evaluate(
  base: LoadedConfig,
  overrides: Overrides,
  before: HotConfig = withoutOverrides(base),
): HotConfig {
  const layers = [...overrides].flatMap(([target, { kept, lasting }]): Override[] => [
    { target, label: "kept after a loss", values: kept },
    { target, label: "redis", values: lasting },
  ]);
  const lasting = applyOverrides(base, layers, before.lasting);
  const temporary = [...overrides].flatMap(([target, { temporary: values }]): Override[] =>
    isEmpty(values) ? [] : [{ target, label: "temporary", values }]
  );
  const problems = [...overrides.values()].flatMap((target) => target.problems);
  const rejected = [...problems, ...lasting.rejected];
  if (temporary.length === 0) return { overrides, lasting, effective: lasting, rejected };
  const effective = applyOverrides(lasting, temporary, lastGood(lasting, temporary, before));
  return { overrides, lasting, effective, rejected: [...rejected, ...effective.rejected] };
}

/**
 * What temporary overrides fall back on: for markets that had some already the values in force, if
 * these fit to the rest, else the lasting ones.
 */
function lastGood(
  lasting: LoadedConfig,
  temporary: readonly Override[],
  before: HotConfig,
): LoadedConfig {
  const markets = new Map(lasting.origins.markets);
  for (const { target } of temporary) {
    const inForce = before.effective.origins.markets.get(target);
    const hadSome = overridesOf(before, target).endsAtMs !== null;
    if (inForce !== undefined && hadSome) markets.set(target, inForce);
  }
  const origins = { ...lasting.origins, markets };
  const config = processConfig(origins);
  const fits = violations(config).every(({ rule }) => rule.severity === "warning");
  return fits ? { ...lasting, config, origins } : lasting;
}
