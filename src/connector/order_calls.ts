import type { OpenOrder, OrderIntent } from "../models/order.ts";
import type { Contract, Direction } from "../models/vocabulary.ts";
import type { Logger } from "../runtime/log.ts";
import { mapBounded } from "./bounded.ts";
import {
  type CommandOutcome,
  type Connector,
  type PlaceRequest,
  type TradeBrief,
  VenueCode,
} from "./connector.ts";
import { ContractHealth } from "./contract_health.ts";
import type { WorkPermit } from "./work_permit.ts";
import type { OwnOrders } from "./own_orders.ts";
import type { PendingPlacements } from "./pending_placements.ts";
import type { RateBudget } from "./rate_budget.ts";

/** Everything the calls need. */
export interface OrderCallsOptions {
  readonly marketId: string;
  readonly connector: Pick<Connector, "place" | "cancel" | "replace">;
  readonly log: Logger;
  readonly rateBudget: RateBudget;
  readonly permit: Pick<WorkPermit, "mayPlace">;
  readonly nextClientOrderId: (contract: Contract, direction: Direction) => string;
  readonly orders: OwnOrders;
  readonly pending: PendingPlacements;
  /** Told when a call has come back, however it ended. */
  readonly onEnd: () => void;
}

/** What a call came to, for whoever has to decide what may follow. */
export type CallResult =
  /** As asked: cancelled with nothing filled meanwhile, or resting (or traded) as ordered. */
  | { readonly kind: "done"; readonly trades: readonly TradeBrief[] }
  /**
   * Accepted, but the venue had moved on: filled or ended before. Nothing rests of it as planned.
   */
  | { readonly kind: "overtaken" }
  | { readonly kind: "refused"; readonly code: number }
  | { readonly kind: "unknown" }
  /**
   * Not sent: an earlier call for the order has not come back, the order is not what it was, or
   * nothing more may be placed.
   */
  | { readonly kind: "withheld" };

/**
 * The three commands on orders of one market. Each keeps the own orders up to date with its answer,
 * never sends two operations for one order at a time, and never believes an answer
 * that does not fit.
 */
export class OrderCalls {
  /** Whether placements on both contracts are answered. */
  readonly contracts = new ContractHealth();
  /** False once the venue has said that this account may not replace orders. */
  mayReplace = true;
  readonly #options: OrderCallsOptions;
  readonly #inFlight = new Set<string>();
  readonly #unanswered = new Set<PlaceRequest>();

  constructor(options: OrderCallsOptions) {
    this.#options = options;
  }

  /** True while a call has not come back. */
  get isBusy(): boolean {
    return this.#inFlight.size > 0;
  }

