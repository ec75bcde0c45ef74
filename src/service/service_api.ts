/** What the service shows to its surroundings: the HTTP app, the simulator, the command line. */

import type { AsProfile } from "../config/presets.ts";
import type { ConfigFeed } from "../config/hot/config_feed.ts";
import type { ProcessConfig } from "../config/process_config.ts";
import type { CallBoard } from "../connector/call_statistics.ts";
import type { RateBudget } from "../connector/rate_budget.ts";
import type { Connector } from "../connector/connector.ts";
import type { LeaseStore } from "../cache/lease_store.ts";
import type { StateStore } from "../cache/state_store.ts";
import type { AdminCommand, CommandReceipt } from "../models/admin_command.ts";
import type { MarketConfig } from "../config/registry.ts";
import type { OperatorOrder } from "../cycle/operator_order.ts";
import type { KillLatch, QuoteExplanation } from "../models/explanation.ts";
import type { OpenOrder } from "../models/order.ts";
import type { BookSide, LeaseState, Lifecycle, QuoteFunding } from "../models/vocabulary.ts";
import type { PriceSource } from "../oracle/price_source.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { Random } from "../runtime/random.ts";
import type { Tracer } from "../runtime/tracer.ts";
import type { MarketCloseUp } from "./close_up.ts";

/** Everything the service needs from outside. */
export interface ServiceDependencies {
  readonly config: ProcessConfig;
  /** Where changes of the configuration come from; it never changes if left out. */
  readonly configFeed?: ConfigFeed;
  readonly connector: Connector;
  readonly store: StateStore;
  /** Where processes that share an account see each other; absent if no other can be there. */
  readonly leases?: LeaseStore;
  /** Where the connector reports its calls. */
  readonly calls: CallBoard;
  /** The calls that the process may make; shared with the connector. */
  readonly rateBudget: RateBudget;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Where outside prices come from; without it an oracle guard knows none and widens. */
  readonly prices?: PriceSource;
  /** Measures the steps of the cycles; nothing is measured without it. */
  readonly tracer?: Tracer;
}

/** One market as `/status` shows it. */
export interface MarketStatusReport {
  readonly marketId: string;
  readonly title: string;
  readonly lifecycle: Lifecycle;
  /** Why the market is not quoted, null when it is. */
  readonly problem: string | null;
  readonly latch: KillLatch | null;
  readonly quoteFunding: QuoteFunding;
  /** The A-S profile whose values are in force, or `custom`. */
  readonly asProfile: AsProfile | "custom";
  /** What an operator wants until somebody resumes the market. */
  readonly operatorOrder: OperatorOrder | null;
  /** Own orders as last confirmed by the venue, best first. */
  readonly orders: Readonly<Record<BookSide, readonly OpenOrder[]>>;
  readonly cycles: number;
  readonly failedCycles: number;
  readonly ownTrades: number;
  /** The last cycle, null before the first. */
  readonly explanation: QuoteExplanation | null;
}

/** The lease of one market as this process sees it. */
export interface MarketLeaseReport {
  readonly marketId: string;
  readonly state: LeaseState;
  /** Name of the process that has the market, null if none has; `unreadable` is a defect. */
  readonly holder: string | null;
  /** Fencing token under which this process has it, null if it has not. */
  readonly fence: number | null;
  /** How long the lease is in force for sure, ms; null if this process does not have it. */
  readonly provenForMs: number | null;
}

/** How this process shares the markets with others. */
export interface LeaseReport {
  /** `instance_id`. */
  readonly instanceId: string;
  /** Names of all processes that live, this one included. */
  readonly instances: readonly string[];
  /** How many markets this process should work. */
  readonly share: number;
  /** Why no market can be had, or kept for sure; null if nothing is wrong. */
  readonly problem: string | null;
  readonly markets: readonly MarketLeaseReport[];
}

/** The state store as `/status` shows it. */
export interface StoreStatus {
  readonly kind: StateStore["kind"];
  /** Why it cannot be used now, null if it can. */
  readonly problem: string | null;
  /** Values in it that are not believed, those of a market as they were at its start. */
  readonly refused: number;
}

/** The whole process as `/status` shows it. */
export interface ServiceStatus {
  readonly mode: ProcessConfig["mode"];
  readonly state: "starting" | "running" | "stopping" | "stopped";
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly uptimeMs: number;
  /** True once every market has had its first successful cycle, or says why it has none. */
  readonly ready: boolean;
  /** Profit of the day of all markets of all instances. */
  readonly pnlDayCents: number;
  readonly globalLatch: KillLatch | null;
  /** Null where one process works all markets. */
  readonly leases: LeaseReport | null;
  readonly store: StoreStatus;
  /** The markets that this process works. */
  readonly markets: readonly MarketStatusReport[];
}

/** How a stop went. */
export interface StopReport {
  /** Own orders that may still rest; empty is a clean stop. */
  readonly remaining: readonly OpenOrder[];
  /** Markets whose orders could not be verified. */
  readonly unverified: readonly string[];
}

/** The bot must not trade as it is set up; the message says why, and what to do. */
export class StartRefused extends Error {
  override readonly name = "StartRefused";
}

/** A quote that would be made. */
export type QuotePreview = Pick<
  QuoteExplanation,
  "price" | "spread" | "quotes" | "targets" | "defense"
>;

/** The running bot. */
export interface Service {
  /**
   * Starts every market; resolves when each is running or has failed with a stated problem.
   * @throws StartRefused if the session belongs to another account than the configured one
   */
  start(): Promise<void>;
  /** Stops quoting, cancels all own orders and verifies it at the venue; safe to call twice. */
  stop(reason: string): Promise<StopReport>;
  status(): ServiceStatus;
  /** Resolves with the reason if the process must not go on: another one has its place. */
  readonly failed: Promise<string>;
  /**
   * Sends a command to one market, or to all with `*`; a pause of all holds for markets that come
   * later, too.
   * @returns what has become of it in each market, within seconds also where one of them hangs
   * @throws RangeError at once for a market that does not exist or an anchor outside 1..99; nothing
   * happens then
   */
  admin(target: string, command: AdminCommand): Promise<readonly CommandReceipt[]>;
  /**
   * What a market would quote with other settings, given what it saw last; nothing is changed. Null
   * if it has seen nothing yet.
   */
  preview(marketId: string, config: MarketConfig): QuotePreview | null;
  /** A market seen from near; null for one that this process does not work. */
  closeUp(marketId: string): MarketCloseUp | null;
  /**
   * Why the market was quoted as it was: the last cycles, oldest first, as many as
   * `explanation_history` says.
   * @throws RangeError for a market that does not exist
   */
  explanations(marketId: string): readonly QuoteExplanation[];
  /** Calls back after every cycle of every market; returns the way to stop that. */
  onCycle(listener: (explanation: QuoteExplanation) => void): () => void;
}

export type { AdminCommand, CommandReceipt };
