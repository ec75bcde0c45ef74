import type { VenueHealth } from "../connector/call_statistics.ts";
import type { RestingOrder } from "../execution/planned_action.ts";
import type { OrderBook } from "../models/book.ts";
import type { DefenseTrigger } from "../models/explanation.ts";
import type { AccountBalance } from "../models/market.ts";
import type { PauseReason } from "../models/vocabulary.ts";
import type { OracleView } from "../risk/oracle_guard.ts";

/** What the venue showed in the sync step of one cycle. */
export interface Observation {
  /** Steady epoch milliseconds: ages and windows. */
  readonly nowMs: number;
  /** Wall time, epoch milliseconds: the UTC day, the end of the market, known events. */
  readonly wallMs: number;
  /** The YES book as read, own orders included; null if it could not be read. */
  readonly book: OrderBook | null;
  /** Own resting orders as the venue lists them. */
  readonly orders: readonly RestingOrder[];
  /** Cash of the account; null when the funding mode needs none. */
  readonly account: AccountBalance | null;
  readonly signals: Signals;
}

/** What the risk stack needs to know besides the market itself. */
export interface Signals {
  readonly health: VenueHealth;
  /** Order-book reads that failed in a row, this cycle's included. */
  readonly bookFailures: number;
  /** Cycles that failed in a row. */
  readonly failures: number;
  /** Time since the last complete sync, ms; 0 in a cycle whose sync succeeded. */
  readonly syncAgeMs: number;
  /**
   * While the state store is away and no lease decides: time since the venue last confirmed the
   * books, ms. Null otherwise.
   */
  readonly unconfirmedMs: number | null;
  /** True if a reply of this cycle lacked a required field (L-10). */
  readonly malformedReply: boolean;
  /** Reasons raised outside the cycle: doubts about the books, and what an operator wants. */
  readonly raised: readonly Extract<
    PauseReason,
    "DRIFT" | "STOCK_INVARIANT" | "OPERATOR" | "FLATTEN"
  >[];
  /** True if a reconciliation found nothing wrong since the last cycle. */
  readonly cleanReconciliation: boolean;
  /** True if pairs were minted or burned since the last cycle. */
  readonly pairsChanged: boolean;
  /** What guards outside the cycle ask for. */
  readonly guards: readonly DefenseTrigger[];
  /** Profit of the day of all other markets, cents. */
  readonly otherDayPnlCents: number;
  readonly limits: ProcessLimits;
  /** The outside price, null if nothing reads one. */
  readonly oracle: OracleView | null;
}

/** Settings of the whole process that the risk stack of a market reads. */
export interface ProcessLimits {
  readonly maxDailyLossCents: number;
  readonly reconciliationIntervalMs: number;
  readonly maxConsecutiveFailures: number;
}
