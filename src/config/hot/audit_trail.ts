import type { Logger } from "../../runtime/log.ts";
import type { AuditRecord } from "./audit_record.ts";
import type { OverrideStore } from "./override_store.ts";

/** What is still to be written for a target. */
interface Pending {
  readonly records: readonly AuditRecord[];
  readonly snapshot: string | null;
}

/** While the store is away, so many of the newest records are kept for each target. */
const MAX_PENDING = 100;

/** The audit trail and snapshots of a process; what cannot be written now is written later. */
export class AuditTrail {
  readonly #store: OverrideStore;
  readonly #log: Logger;
  readonly #pending = new Map<string, Pending>();
  /** Targets whose trail is known to be unwritable, so that it is told once. */
  readonly #failing = new Set<string>();

  constructor(store: OverrideStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Adds a record, null for none, and the snapshot that replaces the one before. */
  add(target: string, record: AuditRecord | null, snapshot: string): void {
    const before = this.#pending.get(target)?.records ?? [];
    const records = record === null ? before : [...before, record].slice(-MAX_PENDING);
    this.#pending.set(target, { records, snapshot });
  }

  /** Writes what is pending; never rejects. */
  async flush(): Promise<void> {
    const pending = [...this.#pending];
    await Promise.all(pending.map(([target, parts]) => this.#write(target, parts)));
  }

  async #write(target: string, parts: Pending): Promise<void> {
    try {
      await this.#store.publish(target, parts.records, parts.snapshot);
      this.#strike(target, parts);
      this.#failing.delete(target);
    } catch (error) {
      if (this.#failing.has(target)) return;
      this.#failing.add(target);
      this.#log.log("WARN", "config_record_failed", { target, cause: String(error) });
    }
  }

  /** Forgets what is written; what came meanwhile stays for the next time. */
  #strike(target: string, written: Pending): void {
    const now = this.#pending.get(target);
    if (now === undefined || now === written) return void this.#pending.delete(target);
    const records = now.records.filter((record) => !written.records.includes(record));
    this.#pending.set(target, { ...now, records });
  }
}
