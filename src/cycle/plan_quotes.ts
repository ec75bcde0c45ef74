/** From price and risk to the orders that should rest (§6 to §8, §10.1, §12, §13, §16). Pure. */

import type { MarketConfig } from "../config/registry.ts";
import {
  type CashBudget,
  cashBudget,
  freezeRateBps,
  spendableCents,
} from "../execution/cash_capacity.ts";
import { fundQuotes } from "../execution/funding.ts";
import { EMPTY_BOOK, withoutOwn } from "../models/book.ts";
import type {
  LadderTerms,
  Multiplier,
  PriceTerms,
  Removal,
  SideLimits,
  SpreadTerms,
  Unwinding,
  VolatilityTerms,
} from "../models/explanation.ts";
import { held } from "../models/inventory.ts";
import {
  type Cents,
  cents,
  floorOut,
  isPrice,
  PAIR_CENTS,
  type Shares,
  shares,
} from "../models/money.ts";
import type { BookQuote, OrderIntent } from "../models/order.ts";
import type { BookSide, Contract } from "../models/vocabulary.ts";
import { feeFloorCents } from "../risk/fee_floor.ts";
import { maxRestingShares } from "../risk/inventory_guard.ts";
import { lossRoomCents, withinLossRoom } from "../risk/loss_room.ts";
import { cooldownMs } from "../risk/lvr_guard.ts";
import {
  type MultiplierInput,
  quantityMultipliers,
  spreadMultipliers,
} from "../risk/multipliers.ts";
import { pairsToMerge } from "../risk/pairs.ts";
import { sanitize, type SanitizerAlert } from "../risk/sanitizer.ts";
import { withdrawnBy } from "../risk/sides.ts";
import { heavySideToReduce, planUnwinding } from "../risk/unwinding.ts";
import { quoteTouch, type TouchInput, touchPrices } from "../strategy/as_engine.ts";
import { type GammaTier, gammaTier } from "../strategy/gamma_tier.ts";
import { allocate, buildLadder, buildUnwindingLadder, ladderTerms } from "../strategy/gradient.ts";
import { type PriceBounds, priceBounds } from "../strategy/price_bounds.ts";
import { estimateVolatility, sigmaScale, type VolatilityEstimate } from "../strategy/volatility.ts";
import type { Assessment } from "./assess.ts";
import { quotedPhase } from "./market_state.ts";
import type { Observation } from "./observation.ts";

/** The quote of one cycle with everything that shaped it. */
export interface QuotePlan {
  readonly volatility: VolatilityTerms;
  /** What to tell the operator about the dates behind the gamma tier, null if nothing. */
  readonly datesAlert: string | null;
  readonly spread: SpreadTerms;
  readonly quantityMultipliers: readonly Multiplier[];
  readonly ladder: LadderTerms;
  /** What ONE_SIDE quotes, null on every other level. */
  readonly unwinding: Unwinding | null;
  readonly limits: Readonly<Record<BookSide, SideLimits>>;
  /** Ladders before funding. */
  readonly quotes: readonly BookQuote[];
  /** Orders that should rest. */
  readonly targets: readonly OrderIntent[];
  readonly removals: readonly Removal[];
  readonly alerts: readonly SanitizerAlert[];
  /** Sides that were to be quoted and have nothing to be quoted with. */
  readonly drySides: readonly BookSide[];
  /** Cash that all BUY orders together may freeze. */
  readonly spendableCents: Cents;
  /** Sides that take no new quantity now. */
  readonly cooldownSides: readonly BookSide[];
}

/** What both ladders depend on, computed once. */
interface Setting {
  readonly assessed: Assessment;
  readonly seen: Observation;
  readonly bounds: PriceBounds;
  readonly spread: SpreadTerms;
  /** What ONE_SIDE quotes, null on every other level. */
  readonly unwinding: Unwinding | null;
  readonly ladder: LadderTerms;
  readonly budget: CashBudget;
  /** Pairs that are to be merged and not offered (§18). */
  readonly mergedPairs: Shares;
}

/**
 * Plans the quote of a cycle.
 * @throws PricingError if a term is not finite or the price bounds leave no room
 */
export function planQuotes(
  assessed: Assessment,
  price: PriceTerms,
  seen: Observation,
  config: MarketConfig,
): QuotePlan {
  const factors: MultiplierInput = {
    level: assessed.state.defense.level,
    neutralOneSide: isNeutralOneSide(assessed, config),
    fairCents: price.fairCents,
    toxicity: assessed.toxicity,
    eventShielded: assessed.eventShielded,
    oracleStale: assessed.oracle?.stale ?? false,
    maturity: assessed.maturity,
  };
  const volatility = estimateVolatility(assessed.state.volatility, price.rawCents, config);
  const gamma = gammaTier(assessed.state.market, seen.wallMs, config);
  const spread = spreadTerms(assessed, price, { factors, volatility, gamma }, config);
  const unwinding = unwindingOf(assessed, { price, spread, seen }, config);
  const quantity = quantityMultipliers(factors, config);
  const setting: Setting = {
    assessed,
    seen,
    bounds: priceBounds(assessed.state.market, config),
    spread,
    unwinding,
    ladder: ladderOf(assessed, unwinding, quantity, config),
    budget: budgetOf(assessed, seen, unwinding, config),
    mergedPairs: mergedPairs(assessed, config),
  };
  const { sigmaStepCents, sigmaHourCents } = volatility;
  const orders = toOrders(setting, config);
  return {
    volatility: { sigmaStepCents, sigmaHourCents },
    datesAlert: gamma.alert,
    spread,
    quantityMultipliers: quantity,
    ladder: setting.ladder,
    unwinding,
    limits: orders.limits,
    quotes: orders.quotes,
    targets: orders.targets,
    removals: orders.removals,
    alerts: orders.alerts,
    drySides: orders.drySides,
    spendableCents: orders.spendableCents,
    cooldownSides: orders.cooldownSides,
  };
}

