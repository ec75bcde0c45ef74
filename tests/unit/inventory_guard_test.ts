import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import { NO_HOLDINGS } from "../../src/models/inventory.ts";
import { shares } from "../../src/models/money.ts";
import { CALM, evaluateDefense } from "../../src/risk/defense_stack.ts";
import { maxRestingShares, sharesWithinSkew } from "../../src/risk/inventory_guard.ts";
import { marketConfig } from "../support/config.ts";
import { holding } from "../support/risk.ts";

const MODES = ["inventory", "cash", "inventory_then_cash"] as const;
const MARKET = { maxPositionPerUser: shares(25_000) };

type Row = [
  yes: number,
  no: number,
  theta: number,
  floors: readonly number[],
  inventory: number,
  cash: number,
  inventoryThenCash: number,
];

const TABLE: readonly Row[] = [
  [500, 500, 0.6, [0, 400], 375, 1500, 375],
  [500, 500, 0.8, [0, 400], 444, 4000, 444],
  [700, 300, 0.6, [0], 625, 2500, 625],
  [700, 300, 0.6, [400], 640, 2500, 640],
  [300, 700, 0.6, [0, 400], 125, 500, 125],
  [100, 900, 0.8, [0, 400], 0, 0, 0],
  [100, 100, 0.6, [400], 100, 300, 240],
  [40, 120, 0.6, [400], 40, 160, 160],
  [0, 0, 0.6, [400], 0, 240, 240],
];

Deno.test("inventory guard: the table of §13 in all modes, and mirrored for the BID", () => {
  for (const [yes, no, guardTheta, floors, ...expected] of TABLE) {
    for (const skewFloorShares of floors) {
      for (const [index, quoteFunding] of MODES.entries()) {
        const config = marketConfig({ guardTheta, skewFloorShares, quoteFunding });
        const row = `${yes}/${no} theta ${guardTheta} F ${skewFloorShares} ${quoteFunding}`;
        assert.equal(sharesWithinSkew("ASK", holding(yes, no), config), expected[index], row);
        assert.equal(sharesWithinSkew("BID", holding(no, yes), config), expected[index], row);
      }
    }
  }
});

Deno.test("C-54: at the default theta a complete fill reaches ONE_SIDE, not KILL", () => {
  for (const quoteFunding of MODES) {
    const config = marketConfig({ quoteFunding, maxNetShares: 100_000 });
    const start = holding(1000, 1000);
    const filled = sharesWithinSkew("ASK", start, config);
    const left = quoteFunding === "cash"
      ? holding(1000, 1000 + filled)
      : holding(1000 - filled, 1000);
    const skew = (left.yes - left.no) / (left.yes + left.no);
    const { state } = evaluateDefense(CALM, {
      skew,
      riskPnlCents: 0,
      globalDayPnlCents: 0,
      maxDailyLossCents: 10_000,
      equityCents: 100_000,
      marketStatus: "ACTIVE",
      guards: [],
      nowMs: 0,
    }, config);
    assert.equal(state.level, "ONE_SIDE", quoteFunding);
  }
});

/** Limits of an ASK and a BID for holdings. */
function limits(yes: number, no: number, overrides: Partial<MarketConfig>): [number, number] {
  const config = marketConfig({ skewFloorShares: 100_000, ...overrides });
  const holdings = holding(yes, no);
  return [
    maxRestingShares({ side: "ASK", holdings, market: MARKET }, config),
    maxRestingShares({ side: "BID", holdings, market: MARKET }, config),
  ];
}

Deno.test("inventory guard: max_net_shares bounds the net position after the fill", () => {
  const capped = { quoteFunding: "cash", maxNetShares: 300 } as const;
  assert.deepEqual(limits(500, 400, capped), [400, 200]);
  assert.deepEqual(limits(900, 400, capped), [800, 0]);
});

Deno.test("inventory guard: max_net_shares unset is the initial mint", () => {
  const capped = { quoteFunding: "cash", maxNetShares: null, initialMintQuantity: 700 } as const;
  assert.deepEqual(limits(100, 0, capped), [800, 600]);
});

Deno.test("inventory guard: max_resting_per_side bounds each side", () => {
  assert.deepEqual(limits(900, 800, { maxRestingPerSide: 250 }), [250, 250]);
});

Deno.test("inventory guard: cash buys no more than max_inventory_per_side of a contract", () => {
  const capped = { quoteFunding: "cash", maxInventoryPerSide: 500 } as const;
  assert.deepEqual(limits(450, 100, capped), [400, 50]);
  assert.deepEqual(limits(600, 600, capped), [0, 0]);
});

Deno.test("inventory guard: stock is sold whatever max_inventory_per_side says", () => {
  assert.deepEqual(limits(600, 700, { maxInventoryPerSide: 500 }), [600, 700]);
});

Deno.test("inventory guard: after the stock, cash buys as far as there is room", () => {
  const mixed = { quoteFunding: "inventory_then_cash", maxInventoryPerSide: 500 } as const;
  assert.deepEqual(limits(100, 300, mixed), [300, 700]);
});

Deno.test("inventory guard: the market's position limit bounds what cash buys", () => {
  const config = marketConfig({ quoteFunding: "cash" });
  const market = { maxPositionPerUser: shares(30) };
  assert.equal(maxRestingShares({ side: "ASK", holdings: NO_HOLDINGS, market }, config), 30);
});

Deno.test("inventory guard: with nothing held, stock funding rests nothing", () => {
  assert.deepEqual(limits(0, 0, { quoteFunding: "inventory" }), [0, 0]);
});
