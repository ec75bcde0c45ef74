/** A fault of a test means the same to the bot, whichever way it reaches the exchange. */

import assert from "node:assert/strict";
import { AMM_USER_ID, FakeExchange, type Fault } from "../../sim/exchange/mod.ts";
import { connectorOver, type Wire, WIRES } from "../../sim/wire.ts";
import { VenueCode } from "../../src/connector/connector.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { price, shares } from "../../src/models/money.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { processConfig } from "../support/process_config.ts";

/** Places an order while something goes wrong; what the bot hears, when, and what rests then. */
async function place(wire: Wire, fault: Fault | undefined) {
  const clock = new VirtualClock(0);
  const exchange = new FakeExchange({ clock });
  exchange.control.createUser({ userId: AMM_USER_ID, cashCents: 10_000 });
  exchange.control.createMarket({ marketId: "MKT-1" });
  const { global } = processConfig();
  const connector = connectorOver(wire, {
    exchange,
    clock,
    global,
    rateBudget: new RateBudget({ clock, ...global }),
    random: seededRandom(1),
    log: silentLogger,
    intercept: (call) => call === "place MKT-1" ? fault : undefined,
  });
  const { kind, ...outcome } = await clock.resolve(connector.place({
    clientOrderId: "order-1",
    marketId: "MKT-1",
    contract: "YES",
    direction: "BUY",
    contractPrice: price(40),
    quantity: shares(10),
    timeInForce: "GTC",
  }));
  const resting = exchange.openOrders(AMM_USER_ID, "MKT-1").length;
  const code = "code" in outcome ? outcome.code : 0;
  return { kind, code, afterMs: clock.monotonicMs(), resting };
}

const CASES: readonly (readonly [string, Fault | undefined, object])[] = [
  ["no fault", undefined, { kind: "accepted", code: 0, afterMs: 0, resting: 1 }],
  [
    "a delay",
    { kind: "delay", ms: 700 },
    { kind: "accepted", code: 0, afterMs: 700, resting: 1 },
  ],
  [
    "a refusal",
    { kind: "refuse", code: VenueCode.INSUFFICIENT_BALANCE },
    { kind: "rejected", code: VenueCode.INSUFFICIENT_BALANCE, afterMs: 0, resting: 0 },
  ],
  [
    "a lost request",
    { kind: "lose", effect: false },
    { kind: "unknown", code: 0, afterMs: 0, resting: 0 },
  ],
  [
    "a lost answer",
    { kind: "lose", effect: true },
    { kind: "unknown", code: 0, afterMs: 0, resting: 1 },
  ],
  [
    "a request that hangs",
    { kind: "hang", effect: false },
    { kind: "unknown", code: 0, afterMs: 10_000, resting: 0 },
  ],
  [
    "an answer that hangs",
    { kind: "hang", effect: true },
    { kind: "unknown", code: 0, afterMs: 10_000, resting: 1 },
  ],
  ["a garbled answer", { kind: "garble" }, { kind: "unknown", code: 0, afterMs: 0, resting: 1 }],
];

for (const [name, fault, expected] of CASES) {
  for (const wire of WIRES) {
    Deno.test(`wires: ${name} is to the bot what it is meant to be [${wire}]`, async () => {
      assert.deepEqual(await place(wire, fault), expected);
    });
  }
}
