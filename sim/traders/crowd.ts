import type { z } from "zod";
import { bestPrice, type OrderBook } from "../../src/models/book.ts";
import { type BookSide, otherSide } from "../../src/models/vocabulary.ts";
import { numberBetween, wholeNumber } from "../fields.ts";
import { drawnSize, publicPrice } from "./opinion.ts";
import {
  distanceSchema,
  intervalSchema,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
  type TraderWorld,
} from "./trader.ts";

/** Many small people who let orders rest around the price they are used to. */
export const crowdSchema = traderSchema("crowd", {
  /** The price they believe in before they see one. */
  start_price: wholeNumber(1, 99),
  /** Orders on each side. */
  orders: wholeNumber(1, 50).default(5),
  /** Mean size of an order. */
  size: sizeSchema.default(20),
  /** Least distance from their price. */
  offset_cents: distanceSchema.default(3),
  /** The orders spread over so many cents behind that. */
  depth_cents: wholeNumber(1, 50).default(5),
  /** How often they think again. */
  refresh: intervalSchema.default(60_000),
  /** Share of the way to the public price that their own price goes each time. */
  attention: numberBetween(0, 1).default(0.2),
});

/** Keeps a loose book on both sides that follows the public price with a lag and never takes. */
export function crowdTrader(spec: z.output<typeof crowdSchema>, world: TraderWorld): Trader {
  const { desk, clock, random } = world;
  let belief = spec.startPrice;
  let resting: string[] = [];
  const offer = (side: BookSide, book: OrderBook) => {
    const distance = spec.offsetCents + random.integer(0, spec.depthCents - 1);
    const wish = Math.round(side === "BID" ? belief - distance : belief + distance);
    const orderId = desk.rest(side, withoutTaking(side, wish, book), drawnSize(random, spec.size));
    return orderId === null ? [] : [orderId];
  };
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => spec.refresh,
    act() {
      resting.forEach((orderId) => desk.cancel(orderId));
      const book = desk.book();
      belief += spec.attention * ((publicPrice(book) ?? belief) - belief);
      resting = (["BID", "ASK"] as const).flatMap((side) =>
        Array.from({ length: spec.orders }, () => offer(side, book)).flat()
      );
    },
  });
}

/** A price at which an order rests: at least a cent away from the best price across. */
function withoutTaking(side: BookSide, price: number, book: OrderBook): number {
  const across = bestPrice(book, otherSide(side));
  if (across === null) return price;
  return side === "BID" ? Math.min(price, across - 1) : Math.max(price, across + 1);
}
