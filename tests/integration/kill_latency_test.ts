import assert from "node:assert/strict";
import type { Service } from "../../src/service/service_api.ts";
import { ADMIN, siteOf } from "../support/site.ts";
import { TestVenue } from "../support/venue.ts";

/** Markets that run, and the longest time from the request to the last cancel sent. */
const MARKETS = 50;
const LIMIT_MS = 200;
/** From each call to its answer. */
const LATENCY_MS = 40;

Deno.test("kill: with 50 markets running the last cancel is sent within 200 ms of the request", async () => {
  const markets = Array.from({ length: MARKETS }, (_, index) => ({ marketId: `MKT-${index + 1}` }));
  const venue = new TestVenue({
    markets,
    global: { queryRateLimit: 100_000, orderOpsPerMinute: 100_000 },
  });
  const { service } = venue;
  const asked = { atMs: NaN };
  const measured: Service = {
    start: () => service.start(),
    stop: (reason) => service.stop(reason),
    status: () => service.status(),
    failed: service.failed,
    explanations: (marketId) => service.explanations(marketId),
    preview: (marketId, config) => service.preview(marketId, config),
    closeUp: (marketId) => service.closeUp(marketId),
    onCycle: (listener) => service.onCycle(listener),
    // What comes before is work of this process: it takes real time and no virtual one.
    admin: (target, command) => {
      asked.atMs = venue.clock.monotonicMs();
      return service.admin(target, command);
    },
  };
  const { app } = siteOf(measured, { clock: venue.clock, hub: venue.hub, markets: MARKETS });
  await venue.start(30);
  venue.intercept = () => ({ kind: "delay", ms: LATENCY_MS });
  const sentMs: number[] = [];
  const cpuMs: number[] = [];
  for (let index = 1; index <= 10; index++) {
    // The turns of the market are met at ever other places.
    await venue.clock.advance(137 * index);
    const marketId = `MKT-${index}`;
    const resting = venue.ownOrders(marketId).length;
    assert.ok(resting > 0, marketId);
    const fromMs = venue.clock.monotonicMs();
    const timer = performance.now();
    venue.calls.length = 0;
    const killing = app.request(`/api/markets/${marketId}/kill`, {
      method: "POST",
      headers: ADMIN,
      body: JSON.stringify({ reason: "drill" }),
    });
    let lastSentMs = NaN;
    let seen = 0;
    await venue.clock.runUntil(() => {
      for (const call of venue.calls.splice(0)) {
        if (!call.startsWith("cancel")) continue;
        lastSentMs = venue.clock.monotonicMs() - asked.atMs;
        seen++;
      }
      return venue.ownOrders(marketId).length === 0;
    }, fromMs + 5000);
    cpuMs.push(performance.now() - timer);
    const { cancelled, verified } = await (await venue.clock.resolve(Promise.resolve(killing)))
      .json();
    assert.deepEqual([cancelled, verified], [resting, true], marketId);
    assert.ok(seen > 0);
    sentMs.push(lastSentMs);
  }
  // Waiting for the venue is virtual time, work of this process real time: both count. Other
  // programs may disturb the real time of single kills.
  const typicalCpuMs = cpuMs.toSorted((a, b) => a - b)[cpuMs.length >> 1] ?? Infinity;
  assert.ok(Math.max(...sentMs) + typicalCpuMs < LIMIT_MS, JSON.stringify({ sentMs, cpuMs }));
  await venue.stop();
});
