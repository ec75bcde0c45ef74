import type { MarketConfig } from "../config/registry.ts";
import type { BookedTrade, KillRelease, MarketSnapshot } from "../cache/persisted_market.ts";
import type { CallStatistics } from "../connector/call_statistics.ts";
import type { TradeBrief, VenueTrade } from "../connector/connector.ts";
import type { OrderManager } from "../connector/order_manager.ts";
import type {
  DefenseTrigger,
  KillLatch,
  OracleTerms,
  QuoteExplanation,
} from "../models/explanation.ts";
import { cents } from "../models/money.ts";
import type { BookSide, Contract, Lifecycle, PauseReason } from "../models/vocabulary.ts";
import type { LossAlert } from "../risk/budget.ts";
import { bookFee, noteLeak } from "../risk/ledger.ts";
import { pauseReasons } from "../risk/pauses.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import { Inbox } from "./inbox.ts";
import { learnTrade } from "./learn.ts";
import type { MarketState } from "./market_state.ts";
import type { Observation } from "./observation.ts";
import { type OperatorOrder, orderTriggers, pauseOf } from "./operator_order.ts";
import type { QuotePlan } from "./plan_quotes.ts";
import { SettingsInForce } from "./settings_in_force.ts";

/** Reasons to pause that come from a look at the books. */
export type RaisedPause = Extract<PauseReason, "DRIFT" | "STOCK_INVARIANT">;

/** Signals that count once; what an operator wants is raised for as long as it holds. */
export interface OneTimeSignals {
  readonly raised: Observation["signals"]["raised"];
  readonly cleanReconciliation: boolean;
  readonly pairsChanged: boolean;
  readonly malformedReply: boolean;
}

/** What a context is made of. */
export interface ContextOptions {
  readonly config: MarketConfig;
  readonly ownUserId: string;
  readonly orders: OrderManager;
  readonly calls: CallStatistics;
  readonly clock: Clock;
  /** Steady epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Logger;
  /** Most explanations that are kept, whatever `explanation_history` says; without it no limit. */
  readonly explanationLimit?: number;
}

/** Drift breaches within this time count towards a kill (§22). */
const DRIFT_MEMORY_MS = 3_600_000;
const DRIFT_BREACHES_TO_KILL = 3;
/** Own trades as taker that the trade list has not shown yet; more than this would be a defect. */
const MAX_TAKER_TRADES = 1000;
/** Own trades whose ids wait for the store; older ones are not missed, the cursor is enough. */
const MAX_UNSAVED_TRADES = 1000;

/**
 * One market while it is worked: its state, its messages, its counters. Only the market's own loop
 * changes it; everybody else leaves messages in the inbox. The state itself is a value that is
 * replaced as a whole.
 */
export class MarketContext {
  readonly marketId: string;
  readonly inbox: Inbox;
  readonly orders: OrderManager;
  readonly calls: CallStatistics;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** Epoch milliseconds of the wall clock. */
  readonly wallMs: () => number;
  readonly settings: SettingsInForce;
  /** Null until the start procedure has read everything. */
  state: MarketState | null = null;
  lifecycle: Lifecycle = "STARTING";
  /** Why the market is not quoted, null when it is. */
  problem: string | null = null;
  /** Own orders of an earlier run that the tries to start the market have found. */
  leftOverOrders = 0;
  cycles = 0;
  /** Profit of the day in the last cycle, cents: the cycles of all other markets ask for it. */
  pnlDayCents = 0;
  /** The number of the cycle that is worked now, or was last; 0 before the first. */
  cycle = 0;
  failedCycles = 0;
  ownTrades = 0;
  /** Cycles that failed in a row. */
  failures = 0;
  /** Order-book reads that failed in a row. */
  bookFailures = 0;
  /** True from fills that the own orders have shown until the trade list has been read since. */
  tradesWanted = false;
  /**
   * Steady times of the last complete sync, status read and reconciliation; -Infinity before the
   * first.
   */
  syncedAtMs = -Infinity;
  statusReadAtMs = -Infinity;
  reconciledAtMs = -Infinity;
  /** No mint or burn is tried before this steady time. */
  pairsRetryAtMs = -Infinity;
  /** The kill that was lifted and is not yet written as released, null if there is none. */
  release: KillRelease | null = null;
  /** Values that the store held at the start and that were not believed. */
  refusals = 0;
  /** What an operator wants until somebody resumes the market, null if that is nothing. */
  operatorOrder: OperatorOrder | null = null;
  /** What the venue showed in the last complete cycle, null before the first. */
  seen: Observation | null = null;
  /** Own trades that were booked since the last confirmed write, oldest first. */
  unsavedTrades: readonly BookedTrade[] = [];

