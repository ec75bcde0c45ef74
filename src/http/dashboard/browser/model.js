/** What the page knows of the bot: filled by the stream, read by the views. */

/** @import { Detail, Link, Overview, RiskEvent, Row } from "./types.ts" */

const MAX_EVENTS = 400;

/** @typedef {"overview" | "market" | "event" | "link" | "tick"} Topic */

/** Everything known now. */
export const model = {
  /** @type {Overview | null} */
  overview: null,
  /** @type {Map<string, Row>} */
  rows: new Map(),
  /** @type {Detail | null} */
  detail: null,
  /** Newest first. @type {RiskEvent[]} */
  events: [],
  /** @type {Link} */
  link: { state: "connecting", heardAt: null, problem: null },
  /** `performance.now()` when the overview came. */
  overviewAt: 0,
  /** Ids of rows that the last overview has brought. @type {readonly string[]} */
  changed: [],
};

/** @type {Map<Topic, Set<() => void>>} */
const listeners = new Map();

/**
 * Calls back after each change of a topic; returns the way to stop that.
 * @param {Topic} topic
 * @param {() => void} listener
 */
export function on(topic, listener) {
  const all = listeners.get(topic) ?? new Set();
  listeners.set(topic, all.add(listener));
  return () => all.delete(listener);
}

/** @param {Topic} topic */
function changed(topic) {
  for (const listener of listeners.get(topic) ?? []) listener();
}

/** The time of the bot, as well as it can be known here, epoch milliseconds. */
export function botNowMs() {
  const { overview, overviewAt } = model;
  return overview === null ? Date.now() : overview.at_ms + performance.now() - overviewAt;
}

/**
 * How long nothing has been heard, ms; null before the first word.
 */
export function silentMs() {
  const { heardAt } = model.link;
  return heardAt === null ? null : performance.now() - heardAt;
}

/**
 * Takes a message of the stream.
 * @param {string} event
 * @param {any} data
 */
export function take(event, data) {
  if (event === "overview") takeOverview(data);
  if (event === "market") takeDetail(data);
  if (event === "event") takeEvents([data]);
}

/** @param {Overview} overview */
export function takeOverview(overview) {
  const isNewProcess = model.overview?.started_at_ms !== overview.started_at_ms;
  if (isNewProcess) model.events = [];
  if (overview.full === true) {
    const known = new Set(overview.markets.map(({ market_id: id }) => id));
    for (const id of model.rows.keys()) if (!known.has(id)) model.rows.delete(id);
  }
  for (const row of overview.markets) model.rows.set(row.market_id, row);
  model.changed = overview.markets.map(({ market_id: id }) => id);
  model.overview = overview;
  model.overviewAt = performance.now();
  changed("overview");
}

/** @param {Detail | null} detail */
export function takeDetail(detail) {
  model.detail = detail;
  changed("market");
}

/**
 * Adds events that are not known yet.
 * @param {readonly RiskEvent[]} events
 */
export function takeEvents(events) {
  const known = new Set(model.events.map(({ seq }) => seq));
  const fresh = events.filter(({ seq }) => !known.has(seq));
  if (fresh.length === 0) return;
  model.events = [...fresh, ...model.events].sort((a, b) => b.seq - a.seq).slice(0, MAX_EVENTS);
  changed("event");
}

/** @param {Link} link */
export function takeLink(link) {
  const isNews = link.state !== model.link.state || link.problem !== model.link.problem;
  model.link = link;
  if (isNews) changed("link");
}

/** Lets ages grow. */
export function tick() {
  changed("tick");
}
