/**
 * The records of the exchange as they are now, for the outside. Snapshots: they do not change after
 * they were handed out.
 */

import type { Account, Order, Seat } from "./records.ts";
import type { VenueAccount, VenueOrder, VenuePosition } from "./types.ts";

/** An account as it is now, for the outside. */
export function accountView(account: Account): VenueAccount {
  const { userId, username, role, enabled, availableCents, frozenCents } = account;
  return { userId, username, role, enabled, availableCents, frozenCents };
}

/** A position as it is now, for the outside. */
export function positionView({ account, market, YES, NO }: Seat): VenuePosition {
  return {
    userId: account.userId,
    marketId: market.id,
    yes: YES.volume,
    yesCostCents: YES.costCents,
    yesPendingSell: YES.pendingSell,
    no: NO.volume,
    noCostCents: NO.costCents,
    noPendingSell: NO.pendingSell,
  };
}

/** An order as it is now, for the outside. Field by field: it is by far the most frequent copy. */
export function orderView(order: Order): VenueOrder {
  const { kind: { contract, direction, side, bookType, frozenAsset }, seat } = order;
  const { orderId } = order;
  return {
    orderId,
    clientOrderId: order.givenId ?? orderId,
    userId: seat.account.userId,
    marketId: seat.market.id,
    contract,
    direction,
    contractPrice: order.contractPrice,
    side,
    yesPrice: order.yesPrice,
    bookType,
    quantity: order.quantity,
    filled: order.filled,
    remaining: order.remaining,
    status: order.status,
    timeInForce: order.timeInForce,
    frozenAmount: order.frozenAmount,
    frozenAsset,
    cancelReason: order.cancelReason,
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
  };
}
