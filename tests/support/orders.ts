import type { DiffContext } from "../../src/execution/order_diff.ts";
import type { PlannedAction, RestingOrder } from "../../src/execution/planned_action.ts";
import { cents, price, type Shares, shares } from "../../src/models/money.ts";
import type { BookQuote, OrderIntent } from "../../src/models/order.ts";
import { type BookSide, bookSideOf, yesPriceOf } from "../../src/models/vocabulary.ts";
import { holding, restingOrder, type Trade } from "./risk.ts";

/** A quote of the YES book. */
export function quote(side: BookSide, at: number, quantity: number, level = 0): BookQuote {
  return { side, price: price(at), quantity: shares(quantity), level, reason: "ladder" };
}

/** An order that should rest. */
export function intent([direction, contract, contractPrice, quantity]: Trade): OrderIntent {
  return {
    contract,
    direction,
    contractPrice: price(contractPrice),
    quantity: shares(quantity),
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, price(contractPrice)),
    level: 0,
    reason: "ladder",
  };
}

/** What a test says about a resting order besides its form. */
export interface Resting {
  readonly id?: string;
  readonly remaining?: number;
  readonly ageMs?: number;
}

/** An own order as the order diff sees it. */
export function resting(trade: Trade, about: Resting = {}): RestingOrder {
  const order = restingOrder(trade, about.remaining ?? trade[3]);
  return { ...order, orderId: about.id ?? order.orderId, ageMs: about.ageMs ?? 0 };
}

/** A calm moment of a privileged account that holds 1,000 pairs and no cash. */
export function diffContext(overrides: Partial<DiffContext> = {}): DiffContext {
  return {
    phase: "STABILIZATION",
    fairMoveCents: 0,
    privileged: true,
    holdings: holding(1000, 1000),
    spendableCents: cents(0),
    freezeBps: 20,
    foreign: [],
    pending: [],
    suspectAgeMs: Infinity,
    cooldownSides: [],
    ...overrides,
  };
}

interface Described {
  readonly direction: string;
  readonly contract: string;
  readonly contractPrice: number;
  readonly quantity: number;
}

/** `SELL YES 51x100`. */
export function describeOrder(order: Described): string {
  return `${order.direction} ${order.contract} ${order.contractPrice}x${order.quantity}`;
}

/** `REPLACE SELL YES 51x100 by SELL YES 48x100`; resting orders with what remains of them. */
export function describeAction(action: PlannedAction): string {
  if (action.kind === "PLACE") return `PLACE ${describeOrder(action.target)}`;
  const old = describeOrder({ ...action.order, quantity: action.order.remaining });
  return action.kind === "REPLACE"
    ? `REPLACE ${old} by ${describeOrder(action.target)}`
    : `${action.kind} ${old}`;
}

/** What a plan does, without what it keeps. */
export function describePlan(plan: readonly PlannedAction[]): readonly string[] {
  return plan.filter((action) => action.kind !== "KEEP").map(describeAction);
}

/** The orders that rest after an action has been carried out; a new order is named by its place. */
export function afterAction(
  orders: readonly RestingOrder[],
  action: PlannedAction,
  newId: string,
): readonly RestingOrder[] {
  if (action.kind === "KEEP") return orders;
  const others = action.kind === "PLACE"
    ? orders
    : orders.filter((order) => order.orderId !== action.order.orderId);
  return action.kind === "CANCEL" ? others : [...others, restAs(action.target, newId)];
}

/** The orders that rest after a plan has been carried out completely. */
export function afterPlan(
  orders: readonly RestingOrder[],
  plan: readonly PlannedAction[],
  prefix = "new",
): readonly RestingOrder[] {
  return plan.reduce(
    (now, action, index) => afterAction(now, action, `${prefix}-${index}`),
    orders,
  );
}

/** An intent as a resting order. */
export function restAs(target: OrderIntent, id: string): RestingOrder {
  const { direction, contract, contractPrice, quantity } = target;
  return resting([direction, contract, contractPrice, quantity], { id });
}

/** Highest bid and lowest ask of own orders; what is missing is out of reach. */
export function touchOf(
  orders: readonly { readonly side: BookSide; readonly yesPrice: number }[],
): { readonly bid: number; readonly ask: number } {
  const at = (side: BookSide) => orders.filter((o) => o.side === side).map((o) => o.yesPrice);
  return { bid: Math.max(0, ...at("BID")), ask: Math.min(100, ...at("ASK")) };
}

/** Remaining shares by `direction contract price`, for comparing what rests with a target. */
export function sharesByForm(
  orders: readonly (Omit<Described, "quantity"> & { readonly remaining: Shares })[],
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { direction, contract, contractPrice, remaining } of orders) {
    const form = `${direction} ${contract} ${contractPrice}`;
    sums[form] = (sums[form] ?? 0) + remaining;
  }
  return sums;
}
