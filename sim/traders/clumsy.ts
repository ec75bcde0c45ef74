import type { z } from "zod";
import { HOUR_MS } from "../../src/models/market.ts";
import {
  rateSchema,
  routineTrader,
  type Trader,
  traderSchema,
  type TraderWorld,
} from "./trader.ts";

/**
 * Somebody whose orders the venue refuses. On the deployed exchange each of them costs the market
 * its live book.
 */
export const clumsySchema = traderSchema("clumsy", {
  /** How often he tries. */
  rate_per_hour: rateSchema,
});

/** More shares than the venue takes in one order (4002). */
const TOO_MANY_SHARES = 10_001;

/** Sends an order that cannot be accepted, now and then. */
export function clumsyTrader(
  spec: z.output<typeof clumsySchema>,
  { desk, clock, random }: TraderWorld,
): Trader {
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => random.exponential(HOUR_MS / spec.ratePerHour),
    act: () => void desk.rest("BID", 1, TOO_MANY_SHARES),
  });
}
