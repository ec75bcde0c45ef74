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
import { freezeBps } from "./freezing.ts";
import { idText, type VenueId } from "./ids.ts";
import { NO_PLACE } from "./ladder.ts";
import type { Seat } from "./seat.ts";
import type { ExchangeState } from "./state.ts";
import type { BookType, CancelReason, OrderRequest, VenueOrder } from "./types.ts";

/** What an order does with its contract, and everything that follows from it (§3). */
export interface OrderKind {
  readonly contract: Contract;
  readonly direction: Direction;
  readonly bookType: BookType;
  readonly side: BookSide;
  readonly frozenAsset: FrozenAsset;
}

const BUY_YES: OrderKind = {
  contract: "YES",
  direction: "BUY",
  bookType: "NATIVE_BUY",
  side: "BID",
  frozenAsset: "FUNDS",
};
const SELL_YES: OrderKind = {
  contract: "YES",
  direction: "SELL",
  bookType: "NATIVE_SELL",
  side: "ASK",
  frozenAsset: "YES_SHARES",
};
const BUY_NO: OrderKind = {
  contract: "NO",
  direction: "BUY",
  bookType: "SYNTHETIC_SELL",
  side: "ASK",
  frozenAsset: "FUNDS",
};
const SELL_NO: OrderKind = {
  contract: "NO",
  direction: "SELL",
  bookType: "SYNTHETIC_BUY",
  side: "BID",
  frozenAsset: "NO_SHARES",
};

function kindOf({ contract, direction }: OrderRequest): OrderKind {
  if (contract === "YES") return direction === "BUY" ? BUY_YES : SELL_YES;
  return direction === "BUY" ? BUY_NO : SELL_NO;
}

/** A request whose figures were checked. */
export interface CheckedRequest extends OrderRequest {
  readonly contractPrice: PriceCents;
  readonly quantity: Shares;
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

  /** Takes the next id of the exchange. */
  constructor(state: ExchangeState, seat: Seat, request: CheckedRequest) {
    const { high, low } = state.ids.next();
    this.high = high;
    this.low = low;
    this.seat = seat;
    this.kind = kindOf(request);
    this.yesPrice = yesPriceOf(request.contract, request.contractPrice);
    this.quantity = request.quantity;
    this.timeInForce = request.timeInForce ?? "GTC";
    this.givenId = request.clientOrderId ?? null;
    this.freezeBps = freezeBps(state, seat.market);
    this.remaining = request.quantity;
    this.#createdAfterMs = state.nowMs() - seat.takenAtMs;
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
