/** The page by keyboard. */

import { askKill, askKillAll } from "./actions.js";
import { h } from "./dom.js";
import { model } from "./model.js";

const KEYS = /** @type {const} */ ([
  ["/", "search the markets"],
  ["↑ ↓", "from market to market in the table; Enter opens one"],
  ["k", "kill the market that is open, or in whose row you are; Enter confirms"],
  ["K", "kill all markets; Enter confirms"],
  ["m", "all markets"],
  ["p", "parameters of the market that is open, else of the process"],
  ["a", "audit trail"],
  ["Esc", "close a dialog"],
  ["?", "this help"],
]);

/**
 * Listens to the keyboard.
 * @param {() => string | null} openMarket the id of the market whose page is open
 */
export function listenToKeys(openMarket) {
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    const isTyping = target instanceof HTMLElement && target.matches("input, select, textarea");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const action = actionOf(key, openMarket());
    if (action === null) return;
    event.preventDefault();
    action();
  });
}

/**
 * @param {string} key
 * @param {string | null} marketId
 * @returns {(() => void) | null}
 */
function actionOf(key, marketId) {
  switch (key) {
    case "/":
      return () => document.getElementById("search")?.focus();
    case "k":
      return killHere(marketId);
    case "K":
      return askKillAll;
    case "m":
      return () => location.hash = "#/";
    case "a":
      return () => location.hash = "#/audit";
    case "p":
      return () => {
        const market = marketId === null ? "" : `/market/${encodeURIComponent(marketId)}`;
        location.hash = `#${market}/parameters`;
      };
    case "?":
      return showHelp;
    default:
      return null;
  }
}

/** @param {string | null} marketId */
function killHere(marketId) {
  const focused = document.activeElement?.closest("tr")?.dataset["id"] ?? null;
  const row = model.rows.get(marketId ?? focused ?? "");
  return row === undefined ? null : () => askKill(row);
}

/** Shows what the page can do. */
export function showHelp() {
  const rows = KEYS.map(([key, what]) =>
    h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what))
  );
  const close = h("button", { onclick: () => dialog.close() }, "Close");
  const dialog = h(
    "dialog",
    { "aria-labelledby": "help-title", onclose: () => dialog.remove() },
    h("h2", { id: "help-title" }, "Shortcuts"),
    h("dl", { class: "keys" }, ...rows),
    h(
      "p",
      {},
      "Prices are YES cents, P&L is dollars. The API behind this page: ",
      h("a", { href: "/docs" }, "/docs"),
      "; everything in one document: ",
      h("a", { href: "/status?pretty" }, "/status"),
      ".",
    ),
    h("div", { class: "buttons" }, close),
  );
  document.body.append(dialog);
  dialog.showModal();
}
