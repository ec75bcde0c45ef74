import { releaseOrder, withdrawOrder } from "./cancellation.ts";
import { overwriteWith, type Reading } from "./concurrency.ts";
import { unfreeze } from "./freezing.ts";
import { checkClientOrderId, enterOrder, repeatedOrder } from "./placement.ts";
import { orderView } from "./record_views.ts";
import type { Account, Order } from "./records.ts";
import { type Refusal, refusals, VenueCrash } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import type { OrderRequest, Placement, Replacement } from "./types.ts";

/** What is replaced, by what, and as what it was read before. */
export interface ReplaceRequest {
  readonly oldOrderId: string;
  readonly newOrder: OrderRequest;
  readonly read: Reading | null;
}

/**
 * Replaces an unfilled order in one step (§11): the old freeze is available to the new order, and
 * if the new order fails the old one stands as before, with its place in the queue.
 *
 * Refusal 6001 is returned, not thrown: it cancels the remainder of the old order, and that shall
 * stand.
 */
export function replaceOrder(
  state: ExchangeState,
  account: Account,
  { oldOrderId, newOrder, read }: ReplaceRequest,
): Replacement | Refusal {
  overwriteWith(state, read);
  checkClientOrderId(state, newOrder);
  const old = ownOldOrder(state, account, oldOrderId);
  const earlier = earlierReplacement(state, account, newOrder);
  if (earlier !== null) return replacementOf(old, { order: orderView(earlier), trades: [] });
  if (old.status === "FILLED") throw refusals.oldOrderFilled();
  if (old.filled > 0) return refuseFilled(state, old);
  if (old.seat.market.id !== newOrder.marketId) throw refusals.otherMarket();
  releaseOld(state, old);
  return replacementOf(old, enterOrder(state, account, newOrder));
}

/**
 * The caller's order that shall go.
 * @throws Refusal 6002, 6004
 */
function ownOldOrder(state: ExchangeState, account: Account, orderId: string): Order {
  const old = account.orders.find(orderId);
  if (old !== undefined) return old;
  throw state.findOrder(orderId) === undefined
    ? refusals.oldOrderNotFound()
    : refusals.oldOrderNotOwned();
}

/**
 * The order that an earlier request under the same id placed; the deployed exchange dies of it
 * (Q-13).
 */
function earlierReplacement(
  state: ExchangeState,
  account: Account,
  newOrder: OrderRequest,
): Order | null {
  if (!state.has("Q-13")) return repeatedOrder(account, newOrder);
  const { clientOrderId } = newOrder;
  if (clientOrderId === undefined) return null;
  if (account.orders.findByClientId(clientOrderId) === undefined) return null;
  throw new VenueCrash("client_order_id was used before (Q-13)");
}

/**
 * Refusal 6001, after the remainder was cancelled; the deployed exchange leaves it alive.
 */
function refuseFilled(state: ExchangeState, old: Order): Refusal {
  if (state.has("Q-14")) return refusals.oldOrderHasFills(null);
  if (old.isActive) state.checkStuck(old.seat.market.id);
  const cancelled = old.isActive
    ? withdrawOrder(state, old, "USER_CANCELLED")
    : { remainingCancelled: 0, unfrozenAmount: 0, unfrozenAsset: old.kind.frozenAsset };
  return refusals.oldOrderHasFills({
    old_order_id: old.orderId,
    old_order_status: old.status,
    filled_quantity: old.filled,
    remaining_quantity_cancelled: cancelled.remainingCancelled,
    unfrozen_amount: cancelled.unfrozenAmount,
    unfrozen_asset_type: cancelled.unfrozenAsset,
  });
}

function releaseOld(state: ExchangeState, old: Order): void {
  const { market } = old.seat;
  state.checkStuck(market.id);
  if (old.isActive) {
    market.book.withdraw(old);
    releaseOrder(state, old, "USER_CANCELLED");
    return;
  }
  // The deployed exchange gives back the freeze of a cancelled order once more.
  if (!state.has("Q-12")) throw refusals.notCancellable();
  unfreeze(state, old, true);
}

function replacementOf(old: Order, { order, trades }: Omit<Placement, "netting">): Replacement {
  return { oldOrder: orderView(old), order, trades };
}
