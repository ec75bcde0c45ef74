import type {
  PairOperation,
  PersistedMarket,
  RememberedMarket,
} from "../cache/persisted_market.ts";
import type { MarketConfig } from "../config/registry.ts";
import { type BookMemory, NO_BOOK_SEEN } from "../execution/lost_book.ts";
import type { OrderBook } from "../models/book.ts";
import type { Position } from "../models/inventory.ts";
import type { MarketRecord } from "../models/market.ts";
import { type Cents, cents, type PriceCents } from "../models/money.ts";
import { type Fill, NOTHING_QUOTED, type QuotedTouch } from "../models/order.ts";
import type { BookSide, Phase } from "../models/vocabulary.ts";
import type { DayState } from "../risk/budget.ts";
import { CALM, type DefenseState, restoreDefense } from "../risk/defense_stack.ts";
import type { Ledger } from "../risk/ledger.ts";
import { type LvrState, NO_FLOW_SEEN } from "../risk/lvr_guard.ts";
import { NO_ORACLE_SEEN, type OracleState } from "../risk/oracle_guard.ts";
import { NOT_PAUSED, type PauseState } from "../risk/pauses.ts";
import { NO_PRICE_SEEN, type PriceWindow } from "../risk/price_jump.ts";
import { initialPhase, type PhaseState } from "../strategy/phase.ts";
import type { FlowBelief } from "../strategy/pricing/flow_belief.ts";
import { initialPosterior, type PosteriorState } from "../strategy/pricing/posterior.ts";
import { EMPTY_VOLATILITY, type VolatilityState } from "../strategy/volatility.ts";

/**
 * Everything the bot knows and remembers about one market: a value, replaced as a whole and never
 * changed in place. Within a cycle one snapshot of it feeds every step (L-43). Times are steady
 * epoch milliseconds: wall time at the start of the process plus monotonic time since, so that a
 * jump of the wall clock ages nothing.
 */
export interface MarketState {
  /** The venue's record as last read. */
  readonly market: MarketRecord;
  /** Holdings with their cost, as the fills say and the venue confirms. */
  readonly position: Position;
  readonly ledger: Ledger;
  /** Base of the day's profit, null before the first cycle. */
  readonly day: DayState | null;
  /** Newest trade that position and ledger contain, null if there was none. */
  readonly tradeCursor: string | null;
  /** Fills that are booked but that no cycle has judged yet, oldest first. */
  readonly pendingFills: readonly Fill[];
  /**
   * Fees that the venue may have charged for fills and that no balance has confirmed or denied yet
   * (§23): those of makers, and of takers where the answer that would have said so was lost.
   */
  readonly unmatchedMakerFeesCents: Cents;
  /** The mint or burn in flight, null if there is none. */
  readonly operation: PairOperation | null;
  /** Steady times of reconciliations that found drift above its tolerance, of the last hour. */
  readonly driftBreachesMs: readonly number[];

  readonly anchorSetAtMs: number;
  readonly posterior: PosteriorState;
  /** What the posterior stands for in mode `flow`; null before a first cycle. */
  readonly belief: FlowBelief | null;
  /** Own best prices at the end of the last cycle, and the shares there. */
  readonly quotedTouch: QuotedTouch;
  readonly volatility: VolatilityState;
  /** Books of the others in earlier cycles, newest first. */
  readonly bookHistory: readonly OrderBook[];
  /** What the books seen so far say of whether own orders can be hit. */
  readonly bookMemory: BookMemory;
  /** Last trade price that was seen in the book, to notice the trades of others. */
  readonly lastTradePrice: PriceCents | null;
  /**
   * Unrounded fair price of the last priced cycle, null before the first and after a new anchor.
   */
  readonly previousRawCents: number | null;

  readonly phase: PhaseState;
  readonly defense: DefenseState;
  readonly pauses: PauseState;
  readonly lvr: LvrState;
  readonly priceWindow: PriceWindow;
  readonly oracle: OracleState;
  /** Since when the venue has been slow, null if it is not. */
  readonly slowSinceMs: number | null;
  /** Own resting shares per side at the end of the last cycle. */
  readonly restingShares: Readonly<Record<BookSide, number>>;
}

