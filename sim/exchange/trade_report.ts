import { type Cents, cents, type Shares } from "../../src/models/money.ts";
import type { Scenario } from "../../src/models/vocabulary.ts";
import type { Order } from "./records.ts";
import type { Floor } from "./state.ts";
import type { BookType, FillBrief } from "./types.ts";

/** Two orders that meet, and how many shares change hands. */
export interface Match {
  readonly maker: Order;
  readonly taker: Order;
  readonly quantity: Shares;
}

/** What a fill did to one party. `pnlCents` is null if it opened its position. */
export interface Cleared {
  readonly feeCents: number;
  readonly pnlCents: number | null;
}

const SCENARIOS: Readonly<Record<BookType, Readonly<Partial<Record<BookType, Scenario>>>>> = {
  NATIVE_BUY: { NATIVE_SELL: "TRANSFER_YES", SYNTHETIC_SELL: "MINT" },
  SYNTHETIC_BUY: { NATIVE_SELL: "BURN", SYNTHETIC_SELL: "TRANSFER_NO" },
  NATIVE_SELL: {},
  SYNTHETIC_SELL: {},
};

/** How a bid and an ask clear (§8.1). */
function scenarioOf(bid: Order, ask: Order): Scenario {
  const scenario = SCENARIOS[bid.bookType][ask.bookType];
  if (scenario === undefined) {
    throw new Error(`Cannot clear ${bid.bookType} against ${ask.bookType}`);
  }
  return scenario;
}

/**
 * Writes a fill down: in the lists of its parties, in the news for everybody, in the statistics.
 * @returns the fill as the placing user sees it
 */
export function reportTrade(
  { state, market }: Floor,
  { maker, taker, quantity }: Match,
  cleared: ReadonlyMap<Order, Cleared>,
): FillBrief {
  const [bid, ask] = maker.side === "BID" ? [maker, taker] : [taker, maker];
  const makerFeeCents = cents(cleared.get(maker)?.feeCents ?? 0);
  const takerFeeCents = cents(cleared.get(taker)?.feeCents ?? 0);
  const scenario = scenarioOf(bid, ask);
  const { yesPrice } = maker;
  const [tradeId, marketId, executedAtMs] = [state.ids.next(), market.id, state.nowMs()];
  const [buyOrderId, sellOrderId] = [bid.orderId, ask.orderId];
  const [buyUserId, sellUserId] = [bid.userId, ask.userId];
  state.trades.record({
    tradeId,
    marketId,
    scenario,
    yesPrice,
    quantity,
    executedAtMs,
    buyOrderId,
    sellOrderId,
    buyUserId,
    sellUserId,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerFeeCents,
    takerFeeCents,
    buyRealizedPnlCents: pnlOf(cleared.get(bid)),
    sellRealizedPnlCents: pnlOf(cleared.get(ask)),
  });
  state.trades.announce({
    tradeId,
    marketId,
    scenario,
    yesPrice,
    quantity,
    executedAtMs,
    aggressor: taker.side,
    makerUserId: maker.userId,
    takerUserId: taker.userId,
  });
  const feesCents = makerFeeCents + takerFeeCents;
  market.count({ yesPrice, quantity, buyUserId, sellUserId, feesCents });
  return { scenario, yesPrice, quantity, buyOrderId, sellOrderId };
}

function pnlOf(cleared: Cleared | undefined): Cents | null {
  return cleared === undefined || cleared.pnlCents === null ? null : cents(cleared.pnlCents);
}
