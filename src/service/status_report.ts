import { asProfileOf } from "../config/presets.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { QuoteExplanation } from "../models/explanation.ts";
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
    quoteFunding: context.config.quoteFunding,
    asProfile: asProfileOf(context.config),
    operatorOrder: context.operatorOrder,
    orders: { BID: ladder(context, "BID"), ASK: ladder(context, "ASK") },
    cycles: context.cycles,
    failedCycles: context.failedCycles,
    ownTrades: context.ownTrades,
    explanation: context.explanation,
  };
}

/**
 * The cycles of a market that are still held, oldest first.
 * @throws RangeError for a market that is not among those given
 */
export function explanationsOf(
  marketId: string,
  markets: readonly MarketContext[],
): readonly QuoteExplanation[] {
  const market = markets.find((context) => context.marketId === marketId);
  if (market === undefined) throw new RangeError(`Cannot find market ${marketId}`);
  return [...market.explanations];
}

/** Own orders of a side, best first. */
function ladder({ orders }: MarketContext, side: BookSide): readonly OpenOrder[] {
  const sign = side === "BID" ? -1 : 1;
  return orders.orders
    .filter((order) => order.side === side)
    .toSorted((a, b) => sign * (a.yesPrice - b.yesPrice));
}

/** True if a market has had its first priced cycle, or says why it has none. */
export function isUnderWay({ explanation, lifecycle, problem }: MarketContext): boolean {
  return (explanation !== null && explanation.price !== null) || problem !== null ||
    lifecycle === "STOPPED" || lifecycle === "EMERGENCY";
}

/** The markets that have had a cycle: what they themselves say of their profit counts. */
export function liveMarkets(contexts: readonly MarketContext[]): ReadonlySet<string> {
  return new Set(
    contexts.flatMap(({ marketId, explanation }) => explanation === null ? [] : [marketId]),
  );
}