  /** Placements, by themselves or in place of another order, that have not come back. */
  get unanswered(): readonly PlaceRequest[] {
    return [...this.#unanswered];
  }

  /** Cancels an order. The caller has budget for it or has waited for its slot. */
  cancel(order: OpenOrder): Promise<CallResult> {
    return this.#exclusively(order.orderId, async () => {
      const { connector, orders, marketId } = this.#options;
      const outcome = await this.#send(
        "cancel",
        briefly(order),
        () => connector.cancel(order.orderId, marketId),
      );
      if (outcome.kind === "accepted") {
        const expected = orders.get(order.orderId)?.remaining ?? order.remaining;
        const filledBefore = Math.max(0, expected - outcome.value.remainingCancelled);
        orders.remove(order.orderId, filledBefore);
        return filledBefore > 0 ? { kind: "overtaken" } : done([]);
      }
      if (outcome.kind === "rejected") return { kind: "refused", code: outcome.code };
      orders.markLeaving(order.orderId);
      return { kind: "unknown" };
    });
  }

  /** Places an order; one whose answer was lost is sent again under its old client order id. */
  place(intent: OrderIntent): Promise<CallResult> {
    const { connector, pending, permit } = this.#options;
    if (!permit.mayPlace()) return Promise.resolve({ kind: "withheld" });
    const request = this.#requestFor(intent, pending.idFor(intent));
    return this.#exclusively(request.clientOrderId, async () => {
      const send = () => connector.place(request, () => permit.mayPlace());
      const outcome = await this.#sendNew(request, () => this.#send("place", request, send));
      if (outcome.kind === "accepted") {
        return this.#accept(request, outcome.value.order, outcome.value.trades);
      }
      return this.#notPlaced(request, outcome);
    });
  }

  /**
   * Replaces an order in one step, always under a new client order id; never an order that
   * has fills or is gone (6001, Q-12). One that would become what may be on its way already, or
   * that an old list shows after its end, is only cancelled.
   */
  replace(order: OpenOrder, intent: OrderIntent): Promise<CallResult> {
    const { connector, orders, permit, pending } = this.#options;
    if (!permit.mayPlace()) return Promise.resolve({ kind: "withheld" });
    const mayReplace = pending.mayReplace(order.orderId, intent) &&
      !orders.isInDoubt(order.orderId);
    if (!mayReplace) return this.#cancelInstead(order);
    const request = this.#requestFor(intent);
    return this.#exclusively(order.orderId, async () => {
      const isUntouched = orders.get(order.orderId)?.filled === 0;
      if (!this.mayReplace || !isUntouched) return { kind: "withheld" };
      const send = () => connector.replace(order.orderId, request, () => permit.mayPlace());
      const subject = { ...request, orderId: order.orderId };
      const outcome = await this.#sendNew(request, () => this.#send("replace", subject, send));
      if (outcome.kind === "accepted") {
        orders.remove(order.orderId);
        return this.#accept(request, outcome.value.order, outcome.value.trades);
      }
      if (outcome.kind === "unknown") orders.markLeaving(order.orderId);
      else if (FORBIDDEN.includes(outcome.code)) this.#forbidReplace(outcome.code);
      return this.#notPlaced(request, outcome, order.orderId);
    });
  }

  /** Remembered for good: else the same refused replace would be tried again in every cycle. */
  #forbidReplace(code: number): void {
    this.mayReplace = false;
    this.#options.log.log("WARN", "replace_forbidden", { code });
  }

  /** The next cycle sends what is missing again, under its old client order id. */
  async #cancelInstead(order: OpenOrder): Promise<CallResult> {
    const result = await this.cancel(order);
    return result.kind === "done" ? { kind: "withheld" } : result;
  }

  #requestFor(intent: OrderIntent, knownId?: string): PlaceRequest {
    const { marketId, nextClientOrderId } = this.#options;
    const { contract, direction, contractPrice, quantity } = intent;
    const clientOrderId = knownId ?? nextClientOrderId(contract, direction);
    return {
      clientOrderId,
      marketId,
      contract,
      direction,
      contractPrice,
      quantity,
      timeInForce: "GTC",
    };
  }

  /**
   * Takes an accepted order over; an answer that is not about the order asked for counts as none
   * (L-18).
   */
  #accept(
    request: PlaceRequest,
    order: OpenOrder,
    trades: readonly TradeBrief[],
  ): CallResult {
    const { log, orders, pending } = this.#options;
    if (!isAnswerTo(request, order)) {
      log.log("WARN", "order_unknown", { ...request, cause: "the answer is about another order" });
      pending.add(request);
      return { kind: "unknown" };
    }
    pending.resolve(request.clientOrderId);
    this.contracts.answered(request.contract);
    orders.add(order);
    return order.status === "CANCELLED" ? { kind: "overtaken" } : done(trades);
  }

  #notPlaced(
    request: PlaceRequest,
    outcome: Exclude<CommandOutcome<unknown>, { kind: "accepted" }>,
    replacedOrderId: string | null = null,
  ): CallResult {
    if (outcome.kind === "rejected") {
      // A 429 says nothing about an attempt before it.
      const isAnswered = outcome.code !== VenueCode.RATE_LIMITED;
      if (isAnswered) this.#options.pending.resolve(request.clientOrderId);
      this.contracts.answered(request.contract);
      return { kind: "refused", code: outcome.code };
    }
    this.#options.pending.add(request, replacedOrderId);
    this.contracts.failed(request.contract);
    return { kind: "unknown" };
  }

  async #exclusively(id: string, call: () => Promise<CallResult>): Promise<CallResult> {
    if (this.#inFlight.has(id)) return { kind: "withheld" };
    this.#inFlight.add(id);
    try {
      return await call();
    } finally {
      this.#inFlight.delete(id);
      this.#options.onEnd();
    }
  }

  /** Remembers a new order for as long as there is no answer. */
  async #sendNew<T>(request: PlaceRequest, send: () => Promise<T>): Promise<T> {
    this.#unanswered.add(request);
    try {
      return await send();
    } finally {
      this.#unanswered.delete(request);
    }
  }

  /** Sends a command, tells the rate budget how it went, and writes it to the log. */
  async #send<T>(
    call: "place" | "replace" | "cancel",
    subject: object,
    send: () => Promise<CommandOutcome<T>>,
  ): Promise<CommandOutcome<T>> {
    const { log, rateBudget } = this.#options;
    const outcome = await answerOf(send);
    switch (outcome.kind) {
      case "accepted":
        rateBudget.succeeded();
        log.log("INFO", ACCEPTED[call], { ...subject });
        break;
      case "rejected":
        if (outcome.code === VenueCode.RATE_LIMITED) rateBudget.rateLimited();
        log.log("WARN", "order_refused", { call, code: outcome.code, ...subject });
        if (outcome.code === VenueCode.OLD_ORDER_NOT_FOUND) {
          log.log("WARN", "ghost_order", { ...subject });
        }
        break;
      case "unknown":
        log.log("WARN", "order_unknown", { call, cause: outcome.cause, ...subject });
    }
    return outcome;
  }
}

