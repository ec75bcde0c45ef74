/** Changes of settings that are not saved yet: what differs, what it would do, and saving it. */

import { call, configPath, describe, Refusal } from "./api.js";
import { fill, h, setText } from "./dom.js";
import { fine, NONE, plural, setting } from "./format.js";
import { model } from "./model.js";
import { sentence } from "./explain.js";

/** @import { Config, EditAnswer, Explanation, Parameter } from "./types.ts" */

/** Units of a time to live. */
const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A typed text as the value of a setting.
 * @param {Parameter} parameter
 * @param {string} text
 * @returns {unknown}
 */
export function valueOf({ type, nullable }, text) {
  const trimmed = text.trim();
  if (nullable && (trimmed === "" || trimmed === "unset")) return null;
  switch (type) {
    case "int":
    case "float":
      return trimmed === "" || Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
    case "bool":
      return trimmed === "true";
    case "string_list":
      return trimmed.split(",").map((part) => part.trim());
    case "float_list":
      return trimmed.split(",").map((part) => Number(part.trim()));
    default:
      return trimmed;
  }
}

/**
 * `30m` → milliseconds; null for nothing, NaN for what is no time.
 * @param {string} text
 */
export function lifeOf(text) {
  if (text.trim() === "") return null;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  if (amount === undefined) return NaN;
  return Math.round(Number(amount) * (UNITS[/** @type {keyof typeof UNITS} */ (unit)]));
}

/**
 * The bar that holds what has been changed.
 * @param {{
 *   target: string,
 *   config: () => Config,
 *   changes: () => ReadonlyMap<string, unknown>,
 *   undo: (name: string) => void,
 *   reload: (keepsEdits: boolean) => Promise<void>,
 * }} parts
 */
export function editBar({ target, config, changes, undo, reload }) {
  const reason = h("input", { id: "edit-reason", required: true, maxLength: 500 });
  const life = h("input", { id: "edit-life", placeholder: "for good", size: 9 });
  const approver = h("input", {
    id: "edit-approver",
    maxLength: 64,
    placeholder: "if a limit is loosened",
  });
  const diff = h("ul", { class: "diff" });
  const title = h("h2", {});
  const output = h("div", { class: "outcome", role: "status" });
  const dry = h("button", { type: "button", onclick: () => void send(true) }, "Dry run");
  const save = h("button", { class: "primary" }, "Save");
  const element = h(
    "form",
    { class: "panel edit-bar", onsubmit: onSubmit },
    title,
    diff,
    h(
      "div",
      { class: "toolbar" },
      h("label", { class: "grow" }, "Reason ", reason),
      h("label", {}, "Ends after (30m, 2h) ", life),
      h("label", {}, "Approver ", approver),
      dry,
      save,
    ),
    output,
  );

  /** @param {SubmitEvent} event */
  function onSubmit(event) {
    event.preventDefault();
    void send(false);
  }

  /** @param {boolean} isDry */
  async function send(isDry) {
    const ttl = lifeOf(life.value);
    if (Number.isNaN(ttl)) return fill(output, bad("Ends after: a time such as 30m, 2h or 1d"));
    const body = {
      changes: Object.fromEntries(changes()),
      reason: reason.value.trim() === "" && isDry ? "dry run" : reason.value,
      expected_version: config().version,
      ...(ttl === null ? {} : { ttl_ms: ttl }),
      ...(approver.value.trim() === "" ? {} : { approver: approver.value.trim() }),
      ...(isDry ? { dry_run: true } : {}),
    };
    fill(output, "Sent …");
    try {
      const answer = await call("PUT", configPath(target), body);
      if (isDry) fill(output, ...dryRun(answer));
      else {
        await reload(false);
        element.hidden = false;
        fill(
          output,
          h(
            "p",
            { class: "good" },
            `Saved as version ${answer.version}: ${
              plural(answer.changes.length, "value")
            } in force from the next cycle on.`,
          ),
          ...warnings(answer),
        );
      }
    } catch (error) {
      fill(output, bad(describe(error)), ...missed(error));
    }
  }

  /**
   * Somebody else was faster: shows the version that was missed.
   * @param {unknown} error
   */
  function missed(error) {
    if (!(error instanceof Refusal) || error.status !== 409) return [];
    const { version, updated_by: by, reason: why } = error.error;
    return [
      h(
        "p",
        {},
        `You have seen version ${config().version}; version ${version} is by ${by ?? "somebody"}: ${
          why ?? "no reason"
        }.`,
      ),
      h(
        "button",
        {
          type: "button",
          onclick: () =>
            void reload(true).then(() => fill(output, "Loaded; your changes are kept above.")),
        },
        `Load version ${version}, keep my changes`,
      ),
    ];
  }

  const update = () => {
    const all = changes();
    element.hidden = all.size === 0;
    setText(title, `${plural(all.size, "change")}, not saved`);
    fill(output);
    fill(
      diff,
      ...[...all].map(([name, value]) => {
        const before = config().settings[name];
        const old = typeof before === "object" ? setting(before.value) : NONE;
        return h(
          "li",
          {},
          h("b", {}, name),
          ` ${old} → ${setting(value)} `,
          h("button", {
            type: "button",
            class: "quiet small",
            onclick: () => undo(name),
            "aria-label": `Undo ${name}`,
          }, "Undo"),
        );
      }),
    );
  };
  return { element, update };
}

