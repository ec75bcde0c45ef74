import type { KillRelease } from "../cache/persisted_market.ts";
import { isSameLatch, type StoredLatch, unreadableLatch } from "../cache/records/latch_record.ts";
import type { Refusal } from "../cache/records/refusal.ts";
import { SHARED_KEYS } from "../cache/redis_keys.ts";
import type { StateStore } from "../cache/state_store.ts";
import { StoreError } from "../cache/store_error.ts";
import type { KillLatch } from "../models/explanation.ts";
import type { AccountBalance } from "../models/market.ts";
import { utcDay } from "../risk/budget.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";

/** What the shared state is made of. */
export interface SharedStateOptions {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** The account's cash as last read, null before the first time. */
  readonly account: () => AccountBalance | null;
  /** What a market whose profit of the day cannot be read may have lost, cents. */
  readonly assumedLossCents: number;
  /** Wakes every market of this process: a kill must not wait for their next turn. */
  readonly onKill: () => void;
  /** An operator released the kill of every market at another instance. */
  readonly onReleasedElsewhere: (latch: KillLatch, by: string) => void;
}

/** A kill of one market that is not written down yet. */
interface UnsavedKill {
  readonly latch: KillLatch;
  readonly isCurrent: () => boolean;
}

/** The same few refusals come every second; more different ones than this are repeated. */
const MAX_REPORTED = 1000;

/**
 * What all markets of all instances share (state and events spec §2.6): the kill of every market
 * and the profit of the day. It is read once per second; while the store is away the last good
 * values stay, and kills that could not be written are held here and tried again.
 */
export class SharedState {
  readonly #options: SharedStateOptions;
  readonly #unsaved = new Map<string, UnsavedKill>();
  readonly #reported = new Set<string>();
  #latch: KillLatch | null = null;
  /** Changes with every kill and release, so that an older answer of the store is told apart. */
  #version = 0;
  #isKnown = false;
  #day = "";
  #dayPnlCents = new Map<string, number>();

  constructor(options: SharedStateOptions) {
    this.#options = options;
  }

  /** The latch that kills every market, null if it is not set. */
  get globalLatch(): KillLatch | null {
    return this.#latch;
  }

  /** Pieces of the shared state that are not believed at present. */
  get refusals(): number {
    return this.#reported.size;
  }

