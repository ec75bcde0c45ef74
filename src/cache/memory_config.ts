import { type AuditRecord, auditText, parseAuditRecord } from "../config/hot/audit_record.ts";
import {
  type AuditPage,
  type Fields,
  MAX_AUDIT_RECORDS,
  META_FIELDS,
  type OverrideStore,
  type OverrideWrite,
  type StoredTarget,
  versionIn,
  type WriteResult,
} from "../config/hot/override_store.ts";
import type { Clock } from "../runtime/clock.ts";

/** What is kept for one target. */
interface Target {
  lasting: Fields;
  temporary: Fields;
  endsAtMs: number | null;
  hasSnapshot: boolean;
  /** Newest first. */
  audit: readonly string[];
}

/** Overrides in the memory of the process (`state_store: memory`); a restart forgets them. */
export class MemoryConfig implements OverrideStore {
  readonly #clock: Clock;
  readonly #targets = new Map<string, Target>();

  /** @param clock ends temporary overrides */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  read(targets: readonly string[]): Promise<ReadonlyMap<string, StoredTarget>> {
    return Promise.resolve(new Map(targets.map((id) => [id, this.#stored(this.#target(id))])));
  }

  write(change: OverrideWrite): Promise<WriteResult> {
    const target = this.#target(change.target);
    const currentVersion = versionIn(target.lasting);
    if (currentVersion !== change.expectedVersion) {
      return Promise.resolve({ written: false, currentVersion });
    }
    const meta = metaOf(change);
    if (change.temporary) {
      const fields = changed(target.temporary, change);
      if (change.lifeMs !== null) target.endsAtMs = this.#clock.monotonicMs() + change.lifeMs;
      target.temporary = isBare(fields) || target.endsAtMs === null ? {} : { ...fields, ...meta };
      if (isBare(target.temporary)) target.endsAtMs = null;
    } else {
      target.lasting = changed(target.lasting, change);
    }
    target.lasting = { ...target.lasting, ...meta };
    this.#add(target, [change.record]);
    return Promise.resolve({ written: true });
  }

  publish(id: string, records: readonly AuditRecord[], snapshot: string | null): Promise<void> {
    const target = this.#target(id);
    this.#add(target, records);
    if (snapshot !== null) target.hasSnapshot = true;
    return Promise.resolve();
  }

  audit(id: string, offset: number, limit: number): Promise<AuditPage> {
    const { audit } = this.#target(id);
    const records = audit.slice(offset, offset + limit).flatMap((text) =>
      parseAuditRecord(text) ?? []
    );
    return Promise.resolve({ records, total: audit.length, unreadable: 0 });
  }

  #target(id: string): Target {
    const known = this.#targets.get(id);
    if (known !== undefined) {
      this.#endTemporary(known);
      return known;
    }
    const target = { lasting: {}, temporary: {}, endsAtMs: null, hasSnapshot: false, audit: [] };
    this.#targets.set(id, target);
    return target;
  }

  #endTemporary(target: Target): void {
    if (target.endsAtMs === null || target.endsAtMs > this.#clock.monotonicMs()) return;
    target.temporary = {};
    target.endsAtMs = null;
  }

  #stored({ lasting, temporary, endsAtMs, hasSnapshot }: Target): StoredTarget {
    return {
      lasting: { readable: true, fields: lasting },
      temporary: { readable: true, fields: temporary },
      temporaryLifeMs: endsAtMs === null ? null : endsAtMs - this.#clock.monotonicMs(),
      hasSnapshot,
    };
  }

  #add(target: Target, records: readonly AuditRecord[]): void {
    const newest = records.map(auditText).toReversed();
    target.audit = [...newest, ...target.audit].slice(0, MAX_AUDIT_RECORDS);
  }
}

function changed(fields: Fields, { set, remove }: OverrideWrite): Fields {
  const kept = Object.entries(fields).filter(([name]) => !remove.includes(name));
  return { ...Object.fromEntries(kept), ...set };
}

function metaOf({ expectedVersion, updatedAt, updatedBy, reason }: OverrideWrite): Fields {
  return {
    [META_FIELDS.version]: String(expectedVersion + 1),
    [META_FIELDS.updatedAt]: updatedAt,
    [META_FIELDS.updatedBy]: updatedBy,
    [META_FIELDS.reason]: reason,
  };
}

/** True if a hash has no field but those about its write. */
function isBare(fields: Fields): boolean {
  const meta: readonly string[] = Object.values(META_FIELDS);
  return Object.keys(fields).every((name) => meta.includes(name));
}
