/**
 * From the orders that rest to the orders that should rest, in few calls and without a dangerous
 * moment between two of them (§17). Pure.
 */

import type { QuoteAtPrice } from "../models/book.ts";
import type { OrderIntent } from "../models/order.ts";
import { coolDown } from "./cooldown.ts";
import { type BookPoint, crosses, isMoreAggressive } from "./order_form.ts";
import { type Change, type MatchConfig, matchOrders } from "./order_match.ts";
import { refreshAged, type RefreshConfig, type RefreshContext } from "./order_refresh.ts";
import { sequenceChanges, type SequenceContext } from "./order_sequence.ts";
import type { PlannedAction, RestingOrder } from "./planned_action.ts";

/** What a plan depends on besides targets and resting orders. */
export interface DiffContext extends RefreshContext, SequenceContext {
  /** Quotes of placements whose fate is unknown: they may come to rest at any time. */
  readonly pending: readonly QuoteAtPrice[];
}

/** Settings of the order diff. */
export type DiffConfig = MatchConfig & RefreshConfig;

/**
 * Plans how the resting orders become the targets. Every resting order appears in exactly one
 * action, or in one CANCEL with its PLACE.
 * @param targets sanitized: unique in contract, direction and price, not crossing each other
 * @param resting own orders as last confirmed by the venue
 */
export function planOrders(
  targets: readonly OrderIntent[],
  resting: readonly RestingOrder[],
  context: DiffContext,
  config: DiffConfig,
): readonly PlannedAction[] {
  const matched = avoid(context, matchOrders(targets, resting, config));
  const cooled = coolDown(matched, resting, context.cooldownSides, config.minOrderQty);
  const changes = refreshAged(cooled, context, config);
  return sequenceChanges(changes, resting, context, config);
}

/**
 * Gives up what would meet an order that we cannot move: one of somebody else, or one that is still
 * unknown.
 */
function avoid(
  { foreign, pending }: Pick<DiffContext, "foreign" | "pending">,
  changes: readonly Change[],
): readonly Change[] {
  if (foreign.length === 0 && pending.length === 0) return changes;
  const obstacles: readonly BookPoint[] = [...foreign, ...pending];
  return changes.flatMap((change): readonly Change[] => {
    if (change.kind !== "MOVE" && change.kind !== "ADD") return [change];
    const { target } = change;
    if (!obstacles.some((obstacle) => crosses(obstacle, target))) return [change];
    if (change.kind === "ADD") return [];
    const { order } = change;
    return isMoreAggressive(order, target)
      ? [{ kind: "DROP", order, reason: "meets an order that may rest" }]
      : [{ kind: "KEEP", order, target }];
  });
}
