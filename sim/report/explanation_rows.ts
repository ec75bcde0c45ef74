import type { Multiplier, QuoteExplanation } from "../../src/models/explanation.ts";

/** A term of a quote and its value, both as text. */
export type Row = readonly [term: string, value: string];

/** The terms of one quote under their headings, as a person reads them. */
export function explanationRows(quote: QuoteExplanation): readonly (readonly [string, Row[]])[] {
  const { price, spread, inventory, defense } = quote;
  return [
    [
      "Fair price",
      price === null ? [["not reached", quote.note ?? ""]] : [
        ["anchor", weighted(price.anchorCents, price.anchorWeight)],
        [
          "micro-price",
          price.microCents === null
            ? `none: ${price.microReason}`
            : weighted(price.microCents, price.microWeight),
        ],
        ["posterior", weighted(price.posteriorCents, price.posteriorWeight)],
        ["fair price", `${figure(price.fairCents)} c${limits(price.limitedBy)}`],
      ],
    ],
    ["Inventory", [
      ["YES / NO", `${inventory.yes} / ${inventory.no}`],
      ["effective skew", figure(inventory.effectiveSkew)],
      ["cash, free", `${dollars(inventory.marketCashCents)}, ${dollars(inventory.freeCashCents)}`],
      ["kept by the venue", dollars(inventory.leakCents)],
      ["P&L day, total", `${dollars(inventory.pnlDayCents)}, ${dollars(inventory.pnlTotalCents)}`],
      ["if the wrong side wins", dollars(inventory.worstCaseCents)],
    ]],
    [
      "Spread",
      spread === null ? [["not reached", quote.note ?? ""]] : [
        ["gamma, kappa", `${figure(spread.gamma)} (${spread.gammaTier}), ${figure(spread.kappa)}`],
        [
          "hours left, effective",
          `${figure(spread.tauHours)}, ${figure(spread.tauEffectiveHours)}`,
        ],
        ["inventory shift", `${figure(spread.shiftCents)} c`],
        ["reservation price", `${figure(spread.reservationCents)} c`],
        [
          "risk + depth",
          `${figure(spread.riskSpreadCents)} + ${figure(spread.depthSpreadCents)} c`,
        ],
        [
          "floors: phase, fees",
          `${figure(spread.phaseMinCents)}, ${figure(spread.feeFloorCents)} c`,
        ],
        ["multipliers", multipliers(spread.multipliers)],
        ["full spread", `${figure(spread.spreadCents)} c${limits(spread.limitedBy)}`],
        ["bid / ask", `${spread.bid} / ${spread.ask}`],
      ],
    ],
    ["Defence", [
      ["level", defense.level],
      ["triggers", defense.triggers.map(({ rule }) => rule).join(", ") || "none"],
      ["pauses", defense.pauses.join(", ") || "none"],
      ["kill", defense.latch === null ? "none" : defense.latch.reason],
    ]],
    [
      "Orders that should rest",
      quote.targets.map((order): Row => [
        `${order.side} ${order.yesPrice}`,
        `${order.direction} ${order.quantity} ${order.contract} at ${order.contractPrice} c`,
      ]),
    ],
    [
      "Taken away",
      quote.removals.map((removal): Row => [
        `${removal.side} ${removal.yesPrice}, ${removal.quantity} shares`,
        `${removal.code}: ${removal.detail}`,
      ]),
    ],
  ];
}

/** Cents as dollars: `-12.34 $`. */
export function dollars(amountCents: number): string {
  return `${(amountCents / 100).toFixed(2)} $`;
}

function weighted(cents: number, weight: number): string {
  return `${figure(cents)} c × ${figure(weight)}`;
}

/** At most three decimals, without trailing zeros. */
function figure(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

function limits(limitedBy: readonly string[]): string {
  return limitedBy.length === 0 ? "" : ` (limited by ${limitedBy.join(", ")})`;
}

function multipliers(factors: readonly Multiplier[]): string {
  return factors.map(({ name, value }) => `${name} ${figure(value)}`).join(", ") || "none";
}
