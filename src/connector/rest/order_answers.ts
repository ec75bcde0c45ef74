import { z } from "zod";
import { freezeCents, shares } from "../../models/money.ts";
import type { OpenOrder } from "../../models/order.ts";
import { bookSideOf, yesPriceOf } from "../../models/vocabulary.ts";
import type {
  BatchCancelResult,
  CancelResult,
  PlaceRequest,
  PlaceResult,
  ReplaceResult,
  TradeBrief,
} from "../connector.ts";
import {
  isRecord,
  MalformedAnswer,
  orDocumented,
  pageOf,
  parseWith,
  requireSame,
  requireUnique,
  wireId,
  wirePrice,
  wireQuantity,
  wireShares,
  wireText,
  wireTime,
} from "./wire.ts";

const orderStatus = z.enum(["OPEN", "PARTIALLY_FILLED", "FILLED", "CANCELLED"]);
const frozenAsset = z.enum(["FUNDS", "YES_SHARES", "NO_SHARES"]);

interface Quantities {
  readonly quantity: number;
  readonly filled_quantity: number;
  readonly remaining_quantity: number;
}

const addsUp = (order: Quantities) =>
  order.filled_quantity + order.remaining_quantity === order.quantity;
const ADDS_UP = { path: ["quantity"], message: "must be filled plus remaining" };

const order = z.object({
  id: wireId,
  client_order_id: wireText,
  market_id: wireId,
  original_side: z.enum(["YES", "NO"]),
  original_direction: z.enum(["BUY", "SELL"]),
  original_price_cents: wirePrice,
  quantity: wireQuantity,
  filled_quantity: wireShares,
  remaining_quantity: wireShares,
  frozen_amount: z.int().min(0),
  frozen_asset_type: frozenAsset,
  status: orderStatus,
  created_at: wireTime.nullable(),
}).refine(addsUp, ADDS_UP);

const orderPage = pageOf(order);

const tradeBrief = orDocumented(
  z.object({
    buy_order_id: wireText,
    sell_order_id: wireText,
    price: wirePrice,
    quantity: wireQuantity,
  }),
  { price: "price_cents" },
);

const placeAnswer = z.object({ order, trades: z.array(tradeBrief) });

const cancelAnswer = z.object({
  order_id: wireId,
  status: z.literal("CANCELLED"),
  unfrozen_amount: z.int().min(0),
  unfrozen_asset_type: frozenAsset,
  remaining_quantity_cancelled: wireShares,
});

const replaceAnswer = z.object({
  old_order_id: wireId,
  old_order_status: z.literal("CANCELLED"),
  new_order: z.object({
    id: wireId,
    client_order_id: wireText,
    status: orderStatus,
    quantity: wireQuantity,
    filled_quantity: wireShares,
    remaining_quantity: wireShares,
  }).refine(addsUp, ADDS_UP),
  trades: z.array(tradeBrief),
});

const batchCancelAnswer = z.object({
  market_id: wireId,
  cancelled_count: z.int().min(0),
});

/** One page of own orders, newest first, whatever their status. */
export interface OrderPage {
  readonly orders: readonly OpenOrder[];
  readonly nextCursor: string | null;
}

/**
 * Reads one order, which stands alone or under `order`.
 * @param nowMs wall time; stands in for a creation time that the venue leaves out
 * @throws MalformedAnswer
 */
export function readOrder(payload: unknown, orderId: string, nowMs: number): OpenOrder {
  const inner = isRecord(payload) && "order" in payload ? payload.order : payload;
  const wire = parseWith(order, inner);
  requireSame("id", wire.id, orderId);
  return toOpenOrder(wire, nowMs);
}

/** Which list a page belongs to. */
export interface PageContext {
  /** Null for a list of the whole account. */
  readonly marketId: string | null;
  /** The ids on the pages before. */
  readonly before: ReadonlySet<string>;
  /** Wall time. */
  readonly nowMs: number;
}

/** A longer list is a list that does not end. */
const MAX_ORDERS = 10_000;

/**
 * Reads one page of a market's or of the account's orders.
 * @throws MalformedAnswer also for an order of another market, one that was there before, or a list
 * too long
 */
export function readOrderPage(payload: unknown, context: PageContext): OrderPage {
  const { marketId, before, nowMs } = context;
  const wire = parseWith(orderPage, payload);
  for (const row of wire.items) {
    if (marketId !== null) requireSame("market_id", row.market_id, marketId);
  }
  requireUnique("id", wire.items.map((row) => row.id));
  if (wire.items.some((row) => before.has(row.id))) throw new MalformedAnswer("id appears twice");
  if (before.size + wire.items.length > MAX_ORDERS) {
    throw new MalformedAnswer(`more than ${MAX_ORDERS} orders`);
  }
  return {
    orders: wire.items.map((row) => toOpenOrder(row, nowMs)),
    nextCursor: wire.next_cursor,
  };
}

