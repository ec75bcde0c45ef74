/** The reconciler beside two plain positions: that of the bot's books, and that of the venue. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { CallStatistics } from "../../src/connector/call_statistics.ts";
import { VenueError, type VenueTrade } from "../../src/connector/connector.ts";
import { OrderManager } from "../../src/connector/order_manager.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { ownFills } from "../../src/connector/trade_adapter.ts";
import { MarketContext } from "../../src/cycle/market_context.ts";
import { openMarket } from "../../src/cycle/market_state.ts";
import { reconcileMarket } from "../../src/lifecycle/reconciler.ts";
import type { Position } from "../../src/models/inventory.ts";
import { cents, type Shares, shares } from "../../src/models/money.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { bookFillCost } from "../../src/risk/position_costs.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import { SENT_MINT } from "../support/snapshots.ts";
import { StubVenue } from "../support/stub_venue.ts";
import { OWN, venueTrade } from "../support/trades.ts";

const TOLERANCES = { volumeTolerance: 2, costSumToleranceCents: 100 };
const HOUR_MS = 3_600_000;
const OPENING: Position = {
  ...{ yes: shares(5_000), no: shares(5_000) },
  ...{ yesCostCents: cents(250_000), noCostCents: cents(250_000) },
};

type Field = keyof Position;

/** What may happen next. */
type Command =
  /** Something is different at the venue, and nobody knows why. */
  | { readonly kind: "drift"; readonly field: Field; readonly by: number }
  | { readonly kind: "trade"; readonly role: "buy" | "sell"; readonly quantity: number }
  /** A mint or burn had no answer; it has happened or not. */
  | {
    readonly kind: "operation";
    readonly what: "MINT" | "BURN";
    readonly quantity: number;
    readonly happened: boolean;
  }
  | { readonly kind: "reconcile"; readonly isAway: boolean }
  | { readonly kind: "wait"; readonly minutes: number };

class Bench {
  readonly clock = new VirtualClock(0);
  readonly context: MarketContext;
  /** What the books must say, and what the venue says. */
  ours = OPENING;
  venue = OPENING;
  /** Shares that a mint or burn without an answer may have changed, null without one. */
  inDoubt: number | null = null;
  readonly breachesMs: number[] = [];
  #isAway = false;
  #trades: VenueTrade[] = [];
  #count = 0;
  #minted = 0;

  constructor() {
    const config = marketConfig();
    this.context = new MarketContext({
      ...{ config, ownUserId: OWN, clock: this.clock, calls: new CallStatistics() },
      nowMs: () => this.clock.monotonicMs(),
      log: silentLogger,
      orders: new OrderManager({
        ...{ marketId: "MKT-1", connector: new StubVenue(this.clock, 0), clock: this.clock },
        log: silentLogger,
        rateBudget: new RateBudget({
          ...{ clock: this.clock, orderOpsPerMinute: 600 },
          ...{ replaceOpsPerMinute: 600, queryRateLimit: 6_000 },
        }),
        nextClientOrderId: () => "amm_none",
        batchCancelEnabled: false,
        cancelTimeoutMs: 1_000,
      }),
    });
    const ledger = openLedger(cents(1_000_000));
    const opening = { market: marketRecord(), position: OPENING, ledger, tradeCursor: null };
    this.context.state = openMarket({ ...opening, nowMs: 0 }, config);
  }

  async do(command: Command): Promise<void> {
    switch (command.kind) {
      case "drift": {
        const changed = Math.max(0, this.venue[command.field] + command.by);
        this.venue = { ...this.venue, [command.field]: changed };
        return;
      }
      case "trade":
        return this.#trade(command.role, command.quantity);
      case "operation":
        return this.#operate(command);
      case "reconcile":
        return await this.#reconcile(command.isAway);
      case "wait":
        return await this.clock.advance(command.minutes * 60_000);
    }
  }

  check(): void {
    const { state } = this.context;
    assert.ok(state !== null);
    assert.deepEqual(state.position, this.ours);
    const isRecent = (ms: number) => this.clock.monotonicMs() - ms < HOUR_MS;
    const recent = this.breachesMs.filter(isRecent);
    assert.deepEqual(state.driftBreachesMs.filter(isRecent), recent);
    const asked = this.context.guards(state).filter(({ killReason }) => killReason === "DRIFT");
    assert.equal(asked.length, recent.length >= 3 ? 1 : 0, `${recent.length} breaches`);
  }

