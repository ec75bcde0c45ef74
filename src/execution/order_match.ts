/**
 * Which resting order stands for which target, and what must change (§17, matching and tolerance).
 */

import type { MarketConfig } from "../config/registry.ts";
import { ROUNDING_SLACK, type Shares } from "../models/money.ts";
import type { OrderIntent } from "../models/order.ts";
import type { BookSide } from "../models/vocabulary.ts";
import { isMoreAggressive, isSameForm, nearFirst } from "./order_form.ts";
import { pairNearest } from "./pairing.ts";
import type { RestingOrder } from "./planned_action.ts";

/** What should become of an order or of a target, before anything is put in sequence. */
export type Change =
  | { readonly kind: "KEEP"; readonly order: RestingOrder; readonly target: OrderIntent }
  /** The order has no target. */
  | { readonly kind: "DROP"; readonly order: RestingOrder; readonly reason: string }
  /** The order becomes the target: another price or quantity. */
  | { readonly kind: "MOVE"; readonly order: RestingOrder; readonly target: OrderIntent }
  /** New quantity; `target.quantity` is what is missing. */
  | { readonly kind: "ADD"; readonly target: OrderIntent }
  /** The order is cancelled and placed again as it is. */
  | {
    readonly kind: "REFRESH";
    readonly order: RestingOrder;
    readonly target: OrderIntent;
    readonly cause: "lost" | "age";
  };

/** Settings that decide when an order is near enough to its target. */
export type MatchConfig = Pick<
  MarketConfig,
  "qtyToleranceFraction" | "minRepriceCents" | "minOrderQty"
>;

/**
 * Compares targets with resting orders: equal contract, direction and price first, then the nearest
 * of the same form, then the nearest of the same side.
 * @param targets unique in contract, direction and price
 */
export function matchOrders(
  targets: readonly OrderIntent[],
  resting: readonly RestingOrder[],
  config: MatchConfig,
): readonly Change[] {
  const changes: Change[] = [];
  let missing: OrderIntent[] = [];
  let matched = 0;
  for (const target of targets) {
    const found = matchAtPrice(target, resting, config, changes);
    if (found === 0) missing.push(target);
    matched += found;
  }
  // Most of the time every order is where it should be.
  let orders = matched === resting.length ? [] : resting.filter((order) => {
    return !targets.some((target) => isSameForm(order, target));
  });
  for (const groupOf of [formOf, sideOf]) {
    if (orders.length === 0 || missing.length === 0) break;
    const moves = pairGroups(orders, missing, groupOf);
    changes.push(...moves.map((move) => moveOrKeep(move.order, move.target, config)));
    orders = orders.filter((order) => !moves.some((move) => move.order === order));
    missing = missing.filter((target) => !moves.some((move) => move.target === target));
  }
  for (const order of orders) changes.push({ kind: "DROP", order, reason: "no target" });
  for (const target of missing) changes.push({ kind: "ADD", target });
  return changes;
}

/**
 * Orders of the form of their target: their sum is compared with it.
 * @param changes takes what should become of them
 * @returns how many there are
 */
function matchAtPrice(
  target: OrderIntent,
  resting: readonly RestingOrder[],
  config: MatchConfig,
  changes: Change[],
): number {
  const before = changes.length;
  let excess: number = -target.quantity;
  for (const order of resting) {
    if (!isSameForm(order, target)) continue;
    changes.push(keep(order, target));
    excess += order.remaining;
  }
  const found = changes.length - before;
  if (found === 0 || isWithinTolerance(excess, target, config)) return found;
  if (excess > 0) {
    const orders = resting.filter((order) => isSameForm(order, target));
    changes.splice(before, found, ...shrink(target, orders, excess, config));
  } else {
    changes.push({ kind: "ADD", target: { ...target, quantity: -excess as Shares } });
  }
  return found;
}

/** Takes the excess away from the newest orders: whole ones first, then a part of one. */
function shrink(
  target: OrderIntent,
  orders: readonly RestingOrder[],
  excessShares: number,
  config: MatchConfig,
): Change[] {
  let excess = excessShares;
  return orders.toSorted((a, b) => a.ageMs - b.ageMs).map((order): Change => {
    if (isWithinTolerance(excess, target, config)) return keep(order, target);
    const left = Math.max(0, order.remaining - excess);
    excess -= order.remaining - left;
    if (left < config.minOrderQty) return { kind: "DROP", order, reason: "too large" };
    return { kind: "MOVE", order, target: { ...target, quantity: left as Shares } };
  });
}

function isWithinTolerance(difference: number, target: OrderIntent, config: MatchConfig): boolean {
  const tolerance = config.qtyToleranceFraction * target.quantity + ROUNDING_SLACK;
  return Math.abs(difference) <= tolerance;
}

function keep(order: RestingOrder, target: OrderIntent): Change {
  return { kind: "KEEP", order, target };
}

/**
 * A price change that is too small is skipped, unless the order is more aggressive than its target.
 */
function moveOrKeep(order: RestingOrder, target: OrderIntent, config: MatchConfig): Change {
  const isNear = formOf(order) === formOf(target) &&
    Math.abs(order.yesPrice - target.yesPrice) < config.minRepriceCents &&
    !isMoreAggressive(order, target) &&
    isWithinTolerance(order.remaining - target.quantity, target, config);
  return isNear ? keep(order, target) : { kind: "MOVE", order, target };
}

interface Move {
  readonly order: RestingOrder;
  readonly target: OrderIntent;
}

function pairGroups(
  orders: readonly RestingOrder[],
  targets: readonly OrderIntent[],
  groupOf: (item: Formed) => string,
): readonly Move[] {
  const targetsByGroup = Map.groupBy(targets, groupOf);
  return [...Map.groupBy(orders, groupOf)].flatMap(([group, ordersOfGroup]) => {
    // Within a group all are of one side: only there is one nearer than another.
    const from = ordersOfGroup.toSorted(nearFirst);
    const to = (targetsByGroup.get(group) ?? []).toSorted(nearFirst);
    const pairs = pairNearest(from.map((o) => o.yesPrice), to.map((t) => t.yesPrice));
    return pairs.flatMap(([i, j]) => {
      const [order, target] = [from[i], to[j]];
      return order === undefined || target === undefined ? [] : [{ order, target }];
    });
  });
}

type Formed = Pick<OrderIntent, "contract" | "direction"> & { readonly side: BookSide };

function formOf(item: Formed): string {
  return `${item.contract} ${item.direction}`;
}

function sideOf(item: Formed): string {
  return item.side;
}
