/** All markets on one page. */

import { h } from "./dom.js";
import { eventList } from "./events.js";
import { MarketTable } from "./market_table.js";
import { on } from "./model.js";
import { totals } from "./totals.js";

/**
 * Shows the page; returns the way to leave it.
 * @param {HTMLElement} main
 */
export function showOverview(main) {
  const summary = totals((filter) => markets.choose(filter));
  const markets = new MarketTable(summary.update);
  main.append(
    summary.element,
    h("div", { class: "columns overview" }, markets.element, eventList(null)),
  );
  markets.update();
  const stops = [on("overview", () => markets.update()), on("tick", () => markets.update())];
  return () => stops.forEach((stop) => stop());
}