  readonly #ownUserId: string;
  readonly #explanationLimit: number;
  /** Oldest first; at most `explanation_history`, and always the newest. */
  readonly #explanations: QuoteExplanation[] = [];
  readonly #takerTrades: TradeBrief[] = [];
  readonly #raised = new Set<RaisedPause>();
  #cleanReconciliation = false;
  #pairsChanged = false;
  #malformedReply = false;
  #drySides: ReadonlySet<BookSide> = new Set();
  #lossAlerts: ReadonlySet<string> = new Set();
  #oracleWarns = false;
  #degraded: Contract | null = null;
  #datesAlert: string | null = null;

  constructor(options: ContextOptions) {
    const { config, ownUserId, orders, calls, clock, nowMs, log } = options;
    this.#explanationLimit = options.explanationLimit ?? Infinity;
    this.settings = new SettingsInForce({ config, version: 0 });
    this.marketId = config.marketId;
    this.#ownUserId = ownUserId;
    this.orders = orders;
    this.calls = calls;
    this.inbox = new Inbox(clock);
    this.nowMs = nowMs;
    this.wallMs = () => clock.nowMs();
    this.log = log;
  }

  /** The settings of the present cycle. */
  get config(): MarketConfig {
    return this.settings.config;
  }

  /** The last cycle, null before the first. */
  get explanation(): QuoteExplanation | null {
    return this.#explanations.at(-1) ?? null;
  }

  /** The last cycles that are still held, oldest first. */
  get explanations(): readonly QuoteExplanation[] {
    return this.#explanations;
  }

