import { cents, PAIR_CENTS, type PriceCents, shares } from "../../src/models/money.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import type { Journal } from "./journal.ts";
import type { MarketTerms } from "./market_terms.ts";
import { type BookEntry, OrderBook } from "./order_book.ts";

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

/** What the statistics see of a trade. */
interface CountedTrade {
  readonly yesPrice: PriceCents;
  readonly quantity: number;
  readonly feesCents: number;
}

/** One market: its terms and escrow, its book, and who holds what in it. */
export class MarketOf<Seat extends { isHolder: boolean }, Order extends BookEntry> {
  readonly book: OrderBook<Order>;
  readonly tally: Tally = {
    trades: 0,
    volume: 0,
    feesCents: 0,
    lastTradePrice: null,
    buyers: 0,
    sellers: 0,
  };
  readonly #journal: Journal;
  readonly #seats = new Map<string, Seat>();
  readonly #holders: Seat[] = [];

  constructor(journal: Journal, readonly terms: MarketTerms) {
    this.#journal = journal;
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

  /** The seats of all who have dealt here. */
  seats(): Iterable<Seat> {
    return this.#seats.values();
  }

  /** The seat of a user, if he has dealt here. */
  seat(userId: string): Seat | undefined {
    return this.#seats.get(userId);
  }

  /** Gives a user a seat; there is nothing in it, so that this need not be undone. */
  addSeat(userId: string, seat: Seat): void {
    this.#seats.set(userId, seat);
  }

  /** Counts a seat that receives its first shares among the holders. */
  welcome(seat: Seat): void {
    seat.isHolder = true;
    this.#holders.push(seat);
    this.#journal.note(dismissLast, this.#holders, null);
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
  countTrade({ yesPrice, quantity, feesCents }: CountedTrade): void {
    const { tally } = this;
    this.#journal.keep(tally, "trades", tally.trades);
    this.#journal.keep(tally, "volume", tally.volume);
    this.#journal.keep(tally, "feesCents", tally.feesCents);
    this.#journal.keep(tally, "lastTradePrice", tally.lastTradePrice);
    tally.trades++;
    tally.volume += quantity;
    tally.feesCents += feesCents;
    tally.lastTradePrice = yesPrice;
  }

  /** Counts one more user who has traded on a side. */
  countParty(side: BookSide): void {
    const count = side === "BID" ? "buyers" : "sellers";
    this.#journal.keep(this.tally, count, this.tally[count]);
    this.tally[count]++;
  }
}

function dismissLast(holders: { isHolder: boolean }[]): void {
  const seat = holders.pop();
  if (seat !== undefined) seat.isHolder = false;
}
