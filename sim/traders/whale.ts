import type { z } from "zod";
import { PAIR_CENTS } from "../../src/models/money.ts";
import { oneOf, wholeNumber } from "../fields.ts";
import {
  intervalSchema,
  routineTrader,
  sizeSchema,
  type Trader,
  traderSchema,
  type TraderWorld,
} from "./trader.ts";

/** Somebody who buys one contract by a programme, whatever the market makes of it. */
export const whaleSchema = traderSchema("whale", {
  buys: oneOf("YES", "NO").default("YES"),
  /** What he wants in total. */
  total: wholeNumber(1, 1_000_000),
  /** What he buys at a time. */
  slice: sizeSchema,
  interval: intervalSchema,
  /** The most that he pays for a share of his contract, cents. */
  max_price: wholeNumber(1, 99).default(99),
});

/** Buys a slice at every interval until he has all he wants. */
export function whaleTrader(
  spec: z.output<typeof whaleSchema>,
  { desk, clock }: TraderWorld,
): Trader {
  let wanted = spec.total;
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs: () => wanted > 0 ? spec.interval : null,
    act() {
      const quantity = Math.min(spec.slice, wanted);
      wanted -= spec.buys === "YES"
        ? desk.take("BID", spec.maxPrice, quantity)
        : desk.take("ASK", PAIR_CENTS - spec.maxPrice, quantity);
    },
  });
}
