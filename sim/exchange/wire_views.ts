/**
 * What the wire shows of the exchange's records: nothing that a user of the venue could not know.
 */

import type {
  PairResult,
  PlaceResult,
  ReplaceResult,
  TradeBrief,
  TradePage,
  VenueTrade,
} from "../../src/connector/connector.ts";
import type { Position } from "../../src/models/inventory.ts";
import type { AccountBalance, MarketRecord } from "../../src/models/market.ts";
import { oncePer } from "../../src/models/memo.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import type {
  FillBrief,
  Page,
  PairOutcome,
  Placement,
  Replacement,
  VenueAccount,
  VenueMarket,
  VenueOrder,
  VenuePosition,
  VenueTradeRecord,
} from "./types.ts";

/** A market without its escrow. */
export function marketRecord(market: VenueMarket): MarketRecord {
  return {
    marketId: market.marketId,
    title: market.title,
    status: market.status,
    minPrice: market.minPrice,
    maxPrice: market.maxPrice,
    makerFeeBps: market.makerFeeBps,
    takerFeeBps: market.takerFeeBps,
    maxOrderQuantity: market.maxOrderQuantity,
    maxPositionPerUser: market.maxPositionPerUser,
    maxOrderAmountCents: market.maxOrderAmountCents,
    tradingStartAtMs: market.tradingStartAtMs,
    tradingEndAtMs: market.tradingEndAtMs,
    resolutionDateMs: market.resolutionDateMs,
    result: market.result,
  };
}

/** The cash of an account. */
export function balanceOf({ availableCents, frozenCents }: VenueAccount): AccountBalance {
  return { availableCents, frozenCents };
}

/** A position without its pending sales, which the wire does not tell. */
export function positionOf({ yes, no, yesCostCents, noCostCents }: VenuePosition): Position {
  return { yes, no, yesCostCents, noCostCents };
}

/** An own order. */
export function openOrder(order: VenueOrder): OpenOrder {
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    marketId: order.marketId,
    contract: order.contract,
    direction: order.direction,
    contractPrice: order.contractPrice,
    side: order.side,
    yesPrice: order.yesPrice,
    quantity: order.quantity,
    filled: order.filled,
    remaining: order.remaining,
    status: order.status,
    frozenAmount: order.frozenAmount,
    frozenAsset: order.frozenAsset,
    createdAtMs: order.createdAtMs,
  };
}

/** A page of own trades; the same for the same page. */
export const tradePage: (page: Page<VenueTradeRecord>) => TradePage = oncePer(
  ({ items, nextCursor }: Page<VenueTradeRecord>) => ({ trades: items.map(ownTrade), nextCursor }),
);

/** An own trade: without order ids, maker fee and profits. */
function ownTrade(trade: VenueTradeRecord): VenueTrade {
  return {
    tradeId: trade.tradeId,
    marketId: trade.marketId,
    scenario: trade.scenario,
    yesPrice: trade.yesPrice,
    quantity: trade.quantity,
    buyUserId: trade.buyUserId,
    sellUserId: trade.sellUserId,
    takerFeeCents: trade.takerFeeCents,
    executedAtMs: trade.executedAtMs,
  };
}

/** Answer to a placement. */
export function placeResult({ order, trades }: Placement): PlaceResult {
  return { order: openOrder(order), trades: trades.map(tradeBrief) };
}

/** Answer to a replace. */
export function replaceResult({ oldOrder, order, trades }: Replacement): ReplaceResult {
  return {
    oldOrderId: oldOrder.orderId,
    order: openOrder(order),
    trades: trades.map(tradeBrief),
  };
}

/** Answer to a mint or burn. */
export function pairResult({ kind }: PairOutcome): PairResult {
  return { alreadyDone: kind === "repeated" };
}

function tradeBrief({ buyOrderId, sellOrderId, yesPrice, quantity }: FillBrief): TradeBrief {
  return { buyOrderId, sellOrderId, yesPrice, quantity };
}
