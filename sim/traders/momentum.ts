import type { z } from "zod";
import { HOUR_MS } from "../../src/models/market.ts";
import { numberBetween } from "../fields.ts";
import { drawnSize } from "./opinion.ts";
import {
  distanceSchema,
  intervalSchema,
  rateSchema,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
  type TraderWorld,
} from "./trader.ts";

/** Somebody who buys what has risen. */
export const momentumSchema = traderSchema("momentum", {
  /** How often he looks. */
  rate_per_hour: rateSchema,
  /** Mean size. */
  size: sizeSchema.default(10),
  /** He looks back this far. */
  window: intervalSchema.default(15 * 60_000),
  /** A move of the last trade price that he follows. */
  trigger_cents: numberBetween(1, 98).default(2),
  /** How far beyond the last trade he pays. */
  chase_cents: distanceSchema.default(2),
});

/** Follows moves of the last trade price that he has seen himself. */
export function momentumTrader(spec: z.output<typeof momentumSchema>, world: TraderWorld): Trader {
  const { desk, clock, arrivals, random } = world;
  let seen: { readonly atMs: number; readonly price: number }[] = [];
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => arrivals.exponential(HOUR_MS / spec.ratePerHour),
    act() {
      const price = desk.book().lastTradePrice;
      if (price === null) return;
      const nowMs = clock.monotonicMs();
      seen = [...seen.filter(({ atMs }) => atMs >= nowMs - spec.window), { atMs: nowMs, price }];
      const move = price - (seen[0]?.price ?? price);
      if (Math.abs(move) < spec.triggerCents) return;
      const [side, limit] = move > 0
        ? ["BID" as const, price + spec.chaseCents]
        : ["ASK" as const, price - spec.chaseCents];
      desk.take(side, limit, drawnSize(random, spec.size));
    },
  });
}
