import type { z } from "zod";
import { HOUR_MS } from "../../src/models/market.ts";
import { drawnSize } from "./opinion.ts";
import { takeMispriced } from "./mispricing.ts";
import {
  distanceSchema,
  type InsiderWorld,
  rateSchema,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
} from "./trader.ts";

/** Somebody who knows the true probability, but is not in a hurry. */
export const informedSchema = traderSchema("informed", {
  /** How often he looks. */
  rate_per_hour: rateSchema,
  /** Mean size. */
  size: sizeSchema.default(10),
  /** He trades when a quote is wrong by more than this. */
  edge_cents: distanceSchema.default(0.5),
});

/** Looks at the book now and then and takes quotes that are wrong. */
export function informedTrader(spec: z.output<typeof informedSchema>, world: InsiderWorld): Trader {
  const { clock, arrivals, random } = world;
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => arrivals.exponential(HOUR_MS / spec.ratePerHour),
    act: () => {
      takeMispriced(world, { edgeCents: spec.edgeCents, quantity: drawnSize(random, spec.size) });
    },
  });
}
