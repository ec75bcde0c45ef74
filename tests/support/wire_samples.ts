/**
 * Answers of the venue in the form of the recorded ones, for one market, one order and one trade.
 */

import type { PlaceRequest } from "../../src/connector/connector.ts";
import { price, shares } from "../../src/models/money.ts";

/** The market of all samples. */
export const MARKET = "MKT-1";
/** A snowflake above 2^53: a number would lose its last digits. */
export const ORDER_ID = "399834770621595648";

/** A request for the sample order. */
export const PLACE: PlaceRequest = {
  clientOrderId: "amm_MKT-1_NO_BUY_1767323045000_1",
  marketId: MARKET,
  contract: "NO",
  direction: "BUY",
  contractPrice: price(45),
  quantity: shares(10),
  timeInForce: "GTC",
};

/** The sample order as the venue shows it: BUY NO 10 at 45. */
export const WIRE_ORDER = {
  id: ORDER_ID,
  client_order_id: PLACE.clientOrderId,
  market_id: MARKET,
  original_side: "NO",
  original_direction: "BUY",
  original_price_cents: 45,
  book_type: "SYNTHETIC_SELL",
  price_type: "LIMIT",
  time_in_force: "GTC",
  quantity: 10,
  filled_quantity: 4,
  remaining_quantity: 6,
  frozen_amount: 271,
  frozen_asset_type: "FUNDS",
  status: "PARTIALLY_FILLED",
  cancel_reason: null,
  created_at: "2026-01-02T03:04:00.250123Z",
  updated_at: "2026-01-02T03:04:01.000000Z",
};

/** The answer to its placement. */
export const WIRE_PLACED = {
  order: WIRE_ORDER,
  trades: [{
    buy_order_id: "399834770621595640",
    sell_order_id: ORDER_ID,
    price: 55,
    quantity: 4,
    scenario: "MINT",
  }],
  netting_result: null,
};

/** The answer to its cancel. */
export const WIRE_CANCELLED = {
  order_id: ORDER_ID,
  status: "CANCELLED",
  unfrozen_amount: 271,
  unfrozen_asset_type: "FUNDS",
  remaining_quantity_cancelled: 6,
};

/** The answer to a replace of order `1` by the sample order. */
export const WIRE_REPLACED = {
  old_order_id: "1",
  old_order_status: "CANCELLED",
  old_order_filled_quantity: 0,
  old_order_original_quantity: 50,
  new_order: {
    id: ORDER_ID,
    client_order_id: PLACE.clientOrderId,
    status: "OPEN",
    quantity: 10,
    filled_quantity: 0,
    remaining_quantity: 10,
  },
  trades: [],
};

/** A book of one level a side. */
export const WIRE_BOOK = {
  market_id: MARKET,
  yes: {
    bids: [{ price_cents: 49, total_quantity: 20 }, { price_cents: 48, total_quantity: 5 }],
    asks: [{ price_cents: 52, total_quantity: 30 }],
  },
  no: { bids: [], asks: [] },
  last_trade_price_cents: 50,
  updated_at: "2026-01-02T03:04:05+00:00",
};

/** Cash of the account. */
export const WIRE_BALANCE = {
  user_id: "00000000-0000-4000-a000-000000000001",
  available_balance_cents: 99_729,
  frozen_balance_cents: 271,
  total_balance_cents: 100_000,
};

/** A position as deployed. */
export const WIRE_POSITION = {
  market_id: MARKET,
  yes_volume: 120,
  yes_cost_sum: 6000,
  no_volume: 80,
  no_cost_sum: 3900,
};

/** A trade row. */
export const WIRE_TRADE = {
  trade_id: "399834770621595700",
  market_id: MARKET,
  scenario: "TRANSFER_NO",
  price: 55,
  quantity: 4,
  buy_user_id: "00000000-0000-4000-a000-000000000001",
  sell_user_id: "11111111-1111-4111-a111-111111111111",
  taker_fee: 3,
  buy_realized_pnl: null,
  sell_realized_pnl: -12,
  executed_at: "2026-01-02T03:04:01.500000+00:00",
};

/** A list page. */
export function page<T>(items: readonly T[], nextCursor: string | null = null) {
  return { items, next_cursor: nextCursor, has_more: nextCursor !== null };
}
