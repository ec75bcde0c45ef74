/** Step 1 of the life of a quote: what the venue shows, read once and used for the whole cycle. */

import type { BalanceFeed } from "../connector/balance_feed.ts";
import { type Connector, VenueCode, VenueError } from "../connector/connector.ts";
import type { OrderView } from "../connector/order_manager.ts";
import type { TradePoller } from "../connector/trade_poller.ts";
import type { OrderBook } from "../models/book.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import type { OracleView } from "../risk/oracle_guard.ts";
import { heavySideToReduce } from "../risk/unwinding.ts";
import { brokenInvariants } from "../risk/stock_invariants.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Tracer } from "../runtime/tracer.ts";
import type { MarketContext } from "./market_context.ts";
import type { MarketState } from "./market_state.ts";
import { advanceOrder } from "./operator_order.ts";
import type { Observation, ProcessLimits, Signals } from "./observation.ts";

/** What all markets of the process share. */
export interface CycleServices {
  readonly connector: Connector;
  readonly poller: TradePoller;
  readonly balance: BalanceFeed;
  readonly clock: Clock;
  readonly limits: ProcessLimits;
  readonly marketStatusPollIntervalMs: number;
  /** True while only the venue can confirm the books: the store is away and no lease decides. */
  readonly mustConfirm: () => boolean;
  /** Profit of the day of all markets but the given one, cents. */
  readonly otherDayPnlCents: (marketId: string) => number;
  /** What is known of a market's outside price, null if nothing reads one. */
  readonly oracle: (marketId: string) => OracleView | null;
  /** Measures the steps of a cycle. */
  readonly tracer: Tracer;
}

/** Everything one cycle knows about the venue. */
export interface Synced {
  readonly state: MarketState;
  readonly seen: Observation;
  readonly view: OrderView;
}

/**
 * Reads status (when due), own orders, trades and book. Fills that the orders show are fetched
 * before anything is decided, however many cycles that takes, so that stock is never offered twice.
 * @throws VenueError if orders, trades or status cannot be read; a book that cannot be read is only
 * noted
 */
export async function syncMarket(
  context: MarketContext,
  state: MarketState,
  services: CycleServices,
): Promise<Synced> {
  context.state = await readStatus(context, state, services);
  const view = await context.orders.refresh(context.config.quoteIntervalMs);
  context.tradesWanted ||= view.filledShares.length > 0 || view.vanished.length > 0;
  if (context.tradesWanted) await services.poller.poll();
  context.tradesWanted = false;
  context.bookTrades();
  const book = context.state.market.status === "ACTIVE" ? await readBook(context, services) : null;
  // A book that is refused because of the market's status: that status is wanted now, not later
  // (L-29).
  if (context.statusReadAtMs === -Infinity) {
    context.state = await readStatus(context, context.state, services);
  }
  const account = context.config.quoteFunding === "inventory"
    ? null
    : await services.balance.read(context.config.quoteIntervalMs);
  context.syncedAtMs = context.nowMs();
  checkBooks(context, context.state);
  advanceOperatorOrder(context, context.state, view);
  return {
    state: context.state,
    view,
    seen: {
      nowMs: context.nowMs(),
      wallMs: services.clock.nowMs(),
      book,
      orders: context.orders.orders,
      account,
      signals: signalsOf(context, context.state, services),
    },
  };
}

/**
 * Own orders that promise more than the books hold: something is wrong with one of the two (§13).
 */
function checkBooks(context: MarketContext, state: MarketState): void {
  const broken = brokenInvariants({
    holdings: state.position,
    ledger: state.ledger,
    orders: context.orders.orders,
    freezeBps: freezeRateBps(context.config, state.market),
  });
  if (broken.length === 0) return;
  context.log.log("ERROR", "inventory_drift_critical", { broken });
  context.raise("STOCK_INVARIANT");
}

/** A flatten goes on when the venue shows that the step before is done. */
function advanceOperatorOrder(context: MarketContext, { position }: MarketState, view: OrderView) {
  const before = context.operatorOrder;
  context.operatorOrder = advanceOrder(before, {
    cycle: context.cycles,
    isBookEmpty: view.orders.length === 0 && view.pending.length === 0,
    isNeutral: heavySideToReduce(position, context.config) === null,
  });
  if (context.operatorOrder === before) return;
  context.log.log("WARN", "flatten_advanced", { ...context.operatorOrder });
}

/** What is known when the sync failed: nothing of this cycle, but how long that has been so. */
export function observeBlindly(
  context: MarketContext,
  state: MarketState,
  services: CycleServices,
): Observation {
  return {
    nowMs: context.nowMs(),
    wallMs: services.clock.nowMs(),
    book: null,
    orders: context.orders.orders,
    account: null,
    signals: signalsOf(context, state, services),
  };
}

function signalsOf(
  context: MarketContext,
  state: MarketState,
  services: CycleServices,
): Signals {
  const { clock, limits, mustConfirm, otherDayPnlCents, oracle } = services;
  const windowMs = context.config.apiErrorWindowMs;
  return {
    ...context.takeSignals(),
    health: context.calls.health(clock.monotonicMs(), windowMs),
    bookFailures: context.bookFailures,
    failures: context.failures,
    syncAgeMs: context.nowMs() - context.syncedAtMs,
    unconfirmedMs: mustConfirm() ? context.nowMs() - context.reconciledAtMs : null,
    guards: context.guards(state),
    otherDayPnlCents: otherDayPnlCents(context.marketId),
    limits,
    oracle: oracle(context.marketId),
  };
}

/**
 * Re-reads the market's record when it is due; a venue that will not show it is not believed to be
 * ACTIVE.
 */
async function readStatus(
  context: MarketContext,
  state: MarketState,
  { connector, marketStatusPollIntervalMs }: CycleServices,
): Promise<MarketState> {
  const nowMs = context.nowMs();
  if (nowMs - context.statusReadAtMs < marketStatusPollIntervalMs) return state;
  const market = await connector.market(context.marketId);
  context.statusReadAtMs = nowMs;
  if (market.status !== state.market.status) {
    const [from, to] = [state.market.status, market.status];
    context.log.log("WARN", "market_status_changed", { from, to });
  }
  return { ...state, market };
}

/** The book, or null if it cannot be read; nothing is invented in its place (L-20). */
async function readBook(
  context: MarketContext,
  { connector }: CycleServices,
): Promise<OrderBook | null> {
  try {
    const book = await connector.orderBook(context.marketId);
    context.bookFailures = 0;
    return book;
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    context.bookFailures++;
    if (error.kind === "malformed") context.noteMalformedReply();
    if (error.code === VenueCode.MARKET_NOT_ACTIVE) context.statusReadAtMs = -Infinity;
    const { kind, message } = error;
    context.log.log("WARN", "book_failed", { kind, message, inARow: context.bookFailures });
    return null;
  }
}
