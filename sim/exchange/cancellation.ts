import { cents, shares } from "../../src/models/money.ts";
import type { CancelScope, Direction } from "../../src/models/vocabulary.ts";
import { overwriteWith, type Reading } from "./concurrency.ts";
import { unfreeze } from "./freezing.ts";
import { netPairs } from "./netting.ts";
import type { Account, Order } from "./records.ts";
import { refusals } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import type { BatchCancellation, BatchCancelRequest, Cancellation, CancelReason } from "./types.ts";

/** Which order to cancel, and as what it was read before. */
export interface CancelRequest {
  readonly orderId: string;
  readonly read: Reading | null;
}

/** Cancels one own order, in any status of its market. */
export function cancelOrder(
  state: ExchangeState,
  account: Account,
  { orderId, read }: CancelRequest,
): Cancellation {
  overwriteWith(state, read);
  const order = ownOrder(state, account, orderId);
  if (!order.isActive) throw refusals.notCancellable();
  state.checkStuck(order.seat.market.id);
  state.passLastCheck();
  return withdrawOrder(state, order, "USER_CANCELLED");
}

/**
 * An order of the caller.
 * @throws Refusal 4004, 403
 */
export function ownOrder(state: ExchangeState, account: Account, orderId: string): Order {
  const order = account.orders.find(orderId);
  if (order !== undefined) return order;
  throw state.findOrder(orderId) === undefined ? refusals.orderNotFound() : refusals.notOwner();
}

const SCOPES: Readonly<Record<CancelScope, readonly Direction[]>> = {
  ALL: ["BUY", "SELL"],
  BUY_ONLY: ["BUY"],
  SELL_ONLY: ["SELL"],
};

/** Cancels all active orders of the caller in a market, by the direction he gave them (§11). */
export function batchCancel(
  state: ExchangeState,
  account: Account,
  { marketId, scope = "ALL" }: BatchCancelRequest,
): BatchCancellation {
  const unfrozen = { FUNDS: 0, YES_SHARES: 0, NO_SHARES: 0 };
  if (!state.has("Q-17")) state.market(marketId);
  let cancelledCount = 0;
  for (const order of state.active(account, marketId)) {
    if (!SCOPES[scope].includes(order.kind.direction)) continue;
    state.checkStuck(marketId);
    const done = withdrawOrder(state, order, "BATCH_CANCELLED");
    unfrozen[done.unfrozenAsset] += done.unfrozenAmount;
    cancelledCount++;
  }
  return {
    marketId,
    cancelledCount,
    unfrozenFundsCents: cents(unfrozen.FUNDS),
    unfrozenYesShares: shares(unfrozen.YES_SHARES),
    unfrozenNoShares: shares(unfrozen.NO_SHARES),
  };
}

/** What ends an order; a batch cancel shows as the user's own. */
type Cause = CancelReason | "BATCH_CANCELLED";

/** Takes a resting order out of the book, releases its freeze, and nets its owner. */
export function withdrawOrder(state: ExchangeState, order: Order, cause: Cause): Cancellation {
  const { seat, kind } = order;
  seat.market.book.withdraw(order);
  const done = releaseOrder(state, order, cause);
  if (kind.direction === "SELL" && cause !== "MARKET_RESOLVED" && !state.has("Q-10")) {
    netPairs(state, seat);
  }
  return done;
}

/**
 * Ends an order and gives back what it still held; `filled` and `remaining` stay as they were (§6).
 */
export function releaseOrder(state: ExchangeState, order: Order, cause: Cause): Cancellation {
  const { frozenAmount, remaining } = order;
  const isOneOfMany = cause === "BATCH_CANCELLED" || cause === "MARKET_RESOLVED";
  // The deployed exchange keeps no account of what it cancels in bulk.
  unfreeze(state, order, !(isOneOfMany && state.has("Q-17")));
  const reason = cause === "BATCH_CANCELLED" ? "USER_CANCELLED" : cause;
  keepFigures(state, order);
  order.status = "CANCELLED";
  order.updatedAtMs = state.nowMs();
  if (!state.has("Q-23")) order.frozenAmount = 0;
  order.cancelReason = state.has("Q-23") && reason !== "MARKET_RESOLVED" ? null : reason;
  order.seat.retire(order);
  return {
    orderId: order.orderId,
    unfrozenAmount: frozenAmount,
    unfrozenAsset: order.kind.frozenAsset,
    remainingCancelled: remaining,
  };
}

function keepFigures({ journal }: ExchangeState, order: Order): void {
  journal.keep(order, "status", order.status);
  journal.keep(order, "updatedAtMs", order.updatedAtMs);
  journal.keep(order, "frozenAmount", order.frozenAmount);
  journal.keep(order, "cancelReason", order.cancelReason);
}
