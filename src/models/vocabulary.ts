/**
 * The words of the venue and of the bot (state and events spec §7), and the mirror between YES and
 * NO.
 */

import { mirrorPrice, type PriceCents } from "./money.ts";

/** The two contracts of a binary market. */
export type Contract = "YES" | "NO";
/** What an order does with its contract. */
export type Direction = "BUY" | "SELL";
/** A side of the one YES book: a BID takes YES exposure, an ASK gives it away. */
export type BookSide = "BID" | "ASK";
/** How an order stands for a book quote (`quote_funding`). */
export type QuoteFunding = "inventory" | "cash" | "inventory_then_cash";
/** How a trade clears at the venue. */
export type Scenario = "MINT" | "TRANSFER_YES" | "TRANSFER_NO" | "BURN";
/** Status of a market at the venue. */
export type MarketStatus =
  | "DRAFT"
  | "ACTIVE"
  | "SUSPENDED"
  | "HALTED"
  | "RESOLVED"
  | "SETTLED"
  | "VOIDED";
/** How a market ended. */
export type ResolutionResult = "YES" | "NO" | "VOID";
/** Status of an order at the venue; the first two are active. */
export type OrderStatus = "OPEN" | "PARTIALLY_FILLED" | "FILLED" | "CANCELLED";
/** How long an order lives: until cancelled, or only for the moment of its arrival. */
export type TimeInForce = "GTC" | "IOC";
/** What an order freezes. */
export type FrozenAsset = "FUNDS" | "YES_SHARES" | "NO_SHARES";
/** Which orders a batch cancel takes, by the user's direction. */
export type CancelScope = "ALL" | "BUY_ONLY" | "SELL_ONLY";
/** The two phases of the strategy. */
export type Phase = "EXPLORATION" | "STABILIZATION";
/** Why the phase changed. */
export type PhaseTransitionReason =
  | "TIME_EXPIRED"
  | "VOLUME_REACHED"
  | "PRICE_STABLE"
  | "EMERGENCY_ROLLBACK";
/** The four levels of the defence stack; compare with {@link levelRank}, never by name. */
export type DefenseLevel = "NORMAL" | "WIDEN" | "ONE_SIDE" | "KILL_SWITCH";
/**
 * Why quoting pauses. A pause clears itself, but for the last two, which an operator asked for and
 * an operator ends.
 */
export type PauseReason =
  | "EXTREME_PRICE"
  | "PRICE_JUMP"
  | "API_ERRORS"
  | "LATENCY"
  | "BOOK_FAILURES"
  | "FAILURES"
  | "STALE_DATA"
  | "ORACLE_DEVIATION"
  | "DRIFT"
  | "STOCK_INVARIANT"
  | "OPERATOR"
  | "FLATTEN";
/** Why a market was killed; a kill is latched until a person releases it. */
export type KillReason =
  | "SKEW"
  | "LOSS"
  | "GLOBAL_LOSS"
  | "STATUS"
  | "LVR"
  | "ASSET_FLOOR"
  | "DRIFT"
  | "INVALID_INPUT"
  | "ADMIN";
/** Life of the bot in one market. */
export type Lifecycle = "STARTING" | "RUNNING" | "EMERGENCY" | "WINDING_DOWN" | "STOPPED";
/** What a process has of the right to work a market, where several processes share the markets. */
export type LeaseState = "FREE" | "ACQUIRING" | "HELD" | "AT_RISK" | "DRAINING";

const RANKS: Readonly<Record<DefenseLevel, number>> = {
  NORMAL: 0,
  WIDEN: 1,
  ONE_SIDE: 2,
  KILL_SWITCH: 3,
};

/** The rank of a defence level, 0 (NORMAL) to 3 (KILL_SWITCH). */
export function levelRank(level: DefenseLevel): number {
  return RANKS[level];
}

/** The higher of two defence levels. */
export function higherLevel(a: DefenseLevel, b: DefenseLevel): DefenseLevel {
  return RANKS[a] >= RANKS[b] ? a : b;
}

/** The contract that pays when the given one does not. */
export function otherContract(contract: Contract): Contract {
  return contract === "YES" ? "NO" : "YES";
}

/** The side of the book across from the given one. */
export function otherSide(side: BookSide): BookSide {
  return side === "BID" ? "ASK" : "BID";
}

/**
 * Where an order stands in the YES book: BUY YES and SELL NO bid, SELL YES and BUY NO offer (§0.4).
 */
export function bookSideOf(contract: Contract, direction: Direction): BookSide {
  return (contract === "YES") === (direction === "BUY") ? "BID" : "ASK";
}

/** The YES price of an order, from the price of its own contract; its own inverse. */
export function yesPriceOf(contract: Contract, contractPrice: PriceCents): PriceCents {
  return contract === "YES" ? contractPrice : mirrorPrice(contractPrice);
}

/** True for statuses in which an order can still fill. */
export function isActiveStatus(status: OrderStatus): boolean {
  return status === "OPEN" || status === "PARTIALLY_FILLED";
}
