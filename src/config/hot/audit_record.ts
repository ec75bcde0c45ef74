/** Who changed which setting, when and why (`parameters.md` 2.7). */

import { z } from "zod";
import { HTTP_LIMITS, toWire } from "../../runtime/wire.ts";
import type { Settings } from "../origin.ts";
import { registries, type Scope } from "../registry.ts";
import { publicValue } from "../value.ts";

/** What an audit record is about. */
export const AUDIT_EVENTS = [
  /** A process started with this configuration. */
  "start",
  /** An operator wrote or took back overrides. */
  "written",
  /** An operator's change was refused; nothing was written. */
  "refused",
  /** A process took over what it found in the store. */
  "applied",
  /** Temporary overrides ended. */
  "ended",
  /** The store lost the overrides. */
  "lost",
] as const;

/** A setting before and after, by its canonical name; secrets only say whether they are set. */
const fieldChange = z.object({ name: z.string(), old: z.unknown(), new: z.unknown() });

const auditRecord = z.object({
  event: z.enum(AUDIT_EVENTS),
  at: z.string(),
  target: z.string(),
  version: z.number(),
  operator: z.string(),
  approver: z.string().nullable(),
  source: z.enum(["admin", "watcher", "start"]),
  reason: z.string(),
  changes: z.array(fieldChange).readonly(),
  findings: z.array(z.string()).readonly(),
  life_ms: z.number().nullable(),
  overrides: z.record(z.string(), z.string()).nullable(),
  settings: z.record(z.string(), z.unknown()).nullable().default(null),
}).transform(({ life_ms, ...record }) => ({ ...record, lifeMs: life_ms }));

/** A setting that a change gave another value. */
export type FieldChange = Readonly<z.infer<typeof fieldChange>>;

/**
 * One record. `changes` are effective values; `findings` what was refused; `lifeMs` how long the
 * temporary overrides live, null if the lasting ones changed; `overrides` the lasting ones after
 * the change, as text, which is what a rollback restores; `settings` everything, at a start.
 */
export type AuditRecord = Readonly<z.infer<typeof auditRecord>>;

/** The text of a record; without secrets. */
export function auditText(record: AuditRecord): string {
  return JSON.stringify(toWire(record, HTTP_LIMITS));
}

/** The record of a text, null if it is none. */
export function parseAuditRecord(text: string): AuditRecord | null {
  try {
    return auditRecord.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The settings whose values differ, in the order of the catalogue. */
export function changesBetween(
  scope: Scope,
  before: Settings,
  after: Settings,
): readonly FieldChange[] {
  return Object.entries(registries[scope]).flatMap(([name, parameter]) => {
    const [old, now] = [before.get(name)?.value, after.get(name)?.value];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    return [{ name, old: publicValue(parameter, old), new: publicValue(parameter, now) }];
  });
}
