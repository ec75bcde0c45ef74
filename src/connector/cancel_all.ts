/** Takes every own order of a market from the venue, and makes sure (§17, C-58, L-33). */

import { shares } from "../models/money.ts";
import type { OpenOrder } from "../models/order.ts";
import { bookSideOf, yesPriceOf } from "../models/vocabulary.ts";
import { type Clock, sleep, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import { type Connector, type PlaceRequest, VenueCode } from "./connector.ts";
import { type CallResult, cancelInTurn, type OrderCalls } from "./order_calls.ts";
import type { RateBudget } from "./rate_budget.ts";

/** What a cancel-all is done with. */
export interface CancelAllTools {
  readonly marketId: string;
  readonly connector: Pick<Connector, "batchCancel">;
  readonly calls: OrderCalls;
  readonly rateBudget: RateBudget;
  readonly clock: Clock;
  readonly log: Logger;
  readonly batchCancelEnabled: boolean;
  /** Reads the venue's list; throws if it cannot be read. */
  readonly readOrders: () => Promise<OrdersOfMarket>;
  /** Placements that may rest without anybody knowing their order ids. */
  readonly unanswered: () => readonly PlaceRequest[];
  /** True while a placement may still turn up that the list does not show. */
  readonly mayTurnUp: () => boolean;
}

/** The orders of the account in a market, ours and those we do not touch. */
export interface OrdersOfMarket {
  readonly own: readonly OpenOrder[];
  readonly foreign: readonly OpenOrder[];
}

/** How a cancel-all ended. */
export interface CancelAllReport {
  /** How many own orders the venue listed when it was first looked at. */
  readonly found: number;
  /** Orders that the venue has confirmed as cancelled, this time. */
  readonly cancelled: number;
  /**
   * Own orders that may still rest. One whose placement was not answered has its client order id in
   * place of the order id.
   */
  readonly remaining: readonly OpenOrder[];
  /** True if `remaining` is what the venue listed last, false if it could not be read. */
  readonly verified: boolean;
}

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 5000;
/** How long the list may take before what is known is cancelled without it (§17). */
const LIST_PATIENCE_MS = 1000;
/** How long an empty list has to stay empty while a placement may turn up. */
const SETTLING_MS = 1000;

/**
 * Cancels and reads again until the venue lists no own order, or the time is up. It never takes
 * longer, not even when the venue does not answer at all.
 */
export async function cancelAllOrders(
  tools: CancelAllTools,
  limitMs: number,
  known: readonly OpenOrder[],
): Promise<CancelAllReport> {
  const sweep = new Sweep(tools, tools.clock.monotonicMs() + limitMs, known);
  const done = await withTimeout(tools.clock, limitMs, sweep.run());
  const report = done === TIMED_OUT ? sweep.report() : done;
  if (report.remaining.length === 0 && report.verified) return report;
  const remaining = [...report.remaining, ...unansweredOrders(tools, report.remaining)];
  const orderIds = remaining.map((order) => order.orderId);
  tools.log.log("ERROR", "cancels_unverified", { orderIds, verified: report.verified });
  return { ...report, remaining };
}

/** Orders that nobody has listed, and that a lost or late answer may have been about. */
function unansweredOrders(
  { unanswered, clock }: CancelAllTools,
  listed: readonly OpenOrder[],
): readonly OpenOrder[] {
  const known = new Set(listed.map(({ clientOrderId }) => clientOrderId));
  return unanswered().filter(({ clientOrderId }) => !known.has(clientOrderId))
    .map((request) => orderAsSent(request, clock.nowMs()));
}

function orderAsSent(request: PlaceRequest, nowMs: number): OpenOrder {
  const { clientOrderId, marketId, contract, direction, contractPrice, quantity } = request;
  return {
    orderId: clientOrderId,
    ...{ clientOrderId, marketId, contract, direction, contractPrice, quantity },
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, contractPrice),
    filled: shares(0),
    remaining: quantity,
    status: "OPEN",
    frozenAmount: 0,
    frozenAsset: direction === "BUY" ? "FUNDS" : `${contract}_SHARES`,
    createdAtMs: nowMs,
  };
}