/** What a start has read from the venue. */
export interface Opening {
  readonly market: MarketRecord;
  readonly position: Position;
  readonly ledger: Ledger;
  readonly tradeCursor: string | null;
  readonly nowMs: number;
}

/** The state of a market that is started for the first time, or without anything remembered. */
export function openMarket(opening: Opening, config: MarketConfig): MarketState {
  const { nowMs, ...read } = opening;
  return {
    ...read,
    day: null,
    pendingFills: [],
    unmatchedMakerFeesCents: cents(0),
    operation: null,
    driftBreachesMs: [],
    anchorSetAtMs: nowMs,
    posterior: initialPosterior(config.anchorPriceCents, nowMs, config),
    belief: null,
    quotedTouch: NOTHING_QUOTED,
    volatility: EMPTY_VOLATILITY,
    bookHistory: [],
    bookMemory: NO_BOOK_SEEN,
    lastTradePrice: null,
    previousRawCents: null,
    phase: initialPhase(nowMs),
    defense: CALM,
    pauses: NOT_PAUSED,
    lvr: NO_FLOW_SEEN,
    priceWindow: NO_PRICE_SEEN,
    oracle: NO_ORACLE_SEEN,
    slowSinceMs: null,
    restingShares: { BID: 0, ASK: 0 },
  };
}

/**
 * The state of a market that was worked before: latch, day, phase and learner go on where they were
 * (L-34). What cannot be believed begins anew. An anchor that was changed meanwhile starts the
 * learner anew, as setting it while running would.
 */
export function resumeMarket(
  opening: Opening,
  { risk, operation }: RememberedMarket,
  config: MarketConfig,
): MarketState {
  const fresh = openMarket(opening, config);
  if (risk === null) return { ...fresh, operation };
  const { day, driftBreachesMs, phase, defense, learner } = risk;
  const isSameAnchor = learner?.anchorPriceCents === config.anchorPriceCents;
  return {
    ...fresh,
    operation,
    day,
    driftBreachesMs: driftBreachesMs ?? assumedBreaches(opening.nowMs),
    phase: phase ?? fresh.phase,
    defense: restoreDefense(defense, opening.nowMs),
    ...(isSameAnchor ? { anchorSetAtMs: learner.anchorSetAtMs, posterior: learner.posterior } : {}),
  };
}

/** Breaches that cannot be read: as many as may have been without a kill. */
function assumedBreaches(nowMs: number): readonly number[] {
  return [nowMs, nowMs];
}

/** What is to be written to the store. */
export function toPersisted(state: MarketState, config: MarketConfig): PersistedMarket {
  const { level, calmCycles, latch } = state.defense;
  const { operation, position: { yes, no } } = state;
  return {
    ledger: state.ledger,
    day: state.day,
    tradeCursor: state.tradeCursor,
    operation: operation === null ? null : { ...operation, held: { yes, no } },
    driftBreachesMs: state.driftBreachesMs,
    anchorPriceCents: config.anchorPriceCents,
    anchorSetAtMs: state.anchorSetAtMs,
    posterior: state.posterior,
    phase: state.phase,
    defense: { level, calmCycles, latch },
  };
}

/** A new anchor re-centres the learner on it and lifts the step limit once (§1). */
export function setAnchor(state: MarketState, nowMs: number, config: MarketConfig): MarketState {
  return {
    ...state,
    anchorSetAtMs: nowMs,
    posterior: initialPosterior(config.anchorPriceCents, nowMs, config),
    belief: null,
    previousRawCents: null,
  };
}

/** The mark of the net position before this cycle has a price: the last one, else the anchor. */
export function lastKnownPrice(state: MarketState, config: MarketConfig): number {
  return state.previousRawCents ?? config.anchorPriceCents;
}

/** The phase whose parameters apply; the last hour of a market is quoted like its first (§24). */
export function quotedPhase(state: MarketState, nearEnd: boolean): Phase {
  return nearEnd ? "EXPLORATION" : state.phase.phase;
}
