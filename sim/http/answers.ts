/** What the venue answers: the payloads of its routes, for the compiler and for documentation. */

import { z } from "zod";

const text = z.string();
const int = z.int();
const textOrNull = text.nullable();
const intOrNull = int.nullable();
/** ISO 8601 in UTC, ending in `+00:00`; in orders it ends in `Z`. */
const time = text.describe("ISO 8601, UTC");
const timeOrNull = time.nullable();
const contract = z.enum(["YES", "NO"]);
const direction = z.enum(["BUY", "SELL"]);
const frozenAsset = z.enum(["FUNDS", "YES_SHARES", "NO_SHARES"]);
const scenario = z.enum(["MINT", "TRANSFER_YES", "TRANSFER_NO", "BURN"]);
const orderStatus = z.enum(["OPEN", "PARTIALLY_FILLED", "FILLED", "CANCELLED"]);
const marketStatus = z.enum([
  "DRAFT",
  "ACTIVE",
  "SUSPENDED",
  "HALTED",
  "RESOLVED",
  "SETTLED",
  "VOIDED",
]);

/** A page of a list (§1.6). */
function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next_cursor: textOrNull, has_more: z.boolean() });
}

/** §2.1 */
export const health = z.strictObject({ status: text, version: text });

/** §2.2 */
export const registered = z.strictObject({
  user_id: text,
  username: text,
  email: text,
  created_at: time,
});

/** §2.3 */
export const session = z.strictObject({
  access_token: text,
  refresh_token: text,
  token_type: text.describe("Bearer"),
  expires_in: int.describe("seconds"),
  user: z.strictObject({ user_id: text, username: text, email: text }),
});

/** §2.4 */
export const refreshed = z.strictObject({ access_token: text, expires_in: int });

const marketHead = {
  id: text,
  title: text,
  description: textOrNull,
  category: textOrNull,
  status: marketStatus,
  min_price_cents: int,
  max_price_cents: int,
};
const marketTail = {
  maker_fee_bps: int,
  taker_fee_bps: int,
  reserve_balance_cents: int,
  reserve_balance_display: text,
  total_yes_shares: int,
  total_no_shares: int,
  trading_start_at: timeOrNull,
  resolution_date: timeOrNull,
};

/** An item of §2.5. */
export const marketItem = z.strictObject({ ...marketHead, ...marketTail });

/** §2.5 */
export const marketPage = pageOf(marketItem);

/** §2.6 */
export const market = z.strictObject({
  ...marketHead,
  max_order_quantity: int,
  max_position_per_user: int,
  max_order_amount_cents: int,
  ...marketTail,
  pnl_pool_cents: int,
  pnl_pool_display: text,
  trading_end_at: timeOrNull,
  resolved_at: timeOrNull,
  settled_at: timeOrNull,
  resolution_result: z.enum(["YES", "NO", "VOID"]).nullable(),
});

const level = z.strictObject({ price_cents: int, total_quantity: int });
const depth = z.strictObject({ bids: z.array(level), asks: z.array(level) });

/** §2.7 */
export const orderBook = z.strictObject({
  market_id: text,
  yes: depth,
  no: depth,
  last_trade_price_cents: intOrNull,
  updated_at: time,
});

/** §3.1 */
export const balance = z.strictObject({
  user_id: text,
  available_balance_cents: int,
  available_balance_display: text,
  frozen_balance_cents: int,
  frozen_balance_display: text,
  total_balance_cents: int,
  total_balance_display: text,
});

const cashLeft = {
  available_balance_cents: int,
  available_balance_display: text,
  ledger_entry_id: int,
};

/** §3.2 */
export const deposited = z.strictObject({
  ...cashLeft,
  deposited_cents: int,
  deposited_display: text,
});

/** §3.2 */
export const withdrawn = z.strictObject({
  ...cashLeft,
  withdrawn_cents: int,
  withdrawn_display: text,
});

