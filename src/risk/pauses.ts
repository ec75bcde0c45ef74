/** PAUSE (§10.2): circuit breakers that withdraw the quotes and clear themselves. */

import type { MarketConfig } from "../config/registry.ts";
import type { BookSide, PauseReason } from "../models/vocabulary.ts";

/** A reason in force. */
export interface ActivePause {
  readonly reason: PauseReason;
  /** Consecutive cycles without its condition. */
  readonly calmCycles: number;
}

/** What pauses the market now; at most one entry per reason. */
export interface PauseState {
  readonly active: readonly ActivePause[];
  /** The side that EXTREME_PRICE withdraws, null while that reason is not in force. */
  readonly extremeSide: BookSide | null;
}

/** Nothing is paused. */
export const NOT_PAUSED: PauseState = { active: [], extremeSide: null };

/** What was found in one cycle. */
export interface PauseConditions {
  /** Reasons whose condition holds; EXTREME_PRICE follows from `extremeSide`. */
  readonly raised: readonly Exclude<PauseReason, "EXTREME_PRICE">[];
  /** The side that trades further into the edge of the price range, null inside it. */
  readonly extremeSide: BookSide | null;
  /** True if a reconciliation found nothing wrong since the last evaluation. */
  readonly cleanReconciliation: boolean;
}

/** Reasons that hold for exactly as long as an operator wants them. */
const AS_ORDERED: ReadonlySet<PauseReason> = new Set<PauseReason>(["OPERATOR", "FLATTEN"]);

/** Reasons that doubt the books themselves: only a look at the venue ends them. */
const ENDED_BY_RECONCILIATION: ReadonlySet<PauseReason> = new Set<PauseReason>([
  "FAILURES",
  "DRIFT",
  "STOCK_INVARIANT",
]);

/**
 * One evaluation, once per cycle. A reason that holds is in force at once. It ends after
 * `defense_cooldown_cycles` cycles in a row without it, or with a clean reconciliation, never in
 * the cycle in which it was raised. What an operator asked for ends with the wish.
 */
export function evaluatePauses(
  state: PauseState,
  conditions: PauseConditions,
  config: Pick<MarketConfig, "defenseCooldownCycles">,
): PauseState {
  if (isCalm(state, conditions)) return state;
  const raised = new Set<PauseReason>(conditions.raised);
  if (conditions.extremeSide !== null) raised.add("EXTREME_PRICE");
  const lasting = state.active
    .filter(({ reason }) => !raised.has(reason) && !AS_ORDERED.has(reason))
    .map(({ reason, calmCycles }) => ({ reason, calmCycles: calmCycles + 1 }))
    .filter(({ reason, calmCycles }) =>
      ENDED_BY_RECONCILIATION.has(reason)
        ? !conditions.cleanReconciliation
        : calmCycles < config.defenseCooldownCycles
    );
  const active = [...[...raised].map((reason) => ({ reason, calmCycles: 0 })), ...lasting];
  const isExtreme = active.some(({ reason }) => reason === "EXTREME_PRICE");
  return { active, extremeSide: isExtreme ? conditions.extremeSide ?? state.extremeSide : null };
}

/** Most of the time nothing is paused, and nothing asks for it. */
function isCalm({ active, extremeSide }: PauseState, conditions: PauseConditions): boolean {
  return active.length === 0 && extremeSide === null && conditions.raised.length === 0 &&
    conditions.extremeSide === null;
}

const NONE: readonly PauseReason[] = [];

/** All reasons in force, for the explanation. */
export function pauseReasons({ active }: PauseState): readonly PauseReason[] {
  return active.length === 0 ? NONE : active.map(({ reason }) => reason);
}

/** The reasons that withdraw both sides: all but EXTREME_PRICE. */
export function fullPauses(state: PauseState): readonly PauseReason[] {
  const reasons = pauseReasons(state);
  return reasons.length === 0 ? NONE : reasons.filter((reason) => reason !== "EXTREME_PRICE");
}