/** @param {string} text */
function bad(text) {
  return h("p", { class: "bad" }, text);
}

/** @param {EditAnswer} answer */
function warnings({ warnings: found }) {
  return found.map(({ key, message }) => h("p", { class: "bad" }, `Warning: ${key} ${message}`));
}

/**
 * What the last quote would have been.
 * @param {EditAnswer} answer
 */
function dryRun(answer) {
  const { preview, changes } = answer;
  const head = h(
    "p",
    { class: "good" },
    `It could be saved: ${plural(changes.length, "value")} would change.`,
  );
  const now = model.detail?.explanation ?? null;
  if (preview === null) return [head, ...warnings(answer)];
  const next = { ...EMPTY, ...preview };
  /** @param {Pick<Explanation, "price" | "spread" | "targets" | "defense"> | null} quote */
  const cells = (quote) => [
    fine(quote?.price?.fair_cents),
    fine(quote?.spread?.spread_cents, 2),
    String(best(quote?.targets, "BID") ?? NONE),
    String(best(quote?.targets, "ASK") ?? NONE),
    quote?.defense.level ?? NONE,
  ];
  const row = (/** @type {string} */ name, /** @type {string[]} */ values) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      ...values.map((value) => h("td", { class: "number" }, value)),
    );
  const columns = ["", "Fair", "Spread", "Bid", "Ask", "Level"];
  return [
    head,
    ...warnings(answer),
    h(
      "table",
      { class: "preview" },
      h("caption", {}, "The last quote, and what it would have been"),
      h(
        "thead",
        {},
        h("tr", {}, ...columns.map((name) => h("th", { scope: "col", class: "number" }, name))),
      ),
      h("tbody", {}, now === null ? null : row("now", cells(now)), row("then", cells(preview))),
    ),
    h("p", { class: "muted" }, `${sentence("ask", next)} ${sentence("bid", next)}`),
  ];
}

/** What a preview does not tell. */
const EMPTY = { note: null, limits: null, unwinding: null, removals: [] };

/**
 * @param {Explanation["targets"] | undefined} targets
 * @param {"ASK" | "BID"} side
 */
function best(targets, side) {
  const prices = (targets ?? []).filter((target) => target.side === side).map((target) =>
    target.yes_price_cents
  );
  if (prices.length === 0) return null;
  return side === "BID" ? Math.max(...prices) : Math.min(...prices);
}
