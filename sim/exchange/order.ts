import { type PriceCents, type Shares, shares } from "../../src/models/money.ts";
import {
  type BookSide,
  type Contract,
  type Direction,
  type FrozenAsset,
  isActiveStatus,
  type OrderStatus,
  type TimeInForce,
  yesPriceOf,
} from "../../src/models/vocabulary.ts";
import { idText, type VenueId } from "./ids.ts";
import { NO_PLACE } from "./ladder.ts";
import type { Seat } from "./seat.ts";
import type { BookType, CancelReason, VenueOrder } from "./types.ts";

/** What an order does with its contract, and everything that follows from it (§3). */
export interface OrderKind {
  readonly contract: Contract;
  readonly direction: Direction;
  readonly bookType: BookType;
  readonly side: BookSide;
  readonly frozenAsset: FrozenAsset;
}

/** The four kinds of orders, by contract and direction. */
export const ORDER_KINDS: Readonly<Record<Contract, Readonly<Record<Direction, OrderKind>>>> = {
  YES: {
    BUY: kind("YES", "BUY", { bookType: "NATIVE_BUY", side: "BID", frozenAsset: "FUNDS" }),
    SELL: kind("YES", "SELL", { bookType: "NATIVE_SELL", side: "ASK", frozenAsset: "YES_SHARES" }),
  },
  NO: {
    BUY: kind("NO", "BUY", { bookType: "SYNTHETIC_SELL", side: "ASK", frozenAsset: "FUNDS" }),
    SELL: kind("NO", "SELL", { bookType: "SYNTHETIC_BUY", side: "BID", frozenAsset: "NO_SHARES" }),
  },
};

function kind(
  contract: Contract,
  direction: Direction,
  rest: Omit<OrderKind, "contract" | "direction">,
): OrderKind {
  return { contract, direction, ...rest };
}

/** What is known of an order when it arrives. */
export interface OrderTerms {
  readonly seat: Seat;
  readonly kind: OrderKind;
  readonly contractPrice: PriceCents;
  readonly quantity: Shares;
  readonly timeInForce: TimeInForce;
  /** Null if the order's id serves. */
  readonly clientOrderId: string | null;
  /** Rate at which the freeze is computed, basis points. */
  readonly freezeBps: number;
  readonly createdAtMs: number;
}

/**
 * An order in any state. There are many, and they stay: what can be told from something else is not
 * stored.
 */
export class Order implements VenueId {
  readonly high: number;
  readonly low: number;
  readonly seat: Seat;
  readonly kind: OrderKind;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
  readonly timeInForce: TimeInForce;
  /** The id that its owner gave it, null if he gave none. */
  readonly givenId: string | null;
  readonly freezeBps: number;
  filled = shares(0);
  remaining: Shares;
  /** Cents for FUNDS and shares otherwise. */
  frozenAmount = 0;
  status: OrderStatus = "OPEN";
  cancelReason: CancelReason | null = null;
  /** Where it stands in the live book, negative if it does not. */
  place = NO_PLACE;
  /** Where it stands among its owner's active orders; only meaningful while it is active. */
  activeAt = 0;
  #text: string | null = null;
  /** Since its owner took his seat: small numbers need no object of their own. */
  readonly #createdAfterMs: number;
  #updatedAfterMs: number;

  constructor(id: VenueId, terms: OrderTerms) {
    this.high = id.high;
    this.low = id.low;
    this.seat = terms.seat;
    this.kind = terms.kind;
    this.yesPrice = yesPriceOf(terms.kind.contract, terms.contractPrice);
    this.quantity = terms.quantity;
    this.timeInForce = terms.timeInForce;
    this.givenId = terms.clientOrderId;
    this.freezeBps = terms.freezeBps;
    this.remaining = terms.quantity;
    this.#createdAfterMs = terms.createdAtMs - terms.seat.takenAtMs;
    this.#updatedAfterMs = this.#createdAfterMs;
  }

  get createdAtMs(): number {
    return this.seat.takenAtMs + this.#createdAfterMs;
  }

  /** When it was last filled, cancelled or placed. */
  get updatedAtMs(): number {
    return this.seat.takenAtMs + this.#updatedAfterMs;
  }

  set updatedAtMs(atMs: number) {
    this.#updatedAfterMs = atMs - this.seat.takenAtMs;
  }

  /** The venue's id of it. */
  get orderId(): string {
    return this.#text ??= idText(this);
  }

  /** The owner's id of it. */
  get clientOrderId(): string {
    return this.givenId ?? this.orderId;
  }

  /** The owner. */
  get userId(): string {
    return this.seat.account.userId;
  }

  /** Its side of the YES book. */
  get side(): BookSide {
    return this.kind.side;
  }

  /** Price of its own contract. */
  get contractPrice(): PriceCents {
    return yesPriceOf(this.kind.contract, this.yesPrice);
  }

  /** True while it can still fill. */
  get isActive(): boolean {
    return isActiveStatus(this.status);
  }
}

/** What of an order changes. */
export type OrderFigures = Pick<
  Order,
  "filled" | "remaining" | "frozenAmount" | "status" | "cancelReason" | "updatedAtMs"
>;

/** What of an order changes, as it is now. */
export function figuresOf(order: Order): OrderFigures {
  const { filled, remaining, frozenAmount, status, cancelReason, updatedAtMs } = order;
  return { filled, remaining, frozenAmount, status, cancelReason, updatedAtMs };
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
