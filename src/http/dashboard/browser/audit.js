/** Who changed what, refused attempts included. */

import { call, describe, onSession, session } from "./api.js";
import { askLogin } from "./dialog.js";
import { fill, h, panel, setText, table, wide } from "./dom.js";
import { clock, NONE } from "./format.js";
import { botNowMs } from "./model.js";

/** @import { AuditEntry } from "./types.ts" */

/**
 * Shows the page; returns the way to leave it.
 * @param {HTMLElement} main
 */
export function showAudit(main) {
  const { element: grid, body } = table("Audit trail, newest first", [
    ["Time"],
    ["Operator"],
    ["Action"],
    ["Target"],
    ["Reason"],
    ["Outcome"],
  ]);
  const note = h("p", { class: "note", role: "status" });
  const older = h("button", { onclick: () => void load() }, "Older");
  const login = h("button", { class: "primary", onclick: askLogin }, "Log in to see it");
  main.append(
    panel(
      "Audit trail of this process",
      "audit",
      note,
      login,
      wide("Audit trail, scrollable", grid),
      older,
    ),
  );
  let cursor = "";

  async function load() {
    login.hidden = session() !== null;
    older.hidden = true;
    if (session() === null) return setText(note, "The audit trail is for operators.");
    try {
      const { entries, next_cursor: next } = await call("GET", `/api/audit?limit=100${cursor}`);
      body.append(...entries.map(entryRow));
      cursor = `&cursor=${next}`;
      older.hidden = next === null;
      setText(note, body.childElementCount === 0 ? "Nobody has changed anything yet." : "");
    } catch (error) {
      setText(note, describe(error));
    }
  }

  const stop = onSession(() => {
    cursor = "";
    fill(body);
    void load();
  });
  void load();
  return stop;
}

/** @param {AuditEntry} entry */
function entryRow({ at_ms: at, operator, action, target, reason, outcome }) {
  return h(
    "tr",
    {},
    h("td", {}, clock(at, botNowMs())),
    h("td", {}, operator ?? "without the token"),
    h("td", {}, action),
    h("td", {}, target),
    h("td", {}, reason ?? NONE),
    h("td", { class: outcome === "done" ? "good" : "bad" }, outcome),
  );
}
