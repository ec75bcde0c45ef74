/**
 * The quote of a cycle, computed again from its explanation and from nothing else: no function of
 * the bot is used, so that the explanation has to say everything.
 */

import type {
  LadderTerms,
  QuoteExplanation,
  Reduction,
  SpreadTerms,
} from "../../src/models/explanation.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";

/** A level of a ladder. */
export interface Level {
  readonly side: BookSide;
  readonly price: number;
  readonly quantity: number;
}

/** What can be computed again. */
export interface Recomputed {
  readonly fairCents: number;
  readonly skew: number;
  readonly ask: number;
  readonly bid: number;
  /** Ladders before funding, nearest level first, asks before bids. */
  readonly quotes: readonly Level[];
}

const between = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

function halfEven(value: number): number {
  const rest = value - Math.floor(value);
  if (rest !== 0.5) return Math.round(value);
  return 2 * Math.round(value / 2);
}

/** Computes the quote again. */
export function recompute(quote: QuoteExplanation): Recomputed {
  const { price, spread, inventory } = quote;
  if (price === null || spread === null) throw new Error("Cannot recompute what was not quoted");
  const blend = price.anchorWeight * price.anchorCents +
    price.microWeight * (price.microCents ?? 0) + price.posteriorWeight * price.posteriorCents;
  const raw = between(blend, ...price.allowedCents);
  const fairCents = between(price.rounded ? halfEven(raw) : raw, 1, 99);
  const { yes, no, skewFloorShares } = inventory;
  const size = Math.max(yes + no, skewFloorShares);
  const skew = size === 0 ? 0 : (yes - no) / size;
  const touch = touchOf(fairCents, skew, spread);
  return {
    fairCents,
    skew,
    ...touch,
    quotes: (["ASK", "BID"] as const).flatMap((side) => ladderOf(side, quote, skew, touch)),
  };
}

/** The Avellaneda–Stoikov quotes (§6.5, §7). */
function touchOf(
  fair: number,
  skew: number,
  terms: SpreadTerms,
): { readonly ask: number; readonly bid: number } {
  const { settings, gamma, kappa, tauHours, sigmaScaleCents } = terms;
  const p = fair / 100;
  const H = settings.tauHorizonHours;
  const tau = H === null ? tauHours : H * tauHours / (H + tauHours);
  const variance = p * (1 - p) * (sigmaScaleCents ** 2 * tau + 1e4 * settings.terminalShare);

  const moved = Math.abs(skew * gamma * variance);
  const wanted = Math.abs(skew) > settings.minAdjustmentSkew
    ? Math.max(moved, settings.minAdjustmentCents)
    : moved;
  const shift = Math.sign(skew) * Math.min(wanted, settings.maxShiftCents);

  const depth = gamma < 1e-6 ? 2 / kappa : 2 / gamma * Math.log1p(gamma / kappa);
  const model = settings.spreadRiskWeight * gamma * variance + depth +
    terms.uncertaintySpreadCents;
  const floored = Math.max(model, terms.phaseMinCents, terms.feeFloorCents);
  const base = between(floored, settings.spreadMinCents, settings.spreadMaxCents);
  const product = terms.multipliers.reduce((all, { value }) => all * value, 1);
  const spread = Math.min(
    base * Math.min(product, settings.maxSpreadMultiplier),
    settings.hardSpreadMaxCents,
  );

  const askHalf = spread / 2 * (1 - settings.spreadSkewFactor * skew);
  const bidHalf = spread / 2 * (1 + settings.spreadSkewFactor * skew);
  const unit = 100 * p * (1 - p);
  const odds = (x: number) => 100 / (1 + Math.exp(-x));
  const centre = Math.log(fair / (100 - fair)) - shift / unit;
  const [askModel, bidModel] = settings.asModel === "linear"
    ? [fair - shift + askHalf, fair - shift - bidHalf]
    : [
      odds(centre + Math.min(1.5, askHalf / unit)),
      odds(centre - Math.min(1.5, bidHalf / unit)),
    ];
  return rounded(askModel, bidModel, settings);
}