/** Answers to a replace from an account that is not privileged (exchange API §5.1). */
const FORBIDDEN: readonly number[] = [VenueCode.NOT_OWNER, VenueCode.PRIVILEGED_ONLY];

const ACCEPTED = {
  place: "order_placed",
  replace: "order_replaced",
  cancel: "order_cancelled",
} as const;

/** Cancels that are under way at the same time (§17). */
export const MAX_CONCURRENT_CANCELS = 4;

/**
 * Cancels orders, a few at a time. All of them ask the budget for their turn at once, so that none
 * waits for more than its own.
 * @returns what became of each, in the order given
 */
export async function cancelInTurn(
  calls: Pick<OrderCalls, "cancel">,
  rateBudget: Pick<RateBudget, "cancelSlot">,
  orders: readonly OpenOrder[],
): Promise<readonly CallResult[]> {
  const turns = orders.map((order) => ({ order, slot: rateBudget.cancelSlot() }));
  return await mapBounded(turns, MAX_CONCURRENT_CANCELS, async ({ order, slot }) => {
    await slot;
    return await calls.cancel(order);
  });
}

/** A connector that throws gives no answer: the command may have been carried out. */
async function answerOf<T>(send: () => Promise<CommandOutcome<T>>): Promise<CommandOutcome<T>> {
  try {
    return await send();
  } catch (error) {
    return { kind: "unknown", cause: `the connector failed: ${error}` };
  }
}

/** What the log says about an order. */
function briefly(order: OpenOrder): object {
  const { orderId, contract, direction, contractPrice, remaining } = order;
  return { orderId, contract, direction, contractPrice, remaining };
}

function done(trades: readonly TradeBrief[]): CallResult {
  return { kind: "done", trades };
}

function isAnswerTo(request: PlaceRequest, order: OpenOrder): boolean {
  return order.orderId !== "" && order.marketId === request.marketId &&
    order.contract === request.contract && order.direction === request.direction &&
    order.contractPrice === request.contractPrice;
}
