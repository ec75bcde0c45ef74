import { MAX_PRICE } from "../../src/models/money.ts";
import { accountView, orderView, positionView } from "./record_views.ts";
import type { Market } from "./records.ts";
import type { ExchangeState } from "./state.ts";
import type {
  LedgerEntry,
  VenueAccount,
  VenueMarket,
  VenueOrder,
  VenuePosition,
  VenueTradeRecord,
} from "./types.ts";

/** A user in a {@link StateDump}. */
export interface AccountDump extends VenueAccount {
  readonly ledger: readonly LedgerEntry[];
}

/** A market in a {@link StateDump}. */
export interface MarketDump {
  readonly terms: VenueMarket;
  readonly positions: readonly VenuePosition[];
  /** Ids of the orders that can match: bids, then asks, each by rising price and age. */
  readonly liveOrderIds: readonly string[];
  /** Visible levels, best first. */
  readonly bids: readonly (readonly [price: number, quantity: number])[];
  readonly asks: readonly (readonly [price: number, quantity: number])[];
  readonly lastTradePrice: number | null;
  readonly tradeCount: number;
}

/** The complete state of the exchange as plain data. */
export interface StateDump {
  readonly platformFeeCents: number;
  readonly netDepositsCents: number;
  readonly accounts: readonly AccountDump[];
  readonly markets: readonly MarketDump[];
  readonly orders: readonly VenueOrder[];
  readonly trades: readonly VenueTradeRecord[];
  readonly pairKeys: readonly string[];
}

/** Writes the state down. */
export function dumpState(state: ExchangeState): StateDump {
  const { platformFeeCents, netDepositsCents } = state.accounts.venue;
  return {
    platformFeeCents,
    netDepositsCents,
    accounts: [...state.accounts.all()].map((account) => ({
      ...accountView(account),
      ledger: account.ledger.entries(),
    })),
    markets: [...state.markets()].map(dumpMarket),
    orders: state.orders().map(orderView),
    trades: state.trades().map((trade) => trade.view()),
    pairKeys: [...state.pairKeys],
  };
}

function dumpMarket(market: Market): MarketDump {
  const { terms, book, tally, holders } = market;
  const depth = (side: "BID" | "ASK") =>
    book.levels(side, MAX_PRICE).map(({ price, quantity }) => [price, quantity] as const);
  return {
    terms: { ...terms },
    positions: holders.map(positionView),
    liveOrderIds: [...book.liveOrders()].map(({ orderId }) => orderId),
    bids: depth("BID"),
    asks: depth("ASK"),
    lastTradePrice: tally.lastTradePrice,
    tradeCount: tally.trades,
  };
}
