/** Takes the changes that operators make over into the running process (`parameters.md` 2.4). */

import { type CancelTimer, type Clock, sleep } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/log.ts";
import type { LoadedConfig } from "../load_config.ts";
import type { ProcessConfig } from "../process_config.ts";
import type { GlobalConfig } from "../registry.ts";
import { type AuditRecord, changesBetween } from "./audit_record.ts";
import { AuditTrail } from "./audit_trail.ts";
import {
  type ChangeEvent,
  changeRecord,
  contentOf,
  type Moment,
  newWarnings,
  snapshotText,
} from "./change_report.ts";
import { type ConfigFeed, type MarketSettings, settingsNamed } from "./config_feed.ts";
import {
  evaluate,
  type HotConfig,
  isForgotten,
  type Overrides,
  overridesOf,
  readOverrides,
  settingsOf,
  targetsOf,
  withoutEnded,
  withoutOverrides,
} from "./hot_config.ts";
import { GLOBAL, type OverrideStore, scopeOf, type StoredTarget } from "./override_store.ts";
import { type RejectedCount, Rejections } from "./rejections.ts";

/** What a watcher is made of. */
export interface WatcherOptions {
  /** The configuration of files and environment. */
  readonly base: LoadedConfig;
  readonly store: OverrideStore;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Whether this process writes audit records and snapshots of a target; with several instances the
   * one that works the market does. All targets if left out.
   */
  readonly keepsRecords?: (target: string) => boolean;
  /** Told when a setting of the process has changed. */
  readonly onGlobal?: (global: GlobalConfig) => void;
}

/**
 * Follows the stored overrides: builds the complete next configuration, checks it, and holds it
 * ready for the markets to take at their next cycle boundary. Whatever is stored, and whether the
 * store answers or not, there is always a valid configuration, and nothing is ever thrown.
 */
export class ConfigWatcher implements ConfigFeed {
  readonly #base: LoadedConfig;
  readonly #store: OverrideStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #keepsRecords: (target: string) => boolean;
  readonly #onGlobal: (global: GlobalConfig) => void;
  readonly #trail: AuditTrail;
  readonly #rejections: Rejections;
  #hot: HotConfig;
  #config: ProcessConfig;
  #markets: ReadonlyMap<string, MarketSettings>;
  #hasRead = false;
  #isAway = false;
  #running: AbortSignal | null = null;
  #cancelEnd: CancelTimer = () => {};
  #checks: Promise<void> = Promise.resolve();

