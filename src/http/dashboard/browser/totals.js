/** The sums over all markets, and how many are in which state. */

import { h, setText } from "./dom.js";
import { count, fine, gain } from "./format.js";
import { light } from "./lights.js";
import { model } from "./model.js";

/** @import { Entry } from "./market_table.js" */
/** @import { LightName, Row } from "./types.ts" */

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
export function totals(choose) {
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