  /**
   * Profit of the day of the markets for which `isCounted` holds, as whoever works them wrote it
   * last, cents.
   */
  publishedPnlCents(isCounted: (marketId: string) => boolean): number {
    let sum = 0;
    for (const [marketId, cents] of this.#dayPnlCents) if (isCounted(marketId)) sum += cents;
    return sum;
  }

  /** The last published profit of a market today, null if there is none, cents. */
  publishedOf(marketId: string): number | null {
    return this.#dayPnlCents.get(marketId) ?? null;
  }

  /**
   * Sees to it that the kill of every market was read at least once: no market may be quoted
   * before.
   * @throws StoreError if it cannot be read now
   */
  async ensureRead(): Promise<void> {
    if (!this.#isKnown) await this.#read();
  }

  /** One look at the store, and a new try for what could not be written; never fails. */
  async tick(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      // The store tells of it once, and of its return.
      if (!(error instanceof StoreError)) throw error;
    }
    for (const [marketId, kill] of this.#unsaved) await this.#saveKill(marketId, kill);
  }

  /**
   * Writes the kill of a market down at once, and every second again until it is.
   * @param isCurrent false once the kill is released
   * @returns true if the first try has written it
   */
  noteKill(marketId: string, latch: KillLatch, isCurrent: () => boolean): Promise<boolean> {
    return this.#saveKill(marketId, { latch, isCurrent });
  }

  /**
   * Kills every market of this process at once, and those of the others once it is written.
   * @returns true if the first try has written it; it is tried every second until it is
   */
  killAll(latch: KillLatch): Promise<boolean> {
    if (this.#latch === null) this.#adopt(latch);
    return this.#saveLatch(this.#latch ?? latch);
  }

  /**
   * Releases the kill of every market, once that is written down.
   * @returns false if it could not be: everything stays killed
   */
  async releaseAll(by: string): Promise<boolean> {
    const latch = this.#latch;
    if (latch === null) return true;
    const { store, clock, log } = this.#options;
    const release: KillRelease = { latchAtMs: latch.atMs, by, atMs: clock.nowMs() };
    try {
      const left = await store.releaseAll(release);
      this.#version++;
      this.#latch = left;
      return left === null;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.log("ERROR", "release_refused", { latch, by, cause: error.message });
      return false;
    }
  }

  async #read(): Promise<void> {
    const { store, clock, account } = this.#options;
    const version = this.#version;
    const nowMs = clock.nowMs();
    const day = utcDay(nowMs);
    const found = await store.share({ day, account: account(), nowMs });
    this.#report(found.refused);
    this.#notePnl(day, found.dayPnlCents);
    if (version === this.#version) await this.#compare(found.latch);
    this.#isKnown = true;
  }

  /** A figure that was there today stays, if the store has lost it or shows something else. */
  #notePnl(day: string, found: ReadonlyMap<string, number | null>): void {
    if (day !== this.#day) this.#dayPnlCents = new Map();
    this.#day = day;
    for (const [marketId, cents] of found) {
      const known = this.#dayPnlCents.get(marketId);
      this.#dayPnlCents.set(marketId, cents ?? known ?? -this.#options.assumedLossCents);
    }
  }

  /** Brings the latch in memory and the stored one together; in doubt it is set. */
  async #compare(stored: StoredLatch): Promise<void> {
    const ours = this.#latch;
    switch (stored.kind) {
      case "on":
        if (ours === null || !isSameLatch(ours, stored.latch)) this.#adopt(stored.latch);
        return;
      case "off":
        if (ours !== null && stored.latchAtMs === Math.round(ours.atMs)) {
          this.#releasedElsewhere(ours, stored.by);
        } else if (ours !== null) await this.#saveLatch(ours);
        return;
      case "none":
        if (ours !== null) await this.#saveLatch(ours);
        return;
      case "unreadable":
        if (ours !== null) await this.#saveLatch(ours);
        else if (!this.#isKnown) this.#adopt(unreadableLatch(SHARED_KEYS.globalRisk));
    }
  }

  #adopt(latch: KillLatch): void {
    this.#version++;
    this.#latch = latch;
    this.#options.log.log("ERROR", "kill_latched", { ...latch, market: "every one" });
    this.#options.onKill();
  }

  #releasedElsewhere(latch: KillLatch, by: string): void {
    this.#version++;
    this.#latch = null;
    this.#options.onReleasedElsewhere(latch, by);
  }

  async #saveLatch(latch: KillLatch): Promise<boolean> {
    try {
      await this.#options.store.latchAll(latch);
      return true;
    } catch (error) {
      this.#noteUnsaved(error, { latch });
      return false;
    }
  }

  /** @returns true if the kill is written down */
  async #saveKill(marketId: string, kill: UnsavedKill): Promise<boolean> {
    if (!kill.isCurrent()) {
      this.#unsaved.delete(marketId);
      return false;
    }
    try {
      await this.#options.store.latchMarket(marketId, kill.latch);
      if (!this.#unsaved.delete(marketId)) return true;
      this.#options.log.log("INFO", "kill_saved", { marketId, latch: kill.latch });
      return true;
    } catch (error) {
      if (!this.#unsaved.has(marketId)) {
        this.#noteUnsaved(error, { marketId, latch: kill.latch });
      }
      this.#unsaved.set(marketId, kill);
      return false;
    }
  }

  #noteUnsaved(error: unknown, kill: { readonly marketId?: string; readonly latch: KillLatch }) {
    if (!(error instanceof StoreError)) throw error;
    this.#options.log.log("ERROR", "kill_not_saved", { ...kill, cause: error.message });
  }

  /** Tells of each refusal once, and again if it comes back. */
  #report(refused: readonly Refusal[]): void {
    const now = new Map(
      refused.slice(0, MAX_REPORTED).map((refusal) => [nameOf(refusal), refusal]),
    );
    for (const name of this.#reported) if (!now.has(name)) this.#reported.delete(name);
    for (const [name, refusal] of now) {
      if (this.#reported.has(name)) continue;
      this.#reported.add(name);
      this.#options.log.log("ERROR", "state_refused", { ...refusal });
    }
  }
}

function nameOf({ key, field, found }: Refusal): string {
  return `${key} ${field} ${found}`;
}
