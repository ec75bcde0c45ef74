/** One chart, drawn by uPlot. */

import { clock, NONE } from "./format.js";

/** @import UPlot from "uplot/dist/uPlot.d.ts" */
/** @import { Point } from "./types.ts" */

/** The library, loaded by the page before this. */
const Plot = /** @type {typeof UPlot} */ (Reflect.get(globalThis, "uPlot"));

/** @typedef {readonly [label: string, color: string, of: (point: Point) => number | null]} Line */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {readonly Line[]} lines
 * @property {boolean} isStep values hold until the next point
 * @property {(value: number) => string} shown
 */

/** @param {string} name */
function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Draws a chart.
 * @param {Chart} chart
 * @param {HTMLElement} host
 * @param {UPlot.AlignedData} data
 */
export function plotOf({ title, lines, isStep, shown }, host, data) {
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  const stepped = Plot.paths.stepped?.({ align: 1 });
  return new Plot(
    {
      title,
      width: Math.max(200, host.clientWidth),
      height: lines.length > 1 ? 220 : 120,
      cursor: { sync: { key: "market" } },
      legend: { show: lines.length > 1 },
      axes: [
        { ...axis, space: 80, values: (_, splits) => times(splits) },
        { ...axis, size: 58, values: (_, splits) => splits.map((split) => shown(split)) },
      ],
      scales: { y: { range: (_, low, high) => [low - pad(low, high), high + pad(low, high)] } },
      series: [
        { label: "time", value: (_, at) => at === null ? NONE : clock(1000 * at) },
        ...lines.map(([label, variable]) => ({
          label,
          stroke: color(variable),
          width: label === "fair" ? 2 : 1.5,
          dash: label === "fair" ? [5, 3] : [],
          points: { show: false },
          value: (/** @type {UPlot} */ _, /** @type {number | null} */ value) =>
            value === null ? NONE : shown(value),
          ...(isStep && label !== "fair" && stepped !== undefined ? { paths: stepped } : {}),
        })),
      ],
    },
    data,
    host,
  );
}

/**
 * Seconds only where they differ.
 * @param {number[]} splits
 */
function times(splits) {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  return splits.map((split) => clock(1000 * split).slice(0, step < 60 ? 8 : 5));
}

/** A flat line stands in the middle. @param {number} low @param {number} high */
function pad(low, high) {
  return high > low ? 0.08 * (high - low) : 1;
}
