/** Prices, inventory and profit over time. */

import { call, marketPath } from "./api.js";
import { fill, h, panel, setText } from "./dom.js";
import { clock, fine, gain, NONE, plural, signed } from "./format.js";

/** @import UPlot from "uplot/dist/uPlot.d.ts" */
/** @import { Detail, Point } from "./types.ts" */

/** The library, loaded by the page before this. */
const Plot = /** @type {typeof UPlot} */ (Reflect.get(globalThis, "uPlot"));

const MINUTES = [10, 60, 360];
/** More points than pixels show nothing more. */
const MAX_POINTS = 4000;

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {readonly (readonly [label: string, color: string, of: (point: Point) => number | null, isStep: boolean])[]} lines
 * @property {(value: number) => string} shown
 */

/** @type {readonly Chart[]} */
const CHARTS = [
  {
    title: "Price, YES ¢",
    lines: [
      ["ask", "--ask", (point) => point.ask_cents, true],
      ["fair", "--fair", (point) => point.fair_cents, false],
      ["bid", "--bid", (point) => point.bid_cents, true],
    ],
    shown: (value) => fine(value),
  },
  {
    title: "Inventory, net YES shares",
    lines: [["net", "--fair", (point) => point.net_shares, true]],
    shown: signed,
  },
  {
    title: "P&L total, $",
    lines: [["P&L", "--good", (point) => point.pnl_total_cents / 100, false]],
    shown: (value) => gain(100 * value),
  },
];

/**
 * The charts of one market.
 * @param {string} marketId
 */
export function chartsPanel(marketId) {
  const hosts = CHARTS.map(() => h("div", { class: "chart", role: "img" }));
  const note = h("p", { class: "note" });
  const choice = h(
    "select",
    { "aria-label": "Time shown", oninput: () => void load() },
    ...MINUTES.map((minutes) => h("option", { value: String(minutes) }, span(minutes))),
  );
  choice.value = "60";
  const element = panel(
    "Over time",
    "charts",
    h("div", { class: "toolbar" }, choice, note),
    ...hosts,
  );
  /** @type {Point[]} */
  let points = [];
  /** @type {UPlot[]} */
  let plots = [];

  async function load() {
    const path = marketPath(marketId, `/history?minutes=${choice.value}`);
    points = (await call("GET", path, undefined, null)).points.slice(-MAX_POINTS);
    draw();
  }

  /** Makes the charts anew: colours or sizes have changed. */
  function draw() {
    for (const plot of plots) plot.destroy();
    plots = CHARTS.map((chart, index) => plotOf(chart, hosts[index] ?? h("div"), columns(chart)));
    describe();
  }

  /** @param {Chart} chart @returns {UPlot.AlignedData} */
  function columns({ lines }) {
    return [points.map(({ at_ms: at }) => at / 1000), ...lines.map(([, , of]) => points.map(of))];
  }

  function describe() {
    const last = points.at(-1);
    setText(note, points.length === 0 ? "No cycle in this time." : plural(points.length, "cycle"));
    CHARTS.forEach(({ title, lines, shown }, index) => {
      const values = lines.map(([label, , of]) => {
        const value = last === undefined ? null : of(last);
        return `${label} ${value === null ? NONE : shown(value)}`;
      });
      hosts[index]?.setAttribute("aria-label", `${title}: now ${values.join(", ")}`);
    });
  }

  /** @param {Detail} detail */
  const update = (detail) => {
    const point = pointOf(detail);
    if (point === null || plots.length === 0 || point.cycle <= (points.at(-1)?.cycle ?? -1)) return;
    const fromMs = point.at_ms - 60_000 * Number(choice.value);
    points = [...points.filter(({ at_ms: at }) => at >= fromMs), point].slice(-MAX_POINTS);
    plots.forEach((plot, index) => {
      const chart = CHARTS[index];
      if (chart !== undefined) plot.setData(columns(chart));
    });
    describe();
  };

  const resize = new ResizeObserver(() => {
    plots.forEach((plot, index) => {
      const width = hosts[index]?.clientWidth ?? 0;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
    });
  });
  resize.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", draw);
  const close = () => {
    resize.disconnect();
    dark.removeEventListener("change", draw);
    for (const plot of plots) plot.destroy();
    fill(element);
  };
  return { element, load, update, close };
}

/** @param {number} minutes */
function span(minutes) {
  return minutes < 60 ? `${minutes} minutes` : plural(minutes / 60, "hour");
}

/**
 * The point that the last cycle adds, as the history would show it.
 * @param {Detail} detail
 * @returns {Point | null}
 */
function pointOf({ explanation }) {
  if (explanation === null) return null;
  const { cycle, at_ms, price, targets, inventory, defense } = explanation;
  const best = (
    /** @type {"ASK" | "BID"} */ side,
    /** @type {(...prices: number[]) => number} */ pick,
  ) => {
    const prices = targets.filter((target) => target.side === side).map((target) =>
      target.yes_price_cents
    );
    return prices.length === 0 ? null : pick(...prices);
  };
  return {
    cycle,
    at_ms,
    fair_cents: price?.raw_cents ?? null,
    bid_cents: best("BID", Math.max),
    ask_cents: best("ASK", Math.min),
    skew: inventory.effective_skew,
    net_shares: inventory.yes - inventory.no,
    pnl_day_cents: inventory.pnl_day_cents,
    pnl_total_cents: inventory.pnl_total_cents,
    level: defense.level,
  };
}

/** @param {string} name */
function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * @param {Chart} chart
 * @param {HTMLElement} host
 * @param {UPlot.AlignedData} data
 */
function plotOf({ title, lines, shown }, host, data) {
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
        { ...axis, values: (_, splits) => times(splits) },
        { ...axis, size: 58, values: (_, splits) => splits.map((split) => shown(split)) },
      ],
      scales: { y: { range: (_, low, high) => [low - pad(low, high), high + pad(low, high)] } },
      series: [
        { label: "time", value: (_, at) => at === null ? NONE : clock(1000 * at) },
        ...lines.map(([label, variable, , isStep]) => ({
          label,
          stroke: color(variable),
          width: label === "fair" ? 2 : 1.5,
          dash: label === "fair" ? [5, 3] : [],
          points: { show: false },
          value: (/** @type {UPlot} */ _, /** @type {number | null} */ value) =>
            value === null ? NONE : shown(value),
          ...(isStep && stepped !== undefined ? { paths: stepped } : {}),
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
