/** The table of all markets: what needs attention first, and only what fits search and filter. */

import { askKill } from "./actions.js";
import { h, setText, table, wide } from "./dom.js";
import { count, plural } from "./format.js";
import { attention, CALM_RANK } from "./lights.js";
import { botNowMs, model } from "./model.js";
import { RowView } from "./row_view.js";

/** @import { Attention, Row } from "./types.ts" */

/** @typedef {{ row: Row, needs: Attention, view: RowView }} Entry */

/** @type {Readonly<Record<string, (a: Entry, b: Entry) => number>>} */
const ORDERS = {
  "attention first": (a, b) => a.needs.rank - b.needs.rank || worst(a.row) - worst(b.row),
  "title": () => 0,
  "P&L day": (a, b) => (a.row.pnl_day_cents ?? 0) - (b.row.pnl_day_cents ?? 0),
  "skew": (a, b) => Math.abs(b.row.effective_skew ?? 0) - Math.abs(a.row.effective_skew ?? 0),
  "spread": (a, b) => (b.row.spread_cents ?? 0) - (a.row.spread_cents ?? 0),
};

/** Losses of less than a dollar are no reason to move rows about. @param {Row} row */
function worst(row) {
  return Math.min(0, Math.trunc((row.pnl_day_cents ?? 0) / 100));
}

const COLUMNS = /** @type {const} */ ([
  ["State"],
  ["Market"],
  ["Bid", "number"],
  ["Fair", "number"],
  ["Ask", "number"],
  ["Spread", "number wide-only"],
  ["Net", "number mid-only"],
  ["Skew", "mid-only"],
  ["P&L day", "number"],
  ["P&L total", "number wide-only"],
  ["Orders", "number wide-only"],
  ["Cycle", "number wide-only"],
  [""],
]);

/** The table with its search, filter and order. */
export class MarketTable {
  /** @type {Map<string, RowView>} */
  #views = new Map();
  #table = table("Markets", COLUMNS);
  #note = h("p", { class: "note", role: "status" });
  #search = h("input", { type: "search", id: "search", placeholder: "Search  ( / )" });
  #only = h("select", { id: "only" }, ...FILTERS.map(([label]) => h("option", {}, label)));
  #order = h(
    "select",
    { id: "order" },
    ...Object.keys(ORDERS).map((name) => h("option", {}, name)),
  );
  /** @type {(all: readonly Entry[]) => void} */
  #onEntries;

  /** @param {(all: readonly Entry[]) => void} onEntries hears of all markets at each update */
  constructor(onEntries) {
    this.#onEntries = onEntries;
    const { element, body } = this.#table;
    element.classList.add("markets");
    body.addEventListener("click", killInRow);
    body.addEventListener("keydown", (event) => moveInRows(event, body));
    for (const control of [this.#search, this.#only, this.#order]) {
      control.addEventListener("input", () => this.update(true));
    }
    this.element = h(
      "section",
      { class: "panel", "aria-label": "Markets" },
      h(
        "div",
        { class: "toolbar" },
        h(
          "label",
          { class: "grow" },
          h("span", { class: "hidden" }, "Search markets"),
          this.#search,
        ),
        h("label", {}, "Show ", this.#only),
        h("label", {}, "Sort ", this.#order),
      ),
      this.#note,
      wide("Markets, scrollable", element),
    );
  }

  /**
   * Shows only what a filter lets through.
   * @param {string} filter
   */
  choose(filter) {
    this.#only.value = filter;
    this.update(true);
  }

  /**
   * Shows what is known now.
   * @param {boolean} [isAsked] by a person: then rows may move although he is in the table
   */
  update(isAsked = false) {
    if (model.overview === null) return;
    const { body } = this.#table;
    const all = this.#entries();
    for (const { row, needs, view } of all) view.update(row, needs);
    this.#onEntries(all);
    this.#forget(new Set(all.map(({ view }) => view)));
    const shown = new Set(all.filter(wanted(this.#search.value, this.#only.value)));
    for (const entry of all) {
      const isHidden = !shown.has(entry);
      if (entry.view.element.hidden !== isHidden) entry.view.element.hidden = isHidden;
    }
    const isHeld = !isAsked && body.matches(":hover, :focus-within");
    if (!isHeld || body.childElementCount !== all.length) this.#arrange(all);
    setText(this.#note, noteOf(shown.size, all.length, isHeld));
  }

  #entries() {
    const nowMs = botNowMs();
    return [...model.rows.values()].map((row) => {
      const view = this.#views.get(row.market_id) ?? new RowView(row.market_id);
      this.#views.set(row.market_id, view);
      return { row, needs: attention(row, nowMs), view };
    });
  }

  /** @param {ReadonlySet<RowView>} known */
  #forget(known) {
    for (const [id, view] of this.#views) {
      if (known.has(view)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
  }

  /** @param {readonly Entry[]} all */
  #arrange(all) {
    const { body } = this.#table;
    const compare = ORDERS[this.#order.value] ?? (() => 0);
    const sorted = all.toSorted((a, b) => compare(a, b) || a.row.title.localeCompare(b.row.title));
    sorted.forEach(({ view: { element: row } }, index) => {
      const there = body.children[index];
      // A row that goes down is taken out of the way: else all rows above its place would move up.
      if (there !== undefined && there.nextElementSibling === row) body.append(there);
      else if (there !== row) body.insertBefore(row, there ?? null);
    });
  }
}

/** @param {MouseEvent} event */
function killInRow({ target }) {
  const button = target instanceof Element ? target.closest("button") : null;
  const row = model.rows.get(button?.closest("tr")?.dataset["id"] ?? "");
  if (button !== null && row !== undefined) askKill(row);
}

/** @type {readonly (readonly [label: string, test: (entry: Entry) => boolean])[]} */
const FILTERS = [
  ["all markets", () => true],
  ["needs attention", ({ needs }) => needs.rank < CALM_RANK],
  ["killed", ({ needs }) => needs.light === "kill"],
  ["paused", ({ needs }) => needs.light === "paused"],
  ["widened or one-sided", ({ needs }) => needs.light === "widen" || needs.light === "one-side"],
  ["problems", ({ needs }) => needs.light === "problem" || needs.light === "stale"],
];

/**
 * @param {string} text
 * @param {string} filter
 * @returns {(entry: Entry) => boolean}
 */
function wanted(text, filter) {
  const needle = text.trim().toLowerCase();
  const test = FILTERS.find(([label]) => label === filter)?.[1] ?? (() => true);
  return (entry) => {
    const { row: { market_id: id, title }, needs: { word } } = entry;
    return test(entry) && `${id} ${title} ${word}`.toLowerCase().includes(needle);
  };
}

/**
 * @param {number} shown
 * @param {number} all
 * @param {boolean} isHeld
 */
function noteOf(shown, all, isHeld) {
  if (all === 0) return "This process works no market.";
  const some = shown === all
    ? plural(all, "market")
    : `${count(shown)} of ${plural(all, "market")}`;
  if (shown === 0) return `No market fits: clear search and filter to see all ${count(all)}.`;
  return isHeld ? `${some}; the order is held while you are in the table` : some;
}

/**
 * Arrow keys go from market to market.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} body
 */
function moveInRows(event, body) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...body.querySelectorAll("tr:not([hidden]) a")];
  const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
  const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