/**
 * Reads the answer to a placement. Every field of the order is compared with the request, because a
 * repeated client order id answers with the first order, even of another market (exchange API
 * §4.1).
 * @throws MalformedAnswer
 */
export function readPlaced(payload: unknown, request: PlaceRequest, nowMs: number): PlaceResult {
  const wire = parseWith(placeAnswer, payload);
  const placed = wire.order;
  requireSame("client_order_id", placed.client_order_id, request.clientOrderId);
  requireSame("market_id", placed.market_id, request.marketId);
  requireSame("original_side", placed.original_side, request.contract);
  requireSame("original_direction", placed.original_direction, request.direction);
  requireSame("original_price_cents", placed.original_price_cents, request.contractPrice);
  requireSame("quantity", placed.quantity, request.quantity);
  return { order: toOpenOrder(placed, nowMs), trades: wire.trades.map(toBrief) };
}

/** Reads the answer to a cancel. @throws MalformedAnswer */
export function readCancelled(payload: unknown, orderId: string): CancelResult {
  const wire = parseWith(cancelAnswer, payload);
  requireSame("order_id", wire.order_id, orderId);
  return {
    orderId: wire.order_id,
    unfrozenAmount: wire.unfrozen_amount,
    unfrozenAsset: wire.unfrozen_asset_type,
    remainingCancelled: wire.remaining_quantity_cancelled,
  };
}

/** The replaced order, the new one, and what the answer leaves out. */
export interface ReplaceContext {
  readonly oldOrderId: string;
  readonly request: PlaceRequest;
  /** Wall time. */
  readonly nowMs: number;
}

/**
 * Reads the answer to a replace. It shows only ids, status and quantities of the new order; the
 * rest is what was asked for, and the freeze is the venue's formula until the order list
 * says better.
 * @throws MalformedAnswer
 */
export function readReplaced(payload: unknown, context: ReplaceContext): ReplaceResult {
  const { oldOrderId, request, nowMs } = context;
  const wire = parseWith(replaceAnswer, payload);
  const placed = wire.new_order;
  requireSame("old_order_id", wire.old_order_id, oldOrderId);
  requireSame("client_order_id", placed.client_order_id, request.clientOrderId);
  requireSame("quantity", placed.quantity, request.quantity);
  const order = toOpenOrder({
    ...placed,
    market_id: request.marketId,
    original_side: request.contract,
    original_direction: request.direction,
    original_price_cents: request.contractPrice,
    ...freezeOf(request, placed.remaining_quantity),
    created_at: null,
  }, nowMs);
  return { oldOrderId, order, trades: wire.trades.map(toBrief) };
}

/** Reads the answer to a batch cancel. @throws MalformedAnswer */
export function readBatchCancelled(payload: unknown, marketId: string): BatchCancelResult {
  const wire = parseWith(batchCancelAnswer, payload);
  requireSame("market_id", wire.market_id, marketId);
  return { cancelledCount: wire.cancelled_count };
}

type WireOrder = z.output<typeof order>;

function toOpenOrder(wire: WireOrder, nowMs: number): OpenOrder {
  const contract = wire.original_side;
  const direction = wire.original_direction;
  return {
    orderId: wire.id,
    clientOrderId: wire.client_order_id,
    marketId: wire.market_id,
    contract,
    direction,
    contractPrice: wire.original_price_cents,
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, wire.original_price_cents),
    quantity: wire.quantity,
    filled: wire.filled_quantity,
    remaining: wire.remaining_quantity,
    status: wire.status,
    frozenAmount: wire.frozen_amount,
    frozenAsset: wire.frozen_asset_type,
    createdAtMs: wire.created_at ?? nowMs,
  };
}

function toBrief(wire: z.output<typeof tradeBrief>): TradeBrief {
  return {
    buyOrderId: wire.buy_order_id,
    sellOrderId: wire.sell_order_id,
    yesPrice: wire.price,
    quantity: wire.quantity,
  };
}

/**
 * Basis points that the venue adds to the freeze of every BUY order, whatever the market's fees
 * (Q-07).
 */
const FREEZE_BPS = 20;

function freezeOf(
  { contract, direction, contractPrice }: PlaceRequest,
  remaining: number,
): Pick<WireOrder, "frozen_amount" | "frozen_asset_type"> {
  if (direction === "SELL") {
    return { frozen_amount: remaining, frozen_asset_type: `${contract}_SHARES` };
  }
  const amount = freezeCents(contractPrice, shares(remaining), FREEZE_BPS);
  return { frozen_amount: amount, frozen_asset_type: "FUNDS" };
}
