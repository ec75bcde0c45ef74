/** Where the page begins: stream, address, pages. */

import { call } from "./api.js";
import { showAudit } from "./audit.js";
import { byId, fill, h } from "./dom.js";
import { loadEvents } from "./events.js";
import { listenToKeys, showHelp } from "./keys.js";
import { showMarket } from "./market.js";
import { model, on, take, takeDetail, takeLink, takeOverview, tick } from "./model.js";
import { showOverview } from "./overview.js";
import { showParameters } from "./parameters.js";
import { showShell } from "./shell.js";
import { LiveStream } from "./stream.js";

/** A tab that nobody sees asks seldom, for its title alone. */
const HIDDEN_POLL_MS = 10_000;
const TICK_MS = 1000;

const stream = new LiveStream(take, takeLink);
let leave = () => {};
/** @type {string | null} */
let openMarket = null;

/** `#/market/ID/parameters` → what it shows. */
function route() {
  const [, kind = "", id = "", part = ""] = location.hash.slice(1).split("/").map(decoded);
  leave();
  leave = () => {};
  const main = byId("main");
  fill(main);
  scrollTo(0, 0);
  openMarket = kind === "market" ? id : null;
  const isDetail = openMarket !== null && part === "";
  if (model.detail?.market_id !== openMarket) takeDetail(null);
  stream.watch(isDetail ? openMarket : null);
  document.body.dataset["page"] = openMarket ?? (kind === "" ? "Markets" : kind);
  for (const link of document.querySelectorAll("nav a")) {
    const isHere = link.getAttribute("href") === (kind === "" ? "#/" : `#/${kind}`);
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  leave = pageOf(main, kind, part);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {HTMLElement} main
 * @param {string} kind
 * @param {string} part
 */
function pageOf(main, kind, part) {
  if (openMarket !== null) {
    return part === "parameters" ? showParameters(main, openMarket) : showMarket(main, openMarket);
  }
  if (kind === "parameters") return showParameters(main, "global");
  if (kind === "audit") return showAudit(main);
  if (kind === "") return showOverview(main);
  main.append(h("p", { class: "note" }, `There is no page ${kind}.`));
  return () => {};
}

/** @param {() => Promise<unknown>} work */
function quietly(work) {
  work().catch(() => {
    // The stream shows that the bot does not answer.
  });
}

let startedAtMs = 0;
on("overview", () => {
  const started = model.overview?.started_at_ms ?? 0;
  if (started === startedAtMs) return;
  startedAtMs = started;
  quietly(loadEvents);
});
addEventListener("hashchange", route);
byId("help").addEventListener("click", showHelp);
listenToKeys(() => openMarket);
setInterval(tick, TICK_MS);
setInterval(() => {
  if (!document.hidden) return;
  quietly(async () =>
    takeOverview({ ...await call("GET", "/api/markets", undefined, null), full: true })
  );
}, HIDDEN_POLL_MS);
showShell();
route();
stream.start();
