/** The log of risk events, newest first. */

import { call } from "./api.js";
import { h, panel, setText } from "./dom.js";
import { clock, setting, words } from "./format.js";
import { botNowMs, model, on, takeEvents } from "./model.js";

/** @import { RiskEvent } from "./types.ts" */

const SHOWN = 100;
const FIRST_LIMIT = 200;

/** Fields that every line has anyway, or that say nothing to a person. */
const DULL = new Set([
  ...["market_id", "cycle_id", "cycle", "request_id", "at", "at_ms", "target"],
  ...["overrides", "settings", "action"],
]);

/**
 * A list of events; of one market if it is given.
 * @param {string | null} marketId
 */
export function eventList(marketId) {
  const list = h("ol", { class: "events", tabIndex: 0, "aria-label": "Risk events, newest first" });
  const empty = h("p", { class: "note" }, "Nothing has happened yet.");
  /** @type {Map<number, HTMLElement>} */
  const lines = new Map();
  const update = () => {
    const events = model.events
      .filter(({ market_id: id }) => marketId === null || id === marketId || id === null)
      .slice(0, SHOWN);
    empty.hidden = events.length > 0;
    const wanted = new Set(events.map(({ seq }) => seq));
    for (const [seq, line] of lines) {
      if (wanted.has(seq)) continue;
      line.remove();
      lines.delete(seq);
    }
    events.forEach((event, index) => {
      const line = lines.get(event.seq) ?? eventLine(event, marketId === null);
      lines.set(event.seq, line);
      if (list.children[index] !== line) list.insertBefore(line, list.children[index] ?? null);
    });
  };
  const element = panel("Risk events", "events-panel", empty, list);
  const stop = on("event", () => element.isConnected ? update() : stop());
  update();
  return element;
}

/** Reads what happened before this page was opened. */
export async function loadEvents() {
  const { events } = await call("GET", `/api/events?limit=${FIRST_LIMIT}`, undefined, null);
  takeEvents(events);
}

/**
 * @param {RiskEvent} event
 * @param {boolean} withMarket
 */
function eventLine({ at_ms: atMs, level, event, market_id: id, fields }, withMarket) {
  const time = h("time", { dateTime: new Date(atMs).toISOString() }, clock(atMs, botNowMs()));
  const where = withMarket && id !== null
    ? h("a", { href: `#/market/${encodeURIComponent(id)}` }, id)
    : null;
  const grade = h("span", { class: "grade" });
  setText(grade, level);
  return h(
    "li",
    { "data-level": level },
    time,
    grade,
    h("span", { class: "what" }, words(event)),
    where,
    h("span", { class: "fields" }, told(fields)),
  );
}

/** @param {Readonly<Record<string, unknown>>} fields */
function told(fields) {
  return Object.entries(fields)
    .filter(([name, value]) => !DULL.has(name) && value !== null)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => `${words(name)} ${shown(value)}`)
    .join(", ")
    .slice(0, 300);
}

/** @param {unknown} value @returns {string} */
function shown(value) {
  if (Array.isArray(value)) return value.map(shown).join(" ");
  if (typeof value !== "object" || value === null) return String(value);
  if (!("name" in value) || !("new" in value)) return JSON.stringify(value);
  return `${value.name} ${setting("old" in value ? value.old : null)} → ${setting(value.new)}`;
}
