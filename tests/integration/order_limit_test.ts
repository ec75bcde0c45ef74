import assert from "node:assert/strict";
import { seededRandom } from "../../src/runtime/random.ts";
import { openStreet, watchQuotes } from "../support/street.ts";
import { MARKET, TestVenue, type VenueOptions } from "../support/venue.ts";

/** Order calls, cancels included, that the venue takes from a user in a minute. */
const PER_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Calls that the venue counts as order calls. */
function isOrderCall(call: string): boolean {
  return /^(place|cancel|mint|burn|batchCancel)/.test(call);
}

/** An hour of random trading at a venue with a limit, and at its end a kill in a busy moment. */
async function anHour(seed: number, options: VenueOptions) {
  const venue = new TestVenue({
    wire: "http",
    limits: { ordersPerMinute: PER_MINUTE },
    ...options,
  });
  const { clock } = venue;
  // The bot decides at the moment of its last look: nothing takes time here but waiting.
  let lookedAtMs = 0;
  let longestWaitMs = 0;
  let mostTied = 0;
  const sentAtMs: number[] = [];
  venue.intercept = (call) => {
    const nowMs = clock.monotonicMs();
    if (call.startsWith("openOrders")) lookedAtMs = nowMs;
    if (call.startsWith("cancel ")) longestWaitMs = Math.max(longestWaitMs, nowMs - lookedAtMs);
    if (isOrderCall(call)) sentAtMs.push(nowMs);
    if (call.startsWith("place")) {
      const sent = sentAtMs.filter((atMs) => atMs > nowMs - MINUTE_MS).length;
      mostTied = Math.max(mostTied, sent + venue.ownOrders().length + 1);
    }
    return undefined;
  };
  const street = openStreet({
    venue,
    random: seededRandom(seed),
    path: { start: 50, diffusion: "logit", logit_volatility: 0.2 },
    traders: [
      { kind: "noise", rate_per_hour: 240, size: 10 },
      { kind: "informed", rate_per_hour: 30, size: 10 },
    ],
  });
  await venue.start(0);
  const uptime = watchQuotes(venue);
  street.start();
  await venue.run(3600);
  const twoSided = uptime.resting();
  const open = venue.ownOrders().length;
  const killedAtMs = clock.monotonicMs();
  venue.service.admin(MARKET, { kind: "kill", operator: "op", reason: "a busy moment" });
  await clock.runUntil(() => venue.ownOrders().length === 0, killedAtMs + 10_000);
  const cancelledMs = clock.monotonicMs() - killedAtMs;
  street.stop();
  const refusedAtMs = venue.answers.filter(({ status }) => status === 429).map((c) => c.atMs);
  await venue.stop();
  return { twoSided, longestWaitMs, mostTied, open, cancelledMs, refusedAtMs, sentAtMs, venue };
}

/** The most calls in any minute. */
function busiestMinute(sentAtMs: readonly number[]): number {
  const from = (startMs: number) =>
    sentAtMs.filter((atMs) => atMs >= startMs && atMs < startMs + MINUTE_MS).length;
  return Math.max(...sentAtMs.map(from));
}

for (const [quoteFunding, seed] of [["inventory", 1], ["cash", 2]] as const) {
  Deno.test(`30 order calls a minute, ${quoteFunding}: never a 429, no cancel waits, two-sided all the same`, async () => {
    const hour = await anHour(seed, {
      global: { orderOpsPerMinute: PER_MINUTE },
      markets: [{ marketId: MARKET, quoteFunding, initialFundingCents: 100_000 }],
    });
    assert.deepEqual(hour.refusedAtMs, []);
    assert.ok(hour.longestWaitMs <= 1000, `a cancel waited ${hour.longestWaitMs} ms`);
    assert.ok(hour.twoSided > 0.9, `two-sided ${hour.twoSided}`);
    assert.ok(busiestMinute(hour.sentAtMs) <= PER_MINUTE, `${busiestMinute(hour.sentAtMs)} calls`);
    assert.ok(hour.sentAtMs.length > 5 * 60, "it was in need of calls");
    assert.ok(hour.mostTied <= PER_MINUTE, `${hour.mostTied}: a kill might have had to wait`);
    assert.ok(hour.open >= 6, `${hour.open} orders were killed`);
    assert.ok(hour.cancelledMs <= 1000, `the kill took ${hour.cancelledMs} ms`);
    assert.ok(hour.venue.report().ownTrades > 50);
  });
}

Deno.test("30 order calls a minute: a bot that was told 600 learns it from the first answer", async () => {
  const hour = await anHour(3, { global: { orderOpsPerMinute: 600 } });
  assert.deepEqual(hour.refusedAtMs, []);
  assert.ok(hour.longestWaitMs <= 1000, `a cancel waited ${hour.longestWaitMs} ms`);
  assert.ok(hour.twoSided > 0.9, `two-sided ${hour.twoSided}`);
  assert.ok(busiestMinute(hour.sentAtMs) <= PER_MINUTE, `${busiestMinute(hour.sentAtMs)} calls`);
  assert.ok(hour.cancelledMs <= 1000, `the kill took ${hour.cancelledMs} ms`);
});

Deno.test("30 order calls a minute: a bot that was told 600 and hears of no limit learns from the first 429", async () => {
  const hour = await anHour(4, { global: { orderOpsPerMinute: 600 }, silentLimits: true });
  const [first = 0, ...later] = hour.refusedAtMs;
  assert.ok(first > 0, "there was one to learn from");
  assert.ok(later.every((atMs) => atMs < first + MINUTE_MS), `${hour.refusedAtMs}`);
  assert.ok(later.length < 5, `${later.length} more`);
  assert.ok(hour.twoSided > 0.9, `two-sided ${hour.twoSided}`);
  const learned = hour.sentAtMs.filter((atMs) => atMs > first + MINUTE_MS);
  assert.ok(busiestMinute(learned) <= PER_MINUTE, `${busiestMinute(learned)} calls`);
  assert.ok(hour.cancelledMs <= 1000, `the kill took ${hour.cancelledMs} ms`);
});
