import type { z } from "zod";
import { HOUR_MS } from "../../src/models/market.ts";
import { numberBetween } from "../fields.ts";
import { drawnSize, publicPrice } from "./opinion.ts";
import {
  distanceSchema,
  rateSchema,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
  type TraderWorld,
} from "./trader.ts";

/** Somebody who trades for reasons of his own. */
export const noiseSchema = traderSchema("noise", {
  /** Arrivals, both sides together. */
  rate_per_hour: rateSchema,
  /** Mean size. */
  size: sizeSchema.default(10),
  /**
   * Mean distance from the public price that he pays; the flow falls off as
   * `exp(-distance/patience)` (§6.7).
   */
  patience_cents: distanceSchema.default(1.7),
  /** Share of arrivals that buy YES. */
  buy_share: numberBetween(0, 1).default(0.5),
  /** How much more often the unlikely side is bought near the edges: the long-shot bias. */
  long_shot_bias: numberBetween(0, 0.5).default(0),
});

/**
 * Arrives at random, picks a side at random and takes what is not too far from the public price.
 */
export function noiseTrader(spec: z.output<typeof noiseSchema>, world: TraderWorld): Trader {
  const { desk, clock, arrivals, random } = world;
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => arrivals.exponential(HOUR_MS / spec.ratePerHour),
    act() {
      const price = publicPrice(desk.book());
      if (price === null) return;
      const longShot = spec.longShotBias * (50 - price) / 50;
      const side = random.next() < spec.buyShare + longShot ? "BID" : "ASK";
      const concession = random.exponential(spec.patienceCents);
      const limit = side === "BID" ? price + concession : price - concession;
      desk.take(side, limit, drawnSize(random, spec.size));
    },
  });
}
