import type {
  Multiplier,
  QuoteExplanation,
  Removal,
  SideLimits,
  SpreadTerms,
} from "../../src/models/explanation.ts";
import type { OrderIntent } from "../../src/models/order.ts";

/** A term of a quote and its value, both as text. */
export type Row = readonly [term: string, value: string];

/** The terms of one quote under their headings, as a person reads them. */
export function explanationRows(quote: QuoteExplanation): readonly (readonly [string, Row[]])[] {
  return [
    ["Fair price", priceRows(quote)],
    ["Inventory", inventoryRows(quote)],
    ["Spread", spreadRows(quote)],
    ["Defence", defenseRows(quote)],
    ["Outside price", oracleRows(quote)],
    ["Ladders", ladderRows(quote)],
    ["Orders that should rest", quote.targets.map(orderRow)],
    ["Taken away", quote.removals.map(removalRow)],
  ];
}

function priceRows({ price, note }: QuoteExplanation): Row[] {
  if (price === null) return [["not reached", note ?? ""]];
  const { anchorCents, anchorWeight, microCents, microWeight, microReason, limitedBy } = price;
  return [
    ["anchor", weighted(anchorCents, anchorWeight)],
    [
      "micro-price",
      microCents === null ? `none: ${microReason}` : weighted(microCents, microWeight),
    ],
    ["posterior", weighted(price.posteriorCents, price.posteriorWeight)],
    ...sdRow(price.posteriorSdCents),
    ["together", `${figure(price.blendCents)} c`],
    ["allowed", `${figure(price.allowedCents[0])} to ${figure(price.allowedCents[1])} c`],
    ["fair price", `${figure(price.fairCents)} c${limits(limitedBy)}`],
  ];
}

function sdRow(sdCents: number | null): Row[] {
  return sdCents === null ? [] : [["its standard deviation", `${figure(sdCents)} c`]];
}

function inventoryRows({ inventory }: QuoteExplanation): Row[] {
  return [
    ["YES / NO", `${inventory.yes} / ${inventory.no}`],
    [
      "effective skew",
      `${figure(inventory.effectiveSkew)}, floor ${inventory.skewFloorShares} shares`,
    ],
    ["cash, free", `${dollars(inventory.marketCashCents)}, ${dollars(inventory.freeCashCents)}`],
    ["P&L day, total", `${dollars(inventory.pnlDayCents)}, ${dollars(inventory.pnlTotalCents)}`],
    ["if the wrong side wins", dollars(inventory.worstCaseCents)],
  ];
}

function spreadRows({ spread, note }: QuoteExplanation): Row[] {
  if (spread === null) return [["not reached", note ?? ""]];
  return [
    ["gamma, kappa", `${figure(spread.gamma)} (${spread.gammaTier}), ${figure(spread.kappa)}`],
    ["hours left, effective", `${figure(spread.tauHours)}, ${figure(spread.tauEffectiveHours)}`],
    ["price variance", `${figure(spread.varianceCents2)} c²`],
    ["inventory shift", `${figure(spread.shiftCents)} c`],
    ["reservation price", `${figure(spread.reservationCents)} c`],
    ["risk + depth + uncertainty", `${spreadParts(spread).map(figure).join(" + ")} c`],
    ["floors: phase, fees", `${figure(spread.phaseMinCents)}, ${figure(spread.feeFloorCents)} c`],
    ["multipliers", `${multipliers(spread.multipliers)}, together ${figure(spread.multiplier)}`],
    ["full spread", `${figure(spread.spreadCents)} c${limits(spread.limitedBy)}`],
    ["before rounding", `${figure(spread.modelBidCents)} / ${figure(spread.modelAskCents)} c`],
    ["bid / ask", `${spread.bid} / ${spread.ask}`],
  ];
}

function spreadParts(terms: SpreadTerms): number[] {
  return [terms.riskSpreadCents, terms.depthSpreadCents, terms.uncertaintySpreadCents];
}

function defenseRows({ defense, limits, unwinding }: QuoteExplanation): Row[] {
  const withdrawn = (["ASK", "BID"] as const).map((side): Row => [
    `${side} withdrawn by`,
    limits?.[side].withdrawnBy.join(", ") || "nothing",
  ]);
  return [
    ["level", defense.level],
    ["triggers", defense.triggers.map(({ rule }) => rule).join(", ") || "none"],
    ["pauses", defense.pauses.join(", ") || "none"],
    ["kill", defense.latch === null ? "none" : defense.latch.reason],
    ...withdrawn,
    ...unwindingRows(unwinding),
  ];
}

function unwindingRows(unwinding: QuoteExplanation["unwinding"]): Row[] {
  if (unwinding === null) return [];
  if (unwinding.kind !== "reduce") return [["unwinding", `nothing is heavy: ${unwinding.kind}`]];
  const { side, skewDiscountCents, ageDiscountCents, maxShares, goalSkew } = unwinding;
  return [
    ["unwinding", `${side}, at most ${maxShares} shares, to a skew of ${figure(goalSkew)}`],
    ["discount: skew, waiting", `${skewDiscountCents}, ${ageDiscountCents} c`],
  ];
}

function oracleRows({ oracle }: QuoteExplanation): Row[] {
  if (oracle === null) return [];
  const { priceCents, ageMs, stale, deviationCents, thresholdCents, problem } = oracle;
  const age = ageMs === null ? "" : `, ${figure(ageMs / 1000)} s old${stale ? ": stale" : ""}`;
  return [
    ["price", priceCents === null ? "none" : `${figure(priceCents)} c${age}`],
    [
      "distance, pause above",
      `${deviationCents === null ? "unknown" : figure(deviationCents)}, ${
        figure(thresholdCents)
      } c`,
    ],
    ["problem", problem ?? "none"],
  ];
}

function ladderRows({ ladder, quantityMultipliers, limits }: QuoteExplanation): Row[] {
  if (ladder === null || limits === null) return [];
  const { shape, levels, baseShares } = ladder;
  const spacing = shape.type === "LINEAR"
    ? `${shape.stepCents} c apart`
    : `ratio ${figure(shape.ratio)}`;
  return [
    ["phase", ladder.phase],
    ["levels", `${levels}, ${spacing}, sizes × ${figure(ladder.quantityDecay)}`],
    ["base", `${figure(baseShares)} shares × ${figure(ladder.quantityMultiplier)}`],
    ["quantity multipliers", multipliers(quantityMultipliers)],
    ["guard: ASK, BID", `${limits.ASK.guardShares}, ${limits.BID.guardShares} shares`],
    ["stock: ASK, BID", `${limits.ASK.stockShares}, ${limits.BID.stockShares} shares`],
    ["cash: ASK, BID", `${dollars(limits.ASK.cashCents)}, ${dollars(limits.BID.cashCents)}`],
    ["may still lose: ASK, BID", `${roomOf(limits.ASK)}, ${roomOf(limits.BID)}`],
    ["of it a whole ladder", `at most ${figure(100 * ladder.lossRatio)} %`],
  ];
}

function orderRow(order: OrderIntent): Row {
  const { side, yesPrice, direction, quantity, contract, contractPrice } = order;
  return [`${side} ${yesPrice}`, `${direction} ${quantity} ${contract} at ${contractPrice} c`];
}

function removalRow({ side, yesPrice, quantity, code, detail }: Removal): Row {
  return [`${side} ${yesPrice}, ${quantity} shares`, `${code}: ${detail}`];
}

function roomOf({ lossRoomCents }: SideLimits): string {
  return dollars(lossRoomCents);
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