  #trade(role: "buy" | "sell", quantity: number): void {
    const tradeId = `t${this.#count++}`;
    const trade = venueTrade("TRANSFER_YES", role, { tradeId, quantity: shares(quantity) });
    this.#trades.push(trade);
    this.venue = withTrade(this.venue, trade);
  }

  #operate({ what, quantity, happened }: Extract<Command, { kind: "operation" }>): void {
    const { state } = this.context;
    if (this.inDoubt !== null || state === null) return;
    this.inDoubt = what === "MINT" ? quantity : -quantity;
    const operation = { ...SENT_MINT, kind: what, quantity: shares(quantity) };
    this.context.state = { ...state, operation };
    if (happened) this.venue = withPairs(this.venue, this.inDoubt);
  }

  async #reconcile(isAway: boolean): Promise<void> {
    this.#isAway = isAway;
    const services = {
      connector: {
        position: () => Promise.resolve(this.venue),
        market: () => Promise.resolve(marketRecord()),
      },
      poller: { poll: () => this.#poll(), newestId: null },
    } as unknown as Parameters<typeof reconcileMarket>[1];
    const reconciling = reconcileMarket(this.context, services, TOLERANCES);
    const drifts = await this.clock.resolve(reconciling.catch(() => null));
    this.#isAway = false;
    assert.equal(drifts === null, isAway);
    if (drifts !== null) this.#expect(drifts);
  }

  /** What has to come of a reconciliation that the venue has answered. */
  #expect(drifts: Awaited<ReturnType<typeof reconcileMarket>>): void {
    const before = this.ours;
    const change = this.inDoubt;
    const isDone = change !== null && this.venue.yes - before.yes === change &&
      this.venue.no - before.no === change;
    const held = this.context.state;
    assert.equal(held?.ledger.mintedPairs, this.#minted += isDone ? Math.max(0, change) : 0);
    if (isDone) {
      assert.deepEqual([drifts, held?.operation], [[], null]);
      [this.ours, this.inDoubt] = [this.venue, null];
      return;
    }
    const fields: readonly Field[] = ["yes", "no", "yesCostCents", "noCostCents"];
    const by = fields.map((field) => [field, this.venue[field] - before[field]] as const);
    assert.deepEqual(
      drifts.map(({ field, ours, venue }) => [field, venue - ours]),
      by.filter(([, difference]) => difference !== 0),
    );
    const isBreach = by.some(([field, difference]) =>
      Math.abs(difference) > (field === "yes" || field === "no" ? 2 : 100)
    );
    const netted = before.yes - this.venue.yes;
    const isNetting = netted > 0 && netted === before.no - this.venue.no;
    if (isBreach || isNetting) this.breachesMs.push(this.clock.monotonicMs());
    this.ours = this.venue;
  }

  #poll(): Promise<void> {
    if (this.#isAway) {
      const about = { kind: "unavailable", call: "trades", message: "away" } as const;
      return Promise.reject(new VenueError(about));
    }
    for (const trade of this.#trades.splice(0)) {
      this.context.inbox.trades.push(trade);
      this.ours = withTrade(this.ours, trade);
    }
    return Promise.resolve();
  }
}

function withTrade(position: Position, trade: VenueTrade): Position {
  const fills = ownFills(trade, OWN, cents(0));
  return fills.reduce((held, fill) => bookFillCost(held, fill).position, position);
}

function withPairs(position: Position, change: number): Position {
  const more = (held: Shares) => shares(Math.max(0, held + change));
  return { ...position, yes: more(position.yes), no: more(position.no) };
}

const command = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("drift"),
      field: fc.constantFrom<Field>("yes", "no", "yesCostCents", "noCostCents"),
      by: fc.constantFrom(-200, -101, -100, -3, -2, -1, 1, 2, 3, 100, 101),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("trade"),
      role: fc.constantFrom("buy", "sell"),
      quantity: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("operation"),
      what: fc.constantFrom("MINT", "BURN"),
      quantity: fc.integer({ min: 1, max: 50 }),
      happened: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("reconcile"),
      isAway: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait"), minutes: fc.constantFrom(1, 15, 59, 61) }),
  },
);

Deno.test("model, reconciler: the venue is right, every difference is told once, and three breaches in an hour kill", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const bench = new Bench();
      for (const command of commands) {
        await bench.do(command);
        bench.check();
      }
    }),
    { numRuns: 200 },
  );
});
