/** The settings of a market or of the process: what is in force, from where, and changing it. */

import { call, configPath, describe, marketPath, onSession, session } from "./api.js";
import { ask, askLogin } from "./dialog.js";
import { fill, h, panel, setText, table, wide } from "./dom.js";
import { valueOf } from "./edit_text.js";
import { EditBar } from "./edits.js";
import { age, plural, setting, words } from "./format.js";
import { takeDetail } from "./model.js";
import { isPackaged, originOf, settingRow } from "./setting_row.js";

/** @import { Config, ConfigRecord, Parameter } from "./types.ts" */

/**
 * Shows the page; returns the way to leave it.
 * @param {HTMLElement} main
 * @param {string} target a market, or `global`
 */
export function showParameters(main, target) {
  const page = new ParametersPage(target);
  main.append(...page.elements);
  void page.load();
  return onSession(() => void page.load());
}

class ParametersPage {
  #target;
  #note = h("p", { class: "note", role: "status" });
  #login = h("button", { class: "primary", onclick: askLogin }, "Log in to see and change them");
  #search = h("input", {
    ...{ type: "search", id: "search", placeholder: "Search  ( / )" },
    oninput: () => this.#filter(),
  });
  #only = h("input", { type: "checkbox", oninput: () => this.#filter() });
  #groups = h("div", { class: "groups" });
  #past = h("div", {});
  /** @type {Map<string, { parameter: Parameter, row: ReturnType<typeof settingRow> }>} */
  #rows = new Map();
  /** @type {Map<string, unknown>} */
  #changes = new Map();
  /** @type {Config} */
  #config;
  #bar;

  /** @param {string} target */
  constructor(target) {
    this.#target = target;
    this.#config = { target, version: 0, settings: {}, rejected: [], temporary_life_ms: null };
    this.#bar = new EditBar({
      target,
      config: () => this.#config,
      changes: this.#changes,
      undo: (name) => this.#undo(name),
      reload: (keepsEdits) => this.#reload(keepsEdits),
    });
  }

  /** What the page is made of. */
  get elements() {
    const isGlobal = this.#target === "global";
    const title = isGlobal ? "Settings of the process" : `Parameters of ${this.#target}`;
    const back = isGlobal ? "#/" : `#/market/${encodeURIComponent(this.#target)}`;
    return [
      h(
        "section",
        { class: "heading" },
        h("h1", {}, title),
        h("a", { href: back }, isGlobal ? "Markets" : "Back to the market"),
      ),
      this.#note,
      this.#login,
      h(
        "div",
        { class: "toolbar" },
        h(
          "label",
          { class: "grow" },
          h("span", { class: "hidden" }, "Search settings"),
          this.#search,
        ),
        h("label", {}, this.#only, " only what is not a default"),
      ),
      this.#bar.element,
      this.#groups,
      panel("Changes, newest first", "history", this.#past),
    ];
  }

  /** Reads everything anew. */
  async load() {
    this.#login.hidden = session() !== null;
    for (const part of [this.#groups, this.#past]) fill(part);
    this.#rows.clear();
    if (session() === null) return setText(this.#note, "Settings are for operators.");
    try {
      const all = await call("GET", "/api/parameters", undefined, null);
      const declared = this.#target === "global" ? all.global : all.market;
      this.#showGroups(declared);
      await this.#reload(false);
      if (this.#target === "global") return;
      takeDetail(await call("GET", marketPath(this.#target), undefined, null));
    } catch (error) {
      setText(this.#note, describe(error));
    }
  }

  /** @param {readonly Parameter[]} declared */
  #showGroups(declared) {
    for (const [name, members] of Map.groupBy(declared, ({ group }) => group)) {
      const title = words(name);
      const { element, body } = table(title, [["Setting"], ["Value"], ["Range"], ["From"], [""]]);
      for (const parameter of members) {
        const row = settingRow(
          parameter,
          (text) => this.#edit(parameter, text),
          () => this.#takeBack(parameter.name),
        );
        this.#rows.set(parameter.name, { parameter, row });
        body.append(row.element);
      }
      this.#groups.append(panel(title, "", wide(`${title}, scrollable`, element)));
    }
  }

  /** @param {boolean} keepsEdits */
  async #reload(keepsEdits) {
    this.#config = await call("GET", configPath(this.#target));
    if (!keepsEdits) this.#changes.clear();
    for (const [name, { row }] of this.#rows) {
      row.show(this.#config.settings[name], this.#changes.has(name));
    }
    this.#bar.update();
    setText(this.#note, noteOf(this.#config));
    this.#filter();
    const { records } = await call("GET", configPath(this.#target, "/history?limit=30"));
    const lines = records.map((/** @type {ConfigRecord} */ record) =>
      recordLine(record, (version) => this.#rollback(version))
    );
    fill(this.#past, ...lines);
  }

  /**
   * @param {Parameter} parameter
   * @param {string} text
   */
  #edit(parameter, text) {
    const { name } = parameter;
    const value = valueOf(parameter, text);
    const before = this.#config.settings[name];
    const old = typeof before === "object" ? before.value ?? null : undefined;
    const isSame = JSON.stringify(old) === JSON.stringify(value);
    if (isSame) this.#changes.delete(name);
    else this.#changes.set(name, value);
    this.#rows.get(name)?.row.mark(!isSame);
    this.#bar.update();
  }

  /** @param {string} name */
  #undo(name) {
    this.#changes.delete(name);
    this.#rows.get(name)?.row.show(this.#config.settings[name], false);
    this.#bar.update();
  }

  /** @param {number} version */
  #rollback(version) {
    ask({
      title: `Roll ${this.#target} back to version ${version}`,
      about: "The lasting overrides of that version become a new version.",
      verb: "Roll back",
      reason: `back to version ${version}`,
      run: async (by, reason) => {
        const body = { version, reason, expected_version: this.#config.version };
        const answer = await call("POST", configPath(this.#target, "/rollback"), body, by);
        await this.#reload(false);
        const many = plural(answer.changes.length, "value");
        return [h("p", { class: "good" }, `Version ${answer.version}: ${many} changed.`)];
      },
    });
  }

  /** @param {string} name */
  #takeBack(name) {
    ask({
      title: `Take back ${name} of ${this.#target}`,
      about: "The override ends: what the files say is in force again.",
      verb: "Take back",
      reason: "taken back from the dashboard",
      run: async (by, reason) => {
        const temporary = originOf(this.#config.settings[name]).includes("temporary");
        const body = { reason, expected_version: this.#config.version, temporary };
        await call("DELETE", configPath(this.#target, `/${encodeURIComponent(name)}`), body, by);
        await this.#reload(true);
        return [];
      },
    });
  }

  #filter() {
    const needle = this.#search.value.trim().toLowerCase();
    for (const [name, { parameter, row }] of this.#rows) {
      const text = `${name} ${parameter.description} ${parameter.group}`.toLowerCase();
      const isWanted = !this.#only.checked || this.#changes.has(name) ||
        !isPackaged(this.#config.settings[name]);
      row.element.hidden = !text.includes(needle) || !isWanted;
    }
    for (const group of this.#groups.querySelectorAll("section")) {
      group.hidden = group.querySelector("tbody tr:not([hidden])") === null;
    }
  }
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
 * @param {ConfigRecord} record
 * @param {(version: number) => void} rollback
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
        { class: "quiet small", onclick: () => rollback(version) },
        `Roll back to ${version}`,
      ),
  );
}
