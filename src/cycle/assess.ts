/**
 * Risk of one market in one cycle: what is lost or won, which level, which pauses (§10 to §15,
 * §24).
 */

import type { MarketConfig } from "../config/registry.ts";
import type { DefenseTrigger, InventoryTerms, OracleTerms } from "../models/explanation.ts";
import { bestOf, type Fill, type OpenOrder } from "../models/order.ts";
import { effectiveSkew, equityCents, inventorySkew, skewFloor } from "../models/inventory.ts";
import { hoursToEnd } from "../models/market.ts";
import type { PauseReason } from "../models/vocabulary.ts";
import {
  type DayState,
  type LossAlert,
  lossAlerts,
  markOf,
  noteFills,
  type ProfitAndLoss,
  profitAndLoss,
  riskPnl,
  rollDay,
} from "../risk/budget.ts";
import { evaluateDefense } from "../risk/defense_stack.ts";
import { isEventShielded } from "../risk/event_shield.ts";
import { freeCash } from "../risk/ledger.ts";
import { observeLvr } from "../risk/lvr_guard.ts";
import { type Maturity, maturityOf, maturityTriggers } from "../risk/maturity.ts";
import { hasOracle, NO_ORACLE_SEEN, NO_READING, observeOracle } from "../risk/oracle_guard.ts";
import type { OracleState } from "../risk/oracle_guard.ts";
import {
  extremePriceSide,
  hasApiErrors,
  hasBookFailures,
  hasFailures,
  isLatencySustained,
  isStale,
  slowSince,
} from "../risk/pause_detectors.ts";
import { evaluatePauses, pauseReasons } from "../risk/pauses.ts";
import { hasJumped, observePrice } from "../risk/price_jump.ts";
import { heavySideToReduce } from "../risk/unwinding.ts";
import { vpin } from "../risk/vpin.ts";
import { ladderShares } from "../strategy/gradient.ts";
import {
  estimateVolatility,
  sigmaDayCents,
  type VolatilityEstimate,
} from "../strategy/volatility.ts";
import type { MarketState } from "./market_state.ts";
import type { Observation } from "./observation.ts";

const NO_FILLS: readonly Fill[] = [];

/** What the risk stack found. */
export interface Assessment {
  readonly state: MarketState;
  /** Effective skew q. */
  readonly skew: number;
  readonly pnl: ProfitAndLoss;
  /** The worse of day and total, cents. */
  readonly riskPnlCents: number;
  readonly triggers: readonly DefenseTrigger[];
  /** Loss budgets that are nearly used up. */
  readonly lossAlerts: readonly LossAlert[];
  readonly tauHours: number;
  readonly maturity: Maturity;
  readonly eventShielded: boolean;
  /** Order-flow toxicity, 0 to 1. */
  readonly toxicity: number;
  /** Null while the market has no oracle guard. */
  readonly oracle: OracleTerms | null;
}

/** The price of this cycle, or the last one known if there is none. */
export interface MarkedPrice {
  /** Unrounded fair price, cents: the mark. */
  readonly rawCents: number;
  /** s, the fair price that is quoted around, cents. */
  readonly fairCents: number;
  /** True if this cycle priced it. */
  readonly fresh: boolean;
}

/**
 * One evaluation of the whole risk stack, once per cycle. It works with the last known price too,
 * so that a cycle whose pricing or sync failed still kills and pauses (L-69). Fills not judged yet
 * are judged now.
 */
export function assess(
  before: MarketState,
  seen: Observation,
  price: MarkedPrice,
  config: MarketConfig,
): Assessment {
  const { nowMs, wallMs, signals } = seen;
  const skew = effectiveSkew(before.position, skewFloor(config));
  const tauHours = hoursToEnd(before.market, wallMs, config);
  const maturity = maturityOf(tauHours, skew, config);
  const { day, pnl } = valued(before, seen, price.rawCents, config);
  const lvr = observeLvr(before.lvr, {
    fills: before.pendingFills,
    restingBefore: wholeLadders(before, maturity, config),
    skew,
    pairsChanged: signals.pairsChanged,
    unwinding: isUnwinding(before, config),
    nowMs,
  }, config);
  const riskPnlCents = riskPnl(pnl);
  const losses = {
    riskPnlCents,
    globalDayPnlCents: pnl.pnlDayCents + signals.otherDayPnlCents,
    maxDailyLossCents: signals.limits.maxDailyLossCents,
  };
  const defense = evaluateDefense(before.defense, {
    ...losses,
    skew,
    equityCents: pnl.equityCents,
    marketStatus: before.market.status,
    guards: [...signals.guards, ...lvr.triggers, ...maturityTriggers(maturity, tauHours, config)],
    nowMs,
  }, config);
  const oracle = lookOutside(before, seen, price, config);
  const paused = pause(before, seen, { price, tooFar: oracle.terms?.pauses ?? false }, config);
  return {
    state: {
      ...before,
      pauses: paused.pauses,
      priceWindow: paused.priceWindow,
      slowSinceMs: paused.slowSinceMs,
      lvr: lvr.state,
      oracle: oracle.state,
      day,
      defense: defense.state,
      pendingFills: NO_FILLS,
      previousRawCents: price.fresh ? price.rawCents : before.previousRawCents,
    },
    skew,
    pnl,
    riskPnlCents,
    triggers: defense.triggers,
    lossAlerts: lossAlerts(losses, config),
    tauHours,
    maturity,
    eventShielded: isEventShielded(wallMs, config),
    toxicity: vpin(lvr.state.flow, config),
    oracle: oracle.terms,
  };
}

