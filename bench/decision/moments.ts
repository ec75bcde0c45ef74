import { codeDefaults, type MarketConfig } from "../../src/config/registry.ts";
import { marketSchema } from "../../src/config/schema.ts";
import { decide, type Decision } from "../../src/cycle/decide.ts";
import { type MarketState, openMarket } from "../../src/cycle/market_state.ts";
import type { Observation, Signals } from "../../src/cycle/observation.ts";
import { freezeRateBps } from "../../src/execution/cash_capacity.ts";
import { planOrders } from "../../src/execution/order_diff.ts";
import type { PlannedAction, RestingOrder } from "../../src/execution/planned_action.ts";
import { levels, type OrderBook } from "../../src/models/book.ts";
import { HOUR_MS, type MarketRecord } from "../../src/models/market.ts";
import {
  cents,
  clamp,
  MAX_PRICE,
  MIN_PRICE,
  price,
  type Shares,
  shares,
} from "../../src/models/money.ts";
import type { OrderIntent } from "../../src/models/order.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";

/** Everything that one quote decision depends on. */
export interface Moment {
  readonly before: MarketState;
  readonly seen: Observation;
}

const START_MS = Date.UTC(2026, 0, 5);
const CYCLE_MS = 2_000;

/** The shipped defaults, for a market in the middle of its life. */
export const CONFIG: MarketConfig = marketSchema.parse({
  ...codeDefaults.market,
  market_id: "BENCH",
  anchor_price_cents: 50,
  initial_funding_cents: 1_000_000,
});

const MARKET: MarketRecord = {
  marketId: "BENCH",
  title: "Benchmark",
  status: "ACTIVE",
  minPrice: MIN_PRICE,
  maxPrice: MAX_PRICE,
  makerFeeBps: 10,
  takerFeeBps: 20,
  maxOrderQuantity: shares(10_000),
  maxPositionPerUser: shares(25_000),
  maxOrderAmountCents: cents(1_000_000),
  tradingStartAtMs: START_MS - 48 * HOUR_MS,
  tradingEndAtMs: START_MS + 720 * HOUR_MS,
  resolutionDateMs: null,
  result: null,
};

const QUIET: Signals = {
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

/** One decision and its plan: what a cycle does between reading the venue and writing to it. */
export function quote({ before, seen }: Moment): {
  readonly decision: Decision;
  readonly actions: readonly PlannedAction[];
} {
  const decision = decide(before, seen, CONFIG);
  const { targets, plan, state, assessment, fairMoveCents } = decision;
  if (targets === null || plan === null) return { decision, actions: [] };
  const actions = planOrders(targets, seen.orders, {
    phase: state.phase.phase,
    suspectAgeMs: Infinity,
    cooldownSides: plan.cooldownSides,
    fairMoveCents,
    privileged: true,
    foreign: [],
    pending: [],
    holdings: state.position,
    spendableCents: plan.spendableCents,
    freezeBps: freezeRateBps(CONFIG, assessment.state.market),
  }, CONFIG);
  return { decision, actions };
}

/**
 * Consecutive cycles of one market: others move the book in a third of them and trade in a tenth,
 * and each cycle finds the orders that the one before wanted.
 */
export function drawMoments(count: number): readonly Moment[] {
  const random = seededRandom("bench decision");
  const street = new Street(random);
  let state = openMarket({
    market: MARKET,
    position: {
      yes: shares(5_000),
      no: shares(5_000),
      yesCostCents: cents(0),
      noCostCents: cents(0),
    },
    ledger: openLedger(cents(500_000)),
    tradeCursor: null,
    nowMs: START_MS - 3 * HOUR_MS,
  }, CONFIG);
  let orders: readonly RestingOrder[] = [];
  return Array.from({ length: count }, (_, cycle) => {
    const nowMs = START_MS + cycle * CYCLE_MS;
    const book = street.look(orders);
    const account = { availableCents: cents(500_000), frozenCents: cents(0) };
    const moment = {
      before: state,
      seen: { nowMs, wallMs: nowMs, book, orders, account, signals: QUIET },
    };
    const { decision } = quote(moment);
    state = decision.state;
    orders = (decision.targets ?? []).map((target, nth) => resting(target, cycle * 100 + nth));
    return moment;
  });
}

/** The orders of others. */
class Street {
  #middle = 50;
  #lastTrade = 50;
  constructor(readonly random: Random) {}

  /** The book, own orders included. */
  look(own: readonly RestingOrder[]): OrderBook {
    const { random } = this;
    if (random.next() < 1 / 3) this.#middle = clamp(this.#middle + random.integer(-1, 1), 40, 60);
    if (random.next() < 0.1) this.#lastTrade = this.#middle;
    const side = (name: "BID" | "ASK", sign: number) => {
      const quantities = new Map<number, number>();
      for (let level = 1; level <= 10; level++) {
        quantities.set(this.#middle + sign * (level + 1), 20 * level);
      }
      for (const { side, yesPrice, remaining } of own) {
        if (side === name) quantities.set(yesPrice, (quantities.get(yesPrice) ?? 0) + remaining);
      }
      return levels(name, quantities);
    };
    return { bids: side("BID", -1), asks: side("ASK", 1), lastTradePrice: price(this.#lastTrade) };
  }
}

function resting(target: OrderIntent, id: number): RestingOrder {
  const { contract, direction, contractPrice, side, yesPrice, quantity } = target;
  const isSale = direction === "SELL";
  return {
    orderId: String(id),
    clientOrderId: `amm-${id}`,
    marketId: MARKET.marketId,
    contract,
    direction,
    contractPrice,
    side,
    yesPrice,
    quantity,
    filled: 0 as Shares,
    remaining: quantity,
    status: "OPEN",
    frozenAmount: isSale ? quantity : contractPrice * quantity,
    frozenAsset: !isSale ? "FUNDS" : contract === "YES" ? "YES_SHARES" : "NO_SHARES",
    createdAtMs: START_MS,
    ageMs: CYCLE_MS,
  };
}
