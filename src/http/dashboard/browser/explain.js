/** Why the quote is what it is: in one sentence a side, then term by term in cents. */

import { call, describe, marketPath } from "./api.js";
import { fill, h, panel, setText } from "./dom.js";
import { clock, count } from "./format.js";
import { botNowMs } from "./model.js";
import { sentence } from "./sentence.js";
import { sections } from "./terms.js";

/** @import { Term } from "./terms.js" */
/** @import { Explanation } from "./types.ts" */

/** The panel of one market: follows the live quote, or stands at a past cycle. */
export class ExplanationPanel {
  #marketId;
  #sentences = h("div", { class: "sentences" });
  #terms = h("div", { class: "terms" });
  #place = h("span", { class: "place", role: "status" });
  #back = step("Cycle before", "◀", () => this.#go(-1));
  #on = step("Cycle after", "▶", () => this.#go(1));
  #live = h("button", { class: "quiet", onclick: () => void this.show(null) }, "Follow");
  /** @type {Explanation | null} */
  #now = null;
  /** The past cycle that is shown. @type {Explanation | null} */
  #past = null;
  #drawn = "";

  /** @param {string} marketId */
  constructor(marketId) {
    this.#marketId = marketId;
    const toolbar = h("div", { class: "toolbar" }, this.#place, this.#back, this.#on, this.#live);
    this.element = panel("Why this quote", "explain", toolbar, this.#sentences, this.#terms);
  }

  /**
   * Takes the last cycle.
   * @param {Explanation | null} explanation
   */
  update(explanation) {
    this.#now = explanation;
    if (this.#past === null) this.#draw();
  }

  /**
   * Shows a past cycle, or with null follows the live quote again.
   * @param {number | null} cycle
   */
  async show(cycle) {
    try {
      const path = marketPath(this.#marketId, `/explanations/${cycle}`);
      const isLive = cycle === null || cycle === this.#now?.cycle;
      this.#past = isLive ? null : await call("GET", path, undefined, null);
      this.#draw();
    } catch (error) {
      setText(this.#place, describe(error));
    }
  }

  /** @param {number} by */
  #go(by) {
    const from = this.#past ?? this.#now;
    if (from !== null) void this.show(from.cycle + by);
  }

  #draw() {
    const shown = this.#past ?? this.#now;
    this.#live.disabled = this.#past === null;
    if (shown === null) return setText(this.#place, "No cycle yet.");
    const told = this.#past === null
      ? `Cycle ${count(shown.cycle)}, live; settings version ${shown.config_version}`
      : `Cycle ${count(shown.cycle)} at ${clock(shown.at_ms, botNowMs())}: the past`;
    setText(this.#place, told);
    const content = JSON.stringify({ ...shown, cycle: 0, at_ms: 0 });
    if (content === this.#drawn) return;
    this.#drawn = content;
    const lines = [sentence("ask", shown), sentence("bid", shown)];
    fill(this.#sentences, ...lines.map((line) => h("p", {}, line)));
    fill(this.#terms, ...sections(shown).map(([title, rows]) => section(title, rows)));
  }
}

/**
 * @param {string} label
 * @param {string} sign
 * @param {() => void} go
 */
function step(label, sign, go) {
  return h("button", { class: "quiet", onclick: go, "aria-label": label }, sign);
}

/**
 * @param {string} title
 * @param {readonly Term[]} rows
 */
function section(title, rows) {
  const lines = rows.map(([term, value, how = ""]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, term),
      h("td", { class: "number" }, value),
      h("td", { class: "how" }, how),
    )
  );
  return h("table", {}, h("caption", {}, title), h("tbody", {}, ...lines));
}
