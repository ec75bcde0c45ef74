/** What goes wrong in a run, as plain data: it can be printed, replayed and made smaller. */

import type { MarketStatus, QuoteFunding } from "../../src/models/vocabulary.ts";
import type { QuirkId } from "../exchange/mod.ts";

/** Faults of the way between a process and the venue. */
export const WIRE_FAULTS = [
  "request_lost",
  "answer_lost",
  "delayed",
  "duplicated",
  "answer_429",
  "answer_500",
  "answer_html",
  "answer_truncated",
  "stale_read",
  "login_refused",
  "token_refused",
] as const;

/** Faults of the way between a process and the store. */
export const STORE_FAULTS = [
  "store_lost",
  "store_answer_lost",
  "store_slow",
  "store_wrong",
] as const;

/** One of {@link WIRE_FAULTS}. */
export type WireFaultKind = typeof WIRE_FAULTS[number];

/** One of {@link STORE_FAULTS}. */
export type StoreFaultKind = typeof STORE_FAULTS[number];

/** A fault that lasts for a while and meets some of the calls of one process. */
export interface Disturbance<Kind extends string> {
  readonly kind: Kind;
  readonly atMs: number;
  readonly forMs: number;
  /** Number of the process. */
  readonly process: number;
  /** How many of the calls it meets, 0 to 1. */
  readonly share: number;
}

/** Something that goes wrong; `atMs` counts from the beginning of the run. */
export type PlannedFault =
  | Disturbance<WireFaultKind>
  | Disturbance<StoreFaultKind>
  /** The store comes back without its data, leases included. */
  | { readonly kind: "store_emptied"; readonly atMs: number }
  /** `kill -9` after so many events at or after `atMs`; it is started again after `downMs`. */
  | {
    readonly kind: "process_killed";
    readonly atMs: number;
    readonly events: number;
    readonly process: number;
    readonly downMs: number;
  }
  /** SIGSTOP, or the machine sleeps: its monotonic clock stands still, too. */
  | {
    readonly kind: "process_frozen";
    readonly atMs: number;
    readonly forMs: number;
    readonly process: number;
    readonly slept: boolean;
  }
  | {
    readonly kind: "clock_jumped";
    readonly atMs: number;
    readonly process: number;
    readonly byMs: number;
  }
  /** The venue changes the status of a market; ACTIVE again after `forMs`. */
  | {
    readonly kind: "market_status";
    readonly atMs: number;
    readonly forMs: number;
    readonly market: number;
    readonly status: Extract<MarketStatus, "SUSPENDED" | "HALTED">;
  }
  /** The venue restarts: what hung answers again, with Q-03 its live books are gone. */
  | { readonly kind: "venue_restarted"; readonly atMs: number }
  /** An operator kills a market, null for all. */
  | { readonly kind: "operator_kill"; readonly atMs: number; readonly market: number | null }
  /** Somebody writes settings into the store: good ones, or such as must be refused. */
  | {
    readonly kind: "settings_written";
    readonly atMs: number;
    readonly market: number;
    readonly setting: string;
    readonly value: string;
    readonly isGood: boolean;
  };

/** Everything that a run is made of: the same schedule gives the same run. */
export interface FaultSchedule {
  readonly seed: number;
  /** One process that works all markets, or several that share them by leases. */
  readonly processes: number;
  readonly markets: number;
  /** What the quotes of every market are paid with. */
  readonly funding: QuoteFunding;
  /** Defects of the deployed exchange that are switched on. */
  readonly quirks: readonly QuirkId[];
  /** From then on nothing goes wrong any more. */
  readonly chaosMs: number;
  readonly faults: readonly PlannedFault[];
}

/** True for a fault between a process and the venue. */
export function isWireFault(fault: PlannedFault): fault is Disturbance<WireFaultKind> {
  return WIRE_FAULTS.some((kind) => kind === fault.kind);
}

/** True for a fault between a process and the store. */
export function isStoreFault(fault: PlannedFault): fault is Disturbance<StoreFaultKind> {
  return STORE_FAULTS.some((kind) => kind === fault.kind);
}
