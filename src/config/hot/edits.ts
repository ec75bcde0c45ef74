/** What an edit of an operator means for the stored overrides. Pure. */

import type { Finding } from "../finding.ts";
import { presetNamed, PRESETS } from "../presets.ts";
import { parameterNamed } from "../registry.ts";
import { resolveName } from "../setting_name.ts";
import { publicValue } from "../value.ts";
import type { FieldChange } from "./audit_record.ts";
import { type HotConfig, type Overrides, overridesOf, settingsOf } from "./hot_config.ts";
import { type Fields, META_FIELDS, scopeOf } from "./override_store.ts";

/** What every edit says. */
export interface EditRequest {
  /** A market id, or `global`. */
  readonly target: string;
  /** Who does it. */
  readonly operator: string;
  readonly reason: string;
  /** Who else agrees; needed to loosen a high-risk setting. */
  readonly approver?: string;
  /** The version that the operator has seen; without it the newest one is meant. */
  readonly expectedVersion?: number;
  /**
   * How long the change lives, ms; without it, until somebody takes it back. A market has one set
   * of temporary overrides, which ends as a whole.
   */
  readonly ttlMs?: number;
  /** Only say what would happen. */
  readonly dryRun?: boolean;
}

/** A change of stored fields. */
export interface Edit {
  readonly temporary: boolean;
  /** As text, by canonical name where the setting is known. */
  readonly set: Fields;
  readonly remove: readonly string[];
  /** How long the temporary overrides live from now on, ms; null leaves their end as it is. */
  readonly lifeMs: number | null;
}

/** An edit, and what can be said against it before it is tried. */
export interface EditPlan {
  readonly edit: Edit;
  readonly findings: readonly Finding[];
}

const META_NAMES: readonly string[] = Object.values(META_FIELDS);

/** Sets settings. Names that nobody knows stay as they are: to be refused like a stored one. */
export function planChange(
  before: HotConfig,
  { target, ttlMs }: EditRequest,
  changes: Readonly<Record<string, unknown>>,
): EditPlan {
  const temporary = ttlMs !== undefined;
  const stored = layerOf(before, target, temporary);
  const findings: Finding[] = [];
  const set = Object.entries(changes).flatMap(([written, value]): [string, string][] => {
    const resolved = resolveName(written, scopeOf(target));
    if (META_NAMES.includes(written)) findings.push(wrongName(written, "is written by itself"));
    else if (resolved.kind === "alias") {
      const advice = `Write ${resolved.alias.names.join(" or ")}`;
      findings.push(wrongName(written, "is an old name", advice));
    } else return [[resolved.kind === "parameter" ? resolved.name : written, textOf(value)]];
    return [];
  });
  const names = set.map(([name]) => name);
  const oldNames = Object.keys(stored).filter((field) =>
    !names.includes(field) && names.some((name) => isNameOf(field, name, target))
  );
  const edit = {
    temporary,
    set: Object.fromEntries(set),
    remove: oldNames,
    lifeMs: ttlMs ?? null,
  };
  return { edit, findings };
}

/** Takes overrides back: those of the given names, or all. */
export function planRemoval(
  before: HotConfig,
  { target, names, temporary = false }: {
    readonly target: string;
    readonly names?: readonly string[];
    readonly temporary?: boolean;
  },
): EditPlan {
  const stored = settingsIn(layerOf(before, target, temporary));
  const wanted = names ?? stored;
  const remove = stored.filter((field) => wanted.some((name) => isNameOf(field, name, target)));
  const absent = wanted.filter((name) => !stored.some((field) => isNameOf(field, name, target)));
  const layer = temporary ? "no temporary override" : "no override";
  return {
    edit: { temporary, set: {}, remove, lifeMs: null },
    findings: absent.map((name) => wrongName(name, `has ${layer} in ${target}`)),
  };
}

/** Sets the values of a preset. */
export function planPreset(before: HotConfig, request: EditRequest, preset: string): EditPlan {
  const found = presetNamed(preset);
  if (found !== null) return planChange(before, request, found.values);
  const advice = `Use one of ${PRESETS.map(({ name }) => name).join(", ")}`;
  const { edit } = planChange(before, request, {});
  return { edit, findings: [wrongName(preset, "is not a preset", advice)] };
}

/** @param overrides the lasting overrides to restore, null if that version is not known */
export function planRollback(
  before: HotConfig,
  { target, version }: { readonly target: string; readonly version: number },
  overrides: Fields | null,
): EditPlan {
  const stored = settingsIn(layerOf(before, target, false));
  const edit = { temporary: false, set: overrides ?? {}, remove: [] as string[], lifeMs: null };
  if (overrides === null) {
    const message = `no record says what version ${version} of ${target} was`;
    return { edit, findings: [wrongName("version", message, "Look into the history")] };
  }
  return {
    edit: { ...edit, remove: stored.filter((field) => !Object.hasOwn(overrides, field)) },
    findings: [],
  };
}

/** The overrides as they will be stored after an edit. */
export function withEdit(
  overrides: Overrides,
  target: string,
  { temporary, set, remove, lifeMs, nowMs }: Edit & { readonly nowMs: number },
): Overrides {
  const before = overrides.get(target);
  if (before === undefined) return overrides;
  const layer = temporary ? before.temporary : before.lasting;
  const kept = Object.entries(layer).filter(([name]) => !remove.includes(name));
  const fields = Object.fromEntries([...kept, ...Object.entries(set)]);
  const endsAtMs = lifeMs === null ? before.endsAtMs : nowMs + lifeMs;
  const after = temporary
    ? { ...before, temporary: fields, endsAtMs }
    : { ...before, lasting: fields };
  return new Map(overrides).set(target, after);
}

/** What an operator asked for, as far as it may be shown. */
export function requestedChanges(
  before: HotConfig,
  target: string,
  { set, remove }: Edit,
): readonly FieldChange[] {
  const settings = settingsOf(before, target);
  const shown = (name: string, text: string | null): FieldChange[] => {
    const parameter = parameterNamed(scopeOf(target), name);
    if (parameter === null) return [{ name, old: null, new: null }];
    const old = publicValue(parameter, settings.get(name)?.value ?? null);
    return [{ name, old, new: text === null ? null : publicValue(parameter, text) }];
  };
  return [
    ...Object.entries(set).flatMap(([name, text]) => shown(name, text)),
    ...remove.flatMap((name) => shown(name, null)),
  ];
}

function layerOf(config: HotConfig, target: string, temporary: boolean): Fields {
  const overrides = overridesOf(config, target);
  return temporary ? overrides.temporary : overrides.lasting;
}

function settingsIn(fields: Fields): readonly string[] {
  return Object.keys(fields).filter((name) => !META_NAMES.includes(name));
}

/** True if a stored field is the setting of a name, perhaps under an old one. */
function isNameOf(field: string, name: string, target: string): boolean {
  if (field === name) return true;
  const resolved = resolveName(field, scopeOf(target));
  if (resolved.kind === "problem") return false;
  const canonical = resolved.kind === "parameter" ? [resolved.name] : resolved.alias.names;
  return canonical.some((known) => known === name);
}

/** Text as a hash holds it; null unsets. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(",") : String(value);
}

function wrongName(key: string, message: string, advice?: string): Finding {
  return {
    severity: "error",
    code: "UNKNOWN_KEY",
    key,
    message,
    ...(advice !== undefined && { advice }),
  };
}
