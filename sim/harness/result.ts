import type { DefenseLevel, KillReason, PauseReason, Phase } from "../../src/models/vocabulary.ts";
import type { QuoteExplanation } from "../../src/models/explanation.ts";

/** What can be measured of one market or of a whole run; a run adds its markets up. */
export interface Measured {
  readonly cycles: number;
  readonly failedCycles: number;
  /** Own orders that the venue accepted, replacements included. */
  readonly ownOrders: number;
  /** Own orders that still rest after the bot has stopped. */
  readonly ownOrdersOpen: number;
  readonly ownTrades: number;
  /** Shares in own trades. */
  readonly volumeShares: number;
  /** P&L at the true price, or at what the market paid; cents. */
  readonly pnlCents: number;
  /** P&L at the end as the bot itself marks it, cents. */
  readonly bookedPnlCents: number;
  /** Largest fall of the true P&L from an earlier peak, cents, at least 0. */
  readonly maxDrawdownCents: number;
  /** Largest `abs(Y - N)`. */
  readonly maxNetShares: number;
  /**
   * Share of time since the first quote in which own orders of both sides were open in an active
   * market, 0 to 1.
   */
  readonly twoSidedUptime: number;
  /** The same, counted in orders that can really match: the venue may show others too. */
  readonly matchableTwoSidedUptime: number;
  /** Mean distance between own best ask and bid while both rested, cents; 0 if they never did. */
  readonly averageSpreadCents: number;
  /** Mean distance of the bot's fair price from the true price over all cycles, cents. */
  readonly fairErrorCents: number;
  readonly kills: number;
  readonly finalDefenseLevel: DefenseLevel;
  /** Defence levels in the order in which they were entered. */
  readonly levelsVisited: readonly DefenseLevel[];
  /** Pauses in the order in which they were set. */
  readonly pauses: readonly PauseReason[];
  readonly killReasons: readonly KillReason[];
  readonly phases: readonly Phase[];
}

/** A moment of a market, for the charts. */
export interface Sample {
  readonly elapsedMs: number;
  readonly trueCents: number;
  readonly fairCents: number | null;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly netShares: number;
  readonly pnlCents: number;
  readonly bookedPnlCents: number;
  readonly level: DefenseLevel;
  readonly paused: boolean;
}

/** What happened in one market. */
export interface MarketResult extends Measured {
  readonly marketId: string;
  readonly title: string;
  readonly samples: readonly Sample[];
  /** The last cycle in which something was quoted, null if there was none. */
  readonly lastQuote: QuoteExplanation | null;
}

/** What came out of one run of one scenario. */
export interface SimulationResult extends Measured {
  readonly scenario: string;
  readonly description: string;
  readonly seed: number;
  /** SHA-256 of all own commands and all trades, in order. */
  readonly digest: string;
  readonly simSeconds: number;
  readonly wallMs: number;
  /** What must never happen and did, and assertions that failed; empty is a good run. */
  readonly violations: readonly string[];
  readonly markets: readonly MarketResult[];
}
