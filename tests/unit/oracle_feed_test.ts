import assert from "node:assert/strict";
import { NO_PRICES, OracleFeeds } from "../../src/oracle/oracle_feeds.ts";
import type { PriceSource, SourcedPrice } from "../../src/oracle/price_source.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import type { LoggedEvent } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";

const START_MS = Date.UTC(2026, 0, 5);

/** A feed whose source gives what the test puts into `next`. */
async function openFeed(first: SourcedPrice | Error, settings: { source?: PriceSource } = {}) {
  const clock = new VirtualClock(START_MS);
  const events: LoggedEvent[] = [];
  const stop = new AbortController();
  const feed = { next: first, reads: 0, enabled: true };
  const source: PriceSource = settings.source ?? {
    read: () => {
      feed.reads++;
      return feed.next instanceof Error ? Promise.reject(feed.next) : Promise.resolve(feed.next);
    },
  };
  const feeds = new OracleFeeds(clock, source);
  await feeds.open({
    marketId: "MKT-1",
    get config() {
      return marketConfig({ oracleSlug: "rain", oracleGuardEnabled: feed.enabled });
    },
    nowMs: () => START_MS + clock.monotonicMs(),
    log: recordingLogger(events),
  }, stop.signal);
  const names = () => events.map(({ event }) => event);
  return { clock, feeds, feed, stop, names, view: () => feeds.view("MKT-1") };
}

const at = (priceCents: number, statedAtMs: number | null = null) => ({ priceCents, statedAtMs });

Deno.test("oracle feed: it has read once before the market begins (L-01)", async () => {
  const { view } = await openFeed(at(47));
  assert.equal(view()?.reading?.priceCents, 47);
  assert.equal(view()?.reading?.observedAtMs, START_MS);
});

Deno.test("oracle feed: it reads at its interval, and no more after the signal", async () => {
  const { clock, feed, stop, view } = await openFeed(at(47));
  await clock.advance(15_000);
  assert.equal(feed.reads, 4);
  stop.abort();
  await clock.advance(60_000);
  assert.equal(feed.reads, 4);
  assert.equal(view(), null);
});

Deno.test("oracle feed: three failures, then a success: known at once (L-01)", async () => {
  const { clock, feed, names, view } = await openFeed(new Error("no answer"));
  await clock.advance(10_000);
  assert.deepEqual(view(), { reading: null, problem: "no answer" });
  feed.next = at(47);
  await clock.advance(5000);
  assert.equal(view()?.reading?.priceCents, 47);
  assert.equal(view()?.problem, null);
  assert.deepEqual(names(), ["oracle_failed", "oracle_restored"]);
});

Deno.test("oracle feed: a failure leaves the last reading to grow old", async () => {
  const { clock, feed, view } = await openFeed(at(47));
  feed.next = new Error("status 500");
  await clock.advance(20_000);
  assert.equal(view()?.reading?.observedAtMs, START_MS);
  assert.equal(view()?.problem, "status 500");
});

Deno.test("oracle feed: a stuck source does not look alive, whatever time it states", async () => {
  for (const statedAtMs of [START_MS - 3000, START_MS + 3_600_000]) {
    const { clock, view } = await openFeed(at(47, statedAtMs));
    const first = view()?.reading?.observedAtMs;
    assert.equal(first, Math.min(statedAtMs, START_MS));
    await clock.advance(60_000);
    assert.equal(view()?.reading?.observedAtMs, first);
  }
});

Deno.test("oracle feed: a price that comes too late does not replace a newer one", async () => {
  const { clock, feed, view } = await openFeed(at(47, START_MS - 1000));
  feed.next = at(30, START_MS - 2000);
  await clock.advance(5000);
  assert.equal(view()?.reading?.priceCents, 47);
});

Deno.test("oracle feed: one time in the future does not outdate all that follow", async () => {
  const { clock, feed, view } = await openFeed(at(47, START_MS + 86_400_000));
  feed.next = at(48, START_MS + 4000);
  await clock.advance(5000);
  assert.equal(view()?.reading?.priceCents, 48);
  assert.equal(view()?.reading?.observedAtMs, START_MS + 4000);
});

Deno.test("oracle feed: a jump of the wall clock makes no price old (L-71)", async () => {
  const { clock, view } = await openFeed(at(47, START_MS - 1000));
  clock.jumpWallClock(3_600_000);
  assert.equal(view()?.reading?.observedAtMs, START_MS - 1000);
});

Deno.test("oracle feed: while the guard is off nothing is read", async () => {
  const { clock, feed } = await openFeed(at(47));
  feed.enabled = false;
  await clock.advance(60_000);
  assert.equal(feed.reads, 1);
  feed.enabled = true;
  await clock.advance(5000);
  assert.equal(feed.reads, 2);
});

Deno.test("oracle feed: without a source the problem says so", async () => {
  const { view } = await openFeed(at(47), { source: NO_PRICES });
  assert.match(view()?.problem ?? "", /no source .* is connected/);
});

Deno.test("oracle feed: each market has its own, and one that nobody opened has none (L-47)", async () => {
  const { feeds } = await openFeed(at(47));
  assert.equal(feeds.view("MKT-2"), null);
});