function isNeutralOneSide({ state }: Assessment, config: MarketConfig): boolean {
  return state.defense.level === "ONE_SIDE" && config.oneSideNeutralPolicy === "wide" &&
    heavySideToReduce(state.position, config) === null;
}

/** The A–S terms. The fee floor follows from the touch that would be quoted without it (§12). */
function spreadTerms(
  { state, skew, tauHours, maturity }: Assessment,
  price: PriceTerms,
  { factors, volatility, gamma }: {
    readonly factors: MultiplierInput;
    readonly volatility: VolatilityEstimate;
    readonly gamma: GammaTier;
  },
  config: MarketConfig,
): SpreadTerms {
  const input: TouchInput = {
    fairCents: price.fairCents,
    skew,
    tauHours,
    phase: quotedPhase(state, maturity.explorationParameters),
    gamma,
    sigmaScaleCents: sigmaScale(volatility.scaleCents, tauHours, config),
    uncertaintyCents: config.spreadUncertaintyWeight * (price.posteriorSdCents ?? 0),
    feeFloorCents: 0,
    multipliers: spreadMultipliers(factors, config),
    market: state.market,
  };
  const { ask, bid } = touchPrices(input, config);
  const { makerFeeBps } = state.market;
  return quoteTouch(
    { ...input, feeFloorCents: feeFloorCents({ ask, bid, makerFeeBps }, config) },
    config,
  );
}

function unwindingOf(
  { state }: Assessment,
  { price, spread, seen }: {
    readonly price: PriceTerms;
    readonly spread: SpreadTerms;
    readonly seen: Observation;
  },
  config: MarketConfig,
): Unwinding | null {
  const since = state.defense.oneSideSinceMs;
  if (state.defense.level !== "ONE_SIDE" || since === null) return null;
  return planUnwinding({
    holdings: state.position,
    reservationCents: spread.reservationCents,
    fairCents: price.fairCents,
    book: withoutOwn(seen.book ?? EMPTY_BOOK, seen.orders),
    bounds: priceBounds(state.market, config),
    oneSideSinceMs: since,
    lastFillMs: state.lvr.lastFillMs,
    nowMs: seen.nowMs,
  }, config);
}

/** What both ladders are made of; a side that must not vanish holds one order at least (§10.1). */
function ladderOf(
  { state, maturity }: Assessment,
  unwinding: Unwinding | null,
  quantity: readonly Multiplier[],
  config: MarketConfig,
): LadderTerms {
  return ladderTerms({
    phase: quotedPhase(state, maturity.explorationParameters),
    quantityMultiplier: productOf(quantity),
    maxOrderQuantity: state.market.maxOrderQuantity,
    leastQuantity: shares(unwinding?.kind === "wide" ? config.minOrderQty : 0),
  }, config);
}

function productOf(factors: readonly Multiplier[]): number {
  let product = 1;
  for (const { value } of factors) product *= value;
  return product;
}

/** Cash that BUY orders may freeze; none with `inventory` funding, which sells only. */
function budgetOf(
  { state }: Assessment,
  seen: Observation,
  unwinding: Unwinding | null,
  config: MarketConfig,
): CashBudget {
  const freezeBps = freezeRateBps(config, state.market);
  const spendable = seen.account === null ? cents(0) : spendableCents({
    marketCashCents: state.ledger.marketCashCents,
    leakCents: state.ledger.leakCents,
    accountAvailableCents: seen.account.availableCents,
    resting: seen.orders,
    freezeBps,
  }, config);
  return cashBudget({
    spendableCents: spendable,
    freezeBps,
    holdings: state.position,
    unwindingSide: unwinding?.kind === "reduce" ? unwinding.side : null,
  }, config);
}

type Orders = Omit<
  QuotePlan,
  "volatility" | "datesAlert" | "spread" | "quantityMultipliers" | "ladder" | "unwinding"
>;

