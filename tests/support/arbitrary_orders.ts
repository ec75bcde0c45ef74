import fc from "fast-check";
import { cashBudget } from "../../src/execution/cash_capacity.ts";
import { type FundingContext, fundQuotes, isFundedBy } from "../../src/execution/funding.ts";
import { frozenByBuys, lockedBy } from "../../src/execution/order_form.ts";
import type { RestingOrder } from "../../src/execution/planned_action.ts";
import { held, type Holdings } from "../../src/models/inventory.ts";
import { type Cents, cents, price, shares } from "../../src/models/money.ts";
import type { BookQuote, OrderIntent } from "../../src/models/order.ts";
import {
  type BookSide,
  bookSideOf,
  type Contract,
  type Direction,
  type QuoteFunding,
  yesPriceOf,
} from "../../src/models/vocabulary.ts";
import { marketConfig } from "./config.ts";
import { quote, resting } from "./orders.ts";
import { holding } from "./risk.ts";

/** The three ways to fund a quote. */
export const MODES: readonly QuoteFunding[] = ["inventory", "cash", "inventory_then_cash"];

/** The fee buffer of all cases, in basis points. */
export const FREEZE_BPS = 20;

/** Levels of both sides that do not meet: distance from the middle and size. */
interface Ladders {
  readonly middle: number;
  readonly asks: readonly (readonly [number, number])[];
  readonly bids: readonly (readonly [number, number])[];
}

const level = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 120 }));
const ladder = fc.uniqueArray(level, { maxLength: 5, selector: ([distance]) => distance });
const ladders: fc.Arbitrary<Ladders> = fc.record({
  middle: fc.integer({ min: 20, max: 80 }),
  asks: ladder,
  bids: ladder,
});

/** Quotes of both sides that do not cross. */
export const arbitraryQuotes: fc.Arbitrary<readonly BookQuote[]> = ladders.map((both) => [
  ...both.asks.map(([distance, size]) => quote("ASK", both.middle + distance, size)),
  ...both.bids.map(([distance, size]) => quote("BID", both.middle - distance, size)),
]);

/** A market between two plans: what rests, what is held, and what is to rest. */
export interface MarketCase {
  readonly resting: readonly RestingOrder[];
  readonly holdings: Holdings;
  readonly spendableCents: Cents;
  readonly quotes: readonly BookQuote[];
  readonly targets: readonly OrderIntent[];
}

interface Seed {
  readonly before: readonly BookQuote[];
  readonly quotes: readonly BookQuote[];
  readonly choices: readonly boolean[];
  readonly filled: readonly boolean[];
  readonly spareYes: number;
  readonly spareNo: number;
  readonly spareCents: number;
}

/**
 * Cases of a funding mode. What rests may be of any form of the mode before it, which need not be
 * the same.
 * @param ample true gives so much stock and cash that no target is cut
 */
export function arbitraryMarket(
  mode: QuoteFunding,
  { before = mode, ample = false }: {
    readonly before?: QuoteFunding;
    readonly ample?: boolean;
  } = {},
): fc.Arbitrary<MarketCase> {
  const spare = (max: number) => ample ? fc.constant(1_000_000) : fc.integer({ min: 0, max });
  const flags = fc.array(fc.boolean(), { minLength: 10, maxLength: 10 });
  return fc.record({
    before: arbitraryQuotes,
    quotes: arbitraryQuotes,
    choices: flags,
    filled: flags,
    spareYes: spare(150),
    spareNo: spare(150),
    spareCents: spare(8000),
  }).map((seed) => marketOf(seed, before, mode));
}

function marketOf(seed: Seed, before: QuoteFunding, mode: QuoteFunding): MarketCase {
  const orders = seed.before.map((at, index) => {
    const sells = isFundedBy(before, "SELL") && (seed.choices[index] ?? true);
    const direction = sells || !isFundedBy(before, "BUY") ? "SELL" : "BUY";
    return restingAt(at, direction, `old-${index}`, seed.filled[index] ?? false);
  });
  const locked = (contract: Contract) =>
    orders.filter((order) => order.direction === "SELL" && order.contract === contract)
      .reduce((sum, order) => sum + order.remaining, 0);
  const holdings = holding(locked("YES") + seed.spareYes, locked("NO") + seed.spareNo);
  const spendableCents = cents(frozenByBuys(orders, FREEZE_BPS) + seed.spareCents);
  const context = fundingContext({ resting: orders, holdings, spendableCents });
  const { intents } = fundQuotes(seed.quotes, context, { quoteFunding: mode, minOrderQty: 1 });
  return { resting: orders, holdings, spendableCents, quotes: seed.quotes, targets: intents };
}

/** The means of a case, with all cash for either side. */
export function fundingContext(
  market: Pick<MarketCase, "resting" | "holdings" | "spendableCents">,
): FundingContext {
  const budget = cashBudget({ ...market, freezeBps: FREEZE_BPS, unwindingSide: null }, {
    maxInventoryFraction: 1,
  });
  return { holdings: market.holdings, resting: market.resting, budget };
}

function restingAt(
  at: BookQuote,
  direction: Direction,
  id: string,
  isFilled: boolean,
): RestingOrder {
  const contract: Contract = (at.side === "ASK") === (direction === "SELL") ? "YES" : "NO";
  const contractPrice = yesPriceOf(contract, at.price);
  const quantity = at.quantity + (isFilled ? 7 : 0);
  return resting([direction, contract, contractPrice, quantity], { id, remaining: at.quantity });
}

/** Orders of any kind, most of them nonsense: what a bug could hand to the sanitizer. */
export const arbitraryIntents: fc.Arbitrary<readonly OrderIntent[]> = fc.array(
  fc.record({
    contract: fc.constantFrom<Contract>("YES", "NO"),
    direction: fc.constantFrom<Direction>("BUY", "SELL"),
    contractPrice: fc.integer({ min: 1, max: 99 }).map(price),
    quantity: fc.integer({ min: 1, max: 300 }).map(shares),
    isMislabelled: fc.boolean(),
  }).map(({ isMislabelled, ...order }) => {
    const side = bookSideOf(order.contract, order.direction);
    const wrong: BookSide = side === "ASK" ? "BID" : "ASK";
    return {
      ...order,
      side: isMislabelled ? wrong : side,
      yesPrice: yesPriceOf(order.contract, order.contractPrice),
      level: 0,
      reason: "ladder",
    };
  }),
  { maxLength: 12 },
);

/** What sales lock of each contract and purchases of the cash, against what there is. */
export function overdrafts(
  orders: readonly OrderIntent[],
  { holdings, spendableCents }: Pick<MarketCase, "holdings" | "spendableCents">,
): readonly string[] {
  const used = { YES: 0, NO: 0, CASH: 0 };
  for (const order of orders) {
    const resource = order.direction === "SELL" ? order.contract : "CASH";
    used[resource] += lockedBy(order, order.quantity, FREEZE_BPS);
  }
  return [
    ...(["YES", "NO"] as const).filter((contract) => used[contract] > held(holdings, contract)),
    ...(used.CASH > spendableCents ? ["CASH"] : []),
  ];
}

/** Settings with which small orders are sent. */
export const CONFIG = marketConfig({ minOrderQty: 1 });
