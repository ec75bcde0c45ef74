/** What is kept of a market, and what is remembered of it after a restart. Plain values. */

import type { MarketConfig } from "../config/registry.ts";
import type { KillLatch, QuoteExplanation } from "../models/explanation.ts";
import type { Holdings, Position } from "../models/inventory.ts";
import type { Shares } from "../models/money.ts";
import type { OpenOrder } from "../models/order.ts";
import type { Lifecycle } from "../models/vocabulary.ts";
import type { DayState } from "../risk/budget.ts";
import type { PersistedDefense } from "../risk/defense_stack.ts";
import type { Ledger } from "../risk/ledger.ts";
import type { LvrState } from "../risk/lvr_guard.ts";
import type { PhaseState } from "../strategy/phase.ts";
import type { PosteriorState } from "../strategy/pricing/posterior.ts";
import type { VolatilityState } from "../strategy/volatility.ts";
import type { Refusal } from "./records/refusal.ts";

/**
 * A mint or burn that was begun: written down before it is sent, so that a retry cannot do it twice
 * (L-37).
 */
export interface PairOperation {
  readonly kind: "MINT" | "BURN";
  /** Random, at most 64 characters, the same on every retry. */
  readonly key: string;
  readonly quantity: Shares;
  /** SENT once a request may have reached the venue. */
  readonly state: "PREPARED" | "SENT";
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  /** It is not sent again before this time, epoch milliseconds; 0 = at once. */
  readonly retryAfterMs: number;
  /**
   * Shares that the ledger contains as it is written, without the effect of the operation: by them
   * a later process sees whether it has happened. Null if that is not known.
   */
  readonly held: Holdings | null;
}

/** The part of the state that outlives the process (state and events spec §2.4, §2.5, §2.7). */
export interface PersistedMarket {
  readonly ledger: Ledger;
  readonly day: DayState | null;
  readonly tradeCursor: string | null;
  readonly operation: PairOperation | null;
  readonly driftBreachesMs: readonly number[];
  readonly anchorPriceCents: number;
  readonly anchorSetAtMs: number;
  readonly posterior: PosteriorState;
  readonly phase: PhaseState;
  readonly defense: PersistedDefense;
}

/**
 * The part that others look at (§2.1 to §2.3). The bot itself never reads it back but for the fills
 * of the day: after a restart the venue is asked.
 */
export interface PublishedMarket {
  readonly config: MarketConfig;
  readonly lifecycle: Lifecycle;
  /** Epoch milliseconds of the wall clock. */
  readonly nowMs: number;
  readonly position: Position;
  readonly orders: readonly OpenOrder[];
  /** Rate of the fee buffer of BUY orders in basis points. */
  readonly freezeBps: number;
  readonly volatility: VolatilityState;
  readonly lvr: LvrState;
  /** The last cycle, null before the first. */
  readonly explanation: QuoteExplanation | null;
}

/** A kill that was lifted: which one, by whom, when. */
export interface KillRelease {
  /** Time of the latch that is released, epoch milliseconds; a later one stays. */
  readonly latchAtMs: number;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** An own trade that the books contain. */
export interface BookedTrade {
  readonly tradeId: string;
  /** Epoch milliseconds. */
  readonly executedAtMs: number;
}

/** Everything that is written of a market in one step. */
export interface MarketSnapshot {
  readonly persisted: PersistedMarket;
  /** Made only by a store that shows it to others. */
  readonly published: () => PublishedMarket;
  /** The kill that was lifted since the last confirmed write, null if none was. */
  readonly release: KillRelease | null;
  /** Own trades that were booked since the last confirmed write. */
  readonly bookedTrades: readonly BookedTrade[];
}

/** Ledger and cursor, which are worth something only together. */
export type Books = Pick<PersistedMarket, "ledger" | "tradeCursor">;

/** What the learner knew, and about which anchor. */
export type Learner = Pick<PersistedMarket, "anchorPriceCents" | "anchorSetAtMs" | "posterior">;

/** The risk record; a part that cannot be believed is null. */
export interface RememberedRisk {
  readonly day: DayState | null;
  readonly driftBreachesMs: readonly number[] | null;
  readonly learner: Learner | null;
  readonly phase: PhaseState | null;
  readonly defense: PersistedDefense;
}

/** The risk record of a market of which nothing is known but that it is killed. */
export function onlyKilled(latch: KillLatch): RememberedRisk {
  const defense = { level: "KILL_SWITCH", calmCycles: 0, latch } as const;
  return { day: null, driftBreachesMs: [], learner: null, phase: null, defense };
}

/** What the store remembers of a market; null is what was never there or cannot be believed. */
export interface RememberedMarket {
  readonly books: Books | null;
  readonly risk: RememberedRisk | null;
  readonly operation: PairOperation | null;
  /** What was there and was not believed. */
  readonly refused: readonly Refusal[];
}

/** What is remembered if nothing was lost. */
export function rememberAll(record: PersistedMarket): RememberedMarket {
  const { ledger, tradeCursor, day, driftBreachesMs, phase, defense, operation } = record;
  const { anchorPriceCents, anchorSetAtMs, posterior } = record;
  const learner = { anchorPriceCents, anchorSetAtMs, posterior };
  return {
    books: { ledger, tradeCursor },
    risk: { day, driftBreachesMs, learner, phase, defense },
    operation,
    refused: [],
  };
}
