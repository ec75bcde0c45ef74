/** What a process writes down when its configuration changes (`parameters.md` 2.7). Pure. */

import { HTTP_LIMITS, toWire } from "../../runtime/wire.ts";
import { type Finding, formatFinding } from "../finding.ts";
import { publicSettings } from "../public_settings.ts";
import { type AuditRecord, changesBetween } from "./audit_record.ts";
import {
  type HotConfig,
  type Overrides,
  overridesOf,
  rejectedOf,
  settingsOf,
  type TargetOverrides,
} from "./hot_config.ts";
import { type Fields, META_FIELDS, scopeOf } from "./override_store.ts";

/** Why a process takes another configuration over. */
export type ChangeEvent = Extract<AuditRecord["event"], "start" | "applied" | "ended" | "lost">;

/** A moment on both clocks. */
export interface Moment {
  /** Wall time, epoch milliseconds. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** A change of the configuration in force, for one target. */
export interface ConfigChange {
  readonly event: ChangeEvent;
  readonly target: string;
  readonly before: HotConfig;
  readonly after: HotConfig;
  readonly now: Moment;
}

/** The record of a change; null if nothing about the target is different. */
export function changeRecord(change: ConfigChange): AuditRecord | null {
  const { event, target, before, after, now } = change;
  const changes = changesBetween(
    scopeOf(target),
    settingsOf(before, target),
    settingsOf(after, target),
  );
  const isTouched = targetContent(before, target) !== targetContent(after, target);
  if (event !== "start" && changes.length === 0 && !isTouched) return null;
  const { version } = overridesOf(after, target);
  return {
    event,
    at: new Date(now.wallMs).toISOString(),
    target,
    version,
    ...authorOf(change),
    approver: null,
    source: event === "start" ? "start" : "watcher",
    changes: [...changes],
    findings: findingTexts(rejectedOf(after, target)),
    lifeMs: lifeOf(overridesOf(after, target), now),
    overrides: acceptedOverrides(after, target),
    settings: event === "start" ? publicSettings(scopeOf(target), settingsOf(after, target)) : null,
  };
}

/** The lasting overrides of a target that are in force, as text. */
export function acceptedOverrides(config: HotConfig, target: string): Fields {
  const refused = new Set(rejectedOf(config, target).map(({ key }) => key));
  const meta: readonly string[] = Object.values(META_FIELDS);
  return Object.fromEntries(
    Object.entries(overridesOf(config, target).lasting)
      .filter(([name]) => !meta.includes(name) && !refused.has(name)),
  );
}

/** The effective configuration of a target for whoever looks into the store; without secrets. */
export function snapshotText(config: HotConfig, target: string, now: Moment): string {
  const overrides = overridesOf(config, target);
  const snapshot = {
    target,
    config_version: overrides.version,
    at: new Date(now.wallMs).toISOString(),
    temporary_life_ms: lifeOf(overrides, now),
    rejected: findingTexts(rejectedOf(config, target)),
    settings: publicSettings(scopeOf(target), settingsOf(config, target)),
  };
  return JSON.stringify(toWire(snapshot, HTTP_LIMITS));
}

/** A record tells so many findings one by one; a hash full of garbage has more. */
const MAX_FINDINGS = 50;

/** Findings as lines for a record. */
export function findingTexts(findings: readonly Finding[]): string[] {
  const texts = findings.slice(0, MAX_FINDINGS).map(formatFinding);
  const hidden = findings.length - texts.length;
  return hidden === 0 ? texts : [...texts, `and ${hidden} more`];
}

/** Everything that is stored, as one text; when temporary overrides end is no part of it. */
export function contentOf(overrides: Overrides): string {
  return JSON.stringify([...overrides].map(([target, all]) => [target, contentParts(all)]));
}

/** Warnings about a configuration that the one before did not have. */
export function newWarnings(before: HotConfig, after: HotConfig): readonly Finding[] {
  const known = new Set(before.effective.warnings.map((warning) => JSON.stringify(warning)));
  return after.effective.warnings.filter((warning) => !known.has(JSON.stringify(warning)));
}

/** How long the temporary overrides of a target still live, ms; null if there are none. */
export function lifeOf({ endsAtMs }: TargetOverrides, { monotonicMs }: Moment): number | null {
  return endsAtMs === null ? null : Math.max(0, Math.round(endsAtMs - monotonicMs));
}

function targetContent(config: HotConfig, target: string): string {
  return JSON.stringify(contentParts(overridesOf(config, target)));
}

function contentParts({ lasting, temporary, problems }: TargetOverrides): unknown {
  return [sorted(lasting), sorted(temporary), problems];
}

function sorted(fields: Fields): readonly (readonly [string, string])[] {
  return Object.entries(fields).sort(([a], [b]) => a < b ? -1 : 1);
}

/** Who made a change, and why, as far as the store says so. */
function authorOf(
  { event, target, before, after }: ConfigChange,
): Pick<AuditRecord, "operator" | "reason"> {
  switch (event) {
    case "start":
      return { operator: "amm", reason: "the process started" };
    case "ended":
      return { operator: "amm", reason: "the time of the temporary overrides is over" };
    case "lost":
      return { operator: "amm", reason: "the store was emptied: the files are in force again" };
    case "applied": {
      const { lasting } = overridesOf(after, target);
      const isSigned = lasting[META_FIELDS.updatedAt] !== undefined &&
        JSON.stringify(metaOf(lasting)) !==
          JSON.stringify(metaOf(overridesOf(before, target).lasting));
      return {
        operator: isSigned ? lasting[META_FIELDS.updatedBy] ?? UNKNOWN : UNKNOWN,
        reason: isSigned ? lasting[META_FIELDS.reason] ?? BY_HAND : BY_HAND,
      };
    }
  }
}

const UNKNOWN = "unknown";
const BY_HAND = "edited in the store without an author";

function metaOf(fields: Fields): readonly (string | undefined)[] {
  return Object.values(META_FIELDS).map((name) => fields[name]);
}
