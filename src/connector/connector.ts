import type { AccountBalance, MarketRecord } from "../models/market.ts";
import type { OrderBook } from "../models/book.ts";
import type { Position } from "../models/inventory.ts";
import type { Cents, PriceCents, Shares } from "../models/money.ts";
import type { OpenOrder } from "../models/order.ts";
import type {
  CancelScope,
  Contract,
  Direction,
  FrozenAsset,
  Scenario,
  TimeInForce,
} from "../models/vocabulary.ts";

/**
 * Everything the bot can ask of a venue. The live REST client and the in-memory exchange implement
 * it, and the bot cannot tell which one it talks to.
 *
 * Reads give the answer or throw a {@link VenueError}. Commands never throw for what the venue
 * does: they end as {@link CommandOutcome}.
 */
export interface Connector {
  /** The user id the session belongs to; logs in if needed. */
  identity(): Promise<string>;
  /** The venue's record of a market. */
  market(marketId: string): Promise<MarketRecord>;
  /** The YES view of the book, full depth, own orders included; refused (3002) unless ACTIVE. */
  orderBook(marketId: string): Promise<OrderBook>;
  /** Cash of the account. */
  balance(): Promise<AccountBalance>;
  /** Own position in a market; a position that does not exist is zero. */
  position(marketId: string): Promise<Position>;
  /** All own active orders of a market, all pages, oldest first. */
  openOrders(marketId: string): Promise<readonly OpenOrder[]>;
  /**
   * All own active orders of all markets, all pages, oldest first; left out by a connector that
   * cannot ask for them at once. Every order that is active from the call to its end is listed.
   */
  accountOrders?(): Promise<readonly OpenOrder[]>;
  /** One own order in its current state. */
  order(orderId: string): Promise<OpenOrder>;
  /** One page of own trades of all markets, newest first. */
  trades(query: TradeQuery): Promise<TradePage>;
  /** Places an order. Repeating the same request with the same client order id is safe. */
  place(request: PlaceRequest, maySend?: MaySend): Promise<CommandOutcome<PlaceResult>>;
  /**
   * Cancels an order. Repeating it is safe; 4006 then means done or filled.
   * @param marketId the market that the call counts for; only whoever placed the order knows it
   */
  cancel(orderId: string, marketId?: string): Promise<CommandOutcome<CancelResult>>;
  /** Replaces an unfilled order in one step; privileged account only. Never repeated blindly. */
  replace(
    orderId: string,
    request: PlaceRequest,
    maySend?: MaySend,
  ): Promise<CommandOutcome<ReplaceResult>>;
  /** Cancels all own orders of a market in a scope; privileged account only (mind Q-16). */
  batchCancel(marketId: string, scope: CancelScope): Promise<CommandOutcome<BatchCancelResult>>;
  /** Creates pairs at 100 cents each; idempotent by key. */
  mint(request: PairRequest, maySend?: MaySend): Promise<CommandOutcome<PairResult>>;
  /** Turns pairs back into cash; idempotent by key. */
  burn(request: PairRequest, maySend?: MaySend): Promise<CommandOutcome<PairResult>>;
}

/**
 * Asked right before every attempt of a command, since a connector may log in or repeat before it
 * sends; false: the attempt is not made.
 */
export type MaySend = () => boolean;

/** What became of a command. After `unknown`, look before you act. */
export type CommandOutcome<T> =
  | { readonly kind: "accepted"; readonly value: T }
  /**
   * Definitive refusal with the venue's code. Nothing of what was asked happened; a replace that is
   * refused with 6001 may have cancelled the old order.
   */
  | { readonly kind: "rejected"; readonly code: number; readonly message: string }
  /** Time-out, 5xx or lost connection: it may or may not have happened. */
  | { readonly kind: "unknown"; readonly cause: string };

/** Why a read gave nothing. */
export type VenueErrorKind =
  /** The venue refused, with a code. */
  | "refused"
  /** No usable answer: time-out, 5xx, lost connection. */
  | "unavailable"
  /** An answer that does not have the agreed form; never a zero (L-10). */
  | "malformed";

/** What is known about a read that gave nothing. */
export interface VenueFailure {
  readonly kind: VenueErrorKind;
  /** The call, such as `orderBook MKT-1`. */
  readonly call: string;
  readonly message: string;
  /** The venue's code, if it gave one. */
  readonly code?: number;
  readonly cause?: unknown;
}

