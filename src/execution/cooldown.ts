/** The post-fill cooldown of a side (§14 D, C-23): no new quantity, moving away is allowed. */

import type { Shares } from "../models/money.ts";
import type { OrderIntent } from "../models/order.ts";
import type { BookSide } from "../models/vocabulary.ts";
import { type BookPoint, isMoreAggressive, nearFirst } from "./order_form.ts";
import type { Change } from "./order_match.ts";
import type { RestingOrder } from "./planned_action.ts";

/** A quantity at a point of the book. */
export interface QuantityAt extends BookPoint {
  readonly quantity: number;
}

/** Resting orders as quantities at points of the book. */
export function restingQuantities(
  orders: readonly (BookPoint & { readonly remaining: number })[],
): readonly QuantityAt[] {
  return orders.map(({ side, yesPrice, remaining }) => ({ side, yesPrice, quantity: remaining }));
}

/**
 * How many shares may still be quoted at a point while its side cools down: as many that nowhere
 * the side's cumulative quantity, at a price or better, exceeds what rests there now (§14 D).
 * @param at the point of the new quantity
 * @param planned what is to rest besides it
 * @param resting what rests now
 */
export function cooldownHeadroom(
  at: BookPoint,
  planned: readonly QuantityAt[],
  resting: readonly QuantityAt[],
): number {
  const fromHere = [at, ...planned, ...resting]
    .filter((point) => point.side === at.side && !isMoreAggressive(point, at));
  const rooms = fromHere.map((point) => cumulative(resting, point) - cumulative(planned, point));
  return Math.max(0, Math.min(...rooms));
}

/** Shares of the point's side at its price or better. */
function cumulative(quantities: readonly QuantityAt[], point: BookPoint): number {
  return quantities
    .filter((other) => other.side === point.side && !isMoreAggressive(point, other))
    .reduce((sum, other) => sum + other.quantity, 0);
}

/**
 * Takes out of the changes what a cooling side may not do: an order that would come nearer stays
 * where it is, one that moves away does not grow, and new quantity is cut to the
 * {@link cooldownHeadroom} that the moves leave.
 * @param resting all orders that rest now
 * @param sides the sides that cool down
 * @param minOrderQty smaller orders are not sent
 */
export function coolDown(
  changes: readonly Change[],
  resting: readonly RestingOrder[],
  sides: readonly BookSide[],
  minOrderQty: number,
): readonly Change[] {
  if (sides.length === 0) return changes;
  const calm = changes.map((change) =>
    change.kind === "MOVE" && sides.includes(change.order.side) ? calmMove(change) : change
  );
  const now = restingQuantities(resting);
  const planned: QuantityAt[] = calm.flatMap((change) => {
    if (change.kind === "MOVE") return [change.target];
    return change.kind === "KEEP" ? restingQuantities([change.order]) : [];
  });
  const fitting = (target: OrderIntent): readonly Change[] => {
    const room = sides.includes(target.side) ? cooldownHeadroom(target, planned, now) : Infinity;
    const quantity = Math.min(target.quantity, room) as Shares;
    if (quantity < minOrderQty) return [];
    planned.push({ ...target, quantity });
    return [{ kind: "ADD", target: { ...target, quantity } }];
  };
  return calm.toSorted(additionsLastNearFirst)
    .flatMap((change) => change.kind === "ADD" ? fitting(change.target) : [change]);
}

/** A move that is nothing but a retreat. */
function calmMove({ order, target }: Extract<Change, { kind: "MOVE" }>): Change {
  if (isMoreAggressive(target, order)) return { kind: "KEEP", order, target };
  const quantity = Math.min(target.quantity, order.remaining) as Shares;
  return { kind: "MOVE", order, target: { ...target, quantity } };
}

function additionsLastNearFirst(a: Change, b: Change): number {
  if (a.kind === "ADD" && b.kind === "ADD") return nearFirst(a.target, b.target);
  return Number(a.kind === "ADD") - Number(b.kind === "ADD");
}
