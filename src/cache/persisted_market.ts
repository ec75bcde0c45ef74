import type { Shares } from "../models/money.ts";
import type { DayState } from "../risk/budget.ts";
import type { PersistedDefense } from "../risk/defense_stack.ts";
import type { Ledger } from "../risk/ledger.ts";
import type { PhaseState } from "../strategy/phase.ts";
import type { PosteriorState } from "../strategy/pricing/posterior.ts";

/**
 * A mint or burn that was begun: written down before it is sent, so that a retry cannot do it twice
 * (L-37).
 */
export interface PairOperation {
  readonly kind: "MINT" | "BURN";
  /** Random, at most 64 characters, the same on every retry. */
  readonly key: string;
  readonly quantity: Shares;
}

/**
 * The part of the state that outlives the process (state and events spec §2.4, §2.5). Plain values.
 */
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
