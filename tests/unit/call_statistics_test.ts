import assert from "node:assert/strict";
import { CallBoard, type CallRecord } from "../../src/connector/call_statistics.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

const WINDOW_MS = 60_000;

function board() {
  const clock = new VirtualClock(0);
  const calls = new CallBoard(clock);
  return {
    clock,
    calls,
    record: (record: Partial<CallRecord>) =>
      calls.record({ call: "orderBook", marketId: "A", ms: 10, end: "ok", ...record }),
    health: (marketId: string) => calls.of(marketId).health(clock.monotonicMs(), WINDOW_MS),
  };
}

Deno.test("call statistics: a call of the account counts for every market, one of a market for it alone", () => {
  const { calls, record, health } = board();
  for (const marketId of ["A", "B"]) calls.of(marketId);
  record({});
  record({ marketId: null, end: "failed" });
  assert.deepEqual(health("A"), { calls: 2, failed: 1, medianLatencyMs: 10 });
  assert.deepEqual(health("B"), { calls: 1, failed: 1, medianLatencyMs: null });
});

Deno.test("call statistics: a market does not answer for calls of the account before it was worked", () => {
  const { record, health } = board();
  record({ marketId: null, end: "failed", ms: 99 });
  record({ marketId: null, ms: 50 });
  assert.deepEqual(health("A"), { calls: 0, failed: 0, medianLatencyMs: null });
  record({ marketId: null, ms: 20 });
  assert.deepEqual(health("A"), { calls: 1, failed: 0, medianLatencyMs: 20 });
});

Deno.test("call statistics: what is older than the window does not count, but its latency does", async () => {
  const { clock, calls, record, health } = board();
  calls.of("A");
  record({ end: "failed" });
  record({ marketId: null, end: "failed" });
  record({ ms: 30 });
  await clock.advance(WINDOW_MS);
  record({ end: "refused" });
  assert.deepEqual(health("A"), { calls: 4, failed: 2, medianLatencyMs: 30 });
  await clock.advance(1);
  assert.deepEqual(health("A"), { calls: 1, failed: 0, medianLatencyMs: 30 });
});

Deno.test("call statistics: the latency is the median of the last 20 good calls, of the market and the account", () => {
  const { calls, record, health } = board();
  calls.of("A");
  for (let ms = 1; ms <= 15; ms++) record({ ms: 1000 });
  for (let ms = 1; ms <= 20; ms++) record({ ms, marketId: ms % 2 === 0 ? null : "A" });
  record({ ms: 1000, end: "failed" });
  record({ ms: 1000, marketId: "B" });
  assert.equal(health("A").medianLatencyMs, 10.5);
  record({ ms: 1000, marketId: null });
  assert.equal(health("A").medianLatencyMs, 11.5);
});

Deno.test("call statistics: everybody who listens hears of every call", () => {
  const { calls, record } = board();
  const heard: string[] = [];
  calls.onCall(({ call }) => heard.push(call));
  record({ call: "trades", marketId: null });
  record({ call: "market" });
  assert.deepEqual(heard, ["trades", "market"]);
});
