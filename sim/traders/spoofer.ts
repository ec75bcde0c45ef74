import type { z } from "zod";
import { bestPrice } from "../../src/models/book.ts";
import { otherSide } from "../../src/models/vocabulary.ts";
import { oneOf, wholeNumber } from "../fields.ts";
import {
  distanceSchema,
  intervalSchema,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
  type TraderWorld,
} from "./trader.ts";

/** Somebody who shows orders that he does not mean. */
export const spooferSchema = traderSchema("spoofer", {
  /** The side that he pretends to want. */
  side: oneOf("BID", "ASK").default("BID"),
  size: sizeSchema.default(5_000),
  /** How far behind the best price of the side he hides, so that he is not filled. */
  offset_cents: distanceSchema.default(1),
  /** How long the order stands. */
  life: intervalSchema.default(30_000),
  /** How long he waits before the next one. */
  pause: intervalSchema.default(30_000),
  /**
   * What he really trades, on the other side, just before he takes the order back; 0 only pretends.
   */
  strike: wholeNumber(0, 10_000).default(0),
});

/**
 * Lets a large order stand, trades against the impression it made, takes it back, and begins again.
 */
export function spooferTrader(spec: z.output<typeof spooferSchema>, world: TraderWorld): Trader {
  const { desk, clock } = world;
  let fake: string | null = null;
  const pretend = () => {
    const best = bestPrice(desk.book(), spec.side);
    if (best === null) return;
    const price = spec.side === "BID" ? best - spec.offsetCents : best + spec.offsetCents;
    fake = desk.rest(spec.side, price, spec.size);
  };
  const strike = (orderId: string) => {
    const side = otherSide(spec.side);
    const target = bestPrice(desk.book(), spec.side);
    if (spec.strike > 0 && target !== null) desk.take(side, target, spec.strike);
    desk.cancel(orderId);
    fake = null;
  };
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => fake === null ? spec.pause : spec.life,
    act: () => fake === null ? pretend() : strike(fake),
  });
}
