import { cents, shares } from "../../src/models/money.ts";
import { isActiveStatus } from "../../src/models/vocabulary.ts";
import type { CancelScope, Direction } from "../../src/models/vocabulary.ts";
import { unfreeze } from "./freezing.ts";
import { netPairs } from "./netting.ts";
import type { Account, Order } from "./records.ts";
import { refusals } from "./refusal.ts";
import type { ExchangeState, Floor } from "./state.ts";
import type { BatchCancellation, BatchCancelRequest, Cancellation, CancelReason } from "./types.ts";

/** Cancels one own order, in any status of its market. */
export function cancelOrder(
  state: ExchangeState,
  account: Account,
  orderId: string,
): Cancellation {
  const order = ownOrder(state, account, orderId);
  if (!isActiveStatus(order.status)) throw refusals.notCancellable();
  return withdrawOrder(state.floor(order.marketId), order, "USER_CANCELLED");
}

/**
 * An order of the caller.
 * @throws Refusal 4004, 403
 */
export function ownOrder(state: ExchangeState, account: Account, orderId: string): Order {
  const order = state.orders.find(orderId);
  if (order === undefined) throw refusals.orderNotFound();
  if (order.userId !== account.userId) throw refusals.notOwner();
  return order;
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
  for (const order of state.orders.active(marketId, account.userId)) {
    if (!SCOPES[scope].includes(order.direction)) continue;
    const done = withdrawOrder(state.floor(marketId), order, "BATCH_CANCELLED");
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
export function withdrawOrder(floor: Floor, order: Order, cause: Cause): Cancellation {
  const { state, market } = floor;
  market.book.withdraw(order);
  const done = releaseOrder(floor, order, cause);
  if (order.direction === "SELL" && cause !== "MARKET_RESOLVED" && !state.has("Q-10")) {
    netPairs(floor, state.accounts.find(order.userId), { pairs: 0 });
  }
  return done;
}

/**
 * Ends an order and gives back what it still held; `filled` and `remaining` stay as they were (§6).
 */
export function releaseOrder(floor: Floor, order: Order, cause: Cause): Cancellation {
  const { state } = floor;
  const { orderId, frozenAmount, frozenAsset, remaining, status, updatedAtMs, cancelReason } =
    order;
  const isOneOfMany = cause === "BATCH_CANCELLED" || cause === "MARKET_RESOLVED";
  // The deployed exchange keeps no account of what it cancels in bulk.
  unfreeze(floor, order, { inLedger: !(isOneOfMany && state.has("Q-17")) });
  const reason = cause === "BATCH_CANCELLED" ? "USER_CANCELLED" : cause;
  state.journal.keep(order, { status, updatedAtMs, frozenAmount, cancelReason });
  order.status = "CANCELLED";
  order.updatedAtMs = state.nowMs();
  if (!state.has("Q-23")) order.frozenAmount = 0;
  order.cancelReason = state.has("Q-23") && reason !== "MARKET_RESOLVED" ? null : reason;
  state.orders.retire(order);
  return {
    orderId,
    unfrozenAmount: frozenAmount,
    unfrozenAsset: frozenAsset,
    remainingCancelled: remaining,
  };
}
