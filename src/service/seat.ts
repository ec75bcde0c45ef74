import { excludes, type Instance, type LeaseStore } from "../cache/lease_store.ts";
import { StoreError } from "../cache/store_error.ts";
import { type Clock, sleep } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";

/** What is needed to get on the list of processes. */
export interface SeatOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** `lease_ttl_ms`: a process that has been silent for so long is dead. */
  readonly ttlMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** How often the list is looked at while this process waits. */
const RETRY_MS = 1000;

/**
 * Puts this process on the list of those that live. If one stands there that excludes it, it may be
 * what a crash has left: it is waited for as long as a heartbeat counts. One that is there
 * afterwards lives.
 * @returns why this process may not run, null if it is on the list or the waiting was ended
 */
export async function takeSeat(options: SeatOptions): Promise<string | null> {
  const { store, clock, log, ttlMs, signal } = options;
  let refusedSinceMs: number | null = null;
  let isTold = false;
  while (!signal.aborted) {
    const by = await excluders(options, isTold);
    isTold ||= by === null;
    if (by?.length === 0) return null;
    if (by === null) refusedSinceMs = null;
    else {
      const nowMs = clock.monotonicMs();
      if (refusedSinceMs === null) {
        log.log("ERROR", "instance_conflict", { by: by.map(nameOf), waitMs: ttlMs });
      }
      refusedSinceMs ??= nowMs;
      if (nowMs - refusedSinceMs > ttlMs + RETRY_MS) return refusal(store.self, by);
    }
    await sleep(clock, RETRY_MS, signal);
  }
  return null;
}

/** Who stands in the way, nobody if this process is on the list now; null if the store is away. */
async function excluders(
  { store, log }: SeatOptions,
  isTold: boolean,
): Promise<readonly Instance[] | null> {
  try {
    const beat = await store.beat(new Map());
    return beat.kind === "excluded" ? beat.by : [];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (!isTold) log.log("ERROR", "store_unavailable", { cause: error.message });
    return null;
  }
}

/** Says what is wrong and what to do. */
export function refusal(self: Instance, by: readonly Instance[]): string {
  const names = by.map(nameOf).join(", ");
  const isNamesake = by.some((other) =>
    excludes(self, other) && other.instanceId === self.instanceId
  );
  return isNamesake
    ? `another process with instance_id ${self.instanceId} lives: stop it, or give this one ` +
      "another instance_id"
    : `another process works all markets of this account: ${names}. Stop it, or let both share ` +
      "the markets with market_assignment: leased";
}

function nameOf({ instanceId }: Instance): string {
  return instanceId;
}
