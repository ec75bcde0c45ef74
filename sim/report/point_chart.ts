import script from "./point_charts.js" with { type: "text" };
import { escapeHtml, table } from "./html.ts";
import { htmlPage } from "./shell.ts";

/** A point with its interval. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number | null;
  readonly high?: number | null;
  /** Text beside the point. */
  readonly label?: string;
}

/** Points of one colour, joined or not. */
export interface ChartSeries {
  readonly label: string;
  readonly line?: boolean;
  /** One point for each x. */
  readonly points: readonly ChartPoint[];
}

/** A chart of points. */
export interface PointChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Names of the whole x values from 0, if they stand for something. */
  readonly ticks?: readonly string[];
  readonly series: readonly ChartSeries[];
}

/** A table under a title. */
export interface TitledTable {
  readonly title: string;
  /** The first one is the heading. */
  readonly rows: readonly (readonly string[])[];
}

/** What stands on a page of charts. */
export interface ChartPage {
  readonly title: string;
  readonly about: string;
  readonly tables: readonly TitledTable[];
  readonly charts: readonly PointChart[];
  readonly violations: readonly string[];
}

/** A page with tables and charts of points. */
export function chartPage({ title, about, tables, charts, violations }: ChartPage): string {
  const wrong = violations.map((violation) => `<li>${escapeHtml(violation)}</li>`).join("");
  return htmlPage({
    title,
    body: `<h1>${escapeHtml(title)}</h1>
<p class="about">${escapeHtml(about)}</p>
${wrong === "" ? "" : `<ul class="violations">${wrong}</ul>`}
${charts.map((_, index) => `<div data-chart="${index}"></div>`).join("\n")}
${tables.map(shownTable).join("\n")}`,
    data: charts,
    script,
  });
}

function shownTable({ title, rows: [heading = [], ...rows] }: TitledTable): string {
  return `<h2>${escapeHtml(title)}</h2>\n<div class="wide">${table(heading, rows)}</div>`;
}
