/** Any market in the middle of its life, as one cycle of it decides. */

import fc from "fast-check";
import type { MarketConfig } from "../../src/config/registry.ts";
import { type MarketState, openMarket } from "../../src/cycle/market_state.ts";
import type { Observation, Signals } from "../../src/cycle/observation.ts";
import { levels, type OrderBook } from "../../src/models/book.ts";
import { DAY_MS, HOUR_MS } from "../../src/models/market.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import type { Phase, QuoteFunding } from "../../src/models/vocabulary.ts";
import { CALM, type DefenseState, latchKill } from "../../src/risk/defense_stack.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import type { OracleView } from "../../src/risk/oracle_guard.ts";
import { marketConfig } from "./config.ts";
import { marketRecord } from "./market.ts";
import { resting as restingOf } from "./orders.ts";

/** What a cycle knows. */
export interface Scene {
  readonly before: MarketState;
  readonly seen: Observation;
  readonly config: MarketConfig;
}

/** Now, in scenes. */
export const NOW_MS = Date.UTC(2026, 0, 5, 12);

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const whole = (min: number, max: number) => fc.integer({ min, max });

/** The first value nine times out of ten. */
function mostly<T, U>(usual: T, rare: U): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constant(rare) },
  );
}

const settings = fc.record({
  anchorPriceCents: whole(3, 97),
  asModel: fc.constantFrom("linear" as const, "logit" as const),
  midRounding: fc.constantFrom("integer" as const, "none" as const),
  pricingMode: fc.constantFrom("decay" as const, "phase" as const),
  sigmaScaleCents: real(0.1, 3),
  tauHorizonHours: fc.option(real(1, 100), { nil: null }),
  spreadRiskWeight: real(0, 1),
  terminalShare: fc.constantFrom(0, 0.002),
  gammaTier: fc.constantFrom("AUTO" as const, "EARLY" as const, "MATURE" as const),
  spreadSkewFactor: fc.constantFrom(0, 0.5),
  qtySkewFactor: real(0, 1),
  roundingSlackCents: fc.constantFrom(0, 0.2),
  minAdjustmentCents: fc.constantFrom(0, 1),
  maxShiftCents: fc.constantFrom(3, 10),
  explorationGradientType: fc.constantFrom("LINEAR" as const, "GEOMETRIC" as const),
  gradientLinearQtyIncrease: fc.constantFrom(0, 0.2),
  gradientGeometricRatio: real(1.01, 1.2),
  gradientQtyDecay: real(0.3, 1),
  stabilizationLevels: fc.option(whole(2, 10), { nil: null }),
  baseOrderQuantity: whole(1, 400),
  minOrderQty: fc.constantFrom(1, 5),
  maxInventoryFraction: fc.constantFrom(0.25, 0.5, 1),
  minPriceCents: fc.constantFrom(1, 5),
  maxPriceCents: fc.constantFrom(95, 99),
  oneSideNeutralPolicy: fc.constantFrom("wide" as const, "none" as const),
  eventTimes: mostly(null, [new Date(NOW_MS).toISOString()]),
});

/** Nobody is there, a market of others, or one that only the bot makes. */
const books: fc.Arbitrary<OrderBook | null> = fc.option(
  fc.record({ bid: whole(1, 60), width: whole(1, 30), size: whole(1, 300) })
    .map(({ bid, width, size }) => ({
      bids: levels("BID", [[bid, size]]),
      asks: levels("ASK", [[Math.min(99, bid + width), size]]),
      lastTradePrice: price(bid),
    })),
  { nil: null },
);

const defenses: fc.Arbitrary<DefenseState> = mostly(
  null,
  latchKill(CALM, { reason: "ADMIN", atMs: 0, source: "test" }),
).chain((latched) =>
  latched !== null ? fc.constant(latched) : fc.constantFrom<DefenseState>(
    CALM,
    { ...CALM, level: "WIDEN" },
    { ...CALM, level: "ONE_SIDE", oneSideSinceMs: NOW_MS - 700_000 },
  )
);

/** Shares of both contracts: mostly near balance, sometimes anything, sometimes nothing. */
const stocks = fc.oneof(
  fc.tuple(whole(0, 1200), whole(-300, 300)).map(([base, net]) => ({
    yes: base + Math.max(0, net),
    no: base + Math.max(0, -net),
  })),
  fc.record({ yes: whole(0, 1500), no: whole(0, 1500) }),
);

