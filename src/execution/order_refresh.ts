/**
 * Refresh by age: a venue may have lost an order from its live book without saying so (§17, Q-03).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { BookSide, Phase } from "../models/vocabulary.ts";
import { nearFirst } from "./order_form.ts";
import type { Change } from "./order_match.ts";

/** What decides about a refresh. */
export interface RefreshContext {
  readonly phase: Phase;
  /** Orders that may have lost their place in the live book whatever their age, by order id. */
  readonly suspects: ReadonlySet<string>;
  /** Sides that cool down after a fill: they are not refreshed. */
  readonly cooldownSides: readonly BookSide[];
}

/** Settings of the refresh. */
export type RefreshConfig = Pick<
  MarketConfig,
  "maxOrderAgeMs" | "explorationCancelIntervalMs" | "minOrderQty"
>;

/** Longest life of an order that matches its target, in milliseconds (§17). */
export function orderAgeLimitMs(phase: Phase, config: RefreshConfig): number {
  return phase === "EXPLORATION"
    ? Math.min(config.maxOrderAgeMs, config.explorationCancelIntervalMs)
    : config.maxOrderAgeMs;
}

/**
 * Lets at most one order per side that would be kept be cancelled and placed again, the farthest
 * first.
 */
export function refreshAged(
  changes: readonly Change[],
  context: RefreshContext,
  config: RefreshConfig,
): readonly Change[] {
  const limitMs = orderAgeLimitMs(context.phase, config);
  const due = changes.flatMap((change) => {
    if (change.kind !== "KEEP") return [];
    const { order } = change;
    const isDue = order.ageMs > limitMs || context.suspects.has(order.orderId);
    const isAllowed = !context.cooldownSides.includes(order.side) &&
      order.remaining >= config.minOrderQty;
    return isDue && isAllowed ? [order] : [];
  });
  const far = due.toSorted(nearFirst);
  const chosen = [
    far.findLast((order) => order.side === "ASK"),
    far.findLast((order) => order.side === "BID"),
  ];
  return changes.map((change): Change => {
    if (change.kind !== "KEEP" || !chosen.includes(change.order)) return change;
    const { contractPrice, yesPrice, remaining } = change.order;
    const target = { ...change.target, contractPrice, yesPrice, quantity: remaining };
    return { kind: "REFRESH", order: change.order, target };
  });
}