  /** Keeps the explanation of a cycle, and forgets the oldest beyond `explanation_history`. */
  explain(explanation: QuoteExplanation): void {
    const wanted = Math.min(this.config.explanationHistory, this.#explanationLimit);
    const kept = Math.max(1, wanted);
    this.#explanations.push(explanation);
    this.pnlDayCents = explanation.inventory.pnlDayCents;
    while (this.#explanations.length > kept) this.#explanations.shift();
  }

  /** Goes to another state of life and logs it. */
  enter(lifecycle: Lifecycle, reason: string): void {
    if (lifecycle === this.lifecycle) return;
    this.log.log("INFO", "lifecycle_changed", { from: this.lifecycle, to: lifecycle, reason });
    this.lifecycle = lifecycle;
  }

  /**
   * Books the own trades of the inbox, each one as a whole before it leaves the inbox (L-41).
   * @returns how many were booked
   */
  bookTrades(): number {
    let booked = 0;
    while (this.state !== null) {
      const trade = this.inbox.trades[0];
      if (trade === undefined) break;
      this.#bookTrade(this.state, trade);
      this.inbox.trades.shift();
      booked++;
    }
    return booked;
  }

  #bookTrade(state: MarketState, trade: VenueTrade): void {
    const taken = this.#takerTrades.findIndex((brief) => isSameTrade(brief, trade));
    const learned = learnTrade(state, trade, {
      ownUserId: this.#ownUserId,
      nowMs: this.nowMs(),
      isTaker: taken >= 0 || (this.orders.wasInDoubt ? null : false),
    }, this.config);
    this.state = learned.state;
    const { tradeId, executedAtMs } = trade;
    this.unsavedTrades = [...this.unsavedTrades, { tradeId, executedAtMs }]
      .slice(-MAX_UNSAVED_TRADES);
    if (taken >= 0) this.#takerTrades.splice(taken, 1);
    if (learned.missingShares > 0) this.raise("STOCK_INVARIANT");
    for (const fill of learned.fills) {
      this.ownTrades++;
      this.orders.onFill(fill);
      this.log.log("INFO", "fill", { ...fill });
    }
  }

  /** Books the maker fees that a comparison of the account's cash has found (§23). */
  bookCashFinding(): void {
    const { state, inbox: { cash } } = this;
    if (state === null || cash === null) return;
    const { makerFeesCents, judgedCents } = cash;
    this.state = {
      ...state,
      ledger: makerFeesCents > 0 ? bookFee(state.ledger, makerFeesCents) : state.ledger,
      unmatchedMakerFeesCents: cents(state.unmatchedMakerFeesCents - judgedCents),
    };
    this.inbox.cash = null;
  }

  /** Notes that a snapshot is written down. */
  noteSaved({ release, bookedTrades }: MarketSnapshot): void {
    if (this.release === release) this.release = null;
    if (bookedTrades.length > 0) {
      this.unsavedTrades = this.unsavedTrades.filter((trade) => !bookedTrades.includes(trade));
    }
  }

  /** Notes the cash that the venue was found to keep (§16.2). */
  noteLeakFinding(): void {
    const { state, inbox: { leakCents } } = this;
    if (state === null || leakCents === null) return;
    if (leakCents > 0 && state.ledger.leakCents === 0) {
      this.log.log("WARN", "cash_stuck", { leakCents });
    }
    this.state = { ...state, ledger: noteLeak(state.ledger, leakCents) };
    this.inbox.leakCents = null;
  }

  /** Remembers fills that came back with own placements: in these we were the taker (§23). */
  expectTakerTrades(trades: readonly TradeBrief[]): void {
    this.#takerTrades.push(...trades);
    this.#takerTrades.splice(0, this.#takerTrades.length - MAX_TAKER_TRADES);
  }

  /** Notes that the books are in doubt; asks for a reconciliation. */
  raise(reason: RaisedPause): void {
    this.#raised.add(reason);
    this.inbox.reconcile ??= reason;
  }

  /** Notes a reconciliation above its tolerance; the third within an hour kills (§22). */
  noteDriftBreach(state: MarketState): MarketState {
    const nowMs = this.nowMs();
    this.raise("DRIFT");
    const recent = state.driftBreachesMs.filter((atMs) => nowMs - atMs < DRIFT_MEMORY_MS);
    return { ...state, driftBreachesMs: [...recent, nowMs] };
  }

  /** What guards outside the cycle ask for. */
  guards(state: MarketState): readonly DefenseTrigger[] {
    return [...this.#driftGuard(state), ...this.#contractGuard()];
  }

  #driftGuard(state: MarketState): readonly DefenseTrigger[] {
    const nowMs = this.nowMs();
    const value = state.driftBreachesMs.filter((atMs) => nowMs - atMs < DRIFT_MEMORY_MS).length;
    const ordered = orderTriggers(this.operatorOrder);
    if (value < DRIFT_BREACHES_TO_KILL) return ordered;
    const limit = DRIFT_BREACHES_TO_KILL - 1;
    return [...ordered, {
      rule: "drift_breaches",
      level: "KILL_SWITCH",
      value,
      limit,
      killReason: "DRIFT",
    }];
  }

  /** A venue that takes orders on one contract only leaves us one-sided, not in silence (L-58). */
  #contractGuard(): readonly DefenseTrigger[] {
    const degraded = this.orders.degradedContract;
    const contract = degraded?.contract ?? null;
    if (degraded !== null && contract !== this.#degraded) {
      this.log.log("ERROR", "contract_degraded", { ...degraded });
    }
    this.#degraded = contract;
    if (degraded === null) return [];
    return [{ rule: "contract_degraded", level: "WIDEN", value: degraded.failures, limit: 1 }];
  }

  /** Notes a reconciliation that found nothing wrong. */
  noteCleanReconciliation(): void {
    this.#cleanReconciliation = true;
  }

