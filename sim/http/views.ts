/** The engine's records as the venue's answers show them. */

import type { z } from "zod";
import type { OrderBook } from "../../src/models/book.ts";
import { mirrorPrice } from "../../src/models/money.ts";
import type {
  BatchCancellation,
  Cancellation,
  FillBrief,
  LedgerEntry,
  Page,
  PairOutcome,
  Placement,
  Replacement,
  VenueAccount,
  VenueMarket,
  VenueOrder,
  VenuePosition,
  VenueTradeRecord,
} from "../exchange/mod.ts";
import type * as answers from "./answers.ts";
import { moneyText, offsetTime, offsetTimeOrNull, zuluTime } from "./display.ts";

type Wire<T extends z.ZodType> = z.input<T>;

/** A market as a list shows it. */
export function marketItem(market: VenueMarket): Wire<typeof answers.marketItem> {
  return {
    id: market.marketId,
    title: market.title,
    description: market.description,
    category: market.category,
    status: market.status,
    min_price_cents: market.minPrice,
    max_price_cents: market.maxPrice,
    maker_fee_bps: market.makerFeeBps,
    taker_fee_bps: market.takerFeeBps,
    reserve_balance_cents: market.reserveCents,
    reserve_balance_display: moneyText(market.reserveCents),
    total_yes_shares: market.yesShares,
    total_no_shares: market.noShares,
    trading_start_at: offsetTimeOrNull(market.tradingStartAtMs),
    resolution_date: offsetTimeOrNull(market.resolutionDateMs),
  };
}

/** A market with everything that is known of it. */
export function market(market: VenueMarket): Wire<typeof answers.market> {
  return {
    ...marketItem(market),
    max_order_quantity: market.maxOrderQuantity,
    max_position_per_user: market.maxPositionPerUser,
    max_order_amount_cents: market.maxOrderAmountCents,
    pnl_pool_cents: market.pnlPoolCents,
    pnl_pool_display: moneyText(market.pnlPoolCents),
    trading_end_at: offsetTimeOrNull(market.tradingEndAtMs),
    resolved_at: offsetTimeOrNull(market.resolvedAtMs),
    settled_at: offsetTimeOrNull(market.settledAtMs),
    resolution_result: market.result,
  };
}

/** A book, seen from YES and, mirrored, from NO. */
export function orderBook(
  marketId: string,
  { bids, asks, lastTradePrice }: OrderBook,
  readAtMs: number,
): Wire<typeof answers.orderBook> {
  return {
    market_id: marketId,
    yes: { bids: bids.map(level), asks: asks.map(level) },
    no: { bids: asks.map(mirroredLevel), asks: bids.map(mirroredLevel) },
    last_trade_price_cents: lastTradePrice,
    updated_at: offsetTime(readAtMs),
  };
}

type Level = OrderBook["bids"][number];

function level({ price, quantity }: Level) {
  return { price_cents: price, total_quantity: quantity };
}

function mirroredLevel({ price, quantity }: Level) {
  return { price_cents: mirrorPrice(price), total_quantity: quantity };
}

/** The cash of a user. */
export function balance(
  { userId, availableCents, frozenCents }: VenueAccount,
): Wire<typeof answers.balance> {
  const totalCents = availableCents + frozenCents;
  return {
    user_id: userId,
    available_balance_cents: availableCents,
    available_balance_display: moneyText(availableCents),
    frozen_balance_cents: frozenCents,
    frozen_balance_display: moneyText(frozenCents),
    total_balance_cents: totalCents,
    total_balance_display: moneyText(totalCents),
  };
}

const DESCRIPTIONS: Partial<Readonly<Record<LedgerEntry["type"], string>>> = {
  DEPOSIT: "Simulated deposit",
  WITHDRAW: "Simulated withdrawal",
};

/** A line of the ledger. */
export function ledgerEntry(
  entry: LedgerEntry,
): Wire<typeof answers.ledgerPage>["items"][number] {
  return {
    id: entry.id,
    entry_type: entry.type,
    amount_cents: entry.amountCents,
    amount_display: moneyText(entry.amountCents),
    balance_after_cents: entry.balanceAfterCents,
    balance_after_display: moneyText(entry.balanceAfterCents),
    reference_type: entry.orderId === null ? entry.type : "ORDER",
    reference_id: entry.orderId,
    description: DESCRIPTIONS[entry.type] ?? null,
    created_at: offsetTime(entry.createdAtMs),
  };
}

/** A position, flat and without pending sales. */
export function position(held: VenuePosition): Wire<typeof answers.position> {
  return {
    market_id: held.marketId,
    yes_volume: held.yes,
    yes_cost_sum: held.yesCostCents,
    no_volume: held.no,
    no_cost_sum: held.noCostCents,
  };
}

