import type { ServiceStatus } from "./service_api.ts";

/** The figures of a market that somebody wants first who is told of trouble; null for none. */
export function marketFigures(status: ServiceStatus | null, marketId: string): object | null {
  const market = status?.markets.find((known) => known.marketId === marketId);
  if (market === undefined) return null;
  const { explanation, orders, lifecycle } = market;
  if (explanation === null) return { lifecycle };
  const { inventory, price, defense } = explanation;
  return {
    lifecycle,
    level: defense.level,
    pnlDayCents: inventory.pnlDayCents,
    pnlTotalCents: inventory.pnlTotalCents,
    yesShares: inventory.yes,
    noShares: inventory.no,
    fairCents: price?.fairCents ?? null,
    bestBidCents: orders.BID[0]?.yesPrice ?? null,
    bestAskCents: orders.ASK[0]?.yesPrice ?? null,
    openOrders: orders.BID.length + orders.ASK.length,
  };
}
