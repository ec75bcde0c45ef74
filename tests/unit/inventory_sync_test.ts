import assert from "node:assert/strict";
import { ownFills } from "../../src/connector/trade_adapter.ts";
import { learnPrint, learnTrade } from "../../src/cycle/learn.ts";
import { openMarket } from "../../src/cycle/market_state.ts";
import type { VenueTrade } from "../../src/connector/connector.ts";
import { EMPTY_BOOK } from "../../src/models/book.ts";
import { cents, price, shares } from "../../src/models/money.ts";
import type { Scenario } from "../../src/models/vocabulary.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import { OWN, venueTrade } from "../support/trades.ts";

const config = marketConfig({ posteriorMode: "beta" });

/** A market that holds 100 YES and 100 NO, bought at 50, and 10,000 cents. */
function holding() {
  return openMarket({
    market: marketRecord(),
    position: {
      yes: shares(100),
      no: shares(100),
      yesCostCents: cents(5000),
      noCostCents: cents(5000),
    },
    ledger: openLedger(cents(10_000)),
    tradeCursor: null,
    nowMs: 0,
  }, config);
}

function learn(trade: VenueTrade, isTaker: boolean | null = false) {
  const context = { ownUserId: OWN, nowMs: 1_000, isTaker };
  return learnTrade(holding(), trade, context, config);
}

/** The table of exchange API §4.5: what each role does to the caller at 60 for 10 shares. */
const EFFECTS: readonly [Scenario, "buy" | "sell", yes: number, no: number, cash: number][] = [
  ["MINT", "buy", +10, 0, -600],
  ["MINT", "sell", 0, +10, -400],
  ["TRANSFER_YES", "buy", +10, 0, -600],
  ["TRANSFER_YES", "sell", -10, 0, +600],
  ["TRANSFER_NO", "buy", 0, -10, +400],
  ["TRANSFER_NO", "sell", 0, +10, -400],
  ["BURN", "buy", 0, -10, +400],
  ["BURN", "sell", -10, 0, +600],
];

for (const [scenario, role, yes, no, cash] of EFFECTS) {
  Deno.test(`inventory sync: ${scenario} as ${role} user changes YES by ${yes}, NO by ${no}, cash by ${cash} (L-11, L-12)`, () => {
    const { state, fills } = learn(venueTrade(scenario, role));
    assert.deepEqual(
      [state.position.yes, state.position.no, state.ledger.marketCashCents],
      [100 + yes, 100 + no, 10_000 + cash],
    );
    assert.equal(fills.length, 1);
    assert.equal(fills[0]?.side, role === "buy" ? "BID" : "ASK");
  });
}

Deno.test("inventory sync: a maker pays nothing, a taker pays what the record says, in cash and in the books", () => {
  const maker = learn(venueTrade("TRANSFER_YES", "sell"));
  const taker = learn(venueTrade("TRANSFER_YES", "sell"), true);
  assert.equal(maker.state.ledger.marketCashCents, 10_600);
  assert.equal(taker.state.ledger.marketCashCents, 10_596);
  assert.equal(taker.state.ledger.feesPaidCents, 4);
  assert.equal(maker.state.unmatchedMakerFeesCents, 1, "10 bps of 600, rounded up, may still come");
  assert.equal(taker.state.unmatchedMakerFeesCents, 0);
  const either = learn(venueTrade("TRANSFER_YES", "sell"), null);
  assert.equal(either.state.ledger.marketCashCents, 10_600, "nobody has said that it was charged");
  assert.equal(either.state.unmatchedMakerFeesCents, 4, "the balance may say it");
});

Deno.test("inventory sync: the record of a privileged mint or burn is seen but not booked (L-13)", () => {
  const { state, fills } = learn(
    venueTrade("MINT", "buy", { sellUserId: "SYSTEM", tradeId: "audit" }),
  );
  assert.deepEqual(fills, []);
  assert.deepEqual([state.position.yes, state.ledger.marketCashCents], [100, 10_000]);
  assert.equal(state.tradeCursor, "audit");
});

Deno.test("inventory sync: a trade of others is not ours, whatever its scenario", () => {
  assert.deepEqual(ownFills(venueTrade("BURN", "buy", { buyUserId: "x" }), OWN, cents(0)), []);
});

Deno.test("inventory sync: a trade with ourselves books both roles and charges one fee", () => {
  const { state, fills } = learn(
    venueTrade("TRANSFER_YES", "buy", { sellUserId: OWN, yesPrice: price(50) }),
    true,
  );
  assert.equal(fills.length, 2);
  assert.deepEqual([state.position.yes, state.ledger.marketCashCents], [100, 9_996]);
  assert.equal(state.posterior.mean, 0.5, "it says nothing about the price but its level");
});

Deno.test("inventory sync: a sale releases its share of the cost, and all of it with the last share", () => {
  const part = learn(venueTrade("TRANSFER_YES", "sell", { quantity: shares(30) }));
  assert.equal(part.state.position.yesCostCents, 3500);
  const all = learn(venueTrade("TRANSFER_YES", "sell", { quantity: shares(100) }));
  assert.deepEqual([all.state.position.yes, all.state.position.yesCostCents], [0, 0]);
});

Deno.test("inventory sync: selling more than is known is booked, and reported as broken books", () => {
  const { state, missingShares } = learn(
    venueTrade("TRANSFER_YES", "sell", { quantity: shares(130) }),
  );
  assert.equal(missingShares, 30);
  assert.equal(state.position.yes, 0);
  assert.equal(state.ledger.marketCashCents, 10_000 + 130 * 60);
});

Deno.test("inventory sync: a filled ASK teaches that YES is wanted, a filled BID that it is not", () => {
  const at50 = { yesPrice: price(50) };
  const asked = learn(venueTrade("TRANSFER_YES", "sell", at50)).state.posterior.mean;
  const bid = learn(venueTrade("TRANSFER_YES", "buy", at50)).state.posterior.mean;
  assert.ok(asked > 0.5 && bid < 0.5, `${asked} ${bid}`);
});

Deno.test("inventory sync: a changed last price that no own trade explains is one print of one share by tick", () => {
  const seen = { ...holding(), lastTradePrice: price(50) };
  const book = { ...EMPTY_BOOK, lastTradePrice: price(54) };
  const { state, print } = learnPrint(seen, book, 1_000, config);
  assert.deepEqual(print, { aggressor: 1, priceCents: 54, weight: 1 / 50 });
  // Weight 1/50 against a prior of 6, observed at 54 plus one cent of nudge.
  const expected = (6 * 0.5 + 0.02 * 0.55) / 6.02;
  assert.ok(Math.abs(state.posterior.mean - expected) < 1e-9);
  assert.equal(learnPrint(state, book, 2_000, config).print, null, "the same price again");
});

Deno.test("inventory sync: a last price explained by an own fill of this cycle is not learnt twice", () => {
  const { state } = learn(venueTrade("TRANSFER_YES", "sell"));
  const book = { ...EMPTY_BOOK, lastTradePrice: price(57) };
  assert.equal(learnPrint(state, book, 2_000, config).print, null);
});