/** An order in its current state. */
export function order(order: VenueOrder): Wire<typeof answers.order> {
  return {
    id: order.orderId,
    client_order_id: order.clientOrderId,
    market_id: order.marketId,
    original_side: order.contract,
    original_direction: order.direction,
    original_price_cents: order.contractPrice,
    book_type: order.bookType,
    price_type: "LIMIT",
    time_in_force: order.timeInForce,
    quantity: order.quantity,
    filled_quantity: order.filled,
    remaining_quantity: order.remaining,
    frozen_amount: order.frozenAmount,
    frozen_asset_type: order.frozenAsset,
    status: order.status,
    cancel_reason: order.cancelReason,
    created_at: zuluTime(order.createdAtMs),
    updated_at: zuluTime(order.updatedAtMs),
  };
}

/** Answer to a placement. */
export function placement(
  { order: placed, trades, netting }: Placement,
): Wire<typeof answers.placement> {
  return {
    order: order(placed),
    trades: trades.map((trade) => ({ ...fill(trade), scenario: trade.scenario })),
    netting_result: netting === null
      ? null
      : { netting_qty: netting.nettedPairs, refund_amount: netting.refundCents },
  };
}

function fill({ buyOrderId, sellOrderId, yesPrice, quantity }: FillBrief) {
  return { buy_order_id: buyOrderId, sell_order_id: sellOrderId, price: yesPrice, quantity };
}

/** Answer to a cancel. */
export function cancellation(done: Cancellation): Wire<typeof answers.cancellation> {
  return {
    order_id: done.orderId,
    status: "CANCELLED",
    unfrozen_amount: done.unfrozenAmount,
    unfrozen_asset_type: done.unfrozenAsset,
    remaining_quantity_cancelled: done.remainingCancelled,
  };
}

/** Answer to a batch cancel. */
export function batchCancellation(
  done: BatchCancellation,
): Wire<typeof answers.batchCancellation> {
  return {
    market_id: done.marketId,
    cancelled_count: done.cancelledCount,
    total_unfrozen_funds_cents: done.unfrozenFundsCents,
    total_unfrozen_yes_shares: done.unfrozenYesShares,
    total_unfrozen_no_shares: done.unfrozenNoShares,
  };
}

/** A trade as its parties see it. */
export function trade(
  trade: VenueTradeRecord,
): Wire<typeof answers.tradePage>["items"][number] {
  return {
    trade_id: trade.tradeId,
    market_id: trade.marketId,
    scenario: trade.scenario,
    price: trade.yesPrice,
    quantity: trade.quantity,
    buy_user_id: trade.buyUserId,
    sell_user_id: trade.sellUserId,
    taker_fee: trade.takerFeeCents,
    buy_realized_pnl: trade.buyRealizedPnlCents,
    sell_realized_pnl: trade.sellRealizedPnlCents,
    executed_at: offsetTime(trade.executedAtMs),
  };
}

/** Answer to a replace; the old order is known as it was when it went, unfilled. */
export function replacement(
  { oldOrder, order, trades }: Replacement,
): Wire<typeof answers.replacement> {
  return {
    old_order_id: oldOrder.orderId,
    old_order_status: "CANCELLED",
    old_order_filled_quantity: oldOrder.filled,
    old_order_original_quantity: oldOrder.quantity,
    new_order: {
      id: order.orderId,
      client_order_id: order.clientOrderId,
      status: order.status,
      quantity: order.quantity,
      filled_quantity: order.filled,
      remaining_quantity: order.remaining,
    },
    trades: trades.map(fill),
  };
}

/** Answer to a mint. */
export function minted(outcome: PairOutcome): Wire<typeof answers.minted> {
  if (outcome.kind === "repeated") return repeated(outcome);
  const { marketId, quantity, amountCents } = outcome;
  return {
    market_id: marketId,
    minted_quantity: quantity,
    cost_cents: amountCents,
    ...pairFigures(outcome),
  };
}

/** Answer to a burn. */
export function burned(outcome: PairOutcome): Wire<typeof answers.burned> {
  if (outcome.kind === "repeated") return repeated(outcome);
  const { marketId, quantity, amountCents } = outcome;
  return {
    market_id: marketId,
    burned_quantity: quantity,
    recovered_cents: amountCents,
    ...pairFigures(outcome),
  };
}

function repeated({ idempotencyKey }: Extract<PairOutcome, { kind: "repeated" }>) {
  return { idempotent_hit: true as const, idempotency_key: idempotencyKey };
}

function pairFigures({ yes, no, availableCents }: Extract<PairOutcome, { kind: "done" }>) {
  return {
    new_yes_inventory: yes,
    new_no_inventory: no,
    remaining_balance_cents: availableCents,
  };
}

/** A page of any list. */
export function page<T, W>(
  { items, nextCursor }: Page<T>,
  show: (item: T) => W,
  cursorOf: (cursor: string) => string = (cursor) => cursor,
) {
  return {
    items: items.map(show),
    next_cursor: nextCursor === null ? null : cursorOf(nextCursor),
    has_more: nextCursor !== null,
  };
}
