import { cents, PAIR_CENTS, type PriceCents, shares } from "../../src/models/money.ts";
import type { Account } from "./account.ts";
import type { Journal } from "./journal.ts";
import type { MarketTerms } from "./market_terms.ts";
import type { Order } from "./order.ts";
import { OrderBook } from "./order_book.ts";
import { Seat } from "./seat.ts";
import type { Trade } from "./trades.ts";

/** What a market counts for its statistics. */
interface Tally {
  trades: number;
  volume: number;
  feesCents: number;
  lastTradePrice: PriceCents | null;
  /** Users who have bought, and who have sold. */
  buyers: number;
  sellers: number;
}

/** One market: its terms and escrow, its book, and who holds what in it. */
export class Market {
  readonly book: OrderBook;
  readonly tally: Tally = {
    trades: 0,
    volume: 0,
    feesCents: 0,
    lastTradePrice: null,
    buyers: 0,
    sellers: 0,
  };
  readonly #journal: Journal;
  readonly #nowMs: () => number;
  readonly #seats = new Map<Account, Seat>();
  readonly #holders: Seat[] = [];

  constructor(journal: Journal, nowMs: () => number, readonly terms: MarketTerms) {
    this.#journal = journal;
    this.#nowMs = nowMs;
    this.book = new OrderBook(journal);
  }

  /** The market's id. */
  get id(): string {
    return this.terms.marketId;
  }

  /** Those who have ever received shares, in this order. */
  get holders(): readonly Seat[] {
    return this.#holders;
  }

  /** The seat of a user, if he has dealt here. */
  seat(account: Account): Seat | undefined {
    return this.#seats.get(account);
  }

  /** The seat of a user who deals here; a new one has nothing in it, so it need not be undone. */
  takeSeat(account: Account): Seat {
    const known = this.#seats.get(account);
    if (known !== undefined) return known;
    const seat = new Seat(this.#journal, { account, market: this, takenAtMs: this.#nowMs() });
    this.#seats.set(account, seat);
    account.seats.push(seat);
    return seat;
  }

  /** Counts a seat that receives its first shares among the holders. */
  welcome(seat: Seat): void {
    seat.isHolder = true;
    this.#holders.push(seat);
    this.#journal.note(dismissLast, this.#holders, null);
  }

  /** The active orders of everybody. */
  active(): Order[] {
    return [...this.#seats.values()].flatMap((seat) => seat.active());
  }

  /**
   * Creates pairs (a negative quantity destroys them): 100 cents of escrow and a share of each
   * kind.
   */
  issuePairs(quantity: number): void {
    const { terms } = this;
    const { reserveCents, yesShares, noShares } = terms;
    this.#journal.keep(terms, "reserveCents", reserveCents);
    this.#journal.keep(terms, "yesShares", yesShares);
    this.#journal.keep(terms, "noShares", noShares);
    terms.reserveCents = cents(reserveCents + PAIR_CENTS * quantity);
    terms.yesShares = shares(yesShares + quantity);
    terms.noShares = shares(noShares + quantity);
  }

  /** Adds realised PnL of closing parties to the pool. */
  addToPool(pnlCents: number): void {
    if (pnlCents === 0) return;
    const { pnlPoolCents } = this.terms;
    this.#journal.keep(this.terms, "pnlPoolCents", pnlPoolCents);
    this.terms.pnlPoolCents = cents(pnlPoolCents + pnlCents);
  }

  /** Changes terms or status. */
  patch(change: Partial<MarketTerms>): void {
    Object.assign(this.#journal.edit(this.terms), change);
  }

  /** Counts a trade in the statistics. */
  count({ bid, ask, yesPrice, quantity, feesCents }: Trade): void {
    const { tally } = this;
    this.#journal.keep(tally, "trades", tally.trades);
    this.#journal.keep(tally, "volume", tally.volume);
    this.#journal.keep(tally, "feesCents", tally.feesCents);
    this.#journal.keep(tally, "lastTradePrice", tally.lastTradePrice);
    tally.trades++;
    tally.volume += quantity;
    tally.feesCents += feesCents;
    tally.lastTradePrice = yesPrice;
    if (!bid.seat.hasBought) this.#countBuyer(bid.seat);
    if (!ask.seat.hasSold) this.#countSeller(ask.seat);
  }

  #countBuyer(seat: Seat): void {
    this.#journal.keep(seat, "hasBought", false);
    this.#journal.keep(this.tally, "buyers", this.tally.buyers);
    seat.hasBought = true;
    this.tally.buyers++;
  }

  #countSeller(seat: Seat): void {
    this.#journal.keep(seat, "hasSold", false);
    this.#journal.keep(this.tally, "sellers", this.tally.sellers);
    seat.hasSold = true;
    this.tally.sellers++;
  }
}

function dismissLast(holders: Seat[]): void {
  const seat = holders.pop();
  if (seat !== undefined) seat.isHolder = false;
}
