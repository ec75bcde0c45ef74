import type { z } from "zod";
import { duration } from "../duration.ts";
import { block, listOf, numberBetween, oneOf, wholeNumber } from "../fields.ts";
import { routineTrader, type Trader, traderSchema, type TraderWorld } from "./trader.ts";

/** The most that one order may hold; more is sent in parts. */
const ORDER_SHARES = 10_000;

/** Takers who were recorded and come again. */
export const tapeSchema = traderSchema("tape", {
  /** In the order of their times, which count from the start of the market. */
  trades: listOf(
    block({
      at: duration(),
      /** BID buys YES exposure. */
      side: oneOf("BID", "ASK"),
      /** What he paid then and pays at worst now, YES cents. */
      price: numberBetween(1, 99),
      size: wholeNumber(1, 1_000_000),
    }),
    1,
    1_000_000,
  ),
});

/** Sends each recorded trade at its time as an order that takes up to its price. */
export function tapeTrader(
  spec: z.output<typeof tapeSchema>,
  { desk, clock }: TraderWorld,
): Trader {
  let next = 0;
  const startMs = clock.monotonicMs();
  return routineTrader({
    clock,
    presence: spec,
    nextDelayMs() {
      const trade = spec.trades[next];
      return trade === undefined ? null : Math.max(0, startMs + trade.at - clock.monotonicMs());
    },
    act() {
      const trade = spec.trades[next++];
      if (trade === undefined) return;
      for (let left = trade.size; left > 0; left -= ORDER_SHARES) {
        desk.take(trade.side, trade.price, Math.min(left, ORDER_SHARES));
      }
    },
  });
}
