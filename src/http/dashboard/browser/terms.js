/** The terms of a quote, in the order in which they come about. */

import { age, count, figure, fine, money, plural, words } from "./format.js";

/** @import { Explanation } from "./types.ts" */
/** @typedef {readonly [term: string, value: string, how?: string]} Term */

/**
 * All terms under their headings.
 * @param {Explanation} quote
 * @returns {(readonly [string, readonly Term[]])[]}
 */
export function sections(quote) {
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
