/** One market in full. */

import { askAnchor, askCommand, askKill } from "./actions.js";
import { call, describe, marketPath } from "./api.js";
import { ChartsPanel } from "./charts.js";
import { h, setText } from "./dom.js";
import { eventList } from "./events.js";
import { ExplanationPanel } from "./explain.js";
import { age, count, fine, gain, NONE, price, words } from "./format.js";
import { ladderPanel } from "./ladder.js";
import { attention, light } from "./lights.js";
import { botNowMs, model, on, takeDetail } from "./model.js";
import { ordersPanel, tradesPanel } from "./orders.js";
import { inventoryPanel, profitPanel } from "./position.js";

/** @import { Detail, Row } from "./types.ts" */

/** Markouts come up to a minute after a trade: the list is read again this often. */
const TRADES_MS = 5000;

/**
 * Shows the page; returns the way to leave it.
 * @param {HTMLElement} main
 * @param {string} id
 */
export function showMarket(main, id) {
  const head = heading(id);
  const explain = new ExplanationPanel(id);
  const charts = new ChartsPanel(id);
  const panels = [ladderPanel(), inventoryPanel(), profitPanel(), ordersPanel(), charts];
  const [ladder, inventory, profit, orders] = panels.map(({ element }) => element);
  const trades = tradesPanel(id, (cycle) => {
    void explain.show(cycle);
    explain.element.scrollIntoView({ block: "start" });
  });
  const note = h("p", { class: "note", role: "status" });
  main.append(
    head.element,
    note,
    h(
      "div",
      { class: "columns market" },
      ...[ladder, charts.element, h("div", { class: "stack" }, inventory, profit)],
      ...[
        explain.element,
        h("div", { class: "stack span" }, orders, trades.element, eventList(id)),
      ],
    ),
  );

  function update() {
    const { detail, overview } = model;
    const row = detail?.market_id === id ? detail : model.rows.get(id);
    if (overview !== null && row === undefined) {
      setText(
        note,
        `This process does not work a market ${id}: it ended, or another process has it.`,
      );
    } else setText(note, row === undefined || detail === null ? "Waiting for the market …" : "");
    if (row !== undefined) head.update(row, detail);
    if (detail === null || detail.market_id !== id) return;
    for (const panel of panels) panel.update(detail);
    explain.update(detail.explanation);
  }

  const failed = (/** @type {unknown} */ error) => setText(note, describe(error));
  const reload = () => trades.load().catch(failed);
  charts.load().catch(failed);
  void reload();
  // The stream tells of it within a second; nobody has to wait for that.
  call("GET", marketPath(id), undefined, null).then(takeDetail).catch(failed);
  const timer = setInterval(reload, TRADES_MS);
  let startedAtMs = model.overview?.started_at_ms;
  const stops = [
    on("market", update),
    on("tick", update),
    on("overview", () => {
      update();
      if (model.overview?.started_at_ms === startedAtMs) return;
      startedAtMs = model.overview?.started_at_ms;
      charts.load().catch(failed);
    }),
  ];
  update();
  return () => {
    clearInterval(timer);
    charts.close();
    stops.forEach((stop) => stop());
  };
}

/**
 * State, figures and buttons.
 * @param {string} id
 */
function heading(id) {
  const lamp = light();
  const title = h("h1", {});
  const why = h("p", { class: "why" });
  const names = ["Bid", "Fair", "Ask", "Net", "P&L day", "Orders", "Phase", "Ends in", "Cycle"];
  const values = names.map(() => h("dd", {}));
  const row = () => model.rows.get(id) ?? model.detail;
  /** @param {(row: Row) => void} action */
  const withRow = (action) => () => {
    const found = row();
    if (found !== null) action(found);
  };
  const button = (
    /** @type {string} */ text,
    /** @type {(row: Row) => void} */ action,
    className = "",
  ) => h("button", { class: className, onclick: withRow(action) }, text);
  const kill = button("Kill", askKill, "danger");
  const release = button("Release", (found) => askCommand("release", found), "primary");
  const pause = button("Pause", (found) => askCommand("pause", found));
  const resume = button("Resume", (found) => askCommand("resume", found), "primary");
  const element = h(
    "section",
    { class: "heading", "aria-label": "State" },
    h("div", { class: "name" }, lamp.element, title, h("p", { class: "muted" }, id), why),
    h(
      "dl",
      { class: "tiles" },
      ...names.map((name, at) => h("div", {}, h("dt", {}, name), values[at])),
    ),
    h(
      "div",
      { class: "actions" },
      ...[kill, release, pause, resume],
      button("Flatten", (found) => askCommand("flatten", found)),
      button("Reconcile", (found) => askCommand("reconcile", found)),
      button("Anchor", askAnchor),
      h(
        "a",
        { class: "button", href: `#/market/${encodeURIComponent(id)}/parameters` },
        "Parameters",
      ),
    ),
  );

  /**
   * @param {Row} shown
   * @param {Detail | null} detail
   */
  const update = (shown, detail) => {
    const needs = attention(shown, botNowMs());
    lamp.set(needs);
    setText(title, shown.title);
    setText(why, needs.why);
    release.hidden = shown.latch === null;
    resume.hidden = shown.operator_order === null;
    pause.hidden = shown.operator_order !== null;
    const texts = tiles(shown, detail);
    values.forEach((value, at) => setText(value, texts[at] ?? NONE));
  };
  return { element, update };
}

/**
 * @param {Row} row
 * @param {Detail | null} detail
 */
function tiles(row, detail) {
  const end = detail?.close_up?.trading_end_at_ms ?? null;
  const cycleMs = row.last_cycle_at_ms === null ? null : botNowMs() - row.last_cycle_at_ms;
  return [
    price(row.bid_cents),
    fine(row.fair_cents),
    price(row.ask_cents),
    count(row.net_shares),
    `$ ${gain(row.pnl_day_cents)}`,
    count(row.orders),
    words(row.phase ?? NONE).toLowerCase(),
    end === null ? "not known" : coarse(end - botNowMs()),
    cycleMs !== null && cycleMs < 6000 ? "fresh" : `${age(cycleMs)} ago`,
  ];
}

/** @param {number} ms */
function coarse(ms) {
  return ms <= 0 ? "over" : age(Math.floor(ms / 60_000) * 60_000).replace(" 00 s", "");
}
