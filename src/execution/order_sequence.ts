/**
 * In which order changes are made, so that no moment between two calls is dangerous (§17,
 * sequencing).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { Shares } from "../models/money.ts";
import type { OrderIntent } from "../models/order.ts";
import type { BookSide } from "../models/vocabulary.ts";
import { type Capacity, LockAccount } from "./lock_account.ts";
import { type BookPoint, crosses, isMoreAggressive, nearFirst } from "./order_form.ts";
import type { Change } from "./order_match.ts";
import type { PlannedAction, Priority, RestingOrder } from "./planned_action.ts";

/** What the sequence depends on besides the changes. */
export interface SequenceContext extends Capacity {
  /** Fair price now less the fair price of the cycle before, in cents; only the sign counts. */
  readonly fairMoveCents: number;
  /** True if the account may replace orders in one step. */
  readonly privileged: boolean;
}

interface StepTerms {
  /** 0 lowers the risk, 1 brings quotes to their targets, 2 refreshes. */
  readonly stage: 0 | 1 | 2;
  readonly priority: Priority;
  readonly reason: string;
}

/** A change, or a part of it, that has one place in the sequence. */
type Step =
  | StepTerms & { readonly kind: "cancel"; readonly order: RestingOrder }
  | StepTerms & {
    readonly kind: "move";
    readonly order: RestingOrder;
    readonly target: OrderIntent;
    /** True for one replace, false for a cancel and a placement. */
    readonly atomic: boolean;
  }
  | StepTerms & { readonly kind: "place"; readonly target: OrderIntent };

type MoveStep = Extract<Step, { kind: "move" }>;

/** Within a stage and a side: what frees something precedes what needs it. */
const KIND_RANK: Readonly<Record<Step["kind"], number>> = { cancel: 0, move: 1, place: 2 };

/**
 * Puts changes in sequence:
 * 1. what lowers the risk goes first: cancels, and moves away from the other side;
 * 2. BID before ASK if the fair price fell, otherwise ASK before BID;
 * 3. a placement waits until the stock or cash it needs, and its side, are confirmed to be free;
 * 4. nothing is sent that could meet an own order that may still rest;
 * 5. every order is operated on once.
 * Quantities are cut to what stock and cash allow, so that the venue has nothing to refuse.
 * @param resting all own orders, for rule 4 and for what they lock
 */
export function sequenceChanges(
  changes: readonly Change[],
  resting: readonly RestingOrder[],
  context: SequenceContext,
  config: Pick<MarketConfig, "minOrderQty">,
): readonly PlannedAction[] {
  const actions: PlannedAction[] = [];
  const steps: Step[] = [];
  for (const change of changes) {
    if (change.kind === "KEEP") actions.push(change);
    else addSteps(steps, change, context.privileged);
  }
  if (steps.length === 0) return actions;
  steps.sort(inSequence(context));
  const sequencer = new Sequencer(resting, new LockAccount(resting, context), config.minOrderQty);
  for (const step of steps) actions.push(...sequencer.take(step));
  return actions;
}

function addSteps(
  steps: Step[],
  change: Exclude<Change, { kind: "KEEP" }>,
  privileged: boolean,
): void {
  switch (change.kind) {
    case "DROP":
      steps.push(cancelStep(change.order, change.reason));
      break;
    case "ADD":
      steps.push(placeStep(change.target, "missing"));
      break;
    case "REFRESH": {
      const { order, target, cause } = change;
      const priority = cause === "lost" ? "place" : "refresh";
      steps.push({ kind: "move", stage: 2, priority, reason: cause, order, target, atomic: false });
      break;
    }
    case "MOVE":
      steps.push(...moveSteps(change.order, change.target, privileged));
      break;
  }
}

/** Only an order without fills can be replaced (6001), and only by the privileged account. */
function moveSteps(order: RestingOrder, target: OrderIntent, privileged: boolean): readonly Step[] {
  const reason = `${order.yesPrice} to ${target.yesPrice}`;
  const atomic = privileged && order.filled === 0;
  const reduces = lowersRisk(order, target);
  if (reduces && !atomic) return [cancelStep(order, reason), placeStep(target, reason)];
  return reduces
    ? [{ kind: "move", stage: 0, priority: "reduce", reason, order, target, atomic }]
    : [{ kind: "move", stage: 1, priority: "move", reason, order, target, atomic }];
}

function cancelStep(order: RestingOrder, reason: string): Step {
  return { kind: "cancel", order, stage: 0, priority: "cancel", reason };
}

