/**
 * The records of the exchange's state as the engine itself sees them: the same fields, but they
 * change.
 */

import type { Cents, Shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type { VenueAccount, VenueMarket, VenueOrder, VenuePosition } from "./types.ts";

/** A record whose fields may be set. */
export type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** A user with his cash. */
export type Account = Mutable<VenueAccount>;

/** An order in any state. */
export interface Order extends Mutable<VenueOrder> {
  /** Rate at which the freeze was computed, basis points. */
  readonly freezeBps: number;
  /** Where it stands in the live book, negative if it does not. */
  place: number;
}

/** Terms of a market and its escrow. */
export type MarketTerms = Mutable<VenueMarket>;

/** Shares of one contract. */
export interface Holding {
  volume: Shares;
  costCents: Cents;
  /** Shares that resting SELL orders hold; part of `volume`. */
  pendingSell: Shares;
}

/** Shares of both contracts. */
export type Holdings = Readonly<Record<Contract, Holding>>;

/**
 * An order as it is now, for the outside. Field by field: it is by far the most frequent copy, and
 * a spread takes several times as long.
 */
export function orderView(order: Order): VenueOrder {
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    userId: order.userId,
    marketId: order.marketId,
    contract: order.contract,
    direction: order.direction,
    contractPrice: order.contractPrice,
    side: order.side,
    yesPrice: order.yesPrice,
    bookType: order.bookType,
    quantity: order.quantity,
    filled: order.filled,
    remaining: order.remaining,
    status: order.status,
    timeInForce: order.timeInForce,
    frozenAmount: order.frozenAmount,
    frozenAsset: order.frozenAsset,
    cancelReason: order.cancelReason,
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
  };
}

/** A position as it is now, for the outside. */
export function positionView(userId: string, marketId: string, held: Holdings): VenuePosition {
  return {
    userId,
    marketId,
    yes: held.YES.volume,
    yesCostCents: held.YES.costCents,
    yesPendingSell: held.YES.pendingSell,
    no: held.NO.volume,
    noCostCents: held.NO.costCents,
    noPendingSell: held.NO.pendingSell,
  };
}