  constructor({ base, store, clock, log, keepsRecords, onGlobal }: WatcherOptions) {
    this.#base = base;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#keepsRecords = keepsRecords ?? (() => true);
    this.#onGlobal = onGlobal ?? (() => {});
    this.#trail = new AuditTrail(store, log);
    this.#rejections = new Rejections(log);
    this.#hot = withoutOverrides(base);
    this.#config = base.config;
    this.#markets = new Map(
      [...base.config.markets].map(([id, config]) => [id, { config, version: 0 }] as const),
    );
  }

  get config(): ProcessConfig {
    return this.#config;
  }

  market(marketId: string): MarketSettings {
    return settingsNamed(this.#markets, marketId);
  }

  /** Everything about the configuration in force, origins and refused overrides included. */
  get hot(): HotConfig {
    return this.#hot;
  }

  /** How often which settings were refused. */
  get rejectedCounts(): readonly RejectedCount[] {
    return this.#rejections.counts;
  }

  /** True while a temporary override of a market is in force. */
  isOverridden(marketId: string): boolean {
    return overridesOf(this.#hot, marketId).endsAtMs !== null;
  }

  /** The first look; without an answer the files alone are in force until there is one. */
  async start(): Promise<void> {
    await this.check();
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#running = signal;
    this.#awaitEnd();
    while (!signal.aborted) {
      await sleep(this.#clock, this.#base.config.global.configReloadIntervalMs, signal);
      if (!signal.aborted) await this.check();
    }
    this.#cancelEnd();
  }

  /** Looks for changes now, after a look that is under way; never rejects. */
  check(): Promise<void> {
    this.#checks = this.#checks.then(() => this.#check());
    return this.#checks;
  }

  async #check(): Promise<void> {
    const readAtMs = this.#clock.monotonicMs();
    try {
      const stored = await this.#store.read(targetsOf(this.#base));
      this.#noteBack();
      this.#guarded(() => this.#take(stored, readAtMs));
    } catch (error) {
      return this.#noteAway(error);
    }
    await this.#trail.flush();
  }

  #noteAway(error: unknown): void {
    if (this.#isAway) return;
    this.#isAway = true;
    const inForce = this.#hasRead ? "the settings of the last read" : "the files alone";
    this.#log.log("WARN", "config_unavailable", { cause: String(error), inForce });
  }

  #noteBack(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#log.log("INFO", "config_available");
  }

  #take(stored: ReadonlyMap<string, StoredTarget>, readAtMs: number): void {
    const before = this.#hot;
    const read = readOverrides(stored, before, readAtMs);
    const overrides = withoutEnded(read, this.#clock.monotonicMs());
    const isFirst = !this.#hasRead;
    this.#hasRead = true;
    if (isFirst) return this.#adopt(overrides, () => "start");
    const withoutSnapshot = [...stored].filter(([, { hasSnapshot }]) => !hasSnapshot);
    if (contentOf(overrides) === contentOf(before.overrides)) {
      // Only the end of a temporary override may be another one.
      this.#hot = { ...before, overrides };
      this.#awaitEnd();
    } else {
      const lost = withoutSnapshot.filter(([, target]) => isForgotten(target)).map(([id]) => id);
      this.#adopt(overrides, (target) => lost.includes(target) ? "lost" : "applied");
    }
    for (const [target] of withoutSnapshot) this.#keep(target, null);
  }

  /** Temporary overrides end by the clock of this process, whether the store answers or not. */
  #endTemporary(): void {
    const before = this.#hot.overrides;
    const overrides = withoutEnded(before, this.#clock.monotonicMs());
    if (overrides === before) return this.#awaitEnd();
    const hasEnded = (target: string) => overrides.get(target) !== before.get(target);
    this.#adopt(overrides, (target) => hasEnded(target) ? "ended" : "applied");
    if (!this.#isAway) this.#checks = this.#checks.then(() => this.#trail.flush());
  }

  #awaitEnd(): void {
    this.#cancelEnd();
    if (this.#running === null || this.#running.aborted) return;
    const ends = [...this.#hot.overrides.values()].flatMap(({ endsAtMs }) => endsAtMs ?? []);
    if (ends.length === 0) return;
    const delayMs = Math.min(...ends) - this.#clock.monotonicMs();
    const end = () => this.#guarded(() => this.#endTemporary());
    this.#cancelEnd = this.#clock.after(Math.max(0, delayMs), end);
  }

  #adopt(overrides: Overrides, eventOf: (target: string) => ChangeEvent): void {
    const before = this.#hot;
    const after = evaluate(this.#base, overrides, before);
    this.#hot = after;
    this.#awaitEnd();
    this.#settle(before, after);
    this.#rejections.note(after);
    for (const warning of newWarnings(before, after)) {
      this.#log.log("WARN", "config_finding", { ...warning });
    }
    for (const target of targetsOf(this.#base)) {
      const event = eventOf(target);
      const record = changeRecord({ event, target, before, after, now: this.#now() });
      if (record === null) continue;
      this.#tell(record);
      this.#keep(target, record);
    }
  }

  #tell({ event, settings: _, ...record }: AuditRecord): void {
    if (event === "ended") this.#log.log("INFO", "config_override_ended", record);
    else if (event === "lost") this.#log.log("WARN", "config_overrides_lost", record);
    else if (event === "applied" || record.changes.length > 0) {
      this.#log.log("INFO", "config_changed", record);
    }
  }

  /** Makes the new values the newest ones; what did not change stays the same object. */
  #settle(before: HotConfig, after: HotConfig): void {
    const isChanged = (target: string) =>
      changesBetween(scopeOf(target), settingsOf(before, target), settingsOf(after, target))
        .length > 0;
    const { mode, global, markets } = after.effective.config;
    this.#markets = new Map([...markets].map(([id, config]) => {
      const old = this.market(id);
      const { version } = overridesOf(after, id);
      const kept = isChanged(id) ? config : old.config;
      return [id, kept === old.config && version === old.version ? old : { config: kept, version }];
    }));
    const isGlobalChanged = isChanged(GLOBAL);
    this.#config = Object.freeze({
      mode,
      global: isGlobalChanged ? global : this.#config.global,
      markets: new Map([...this.#markets].map(([id, { config }]) => [id, config] as const)),
    });
    if (isGlobalChanged) this.#onGlobal(global);
  }

  /** Writes down a change, null for none, and what is in force now. */
  #keep(target: string, record: AuditRecord | null): void {
    if (!this.#keepsRecords(target)) return;
    this.#trail.add(target, record, snapshotText(this.#hot, target, this.#now()));
  }

  #now(): Moment {
    return { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
  }

  /** Whatever goes wrong in here, the configuration in force stays. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log.log("ERROR", "config_reload_failed", { error });
    }
  }
}
