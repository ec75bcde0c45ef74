/** What stands above every page: mode, connection, who works here, and the big buttons. */

import { askCommandAll, askKillAll } from "./actions.js";
import { logOut, onSession, session } from "./api.js";
import { askLogin } from "./dialog.js";
import { byId, fill, h, setAttribute, setText } from "./dom.js";
import { age } from "./format.js";
import { attention } from "./lights.js";
import { botNowMs, model, on, silentMs } from "./model.js";

/** The bot speaks once a second: after this it is worth saying that it does not. */
const QUIET_MS = 3500;

const MODE = document.documentElement.dataset["mode"] === "live" ? "LIVE" : "PAPER";

/** Sets the frame of all pages going. */
export function showShell() {
  byId("kill-all").addEventListener("click", askKillAll);
  byId("pause-all").addEventListener("click", () => askCommandAll("pause"));
  byId("resume-all").addEventListener("click", () => askCommandAll("resume"));
  byId("release-all").addEventListener("click", () => askCommandAll("release"));
  byId("session").addEventListener("click", () => session() === null ? askLogin() : logOut());
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  onSession(showSession);
  on("overview", showState);
  on("link", showState);
  on("tick", showState);
  showSession();
  showState();
}

function showSession() {
  const by = session();
  setText(byId("session"), by === null ? "Log in" : `${by.operator}: log out`);
}

function showState() {
  const { overview, link } = model;
  const silent = silentMs();
  const isQuiet = link.state !== "live" || silent === null || silent > QUIET_MS;
  setText(byId("link"), linkText(silent, isQuiet));
  setAttribute(byId("link"), "data-quiet", isQuiet ? "yes" : null);
  setAttribute(document.body, "data-quiet", isQuiet ? "yes" : null);
  byId("resume-all").hidden = ![...model.rows.values()].some((row) => row.operator_order !== null);
  byId("release-all").hidden = overview?.global_latch === null || overview === null;
  const alarms = alarmsOf(silent, isQuiet);
  const host = byId("alarms");
  const text = alarms.join("\n");
  if (host.dataset["text"] !== text) {
    host.dataset["text"] = text;
    fill(host, ...alarms.map((alarm) => h("p", {}, alarm)));
  }
  showTitle(isQuiet);
}

/**
 * @param {number | null} silent
 * @param {boolean} isQuiet
 */
function linkText(silent, isQuiet) {
  const { overview, link } = model;
  const instance = overview?.instance_id === null || overview === null
    ? ""
    : `${overview.instance_id} · `;
  if (link.state === "resting") return `${instance}not listening: this tab is hidden`;
  if (silent === null) {
    return link.problem === null ? "connecting …" : `no connection: ${link.problem}`;
  }
  if (isQuiet) return `${instance}no data for ${age(silent)}`;
  const up = overview === null ? null : botNowMs() - overview.started_at_ms;
  return `${instance}live · bot ${overview?.state ?? ""} for ${minutes(up)}`;
}

/**
 * Coarse, so that the line does not tick.
 * @param {number | null} ms
 */
function minutes(ms) {
  if (ms === null || ms < 60_000) return "less than a minute";
  return age(Math.floor(ms / 60_000) * 60_000).replace(" 00 s", "");
}

/**
 * What must be seen whatever page is open.
 * @param {number | null} silent
 * @param {boolean} isQuiet
 * @returns {string[]}
 */
function alarmsOf(silent, isQuiet) {
  const { overview, link } = model;
  const alarms = [];
  if (isQuiet && silent !== null && link.state !== "resting") {
    const why = link.problem === null ? "" : ` (${link.problem})`;
    alarms.push(
      "Everything below is old: the bot does not answer" + why +
        ". It may still be quoting; reconnecting …",
    );
  }
  if (overview === null) return alarms;
  const { global_latch: latch, store_problem: store, state } = overview;
  if (latch !== null) alarms.push(`ALL MARKETS ARE KILLED: ${latch.reason} by ${latch.source}`);
  if (store !== null) alarms.push(`The state store cannot be used: ${store}`);
  if (state === "stopping" || state === "stopped") alarms.push(`The bot is ${state}.`);
  return alarms;
}

/** @param {boolean} isQuiet */
function showTitle(isQuiet) {
  const nowMs = botNowMs();
  const urgent = [...model.rows.values()].filter((row) => attention(row, nowMs).rank < 5).length;
  const hidden = model.link.state === "resting";
  const news = isQuiet && !hidden ? "NO DATA · " : urgent > 0 ? `(${urgent}) ` : "";
  const title = `${news}${MODE} · ${document.body.dataset["page"] ?? "Markets"}`;
  if (document.title !== title) document.title = title;
}