  /** Notes that pairs were minted or burned. */
  notePairsChanged(): void {
    this.#pairsChanged = true;
  }

  /** Notes a reply that lacked a required field. */
  noteMalformedReply(): void {
    this.#malformedReply = true;
  }

  /** The signals since the last call; each is given out once, but for what an operator wants. */
  takeSignals(): OneTimeSignals {
    const ordered = pauseOf(this.operatorOrder);
    const signals = {
      raised: [...this.#raised, ...(ordered === null ? [] : [ordered])],
      cleanReconciliation: this.#cleanReconciliation,
      pairsChanged: this.#pairsChanged,
      malformedReply: this.#malformedReply,
    };
    this.#raised.clear();
    this.#cleanReconciliation = false;
    this.#pairsChanged = false;
    this.#malformedReply = false;
    return signals;
  }

  /** Notes that the kill in force is lifted, for the next write. */
  noteRelease(latch: KillLatch, by: string): void {
    this.release = { latchAtMs: latch.atMs, by, atMs: this.wallMs() };
  }

  /** Takes the state of a decision over and logs what an operator wants to know of the change. */
  advance(next: MarketState, plan: QuotePlan | null): void {
    const before = this.state;
    this.state = next;
    if (before === null) return;
    const lifted = next.defense.latch === null ? before.defense.latch : null;
    if (lifted !== null) this.noteRelease(lifted, "kill_auto_resume_on_active");
    const [from, to] = [before.defense.level, next.defense.level];
    if (from !== to) this.log.log("WARN", "defense_level_changed", { from, to });
    const [was, is] = [pauseReasons(before.pauses), pauseReasons(next.pauses)];
    const set = is.filter((reason) => !was.includes(reason));
    const cleared = was.filter((reason) => !is.includes(reason));
    if (set.length > 0) this.log.log("WARN", "pause_set", { reasons: set });
    if (cleared.length > 0) this.log.log("INFO", "pause_cleared", { reasons: cleared });
    if (next.bookMemory.lostBeforeMs > before.bookMemory.lostBeforeMs) {
      this.log.log("WARN", "book_lost");
    }
    if (plan === null) return;
    this.#noteDrySides(new Set(plan.drySides));
    this.#noteDates(plan.datesAlert);
  }

  /** Tells once about each loss budget that is nearly used up (§11). */
  noteLosses(alerts: readonly LossAlert[]): void {
    for (const alert of alerts) {
      if (!this.#lossAlerts.has(alert.budget)) this.log.log("WARN", "loss_alert", { ...alert });
    }
    this.#lossAlerts = new Set(alerts.map((alert) => alert.budget));
  }

  /** Tells once that the outside price lies far from ours (§15). */
  noteOracle(oracle: OracleTerms | null): void {
    const warns = oracle !== null && oracle.warns;
    if (warns && !this.#oracleWarns) {
      const { priceCents, deviationCents, thresholdCents } = oracle;
      this.log.log("WARN", "oracle_deviation", { priceCents, deviationCents, thresholdCents });
    }
    this.#oracleWarns = warns;
  }

  /** Tells once that the risk aversion rests on dates that had to be guessed (L-52). */
  #noteDates(alert: string | null): void {
    if (alert !== null && alert !== this.#datesAlert) {
      this.log.log("WARN", "dates_unusable", { problem: alert });
    }
    this.#datesAlert = alert;
  }

  #noteDrySides(dry: ReadonlySet<BookSide>): void {
    for (const side of dry) {
      if (!this.#drySides.has(side)) this.log.log("WARN", "side_dry", { side });
    }
    for (const side of this.#drySides) {
      if (!dry.has(side)) this.log.log("INFO", "side_restored", { side });
    }
    this.#drySides = dry;
  }
}

/**
 * The answer to a placement carries no trade id: scenario and role follow from price and quantity.
 */
function isSameTrade(brief: TradeBrief, trade: VenueTrade): boolean {
  return brief.yesPrice === trade.yesPrice && brief.quantity === trade.quantity;
}
