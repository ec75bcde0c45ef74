import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import { effectiveSkew } from "../../src/models/inventory.ts";
import { cents, shares } from "../../src/models/money.ts";
import {
  type OpeningStock,
  type PairInput,
  type PairPlan,
  pairsToMerge,
  pairsToMintAtStart,
  planPairs,
} from "../../src/risk/pairs.ts";
import { marketConfig } from "../support/config.ts";
import { holding } from "../support/risk.ts";

/** A stabilised market far from its end, with no resting orders. */
function situation(
  [yes, no, cash]: readonly [yes: number, no: number, cash: number],
  overrides: Partial<PairInput> = {},
): PairInput {
  return {
    holdings: holding(yes, no),
    available: holding(yes, no),
    ledger: { marketCashCents: cents(cash), leakCents: cents(0) },
    freeCashCents: cents(cash),
    marketIsActive: true,
    level: "NORMAL",
    phase: "STABILIZATION",
    tauHours: 720,
    eventShielded: false,
    ...overrides,
  };
}

/** A market that starts with something, and nothing minted before. */
function opening(
  [yes, no, cash]: readonly [yes: number, no: number, cash: number],
  overrides: Partial<OpeningStock["ledger"]> = {},
): OpeningStock {
  const ledger = { marketCashCents: cents(cash), leakCents: cents(0), mintedPairs: shares(0) };
  return { holdings: holding(yes, no), ledger: { ...ledger, ...overrides } };
}

/** The plan as one word and one number. */
function plan(input: PairInput, overrides: Partial<MarketConfig> = {}): string {
  const { operation, quantity }: PairPlan = planPairs(input, marketConfig(overrides));
  return operation === "NONE" ? "NONE" : `${operation} ${quantity}`;
}

Deno.test("L-46: the table of §18", () => {
  const table: [yes: number, no: number, cash: number, plan: string, Partial<MarketConfig>?][] = [
    [1000, 1000, 0, "NONE"],
    [1200, 1100, 10_000, "BURN 100"],
    [200, 800, 10_000, "NONE"],
    [300, 700, 60_000, "NONE"],
    [150, 120, 85_000, "MINT 850"],
    [150, 120, 85_000, "MINT 800", { cashReserveCents: 5000 }],
    [200, 600, 70_000, "NONE"],
    [180, 60, 85_000, "NONE"],
    [0, 0, 85_000, "MINT 850"],
    [520, 240, 10_000, "BURN 125", { quoteFunding: "cash" }],
  ];
  for (const [yes, no, cash, expected, overrides] of table) {
    const row = `${yes}/${no} with ${cash}`;
    assert.equal(plan(situation([yes, no, cash]), overrides), expected, row);
  }
});

Deno.test("C-53: a merge stops short of the skew at which ONE_SIDE begins", () => {
  const input = situation([520, 240, 10_000]);
  const { quantity } = planPairs(input, marketConfig({ quoteFunding: "cash" }));
  const skewAfter = (burned: number) => effectiveSkew(holding(520 - burned, 240 - burned), 400);
  assert.equal(skewAfter(0).toFixed(2), "0.37");
  assert.ok(skewAfter(quantity) <= 0.55);
  assert.ok(skewAfter(quantity + 1) > 0.55);
});

Deno.test("merge: below the skew floor cash funding merges every pair", () => {
  assert.equal(plan(situation([150, 100, 0]), { quoteFunding: "cash" }), "BURN 100");
});

Deno.test("merge: fewer pairs than auto_merge_min_pairs are left alone", () => {
  const cash = { quoteFunding: "cash" } as const;
  assert.equal(plan(situation([19, 40, 0]), cash), "NONE");
  assert.equal(plan(situation([20, 40, 0]), cash), "BURN 20");
});

Deno.test("merge: shares locked in resting orders are not burned, but quotes are to give them up", () => {
  const input = situation([1200, 1100, 10_000], { available: holding(1200, 60) });
  assert.equal(plan(input), "BURN 60");
  assert.equal(pairsToMerge(input, marketConfig()), 100);
});

Deno.test("merge: with all stock locked nothing is burned, and nothing minted instead", () => {
  const input = situation([1200, 1100, 10_000], { available: holding(0, 0) });
  assert.equal(plan(input), "NONE");
});