function rounded(
  askModel: number,
  bidModel: number,
  { roundingSlackCents, minPrice, maxPrice }: SpreadTerms["settings"],
): { readonly ask: number; readonly bid: number } {
  const slack = Math.max(1e-9, roundingSlackCents);
  const ask = between(Math.ceil(askModel - slack), minPrice, maxPrice);
  const bid = between(Math.floor(bidModel + slack), minPrice, maxPrice);
  if (ask > bid) return { ask, bid };
  return bid < maxPrice ? { ask: bid + 1, bid } : { ask: maxPrice, bid: maxPrice - 1 };
}

/** The ladder of a side within what the guards leave of it (§8, §10.1, §13). */
function ladderOf(
  side: BookSide,
  { spread, ladder, limits, unwinding }: QuoteExplanation,
  skew: number,
  touch: { readonly ask: number; readonly bid: number },
): readonly Level[] {
  if (spread === null || ladder === null || limits === null) return [];
  if (limits[side].withdrawnBy.length > 0) return [];
  const lean = 1 + ladder.qtySkewFactor * (side === "ASK" ? skew : -skew);
  const base = ladder.baseShares * lean * ladder.quantityMultiplier;
  const top = side === "ASK" ? touch.ask : 100 - touch.bid;
  const all = unwinding?.kind === "reduce"
    ? unwindingLevels(unwinding, base, ladder)
    : marketLevels(top, Math.max(base, ladder.leastShares), ladder);
  const { minPrice, maxPrice } = spread.settings;
  const whole = all
    .map(([own, size]) => ({
      side,
      price: side === "ASK" ? own : 100 - own,
      quantity: Math.min(Math.floor(size + 1e-9), ladder.maxOrderQuantity),
    }))
    .filter(({ price }) => price >= minPrice && price <= maxPrice)
    .filter(({ quantity }) => quantity >= ladder.minOrderQty);
  const capped = unwinding?.kind === "reduce" ? cut(whole, unwinding.maxShares) : whole;
  return withinRoom(cut(capped, limits[side].guardShares), limits[side].lossRoomCents, ladder);
}

/** All of a side's ladder, filled and lost at settlement, takes at most its part of the room. */
function withinRoom(
  levels: readonly Level[],
  roomCents: number,
  { lossRatio, minOrderQty }: LadderTerms,
): readonly Level[] {
  const loss = ({ side, price }: Level) => side === "ASK" ? 100 - price : price;
  const all = levels.reduce((sum, level) => sum + level.quantity * loss(level), 0);
  if (all <= lossRatio * roomCents) return levels;
  const part = lossRatio * roomCents / all;
  const smaller = levels
    .map((level) => ({ ...level, quantity: Math.floor(level.quantity * part + 1e-9) }))
    .filter(({ quantity }) => quantity >= minOrderQty);
  if (smaller.length > 0) return smaller;
  return levels.slice(0, 1)
    .map((level) => ({ ...level, quantity: Math.min(level.quantity, minOrderQty) }))
    .filter((level) => level.quantity * loss(level) <= roomCents / 2);
}

type OwnLevel = readonly [ladderPrice: number, shares: number];

function marketLevels(top: number, base: number, ladder: LadderTerms): readonly OwnLevel[] {
  const found: OwnLevel[] = [];
  let last = top - 1;
  for (let level = 0; level < ladder.levels; level++) {
    const { shape } = ladder;
    last = shape.type === "LINEAR"
      ? top + level * shape.stepCents
      : Math.max(last + 1, Math.ceil(top * shape.ratio ** level - 1e-9));
    const size = ladder.quantityGrowth > 0
      ? 1 + level * ladder.quantityGrowth
      : ladder.quantityDecay ** level;
    if (last <= 99) found.push([last, base * size]);
  }
  return found;
}

function unwindingLevels(
  { topLadderPrice }: Reduction,
  base: number,
  { unwindingLevels, unwindingStepCents, quantityDecay }: LadderTerms,
): readonly OwnLevel[] {
  return Array.from({ length: unwindingLevels }, (_, level): OwnLevel => [
    topLadderPrice + level * unwindingStepCents,
    base * quantityDecay ** level,
  ]).filter(([own]) => own <= 99);
}

/** Near levels first; the rest is cut. */
function cut(levels: readonly Level[], most: number): readonly Level[] {
  let left = most;
  return levels.flatMap((level) => {
    const quantity = Math.min(level.quantity, left);
    left -= quantity;
    return quantity > 0 ? [{ ...level, quantity }] : [];
  });
}
