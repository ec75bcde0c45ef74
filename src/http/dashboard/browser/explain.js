/** Why the quote is what it is: in one sentence a side, then term by term in cents. */

import { call, describe, marketPath } from "./api.js";
import { fill, h, panel, setText } from "./dom.js";
import { age, clock, count, figure, fine, money, plural, words } from "./format.js";
import { botNowMs } from "./model.js";

/** @import { Explanation, QuoteStory } from "./types.ts" */
/** @typedef {readonly [term: string, value: string, how?: string]} Term */

/**
 * The panel of one market: follows the live quote, or stands at a past cycle.
 * @param {string} marketId
 */
export function explanationPanel(marketId) {
  const sentences = h("div", { class: "sentences" });
  const terms = h("div", { class: "terms" });
  const place = h("span", { class: "place" });
  const back = h(
    "button",
    { class: "quiet", onclick: () => go(-1), "aria-label": "Cycle before" },
    "◀",
  );
  const on = h(
    "button",
    { class: "quiet", onclick: () => go(1), "aria-label": "Cycle after" },
    "▶",
  );
  const live = h("button", { class: "quiet", onclick: () => show(null) }, "Follow");
  const element = panel(
    "Why this quote",
    "explain",
    h("div", { class: "toolbar" }, place, back, on, live),
    sentences,
    terms,
  );
  /** @type {Explanation | null} */
  let now = null;
  /** The past cycle that is shown. @type {Explanation | null} */
  let past = null;
  let last = "";

  /** @param {number} step */
  function go(step) {
    const from = past ?? now;
    if (from !== null) void show(from.cycle + step);
  }

  /** @param {number | null} cycle */
  async function show(cycle) {
    if (cycle === null || cycle === now?.cycle) past = null;
    else {
      try {
        past = await call("GET", marketPath(marketId, `/explanations/${cycle}`), undefined, null);
      } catch (error) {
        return setText(place, describe(error));
      }
    }
    last = "";
    draw();
  }

  function draw() {
    const shown = past ?? now;
    live.disabled = past === null;
    if (shown === null) return setText(place, "No cycle yet.");
    const told = past === null
      ? `Cycle ${count(shown.cycle)}, live; settings version ${shown.config_version}`
      : `Cycle ${count(shown.cycle)} at ${clock(shown.at_ms, botNowMs())}: the past`;
    setText(place, told);
    const content = JSON.stringify({ ...shown, cycle: 0, at_ms: 0 });
    if (content === last) return;
    last = content;
    fill(
      sentences,
      ...["ask", "bid"].map((side) =>
        h("p", {}, sentence(/** @type {"ask" | "bid"} */ (side), shown))
      ),
    );
    fill(terms, ...sections(shown).map(([title, rows]) => section(title, rows)));
  }

  /** @param {Explanation | null} explanation */
  const update = (explanation) => {
    now = explanation;
    if (past === null) draw();
  };
  return { element, update, show };
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

/**
 * Answers "why is my bid 47?".
 * @param {"ask" | "bid"} side
 * @param {QuoteStory} quote
 */
export function sentence(side, quote) {
  const { spread, price, targets } = quote;
  const name = side === "ask" ? "Ask" : "Bid";
  const SIDE = side === "ask" ? "ASK" : "BID";
  const prices = targets.filter((target) => target.side === SIDE).map((target) =>
    target.yes_price_cents
  );
  const obstacle = obstacleOf(SIDE, quote);
  if (prices.length === 0) return `No ${side}: ${obstacle ?? "nothing is left after the guards"}.`;
  const touch = side === "ask" ? Math.min(...prices) : Math.max(...prices);
  if (spread === null || price === null) {
    return `${name} ${touch}: kept, ${quote.note ?? "no price"}.`;
  }
  const { reservation_cents: reservation, shift_cents: shift } = spread;
  const model = side === "ask" ? spread.model_ask_cents : spread.model_bid_cents;
  const aimed = side === "ask" ? spread.ask_cents : spread.bid_cents;
  const half = Math.abs(model - reservation);
  const sign = side === "ask" ? "+" : "−";
  const sum = `fair ${fine(price.fair_cents)} ${shift >= 0 ? "−" : "+"} shift ${
    fine(Math.abs(shift))
  } ${sign} half the spread ${fine(half)} = ${fine(model)}, outward ${aimed}`;
  const more = touch === aimed ? "" : `; the best that may rest is ${touch}${cause(SIDE, quote)}`;
  return `${name} ${touch}: ${sum}${more}.`;
}

/**
 * @param {"ASK" | "BID"} side
 * @param {QuoteStory} quote
 */
function cause(side, { unwinding, removals }) {
  if (unwinding?.kind === "reduce") return " (ONE SIDE: the ladder that reduces)";
  const codes = new Set(
    removals.filter((removal) => removal.side === side).map(({ code }) => code),
  );
  return codes.size === 0 ? "" : ` (${[...codes].map(words).join(", ")})`;
}

/**
 * @param {"ASK" | "BID"} side
 * @param {QuoteStory} quote
 */
function obstacleOf(side, { defense, note, limits, unwinding, removals }) {
  if (defense.latch !== null) return `killed, ${defense.latch.reason} by ${defense.latch.source}`;
  if (defense.pauses.length > 0) return `paused, ${defense.pauses.map(words).join(", ")}`;
  if (note !== null) return note;
  const withdrawn = limits?.[side].withdrawn_by ?? [];
  if (withdrawn.length > 0) return `withdrawn by ${withdrawn.map(words).join(", ")}`;
  if (unwinding?.kind === "reduce" && unwinding.side !== side) {
    return "ONE SIDE, the other side reduces";
  }
  const removal = removals.find((removed) => removed.side === side);
  return removal === undefined ? null : `${words(removal.code)}: ${removal.detail}`;
}

/**
 * @param {Explanation} quote
 * @returns {(readonly [string, readonly Term[]])[]}
 */
function sections(quote) {
  /** @type {(readonly [string, readonly Term[]])[]} */
  const all = [
    ["Fair price, ¢", priceTerms(quote)],
    ["Inventory shift, ¢", shiftTerms(quote)],
    ["Spread, ¢", spreadTerms(quote)],
    ["Defence", defenseTerms(quote)],
    ["Ladders", ladderTerms(quote)],
    ["Outside price, ¢", oracleTerms(quote)],
    ["Taken away by guards", quote.removals.map(removalTerm)],
  ];
  return all.filter(([, rows]) => rows.length > 0);
}

/** @param {Explanation["removals"][number]} removal @returns {Term} */
function removalTerm({ side, yes_price_cents: at, quantity, code, detail }) {
  return [`${side} ${at}, ${plural(quantity, "share")}`, words(code), detail];
}

/** @param {Explanation} quote @returns {Term[]} */
function priceTerms({ price, note }) {
  if (price === null) return [["not reached", "", note ?? ""]];
  const share = (/** @type {number} */ weight) => `weighs ${figure(100 * weight, 1)} %`;
  const [low, high] = price.allowed_cents;
  return [
    ["anchor", fine(price.anchor_cents, 2), share(price.anchor_weight)],
    [
      "micro-price of the book",
      fine(price.micro_cents, 2),
      price.micro_cents === null ? price.micro_reason : share(price.micro_weight),
    ],
    ["posterior of the trades", fine(price.posterior_cents, 2), share(price.posterior_weight)],
    ["together", fine(price.blend_cents, 2), `allowed ${fine(low)} to ${fine(high)}`],
    [
      "fair price",
      fine(price.fair_cents, 2),
      limits(price.limited_by) || (price.rounded ? "rounded" : ""),
    ],
  ];
}

/** @param {Explanation} quote @returns {Term[]} */
function shiftTerms({ spread, inventory }) {
  if (spread === null) return [];
  const { gamma, gamma_tier: tier, variance_cents2: variance } = spread;
  return [
    [
      "effective skew q",
      fine(inventory.effective_skew, 3),
      `(${count(inventory.yes)} YES − ${count(inventory.no)} NO) / at least ${
        count(inventory.skew_floor_shares)
      }`,
    ],
    ["risk aversion γ", figure(gamma, 3), `tier ${tier}`],
    [
      "price variance Σ",
      figure(variance, 2),
      `¢², over ${figure(spread.tau_effective_hours, 1)} effective hours`,
    ],
    [
      "shift q·γ·Σ",
      fine(spread.shift_cents, 2),
      `at most ${fine(spread.settings.max_shift_cents)}`,
    ],
    ["reservation price", fine(spread.reservation_cents, 2), "fair price less the shift"],
  ];
}

/** @param {Explanation} quote @returns {Term[]} */
function spreadTerms({ spread, note }) {
  if (spread === null) return [["not reached", "", note ?? ""]];
  return [
    ["risk ρ·γ·Σ", fine(spread.risk_spread_cents, 2)],
    ["depth (2/γ)·ln(1+γ/κ)", fine(spread.depth_spread_cents, 2), `κ ${figure(spread.kappa)}`],
    ["floor of the phase", fine(spread.phase_min_cents, 2)],
    ["floor of the fees", fine(spread.fee_floor_cents, 2)],
    ["base", fine(spread.base_spread_cents, 2), "the larger of sum and floors, within its limits"],
    ...spread.multipliers.map((
      { name, value },
    ) => /** @type {Term} */ ([`× ${words(name)}`, figure(value)])),
    ["full spread", fine(spread.spread_cents, 2), limits(spread.limited_by)],
    [
      "before rounding",
      `${fine(spread.model_bid_cents, 2)} / ${fine(spread.model_ask_cents, 2)}`,
      "bid / ask",
    ],
    ["quoted touch", `${spread.bid_cents} / ${spread.ask_cents}`, "rounded outward"],
  ];
}

/** @param {Explanation} quote @returns {Term[]} */
function defenseTerms({ defense, phase, unwinding }) {
  return [
    [
      "level",
      words(defense.level),
      `${words(phase).toLowerCase()}, ${plural(defense.calm_cycles, "calm cycle")}`,
    ],
    ...defense.triggers.map((
      { rule, level, value, limit },
    ) => /** @type {Term} */ ([
      words(rule),
      figure(value, 3),
      `asks for ${words(level)} above ${figure(limit, 3)}`,
    ])),
    ...defense.pauses.map((pause) => /** @type {Term} */ (["pause", words(pause)])),
    ...(unwinding?.kind === "reduce"
      ? [
        /** @type {Term} */ ([
          "reduces through",
          unwinding.side,
          `at most ${plural(unwinding.max_shares, "share")} to a skew of ${
            figure(unwinding.goal_skew)
          }; discounts ${unwinding.skew_discount_cents} + ${unwinding.age_discount_cents}`,
        ]),
      ]
      : []),
  ];
}

/** @param {Explanation} quote @returns {Term[]} */
function ladderTerms({ ladder, limits, quantity_multipliers: factors }) {
  if (ladder === null || limits === null) return [];
  const { shape } = ladder;
  const spacing = shape.type === "LINEAR"
    ? `${shape.step_cents} ¢ apart`
    : `ratio ${figure(shape.ratio)}`;
  return [
    ["levels", String(ladder.levels), `${spacing}, sizes × ${figure(ladder.quantity_decay)}`],
    [
      "nearest level",
      count(ladder.base_shares),
      `shares × ${figure(ladder.quantity_multiplier)}${
        factors.map(({ name, value }) => `, ${words(name)} ${figure(value)}`).join("")
      }`,
    ],
    ...(/** @type {const} */ (["ASK", "BID"])).map((side) => /** @type {Term} */ ([
      `${side} at most`,
      count(limits[side].guard_shares),
      `stock ${count(limits[side].stock_shares)}, cash $${money(limits[side].cash_cents)}`,
    ])),
  ];
}

/** @param {Explanation} quote @returns {Term[]} */
function oracleTerms({ oracle }) {
  if (oracle === null) return [];
  return [
    [
      "price",
      fine(oracle.price_cents, 2),
      `${age(oracle.age_ms)} old${oracle.stale ? ": stale" : ""}`,
    ],
    [
      "distance",
      fine(oracle.deviation_cents, 2),
      `pauses above ${fine(oracle.threshold_cents, 2)}`,
    ],
    ...(oracle.problem === null ? [] : [/** @type {Term} */ (["problem", "", oracle.problem])]),
  ];
}

/** @param {readonly string[]} limitedBy */
function limits(limitedBy) {
  return limitedBy.length === 0 ? "" : `limited by ${limitedBy.map(words).join(", ")}`;
}
