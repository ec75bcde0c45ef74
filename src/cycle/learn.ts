/** What a market learns from trades: inventory and cash from its own, prices from everybody's. */

import type { MarketConfig } from "../config/registry.ts";
import type { VenueTrade } from "../connector/connector.ts";
import { ownFills } from "../connector/trade_adapter.ts";
import type { OrderBook } from "../models/book.ts";
import { type Cents, cents, feeCents } from "../models/money.ts";
import type { Fill } from "../models/order.ts";
import { bookFill } from "../risk/ledger.ts";
import { applyFill } from "../risk/holdings.ts";
import { bookFillCost } from "../risk/position_costs.ts";
import type { FlowEvent } from "../strategy/pricing/flow_belief.ts";
import { observeTrade } from "../strategy/pricing/posterior.ts";
import type { MarketState } from "./market_state.ts";

/** Who we are and when it is. */
export interface LearningContext {
  readonly ownUserId: string;
  readonly nowMs: number;
  /**
   * True if an answer to us said that we were the taker, and paid the taker fee; null if an answer
   * that was lost may have said so (§23).
   */
  readonly isTaker: boolean | null;
}

/** The state after a trade, and what the trade was to us. */
export interface LearnedTrade {
  readonly state: MarketState;
  readonly fills: readonly Fill[];
  /** Shares we sold without knowing of them; above 0 our books are wrong (§13). */
  readonly missingShares: number;
}

/**
 * Books one own trade: holdings, cost, cash and learner change together or not at all.
 */
export function learnTrade(
  state: MarketState,
  trade: VenueTrade,
  context: LearningContext,
  config: MarketConfig,
): LearnedTrade {
  const { isTaker } = context;
  const fills = ownFills(trade, context.ownUserId, isTaker ? trade.takerFeeCents : cents(0));
  const first = fills[0];
  if (first === undefined) {
    return { state: { ...state, tradeCursor: trade.tradeId }, fills, missingShares: 0 };
  }
  let next = state;
  let missingShares = 0;
  for (const fill of fills) {
    missingShares += applyFill(next.position, fill).missingShares;
    next = bookOwnFill(next, fill, isTaker === null ? trade.takerFeeCents : cents(0));
  }
  return {
    fills,
    missingShares,
    state: {
      ...next,
      posterior: observeTrade(next.posterior, {
        priceCents: trade.yesPrice,
        aggressor: aggressorOf(fills),
        quantity: trade.quantity,
        atMs: context.nowMs,
      }, config).state,
      tradeCursor: trade.tradeId,
      lastTradePrice: trade.yesPrice,
    },
  };
}

/** @param possibleFee what the venue may have charged beyond the fee of a maker */
function bookOwnFill(state: MarketState, fill: Fill, possibleFee: Cents): MarketState {
  const value = cents(fill.contractPrice * fill.quantity);
  const makerFee = fill.feeCents > 0
    ? 0
    : Math.max(possibleFee, feeCents(value, state.market.makerFeeBps));
  return {
    ...state,
    position: bookFillCost(state.position, fill).position,
    ledger: bookFill(state.ledger, fill),
    pendingFills: [...state.pendingFills, fill],
    unmatchedMakerFeesCents: cents(state.unmatchedMakerFeesCents + makerFee),
  };
}

/** A filled ASK means that somebody wanted YES; a trade with ourselves says nothing. */
function aggressorOf(fills: readonly Fill[]): 1 | -1 | 0 {
  if (fills.length !== 1) return 0;
  return fills[0]?.side === "ASK" ? 1 : -1;
}

/**
 * Notices a trade of others: the last price of the book changed and no own trade explains it (§3).
 * Its size is unknown and taken as one share, its direction follows from the tick.
 * @returns the state, and the print if there was one
 */
export function learnPrint(
  state: MarketState,
  book: OrderBook,
  nowMs: number,
  config: MarketConfig,
): { readonly state: MarketState; readonly print: FlowEvent | null } {
  const printed = book.lastTradePrice;
  const before = state.lastTradePrice;
  if (printed === null || printed === before) return { state, print: null };
  const next = { ...state, lastTradePrice: printed };
  // The first price that is seen may be old, and own fills of this cycle explain any.
  if (before === null || state.pendingFills.length > 0) return { state: next, print: null };
  const print: FlowEvent = {
    aggressor: printed > before ? 1 : -1,
    priceCents: printed,
    weight: 1 / config.posteriorRefQty,
  };
  return {
    print,
    state: {
      ...next,
      posterior: observeTrade(state.posterior, {
        priceCents: printed,
        aggressor: print.aggressor,
        quantity: 1,
        atMs: nowMs,
      }, config).state,
    },
  };
}
