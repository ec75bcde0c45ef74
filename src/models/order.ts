import type { Cents, PriceCents, Shares } from "./money.ts";
import type { BookSide, Contract, Direction, FrozenAsset, OrderStatus } from "./vocabulary.ts";

/** What strategy and risk speak of: a price and size on one side of the YES book (§0.3). */
export interface BookQuote {
  readonly side: BookSide;
  readonly price: PriceCents;
  readonly quantity: Shares;
  /** Ladder level, 0 nearest to the fair price. */
  readonly level: number;
  /** Why the quote exists, for the explanation: `ladder`, `unwind`, … */
  readonly reason: string;
}

/** A book quote after funding: the order that stands for it (§16). */
export interface OrderIntent {
  readonly contract: Contract;
  readonly direction: Direction;
  /** Price of the contract traded, as the venue wants it. */
  readonly contractPrice: PriceCents;
  readonly quantity: Shares;
  readonly side: BookSide;
  readonly yesPrice: PriceCents;
  readonly level: number;
  readonly reason: string;
}

/** An own order as last confirmed by the venue, with the book quote it stands for. */
export interface OpenOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly marketId: string;
  readonly contract: Contract;
  readonly direction: Direction;
  readonly contractPrice: PriceCents;
  readonly side: BookSide;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
  readonly filled: Shares;
  readonly remaining: Shares;
  readonly status: OrderStatus;
  /** Cents for FUNDS, shares otherwise; meaningless once the order is not active. */
  readonly frozenAmount: number;
  readonly frozenAsset: FrozenAsset;
  readonly createdAtMs: number;
}

/** An own execution, in the terms the ledger needs (§23). */
export interface Fill {
  readonly tradeId: string;
  readonly marketId: string;
  readonly executedAtMs: number;
  readonly contract: Contract;
  readonly direction: Direction;
  readonly contractPrice: PriceCents;
  readonly side: BookSide;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
  /** What the venue charged us for this fill. */
  readonly feeCents: Cents;
}

/** Best YES price of the own orders of a side, null if none rests there. */
export function bestOf(
  orders: readonly { readonly side: BookSide; readonly yesPrice: PriceCents }[],
  side: BookSide,
): PriceCents | null {
  let best: PriceCents | null = null;
  for (const order of orders) {
    if (order.side !== side) continue;
    const { yesPrice } = order;
    if (best === null || (side === "BID" ? yesPrice > best : yesPrice < best)) best = yesPrice;
  }
  return best;
}

/** The own touch: best YES prices, null where nothing rests, and the shares that rest there. */
export interface QuotedTouch {
  readonly bid: PriceCents | null;
  readonly ask: PriceCents | null;
  readonly shares: Readonly<Record<BookSide, number>>;
}

/** Nothing is quoted. */
export const NOTHING_QUOTED: QuotedTouch = { bid: null, ask: null, shares: { BID: 0, ASK: 0 } };

/** The touch of own orders. */
export function quotedTouchOf(
  orders: readonly Pick<OpenOrder, "side" | "yesPrice" | "remaining">[],
): QuotedTouch {
  const [bid, ask] = [bestOf(orders, "BID"), bestOf(orders, "ASK")];
  const shares = { BID: 0, ASK: 0 };
  for (const { side, yesPrice, remaining } of orders) {
    if (yesPrice === (side === "BID" ? bid : ask)) shares[side] += remaining;
  }
  return { bid, ask, shares };
}
