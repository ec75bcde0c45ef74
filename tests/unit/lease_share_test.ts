import assert from "node:assert/strict";
import { fairShare, marketToHandOver, tryingOrder } from "../../src/lifecycle/lease_share.ts";

Deno.test("lease share: the markets are shared equally, rounded up, up to what one may work", () => {
  const share = (markets: number, instances: number, maxMarkets = 50) =>
    fairShare({ markets, instances, maxMarkets });
  assert.deepEqual([share(30, 1), share(30, 3), share(31, 3), share(2, 3)], [30, 10, 11, 1]);
  assert.equal(share(30, 3, 4), 4);
  assert.equal(share(30, 0), 30, "a list that cannot be right counts as this process alone");
});

Deno.test("lease share: every process tries all markets, each in an order of its own that never changes", () => {
  const markets = Array.from({ length: 30 }, (_, index) => `MKT-${index}`);
  const [a, again, b] = [
    tryingOrder(markets, "a"),
    tryingOrder(markets, "a"),
    tryingOrder(markets, "b"),
  ];
  assert.deepEqual(a, again);
  assert.notDeepEqual(a, b);
  assert.deepEqual([...a].sort(), [...markets].sort());
  const sharedFirst = a.slice(0, 10).filter((marketId) => b.slice(0, 10).includes(marketId));
  assert.ok(sharedFirst.length < 8, "two processes begin with different markets");
});

Deno.test("lease share: the market that is wanted least is handed over, one at a time", () => {
  const held = ["M1", "M2", "M3"];
  const input = { held, share: 2, othersHold: [1], unheld: 0 };
  assert.equal(marketToHandOver(input), "M3");
  assert.equal(marketToHandOver({ ...input, share: 3 }), null, "it has no more than its share");
  assert.equal(marketToHandOver({ ...input, othersHold: [2, 2] }), null, "nobody has too few");
  assert.equal(marketToHandOver({ ...input, othersHold: [] }), null, "nobody else lives");
  assert.equal(marketToHandOver({ ...input, unheld: 1 }), null, "the last one is not taken yet");
});
