/** Carries out a plan of the order diff and answers to everything the venue may say to it (§17). */

import type { PlannedAction, Priority, RestingOrder } from "../execution/planned_action.ts";
import { type ActionCounts, NO_ACTIONS } from "../models/explanation.ts";
import type { BookSide } from "../models/vocabulary.ts";
import { mapBounded } from "./bounded.ts";
import { type TradeBrief, VenueCode } from "./connector.ts";
import { type CallResult, MAX_CONCURRENT_CANCELS, type OrderCalls } from "./order_calls.ts";
import { admitActions } from "./plan_admission.ts";
import type { RateBudget } from "./rate_budget.ts";

/** What the caller has to do about a plan that did not go as planned. */
export type ExecutionFlag =
  /** Read own orders and trades before planning again. */
  | "needsLook"
  /** Compare everything with the venue. */
  | "needsReconcile"
  /** Balance or stock refused: pause and re-read both. */
  | "drift"
  /** Re-read the market's status at once. */
  | "marketNotActive"
  | "rateLimited"
  /** A placement failed: the venue may have dropped the market's live book. */
  | "placementFailed"
  /** The venue refused what we should never send: alert. */
  | "bug";

/** What became of a plan. */
export interface ExecutionReport {
  readonly counts: ActionCounts;
  /** Fills that came back with own placements: those in which we were taker. */
  readonly takerTrades: readonly TradeBrief[];
  readonly flags: ReadonlySet<ExecutionFlag>;
}

/**
 * Asked before every call that is not a cancel for safety; false holds the rest of the plan back.
 */
export type MayPlace = () => boolean;

/** What a plan is executed with. */
export interface ExecutionTools {
  readonly marketId: string;
  readonly calls: OrderCalls;
  readonly rateBudget: RateBudget;
  readonly mayPlace: MayPlace;
}

/** What a refusal means for the caller. */
const REFUSALS: Readonly<Record<number, readonly ExecutionFlag[]>> = {
  [VenueCode.NOT_OWNER]: ["bug"],
  [VenueCode.INSUFFICIENT_BALANCE]: ["drift", "placementFailed"],
  [VenueCode.MARKET_NOT_FOUND]: ["marketNotActive", "placementFailed"],
  [VenueCode.MARKET_NOT_ACTIVE]: ["marketNotActive", "placementFailed"],
  [VenueCode.PRICE_OUT_OF_RANGE]: ["bug", "placementFailed"],
  [VenueCode.ORDER_LIMIT]: ["bug", "placementFailed"],
  [VenueCode.SELF_TRADE]: ["bug", "needsLook", "placementFailed"],
  [VenueCode.ORDER_NOT_FOUND]: ["needsLook"],
  [VenueCode.DUPLICATE_CLIENT_ORDER_ID]: ["bug", "needsLook"],
  [VenueCode.NOT_CANCELLABLE]: ["needsLook"],
  [VenueCode.INSUFFICIENT_SHARES]: ["drift", "placementFailed"],
  [VenueCode.OLD_ORDER_HAS_FILLS]: ["needsLook"],
  [VenueCode.OLD_ORDER_NOT_FOUND]: ["needsReconcile"],
  [VenueCode.OLD_ORDER_FILLED]: ["needsLook"],
  [VenueCode.OLD_ORDER_NOT_OWNED]: ["bug"],
  [VenueCode.OTHER_MARKET]: ["bug"],
  [VenueCode.PRIVILEGED_ONLY]: ["needsLook"],
  [VenueCode.RATE_LIMITED]: ["rateLimited"],
};

/** Flags after which nothing more is placed in the same plan. */
const STOPPING: readonly ExecutionFlag[] = ["drift", "marketNotActive", "rateLimited"];

type Cancel = Extract<PlannedAction, { kind: "CANCEL" }>;
type Replace = Extract<PlannedAction, { kind: "REPLACE" }>;
type Place = Extract<PlannedAction, { kind: "PLACE" }>;

/**
 * Takes the actions of a plan in their order, one at a time; only cancels in a row go together.
 * What waits for an order that is not confirmed to be gone is left for the next cycle, and so is
 * everything the rate budget has no room for, by priority.
 */
export async function executePlan(
  actions: readonly PlannedAction[],
  tools: ExecutionTools,
): Promise<ExecutionReport> {
  const isStill = actions.every(({ kind }) => kind === "KEEP");
  if (isStill) {
    return { counts: { ...NO_ACTIONS, kept: actions.length }, takerTrades: [], flags: new Set() };
  }
  const run = new PlanRun(tools, admitActions(actions, tools));
  for (let next = 0; next < actions.length;) {
    const cancels = leadingCancels(actions, next);
    const action = actions[next];
    if (cancels.length > 0) await run.cancelAll(cancels);
    else if (action !== undefined) await run.take(action);
    next += Math.max(1, cancels.length);
  }
  return run.report();
}

