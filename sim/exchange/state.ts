import { Accounts } from "./accounts.ts";
import { type IdGenerator, snowflakeIds } from "./ids.ts";
import { Journal } from "./journal.ts";
import { Market } from "./market.ts";
import { newTerms } from "./market_terms.ts";
import { Orders } from "./orders.ts";
import type { Account } from "./records.ts";
import { refusals, VenueHang } from "./refusal.ts";
import type { ExchangeSettings, QuirkId } from "./settings.ts";
import { Trades } from "./trades.ts";
import type { FailureListener, MarketSetup } from "./types.ts";

/** What the exchange is built from. */
export interface StateOptions {
  readonly nowMs: () => number;
  readonly settings: ExchangeSettings;
  /** Snowflake-like ids by default. */
  readonly ids?: IdGenerator;
}

/** A market with everything around it: what an operation in one market works on. */
export interface Floor {
  readonly state: ExchangeState;
  readonly market: Market;
}

/** Everything the exchange knows; the operations of the other files work on it. */
export class ExchangeState {
  readonly journal = new Journal();
  readonly nowMs: () => number;
  readonly settings: ExchangeSettings;
  readonly ids: IdGenerator;
  readonly accounts: Accounts;
  readonly orders: Orders;
  readonly trades: Trades;
  /** Idempotency keys of the mints and burns that were done. */
  readonly pairKeys = new Set<string>();
  /** Who hears of failed placements. */
  readonly failureListeners = new Set<FailureListener>();
  /** Ids of users and markets in a deadlock. */
  readonly stuck = new Set<string>();
  /** Runs between the unlocked read and the lock of a cancel, replace or batch cancel (§16). */
  raceHook: () => void = () => {};
  readonly #markets = new Map<string, Market>();

  constructor({ nowMs, settings, ids }: StateOptions) {
    this.nowMs = nowMs;
    this.settings = settings;
    this.ids = ids ?? snowflakeIds(nowMs);
    this.accounts = new Accounts(this.journal, nowMs, settings);
    this.orders = new Orders(this.journal, settings);
    this.trades = new Trades(this.journal, settings);
  }

  /** True if a defect of the deployed exchange is switched on. */
  has(quirk: QuirkId): boolean {
    return this.settings.quirks.has(quirk);
  }

  /**
   * The user who sends a request.
   * @throws Refusal 9002, 1004; VenueHang if the account is stuck
   */
  caller(userId: string): Account {
    const account = this.accounts.find(userId);
    if (!account.enabled) throw refusals.accountDisabled();
    this.#checkStuck(userId);
    return account;
  }

  /** All markets, in order of creation. */
  markets(): Iterable<Market> {
    return this.#markets.values();
  }

  /** True if there is such a market. */
  hasMarket(marketId: string): boolean {
    return this.#markets.has(marketId);
  }

  /**
   * A market.
   * @throws Refusal 3001 if there is none; VenueHang if it is stuck
   */
  market(marketId: string): Market {
    const market = this.#markets.get(marketId);
    if (market === undefined) throw refusals.marketNotFound(marketId);
    this.#checkStuck(marketId);
    return market;
  }

  /**
   * The floor of a market.
   * @throws Refusal 3001
   */
  floor(marketId: string): Floor {
    return { state: this, market: this.market(marketId) };
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
    const market = new Market(this.journal, newTerms(setup, this.nowMs()));
    this.#markets.set(marketId, market);
    this.journal.note(() => this.#markets.delete(marketId));
    return market;
  }

  /** Forgets what is too old of a user. Not part of a request. */
  trim(userId: string): void {
    this.orders.trim(userId);
    this.trades.trim(userId);
    this.accounts.trim(userId);
    for (const key of this.pairKeys) {
      if (this.pairKeys.size <= this.settings.retainedPerUser) break;
      this.pairKeys.delete(key);
    }
  }

  #checkStuck(id: string): void {
    if (this.stuck.has(id)) throw new VenueHang(`${id} is in a deadlock (Q-16)`);
  }
}
