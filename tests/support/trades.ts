import type { VenueTrade } from "../../src/connector/connector.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import type { Scenario } from "../../src/models/vocabulary.ts";

/** The bot's user id in tests of the books. */
export const OWN = "amm";

/** A trade row of the venue in which the bot has one role. */
export function venueTrade(
  scenario: Scenario,
  role: "buy" | "sell",
  overrides: Partial<VenueTrade> = {},
): VenueTrade {
  return {
    tradeId: "t1",
    marketId: "MKT-1",
    scenario,
    yesPrice: price(60),
    quantity: shares(10),
    buyUserId: role === "buy" ? OWN : "somebody",
    sellUserId: role === "sell" ? OWN : "somebody",
    takerFeeCents: cents(4),
    executedAtMs: 1_000,
    ...overrides,
  };
}
