/**
 * What the fake exchange shows of itself: the records of its state and the requests and answers of
 * its users. Records are snapshots: they do not change after they were handed out.
 */

import type { Position } from "../../src/models/inventory.ts";
import type { MarketRecord } from "../../src/models/market.ts";
import type { Cents, PriceCents, Shares } from "../../src/models/money.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import type {
  CancelScope,
  Contract,
  Direction,
  FrozenAsset,
  MarketStatus,
  ResolutionResult,
  Scenario,
  TimeInForce,
} from "../../src/models/vocabulary.ts";
import type { TradeBrief, VenueTrade } from "../../src/connector/connector.ts";

/** The id of the venue's own market maker account. */
export const AMM_USER_ID = "00000000-0000-4000-a000-000000000001";

/** Stands for the venue as counterparty in the audit record of a privileged mint or burn (§10). */
export const SYSTEM_USER_ID = "SYSTEM";

/**
 * Rights of a user: `AMM` may replace, mint and burn, may trade with itself and is never netted.
 */
export type UserRole = "AMM" | "USER";

/** How an order stands in the one YES book (§3). */
export type BookType = "NATIVE_BUY" | "NATIVE_SELL" | "SYNTHETIC_BUY" | "SYNTHETIC_SELL";

/** Why an order was cancelled. */
export type CancelReason = "USER_CANCELLED" | "IOC_UNFILLED" | "MARKET_RESOLVED";

/** A user with his cash, which all markets share. */
export interface VenueAccount {
  readonly userId: string;
  readonly username: string;
  readonly role: UserRole;
  readonly enabled: boolean;
  readonly availableCents: Cents;
  /** Cash that active BUY orders hold. */
  readonly frozenCents: Cents;
}

/** A user's shares in one market, with what they cost and what resting SELL orders hold of them. */
export interface VenuePosition extends Position {
  readonly userId: string;
  readonly marketId: string;
  readonly yesPendingSell: Shares;
  readonly noPendingSell: Shares;
}

/** A market with its escrow (§2). */
export interface VenueMarket extends MarketRecord {
  readonly description: string | null;
  readonly category: string | null;
  readonly createdAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly settledAtMs: number | null;
  readonly reserveCents: Cents;
  readonly pnlPoolCents: Cents;
  readonly yesShares: Shares;
  readonly noShares: Shares;
}

/** An order in any state. `frozenAmount` is cents for FUNDS and shares otherwise. */
export interface VenueOrder extends OpenOrder {
  readonly userId: string;
  readonly bookType: BookType;
  readonly timeInForce: TimeInForce;
  readonly cancelReason: CancelReason | null;
  readonly updatedAtMs: number;
}

/** Everything about a trade, including what its parties never see on the wire. */
export interface VenueTradeRecord extends VenueTrade {
  /** Null in the audit record of a privileged mint or burn, like the three below. */
  readonly buyOrderId: string | null;
  readonly sellOrderId: string | null;
  readonly makerOrderId: string | null;
  readonly takerOrderId: string | null;
  readonly makerFeeCents: Cents;
  /** Null for an opening leg. */
  readonly buyRealizedPnlCents: Cents | null;
  readonly sellRealizedPnlCents: Cents | null;
}

/** Kind of a ledger entry; freezes are written for FUNDS only. */
export type LedgerEntryType = "DEPOSIT" | "WITHDRAW" | "ORDER_FREEZE" | "ORDER_UNFREEZE";

/** One line of an account's ledger, for audit only. */
export interface LedgerEntry {
  readonly id: number;
  readonly type: LedgerEntryType;
  /** Negative for a withdrawal. */
  readonly amountCents: Cents;
  /** Available cash after a deposit or withdrawal, 0 for the other kinds, as deployed. */
  readonly balanceAfterCents: Cents;
  /** The order of a freeze or unfreeze, null otherwise. */
  readonly orderId: string | null;
  readonly createdAtMs: number;
}

/** A request to place an order, unchecked: the exchange judges it. A `PlaceRequest` fits. */
export interface OrderRequest {
  /** At most 64 characters without spaces, unique per user; left out, the order's id serves. */
  readonly clientOrderId?: string;
  readonly marketId: string;
  readonly contract: Contract;
  readonly direction: Direction;
  /** Cents, 1 to 99, of the contract that is traded. */
  readonly contractPrice: number;
  /** Shares, 1 to 10,000. */
  readonly quantity: number;
  /** `GTC` if left out. */
  readonly timeInForce?: TimeInForce;
}

/** A fill as the placing user sees it. */
export interface FillBrief extends TradeBrief {
  readonly scenario: Scenario;
}

/** Pairs that a request turned back into cash, for all users it concerned (§9). */
export interface NettingResult {
  readonly nettedPairs: Shares;
  readonly refundCents: Cents;
}

/** Answer to a placement. A repeated request gives the stored order as it is now, and no trades. */
export interface Placement {
  readonly order: VenueOrder;
  readonly trades: readonly FillBrief[];
  /** Null if nothing was netted. */
  readonly netting: NettingResult | null;
}

/** Answer to a cancel. */
export interface Cancellation {
  readonly orderId: string;
  readonly unfrozenAmount: number;
  readonly unfrozenAsset: FrozenAsset;
  readonly remainingCancelled: Shares;
}

