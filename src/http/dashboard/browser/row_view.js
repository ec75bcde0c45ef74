import { h, setAttribute, setText } from "./dom.js";
import { age, count, fine, gain, price, signed } from "./format.js";
import { light } from "./lights.js";
import { botNowMs } from "./model.js";

/** @import { Attention, Row } from "./types.ts" */

/** A cycle that is younger is simply fresh: a figure that ticks in every row would say less. */
const FRESH_MS = 6000;

/** One market in the overview; only what has changed is touched. */
export class RowView {
  #light = light();
  #link = h("a", { class: "title" });
  #why = h("span", { class: "why" });
  #skew = skewBar();
  #kill = h("button", { class: "danger quiet" }, "Kill");
  /** @type {Readonly<Record<string, HTMLTableCellElement>>} */
  #cells = Object.fromEntries(
    ["bid", "fair", "ask"].map((name) => [name, h("td", { class: `number ${name}` })])
      .concat(
        ["spread", "total", "orders", "cycle"].map((name) => [
          name,
          h("td", { class: "number wide-only" }),
        ]),
        [["net", h("td", { class: "number mid-only" })], ["day", h("td", { class: "number day" })]],
      ),
  );
  #last = "";

  /** @param {string} id */
  constructor(id) {
    this.#link.href = `#/market/${encodeURIComponent(id)}`;
    const { bid, fair, ask, spread, net, day, total, orders, cycle } = this.#cells;
    this.element = h(
      "tr",
      {},
      h("td", { class: "lamp" }, this.#light.element),
      h("th", { scope: "row" }, this.#link, this.#why),
      ...[bid, fair, ask, spread, net],
      h("td", { class: "mid-only" }, this.#skew.element),
      ...[day, total, orders, cycle],
      h("td", { class: "kill" }, this.#kill),
    );
    this.element.dataset["id"] = id;
  }

  /**
   * @param {Row} row
   * @param {Attention} needs
   */
  update(row, needs) {
    const cycleMs = row.last_cycle_at_ms === null ? null : botNowMs() - row.last_cycle_at_ms;
    const cycle = cycleMs !== null && cycleMs < FRESH_MS ? "fresh" : age(cycleMs);
    const content = JSON.stringify([{ ...row, last_cycle_at_ms: 0, cycles: 0 }, needs, cycle]);
    if (content === this.#last) return;
    this.#last = content;
    this.#light.set(needs);
    setAttribute(this.element, "data-light", needs.light);
    setText(this.#link, row.title);
    setText(this.#why, needs.why === "" ? row.market_id : `${row.market_id} · ${needs.why}`);
    setAttribute(this.#kill, "aria-label", `Kill ${row.title}`);
    this.#set("bid", price(row.bid_cents));
    this.#set("fair", fine(row.fair_cents));
    this.#set("ask", price(row.ask_cents));
    this.#set("spread", price(row.spread_cents));
    this.#set("net", signed(row.net_shares));
    this.#set("day", gain(row.pnl_day_cents), row.pnl_day_cents);
    this.#set("total", gain(row.pnl_total_cents), row.pnl_total_cents);
    this.#set("orders", count(row.orders));
    this.#set("cycle", cycle);
    this.#skew.set(row.effective_skew);
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {number | null} [sign]
   */
  #set(name, text, sign = 0) {
    const cell = this.#cells[name];
    if (cell === undefined) return;
    setText(cell, text);
    cell.classList.toggle("loss", (sign ?? 0) < 0);
  }
}

/** A bar from the middle to the side that is heavy, with its figure. */
export function skewBar() {
  const bar = h("span", { class: "bar" });
  const text = h("span", { class: "skew" });
  const element = h(
    "span",
    { class: "skew-cell" },
    text,
    h("span", { class: "track", "aria-hidden": "true" }, bar),
  );
  /** @param {number | null} skew */
  const set = (skew) => {
    const size = Math.min(1, Math.abs(skew ?? 0));
    setText(text, fine(skew, 2));
    bar.style.setProperty("--size", size.toFixed(3));
    bar.style.setProperty("--from", ((skew ?? 0) < 0 ? 0.5 - size / 2 : 0.5).toFixed(3));
  };
  return { element, set };
}
