/** Where operators keep changes to a running configuration (`parameters.md` 2.2). */

import type { Scope } from "../registry.ts";
import type { AuditRecord } from "./audit_record.ts";

/** The target of settings with one value per process. */
export const GLOBAL = "global";

/** Whether a target has the settings of the process or those of a market. */
export function scopeOf(target: string): Scope {
  return target === GLOBAL ? "global" : "market";
}

/** The fields of a stored hash by name, as text; those about the write itself are among them. */
export type Fields = Readonly<Record<string, string>>;

/** One stored hash: its fields, none if it does not exist, or why they cannot be read. */
export type StoredHash =
  | { readonly readable: true; readonly fields: Fields }
  | { readonly readable: false; readonly problem: string };

/** Everything that is stored for one target: a market id, or `global`. */
export interface StoredTarget {
  /** Overrides that stay until somebody takes them back. */
  readonly lasting: StoredHash;
  /** Overrides that end by themselves; never any for `global`. */
  readonly temporary: StoredHash;
  /** How long the temporary ones still live, ms; null if they have no end or do not exist. */
  readonly temporaryLifeMs: number | null;
  /** False if the bot's own snapshot is gone: the store was emptied. */
  readonly hasSnapshot: boolean;
}

/** One change of the overrides of a target, made as a whole or not at all. */
export interface OverrideWrite {
  readonly target: string;
  /** Whether the temporary overrides are changed, or the lasting ones. */
  readonly temporary: boolean;
  /** Fields to set, as text. */
  readonly set: Fields;
  /** Names of fields to take away. */
  readonly remove: readonly string[];
  /** How long the temporary overrides live from now on, ms; null leaves their end as it is. */
  readonly lifeMs: number | null;
  /** The version that the change was made for; it becomes the next one. */
  readonly expectedVersion: number;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly reason: string;
  readonly record: AuditRecord;
}

/** What became of a write: a stale one changes nothing. */
export type WriteResult =
  | { readonly written: true }
  | { readonly written: false; readonly currentVersion: number };

/** A part of the audit trail of a target, newest first. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** How many records are kept in all. */
  readonly total: number;
  /** Entries of this page that are no records, such as something written by hand. */
  readonly unreadable: number;
}

/** How many audit records are kept for a target. */
export const MAX_AUDIT_RECORDS = 1000;
/** A hash with more fields is not read: there are fewer settings. */
export const MAX_FIELDS = 1000;
/** A hash with more characters is not read. */
export const MAX_CHARACTERS = 100_000;

/**
 * The store of overrides. All methods reject with a StoreError if the store does not answer or
 * refuses.
 */
export interface OverrideStore {
  /** Reads the overrides of targets together; what is wrong with one does not keep the others. */
  read(targets: readonly string[]): Promise<ReadonlyMap<string, StoredTarget>>;
  /** Changes overrides, version, the fields about the write and the audit trail in one step. */
  write(change: OverrideWrite): Promise<WriteResult>;
  /** Adds records, oldest first, to the audit trail of a target, and replaces its snapshot. */
  publish(target: string, records: readonly AuditRecord[], snapshot: string | null): Promise<void>;
  /** Reads the audit trail, newest first. */
  audit(target: string, offset: number, limit: number): Promise<AuditPage>;
}

/** The version of a target: how often its overrides were written, 0 if never or not a number. */
export function versionIn(fields: Fields): number {
  const text = fields[META_FIELDS.version] ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** Fields of a hash that say something about its last write and are no settings. */
export const META_FIELDS = {
  version: "config_version",
  updatedAt: "updated_at",
  updatedBy: "updated_by",
  reason: "update_reason",
} as const;