/** Answer to a replace. */
export interface Replacement {
  readonly oldOrder: VenueOrder;
  readonly order: VenueOrder;
  readonly trades: readonly FillBrief[];
}

/** Which orders a batch cancel takes. */
export interface BatchCancelRequest {
  readonly marketId: string;
  /** `ALL` if left out. */
  readonly scope?: CancelScope;
}

/** Answer to a batch cancel. */
export interface BatchCancellation {
  readonly marketId: string;
  readonly cancelledCount: number;
  readonly unfrozenFundsCents: Cents;
  readonly unfrozenYesShares: Shares;
  readonly unfrozenNoShares: Shares;
}

/** A privileged mint or burn, unchecked. A `PairRequest` fits. */
export interface PairOrder {
  readonly marketId: string;
  readonly quantity: number;
  /** 1 to 128 characters; a key works once in the whole exchange. */
  readonly idempotencyKey: string;
}

/** Answer to a mint or burn: done before, or done now with the figures after it. */
export type PairOutcome =
  | { readonly kind: "repeated"; readonly idempotencyKey: string }
  | {
    readonly kind: "done";
    readonly marketId: string;
    readonly quantity: Shares;
    /** What the pairs cost or brought, 100 each. */
    readonly amountCents: Cents;
    readonly yes: Shares;
    readonly no: Shares;
    readonly availableCents: Cents;
  };

/** Answer to a deposit or withdrawal. */
export interface CashMovement {
  readonly availableCents: Cents;
  readonly ledgerEntryId: number;
}

/** Which part of a list to read; lists run from newest to oldest. */
export interface PageQuery {
  /** 1 to 100, default 20. */
  readonly limit?: number;
  /** `nextCursor` of the page before; without one, the newest. */
  readonly cursor?: string | undefined;
}

/** One page of a list, newest first. `nextCursor` is null exactly on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Which own orders to list; what is left out does not filter. */
export interface OrderQuery extends PageQuery {
  readonly marketId?: string | undefined;
  /** Words that no order has, here and below, find nothing. */
  readonly statuses?: readonly string[] | undefined;
  readonly contract?: string | undefined;
  readonly direction?: string | undefined;
}

/** Which own trades to list. */
export interface OwnTradeQuery extends PageQuery {
  readonly marketId?: string | undefined;
}

/** Which ledger entries to list. */
export interface LedgerQuery extends PageQuery {
  /** A word that is no type finds nothing. */
  readonly type?: string | undefined;
}

/** Set-up of a market; what is left out takes the venue's default. */
export interface MarketSetup {
  readonly marketId: string;
  /** The market id if left out. */
  readonly title?: string;
  readonly description?: string | null;
  readonly category?: string | null;
  /** `ACTIVE` if left out. */
  readonly status?: MarketStatus;
  /** Cents, default 1 and 99. */
  readonly minPrice?: number;
  readonly maxPrice?: number;
  /** Basis points, default 10 and 20. */
  readonly makerFeeBps?: number;
  readonly takerFeeBps?: number;
  /** Enforced only with the setting `enforceMarketLimits`. */
  readonly maxOrderQuantity?: number;
  readonly maxPositionPerUser?: number;
  readonly maxOrderAmountCents?: number;
  readonly tradingStartAtMs?: number | null;
  readonly tradingEndAtMs?: number | null;
  readonly resolutionDateMs?: number | null;
  /** Now if left out; lists show the newest market first. */
  readonly createdAtMs?: number;
}

/** Changes to a market, as an operator at the database would make them. */
export type MarketPatch = Omit<MarketSetup, "marketId" | "createdAtMs">;

/** Set-up of a user. */
export interface UserSetup {
  readonly userId: string;
  /** The user id if left out. */
  readonly username?: string;
  /** `AMM` for the AMM's user id, else `USER`, if left out. */
  readonly role?: UserRole;
  /** Cash to begin with, booked as one deposit; default 0. */
  readonly cashCents?: number;
}

/** Answer to a resolution. */
export interface Resolution {
  readonly marketId: string;
  readonly result: ResolutionResult;
  readonly settledAtMs: number;
  readonly cancelledOrders: number;
  /** Cash that the cancelled BUY orders gave back. */
  readonly unfrozenCents: Cents;
  readonly totalPayoutCents: Cents;
  /** Users who were paid. */
  readonly paidUsers: number;
}

/** Figures of a market since it was created; privileged mints and burns do not count. */
export interface MarketStats {
  readonly totalTrades: number;
  readonly totalVolume: Shares;
  /** Maker and taker fees, cents. */
  readonly totalFeesCents: Cents;
  readonly uniqueBuyers: number;
  readonly uniqueSellers: number;
}

/** A trade as everybody at the venue may see it. */
export interface PublicTrade {
  readonly tradeId: string;
  readonly marketId: string;
  readonly scenario: Scenario;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
  /** Side of the YES book that took. */
  readonly aggressor: "BID" | "ASK";
  readonly makerUserId: string;
  readonly takerUserId: string;
  readonly executedAtMs: number;
}

/** Which placement failed. */
export interface FailedPlacement {
  readonly userId: string;
  readonly error: unknown;
  readonly request: OrderRequest;
  /** The order that should have been replaced. */
  readonly oldOrderId?: string;
}

/** Hears of placements that failed after validation. */
export type FailureListener = (failed: FailedPlacement) => void;
