import assert from "node:assert/strict";
import { rememberAll } from "../../src/cache/persisted_market.ts";
import { MarketContext } from "../../src/cycle/market_context.ts";
import {
  type MarketState,
  openMarket,
  resumeMarket,
  setAnchor,
  toPersisted,
} from "../../src/cycle/market_state.ts";
import { CallStatistics } from "../../src/connector/call_statistics.ts";
import { OrderManager } from "../../src/connector/order_manager.ts";
import { clientOrderIds } from "../../src/execution/client_order_id.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { cents, shares } from "../../src/models/money.ts";
import { latchKill } from "../../src/risk/defense_stack.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import { OWN, venueTrade } from "../support/trades.ts";

const config = marketConfig({ anchorPriceCents: 30 });

function opening(nowMs: number) {
  return {
    market: marketRecord(),
    position: {
      yes: shares(100),
      no: shares(100),
      yesCostCents: cents(5000),
      noCostCents: cents(5000),
    },
    ledger: openLedger(cents(10_000)),
    tradeCursor: "t0",
    nowMs,
  };
}

function contextOf() {
  const clock = new VirtualClock(0);
  const log = recordingLogger();
  const context = new MarketContext({
    config,
    ownUserId: OWN,
    calls: new CallStatistics(),
    clock,
    nowMs: () => clock.monotonicMs(),
    log,
    orders: new OrderManager({
      marketId: config.marketId,
      connector: {} as never,
      clock,
      log,
      rateBudget: new RateBudget({
        clock,
        orderOpsPerMinute: 600,
        replaceOpsPerMinute: 400,
        queryRateLimit: 6000,
      }),
      nextClientOrderId: clientOrderIds(config.marketId, clock),
      batchCancelEnabled: false,
      cancelTimeoutMs: 1000,
    }),
  });
  context.state = openMarket(opening(0), config);
  return { context, clock, log };
}

Deno.test("market context: a trade is booked as a whole and leaves the inbox afterwards (L-41)", () => {
  const { context } = contextOf();
  context.inbox.trades.push(venueTrade("TRANSFER_YES", "sell", { tradeId: "t1" }));
  assert.equal(context.bookTrades(), 1);
  assert.equal(context.inbox.trades.length, 0);
  assert.equal(context.state?.position.yes, 90);
  assert.equal(context.state?.ledger.marketCashCents, 10_600);
  assert.equal(context.state?.tradeCursor, "t1");
  assert.equal(context.state?.pendingFills.length, 1);
  assert.equal(context.ownTrades, 1);
});

Deno.test("market context: a trade whose booking fails stays in the inbox and is booked by the next try (L-41)", () => {
  const { context } = contextOf();
  const good = context.orders.onFill.bind(context.orders);
  const trade = venueTrade("TRANSFER_YES", "sell");
  const broken = { ...trade, quantity: shares(Number.MAX_SAFE_INTEGER) };
  context.inbox.trades.push(broken);
  assert.throws(() => context.bookTrades(), RangeError);
  assert.equal(context.inbox.trades.length, 1);
  assert.equal(context.state?.position.yes, 100, "nothing was booked by half");
  context.inbox.trades[0] = trade;
  context.orders.onFill = good;
  assert.equal(context.bookTrades(), 1);
  assert.equal(context.state?.position.yes, 90);
});

Deno.test("market context: only a fill that came back with an own placement pays the taker fee (§23)", () => {
  const { context } = contextOf();
  const trade = venueTrade("TRANSFER_YES", "sell");
  context.expectTakerTrades([
    { buyOrderId: "a", sellOrderId: "b", yesPrice: trade.yesPrice, quantity: trade.quantity },
  ]);
  context.inbox.trades.push(trade, { ...trade, tradeId: "t2" });
  context.bookTrades();
  assert.equal(
    context.state?.ledger.feesPaidCents,
    4,
    "one of the two equal trades was ours to pay",
  );
});

Deno.test("market context: signals are given out once", () => {
  const { context } = contextOf();
  context.raise("DRIFT");
  context.noteCleanReconciliation();
  assert.deepEqual(context.takeSignals(), {
    raised: ["DRIFT"],
    cleanReconciliation: true,
    pairsChanged: false,
    malformedReply: false,
  });
  assert.deepEqual(context.takeSignals().raised, []);
  assert.equal(context.inbox.reconcile, "DRIFT", "the reconciliation is still wanted");
});

Deno.test("market context: three drift breaches within an hour ask for a kill, an older one does not count", async () => {
  const { context, clock } = contextOf();
  let state: MarketState = openMarket(opening(0), config);
  state = context.noteDriftBreach(state);
  await clock.advance(3_700_000);
  state = context.noteDriftBreach(context.noteDriftBreach(state));
  assert.deepEqual(context.guards(state), []);
  state = context.noteDriftBreach(state);
  assert.equal(context.guards(state)[0]?.killReason, "DRIFT");
});

Deno.test("market context: latch, level, day, phase and learner survive a restart (L-34)", () => {
  const before: MarketState = {
    ...openMarket(opening(0), config),
    day: {
      day: "2026-01-05",
      startEquityCents: cents(99_000),
      depositsTodayCents: cents(0),
      fills: 3,
    },
    posterior: { mean: 0.42, strength: 11, recentTrades: 0, updatedAtMs: 5 },
  };
  const latch = { reason: "LOSS", atMs: 7, source: "max_per_market_loss_cents" } as const;
  const killed = { ...before, defense: latchKill(before.defense, latch) };
  const saved = rememberAll(JSON.parse(JSON.stringify(toPersisted(killed, config))));
  const after = resumeMarket(opening(1_000), saved, config);
  assert.deepEqual(after.defense.latch, latch);
  assert.deepEqual(after.day, before.day);
  assert.deepEqual(after.posterior, before.posterior);
  assert.deepEqual(after.phase, before.phase);
  assert.equal(after.anchorSetAtMs, 0);
});

Deno.test("market context: an anchor that was changed while the bot was away starts the learner anew", () => {
  const saved = rememberAll(toPersisted(openMarket(opening(0), config), config));
  const moved = marketConfig({ anchorPriceCents: 70 });
  const after = resumeMarket(opening(1_000), saved, moved);
  assert.equal(after.posterior.mean, 0.7);
  assert.equal(after.anchorSetAtMs, 1_000);
});

Deno.test("market context: a new anchor re-centres the learner and lifts the step limit once (§1)", () => {
  const state = { ...openMarket(opening(0), config), previousRawCents: 31 };
  const after = setAnchor(state, 500, marketConfig({ anchorPriceCents: 80 }));
  assert.deepEqual([after.posterior.mean, after.previousRawCents, after.anchorSetAtMs], [
    0.8,
    null,
    500,
  ]);
});
