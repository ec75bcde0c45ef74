import { EMPTY_BOOK } from "../../src/models/book.ts";
import { clamp, MAX_PRICE, MIN_PRICE, PAIR_CENTS } from "../../src/models/money.ts";
import type { BookSide, TimeInForce } from "../../src/models/vocabulary.ts";
import type { FakeExchange } from "../exchange/fake_exchange.ts";
import { Refusal, VenueCrash, VenueHang } from "../exchange/refusal.ts";
import type { OrderRequest } from "../exchange/types.ts";
import type { Desk } from "./desk.ts";

/** Who trades where. */
export interface DeskOptions {
  readonly exchange: FakeExchange;
  readonly marketId: string;
  readonly userId: string;
}

/** Opens a desk at the fake exchange for a user that exists there. */
export function openDesk({ exchange, marketId, userId }: DeskOptions): Desk {
  const place = (side: BookSide, yesPrice: number, quantity: number, timeInForce: TimeInForce) => {
    const order = { marketId, quantity, timeInForce, ...purchase(side, yesPrice) };
    return refusedAsNull(() => exchange.placeOrder(userId, order));
  };
  return {
    book: () => refusedAsNull(() => exchange.orderBook(marketId)) ?? EMPTY_BOOK,
    take(side, limit, quantity) {
      const whole = side === "BID" ? Math.floor(limit) : Math.ceil(limit);
      const placement = place(side, clamp(whole, MIN_PRICE, MAX_PRICE), quantity, "IOC");
      return placement?.trades.reduce((sum, trade) => sum + trade.quantity, 0) ?? 0;
    },
    rest: (side, yesPrice, quantity) =>
      place(side, yesPrice, quantity, "GTC")?.order.orderId ?? null,
    cancel: (orderId) => void refusedAsNull(() => exchange.cancelOrder(userId, orderId)),
  };
}

/** The order that buys exposure on a side for cash: YES to bid, NO to offer (§0.4). */
function purchase(
  side: BookSide,
  yesPrice: number,
): Pick<OrderRequest, "contract" | "direction" | "contractPrice"> {
  return side === "BID"
    ? { contract: "YES", direction: "BUY", contractPrice: yesPrice }
    : { contract: "NO", direction: "BUY", contractPrice: PAIR_CENTS - yesPrice };
}

/** A trader shrugs at whatever the venue does not do for him. */
function refusedAsNull<T>(request: () => T): T | null {
  try {
    return request();
  } catch (error) {
    const venueSaidNo = error instanceof Refusal || error instanceof VenueCrash ||
      error instanceof VenueHang;
    if (!venueSaidNo) throw error;
    return null;
  }
}
