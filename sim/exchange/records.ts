/**
 * What the exchange keeps, and how it hangs together: an account has a seat in each market it has
 * dealt in, and an order belongs to a seat. Records point at each other, so that a request looks up
 * its user and its market once, and nothing after that.
 */

import {
  type Cents,
  cents,
  type PriceCents,
  releasedCost,
  type Shares,
  shares,
} from "../../src/models/money.ts";
import {
  type BookSide,
  type Contract,
  isActiveStatus,
  type OrderStatus,
  type TimeInForce,
  yesPriceOf,
} from "../../src/models/vocabulary.ts";
import { History } from "./history.ts";
import { byAge, idText, type Stamp, type VenueId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import { NO_PLACE } from "./ladder.ts";
import { Ledger, type LedgerOffice } from "./ledger.ts";
import type { MarketOf } from "./market.ts";
import { kindOf, type OrderKind } from "./order_kinds.ts";
import { OwnOrders } from "./own_orders.ts";
import { constrain } from "./refusal.ts";
import type { CancelReason, OrderRequest, UserRole, VenueTradeRecord } from "./types.ts";

/** A market with those who deal in it. */
export type Market = MarketOf<Seat, Order>;

/** What stands in a user's list of trades. */
export interface TradeEntry extends VenueId {
  readonly marketId: string;
  /** Everything about it, for the outside. */
  view(): VenueTradeRecord;
}

/** Who an account belongs to, and which office keeps its ledger. */
export interface AccountTerms {
  readonly userId: string;
  readonly username: string;
  readonly role: UserRole;
  readonly office: LedgerOffice;
}

/** A user with his cash, and with all that the venue keeps of him. */
export class Account {
  readonly userId: string;
  readonly username: string;
  readonly role: UserRole;
  enabled = true;
  availableCents = cents(0);
  /** Cash that active BUY orders hold. */
  frozenCents = cents(0);
  readonly orders: OwnOrders<Order>;
  readonly trades: History<TradeEntry>;
  readonly ledger: Ledger;
  /** One for each market that he has dealt in. */
  readonly seats: Seat[] = [];

  constructor(journal: Journal, { userId, username, role, office }: AccountTerms) {
    this.userId = userId;
    this.username = username;
    this.role = role;
    const { retained } = office;
    this.orders = new OwnOrders(journal, retained);
    this.trades = new History(journal, { retained });
    this.ledger = new Ledger(journal, office);
  }

  /** Forgets what is too old. Not part of a request. */
  trim(): void {
    this.orders.trim();
    this.trades.trim();
    this.ledger.trim();
  }
}

/** Shares of one contract. */
export interface Holding {
  volume: Shares;
  costCents: Cents;
  /** Shares that resting SELL orders hold; part of `volume`. */
  pendingSell: Shares;
}

/** Whose seat it is, where, and since when. */
export type SeatTerms = Pick<Seat, "account" | "market" | "takenAtMs">;

/** What one user has in one market: his shares and his active orders. */
export class Seat {
  readonly YES = emptyHolding();
  readonly NO = emptyHolding();
  /** True once he has received shares. */
  isHolder = false;
  /** True once he has bought from, or sold to, somebody. */
  hasBought = false;
  hasSold = false;
  readonly #journal: Journal;
  readonly #active: Order[] = [];

  readonly account: Account;
  readonly market: Market;
  readonly takenAtMs: number;

  constructor(journal: Journal, { account, market, takenAtMs }: SeatTerms) {
    this.#journal = journal;
    this.account = account;
    this.market = market;
    this.takenAtMs = takenAtMs;
  }

  /** Shares of a contract that he may sell or burn. */
  unfrozen(contract: Contract): number {
    const { volume, pendingSell } = this[contract];
    return volume - pendingSell;
  }

  /** Whole pairs that he may turn into cash. */
  unfrozenPairs(): number {
    return Math.min(this.unfrozen("YES"), this.unfrozen("NO"));
  }

  /** Gives him shares. */
  receive(contract: Contract, quantity: number, costCents: number): void {
    if (!this.isHolder) this.market.welcome(this);
    const holding = this[contract];
    this.#keepStock(holding);
    holding.volume = shares(holding.volume + quantity);
    holding.costCents = cents(holding.costCents + costCents);
  }

  /**
   * Takes shares from him.
   * @returns the cost that leaves with them, cents (§1)
   */
  surrender(contract: Contract, quantity: number): number {
    const holding = this[contract];
    this.#keepStock(holding);
    const released = releasedCost(holding.costCents, holding.volume, shares(quantity));
    holding.volume = shares(holding.volume - quantity);
    holding.costCents = cents(holding.costCents - released);
    return released;
  }

  /** Ties shares to a resting SELL order; a negative quantity unties them. */
  pend(contract: Contract, quantity: number): void {
    const holding = this[contract];
    constrain(holding.pendingSell + quantity >= 0, "pending is not negative");
    this.#journal.keep(holding, "pendingSell", holding.pendingSell);
    holding.pendingSell = shares(holding.pendingSell + quantity);
  }

  /** His active orders, oldest first. */
  active(): Order[] {
    return this.#active.toSorted(byAge);
  }

  /** His active orders, in no order. */
  anyActive(): readonly Order[] {
    return this.#active;
  }

  /** Counts a purchase or a sale, whichever side of the book the seat was on. */
  countTrade(side: BookSide): void {
    const flag = side === "BID" ? "hasBought" : "hasSold";
    if (this[flag]) return;
    this.#journal.keep(this, flag, false);
    this[flag] = true;
    this.market.countParty(side);
  }

  /** Counts an order among the active ones. */
  activate(order: Order): void {
    insert(this.#active, order);
    this.#journal.note(remove, this.#active, order);
  }

  /** Takes an order out of the active ones, if it is one of them. */
  retire(order: Order): void {
    if (!this.isActive(order)) return;
    remove(this.#active, order);
    this.#journal.note(insert, this.#active, order);
  }

  /** True if an order counts among the active ones. */
  isActive(order: Order): boolean {
    return this.#active[order.activeAt] === order;
  }

  #keepStock(holding: Holding): void {
    this.#journal.keep(holding, "volume", holding.volume);
    this.#journal.keep(holding, "costCents", holding.costCents);
  }
}

function insert(orders: Order[], order: Order): void {
  order.activeAt = orders.length;
  orders.push(order);
}

/** The last one takes the place of the one that goes. */
function remove(orders: Order[], { activeAt }: Order): void {
  const last = orders.pop();
  if (last === undefined || last.activeAt === activeAt) return;
  orders[activeAt] = last;
  last.activeAt = activeAt;
}

function emptyHolding(): Holding {
  return { volume: shares(0), costCents: cents(0), pendingSell: shares(0) };
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
  /** Rate at which its freeze was computed, basis points. */
  freezeBps = 0;
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

  constructor({ high, low, atMs }: Stamp, seat: Seat, request: CheckedRequest) {
    this.high = high;
    this.low = low;
    this.seat = seat;
    this.kind = kindOf(request);
    this.yesPrice = yesPriceOf(request.contract, request.contractPrice);
    this.quantity = request.quantity;
    this.timeInForce = request.timeInForce ?? "GTC";
    this.givenId = request.clientOrderId ?? null;
    this.remaining = request.quantity;
    this.#createdAfterMs = atMs - seat.takenAtMs;
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

  /** The market. */
  get marketId(): string {
    return this.seat.market.id;
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
