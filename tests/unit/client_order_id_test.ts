import assert from "node:assert/strict";
import {
  clientOrderId,
  clientOrderIds,
  isOwnClientOrderId,
} from "../../src/execution/client_order_id.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

const AT_MS = 1_760_000_000_000;

Deno.test("clientOrderId: names market, contract, direction, time and number", () => {
  const id = clientOrderId({
    marketId: "MKT-1",
    contract: "YES",
    direction: "SELL",
    atMs: AT_MS,
    sequence: 7,
  });
  assert.equal(id, "amm_MKT-1_YES_SELL_1760000000000_7");
});

for (const length of [29, 30, 31, 36, 64, 200]) {
  Deno.test(`clientOrderId: at most 64 characters for a market id of ${length}`, () => {
    const id = clientOrderId({
      marketId: "m".repeat(length),
      contract: "YES",
      direction: "SELL",
      atMs: 9_999_999_999_999,
      sequence: 123_999_999,
    });
    assert.ok(id.length <= 64, `${id.length}: ${id}`);
    assert.match(id, /^amm_[A-Za-z0-9_-]+_YES_SELL_9999999999999_999999$/);
  });
}

Deno.test("clientOrderId: long market ids with the same beginning stay apart", () => {
  const name = (last: string) =>
    clientOrderId({
      marketId: "m".repeat(40) + last,
      contract: "NO",
      direction: "BUY",
      atMs: AT_MS,
      sequence: 0,
    });
  assert.notEqual(name("a"), name("b"));
});

Deno.test("clientOrderIds: every id is new, also within one millisecond", () => {
  const next = clientOrderIds("MKT-1", new VirtualClock(AT_MS));
  const ids = Array.from({ length: 100 }, () => next("YES", "SELL"));
  assert.equal(new Set(ids).size, 100);
});

Deno.test("clientOrderIds: numbers that start elsewhere never meet those of another process", () => {
  const clock = new VirtualClock(AT_MS);
  const [a, b] = [clientOrderIds("MKT-1", clock, 999_999), clientOrderIds("MKT-1", clock, 5)];
  const ids = [a, b].flatMap((next) => [next("YES", "SELL"), next("YES", "SELL")]);
  assert.equal(new Set(ids).size, 4);
  assert.deepEqual(ids.map((id) => id.split("_").at(-1)), ["999999", "0", "5", "6"]);
});

for (
  const [id, own] of [
    ["amm_MKT-1_YES_SELL_1760000000000_7", true],
    ["manual-1", false],
    ["AMM_MKT-1_YES_SELL_1760000000000_7", false],
    ["my_amm_order", false],
    ["", false],
  ] as const
) {
  Deno.test(`isOwnClientOrderId: ${JSON.stringify(id)} is ${own ? "ours" : "not ours"}`, () => {
    assert.equal(isOwnClientOrderId(id), own);
  });
}
