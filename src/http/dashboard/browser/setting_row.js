/** One setting: what it is, its value, where that comes from. */

import { h, setAttribute, setText } from "./dom.js";
import { NONE, setting, words } from "./format.js";

/** @import { Config, Parameter } from "./types.ts" */

/**
 * One setting with its input.
 * @param {Parameter} parameter
 * @param {(text: string) => void} edited
 * @param {() => void} takeBack
 */
export function settingRow(parameter, edited, takeBack) {
  const { name, description, unit } = parameter;
  const input = inputOf(parameter);
  input.setAttribute("aria-label", name);
  input.addEventListener("input", () => edited(input.value));
  const from = h("td", { class: "muted" });
  const back = h("button", {
    class: "quiet small",
    onclick: () => takeBack(),
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
 * The layer that a value comes from, empty for none.
 * @param {Config["settings"][string] | undefined} found
 */
export function originOf(found) {
  return typeof found === "object" ? found.origin : "";
}

/**
 * True for a value that comes with the program.
 * @param {Config["settings"][string] | undefined} found
 */
export function isPackaged(found) {
  return /^(code default|config\/default\.yaml:)/.test(originOf(found));
}
