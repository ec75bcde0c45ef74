import type { OrderBook as BookView } from "../../src/models/book.ts";
import { MAX_PRICE } from "../../src/models/money.ts";
import { bestOf } from "../../src/models/order.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { batchCancel, cancelOrder, ownOrder } from "./cancellation.ts";
import { afterFailure, raceBatchCancel, readUnlocked } from "./concurrency.ts";
import { ExchangeControl } from "./control.ts";
import { byAge } from "./ids.ts";
import { burnPairs, mintPairs } from "./pairs.ts";
import { placeOrder } from "./placement.ts";
import { accountView, orderView, positionView } from "./record_views.ts";
import type { Account } from "./records.ts";
import { Refusal, refusals } from "./refusal.ts";
import { replaceOrder } from "./replacement.ts";
import { type ExchangeSettings, REFERENCE_SETTINGS } from "./settings.ts";
import { ExchangeState } from "./state.ts";
import { tradePage } from "./trades.ts";
import type {
  BatchCancellation,
  BatchCancelRequest,
  BestPrices,
  Cancellation,
  CashMovement,
  LedgerEntry,
  LedgerQuery,
  OrderQuery,
  OrderRequest,
  OwnTradeQuery,
  Page,
  PairOrder,
  PairOutcome,
  Placement,
  Replacement,
  VenueAccount,
  VenueMarket,
  VenueOrder,
  VenuePosition,
  VenueTradeRecord,
} from "./types.ts";

/** What a {@link FakeExchange} is built from. */
export interface FakeExchangeOptions {
  readonly clock: Pick<Clock, "nowMs">;
  /** What differs from {@link REFERENCE_SETTINGS}. */
  readonly settings?: Partial<ExchangeSettings>;
}

/** What a request of a user does. */
type Work<Request, T> = (state: ExchangeState, caller: Account, request: Request) => T;

const MAX_CASH_MOVEMENT = 10_000_000;

/**
 * The venue inside the process: every request a user can send, answered at once and completely.
 *
 * A request succeeds or changes nothing. Every method throws a {@link Refusal} for what the venue
 * refuses, `VenueCrash` for an unhandled 500 and `VenueHang` for an answer that never comes;
 * `attempt` turns a refusal into a value. What no user may do is in {@link control}.
 */
export class FakeExchange {
  /** What operators, tests and simulators do to the exchange (§16). */
  readonly control: ExchangeControl;
  /** How this exchange deviates from the reference; it cannot be changed. */
  readonly settings: ExchangeSettings;
  readonly #state: ExchangeState;

