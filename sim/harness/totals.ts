import { higherLevel } from "../../src/models/vocabulary.ts";
import type { MarketResult, Measured } from "./result.ts";

/**
 * The figures of a whole run from those of its markets; what happened is listed market by market.
 */
export function totalsOf(
  markets: readonly MarketResult[],
  maxDrawdownCents: number,
): Measured {
  const sum = (pick: (market: MarketResult) => number) =>
    markets.reduce((total, market) => total + pick(market), 0);
  const mean = (pick: (market: MarketResult) => number) => sum(pick) / markets.length;
  return {
    cycles: sum(({ cycles }) => cycles),
    failedCycles: sum(({ failedCycles }) => failedCycles),
    ownOrders: sum(({ ownOrders }) => ownOrders),
    ownOrdersOpen: sum(({ ownOrdersOpen }) => ownOrdersOpen),
    ownTrades: sum(({ ownTrades }) => ownTrades),
    volumeShares: sum(({ volumeShares }) => volumeShares),
    pnlCents: sum(({ pnlCents }) => pnlCents),
    bookedPnlCents: sum(({ bookedPnlCents }) => bookedPnlCents),
    maxDrawdownCents,
    maxNetShares: Math.max(...markets.map(({ maxNetShares }) => maxNetShares)),
    matchableTwoSidedUptime: mean(({ matchableTwoSidedUptime }) => matchableTwoSidedUptime),
    twoSidedUptime: mean(({ twoSidedUptime }) => twoSidedUptime),
    averageSpreadCents: mean(({ averageSpreadCents }) => averageSpreadCents),
    fairErrorCents: mean(({ fairErrorCents }) => fairErrorCents),
    kills: sum(({ kills }) => kills),
    finalDefenseLevel: markets.map(({ finalDefenseLevel }) => finalDefenseLevel)
      .reduce(higherLevel),
    levelsVisited: markets.flatMap(({ levelsVisited }) => levelsVisited),
    pauses: markets.flatMap(({ pauses }) => pauses),
    killReasons: markets.flatMap(({ killReasons }) => killReasons),
    phases: markets.flatMap(({ phases }) => phases),
  };
}
