import assert from "node:assert/strict";
import { price } from "../../src/models/money.ts";
import { feeFloorCents } from "../../src/risk/fee_floor.ts";
import { quoteTouch } from "../../src/strategy/as_engine.ts";
import { marketConfig } from "../support/config.ts";
import { touchInput } from "../support/touch.ts";

const MODES = ["inventory", "cash", "inventory_then_cash"] as const;

/** The floor at a touch, with the default edge of half a cent. */
function floorAt(
  ask: number,
  bid: number,
  { bps, quantity, mode = "inventory" }: {
    bps: number;
    quantity: number;
    mode?: (typeof MODES)[number];
  },
): number {
  const config = marketConfig({ quoteFunding: mode, expectedFillQty: quantity });
  return feeFloorCents({ ask: price(ask), bid: price(bid), makerFeeBps: bps }, config);
}

Deno.test("fee floor: the table of §12 at contract prices of 50, in every funding mode", () => {
  const table: [bps: number, floors: [quantity: number, floor: string][]][] = [
    [10, [[1, "2.50"], [10, "0.70"], [50, "0.62"], [100, "0.60"]]],
    [100, [[1, "2.50"], [10, "1.50"], [50, "1.50"], [100, "1.50"]]],
  ];
  for (const [bps, floors] of table) {
    for (const [quantity, floor] of floors) {
      for (const mode of MODES) {
        assert.equal(floorAt(50, 50, { bps, quantity, mode }).toFixed(2), floor, `${bps} ${mode}`);
      }
    }
  }
});

Deno.test("C-28: the fee follows the price of the contract that is traded", () => {
  const fee = { bps: 1000, quantity: 10 };
  // Stock: SELL YES at 92 and SELL NO at 12. Cash: BUY NO at 8 and BUY YES at 88.
  assert.equal(floorAt(92, 88, { ...fee, mode: "inventory" }).toFixed(2), "10.90");
  assert.equal(floorAt(92, 88, { ...fee, mode: "cash" }).toFixed(2), "10.10");
  assert.equal(floorAt(92, 88, { ...fee, mode: "inventory_then_cash" }).toFixed(2), "18.50");
});

Deno.test("fee floor: without a fee only the edge is left", () => {
  assert.equal(floorAt(52, 48, { bps: 0, quantity: 10 }), 0.5);
});

Deno.test("fee floor: a fill of the expected size earns at least the edge at the floor", () => {
  const config = marketConfig({
    stabilizationMinSpreadCents: 1,
    spreadMinCents: 1,
    minEdgeCents: 1,
  });
  const plain = quoteTouch(touchInput(), config);
  const floor = feeFloorCents({ ...plain, makerFeeBps: 500 }, config);
  const { ask, bid } = quoteTouch(touchInput({ feeFloorCents: floor }), config);
  const fees = (contractPrice: number) => Math.ceil(contractPrice * 10 * 0.05);
  const earned = 10 * (ask - bid) - fees(ask) - fees(100 - bid);
  assert.ok(earned >= 10 * config.minEdgeCents, `${earned} cents`);
  assert.ok(10 * (plain.ask - plain.bid) - fees(plain.ask) - fees(100 - plain.bid) < 10);
});
