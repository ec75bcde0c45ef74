import type { BookSide, Contract, Direction, FrozenAsset } from "../../src/models/vocabulary.ts";
import type { BookType, OrderRequest } from "./types.ts";

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

/** What a request does. */
export function kindOf({ contract, direction }: OrderRequest): OrderKind {
  if (contract === "YES") return direction === "BUY" ? BUY_YES : SELL_YES;
  return direction === "BUY" ? BUY_NO : SELL_NO;
}
