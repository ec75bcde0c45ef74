import { z } from "zod";
import type { BookLevel, OrderBook } from "../../models/book.ts";
import type { MarketRecord } from "../../models/market.ts";
import {
  parseWith,
  requireSame,
  wireBps,
  wireCents,
  wireId,
  wirePrice,
  wireQuantity,
  wireShares,
  wireTime,
} from "./wire.ts";

/** Case of the status text does not matter; an unknown word is an error, never "active" (L-29). */
const marketStatus = z.string().transform((text) => text.toUpperCase()).pipe(
  z.enum(["DRAFT", "ACTIVE", "SUSPENDED", "HALTED", "RESOLVED", "SETTLED", "VOIDED"]),
);

const marketAnswer = z.object({
  id: wireId,
  title: z.string(),
  status: marketStatus,
  min_price_cents: wirePrice,
  max_price_cents: wirePrice,
  maker_fee_bps: wireBps,
  taker_fee_bps: wireBps,
  max_order_quantity: wireShares,
  max_position_per_user: wireShares,
  max_order_amount_cents: wireCents,
  trading_start_at: wireTime.nullable(),
  trading_end_at: wireTime.nullable(),
  resolution_date: wireTime.nullable(),
  resolution_result: z.enum(["YES", "NO", "VOID"]).nullable(),
}).refine((market) => market.min_price_cents <= market.max_price_cents, {
  path: ["min_price_cents"],
  message: "must not be above max_price_cents",
});

const level = z.object({ price_cents: wirePrice, total_quantity: wireQuantity });

const bookAnswer = z.object({
  market_id: wireId,
  yes: z.object({
    bids: z.array(level).refine(isOrdered(-1), "must fall"),
    asks: z.array(level).refine(isOrdered(1), "must rise"),
  }),
  last_trade_price_cents: wirePrice.nullable(),
});

/** Reads a market record. @throws MalformedAnswer */
export function readMarket(payload: unknown, marketId: string): MarketRecord {
  const wire = parseWith(marketAnswer, payload);
  requireSame("id", wire.id, marketId);
  return {
    marketId: wire.id,
    title: wire.title,
    status: wire.status,
    minPrice: wire.min_price_cents,
    maxPrice: wire.max_price_cents,
    makerFeeBps: wire.maker_fee_bps,
    takerFeeBps: wire.taker_fee_bps,
    maxOrderQuantity: wire.max_order_quantity,
    maxPositionPerUser: wire.max_position_per_user,
    maxOrderAmountCents: wire.max_order_amount_cents,
    tradingStartAtMs: wire.trading_start_at,
    tradingEndAtMs: wire.trading_end_at,
    resolutionDateMs: wire.resolution_date,
    result: wire.resolution_result,
  };
}

/** Reads the YES view of a book, which may be locked or crossed. @throws MalformedAnswer */
export function readBook(payload: unknown, marketId: string): OrderBook {
  const wire = parseWith(bookAnswer, payload);
  requireSame("market_id", wire.market_id, marketId);
  return {
    bids: wire.yes.bids.map(toLevel),
    asks: wire.yes.asks.map(toLevel),
    lastTradePrice: wire.last_trade_price_cents,
  };
}

type WireLevel = z.output<typeof level>;

function toLevel(wire: WireLevel): BookLevel {
  return { price: wire.price_cents, quantity: wire.total_quantity };
}

/**
 * True if each price lies strictly beyond the one before; a price that appears twice is an error
 * too.
 */
function isOrdered(sign: 1 | -1): (levels: readonly WireLevel[]) => boolean {
  return (levels) =>
    levels.every((current, index) => {
      const before = levels[index - 1];
      return before === undefined || sign * (current.price_cents - before.price_cents) > 0;
    });
}
