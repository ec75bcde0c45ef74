import { type Cents, mirrorPrice } from "../models/money.ts";
import type { Fill } from "../models/order.ts";
import { bookSideOf, type Contract, type Direction, type Scenario } from "../models/vocabulary.ts";
import type { VenueTrade } from "./connector.ts";

/** The counterparty of the audit record that a privileged mint or burn leaves. */
const SYSTEM_USER = "SYSTEM";

/** What each side of the YES book did in a trade (exchange API §4.5). */
const LEGS: Readonly<
  Record<Scenario, Readonly<Record<"buy" | "sell", readonly [Contract, Direction]>>>
> = {
  MINT: { buy: ["YES", "BUY"], sell: ["NO", "BUY"] },
  TRANSFER_YES: { buy: ["YES", "BUY"], sell: ["YES", "SELL"] },
  TRANSFER_NO: { buy: ["NO", "SELL"], sell: ["NO", "BUY"] },
  BURN: { buy: ["NO", "SELL"], sell: ["YES", "SELL"] },
};

/**
 * The own executions in a trade of the venue. Contract and direction come from scenario and role
 * together: in a NO transfer the seller of NO is on the *buy* side of the book (L-11), in a BURN
 * both sell (L-12).
 * @param trade a row of the account's trade list
 * @param ownUserId the bot's user id
 * @param takerFeeCents what the venue charged us, 0 for a maker fill
 * @returns one fill per own role; none for the audit record of a mint or burn, which is booked by
 * its call
 */
export function ownFills(
  trade: VenueTrade,
  ownUserId: string,
  takerFeeCents: Cents,
): readonly Fill[] {
  if (trade.buyUserId === SYSTEM_USER || trade.sellUserId === SYSTEM_USER) return [];
  const fills: Fill[] = [];
  if (trade.buyUserId === ownUserId) fills.push(fillOf(trade, "buy", takerFeeCents));
  if (trade.sellUserId === ownUserId) {
    // A trade with itself is charged once.
    fills.push(fillOf(trade, "sell", fills.length === 0 ? takerFeeCents : 0 as Cents));
  }
  return fills;
}

function fillOf(trade: VenueTrade, role: "buy" | "sell", feeCents: Cents): Fill {
  const [contract, direction] = LEGS[trade.scenario][role];
  return {
    tradeId: trade.tradeId,
    marketId: trade.marketId,
    executedAtMs: trade.executedAtMs,
    contract,
    direction,
    contractPrice: contract === "YES" ? trade.yesPrice : mirrorPrice(trade.yesPrice),
    side: bookSideOf(contract, direction),
    yesPrice: trade.yesPrice,
    quantity: trade.quantity,
    feeCents,
  };
}
