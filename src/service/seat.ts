import type { Instance, LeaseStore } from "../cache/lease_store.ts";
import { StoreError } from "../cache/store_error.ts";
import { type Clock, sleep } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";

/** What is needed to get on the list of processes and to stay there. */
export interface SeatOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** `lease_ttl_ms`: a process that has been silent for so long is dead. */
  readonly ttlMs: number;
  /** `lease_renew_ms`. */
  readonly renewMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told how many processes live. */
  readonly onInstances: (count: number) => void;
}

/** What is known about the place of this process on the list. */
export type SeatState =
  /** It is on the list. */
  | "ours"
  /** Another process that excludes it stands there, dead or alive. */
  | "disputed"
  /** The store has not answered yet. */
  | "unknown";

/** How often the list is looked at while this process waits. */
const RETRY_MS = 1000;

/** The place of this process on the list of those that live. */
export class Seat {
  readonly #options: SeatOptions;
  #state: SeatState = "unknown";
  #isAway = false;
  #isRefused = false;

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  /** What is known about the place. */
  get state(): SeatState {
    return this.#state;
  }

  /** True if this process must not run because another one lives. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /**
   * Puts this process on the list. If one stands there that excludes it, it may be what a crash has
   * left: it is waited for as long as a heartbeat counts. One that is there afterwards lives.
   * @param patience whether a store that does not answer is waited for
   * @returns why this process may not run, null if nothing is known against it
   */
  async take(patience: "waits for the store" | "does not wait"): Promise<string | null> {
    const { clock, log, ttlMs, signal } = this.#options;
    let disputedSinceMs = Infinity;
    while (!signal.aborted && this.#state !== "ours") {
      const by = await this.#beat();
      if (by?.length === 0) return null;
      if (by === null && patience === "does not wait") return null;
      const nowMs = clock.monotonicMs();
      if (by === null) disputedSinceMs = Infinity;
      else {
        if (disputedSinceMs === Infinity) {
          log.log("ERROR", "instance_conflict", { by: by.map(nameOf), waitMs: ttlMs });
        }
        disputedSinceMs = Math.min(disputedSinceMs, nowMs);
        if (nowMs - disputedSinceMs > ttlMs + RETRY_MS) return this.refuse(by);
      }
      await sleep(clock, RETRY_MS, signal);
    }
    return null;
  }

  /**
   * Shows the other processes that this one lives, until it stops.
   * @returns why it must end: another process took its place while it was cut off; null at a stop
   */
  async keep(): Promise<string | null> {
    const { clock, renewMs, signal } = this.#options;
    while (true) {
      await sleep(clock, renewMs, signal);
      if (signal.aborted) return null;
      const by = await this.#beat();
      if (this.#state === "disputed") return this.refuse(by ?? []);
    }
  }

  /** Refuses to run: says what is wrong and what to do. */
  refuse(by: readonly Instance[]): string {
    this.#isRefused = true;
    const { self } = this.#options.store;
    const isNamesake = by.some(({ instanceId }) => instanceId === self.instanceId);
    return isNamesake
      ? `another process with instance_id ${self.instanceId} lives: stop it, or give this one ` +
        "another instance_id"
      : `another process works all markets of this account: ${by.map(nameOf).join(", ")}. Stop ` +
        "it, or let both share the markets with market_assignment: leased";
  }

  /** Who stands in the way, nobody if this process is on the list; null if the store is away. */
  async #beat(): Promise<readonly Instance[] | null> {
    const { store, log, onInstances } = this.#options;
    try {
      const beat = await store.beat(new Map());
      this.#isAway = false;
      this.#state = beat.kind === "alive" ? "ours" : "disputed";
      if (beat.kind === "excluded") return beat.by;
      if (beat.instances !== null) onInstances(beat.instances.length);
      return [];
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!this.#isAway) log.log("ERROR", "store_unavailable", { cause: error.message });
      this.#isAway = true;
      if (this.#state === "disputed") this.#state = "unknown";
      return null;
    }
  }
}

function nameOf({ instanceId }: Instance): string {
  return instanceId;
}
