/**
 * Refresh by age: a venue may have lost an order from its live book without saying so (§17, Q-03).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { BookSide, Phase } from "../models/vocabulary.ts";
import { nearFirst } from "./order_form.ts";
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
  const chosen = SIDES.filter((side) => !context.cooldownSides.includes(side))
    .flatMap((side) => refreshOf(changes.filter((c) => sideOf(c) === side), context, config));
  if (chosen.length === 0) return changes;
  return changes.map((change) => chosen.find(({ order }) => order === orderOf(change)) ?? change);
}

/** The refresh that one side gets, if any. */
function refreshOf(
  changes: readonly Change[],
  { phase, suspectAgeMs }: RefreshContext,
  config: RefreshConfig,
): readonly Refresh[] {
  const kept = changes.filter((change) => change.kind === "KEEP");
  const able = kept.filter(({ order }) => order.remaining >= config.minOrderQty)
    .toSorted((a, b) => nearFirst(a.order, b.order));
  const limitMs = orderAgeLimitMs(phase, config);
  const freshMs = freshSideMs(limitMs / kept.length, config);
  const isStale = kept.length === changes.length &&
    kept.every(({ order }) => order.ageMs >= freshMs);
  const lost = able.find(({ order }) => order.ageMs > suspectAgeMs);
  if (lost !== undefined) return [refresh(lost, "lost")];
  const aged = able.findLast(({ order }) => order.ageMs > limitMs);
  const chosen = aged ?? (isStale ? able.toSorted(oldestFirst)[0] : undefined);
  return chosen === undefined ? [] : [refresh(chosen, "age")];
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

function oldestFirst({ order: a }: Keep, { order: b }: Keep): number {
  return b.ageMs - a.ageMs || nearFirst(b, a);
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
