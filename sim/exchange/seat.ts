import { type Cents, cents, releasedCost, type Shares, shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type { Account } from "./account.ts";
import { byAge } from "./ids.ts";
import type { Journal } from "./journal.ts";
import type { Market } from "./market.ts";
import type { Order } from "./order.ts";
import { constrain } from "./refusal.ts";
import type { VenuePosition } from "./types.ts";

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

/** A position as it is now, for the outside. */
export function positionView({ account, market, YES, NO }: Seat): VenuePosition {
  return {
    userId: account.userId,
    marketId: market.id,
    yes: YES.volume,
    yesCostCents: YES.costCents,
    yesPendingSell: YES.pendingSell,
    no: NO.volume,
    noCostCents: NO.costCents,
    noPendingSell: NO.pendingSell,
  };
}
