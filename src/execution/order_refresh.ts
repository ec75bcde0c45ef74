/**
 * Refresh by age: a venue may have lost an order from its live book without saying so (§17, Q-03).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { BookSide, Phase } from "../models/vocabulary.ts";
import { isMoreAggressive } from "./order_form.ts";
import type { Change } from "./order_match.ts";
import type { RestingOrder } from "./planned_action.ts";

/** What decides about a refresh. */
export interface RefreshContext {
  readonly phase: Phase;
  /** Orders older than this may have lost their place in the live book; Infinity for none. */
  readonly suspectAgeMs: number;
  /** Sides that cool down after a fill: they are not refreshed. */
  readonly cooldownSides: readonly BookSide[];
}

/** Settings of the refresh. */
export type RefreshConfig = Pick<
  MarketConfig,
  "maxOrderAgeMs" | "explorationCancelIntervalMs" | "minOrderQty" | "quoteFunding"
>;

/** Longest life of an order that matches its target, in milliseconds (§17). */
export function orderAgeLimitMs(phase: Phase, config: RefreshConfig): number {
  return phase === "EXPLORATION"
    ? Math.min(config.maxOrderAgeMs, config.explorationCancelIntervalMs)
    : config.maxOrderAgeMs;
}

/** How long a side may go without a new order where the venue may lose its book, ms. */
const FRESH_SIDE_MS = 10_000;
const SIDES: readonly BookSide[] = ["ASK", "BID"];

type Refresh = Extract<Change, { kind: "REFRESH" }>;
type Keep = Extract<Change, { kind: "KEEP" }>;

/**
 * Lets at most one order per side that would be kept be cancelled and placed again: the nearest of
 * those that may have lost their place, else the farthest of those that are too old, else the
 * oldest of a side that has had no new order for {@link freshSideMs}.
 */
export function refreshAged(
  changes: readonly Change[],
  context: RefreshContext,
  config: RefreshConfig,
): readonly Change[] {
  let refreshed = changes;
  for (const side of SIDES) {
    if (context.cooldownSides.includes(side)) continue;
    const chosen = refreshOf(side, changes, context, config);
    if (chosen === null) continue;
    refreshed = refreshed.map((change) => orderOf(change) === chosen.order ? chosen : change);
  }
  return refreshed;
}

/** The refresh that one side gets, null if none. */
function refreshOf(
  side: BookSide,
  changes: readonly Change[],
  { phase, suspectAgeMs }: RefreshContext,
  config: RefreshConfig,
): Refresh | null {
  const limitMs = orderAgeLimitMs(phase, config);
  let [all, kept, youngestMs] = [0, 0, Infinity];
  let lost: Keep | null = null;
  let aged: Keep | null = null;
  let oldest: Keep | null = null;
  for (const change of changes) {
    if (sideOf(change) !== side) continue;
    all++;
    if (change.kind !== "KEEP") continue;
    kept++;
    const { ageMs, remaining } = change.order;
    youngestMs = Math.min(youngestMs, ageMs);
    if (remaining < config.minOrderQty) continue;
    if (ageMs > suspectAgeMs && isNearer(change, lost)) lost = change;
    if (ageMs > limitMs && isFarther(change, aged)) aged = change;
    if (isOlder(change, oldest)) oldest = change;
  }
  if (lost !== null) return refresh(lost, "lost");
  const isStale = kept === all && youngestMs >= freshSideMs(limitMs / kept, config);
  const chosen = aged ?? (isStale ? oldest : null);
  return chosen === null ? null : refresh(chosen, "age");
}

/** True if there is no other yet, or it fills after this one. */
function isNearer({ order }: Keep, other: Keep | null): boolean {
  return other === null || isMoreAggressive(order, other.order);
}

/** True if there is no other yet, or it does not fill after this one. */
function isFarther({ order }: Keep, other: Keep | null): boolean {
  return other === null || !isMoreAggressive(order, other.order);
}

/** True if there is no other yet, or it is younger, or as old and fills before this one. */
function isOlder({ order }: Keep, other: Keep | null): boolean {
  if (other === null) return true;
  const olderMs = order.ageMs - other.order.ageMs;
  return olderMs > 0 || (olderMs === 0 && isMoreAggressive(other.order, order));
}

/**
 * How long a side may go without a new order. A venue on which the bot has to buy because it cannot
 * mint is taken for the deployed one, which loses its live book without a sign whenever anybody's
 * order fails; one young order per side keeps the time that this costs short. Elsewhere the
 * age limit is enough.
 * @param shareMs the age limit divided by the orders of the side: spreads their ages evenly
 */
function freshSideMs(shareMs: number, { quoteFunding }: RefreshConfig): number {
  return quoteFunding === "inventory" ? Infinity : Math.min(FRESH_SIDE_MS, shareMs);
}

function refresh({ order, target: wanted }: Keep, cause: Refresh["cause"]): Refresh {
  const { contractPrice, yesPrice, remaining } = order;
  const target = { ...wanted, contractPrice, yesPrice, quantity: remaining };
  return { kind: "REFRESH", order, target, cause };
}

function orderOf(change: Change): RestingOrder | null {
  return change.kind === "ADD" ? null : change.order;
}

function sideOf(change: Change): BookSide {
  return change.kind === "ADD" ? change.target.side : change.order.side;
}