function placeStep(target: OrderIntent, reason: string): Step {
  return { kind: "place", target, stage: 1, priority: "place", reason };
}

function lowersRisk(order: RestingOrder, target: OrderIntent): boolean {
  if (order.yesPrice === target.yesPrice) return target.quantity < order.remaining;
  return isMoreAggressive(order, target);
}

function inSequence(context: SequenceContext): (a: Step, b: Step) => number {
  const firstSide: BookSide = context.fairMoveCents < 0 ? "BID" : "ASK";
  const isLater = (step: Step) => Number(pointOf(step).side !== firstSide);
  return (a, b) =>
    a.stage - b.stage ||
    isLater(a) - isLater(b) ||
    KIND_RANK[a.kind] - KIND_RANK[b.kind] ||
    nearFirst(pointOf(a), pointOf(b));
}

function pointOf(step: Step): BookPoint {
  return step.kind === "cancel" ? step.order : step.target;
}

/** Turns steps into actions and remembers what each later one has to wait for. */
class Sequencer {
  readonly #resting: readonly RestingOrder[];
  readonly #locks: LockAccount;
  readonly #minOrderQty: number;
  /** Orders that the steps so far take away, by side. */
  readonly #leaving: Readonly<Record<BookSide, string[]>> = { BID: [], ASK: [] };

  constructor(resting: readonly RestingOrder[], locks: LockAccount, minOrderQty: number) {
    this.#resting = resting;
    this.#locks = locks;
    this.#minOrderQty = minOrderQty;
  }

  take(step: Step): readonly PlannedAction[] {
    switch (step.kind) {
      case "cancel":
        return [this.#cancel(step.order, step)];
      case "move":
        return this.#move(step);
      case "place":
        return this.#place(step.target, step);
    }
  }

  #cancel(order: RestingOrder, { priority, reason }: StepTerms): PlannedAction {
    this.#locks.release(order);
    this.#leaving[order.side].push(order.orderId);
    return { kind: "CANCEL", order, priority, reason, waitsFor: [] };
  }

  #place(wanted: OrderIntent, { priority, reason }: StepTerms): readonly PlannedAction[] {
    const grant = this.#locks.grant(wanted, null, this.#minOrderQty);
    if (grant === null) return [];
    const target = withQuantity(wanted, grant.quantity);
    const waitsFor = this.#waits(target, grant.waitsFor, this.#leaving[target.side]);
    return [{ kind: "PLACE", target, priority, reason, waitsFor, pairedWith: null }];
  }

  #move(step: MoveStep): readonly PlannedAction[] {
    const { order, target: wanted, atomic, priority, reason } = step;
    const grant = this.#locks.grant(wanted, order, this.#minOrderQty);
    if (grant === null) return [this.#withoutRoom(order, wanted, step)];
    const { orderId } = order;
    const target = withQuantity(wanted, grant.quantity);
    if (atomic) {
      this.#leaving[order.side].push(orderId);
      const waitsFor = this.#waits(target, grant.waitsFor);
      return [{ kind: "REPLACE", order, target, priority, reason, waitsFor }];
    }
    const leaving = [...this.#leaving[order.side]];
    this.#leaving[order.side].push(orderId);
    // The order stays where it is until nothing but itself stands in the way of the new one.
    const first = this.#waits(target, grant.waitsFor, leaving);
    const waitsFor = [...first, orderId];
    return [
      { kind: "CANCEL", order, priority, reason, waitsFor: first },
      { kind: "PLACE", target, priority, reason, waitsFor, pairedWith: orderId },
    ];
  }

  /**
   * A move to what cannot be paid: away from risk it ends in a cancel, otherwise the order stays.
   */
  #withoutRoom(order: RestingOrder, target: OrderIntent, terms: StepTerms): PlannedAction {
    if (terms.stage !== 0) return { kind: "KEEP", order, target };
    return this.#cancel(order, { stage: 0, priority: "cancel", reason: terms.reason });
  }

  /** Orders that must be gone first: named ones, and all that a target would meet. */
  #waits(
    target: OrderIntent,
    named: readonly string[],
    alsoNamed: readonly string[] = [],
  ): readonly string[] {
    const waits: string[] = [];
    const add = (orderId: string) => {
      if (!waits.includes(orderId)) waits.push(orderId);
    };
    named.forEach(add);
    alsoNamed.forEach(add);
    for (const order of this.#resting) if (crosses(order, target)) add(order.orderId);
    return waits;
  }
}

function withQuantity(target: OrderIntent, quantity: Shares): OrderIntent {
  return quantity === target.quantity ? target : { ...target, quantity };
}
