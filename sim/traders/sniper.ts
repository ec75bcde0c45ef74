import type { z } from "zod";
import { duration } from "../duration.ts";
import { takeMispriced } from "./mispricing.ts";
import {
  distanceSchema,
  type InsiderWorld,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
} from "./trader.ts";

/** Somebody with a fast news feed. */
export const sniperSchema = traderSchema("sniper", {
  /** What he takes at most after one move. */
  size: sizeSchema.default(200),
  /** He strikes when a quote is stale by more than this. */
  stale_cents: distanceSchema.default(3),
  /** How fast he is. */
  reaction: duration().default(300),
});

/** Wakes right after each move of the truth and takes quotes that have not followed. */
export function sniperTrader(spec: z.output<typeof sniperSchema>, world: InsiderWorld): Trader {
  return routineTrader({
    clock: world.clock,
    presence: spec,
    nextDelayMs: () => {
      const moveInMs = world.insight.nextMoveInMs();
      return moveInMs === null ? null : moveInMs + spec.reaction;
    },
    act: () => {
      takeMispriced(world, { edgeCents: spec.staleCents, quantity: spec.size });
    },
  });
}
