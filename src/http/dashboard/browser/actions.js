/** What operators can do to one market or to all of them. */

import { call, marketPath } from "./api.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { plural, words } from "./format.js";
import { model } from "./model.js";

/** @import { CommandAnswer, KillAnswer, Row } from "./types.ts" */
/** @import { Child } from "./dom.js" */

/** @typedef {"release" | "pause" | "resume" | "flatten" | "reconcile"} Command */

/** What each command means to a market. */
const MEANINGS = {
  release: "Ends the kill. The market looks at the venue first and quotes again by itself.",
  pause: "Takes the quotes off until somebody resumes. Ends with the process.",
  resume: "Ends the pause or the flattening: the market is quoted again.",
  flatten: "All orders off; then the net position is reduced, then the market stays paused.",
  reconcile: "Compares the books with the venue now.",
};

/**
 * Kills one market: the first action opens this, the second does it.
 * @param {Row} row
 */
export function askKill({ market_id: id, title, orders }) {
  ask({
    title: `Kill ${name(id, title)}`,
    about: `Takes ${
      plural(orders, "order")
    } off now and quotes nothing until somebody releases it.`,
    verb: "Kill now",
    isDangerous: true,
    reason: "killed from the dashboard",
    run: async (by, reason) => killed(await call("POST", marketPath(id, "/kill"), { reason }, by)),
  });
}

/** Kills everything. */
export function askKillAll() {
  const rows = [...model.rows.values()];
  const orders = rows.reduce((sum, row) => sum + row.orders, 0);
  ask({
    title: `Kill all ${plural(rows.length, "market")}`,
    about: `Takes ${plural(orders, "order")} off now, of every process that shares the account, ` +
      "and quotes nothing until somebody releases it.",
    verb: "Kill everything now",
    isDangerous: true,
    reason: "killed everything from the dashboard",
    run: async (by, reason) => killed(await call("POST", "/api/kill", { reason }, by)),
  });
}

/**
 * What a kill came to: what is gone, and what must be looked at.
 * @param {KillAnswer} answer
 * @returns {Child[]}
 */
function killed({ cancelled, verified, remaining, refused, left_to_holders: others }) {
  const isClean = verified && remaining.length === 0 && refused.length === 0;
  const many = `${plural(cancelled, "order")} cancelled. `;
  return [
    h("p", { class: isClean ? "good" : "bad" }, many, verified ? VERIFIED : UNVERIFIED),
    remaining.length === 0
      ? h("p", {}, "No order of ours remains, as far as is known.")
      : h("p", { class: "bad" }, `${plural(remaining.length, "order")} may remain:`),
    list(
      remaining.map((order) =>
        `${order.market_id}: ${order.side} ${order.yes_price_cents}, order ${order.order_id}`
      ),
    ),
    others.length > 0 && h("p", { class: "bad" }, "Other processes have to obey, look there:"),
    list(
      others.map(({ market_id: id, holder, is_written: isWritten }) =>
        `${id}, held by ${holder ?? "nobody now"}${isWritten ? "" : "; not written down yet"}`
      ),
    ),
    refused.length > 0 && h("p", { class: "bad" }, "Refused:"),
    list(refused.map(({ market_id: id, cause }) => `${id}: ${cause}`)),
  ];
}

const VERIFIED = "Verified: the venue was asked since.";
const UNVERIFIED = "NOT VERIFIED: the venue has not confirmed it. The kill is in force and is " +
  "tried on.";

/** @param {readonly string[]} lines */
function list(lines) {
  return lines.length > 0 && h("ul", {}, ...lines.map((line) => h("li", {}, line)));
}

/**
 * @param {Command} command
 * @param {Row} row
 */
export function askCommand(command, { market_id: id, title }) {
  ask({
    title: `${capital(command)} ${name(id, title)}`,
    about: MEANINGS[command],
    verb: capital(command),
    isDangerous: command === "flatten",
    reason: `${command} from the dashboard`,
    run: async (by, reason) =>
      done(await call("POST", marketPath(id, `/${command}`), { reason }, by)),
  });
}

/**
 * @param {"release" | "pause" | "resume"} command
 */
export function askCommandAll(command) {
  ask({
    title: `${capital(command)} all ${plural(model.rows.size, "market")}`,
    about: MEANINGS[command],
    verb: `${capital(command)} all`,
    reason: `${command} all from the dashboard`,
    run: async (by, reason) => done(await call("POST", `/api/${command}`, { reason }, by)),
  });
}

/**
 * Sets the anchor price.
 * @param {Row} row
 */
export function askAnchor({ market_id: id, title, fair_cents: fair }) {
  const price = h("input", {
    ...{ type: "number", name: "price", required: true },
    ...{ min: "1", max: "99", step: "1", value: String(Math.round(fair ?? 50)) },
  });
  ask({
    title: `Set the anchor of ${name(id, title)}`,
    about:
      "The price that is thought fair before the market says more: the learner begins anew there.",
    verb: "Set anchor",
    reason: "anchor set from the dashboard",
    fields: [h("label", {}, "Anchor, YES cents", price)],
    run: async (by, reason) => {
      const body = { reason, anchor_price_cents: Number(price.value) };
      return done(await call("POST", marketPath(id, "/anchor"), body, by));
    },
  });
}

/**
 * @param {CommandAnswer} answer
 * @returns {Child[]}
 */
function done({ markets }) {
  const refused = markets.filter(({ kind }) => kind === "refused");
  const passedOn = markets.filter(({ kind }) => kind === "passed_on");
  const drifts = markets.flatMap(({ market_id: id, drifts = [] }) =>
    drifts.map((drift) => `${id}: ${words(drift)}`)
  );
  const went = markets.length - refused.length - passedOn.length;
  return [
    h("p", { class: refused.length === 0 ? "good" : "bad" }, `Done in ${plural(went, "market")}.`),
    list(refused.map(({ market_id: id, cause = "" }) => `${id} refused: ${cause}`)),
    list(
      passedOn.map(({ market_id: id, holder }) =>
        `${id}: ${holder ?? "whoever takes it"} has to do it`
      ),
    ),
    list(drifts),
  ];
}

/**
 * @param {string} id
 * @param {string} title
 */
function name(id, title) {
  return title === id ? id : `${id}: ${title}`;
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
