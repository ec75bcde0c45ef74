/** Own orders that rest, and own trades with what we quoted and what they were worth later. */

import { call, marketPath } from "./api.js";
import { fill, h, panel, setText, table, wide } from "./dom.js";
import { age, clock, count, fine, gain, price } from "./format.js";
import { botNowMs } from "./model.js";

/** @import { Detail, Trade } from "./types.ts" */

/** Own open orders with their age. */
export function ordersPanel() {
  const { element: grid, body } = table("Open orders", [
    ["Side"],
    ["Price", "number"],
    ["Left", "number"],
    ["Filled", "number"],
    ["Age", "number"],
    ["As", "wide-only"],
    ["Order id", "wide-only"],
  ]);
  const note = h("p", { class: "note" });
  const element = panel("Own open orders", "orders", note, wide("Open orders, scrollable", grid));
  /** @type {Map<string, ReturnType<typeof orderRow>>} */
  const rows = new Map();

  /** @param {Detail} detail */
  const update = ({ own_orders: { ASK, BID } }) => {
    const orders = [...ASK.toReversed(), ...BID];
    setText(
      note,
      orders.length === 0
        ? "No own order rests."
        : `${orders.length} orders, as the venue last confirmed`,
    );
    const wanted = new Set(orders.map(({ order_id: id }) => id));
    for (const [id, row] of rows) if (!wanted.has(id)) (row.element.remove(), rows.delete(id));
    orders.forEach((order, index) => {
      const row = rows.get(order.order_id) ?? orderRow(order);
      rows.set(order.order_id, row);
      row.update(order);
      const there = body.children[index];
      if (there !== row.element) body.insertBefore(row.element, there ?? null);
    });
  };
  return { element, update };
}

/** @typedef {Detail["own_orders"]["BID"][number]} Order */

/** @param {Order} order */
function orderRow({ side, order_id: id, direction, contract }) {
  const cells = ["price", "left", "filled", "age"].map(() => h("td", { class: "number" }));
  const element = h(
    "tr",
    { class: side === "BID" ? "bid" : "ask" },
    h("td", { class: "side" }, side === "BID" ? "bid" : "ask"),
    ...cells,
    h("td", { class: "wide-only" }, `${direction} ${contract}`),
    h("td", { class: "wide-only id" }, id),
  );
  /** @param {Order} order */
  const update = (order) => {
    const texts = [
      price(order.yes_price_cents),
      count(order.remaining),
      count(Number(order.filled ?? 0)),
      age(order.age_ms),
    ];
    cells.forEach((cell, index) => setText(cell, texts[index] ?? ""));
  };
  return { element, update };
}

/**
 * Own trades; `explain` shows the cycle of one.
 * @param {string} marketId
 * @param {(cycle: number) => void} explain
 */
export function tradesPanel(marketId, explain) {
  const { element: grid, body } = table("Own trades", [
    ["Time"],
    ["Side"],
    ["Price", "number"],
    ["Shares", "number"],
    ["Fee", "number wide-only"],
    ["Our quote then", "number"],
    ["1 s", "number"],
    ["10 s", "number"],
    ["60 s", "number"],
    [""],
  ]);
  const note = h("p", { class: "note" }, "No own trade yet.");
  const element = panel(
    "Own trades; markouts in ¢ a share, above 0 is good for us",
    "trades",
    note,
    wide("Own trades, scrollable", grid),
  );
  let last = "";
  async function load() {
    const { trades } = await call("GET", marketPath(marketId, "/trades?limit=50"), undefined, null);
    const content = JSON.stringify(trades);
    if (content === last) return;
    last = content;
    note.hidden = trades.length > 0;
    fill(body, ...trades.map((/** @type {Trade} */ trade) => tradeRow(trade, explain)));
  }
  return { element, load };
}

/**
 * @param {Trade} trade
 * @param {(cycle: number) => void} explain
 */
function tradeRow({ fill: done, quote, markouts }, explain) {
  const why = quote === null
    ? ""
    : h("button", { class: "quiet small", onclick: () => explain(quote.cycle) }, "Why");
  const quoted = quote === null
    ? "not known"
    : `${price(quote.bid_cents)} / ${fine(quote.fair_cents)} / ${price(quote.ask_cents)}`;
  return h(
    "tr",
    { class: done.side === "BID" ? "bid" : "ask" },
    h("td", {}, clock(done.executed_at_ms, botNowMs())),
    h("td", { class: "side" }, done.side === "BID" ? "bought" : "sold"),
    h("td", { class: "number" }, price(done.yes_price_cents)),
    h("td", { class: "number" }, count(done.quantity)),
    h("td", { class: "number wide-only" }, gain(-done.fee_cents)),
    h("td", { class: "number" }, quoted),
    ...markouts.map(({ cents }) =>
      h("td", { class: (cents ?? 0) < 0 ? "number loss" : "number" }, fine(cents))
    ),
    h("td", {}, why),
  );
}
