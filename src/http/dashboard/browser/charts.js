/** Prices, inventory and profit over time. */

import { call, marketPath } from "./api.js";
import { h, panel, setText } from "./dom.js";
import { fine, gain, NONE, plural, signed } from "./format.js";
import { plotOf } from "./plot.js";

/** @import { Chart } from "./plot.js" */
/** @import UPlot from "uplot/dist/uPlot.d.ts" */
/** @import { Detail, Point } from "./types.ts" */

const MINUTES = [10, 60, 360];
/** More points than pixels show nothing more. */
const MAX_POINTS = 4000;

/** @type {readonly Chart[]} */
const CHARTS = [
  {
    title: "Price, YES ¢",
    lines: [
      ["ask", "--ask", (point) => point.ask_cents],
      ["fair", "--fair", (point) => point.fair_cents],
      ["bid", "--bid", (point) => point.bid_cents],
    ],
    isStep: true,
    shown: (value) => fine(value),
  },
  {
    title: "Inventory, net YES shares",
    lines: [["net", "--fair", (point) => point.net_shares]],
    isStep: true,
    shown: signed,
  },
  {
    title: "P&L total, $",
    lines: [["P&L", "--good", (point) => point.pnl_total_cents / 100]],
    isStep: false,
    shown: (value) => gain(100 * value),
  },
];

/** The charts of one market. */
export class ChartsPanel {
  #marketId;
  #hosts = CHARTS.map(() => h("div", { class: "chart", role: "img" }));
  #note = h("p", { class: "note" });
  #choice = h(
    "select",
    { "aria-label": "Time shown", oninput: () => void this.load() },
    ...MINUTES.map((minutes) => h("option", { value: String(minutes) }, span(minutes))),
  );
  /** @type {Point[]} */
  #points = [];
  /** @type {UPlot[]} */
  #plots = [];
  #draw = () => this.#drawAnew();
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #resize = new ResizeObserver(() => this.#fit());

  /** @param {string} marketId */
  constructor(marketId) {
    this.#marketId = marketId;
    this.#choice.value = "60";
    const toolbar = h("div", { class: "toolbar" }, this.#choice, this.#note);
    this.element = panel("Over time", "charts", toolbar, ...this.#hosts);
    this.#resize.observe(this.element);
    this.#dark.addEventListener("change", this.#draw);
  }

  /** Reads the points of the chosen time. */
  async load() {
    const path = marketPath(this.#marketId, `/history?minutes=${this.#choice.value}`);
    this.#points = (await call("GET", path, undefined, null)).points.slice(-MAX_POINTS);
    this.#drawAnew();
  }

  /**
   * Adds the last cycle.
   * @param {Detail} detail
   */
  update(detail) {
    const point = pointOf(detail);
    const last = this.#points.at(-1)?.cycle ?? -1;
    if (point === null || this.#plots.length === 0 || point.cycle <= last) return;
    const fromMs = point.at_ms - 60_000 * Number(this.#choice.value);
    const kept = this.#points.filter(({ at_ms: at }) => at >= fromMs);
    this.#points = [...kept, point].slice(-MAX_POINTS);
    this.#plots.forEach((plot, index) => {
      const chart = CHARTS[index];
      if (chart !== undefined) plot.setData(this.#columns(chart));
    });
    this.#describe();
  }

  /** Lets go of everything. */
  close() {
    this.#resize.disconnect();
    this.#dark.removeEventListener("change", this.#draw);
    for (const plot of this.#plots) plot.destroy();
    this.#plots = [];
  }

  /** Makes the charts anew: points or colours have changed. */
  #drawAnew() {
    if (!this.element.isConnected) return;
    for (const plot of this.#plots) plot.destroy();
    this.#plots = CHARTS.map((chart, index) =>
      plotOf(chart, this.#hosts[index] ?? h("div"), this.#columns(chart))
    );
    this.#describe();
  }

  #fit() {
    this.#plots.forEach((plot, index) => {
      const width = this.#hosts[index]?.clientWidth ?? 0;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
    });
  }

  /** @param {Chart} chart @returns {UPlot.AlignedData} */
  #columns({ lines }) {
    const points = this.#points;
    return [points.map(({ at_ms: at }) => at / 1000), ...lines.map(([, , of]) => points.map(of))];
  }

  /** What the charts show, for those who do not see them. */
  #describe() {
    const last = this.#points.at(-1);
    const { length } = this.#points;
    setText(this.#note, length === 0 ? "No cycle in this time." : plural(length, "cycle"));
    CHARTS.forEach(({ title, lines, shown }, index) => {
      const values = lines.map(([label, , of]) => {
        const value = last === undefined ? null : of(last);
        return `${label} ${value === null ? NONE : shown(value)}`;
      });
      this.#hosts[index]?.setAttribute("aria-label", `${title}: now ${values.join(", ")}`);
    });
  }
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