function toOrders(setting: Setting, config: MarketConfig): Orders {
  const { assessed, seen, bounds, spread, budget } = setting;
  const { position, market } = assessed.state;
  const ask = limitsOf("ASK", setting, config);
  const bid = limitsOf("BID", setting, config);
  const cooldownSides: BookSide[] = [];
  if (ask.cooldownUntilMs > seen.nowMs) cooldownSides.push("ASK");
  if (bid.cooldownUntilMs > seen.nowMs) cooldownSides.push("BID");
  const asks = quotesOf("ASK", setting, ask, config);
  const bids = quotesOf("BID", setting, bid, config);
  const quotes = [...asks, ...bids];
  const funded = fundQuotes(quotes, {
    holdings: { yes: shares(ask.stockShares), no: shares(bid.stockShares) },
    resting: seen.orders,
    budget,
  }, config);
  const checked = sanitize(funded.intents, {
    holdings: position,
    resting: seen.orders,
    budget,
    guardShares: { ASK: ask.guardShares, BID: bid.guardShares },
    withdrawnBy: { ASK: ask.withdrawnBy, BID: bid.withdrawnBy },
    cooldownSides,
    feeFloorCents: spread.feeFloorCents,
    minPrice: bounds.minPrice,
    maxPrice: bounds.maxPrice,
    market,
  }, config);
  const drySides = [...funded.drySides];
  if (isUsedUp(ask, asks.length > 0, config)) drySides.push("ASK");
  if (isUsedUp(bid, bids.length > 0, config)) drySides.push("BID");
  return {
    limits: { ASK: ask, BID: bid },
    quotes,
    targets: checked.targets,
    removals: [...funded.removals, ...checked.removals],
    alerts: checked.alerts,
    drySides,
    spendableCents: budget.spendableCents,
    cooldownSides,
  };
}

/**
 * True for a side that nobody withdrew and that is not quoted for want of stock, or of room for the
 * smallest order (which takes half of it at most).
 */
function isUsedUp(
  { withdrawnBy, guardShares, lossRoomCents: roomCents }: SideLimits,
  isQuoted: boolean,
  { minOrderQty }: MarketConfig,
): boolean {
  if (withdrawnBy.length > 0 || isQuoted) return false;
  return guardShares < minOrderQty || roomCents < 2 * PAIR_CENTS * minOrderQty;
}

/** How much a side may rest, and why it may not be quoted at all. */
function limitsOf(side: BookSide, setting: Setting, config: MarketConfig): SideLimits {
  const { assessed, seen, unwinding, budget } = setting;
  const { state, maturity } = assessed;
  const cooldown = cooldownMs(state.lvr, side, seen.nowMs, config);
  return {
    guardShares: maxRestingShares({ side, holdings: state.position, market: state.market }, config),
    stockShares: stockShares(side, setting, config),
    lossRoomCents: lossRoomCents(side, { ledger: state.ledger, holdings: state.position }, config),
    cashCents: budget.sideCents[side],
    cooldownUntilMs: cooldown > 0 ? seen.nowMs + cooldown : 0,
    withdrawnBy: withdrawnBy(side, {
      level: state.defense.level,
      unwinding,
      pauses: state.pauses,
      maturity,
      exposedSides: assessed.oracle?.exposedSides ?? [],
    }),
  };
}

/**
 * Shares of the contract that a side sells: `max_inventory_fraction` of what is held, but always
 * enough for one order, so that the last share can go; all of it for unwinding (§8). Pairs that are
 * to be merged are not offered (§18).
 */
function stockShares(
  side: BookSide,
  { assessed, unwinding, mergedPairs }: Setting,
  config: MarketConfig,
): Shares {
  const contract: Contract = side === "ASK" ? "YES" : "NO";
  const all = shares(held(assessed.state.position, contract) - mergedPairs);
  if (unwinding?.kind === "reduce" && unwinding.side === side) return all;
  const part = floorOut(config.maxInventoryFraction * all);
  return shares(Math.min(all, Math.max(config.minOrderQty, part)));
}

function mergedPairs({ state }: Assessment, config: MarketConfig): Shares {
  const { position: holdings, ledger, market, defense: { level } } = state;
  const marketIsActive = market.status === "ACTIVE";
  return pairsToMerge({ holdings, ledger, marketIsActive, level }, config);
}

/** The quotes of one side before funding, none if a guard withdrew it. */
function quotesOf(
  side: BookSide,
  { assessed, bounds: { minPrice, maxPrice }, spread, unwinding, ladder }: Setting,
  limits: SideLimits,
  config: MarketConfig,
): readonly BookQuote[] {
  if (limits.withdrawnBy.length > 0) return [];
  const { phase, quantityMultiplier, maxOrderQuantity } = ladder;
  const { skew } = assessed;
  const guard = shares(limits.guardShares);
  const common = { side, phase, skew, quantityMultiplier, minPrice, maxPrice, maxOrderQuantity };
  if (unwinding?.kind === "reduce") {
    const { topLadderPrice, maxShares: totalShares } = unwinding;
    if (!isPrice(topLadderPrice)) return [];
    const input = { ...common, topLadderPrice, totalShares };
    const reducing = allocate(buildUnwindingLadder(input, config), guard);
    return withinLossRoom(reducing, limits.lossRoomCents, ladder);
  }
  const top = side === "ASK" ? spread.ask : spread.bid;
  const leastQuantity = shares(ladder.leastShares);
  const full = allocate(buildLadder({ ...common, top, leastQuantity }, config), guard);
  return withinLossRoom(full, limits.lossRoomCents, ladder);
}
