import {
  cents,
  PAIR_CENTS,
  type PriceCents,
  releasedCost,
  shares,
} from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type { Journal } from "./journal.ts";
import { OrderBook } from "./order_book.ts";
import type { Holding, Holdings, MarketTerms } from "./records.ts";
import { constrain } from "./refusal.ts";

/** What a market counts for its statistics. */
interface Tally {
  trades: number;
  volume: number;
  feesCents: number;
  lastTradePrice: PriceCents | null;
}

/** One market: its terms and escrow, its book, and who holds what in it. */
export class Market {
  readonly book: OrderBook;
  readonly tally: Tally = { trades: 0, volume: 0, feesCents: 0, lastTradePrice: null };
  readonly buyers = new Set<string>();
  readonly sellers = new Set<string>();
  readonly #journal: Journal;
  readonly #positions = new Map<string, Holdings>();

  constructor(journal: Journal, readonly terms: MarketTerms) {
    this.#journal = journal;
    this.book = new OrderBook(journal);
  }

  /** The market's id. */
  get id(): string {
    return this.terms.marketId;
  }

  /** All positions by user id, zero ones included. */
  positions(): Iterable<readonly [string, Holdings]> {
    return this.#positions;
  }

  /** A user's shares; undefined before he first received any. */
  position(userId: string): Holdings | undefined {
    return this.#positions.get(userId);
  }

  /** Shares of a contract that a user may sell or burn. */
  unfrozen(userId: string, contract: Contract): number {
    const holding = this.#positions.get(userId)?.[contract];
    return holding === undefined ? 0 : holding.volume - holding.pendingSell;
  }

  /** Whole pairs that a user may turn into cash. */
  unfrozenPairs(userId: string): number {
    return Math.min(this.unfrozen(userId, "YES"), this.unfrozen(userId, "NO"));
  }

  /** Gives shares to a user. */
  receive(userId: string, contract: Contract, lot: { quantity: number; costCents: number }): void {
    const holding = this.#changing(userId, contract);
    holding.volume = shares(holding.volume + lot.quantity);
    holding.costCents = cents(holding.costCents + lot.costCents);
  }

  /**
   * Takes shares from a user.
   * @returns the cost that leaves with them, cents (§1)
   */
  surrender(userId: string, contract: Contract, quantity: number): number {
    const holding = this.#changing(userId, contract);
    const released = releasedCost(holding.costCents, holding.volume, shares(quantity));
    holding.volume = shares(holding.volume - quantity);
    holding.costCents = cents(holding.costCents - released);
    return released;
  }

  /** Ties shares to a resting SELL order; a negative quantity unties them. */
  pend(userId: string, contract: Contract, quantity: number): void {
    const holding = this.#changing(userId, contract);
    constrain(holding.pendingSell + quantity >= 0, "pending is not negative");
    holding.pendingSell = shares(holding.pendingSell + quantity);
  }

  /**
   * Creates pairs (a negative quantity destroys them): 100 cents of escrow and a share of each
   * kind.
   */
  issuePairs(quantity: number): void {
    const { terms } = this;
    const { reserveCents, yesShares, noShares } = terms;
    this.#journal.keep(terms, { reserveCents, yesShares, noShares });
    terms.reserveCents = cents(reserveCents + PAIR_CENTS * quantity);
    terms.yesShares = shares(yesShares + quantity);
    terms.noShares = shares(noShares + quantity);
  }

  /** Adds realised PnL of closing parties to the pool. */
  addToPool(pnlCents: number): void {
    if (pnlCents === 0) return;
    const { pnlPoolCents } = this.terms;
    this.#journal.keep(this.terms, { pnlPoolCents });
    this.terms.pnlPoolCents = cents(pnlPoolCents + pnlCents);
  }

  /** Changes terms or status. */
  patch(change: Partial<MarketTerms>): void {
    Object.assign(this.#journal.edit(this.terms), change);
  }

  /** Counts a trade in the statistics. */
  count(trade: {
    yesPrice: PriceCents;
    quantity: number;
    feesCents: number;
    buyUserId: string;
    sellUserId: string;
  }): void {
    const { tally } = this;
    const { trades, volume, feesCents, lastTradePrice } = tally;
    this.#journal.keep(tally, { trades, volume, feesCents, lastTradePrice });
    tally.trades++;
    tally.volume += trade.quantity;
    tally.feesCents += trade.feesCents;
    tally.lastTradePrice = trade.yesPrice;
    this.#admit(this.buyers, trade.buyUserId);
    this.#admit(this.sellers, trade.sellUserId);
  }

  #admit(users: Set<string>, userId: string): void {
    if (users.has(userId)) return;
    users.add(userId);
    this.#journal.note(() => users.delete(userId));
  }

  /** A holding that is about to change. */
  #changing(userId: string, contract: Contract): Holding {
    const holding = this.#holding(userId, contract);
    const { volume, costCents, pendingSell } = holding;
    this.#journal.keep(holding, { volume, costCents, pendingSell });
    return holding;
  }

  #holding(userId: string, contract: Contract): Holding {
    const known = this.#positions.get(userId);
    if (known !== undefined) return known[contract];
    const created: Holdings = { YES: emptyHolding(), NO: emptyHolding() };
    this.#positions.set(userId, created);
    this.#journal.note(() => this.#positions.delete(userId));
    return created[contract];
  }
}

function emptyHolding(): Holding {
  return { volume: shares(0), costCents: cents(0), pendingSell: shares(0) };
}
