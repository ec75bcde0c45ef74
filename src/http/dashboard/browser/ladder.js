/** Our quotes against the book of the others, a price a line, with the fair price between them. */

import { fill, h, panel, setText, table } from "./dom.js";
import { count, fine, NONE } from "./format.js";

/** @import { Detail } from "./types.ts" */

/** So many cents on each side of the fair price are shown at most. */
const REACH = 11;

/** The ladder of one market. */
export function ladderPanel() {
  const { element: grid, body } = table("Book by price: own and other orders", [
    ["Our bids", "number"],
    ["Others", "number"],
    ["Price", "number"],
    ["Others", "number"],
    ["Our asks", "number"],
  ]);
  const note = h("p", { class: "note" });
  const element = panel("Book, shares at YES cents", "ladder", grid, note);
  let last = "";

  /** @param {Detail} detail */
  const update = (detail) => {
    const book = detail.close_up?.others_book ?? null;
    const lines = linesOf(detail);
    const content = JSON.stringify([lines, detail.fair_cents, book === null]);
    if (content === last) return;
    last = content;
    fill(body, ...lines.map((line) => rowOf(line, detail.fair_cents)));
    const traded = book?.last_trade_price_cents ?? null;
    setText(
      note,
      book === null
        ? "The book could not be read in the last cycle: only our own orders are shown."
        : `Last trade of anybody: ${traded ?? NONE}${hiddenText(detail, lines)}`,
    );
  };
  return { element, update };
}

/** @typedef {{ price: number, ownBid: number, bid: number, ask: number, ownAsk: number }} Line */

/**
 * @param {Detail} detail
 * @returns {Line[]} highest price first, without gaps
 */
function linesOf(
  { own_orders: own, close_up: closeUp, fair_cents: fair, bid_cents: bid, ask_cents: ask },
) {
  const bids = sums(own.BID.map((order) => [order.yes_price_cents, order.remaining]));
  const asks = sums(own.ASK.map((order) => [order.yes_price_cents, order.remaining]));
  const book = closeUp?.others_book;
  const otherBids = sums((book?.bids ?? []).map((level) => [level.price_cents, level.quantity]));
  const otherAsks = sums((book?.asks ?? []).map((level) => [level.price_cents, level.quantity]));
  const prices = [bids, asks, otherBids, otherAsks].flatMap((side) => [...side.keys()]);
  const middle = Math.round(
    fair ?? ((bid ?? ask ?? prices[0] ?? 50) + (ask ?? bid ?? prices[0] ?? 50)) / 2,
  );
  const near = prices.filter((price) => Math.abs(price - middle) <= REACH);
  const high = Math.min(99, Math.max(middle + 1, ...near));
  const low = Math.max(1, Math.min(middle - 1, ...near));
  return Array.from({ length: high - low + 1 }, (_, index) => {
    const price = high - index;
    const at = (/** @type {Map<number, number>} */ side) => side.get(price) ?? 0;
    return { price, ownBid: at(bids), bid: at(otherBids), ask: at(otherAsks), ownAsk: at(asks) };
  });
}

/**
 * @param {readonly (readonly [number, number])[]} entries
 * @returns {Map<number, number>}
 */
function sums(entries) {
  const all = new Map();
  for (const [price, quantity] of entries) all.set(price, (all.get(price) ?? 0) + quantity);
  return all;
}

/**
 * @param {Line} line
 * @param {number | null} fair
 */
function rowOf({ price, ownBid, bid, ask, ownAsk }, fair) {
  const isFair = fair !== null && Math.round(fair) === price;
  return h(
    "tr",
    { class: isFair ? "fair-line" : "" },
    cell(ownBid, "own-bid"),
    cell(bid, "other"),
    h(
      "td",
      { class: "number price" },
      String(price),
      isFair && h("span", { class: "fair" }, ` fair ${fine(fair)}`),
    ),
    cell(ask, "other"),
    cell(ownAsk, "own-ask"),
  );
}

/** A size at which a bar is full, shares. */
const FULL = 200;

/**
 * @param {number} quantity
 * @param {string} className
 */
function cell(quantity, className) {
  const element = h("td", { class: `number ${className}` }, quantity === 0 ? "" : count(quantity));
  element.style.setProperty("--part", Math.min(1, quantity / FULL).toFixed(3));
  return element;
}

/**
 * @param {Detail} detail
 * @param {readonly Line[]} lines
 */
function hiddenText({ own_orders: own }, lines) {
  const shown = new Set(lines.map(({ price }) => price));
  const hidden =
    [...own.BID, ...own.ASK].filter((order) => !shown.has(order.yes_price_cents)).length;
  return hidden === 0 ? "" : `; ${hidden} own orders further away`;
}