const situations = fc.record({
  stock: stocks,
  cashCents: whole(0, 200_000),
  posterior: real(0.02, 0.98),
  previousRawCents: fc.option(real(2, 98), { nil: null }),
  anchorAgeMs: whole(0, 2 * HOUR_MS),
  phase: fc.constantFrom<Phase>("EXPLORATION", "STABILIZATION"),
  defense: defenses,
  filledAgoMs: fc.option(whole(0, 10_000), { nil: null }),
  pausedBy: mostly(null, "DRIFT" as const),
  minutesLeft: fc.oneof(whole(4, 90), whole(90, 2000), whole(2000, 43_200)),
  ageDays: whole(0, 60),
  makerFeeBps: fc.constantFrom(0, 10, 200),
  book: books,
  resting: fc.array(fc.record({ at: whole(1, 99), quantity: whole(1, 100) }), { maxLength: 4 }),
});
type Situation = typeof situations extends fc.Arbitrary<infer S> ? S : never;

/** Scenes of one way of funding, or of any. */
export function scenes(...modes: readonly QuoteFunding[]): fc.Arbitrary<Scene> {
  const all: readonly QuoteFunding[] = ["inventory", "cash", "inventory_then_cash"];
  const funding = fc.constantFrom(...(modes.length === 0 ? all : modes));
  return fc.tuple(funding, settings, situations).map(([quoteFunding, chosen, situation]) => {
    const config = marketConfig({ ...chosen, quoteFunding });
    return { config, before: stateOf(situation, config), seen: observationOf(situation) };
  });
}

function stateOf(situation: Situation, config: MarketConfig): MarketState {
  const { stock: { yes, no }, cashCents, defense, filledAgoMs, pausedBy } = situation;
  const state = openMarket({
    market: marketRecord({
      makerFeeBps: situation.makerFeeBps,
      tradingStartAtMs: NOW_MS - situation.ageDays * DAY_MS,
      tradingEndAtMs: NOW_MS + situation.minutesLeft * 60_000,
    }),
    position: { yes: shares(yes), no: shares(no), yesCostCents: cents(0), noCostCents: cents(0) },
    ledger: openLedger(cents(cashCents)),
    tradeCursor: null,
    nowMs: NOW_MS - situation.anchorAgeMs,
  }, config);
  const filledMs = filledAgoMs === null ? null : NOW_MS - filledAgoMs;
  return {
    ...state,
    posterior: { ...state.posterior, mean: situation.posterior },
    previousRawCents: situation.previousRawCents,
    phase: { ...state.phase, phase: situation.phase },
    bookHistory: situation.book === null ? [] : [situation.book],
    defense,
    lvr: { ...state.lvr, lastFillMs: { ASK: filledMs, BID: null } },
    pauses: pausedBy === null
      ? state.pauses
      : { active: [{ reason: pausedBy, calmCycles: 0 }], extremeSide: null },
  };
}

function observationOf({ book, cashCents, resting }: Situation): Observation {
  return {
    nowMs: NOW_MS,
    wallMs: NOW_MS,
    book,
    orders: resting.map(({ at, quantity }) => restingOf(["SELL", "YES", at, quantity])),
    account: { availableCents: cents(cashCents), frozenCents: cents(0) },
    signals: QUIET_SIGNALS,
  };
}

/** Signals of a cycle in which nothing is wrong. */
export const QUIET_SIGNALS: Signals = {
  health: { calls: 20, failed: 0, medianLatencyMs: 20 },
  bookFailures: 0,
  failures: 0,
  syncAgeMs: 0,
  unconfirmedMs: null,
  malformedReply: false,
  raised: [],
  cleanReconciliation: false,
  pairsChanged: false,
  guards: [],
  otherDayPnlCents: 0,
  limits: {
    maxDailyLossCents: 10_000_000,
    reconciliationIntervalMs: 300_000,
    maxConsecutiveFailures: 5,
  },
  oracle: null,
};

/** The scene with something else to see outside. */
export function withOracle(scene: Scene, view: OracleView | null): Scene {
  const { seen } = scene;
  return { ...scene, seen: { ...seen, signals: { ...seen.signals, oracle: view } } };
}
