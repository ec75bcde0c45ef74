/** All markets on one page, what needs attention first. */

import { askKill } from "./actions.js";
import { h, setText, table, wide } from "./dom.js";
import { eventList } from "./events.js";
import { count, fine, gain, plural } from "./format.js";
import { attention, CALM_RANK, light } from "./lights.js";
import { botNowMs, model, on } from "./model.js";
import { RowView } from "./row_view.js";

/** @import { Attention, LightName, Row } from "./types.ts" */

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

/**
 * Shows the page; returns the way to leave it.
 * @param {HTMLElement} main
 */
export function showOverview(main) {
  /** @type {Map<string, RowView>} */
  const views = new Map();
  const { element, body } = table("Markets", COLUMNS);
  element.classList.add("markets");
  const note = h("p", { class: "note", role: "status" });
  const search = h("input", { type: "search", id: "search", placeholder: "Search  ( / )" });
  const only = h("select", { id: "only" }, ...FILTERS.map(([label]) => h("option", {}, label)));
  const order = h(
    "select",
    { id: "order" },
    ...Object.keys(ORDERS).map((name) => h("option", {}, name)),
  );
  const summary = totals((word) => {
    only.value = word;
    update();
  });
  body.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const row = model.rows.get(button?.closest("tr")?.dataset["id"] ?? "");
    if (button !== null && row !== undefined) askKill(row);
  });
  for (const control of [search, only, order]) {
    control.addEventListener("input", () => update(true));
  }

  /** The rows as they should stand. */
  function entries() {
    const nowMs = botNowMs();
    return [...model.rows.values()].map((row) => {
      const view = views.get(row.market_id) ?? new RowView(row.market_id);
      views.set(row.market_id, view);
      return { row, needs: attention(row, nowMs), view };
    });
  }

  function update(isAsked = false) {
    if (model.overview === null) return;
    const all = entries();
    for (const { row, needs, view } of all) view.update(row, needs);
    summary.update(all);
    const isHeld = !isAsked && body.matches(":hover, :focus-within");
    const known = new Set(all.map(({ view }) => view));
    for (const [id, view] of views) if (!known.has(view)) (view.element.remove(), views.delete(id));
    const shown = new Set(all.filter(wanted(search.value, only.value)));
    for (const entry of all) {
      const isHidden = !shown.has(entry);
      if (entry.view.element.hidden !== isHidden) entry.view.element.hidden = isHidden;
    }
    if (!isHeld || body.childElementCount !== all.length) arrange(all);
    setText(note, noteOf(shown.size, all.length, isHeld));
  }

  /** @param {readonly Entry[]} all */
  function arrange(all) {
    const compare = ORDERS[order.value] ?? (() => 0);
    const sorted = all.toSorted((a, b) => compare(a, b) || a.row.title.localeCompare(b.row.title));
    sorted.forEach(({ view: { element: row } }, index) => {
      const there = body.children[index];
      // A row that goes down is taken out of the way: else all rows above its place would move up.
      if (there !== undefined && there.nextElementSibling === row) body.append(there);
      else if (there !== row) body.insertBefore(row, there ?? null);
    });
  }

  body.addEventListener("keydown", (event) => moveInRows(event, body));
  main.append(
    summary.element,
    h(
      "div",
      { class: "columns overview" },
      h(
        "section",
        { class: "panel", "aria-label": "Markets" },
        h(
          "div",
          { class: "toolbar" },
          h("label", { class: "grow" }, h("span", { class: "hidden" }, "Search markets"), search),
          h("label", {}, "Show ", only),
          h("label", {}, "Sort ", order),
        ),
        note,
        wide("Markets, scrollable", element),
      ),
      eventList(null),
    ),
  );
  update();
  const stops = [on("overview", () => update()), on("tick", () => update())];
  return () => stops.forEach((stop) => stop());
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

/** @type {readonly (readonly [LightName, string, string])[]} */
const LEVELS = [
  ["kill", "killed", "killed"],
  ["problem", "problem", "problems"],
  ["stale", "stale", "problems"],
  ["one-side", "one side", "widened or one-sided"],
  ["paused", "paused", "paused"],
  ["widen", "widen", "widened or one-sided"],
  ["starting", "starting", "all markets"],
  ["ended", "ended", "all markets"],
  ["normal", "normal", "all markets"],
];

/**
 * The sums over all markets.
 * @param {(filter: string) => void} choose
 */
function totals(choose) {
  const names = ["P&L day", "P&L since start", "Subsidy per share", "Shares traded", "Orders"];
  const values = names.map(() => h("dd", {}));
  const levels = LEVELS.map(([name, word, filter]) => {
    const lamp = light();
    lamp.set({ light: name, word });
    const many = h("b", {});
    const button = h(
      "button",
      { class: "chip", onclick: () => choose(filter) },
      lamp.element,
      many,
    );
    return { name, many, button };
  });
  const element = h(
    "section",
    { class: "totals", "aria-label": "Totals" },
    h("dl", {}, ...names.map((name, at) => h("div", {}, h("dt", {}, name), values[at]))),
    h(
      "div",
      { class: "chips", role: "group", "aria-label": "Markets by state" },
      ...levels.map(({ button }) => button),
    ),
  );
  /** @param {readonly Entry[]} all */
  const update = (all) => {
    const sum = (/** @type {(row: Row) => number} */ of) =>
      all.reduce((total, { row }) => total + of(row), 0);
    const session = sum((row) => row.pnl_session_cents);
    const volume = sum((row) => row.volume_shares);
    const subsidy = volume === 0 ? null : -session / volume;
    const texts = [
      `$ ${gain(model.overview?.pnl_day_cents)}`,
      `$ ${gain(session)}`,
      `${fine(subsidy, 2)} ¢`,
      count(volume),
      count(sum((row) => row.orders)),
    ];
    values.forEach((value, at) => setText(value, texts[at] ?? ""));
    for (const { name, many, button } of levels) {
      const found = all.filter(({ needs }) => needs.light === name).length;
      setText(many, count(found));
      button.hidden = found === 0;
    }
  };
  return { element, update };
}
