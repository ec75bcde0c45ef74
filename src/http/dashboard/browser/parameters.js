/** The settings of a market or of the process: what is in force, from where, and changing it. */

import { call, configPath, describe, onSession, session } from "./api.js";
import { ask, askLogin } from "./dialog.js";
import { fill, h, panel, setAttribute, setText, table, wide } from "./dom.js";
import { editBar, valueOf } from "./edits.js";
import { age, NONE, plural, setting, words } from "./format.js";
import { takeDetail } from "./model.js";

/** @import { Config, ConfigRecord, Parameter } from "./types.ts" */

/**
 * Shows the page; returns the way to leave it.
 * @param {HTMLElement} main
 * @param {string} target a market, or `global`
 */
export function showParameters(main, target) {
  const isGlobal = target === "global";
  const note = h("p", { class: "note", role: "status" });
  const login = h(
    "button",
    { class: "primary", onclick: askLogin },
    "Log in to see and change them",
  );
  const search = h("input", { type: "search", id: "search", placeholder: "Search  ( / )" });
  const only = h("input", { type: "checkbox", id: "only-changed" });
  const groups = h("div", { class: "groups" });
  const past = h("div", {});
  /** @type {Map<string, { parameter: Parameter, row: ReturnType<typeof settingRow> }>} */
  const rows = new Map();
  /** @type {Map<string, unknown>} */
  const changes = new Map();
  /** @type {Config} */
  let config = { target, version: 0, settings: {}, rejected: [], temporary_life_ms: null };
  const bar = editBar({ target, config: () => config, changes: () => changes, undo, reload });

  /** @param {string} name */
  function undo(name) {
    changes.delete(name);
    const found = rows.get(name);
    found?.row.show(config.settings[name], false);
    bar.update();
  }

  /**
   * @param {Parameter} parameter
   * @param {string} text
   */
  function edited(parameter, text) {
    const value = valueOf(parameter, text);
    const before = config.settings[parameter.name];
    const isSame = typeof before === "object" &&
      JSON.stringify(before.value ?? null) === JSON.stringify(value);
    if (isSame) changes.delete(parameter.name);
    else changes.set(parameter.name, value);
    rows.get(parameter.name)?.row.mark(!isSame);
    bar.update();
  }

  /** @param {boolean} keepsEdits */
  async function reload(keepsEdits) {
    config = await call("GET", configPath(target));
    if (!keepsEdits) changes.clear();
    for (const [name, { row }] of rows) row.show(config.settings[name], changes.has(name));
    bar.update();
    setText(note, noteOf(config));
    filter();
    const { records } = await call("GET", configPath(target, "/history?limit=30"));
    fill(
      past,
      ...records.map((/** @type {ConfigRecord} */ record) => recordLine(record, rollback)),
    );
  }

  /** @param {ConfigRecord} record */
  function rollback({ version }) {
    ask({
      title: `Roll ${target} back to version ${version}`,
      about: "The lasting overrides of that version become a new version.",
      verb: "Roll back",
      reason: `back to version ${version}`,
      run: async (by, reason) => {
        const body = { version, reason, expected_version: config.version };
        const answer = await call("POST", configPath(target, "/rollback"), body, by);
        await reload(false);
        return [
          h(
            "p",
            { class: "good" },
            `Version ${answer.version}: ${plural(answer.changes.length, "value")} changed.`,
          ),
        ];
      },
    });
  }

  /** @param {string} name */
  function takeBack(name) {
    ask({
      title: `Take back ${name} of ${target}`,
      about: "The override ends: what the files say is in force again.",
      verb: "Take back",
      reason: "taken back from the dashboard",
      run: async (by, reason) => {
        const isTemporary = originOf(config.settings[name]).includes("temporary");
        const body = { reason, expected_version: config.version, temporary: isTemporary };
        await call("DELETE", configPath(target, `/${encodeURIComponent(name)}`), body, by);
        await reload(true);
        return [];
      },
    });
  }

  function filter() {
    const needle = search.value.trim().toLowerCase();
    for (const [name, { parameter, row }] of rows) {
      const text = `${name} ${parameter.description} ${parameter.group}`.toLowerCase();
      const isSpecial = originOf(config.settings[name]) !== "code default" &&
        !isPackaged(config.settings[name]);
      row.element.hidden = !text.includes(needle) ||
        (only.checked && !isSpecial && !changes.has(name));
    }
    for (const group of groups.querySelectorAll("section")) {
      group.hidden = group.querySelector("tbody tr:not([hidden])") === null;
    }
  }

  async function load() {
    login.hidden = session() !== null;
    for (const part of [groups, past]) fill(part);
    rows.clear();
    if (session() === null) return setText(note, "Settings are for operators.");
    try {
      const all = await call("GET", "/api/parameters", undefined, null);
      const declared = /** @type {readonly Parameter[]} */ (isGlobal ? all.global : all.market);
      for (const [name, members] of Map.groupBy(declared, ({ group }) => group)) {
        groups.append(groupOf(name, members));
      }
      await reload(false);
      if (!isGlobal) {
        takeDetail(
          await call("GET", `/api/markets/${encodeURIComponent(target)}`, undefined, null),
        );
      }
    } catch (error) {
      setText(note, describe(error));
    }
  }

  /**
   * @param {string} name
   * @param {readonly Parameter[]} members
   */
  function groupOf(name, members) {
    const { element, body } = table(words(name), [["Setting"], ["Value"], ["Range"], ["From"], [
      "",
    ]]);
    for (const parameter of members) {
      const row = settingRow(parameter, edited, takeBack);
      rows.set(parameter.name, { parameter, row });
      body.append(row.element);
    }
    return panel(words(name), "", wide(`${words(name)}, scrollable`, element));
  }

  search.addEventListener("input", filter);
  only.addEventListener("input", filter);
  const back = isGlobal ? "#/" : `#/market/${encodeURIComponent(target)}`;
  main.append(
    h(
      "section",
      { class: "heading" },
      h("h1", {}, isGlobal ? "Settings of the process" : `Parameters of ${target}`),
      h("a", { href: back }, isGlobal ? "Markets" : "Back to the market"),
    ),
    note,
    login,
    h(
      "div",
      { class: "toolbar" },
      h("label", { class: "grow" }, h("span", { class: "hidden" }, "Search settings"), search),
      h("label", {}, only, " only what is not a default"),
    ),
    bar.element,
    groups,
    panel("Changes, newest first", "history", past),
  );
  bar.update();
  void load();
  return onSession(() => void load());
}