Deno.test("merge: allowed up to ONE_SIDE in an ACTIVE market, unless switched off", () => {
  const surplus = [1200, 1100, 10_000] as const;
  assert.equal(plan(situation(surplus, { level: "ONE_SIDE" })), "BURN 100");
  assert.equal(plan(situation(surplus, { level: "KILL_SWITCH" })), "NONE");
  assert.equal(plan(situation(surplus, { marketIsActive: false })), "NONE");
  assert.equal(plan(situation(surplus), { autoMergeEnabled: false }), "NONE");
});

const mintGates: [gate: string, input: Partial<PairInput>, config: Partial<MarketConfig>][] = [
  ["L-46: level ONE_SIDE", { level: "ONE_SIDE" }, {}],
  ["a market that is not ACTIVE", { marketIsActive: false }, {}],
  ["EXPLORATION with stock", { phase: "EXPLORATION" }, {}],
  ["an event shield", { eventShielded: true }, {}],
  ["the last day", { tauHours: 24 }, {}],
  ["cash funding", {}, { quoteFunding: "cash", autoMergeEnabled: false }],
  ["auto_reinvest_enabled off", {}, { autoReinvestEnabled: false }],
  ["a threshold above the cash", {}, { autoReinvestThresholdCents: 85_001 }],
];

for (const [gate, input, config] of mintGates) {
  Deno.test(`mint: not with ${gate}`, () => {
    assert.equal(plan(situation([150, 120, 85_000])), "MINT 850");
    assert.equal(plan(situation([150, 120, 85_000], input), config), "NONE");
  });
}

Deno.test("mint: an empty inventory may be filled in EXPLORATION and in WIDEN", () => {
  const empty = situation([0, 0, 85_000], { phase: "EXPLORATION", level: "WIDEN" });
  assert.equal(plan(empty), "MINT 850");
});

Deno.test("C-25: both sides must be low, and a side exactly at the mark is not", () => {
  assert.equal(plan(situation([199, 199, 85_000])), "MINT 801");
  assert.equal(plan(situation([200, 199, 85_000])), "NONE");
});

Deno.test("mint: up to the initial quantity and the caps, from spendable cash", () => {
  const rich = [150, 120, 500_000] as const;
  assert.equal(plan(situation(rich)), "MINT 880");
  assert.equal(plan(situation(rich), { maxInventoryPerSide: 600 }), "MINT 450");
  assert.equal(plan(situation([150, 120, 85_000], { freeCashCents: cents(30_099) })), "MINT 300");
  const ledger = { marketCashCents: cents(85_000), leakCents: cents(10_000) };
  assert.equal(plan(situation([150, 120, 85_000], { ledger })), "MINT 750");
});

Deno.test("mint: nothing when orders freeze all of the cash", () => {
  assert.equal(plan(situation([150, 120, 85_000], { freeCashCents: cents(-5) })), "NONE");
});

Deno.test("C-26: the mint at start is balanced, affordable and only where there is no stock", () => {
  const table: [yes: number, no: number, config: Partial<MarketConfig>, pairs: number][] = [
    [0, 0, {}, 1000],
    [0, 0, { cashReserveCents: 5050 }, 949],
    [0, 0, { initialMintQuantity: 400 }, 400],
    [0, 0, { quoteFunding: "inventory_then_cash" }, 1000],
    [0, 0, { quoteFunding: "cash" }, 0],
    [5, 5, {}, 0],
    [200, 0, {}, 0],
    [0, 0, { cashReserveCents: 200_000 }, 0],
  ];
  for (const [yes, no, config, pairs] of table) {
    const minted = pairsToMintAtStart(opening([yes, no, 100_000]), marketConfig(config));
    assert.equal(minted, pairs, JSON.stringify(config));
  }
});

Deno.test("L-27: the mint at start spends the market's own cash, not that of the account", () => {
  const minted = (cash: number, leak = 0) => {
    return pairsToMintAtStart(opening([0, 0, cash], { leakCents: cents(leak) }), marketConfig());
  };
  assert.deepEqual([minted(30_099), minted(30_099, 5000), minted(-5)], [300, 250, 0]);
});

Deno.test("mint at start: a few shares that somebody bought by hand are no stock, what is left of a mint is", () => {
  const minted = (mintedPairs: number) =>
    pairsToMintAtStart(
      opening([10, 0, 400_000], { mintedPairs: shares(mintedPairs) }),
      marketConfig(),
    );
  assert.deepEqual([minted(0), minted(1000)], [1000, 0]);
});
