/** What an operator wants of a market until somebody resumes it: a pause, or to get out of it. */

import type { Asked } from "../models/admin_command.ts";
import type { DefenseTrigger } from "../models/explanation.ts";
import type { PauseReason } from "../models/vocabulary.ts";

/** A standing order of an operator; the last one given counts. It does not survive a restart. */
export type OperatorOrder =
  | ({ readonly kind: "pause" } & Asked)
  | ({
    readonly kind: "flatten";
    /**
     * Own orders are taken off; then the net position is reduced; then the market stays paused.
     * What is left are pairs, and less than `one_side_dead_band`.
     */
    readonly stage: "withdrawing" | "reducing" | "flat";
    /** Cycles of the market when the order was given. */
    readonly cycle: number;
  } & Asked);

/** What decides how far a flatten has come. */
export interface FlattenProgress {
  /** Cycles completed before this one. */
  readonly cycle: number;
  /** True if the venue lists no own order and none may still turn up. */
  readonly isBookEmpty: boolean;
  /** True if no side is heavy: there is nothing to reduce. */
  readonly isNeutral: boolean;
}

/**
 * The order after one look at the venue. Nothing is sent to reduce before a later cycle has seen an
 * empty own book: what still rests could fill and turn the position over.
 */
export function advanceOrder(
  order: OperatorOrder | null,
  { cycle, isBookEmpty, isNeutral }: FlattenProgress,
): OperatorOrder | null {
  if (order?.kind !== "flatten") return order;
  const isWithdrawn = order.stage !== "withdrawing" || (cycle > order.cycle && isBookEmpty);
  if (order.stage === "flat" || !isWithdrawn) return order;
  return { ...order, stage: isNeutral ? "flat" : "reducing" };
}

/** Why the market is paused by this order, null if it is not. */
export function pauseOf(
  order: OperatorOrder | null,
): Extract<PauseReason, "OPERATOR" | "FLATTEN"> | null {
  if (order === null) return null;
  if (order.kind === "pause") return "OPERATOR";
  return order.stage === "reducing" ? null : "FLATTEN";
}

/** The level that a flatten asks for while it reduces: ONE_SIDE quotes the reducing side alone. */
export function orderTriggers(order: OperatorOrder | null): readonly DefenseTrigger[] {
  if (order?.kind !== "flatten" || order.stage !== "reducing") return [];
  return [{ rule: "operator_flatten", level: "ONE_SIDE", value: 1, limit: 0 }];
}
