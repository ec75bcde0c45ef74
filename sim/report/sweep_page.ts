import type { Cell, Comparative } from "../lab/compare.ts";
import { frontier } from "../lab/frontier.ts";
import { cellTables } from "./estimates.ts";
import { chartPage, type ChartPoint, type PointChart } from "./point_chart.ts";

/** The page of a sweep: what takers paid against what it cost, with the frontier. */
export function sweepPage(compared: Comparative, about: string): string {
  const { cells, overall } = compared;
  const markets = [...new Set(cells.map(({ marketType }) => marketType))];
  return chartPage({
    title: "Settings compared",
    about,
    tables: cellTables(compared),
    charts: [
      ...(overall.length > 0 ? [frontierChart("all markets together", overall)] : []),
      ...markets.map((market) =>
        frontierChart(market, cells.filter(({ marketType }) => marketType === market))
      ),
    ],
    violations: cells.flatMap(({ maker, marketType, violations }) =>
      violations.map((violation) => `${maker} in ${marketType}, ${violation}`)
    ),
  });
}

function frontierChart(market: string, cells: readonly Cell[]): PointChart {
  const best = frontier(cells);
  const rest = cells.filter((cell) => !best.includes(cell));
  return {
    title: `${market}: the lower the better, the more to the left the better`,
    x: "paid spread, cents",
    y: "cost per share, cents",
    series: [
      { label: "frontier", line: true, points: best.flatMap(pointOf) },
      { label: "beaten", points: rest.flatMap(pointOf) },
    ],
  };
}

/** The values alone: `kappa=1 min_edge_cents=0` is `1 0` beside its point. */
function valuesOf(maker: string): string {
  return maker.replaceAll(/[a-z_]+=/g, "");
}

function pointOf({ maker, estimates }: Cell): ChartPoint[] {
  const { paid_spread_cents: paid, cost_per_share_cents: cost } = estimates;
  if (paid.mean === null || cost.mean === null) return [];
  return [{ x: paid.mean, y: cost.mean, low: cost.low, high: cost.high, label: valuesOf(maker) }];
}