  constructor({ clock, settings }: FakeExchangeOptions) {
    this.settings = { ...REFERENCE_SETTINGS, ...settings };
    this.#state = new ExchangeState({
      nowMs: () => clock.nowMs(),
      settings: this.settings,
    });
    this.control = new ExchangeControl(this.#state);
  }

  /**
   * Places an order.
   * @throws Refusal 422, 4005, 3001, 3002, 4001, 4002, 2001, 5001, in this order
   */
  placeOrder(userId: string, request: OrderRequest): Placement {
    try {
      return this.#command(userId, placeOrder, request);
    } catch (error) {
      afterFailure(this.#state, { userId, error, request });
      throw error;
    }
  }

  /**
   * Cancels an own order, in any status of its market.
   * @throws Refusal 4004, 403, 4006
   */
  cancelOrder(userId: string, orderId: string): Cancellation {
    const read = readUnlocked(this.#state, orderId);
    return this.#command(userId, cancelOrder, { orderId, read });
  }

  /**
   * Replaces an own unfilled order in one step; AMM only. Refusal 6001 has cancelled the old order.
   * @throws Refusal 6099, 6002, 6004, 6003, 6001, 6005, 4006, then those of {@link placeOrder}
   */
  replaceOrder(userId: string, oldOrderId: string, newOrder: OrderRequest): Replacement {
    try {
      const read = readUnlocked(this.#state, oldOrderId);
      const answer = this.#privileged(userId, replaceOrder, { oldOrderId, newOrder, read });
      if (answer instanceof Refusal) throw answer;
      return answer;
    } catch (error) {
      afterFailure(this.#state, { userId, error, request: newOrder, oldOrderId });
      throw error;
    }
  }

  /**
   * Cancels all own active orders of a market in a scope; AMM only.
   * @throws Refusal 6099, 3001
   */
  batchCancel(userId: string, request: BatchCancelRequest): BatchCancellation {
    raceBatchCancel(this.#state, userId, request.marketId);
    return this.#privileged(userId, batchCancel, request);
  }

  /**
   * Creates pairs at 100 cents each; AMM only, idempotent by key.
   * @throws Refusal 6099, 422, 3001, 3002, 2001
   */
  mint(userId: string, request: PairOrder): PairOutcome {
    return this.#privileged(userId, mintPairs, request);
  }

  /**
   * Turns pairs back into cash; AMM only, idempotent by key.
   * @throws Refusal 6099, 422, 3001, 3002, 5001
   */
  burn(userId: string, request: PairOrder): PairOutcome {
    return this.#privileged(userId, burnPairs, request);
  }

  /**
   * Pays cash in, 1 to 10,000,000 cents.
   * @throws Refusal 422
   */
  deposit(userId: string, amountCents: number): CashMovement {
    return this.#moveCash(
      userId,
      amountCents,
      (caller) => this.#state.accounts.deposit(caller, amountCents),
    );
  }

  /**
   * Pays cash out, 1 to 10,000,000 cents.
   * @throws Refusal 422, 2001
   */
  withdraw(userId: string, amountCents: number): CashMovement {
    return this.#moveCash(
      userId,
      amountCents,
      (caller) => this.#state.accounts.withdraw(caller, amountCents),
    );
  }

  /**
   * A market.
   * @throws Refusal 3001
   */
  market(marketId: string): VenueMarket {
    return { ...this.#state.market(marketId).terms };
  }

  /** All markets, newest first, and by falling id among those of one moment. */
  markets(): VenueMarket[] {
    return [...this.#state.markets()]
      .map(({ terms }) => ({ ...terms }))
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.marketId < b.marketId ? 1 : -1));
  }

  /**
   * The book as everybody sees it, at most `levels` a side. It is made from all active orders, also
   * those that lost their place in the live book.
   * @throws Refusal 3001, 3002
   */
  orderBook(marketId: string, levels: number = MAX_PRICE): BookView {
    const { book, tally } = this.#state.activeMarket(marketId);
    return {
      bids: book.levels("BID", levels),
      asks: book.levels("ASK", levels),
      lastTradePrice: tally.lastTradePrice,
    };
  }

  /** A user with his cash. */
  account(userId: string): VenueAccount {
    return accountView(this.#state.caller(userId));
  }

  /**
   * A user's shares in a market.
   * @throws Refusal 3001 if he never received any, or the market is unknown
   */
  position(userId: string, marketId: string): VenuePosition {
    const caller = this.#state.caller(userId);
    if (this.#state.findMarket(marketId) === undefined) throw refusals.positionNotFound(marketId);
    const seat = this.#state.market(marketId).seat(caller.userId);
    if (seat === undefined || !seat.isHolder) throw refusals.positionNotFound(marketId);
    return positionView(seat);
  }

  /** A user's positions that are not zero, by market id. */
  positions(userId: string): VenuePosition[] {
    return this.#state.caller(userId).seats
      .map(positionView)
      .filter(({ yes, no }) => yes > 0 || no > 0)
      .sort((a, b) => (a.marketId < b.marketId ? -1 : 1));
  }

  /**
   * An own order in its current state.
   * @throws Refusal 4004, 403
   */
  order(userId: string, orderId: string): VenueOrder {
    return orderView(ownOrder(this.#state, this.#state.caller(userId), orderId));
  }

  /** Own active orders of a market, oldest first. */
  openOrders(userId: string, marketId: string): VenueOrder[] {
    return this.#state.active(this.#state.caller(userId), marketId).map(orderView);
  }

  /** Own active orders of all markets, oldest first. */
  accountOrders(userId: string): VenueOrder[] {
    return this.#state.caller(userId).seats
      .flatMap((seat) => seat.active())
      .sort(byAge)
      .map(orderView);
  }

  /** Best prices of own active orders: what {@link openOrders} would show, without the copies. */
  bestPrices(userId: string, marketId: string): BestPrices {
    const market = this.#state.findMarket(marketId);
    const seat = market?.seat(userId);
    const orders = seat?.anyActive() ?? [];
    return { bid: bestOf(orders, "BID"), ask: bestOf(orders, "ASK"), orders: orders.length };
  }

  /** Own orders, newest first. */
  orders(userId: string, query: OrderQuery = {}): Page<VenueOrder> {
    const { items, nextCursor } = this.#state.caller(userId).orders.page(query);
    return { items: items.map(orderView), nextCursor };
  }

  /** Own trades, newest first. */
  trades(userId: string, query: OwnTradeQuery = {}): Page<VenueTradeRecord> {
    const { marketId } = query;
    const { trades } = this.#state.caller(userId);
    return tradePage(
      marketId === undefined
        ? trades.page(query)
        : trades.page(query, (trade) => trade.marketId === marketId),
    );
  }

  /** Own ledger entries, newest first. */
  ledger(userId: string, query: LedgerQuery = {}): Page<LedgerEntry> {
    return this.#state.caller(userId).ledger.page(query);
  }

  #moveCash(
    userId: string,
    amountCents: number,
    move: (caller: Account) => number,
  ): CashMovement {
    return this.#command(userId, (_, caller) => {
      if (!Number.isInteger(amountCents) || amountCents < 1 || amountCents > MAX_CASH_MOVEMENT) {
        throw refusals.invalid(`amount_cents must be 1 to ${MAX_CASH_MOVEMENT}: ${amountCents}`);
      }
      const ledgerEntryId = move(caller);
      return { availableCents: caller.availableCents, ledgerEntryId };
    }, null);
  }

  #privileged<Request, T>(userId: string, work: Work<Request, T>, request: Request): T {
    return this.#command(userId, (state, caller) => {
      if (caller.role !== "AMM") throw refusals.privilegedOnly();
      return work(state, caller, request);
    }, null);
  }

  /** Runs one request of a user, all or nothing, and then tells the world of its trades. */
  #command<Request, T>(userId: string, work: Work<Request, T>, request: Request): T {
    const state = this.#state;
    const caller = state.caller(userId);
    const answer = state.journal.run(work, state, caller, request);
    state.trim(caller);
    state.news.deliver();
    return answer;
  }
}