/** §3.3 */
export const ledgerPage = pageOf(z.strictObject({
  id: int,
  entry_type: text,
  amount_cents: int,
  amount_display: text,
  balance_after_cents: int,
  balance_after_display: text,
  reference_type: textOrNull,
  reference_id: textOrNull,
  description: textOrNull,
  created_at: time,
}));

/** §3.5 */
export const position = z.strictObject({
  market_id: text,
  yes_volume: int,
  yes_cost_sum: int,
  no_volume: int,
  no_cost_sum: int,
});

/** §3.4 */
export const positionList = z.strictObject({ items: z.array(position), total: int });

/** §4.1 */
export const order = z.strictObject({
  id: text,
  client_order_id: text,
  market_id: text,
  original_side: contract,
  original_direction: direction,
  original_price_cents: int,
  book_type: z.enum(["NATIVE_BUY", "NATIVE_SELL", "SYNTHETIC_BUY", "SYNTHETIC_SELL"]),
  price_type: z.literal("LIMIT"),
  time_in_force: z.enum(["GTC", "IOC"]),
  quantity: int,
  filled_quantity: int,
  remaining_quantity: int,
  frozen_amount: int,
  frozen_asset_type: frozenAsset,
  status: orderStatus,
  cancel_reason: textOrNull,
  created_at: timeOrNull,
  updated_at: timeOrNull,
});

/** §4.2 */
export const orderPage = pageOf(order);

const fill = { buy_order_id: text, sell_order_id: text, price: int, quantity: int };

/** §4.1 */
export const placement = z.strictObject({
  order,
  trades: z.array(z.strictObject({ ...fill, scenario })),
  netting_result: z.strictObject({ netting_qty: int, refund_amount: int }).nullable(),
});

/** §4.4 */
export const cancellation = z.strictObject({
  order_id: text,
  status: z.literal("CANCELLED"),
  unfrozen_amount: int,
  unfrozen_asset_type: frozenAsset,
  remaining_quantity_cancelled: int,
});

/** §4.5 */
export const tradePage = pageOf(z.strictObject({
  trade_id: text,
  market_id: text,
  scenario,
  price: int,
  quantity: int,
  buy_user_id: text,
  sell_user_id: text,
  taker_fee: int,
  buy_realized_pnl: intOrNull,
  sell_realized_pnl: intOrNull,
  executed_at: time,
}));

/** §5.1 */
export const replacement = z.strictObject({
  old_order_id: text,
  old_order_status: z.literal("CANCELLED"),
  old_order_filled_quantity: int,
  old_order_original_quantity: int,
  new_order: z.strictObject({
    id: text,
    client_order_id: text,
    status: orderStatus,
    quantity: int,
    filled_quantity: int,
    remaining_quantity: int,
  }),
  trades: z.array(z.strictObject(fill)),
});

/** §5.2 */
export const batchCancellation = z.strictObject({
  market_id: text,
  cancelled_count: int,
  total_unfrozen_funds_cents: int,
  total_unfrozen_yes_shares: int,
  total_unfrozen_no_shares: int,
});

const pairFigures = {
  new_yes_inventory: int,
  new_no_inventory: int,
  remaining_balance_cents: int,
};
const repeated = z.strictObject({ idempotent_hit: z.literal(true), idempotency_key: text });

/** §5.3 */
export const minted = z.union([
  z.strictObject({ market_id: text, minted_quantity: int, cost_cents: int, ...pairFigures }),
  repeated,
]);

/** §5.4 */
export const burned = z.union([
  z.strictObject({ market_id: text, burned_quantity: int, recovered_cents: int, ...pairFigures }),
  repeated,
]);

/** §5.5 */
export const resolution = z.strictObject({
  market_id: text,
  outcome: z.enum(["YES", "NO", "VOID"]),
  cancelled_orders: int,
});

/** §5.5 */
export const marketStats = z.strictObject({
  market_id: text,
  status: marketStatus,
  total_trades: int,
  total_volume: int,
  total_fees: int,
  unique_traders: int,
});

/** §5.5 */
export const invariantReport = z.strictObject({ ok: z.boolean(), violations: z.array(text) });
