/** What an edit came to, or would. */

import { h } from "./dom.js";
import { fine, NONE, plural } from "./format.js";
import { model } from "./model.js";
import { sentence } from "./sentence.js";

/** @import { EditAnswer, Explanation } from "./types.ts" */

/**
 * What is odd about a change that is allowed.
 * @param {EditAnswer} answer
 */
export function warnings({ warnings: found }) {
  return found.map(({ key, message }) => h("p", { class: "bad" }, `Warning: ${key} ${message}`));
}

/**
 * What the last quote would have been.
 * @param {EditAnswer} answer
 */
export function dryRun(answer) {
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
