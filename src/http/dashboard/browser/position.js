/** What is held, how near its limits that is with resting orders counted, and what it earned. */

import { fill, h, panel } from "./dom.js";
import { age, count, figure, fine, gain, money, NONE, plural, signed } from "./format.js";

/** @import { Detail, Explanation } from "./types.ts" */

/** Inventory and its limits. */
export function inventoryPanel() {
  const content = h("div", {});
  const element = panel("Inventory and limits", "inventory", content);
  let last = "";
  /** @param {Detail} detail */
  const update = (detail) => {
    const { inventory, own_orders: own, limits, close_up: closeUp } = detail;
    const text = JSON.stringify([
      inventory,
      own.BID.length,
      resting(detail),
      limits,
      closeUp?.risk_limits,
    ]);
    if (text === last) return;
    last = text;
    if (inventory === null) return fill(content, h("p", { class: "note" }, "No cycle yet."));
    fill(
      content,
      skewGauge(detail, inventory),
      facts(holdings(inventory)),
      facts(reach(detail, inventory)),
    );
  };
  return { element, update };
}

/** @param {Detail} detail */
function resting({ own_orders: own }) {
  const sum = (/** @type {Detail["own_orders"]["BID"]} */ orders) =>
    orders.reduce((all, { remaining }) => all + remaining, 0);
  return { BID: sum(own.BID), ASK: sum(own.ASK) };
}

/**
 * The skew between its limits.
 * @param {Detail} detail
 * @param {Explanation["inventory"]} inventory
 */
function skewGauge({ close_up: closeUp }, inventory) {
  const skew = inventory.effective_skew;
  const needle = h("span", { class: "needle" });
  needle.style.setProperty("--at", ((skew + 1) / 2).toFixed(3));
  const limits = closeUp?.risk_limits;
  const marks = limits === undefined ? [] : [
    ["W", limits.skew_widen],
    ["1", limits.skew_one_side],
    ["K", limits.skew_kill],
  ].flatMap(([name, at]) => [mark(String(name), Number(at)), mark(String(name), -Number(at))]);
  const told = limits === undefined
    ? ""
    : `widen at ±${figure(limits.skew_widen)}, one side at ±${
      figure(limits.skew_one_side)
    }, kill at ±${figure(limits.skew_kill)}`;
  return h(
    "div",
    { class: "gauge" },
    h("p", {}, h("b", {}, `Skew ${fine(skew, 3)}`), h("span", { class: "muted" }, ` ${told}`)),
    h("div", { class: "scale", "aria-hidden": "true" }, ...marks, needle),
  );
}

/**
 * @param {string} name
 * @param {number} at
 */
function mark(name, at) {
  const element = h("span", { class: "mark" }, name);
  element.style.setProperty("--at", ((at + 1) / 2).toFixed(3));
  return element;
}

/**
 * @param {Explanation["inventory"]} inventory
 * @returns {Fact[]}
 */
function holdings(
  { yes, no, market_cash_cents: cash, free_cash_cents: free, equity_cents: equity },
) {
  return [
    ["YES / NO held", `${count(yes)} / ${count(no)}`, `net ${signed(yes - no)}`],
    ["Equity", `$ ${money(equity)}`, ""],
    ["Cash, free", `$ ${money(cash)}`, `$ ${money(free)} free`],
  ];
}

/**
 * What follows if everything that rests were filled.
 * @param {Detail} detail
 * @param {Explanation["inventory"]} inventory
 * @returns {Fact[]}
 */
function reach(
  detail,
  { yes, no, worst_case_cents: worst, pnl_total_cents: total, pnl_day_cents: day },
) {
  const { limits, close_up: closeUp } = detail;
  const risk = closeUp?.risk_limits;
  const rests = resting(detail);
  const net = yes - no;
  const most = risk === undefined ? "" : `limit ±${count(risk.max_net_shares)}`;
  const guard = (/** @type {"ASK" | "BID"} */ side) =>
    `of ${count(limits?.[side].guard_shares)} that may rest`;
  const loss = Math.min(total, day);
  return [
    ["Resting bids", count(rests.BID), guard("BID")],
    ["Resting asks", count(rests.ASK), guard("ASK")],
    ["Net if all bids fill", signed(net + rests.BID), most],
    ["Net if all asks fill", signed(net - rests.ASK), most],
    [
      "P&L against its limit",
      `$ ${gain(loss)}`,
      risk === undefined ? "" : `kill at $ −${money(risk.max_loss_cents)}`,
    ],
    ["If the heavy side loses", `$ ${gain(worst)}`, ""],
  ];
}

/** @typedef {readonly [name: string, value: string, more: string]} Fact */

/** @param {readonly Fact[]} rows */
function facts(rows) {
  return h(
    "dl",
    { class: "facts" },
    ...rows.map(([name, value, more]) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value), h("dd", { class: "muted" }, more))
    ),
  );
}

/** Profit and where it came from. */
export function profitPanel() {
  const content = h("div", {});
  const element = panel("P&L", "profit", content);
  let last = "";
  /** @param {Detail} detail */
  const update = (detail) => {
    const { profit, inventory, close_up: closeUp } = detail;
    const settlement = closeUp?.settlement_cents ?? 0;
    const text = JSON.stringify([
      profit,
      inventory?.pnl_day_cents,
      inventory?.pnl_total_cents,
      settlement,
    ]);
    if (text === last) return;
    last = text;
    const { total_cents: total, volume_shares: volume, since_ms: since } = profit;
    const subsidy = volume === 0 ? NONE : `${fine(-(total + settlement) / volume, 2)} ¢`;
    const parts = /** @type {const} */ ([
      ["Spread", profit.spread_cents],
      ["Inventory", profit.inventory_cents],
      ["Fees", profit.fees_cents],
      ["Settlement", settlement],
    ]);
    const largest = Math.max(1, ...parts.map(([, cents]) => Math.abs(cents)));
    fill(
      content,
      facts([
        ["Day", `$ ${gain(inventory?.pnl_day_cents)}`, ""],
        ["Total", `$ ${gain(inventory?.pnl_total_cents)}`, ""],
        [
          "Since this process works it",
          `$ ${gain(total + settlement)}`,
          since === null ? "" : age(detail.at_ms - since),
        ],
      ]),
      h(
        "dl",
        { class: "facts split" },
        ...parts.map(([name, cents]) => part(name, cents, largest)),
      ),
      facts([
        ["Shares traded", count(volume), plural(detail.own_trades, "trade")],
        ["Subsidy per share", subsidy, "the loss for each share traded"],
      ]),
    );
  };
  return { element, update };
}

/**
 * @param {string} name
 * @param {number} cents
 * @param {number} largest
 */
function part(name, cents, largest) {
  const bar = h("dd", { class: cents < 0 ? "part minus" : "part", "aria-hidden": "true" });
  bar.style.setProperty("--part", (Math.abs(cents) / largest).toFixed(3));
  return h(
    "div",
    {},
    h("dt", {}, name),
    h("dd", { class: cents < 0 ? "loss" : "" }, `$ ${gain(cents)}`),
    bar,
  );
}
