/** Changes of settings that are not saved yet: what differs, trying it, and saving it. */

import { call, configPath, describe, Refusal } from "./api.js";
import { fill, h, setText } from "./dom.js";
import { dryRun, warnings } from "./dry_run.js";
import { lifeOf } from "./edit_text.js";
import { NONE, plural, setting } from "./format.js";

/** @import { Config, EditAnswer } from "./types.ts" */

/**
 * @typedef {object} Edited
 * @property {string} target
 * @property {() => Config} config what is in force, as last read
 * @property {ReadonlyMap<string, unknown>} changes
 * @property {(name: string) => void} undo
 * @property {(keepsEdits: boolean) => Promise<void>} reload
 */

/** The bar that holds what has been changed. */
export class EditBar {
  #edited;
  #reason = h("input", { id: "edit-reason", required: true, maxLength: 500 });
  #life = h("input", { id: "edit-life", placeholder: "for good", size: 9 });
  #approver = h("input", {
    id: "edit-approver",
    maxLength: 64,
    placeholder: "if a limit is loosened",
  });
  #title = h("h2", {});
  #diff = h("ul", { class: "diff" });
  #output = h("div", { class: "outcome", role: "status" });

  /** @param {Edited} edited */
  constructor(edited) {
    this.#edited = edited;
    const dry = h("button", { type: "button", onclick: () => void this.#send(true) }, "Dry run");
    this.element = h(
      "form",
      {
        class: "panel edit-bar",
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          void this.#send(false);
        },
      },
      this.#title,
      this.#diff,
      h(
        "div",
        { class: "toolbar" },
        h("label", { class: "grow" }, "Reason ", this.#reason),
        h("label", {}, "Ends after (30m, 2h) ", this.#life),
        h("label", {}, "Approver ", this.#approver),
        dry,
        h("button", { class: "primary" }, "Save"),
      ),
      this.#output,
    );
    this.update();
  }

  /** Shows the changes as they are now. */
  update() {
    const { changes } = this.#edited;
    this.element.hidden = changes.size === 0;
    setText(this.#title, `${plural(changes.size, "change")}, not saved`);
    fill(this.#output);
    fill(this.#diff, ...[...changes].map(([name, value]) => this.#difference(name, value)));
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  #difference(name, value) {
    const before = this.#edited.config().settings[name];
    const old = typeof before === "object" ? setting(before.value) : NONE;
    const undo = h(
      "button",
      {
        type: "button",
        class: "quiet small",
        onclick: () => this.#edited.undo(name),
        "aria-label": `Undo ${name}`,
      },
      "Undo",
    );
    return h("li", {}, h("b", {}, name), ` ${old} → ${setting(value)} `, undo);
  }

  /** @param {boolean} isDry */
  async #send(isDry) {
    const lifeMs = lifeOf(this.#life.value);
    if (Number.isNaN(lifeMs)) return this.#say("bad", "Ends after: a time such as 30m, 2h or 1d");
    fill(this.#output, "Sent …");
    try {
      const body = this.#body(isDry, lifeMs);
      const answer = await call("PUT", configPath(this.#edited.target), body);
      if (isDry) fill(this.#output, ...dryRun(answer));
      else await this.#saved(answer);
    } catch (error) {
      fill(this.#output, h("p", { class: "bad" }, describe(error)), ...this.#missed(error));
    }
  }

  /**
   * @param {boolean} isDry
   * @param {number | null} lifeMs
   */
  #body(isDry, lifeMs) {
    const [reason, approver] = [this.#reason.value.trim(), this.#approver.value.trim()];
    return {
      changes: Object.fromEntries(this.#edited.changes),
      reason: reason === "" && isDry ? "dry run" : reason,
      expected_version: this.#edited.config().version,
      ...(lifeMs === null ? {} : { ttl_ms: lifeMs }),
      ...(approver === "" ? {} : { approver }),
      ...(isDry ? { dry_run: true } : {}),
    };
  }

  /** @param {EditAnswer} answer */
  async #saved(answer) {
    await this.#edited.reload(false);
    this.element.hidden = false;
    const many = plural(answer.changes.length, "value");
    this.#say(
      "good",
      `Saved as version ${answer.version}: ${many} in force from the next cycle on.`,
    );
    this.#output.append(...warnings(answer));
  }

  /**
   * @param {"good" | "bad"} className
   * @param {string} text
   */
  #say(className, text) {
    fill(this.#output, h("p", { class: className }, text));
  }

  /**
   * Somebody else was faster: shows the version that was missed.
   * @param {unknown} error
   */
  #missed(error) {
    if (!(error instanceof Refusal) || error.status !== 409) return [];
    const { version, updated_by: by, reason } = error.error;
    const load = async () => {
      await this.#edited.reload(true);
      this.#say("good", "Loaded; your changes are kept above.");
    };
    const seen = `You have seen version ${this.#edited.config().version}; version ${version} is by`;
    return [
      h("p", {}, `${seen} ${by ?? "somebody"}: ${reason ?? "no reason"}.`),
      h(
        "button",
        { type: "button", onclick: () => void load() },
        `Load version ${version}, keep my changes`,
      ),
    ];
  }
}
