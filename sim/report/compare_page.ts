import { FIGURE_NAMES, type FigureName } from "../harness/figures.ts";
import { type Cell, type Comparative, summaryOf } from "../lab/compare.ts";
import { cellTables, FIGURE_COLUMNS } from "./estimates.ts";
import { chartPage, type ChartPoint, type PointChart } from "./point_chart.ts";

/** The page of a comparison: every figure as a chart over the kinds of market, and the tables. */
export function comparePage(compared: Comparative, about: string): string {
  const { cells } = compared;
  return chartPage({
    title: "Market makers compared",
    about,
    tables: cellTables(compared),
    charts: [
      tradeOff(summaryOf(compared)),
      ...FIGURE_NAMES.map((name) => overMarkets(name, compared)),
    ],
    violations: cells.flatMap(({ maker, marketType, violations }) =>
      violations.map((violation) => `${maker} in ${marketType}, ${violation}`)
    ),
  });
}

/** What a maker costs against how well it knows the price. */
function tradeOff(cells: readonly Cell[]): PointChart {
  return {
    title: "The lower the better, the more to the left the better",
    x: "price error, cents",
    y: "cost per share, cents",
    series: cells.map((cell) => {
      const { price_error_cents: error, cost_per_share_cents: cost } = cell.estimates;
      if (error.mean === null || cost.mean === null) return { label: cell.maker, points: [] };
      const { low, high } = cost;
      const point = { x: error.mean, y: cost.mean, low, high, label: cell.maker };
      return { label: cell.maker, points: [point] };
    }),
  };
}

/** One figure: the kinds of market side by side, in each of them the makers. */
function overMarkets(name: FigureName, { cells }: Comparative): PointChart {
  const markets = [...new Set(cells.map(({ marketType }) => marketType))];
  const makers = [...new Set(cells.map(({ maker }) => maker))];
  const { heading, scale } = FIGURE_COLUMNS[name];
  const pointsOf = (maker: string, place: number): ChartPoint[] =>
    cells.filter((cell) => cell.maker === maker).flatMap(({ marketType, estimates }) => {
      const { mean, low, high } = estimates[name];
      if (mean === null) return [];
      const scaled = (value: number | null) => value === null ? null : value * scale;
      const x = markets.indexOf(marketType) + 0.7 * ((place + 0.5) / makers.length - 0.5);
      return [{ x, y: mean * scale, low: scaled(low), high: scaled(high) }];
    });
  return {
    title: heading,
    x: "",
    y: heading,
    ticks: markets,
    series: makers.map((maker, place) => ({ label: maker, points: pointsOf(maker, place) })),
  };
}
