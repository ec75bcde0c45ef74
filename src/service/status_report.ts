import type { MarketContext } from "../cycle/market_context.ts";
import type { OpenOrder } from "../models/order.ts";
import type { BookSide } from "../models/vocabulary.ts";
import type { MarketStatusReport } from "./service_api.ts";

/** One market as the status page shows it. */
export function statusReport(context: MarketContext): MarketStatusReport {
  return {
    marketId: context.marketId,
    title: context.state?.market.title ?? context.marketId,
    lifecycle: context.lifecycle,
    problem: context.problem,
    latch: context.state?.defense.latch ?? null,
    operatorOrder: context.operatorOrder,
    orders: { BID: ladder(context, "BID"), ASK: ladder(context, "ASK") },
    cycles: context.cycles,
    failedCycles: context.failedCycles,
    ownTrades: context.ownTrades,
    explanation: context.explanation,
  };
}

/** Own orders of a side, best first. */
function ladder({ orders }: MarketContext, side: BookSide): readonly OpenOrder[] {
  const sign = side === "BID" ? -1 : 1;
  return orders.orders
    .filter((order) => order.side === side)
    .toSorted((a, b) => sign * (a.yesPrice - b.yesPrice));
}
