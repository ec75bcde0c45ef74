import { held, type Holdings } from "../models/inventory.ts";
import type { OpenOrder } from "../models/order.ts";
import type { Contract } from "../models/vocabulary.ts";
import { freeCash, type Ledger } from "./ledger.ts";

/** What the invariants compare: the books against the orders that rest. */
export interface StockCheck {
  readonly holdings: Holdings;
  readonly ledger: Ledger;
  /** Own active orders of the market. */
  readonly orders: readonly OpenOrder[];
  /** Fee buffer rate of BUY orders in basis points. */
  readonly freezeBps: number;
}

/** A promise that own resting orders make and the books cannot keep. */
export type BrokenInvariant = "YES_OVERSOLD" | "NO_OVERSOLD" | "CASH_OVERCOMMITTED";

/**
 * The broken ones of: resting SELL per contract within the holdings, freeze of resting BUY within
 * the ledger cash (§13, §29 item 3). Any of them means PAUSE with STOCK_INVARIANT and a
 * reconciliation.
 */
export function brokenInvariants(check: StockCheck): readonly BrokenInvariant[] {
  const broken: BrokenInvariant[] = [];
  if (freeStock(check, "YES") < 0) broken.push("YES_OVERSOLD");
  if (freeStock(check, "NO") < 0) broken.push("NO_OVERSOLD");
  if (freeCash(check.ledger, check.orders, check.freezeBps) < 0) broken.push("CASH_OVERCOMMITTED");
  return broken;
}

/** Shares of a contract that no resting SELL order locks; below 0 they are sold twice. */
export function freeStock(
  { holdings, orders }: Pick<StockCheck, "holdings" | "orders">,
  contract: Contract,
): number {
  let free: number = held(holdings, contract);
  for (const order of orders) {
    if (order.direction === "SELL" && order.contract === contract) free -= order.remaining;
  }
  return free;
}
