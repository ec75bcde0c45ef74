import { Accounts } from "./accounts.ts";
import { IdSequence } from "./ids.ts";
import { Journal } from "./journal.ts";
import { MarketOf } from "./market.ts";
import { newTerms } from "./market_terms.ts";
import { type Account, type Market, type Order, Seat, type TradeEntry } from "./records.ts";
import { refusals, VenueHang } from "./refusal.ts";
import type { ExchangeSettings, QuirkId } from "./settings.ts";
import { allTrades, TradeNews } from "./trades.ts";
import type { FailureListener, MarketSetup } from "./types.ts";

/** What the exchange is built from. */
export interface StateOptions {
  readonly nowMs: () => number;
  readonly settings: ExchangeSettings;
}

/** Everything the exchange knows; the operations of the other files work on it. */
export class ExchangeState {
  readonly journal = new Journal();
  readonly nowMs: () => number;
  readonly settings: ExchangeSettings;
  /** Of orders and trades. */
  readonly ids: IdSequence;
  readonly accounts: Accounts;
  readonly news = new TradeNews(this.journal);
  /** Idempotency keys of the mints and burns that were done. */
  readonly pairKeys = new Set<string>();
  /** Pairs that were ever netted, even in vain: a request tells its own by the difference. */
  nettedPairs = 0;
  /** Who hears of failed placements. */
  readonly failureListeners = new Set<FailureListener>();
  /** Ids of users and markets in a deadlock. */
  readonly stuck = new Set<string>();
  /** Runs between the unlocked read and the lock of a cancel, replace or batch cancel (§16). */
  raceHook: () => void = () => {};
  readonly #isDefective: boolean;
  readonly #markets = new Map<string, Market>();

  constructor({ nowMs, settings }: StateOptions) {
    this.nowMs = nowMs;
    this.settings = settings;
    this.ids = new IdSequence(nowMs);
    this.accounts = new Accounts(this.journal, nowMs, settings);
    this.#isDefective = settings.quirks.size > 0;
  }

  /** True if a defect of the deployed exchange is switched on. */
  has(quirk: QuirkId): boolean {
    return this.#isDefective && this.settings.quirks.has(quirk);
  }

  /**
   * Called when a request has passed its last check and begins to act; a deployed exchange can die
   * of its defects at any later time.
   */
  passLastCheck(): void {
    if (!this.#isDefective) this.journal.seal();
  }

  /**
   * The user who sends a request.
   * @throws Refusal 9002, 1004; VenueHang if the account is stuck
   */
  caller(userId: string): Account {
    const account = this.accounts.find(userId);
    if (!account.enabled) throw refusals.accountDisabled();
    this.checkStuck(userId);
    return account;
  }

  /** All markets, in order of creation. */
  markets(): Iterable<Market> {
    return this.#markets.values();
  }

  /** A market, stuck or not. */
  findMarket(marketId: string): Market | undefined {
    return this.#markets.get(marketId);
  }

  /**
   * A market.
   * @throws Refusal 3001 if there is none; VenueHang if it is stuck
   */
  market(marketId: string): Market {
    const market = this.#markets.get(marketId);
    if (market === undefined) throw refusals.marketNotFound(marketId);
    this.checkStuck(marketId);
    return market;
  }

  /**
   * A market that trades.
   * @throws Refusal 3001, 3002
   */
  activeMarket(marketId: string): Market {
    const market = this.market(marketId);
    if (market.terms.status !== "ACTIVE") throw refusals.marketNotActive(marketId);
    return market;
  }

  /**
   * Creates a market.
   * @throws RangeError if it exists or a figure is out of range
   */
  createMarket(setup: MarketSetup): Market {
    const { marketId } = setup;
    if (this.#markets.has(marketId)) {
      throw new RangeError(`Cannot create market ${marketId} twice`);
    }
    const market = new MarketOf<Seat, Order>(this.journal, newTerms(setup, this.nowMs()));
    this.#markets.set(marketId, market);
    this.journal.note(() => this.#markets.delete(marketId), null, null);
    return market;
  }

  /** The seat of a user in a market; he takes it if he has none. */
  takeSeat(account: Account, market: Market): Seat {
    const known = market.seat(account.userId);
    if (known !== undefined) return known;
    const seat = new Seat(this.journal, { account, market, takenAtMs: this.nowMs() });
    market.addSeat(account.userId, seat);
    account.seats.push(seat);
    return seat;
  }

  /** An order of anybody, by its id. */
  findOrder(orderId: string): Order | undefined {
    for (const { orders } of this.accounts.all()) {
      const order = orders.find(orderId);
      if (order !== undefined) return order;
    }
    return undefined;
  }

  /** A user's active orders of a market, oldest first; none if there is no such market. */
  active(account: Account, marketId: string): Order[] {
    return this.findMarket(marketId)?.seat(account.userId)?.active() ?? [];
  }

  /** The active orders of everybody in a market, by user. */
  activeIn(market: Market): Order[] {
    return [...market.seats()].flatMap((seat) => seat.active());
  }

  /** Every order that is still known, by user. */
  orders(): Order[] {
    return [...this.accounts.all()].flatMap(({ orders }) => orders.items);
  }

  /** Every trade that is still known, oldest first. */
  trades(): TradeEntry[] {
    return allTrades([...this.accounts.all()].map(({ trades }) => trades.items));
  }

  /** Forgets what is too old of a user. Not part of a request. */
  trim(account: Account): void {
    account.trim();
    const { retainedPerUser } = this.settings;
    if (this.pairKeys.size <= retainedPerUser) return;
    for (const key of this.pairKeys) {
      if (this.pairKeys.size <= retainedPerUser) break;
      this.pairKeys.delete(key);
    }
  }

  /**
   * Lets no request through that concerns a user or a market in a deadlock.
   * @throws VenueHang
   */
  checkStuck(id: string): void {
    if (this.stuck.size === 0 || !this.stuck.has(id)) return;
    throw new VenueHang(`${id} is in a deadlock (Q-16)`);
  }
}