class Sweep {
  readonly #tools: CancelAllTools;
  readonly #deadlineMs: number;
  #remaining: readonly OpenOrder[];
  #found: number | null = null;
  #verified = false;
  #cancelled = 0;
  #batchTried = false;

  constructor(tools: CancelAllTools, deadlineMs: number, known: readonly OpenOrder[]) {
    this.#tools = tools;
    this.#deadlineMs = deadlineMs;
    this.#remaining = known;
  }

  report(): CancelAllReport {
    return {
      found: this.#found ?? 0,
      cancelled: this.#cancelled,
      remaining: this.#remaining,
      verified: this.#verified,
    };
  }

  async run(): Promise<CancelAllReport> {
    const { clock, mayTurnUp } = this.#tools;
    let waitMs = FIRST_WAIT_MS;
    let emptySinceMs = Infinity;
    while (true) {
      const listed = await this.#look();
      const isEmpty = listed !== null && listed.own.length === 0;
      if (isEmpty) {
        emptySinceMs = Math.min(emptySinceMs, clock.monotonicMs());
        const isSettled = clock.monotonicMs() - emptySinceMs >= SETTLING_MS;
        if (isSettled || !mayTurnUp()) return this.report();
      } else {
        emptySinceMs = Infinity;
      }
      // A list that cannot be read is no reason to leave what is known to rest.
      const allAccepted = !isEmpty && await this.#cancel(listed);
      if (clock.monotonicMs() >= this.#deadlineMs) return this.report();
      if (allAccepted && listed !== null) continue;
      await sleep(clock, isEmpty ? SETTLING_MS : waitMs);
      waitMs = Math.min(MAX_WAIT_MS, 2 * waitMs);
    }
  }

  /** Reads the list. One that is slow to come must not keep on the book what is known to rest. */
  async #look(): Promise<OrdersOfMarket | null> {
    const reading = this.#read();
    const inTime = await withTimeout(this.#tools.clock, LIST_PATIENCE_MS, reading);
    if (inTime !== TIMED_OUT) return inTime;
    await this.#cancelOneByOne(null);
    return await reading;
  }

  async #read(): Promise<OrdersOfMarket | null> {
    try {
      const listed = await this.#tools.readOrders();
      this.#remaining = listed.own;
      this.#found ??= listed.own.length;
      this.#verified = true;
      return listed;
    } catch {
      this.#verified = false;
      return null;
    }
  }

  /** @returns true if the venue accepted every cancel, so that the next look need not wait */
  async #cancel(listed: OrdersOfMarket | null): Promise<boolean> {
    const { batchCancelEnabled } = this.#tools;
    const isBatchSafe = batchCancelEnabled && !this.#batchTried && listed?.foreign.length === 0;
    if (isBatchSafe) return await this.#batchCancel();
    return await this.#cancelOneByOne(listed);
  }

  /** Without a list, what the venue has confirmed to be gone need not be cancelled once more. */
  async #cancelOneByOne(listed: OrdersOfMarket | null): Promise<boolean> {
    const { calls, rateBudget } = this.#tools;
    const orders = this.#remaining;
    const results = await cancelInTurn(calls, rateBudget, orders);
    this.#cancelled += results.filter(({ kind }) => kind === "done").length;
    if (listed === null) {
      const gone = new Set(orders.filter((_, index) => isGone(results[index])));
      this.#remaining = this.#remaining.filter((order) => !gone.has(order));
    }
    return results.every((result) => result.kind === "done" || result.kind === "overtaken");
  }

  /**
   * Tried once: a batch that does not answer may hang the market, and would hang it again.
   */
  async #batchCancel(): Promise<boolean> {
    this.#batchTried = true;
    const { connector, marketId } = this.#tools;
    const outcome = await connector.batchCancel(marketId, "ALL");
    if (outcome.kind === "accepted") this.#cancelled += outcome.value.cancelledCount;
    return outcome.kind === "accepted";
  }
}

/** True if a cancel has shown that its order does not rest. */
function isGone(result: CallResult | undefined): boolean {
  switch (result?.kind) {
    case "done":
    case "overtaken":
      return true;
    case "refused":
      return result.code === VenueCode.NOT_CANCELLABLE || result.code === VenueCode.ORDER_NOT_FOUND;
    default:
      return false;
  }
}