/** @param {Config["settings"][string] | undefined} found */
function originOf(found) {
  return typeof found === "object" ? found.origin : "";
}

/** @param {Config["settings"][string] | undefined} found */
function isPackaged(found) {
  return /^config\/default\.yaml:/.test(originOf(found));
}

/** @param {Config} config */
function noteOf({ version, rejected, temporary_life_ms: life }) {
  const temporary = life === null ? "" : `; temporary values end in ${age(life)}`;
  const refused = rejected.length === 0
    ? ""
    : `; not in force: ${rejected.map(({ key, message }) => `${key} ${message}`).join(", ")}`;
  return `Version ${version}${temporary}${refused}`;
}

/**
 * One setting with its input.
 * @param {Parameter} parameter
 * @param {(parameter: Parameter, text: string) => void} edited
 * @param {(name: string) => void} takeBack
 */
function settingRow(parameter, edited, takeBack) {
  const { name, description, unit } = parameter;
  const input = inputOf(parameter);
  input.setAttribute("aria-label", name);
  input.addEventListener("input", () => edited(parameter, input.value));
  const from = h("td", { class: "muted" });
  const back = h("button", {
    class: "quiet small",
    onclick: () => takeBack(name),
    "aria-label": `Take back ${name}`,
  }, "Take back");
  const element = h(
    "tr",
    {},
    h("th", { scope: "row" }, h("code", {}, name), h("span", { class: "why" }, description)),
    h("td", {}, input, h("span", { class: "muted" }, ` ${unit ?? ""}`)),
    h("td", { class: "muted" }, rangeOf(parameter)),
    from,
    h("td", {}, back),
  );
  const mark = (/** @type {boolean} */ isEdited) =>
    setAttribute(element, "data-edited", isEdited ? "yes" : null);
  /**
   * @param {Config["settings"][string] | undefined} found
   * @param {boolean} isEdited
   */
  const show = (found, isEdited) => {
    const isSecret = typeof found === "string";
    if (!isEdited) input.value = isSecret ? "hidden" : setting(found?.value);
    input.disabled = isSecret || !parameter.is_hot;
    setText(from, isSecret ? "secret" : found?.origin ?? NONE);
    back.hidden = !originOf(found).startsWith("override");
    mark(isEdited);
  };
  return { element, show, mark };
}

/** @param {Parameter} parameter @returns {HTMLInputElement | HTMLSelectElement} */
function inputOf({ type, values }) {
  const words = type === "bool" ? ["true", "false"] : values;
  if (words === null) return h("input", { size: 12, autocomplete: "off" });
  return h("select", {}, ...words.map((word) => h("option", {}, word)));
}

/** @param {Parameter} parameter */
function rangeOf({ type, min, max, nullable, is_hot: isHot }) {
  const range = min === null && max === null ? words(type) : `${min ?? ""} … ${max ?? ""}`;
  return `${range}${nullable ? ", or unset" : ""}${isHot ? "" : "; takes a restart"}`;
}

/**
 * @param {ConfigRecord} record
 * @param {(record: ConfigRecord) => void} rollback
 */
function recordLine(record, rollback) {
  const { event, at, version, operator, approver, reason, changes, findings } = record;
  const told = changes.map(({ name, old, new: now }) =>
    `${name} ${setting(old)} → ${setting(now)}`
  );
  return h(
    "p",
    { class: "record" },
    h("b", {}, `Version ${version}, ${event}`),
    ` ${at.slice(0, 19).replace("T", " ")} UTC, ${operator}${
      approver === null ? "" : ` with ${approver}`
    }: ${reason}. `,
    h("span", { class: "muted" }, [...told, ...findings].slice(0, 12).join("; ")),
    " ",
    record.overrides !== null &&
      h(
        "button",
        { class: "quiet small", onclick: () => rollback(record) },
        `Roll back to ${version}`,
      ),
  );
}
