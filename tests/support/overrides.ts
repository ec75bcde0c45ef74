import { MemoryConfig } from "../../src/cache/memory_config.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import type { AuditRecord } from "../../src/config/hot/audit_record.ts";
import type {
  Fields,
  OverrideStore,
  OverrideWrite,
  StoredHash,
  StoredTarget,
} from "../../src/config/hot/override_store.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { loaded, loadTexts } from "./config_layers.ts";

/** Two markets on paper; the settings of MKT-1 are lines such as `kappa: 2`. */
export function twoMarkets(...lines: readonly string[]) {
  const market = (id: string) =>
    `  ${id}:\n    anchor_price_cents: 50\n    initial_funding_cents: 100000\n`;
  const settings = lines.map((line) => `    ${line}\n`).join("");
  return loaded(loadTexts({
    file: `mode: paper\nmarkets:\n${market("MKT-1")}${settings}${market("MKT-2")}`,
  }));
}

/** A hash as it may look like after somebody edited it. */
export function hash(fields: Fields): StoredHash {
  return { readable: true, fields };
}

/**
 * Overrides in memory that a test may edit by hand, as with `redis-cli`, make unreadable or take
 * away.
 */
export class HandEdited implements OverrideStore {
  /** While true nothing is answered. */
  isAway = false;
  /** What stands in place of what was written properly. */
  readonly byHand = new Map<string, Partial<StoredTarget>>();
  reads = 0;
  #inner: MemoryConfig;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#inner = new MemoryConfig(clock);
  }

  /** Sets the lasting fields of a target by hand, without version and author. */
  set(target: string, fields: Fields): void {
    this.byHand.set(target, { ...this.byHand.get(target), lasting: hash(fields) });
  }

  /** The store comes back without anything in it. */
  empty(): void {
    this.#inner = new MemoryConfig(this.#clock);
    this.byHand.clear();
  }

  async read(targets: readonly string[]): Promise<ReadonlyMap<string, StoredTarget>> {
    this.reads++;
    this.#answer("read overrides");
    const stored = await this.#inner.read(targets);
    return new Map(
      [...stored].map(([target, read]) =>
        [target, { ...read, ...this.byHand.get(target) }] as const
      ),
    );
  }

  async write(change: OverrideWrite) {
    this.#answer("write overrides");
    return await this.#inner.write(change);
  }

  async publish(target: string, records: readonly AuditRecord[], snapshot: string | null) {
    this.#answer("write the audit trail");
    await this.#inner.publish(target, records, snapshot);
  }

  async audit(target: string, offset: number, limit: number) {
    this.#answer("read the audit trail");
    return await this.#inner.audit(target, offset, limit);
  }

  #answer(action: string): void {
    if (this.isAway) throw new StoreError("unavailable", action, "connection refused");
  }
}

/** A record for a write that a test makes without an editor. */
export function auditRecord(overrides: Partial<AuditRecord> = {}): AuditRecord {
  return {
    event: "written",
    at: "2026-01-05T12:00:00.000Z",
    target: "MKT-1",
    version: 1,
    operator: "anna",
    approver: null,
    source: "admin",
    reason: "a test",
    changes: [],
    findings: [],
    lifeMs: null,
    overrides: null,
    settings: null,
    ...overrides,
  };
}

/** A write as an editor would make it. */
export function overrideWrite(overrides: Partial<OverrideWrite> = {}): OverrideWrite {
  return {
    target: "MKT-1",
    temporary: false,
    set: {},
    remove: [],
    lifeMs: null,
    expectedVersion: 0,
    updatedAt: "2026-01-05T12:00:00.000Z",
    updatedBy: "anna",
    reason: "a test",
    record: auditRecord(),
    ...overrides,
  };
}
