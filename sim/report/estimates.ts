import type { FigureName } from "../harness/figures.ts";
import type { Cell, Comparative } from "../lab/compare.ts";
import type { Estimate } from "../lab/statistics.ts";
import type { TitledTable } from "./point_chart.ts";

/** How a figure is shown. */
interface FigureColumn {
  readonly heading: string;
  /** What a figure is multiplied with before it is shown. */
  readonly scale: number;
  readonly digits: number;
}

const PERCENT = 100;
const DOLLARS = 0.01;

/** How each figure is shown, with its unit in the heading. */
export const FIGURE_COLUMNS: Readonly<Record<FigureName, FigureColumn>> = {
  two_sided_uptime: { heading: "two-sided %", scale: PERCENT, digits: 1 },
  two_sided_outside_news: { heading: "outside news %", scale: PERCENT, digits: 1 },
  quoted_spread_cents: { heading: "quoted c", scale: 1, digits: 1 },
  paid_spread_cents: { heading: "paid c", scale: 1, digits: 1 },
  volume_shares: { heading: "volume", scale: 1, digits: 0 },
  price_error_cents: { heading: "price error c", scale: 1, digits: 1 },
  pnl_cents: { heading: "P&L $", scale: DOLLARS, digits: 2 },
  settled_pnl_cents: { heading: "settled $", scale: DOLLARS, digits: 2 },
  cost_per_share_cents: { heading: "cost/share c", scale: 1, digits: 2 },
  worst_loss_cents: { heading: "worst loss $", scale: DOLLARS, digits: 2 },
  worst_outcome_loss_cents: { heading: "worse outcome $", scale: DOLLARS, digits: 2 },
  max_drawdown_cents: { heading: "drawdown $", scale: DOLLARS, digits: 2 },
  inventory_std: { heading: "inventory", scale: 1, digits: 0 },
  markout_1s_cents: { heading: "after 1s c", scale: 1, digits: 2 },
  markout_10s_cents: { heading: "10s c", scale: 1, digits: 2 },
  markout_60s_cents: { heading: "60s c", scale: 1, digits: 2 },
  kills: { heading: "kills", scale: 1, digits: 2 },
  widen_share: { heading: "WIDEN %", scale: PERCENT, digits: 1 },
  one_side_share: { heading: "ONE_SIDE %", scale: PERCENT, digits: 1 },
  paused_share: { heading: "paused %", scale: PERCENT, digits: 1 },
  bid_levels: { heading: "bid levels", scale: 1, digits: 1 },
};

const QUALITY: readonly FigureName[] = [
  "two_sided_uptime",
  "quoted_spread_cents",
  "paid_spread_cents",
  "volume_shares",
  "price_error_cents",
  "cost_per_share_cents",
  "pnl_cents",
  "settled_pnl_cents",
];
const RISK: readonly FigureName[] = [
  "worst_loss_cents",
  "worst_outcome_loss_cents",
  "max_drawdown_cents",
  "inventory_std",
  "markout_1s_cents",
  "markout_10s_cents",
  "markout_60s_cents",
  "kills",
];

/** A table: what the quotes were worth to others, and what they cost. */
export function qualityTable(cells: readonly Cell[]): string[][] {
  return tableOf(cells, QUALITY);
}

/** A table: what could be lost, and how. */
export function riskTable(cells: readonly Cell[]): string[][] {
  const largest = (cell: Cell) => (cell.largestLossCents * DOLLARS).toFixed(2);
  return tableOf(cells, RISK).map((row, index) => {
    const cell = cells[index - 1];
    return [...row, cell === undefined ? "largest loss $" : largest(cell)];
  });
}

/** All tables of an experiment for a page. */
export function cellTables({ cells, overall }: Comparative): TitledTable[] {
  const together = [
    { title: "All markets together", rows: qualityTable(overall) },
    { title: "Risk, all markets together", rows: riskTable(overall) },
  ];
  return [
    ...(overall.length > 0 ? together : []),
    { title: "Market by market", rows: qualityTable(cells) },
    { title: "Risk, market by market", rows: riskTable(cells) },
  ];
}

function tableOf(cells: readonly Cell[], names: readonly FigureName[]): string[][] {
  return [
    ["market", "maker", ...names.map((name) => FIGURE_COLUMNS[name].heading)],
    ...cells.map(({ marketType, maker, estimates }) => [
      marketType,
      maker,
      ...names.map((name) => shownEstimate(name, estimates[name])),
    ]),
  ];
}

/** `12.3 ±0.4`; `-` where nothing is known. */
export function shownEstimate(name: FigureName, { mean, high }: Estimate): string {
  const { scale, digits } = FIGURE_COLUMNS[name];
  if (mean === null) return "-";
  const shown = (mean * scale).toFixed(digits);
  return high === null ? shown : `${shown} ±${((high - mean) * scale).toFixed(digits)}`;
}