/** The cancels for safety that follow each other from `start` on. */
function leadingCancels(actions: readonly PlannedAction[], start: number): readonly Cancel[] {
  const cancels: Cancel[] = [];
  for (let next = start; next < actions.length; next++) {
    const action = actions[next];
    if (action?.kind !== "CANCEL" || action.priority !== "cancel") break;
    cancels.push(action);
  }
  return cancels;
}

/** The state of one execution. */
class PlanRun {
  readonly #tools: ExecutionTools;
  readonly #admitted: ReadonlySet<PlannedAction>;
  readonly #gone = new Set<string>();
  readonly #flags = new Set<ExecutionFlag>();
  readonly #takerTrades: TradeBrief[] = [];
  /** Sides on which a placement may or may not rest: they take no more in this plan. */
  readonly #unclear = new Set<BookSide>();
  readonly #counts: Record<keyof ActionCounts, number> = { ...NO_ACTIONS };

  constructor(tools: ExecutionTools, admitted: ReadonlySet<PlannedAction>) {
    this.#tools = tools;
    this.#admitted = admitted;
  }

  report(): ExecutionReport {
    return { counts: this.#counts, takerTrades: this.#takerTrades, flags: this.#flags };
  }

  /**
   * Sends cancels that lower the risk, a few at a time. All of them ask for their turn at once, so
   * that none waits for more than its own.
   */
  async cancelAll(cancels: readonly Cancel[]): Promise<void> {
    const turns = cancels.map((cancel) => ({ cancel, slot: this.#slotOf(cancel) }));
    await mapBounded(turns, MAX_CONCURRENT_CANCELS, async ({ cancel, slot }) => {
      await slot;
      await this.#cancel(cancel.order);
    });
  }

  /** When a cancel may be sent; none waits that was let in before. */
  #slotOf(cancel: Cancel): Promise<void> | undefined {
    return this.#admitted.has(cancel) ? undefined : this.#tools.rateBudget.cancelSlot();
  }

  async take(action: PlannedAction): Promise<void> {
    if (action.kind === "KEEP") {
      this.#counts.kept++;
      return;
    }
    if (!this.#maySend(action)) {
      this.#counts.deferred++;
      return;
    }
    switch (action.kind) {
      case "CANCEL":
        await this.#slotOf(action);
        return await this.#cancel(action.order);
      case "REPLACE":
        return await this.#replace(action);
      case "PLACE":
        return await this.#place(action);
    }
  }

  #maySend(action: Cancel | Replace | Place): boolean {
    if (isForSafety(action.priority)) return true;
    if (!this.#admitted.has(action) || !this.#tools.mayPlace()) return false;
    if (STOPPING.some((flag) => this.#flags.has(flag))) return false;
    const { side } = action.kind === "CANCEL" ? action.order : action.target;
    return !this.#unclear.has(side) &&
      action.waitsFor.every((orderId) => this.#gone.has(orderId));
  }

  async #cancel(order: RestingOrder): Promise<void> {
    const result = await this.#tools.calls.cancel(order);
    if (result.kind === "done" || result.kind === "overtaken") this.#counts.cancelled++;
    this.#note(result, order);
  }

  async #replace({ order, target }: Replace): Promise<void> {
    const result = await this.#tools.calls.replace(order, target);
    if (result.kind === "done") this.#counts.replaced++;
    this.#note(result, order);
    if (result.kind === "unknown") this.#lostPlacement(target.side);
    // The deployed venue leaves the old order live, the documented one has cancelled it.
    const hasFills = result.kind === "refused" && result.code === VenueCode.OLD_ORDER_HAS_FILLS;
    if (!hasFills) return;
    await this.#tools.rateBudget.cancelSlot();
    await this.#cancel(order);
  }

  async #place({ target }: Place): Promise<void> {
    const result = await this.#tools.calls.place(target);
    if (result.kind === "done") this.#counts.placed++;
    this.#note(result, null);
    if (result.kind === "unknown") this.#lostPlacement(target.side);
  }

  #lostPlacement(side: BookSide): void {
    this.#unclear.add(side);
    this.#flags.add("placementFailed");
  }

  /** Draws the consequences of a result that all commands share. */
  #note(result: CallResult, order: RestingOrder | null): void {
    switch (result.kind) {
      case "done":
        if (order !== null) this.#gone.add(order.orderId);
        this.#takerTrades.push(...result.trades);
        return;
      case "overtaken":
        this.#flags.add("needsLook");
        return;
      case "unknown":
        this.#counts.unknown++;
        this.#flags.add("needsLook");
        return;
      case "withheld":
        this.#counts.deferred++;
        return;
      case "refused":
        this.#counts.refused++;
        for (const flag of REFUSALS[result.code] ?? ["bug"]) this.#flags.add(flag);
    }
  }
}

function isForSafety(priority: Priority): boolean {
  return priority === "cancel";
}