/** A read that gave nothing. */
export class VenueError extends Error {
  override readonly name = "VenueError";
  readonly kind: VenueErrorKind;
  /** The call, such as `orderBook MKT-1`. */
  readonly call: string;
  /** The venue's code, 0 if it gave none. */
  readonly code: number;

  constructor({ kind, call, message, code = 0, cause }: VenueFailure) {
    super(`Cannot read ${call}: ${message}`, { cause });
    this.kind = kind;
    this.call = call;
    this.code = code;
  }
}

/** A request to place an order. */
export interface PlaceRequest {
  readonly clientOrderId: string;
  readonly marketId: string;
  readonly contract: Contract;
  readonly direction: Direction;
  readonly contractPrice: PriceCents;
  readonly quantity: Shares;
  readonly timeInForce: TimeInForce;
}

/**
 * A fill as the answer to a placement shows it: no id, no fee, not to be booked (exchange API
 * §4.5).
 */
export interface TradeBrief {
  readonly buyOrderId: string;
  readonly sellOrderId: string;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
}

/** Answer to a placement. */
export interface PlaceResult {
  readonly order: OpenOrder;
  readonly trades: readonly TradeBrief[];
}

/** Answer to a cancel. */
export interface CancelResult {
  readonly orderId: string;
  readonly unfrozenAmount: number;
  readonly unfrozenAsset: FrozenAsset;
  readonly remainingCancelled: Shares;
}

/** Answer to a replace. */
export interface ReplaceResult {
  readonly oldOrderId: string;
  readonly order: OpenOrder;
  readonly trades: readonly TradeBrief[];
}

/** Answer to a batch cancel. */
export interface BatchCancelResult {
  readonly cancelledCount: number;
}

/** A privileged mint or burn. */
export interface PairRequest {
  readonly marketId: string;
  readonly quantity: Shares;
  /** At most 64 characters, random, never derived from balances (L-37). */
  readonly idempotencyKey: string;
}

/** Answer to a mint or burn; quantities are only a check, positions are re-read. */
export interface PairResult {
  /** True if the venue had already processed this key: change nothing locally, re-read. */
  readonly alreadyDone: boolean;
}

/** Which trades to read. */
export interface TradeQuery {
  /** 1 to 100. */
  readonly limit: number;
  /** `nextCursor` of the page before; cursors go backwards in time. */
  readonly cursor?: string;
}

/** One page of trades, newest first. */
export interface TradePage {
  readonly trades: readonly VenueTrade[];
  readonly nextCursor: string | null;
}

/** An own trade as the venue lists it. */
export interface VenueTrade {
  readonly tradeId: string;
  readonly marketId: string;
  readonly scenario: Scenario;
  readonly yesPrice: PriceCents;
  readonly quantity: Shares;
  /**
   * The user on the buy side of the YES book, or `SYSTEM` for the record of a privileged mint or
   * burn.
   */
  readonly buyUserId: string;
  readonly sellUserId: string;
  readonly takerFeeCents: Cents;
  readonly executedAtMs: number;
}

/** Codes of the venue that the bot acts on (exchange API §8). */
export const VenueCode = {
  NOT_OWNER: 403,
  INSUFFICIENT_BALANCE: 2001,
  MARKET_NOT_FOUND: 3001,
  MARKET_NOT_ACTIVE: 3002,
  PRICE_OUT_OF_RANGE: 4001,
  ORDER_LIMIT: 4002,
  SELF_TRADE: 4003,
  ORDER_NOT_FOUND: 4004,
  DUPLICATE_CLIENT_ORDER_ID: 4005,
  NOT_CANCELLABLE: 4006,
  INSUFFICIENT_SHARES: 5001,
  OLD_ORDER_HAS_FILLS: 6001,
  OLD_ORDER_NOT_FOUND: 6002,
  OLD_ORDER_FILLED: 6003,
  OLD_ORDER_NOT_OWNED: 6004,
  OTHER_MARKET: 6005,
  KEY_ALREADY_USED: 6006,
  PRIVILEGED_ONLY: 6099,
  RATE_LIMITED: 9001,
} as const;
