/** The state of a market in a word, a shape and a colour, and how much attention it needs. */

import { h, setAttribute, setText, shape } from "./dom.js";
import { age, words } from "./format.js";

/** @import { Attention, LightName, Row } from "./types.ts" */

/** Shapes differ as much as colours do. */
const SHAPES = {
  "normal": "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z",
  "widen": "M8 1l7 7-7 7-7-7z",
  "one-side": "M8 1.5 15.5 14.5H.5z",
  "kill": "M5 1h6l4 4v6l-4 4H5l-4-4V5zM5 7v2h6V7z",
  "paused": "M3 2h4v12H3zM9 2h4v12H9z",
  "problem": "M7 1h2.6l-.5 9H7.4zM8.3 11.6a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 1 0 0-3.4z",
  "stale": "M3 1h10v2L9 8l4 5v2H3v-2l4-5-4-5z",
  "starting": "M8 1a7 7 0 1 0 7 7h-3a4 4 0 1 1-4-4z",
  "ended": "M2 6.5h12v3H2z",
};

/** Without a cycle for so long a running market is not what its row says. */
export const STALE_CYCLE_MS = 15_000;

/**
 * What an operator should know of a market first.
 * @param {Row} row
 * @param {number} nowMs time of the bot
 * @returns {Attention}
 */
export function attention(row, nowMs) {
  return killed(row) ?? troubled(row, nowMs) ?? held(row) ?? defended(row) ??
    (row.bid_cents === null || row.ask_cents === null
      ? state(7, "widen", "GAP", missing(row))
      : state(9, "normal", "NORMAL", ""));
}

/** @param {Row} row */
function killed({ latch, level, lifecycle }) {
  if (latch !== null) return state(0, "kill", "KILLED", `${latch.reason} by ${latch.source}`);
  if (level === "KILL_SWITCH") return state(0, "kill", "KILL SWITCH", "all orders off");
  return lifecycle === "EMERGENCY" ? state(0, "kill", "EMERGENCY", "all orders off") : null;
}

/**
 * @param {Row} row
 * @param {number} nowMs
 */
function troubled({ lifecycle, problem, last_cycle_at_ms: atMs }, nowMs) {
  if (problem !== null) return state(1, "problem", "PROBLEM", problem);
  if (lifecycle === "RUNNING" && atMs !== null && nowMs - atMs > STALE_CYCLE_MS) {
    return state(2, "stale", "STALE", `no cycle for ${age(nowMs - atMs)}`);
  }
  if (lifecycle === "STARTING") return state(6, "starting", "STARTING", "not quoted yet");
  if (lifecycle === "RUNNING") return null;
  return state(8, "ended", words(lifecycle), "trading has ended");
}

/** @param {Row} row */
function held({ operator_order: order, pauses }) {
  if (order !== null) {
    const word = order.kind === "flatten" ? "FLATTEN" : "PAUSED";
    const stage = order.stage === undefined ? "" : `${order.stage}; `;
    return state(5, "paused", word, `${stage}${order.operator}: ${order.reason}`);
  }
  return pauses.length === 0 ? null : state(4, "paused", "PAUSED", pauses.map(words).join(", "));
}

/** @param {Row} row */
function defended({ level, phase }) {
  switch (level) {
    case "ONE_SIDE":
      return state(3, "one-side", "ONE SIDE", "only the side that reduces is quoted");
    case "WIDEN":
      return state(6, "widen", "WIDEN", "wider and smaller quotes");
    case null:
      return state(6, "starting", "STARTING", phase === null ? "no cycle yet" : "");
    default:
      return null;
  }
}

/** @param {Row} row */
function missing({ bid_cents: bid, ask_cents: ask }) {
  return `no own ${bid === null && ask === null ? "order rests" : bid === null ? "bid" : "ask"}`;
}

/**
 * @param {number} rank
 * @param {LightName} light
 * @param {string} word
 * @param {string} why
 * @returns {Attention}
 */
function state(rank, light, word, why) {
  return { rank, light, word, why };
}

/** From this rank on nobody has to look. */
export const CALM_RANK = 8;

/** A light that can be set to what a market needs. */
export function light() {
  const symbol = h("span", { class: "symbol" });
  const word = h("span", { class: "word" });
  const element = h("span", { class: "light" }, symbol, word);
  /** @param {Pick<Attention, "light" | "word">} shown */
  const set = ({ light: name, word: text }) => {
    if (element.getAttribute("data-light") !== name) {
      setAttribute(element, "data-light", name);
      symbol.replaceChildren(shape(SHAPES[name], "shape"));
    }
    setText(word, text);
  };
  return { element, set };
}
