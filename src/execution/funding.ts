/**
 * The only place where a book quote becomes an order on YES or NO, a purchase or a sale (§16.1,
 * C-01).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { Removal } from "../models/explanation.ts";
import { held, type Holdings } from "../models/inventory.ts";
import { type Shares, shares } from "../models/money.ts";
import type { BookQuote, OpenOrder, OrderIntent } from "../models/order.ts";
import {
  type BookSide,
  type Contract,
  type Direction,
  type QuoteFunding,
  yesPriceOf,
} from "../models/vocabulary.ts";
import { capBuys, type CashBudget } from "./cash_capacity.ts";

/** What there is to fund with. */
export interface FundingContext {
  /** All shares held that own orders may use, those that rest included (L-16). */
  readonly holdings: Holdings;
  /** Own resting orders: what rests keeps its form. */
  readonly resting: readonly OpenOrder[];
  readonly budget: CashBudget;
}

/** Book quotes as orders. */
export interface FundedQuotes {
  readonly intents: readonly OrderIntent[];
  readonly removals: readonly Removal[];
  /** Sides that were to be quoted and have nothing to be quoted with. */
  readonly drySides: readonly BookSide[];
}

/** True if the mode lets a quote be funded in this direction (§0.4). */
export function isFundedBy(mode: QuoteFunding, direction: Direction): boolean {
  return mode === "inventory_then_cash" || (mode === "inventory") === (direction === "SELL");
}

/**
 * Funds book quotes from stock, from cash, or from stock first, as `quote_funding` says. What
 * already rests at a price keeps its form, so that a fill does not re-place a whole ladder. Prices
 * are never changed.
 * @param quotes ladders of both sides
 * @returns asks, then bids, near levels first
 */
export function fundQuotes(
  quotes: readonly BookQuote[],
  context: FundingContext,
  config: Pick<MarketConfig, "quoteFunding" | "minOrderQty">,
): FundedQuotes {
  const intents: OrderIntent[] = [];
  const removals: Removal[] = [];
  const stock: Record<BookSide, number> = {
    ASK: held(context.holdings, contractOf("ASK", "SELL")),
    BID: held(context.holdings, contractOf("BID", "SELL")),
  };
  for (const quote of asksFirstNearFirst(quotes)) {
    const { side } = quote;
    const { sell, buy } = split(quote, stock[side], context.resting, config);
    stock[side] -= sell;
    if (sell > 0) intents.push(intentOf(quote, "SELL", shares(sell)));
    if (buy > 0) intents.push(intentOf(quote, "BUY", shares(buy)));
    const missing = quote.quantity - sell - buy;
    if (missing > 0) removals.push(unfunded(quote, missing, stock[side], config.minOrderQty));
  }
  const capped = capBuys(intents, context.budget, config.minOrderQty);
  removals.push(...capped.removals);
  const drySides: BookSide[] = [];
  for (const side of SIDES) {
    if (hasSide(quotes, side) && !hasSide(capped.intents, side)) drySides.push(side);
  }
  return { intents: capped.intents, removals, drySides };
}

const SIDES: readonly BookSide[] = ["ASK", "BID"];

function hasSide(orders: readonly { readonly side: BookSide }[], side: BookSide): boolean {
  for (const order of orders) if (order.side === side) return true;
  return false;
}

/** The quotes as funding serves them; most of the time they come in this order. */
function asksFirstNearFirst(quotes: readonly BookQuote[]): readonly BookQuote[] {
  let before = quotes[0];
  for (const quote of quotes) {
    if (before !== undefined && compareQuotes(before, quote) > 0) {
      return quotes.toSorted(compareQuotes);
    }
    before = quote;
  }
  return quotes;
}

function compareQuotes(a: BookQuote, b: BookQuote): number {
  if (a.side !== b.side) return a.side === "ASK" ? -1 : 1;
  return a.side === "BID" ? b.price - a.price : a.price - b.price;
}

/** Shares of one quote that are sold from stock, and bought with cash. */
interface Parts {
  readonly sell: number;
  readonly buy: number;
}

/** Divides the quantity of a quote into what is sold from stock and what is bought with cash. */
function split(
  quote: BookQuote,
  stock: number,
  resting: readonly OpenOrder[],
  config: Pick<MarketConfig, "quoteFunding" | "minOrderQty">,
): Parts {
  const want: number = quote.quantity;
  const mayBuy = isFundedBy(config.quoteFunding, "BUY");
  const sellable = isFundedBy(config.quoteFunding, "SELL") ? Math.min(want, stock) : 0;
  const sell = mayBuy && sellable > 0 ? soldOf(quote, sellable, resting) : sellable;
  const buy = mayBuy ? want - sell : 0;
  const tooSmall = (part: number) => part > 0 && part < config.minOrderQty;

  // A part too small for an order goes to the other form if that can take it.
  if (tooSmall(sell)) return { sell: 0, buy: mayBuy && want >= config.minOrderQty ? want : 0 };
  if (tooSmall(buy)) return { sell: sellable >= want ? want : sell, buy: 0 };
  return { sell, buy };
}

/** Shares that are sold where purchases may rest, too: what rests keeps its form. */
function soldOf(quote: BookQuote, sellable: number, resting: readonly OpenOrder[]): number {
  const want: number = quote.quantity;
  const keepSell = Math.min(restingAt(quote, "SELL", resting), sellable);
  const keepBuy = Math.min(restingAt(quote, "BUY", resting), want - keepSell);
  return Math.min(want - keepBuy, sellable);
}

function restingAt(quote: BookQuote, direction: Direction, resting: readonly OpenOrder[]): number {
  let shares = 0;
  for (const order of resting) {
    if (order.yesPrice !== quote.price || order.side !== quote.side) continue;
    if (order.direction === direction) shares += order.remaining;
  }
  return shares;
}

/** The contract that stands for a side when it is sold or bought (§0.4). */
function contractOf(side: BookSide, direction: Direction): Contract {
  return (side === "ASK") === (direction === "SELL") ? "YES" : "NO";
}

function intentOf(quote: BookQuote, direction: Direction, quantity: Shares): OrderIntent {
  const contract = contractOf(quote.side, direction);
  return {
    contract,
    direction,
    contractPrice: yesPriceOf(contract, quote.price),
    quantity,
    side: quote.side,
    yesPrice: quote.price,
    level: quote.level,
    reason: quote.reason,
  };
}

function unfunded(
  quote: BookQuote,
  missing: number,
  stockLeft: number,
  minOrderQty: number,
): Removal {
  return {
    side: quote.side,
    yesPrice: quote.price,
    quantity: missing,
    code: missing < minOrderQty ? "MIN_QTY" : "STOCK",
    detail: `${stockLeft} shares of stock left on this side`,
  };
}