/** The figures of §11 at the mark in force, with the day rolled over at midnight UTC. */
function valued(
  state: MarketState,
  seen: Observation,
  fairCents: number,
  config: MarketConfig,
): { readonly day: DayState; readonly pnl: ProfitAndLoss } {
  const { position: holdings, ledger } = state;
  const markCents = markOf({
    holdings,
    fairCents,
    ownBid: bestOf(seen.orders, "BID"),
    ownAsk: bestOf(seen.orders, "ASK"),
  }, config);
  const equity = equityCents(ledger.marketCashCents, holdings, markCents);
  const day = noteFills(rollDay(state.day, seen.wallMs, equity), state.pendingFills.length);
  return { day, pnl: profitAndLoss({ ledger, holdings, markCents, day }) };
}

/**
 * What a sweep is measured against: what rested, but at least a ladder in full. One that the loss
 * room or the end of the market has made small is swept by any ordinary order (§14 B).
 */
function wholeLadders(
  { phase, restingShares }: MarketState,
  { explorationParameters }: Maturity,
  config: MarketConfig,
): MarketState["restingShares"] {
  const whole = ladderShares(explorationParameters ? "EXPLORATION" : phase.phase, config);
  return { BID: Math.max(whole, restingShares.BID), ASK: Math.max(whole, restingShares.ASK) };
}

function isUnwinding(state: MarketState, config: MarketConfig): boolean {
  return state.defense.level === "ONE_SIDE" && heavySideToReduce(state.position, config) !== null;
}

/** The oracle guard, if the market has one (§15). */
function lookOutside(
  before: MarketState,
  { nowMs, signals }: Observation,
  price: MarkedPrice,
  config: MarketConfig,
): { readonly state: OracleState; readonly terms: OracleTerms | null } {
  if (!hasOracle(config)) return { state: NO_ORACLE_SEEN, terms: null };
  return observeOracle(before.oracle, {
    view: signals.oracle ?? NO_READING,
    fairCents: price.fairCents,
    sigmaDayCents: sigmaDayCents(marketVolatility(before, price, config), price.rawCents, config),
    paused: pauseReasons(before.pauses).includes("ORACLE_DEVIATION"),
    nowMs,
  }, config);
}

/**
 * What the book of others says of the volatility. Own fair prices measure how much the bot learns,
 * not how far the market moves: a belief that follows its fills would make the guard deaf.
 */
function marketVolatility(
  { volatility }: MarketState,
  { rawCents }: MarkedPrice,
  config: MarketConfig,
): Pick<VolatilityEstimate, "sigmaHourCents"> {
  const isMarket = volatility.samples.at(-1)?.source === "micro";
  return isMarket ? estimateVolatility(volatility, rawCents, config) : { sigmaHourCents: null };
}

/** The circuit breakers of §10.2 that clear themselves. */
function pause(
  before: MarketState,
  seen: Observation,
  { price, tooFar }: { readonly price: MarkedPrice; readonly tooFar: boolean },
  config: MarketConfig,
): Pick<MarketState, "pauses" | "priceWindow" | "slowSinceMs"> {
  const { nowMs, signals } = seen;
  const slow = slowSince(before.slowSinceMs, signals.health.medianLatencyMs, nowMs, config);
  const priceWindow = price.fresh
    ? observePrice(before.priceWindow, { fairCents: price.rawCents, atMs: nowMs }, config)
    : before.priceWindow;
  const raised: Exclude<PauseReason, "EXTREME_PRICE">[] = [];
  if (hasJumped(priceWindow, config)) raised.push("PRICE_JUMP");
  if (hasApiErrors(signals.health, config)) raised.push("API_ERRORS");
  if (isLatencySustained(slow, nowMs, config)) raised.push("LATENCY");
  if (hasBookFailures(signals.bookFailures, config)) raised.push("BOOK_FAILURES");
  if (hasFailures(signals.failures, signals.limits)) raised.push("FAILURES");
  if (tooFar) raised.push("ORACLE_DEVIATION");
  const { quoteIntervalMs } = config;
  const { reconciliationIntervalMs } = signals.limits;
  const isOutdated = isStale(signals, { quoteIntervalMs, reconciliationIntervalMs });
  if (isOutdated) raised.push("STALE_DATA");
  raised.push(...signals.raised);
  const pauses = evaluatePauses(before.pauses, {
    raised,
    extremeSide: extremePriceSide(price.fairCents, config),
    cleanReconciliation: signals.cleanReconciliation,
  }, config);
  return { pauses, priceWindow, slowSinceMs: slow };
}

/** The inventory part of the explanation. */
export function inventoryTerms(
  { state, skew, pnl }: Pick<Assessment, "state" | "skew" | "pnl">,
  orders: readonly OpenOrder[],
  freezeBps: number,
  config: MarketConfig,
): InventoryTerms {
  return {
    yes: state.position.yes,
    no: state.position.no,
    skew: inventorySkew(state.position),
    effectiveSkew: skew,
    skewFloorShares: skewFloor(config),
    marketCashCents: state.ledger.marketCashCents,
    freeCashCents: freeCash(state.ledger, orders, freezeBps),
    leakCents: state.ledger.leakCents,
    equityCents: pnl.equityCents,
    pnlDayCents: pnl.pnlDayCents,
    pnlTotalCents: pnl.pnlTotalCents,
    worstCaseCents: pnl.worstCaseCents,
  };
}
