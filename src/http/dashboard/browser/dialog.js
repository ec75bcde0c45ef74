/** Questions to the operator: what is to be done, why, and what came of it. */

import { describe, keep, Refusal, session, tryToken } from "./api.js";
import { fill, h } from "./dom.js";

/** @import { Session } from "./api.js" */
/** @import { Child } from "./dom.js" */

/**
 * @typedef {object} Question
 * @property {string} title what is to be done, with the name of what it is done to
 * @property {Child} about what it means
 * @property {string} verb the button that does it
 * @property {boolean} [isDangerous]
 * @property {string | null} [reason] what stands in the reason at first; null asks for none
 * @property {HTMLElement[]} [fields] what else is asked
 * @property {(by: Session, reason: string) => Promise<Child[]>} run
 *   does it, and gives what to show of it; nothing closes the dialog
 */

/**
 * Asks, does it, and shows the result in the same place.
 * @param {Question} question
 */
export function ask(question) {
  const { title, about, verb, isDangerous = false, reason = "", fields = [], run } = question;
  const login = session() === null ? loginFields() : null;
  const why = reason === null ? null : reasonField(reason);
  const output = h("div", { class: "outcome", role: "status" });
  const send = h("button", { class: isDangerous ? "danger" : "primary" }, verb);
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const asked = h("div", { class: "asked" }, h("p", {}, about), why, ...fields, login?.element);
  const form = h(
    "form",
    { onsubmit: submit },
    h("h2", { id: "question" }, title),
    asked,
    output,
    h("div", { class: "buttons" }, cancel, send),
  );
  const dialog = h(
    "dialog",
    { "aria-labelledby": "question", onclose: () => dialog.remove() },
    form,
  );

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    fill(output, "Sent; waiting for the answer …");
    const by = session() ?? login?.read() ?? { operator: "", token: "" };
    try {
      const result = await run(by, why?.querySelector("input")?.value ?? "");
      keep(by);
      if (result.length === 0) return dialog.close();
      asked.hidden = true;
      fill(output, ...result);
      send.remove();
      cancel.textContent = "Close";
      cancel.focus();
    } catch (error) {
      send.disabled = false;
      fill(output, h("p", { class: "bad" }, describe(error)));
      if (error instanceof Refusal && error.status === 401 && login === null) reopen();
    }
  }

  /** The token that was kept does not work any more: it is asked again. */
  function reopen() {
    dialog.close();
    ask({ ...question, about: [about, " The token was refused: enter it again."].join("") });
  }

  document.body.append(dialog);
  dialog.showModal();
  (login === null ? send : login.first).focus();
}

/** @param {string} text */
function reasonField(text) {
  const input = h("input", { name: "reason", required: true, maxLength: 500, value: text });
  return h("label", {}, "Reason, for the audit trail", input);
}

function loginFields() {
  const operator = h("input", {
    name: "operator",
    required: true,
    maxLength: 64,
    autocomplete: "off",
  });
  const token = h("input", {
    name: "token",
    type: "password",
    required: true,
    autocomplete: "off",
  });
  const element = h(
    "fieldset",
    {},
    h("legend", {}, "Who are you? Asked once, kept in this tab until it is closed."),
    h("label", {}, "Your name", operator),
    h("label", {}, "Admin token (AMM_ADMIN_TOKEN)", token),
  );
  const read = () => ({ operator: operator.value.trim(), token: token.value });
  return { element, read, first: operator };
}

/** Asks for name and token alone. */
export function askLogin() {
  ask({
    title: "Log in",
    about: "Whoever changes something says who he is and shows the admin token.",
    verb: "Log in",
    reason: null,
    run: async (by) => {
      await tryToken(by);
      return [];
    },
  });
}
