import { deepEqual, equal, ok } from "node:assert/strict";
import { MARKET, TestVenue } from "../support/venue.ts";

const INTERVAL_MS = 2000;
const EIGHT = Array.from({ length: 8 }, (_, index) => ({ marketId: `MKT-${index + 1}` }));

/** The ends of the cycles of each market, from now on. */
function watchCycles(venue: TestVenue): ReadonlyMap<string, number[]> {
  const times = new Map(EIGHT.map(({ marketId }) => [marketId, [] as number[]]));
  venue.service.onCycle(({ marketId }) => times.get(marketId)?.push(venue.clock.monotonicMs()));
  return times;
}

Deno.test("cycle slots: eight markets begin four at a time, half an interval apart, and stay so", async () => {
  const venue = new TestVenue({ markets: EIGHT });
  const times = watchCycles(venue);
  await venue.start(600);
  const phases = [...times.values()].map((ends) => (ends.at(-1) ?? NaN) % INTERVAL_MS);
  deepEqual(phases, [0, 0, 0, 0, 1000, 1000, 1000, 1000]);
  for (const ends of times.values()) {
    ok(ends.length >= 299, `${ends.length} cycles`);
    const pauses = ends.slice(1).map((endMs, index) => endMs - (ends[index] ?? NaN));
    deepEqual(new Set(pauses), new Set([INTERVAL_MS]));
  }
  await venue.stop();
});

Deno.test("cycle slots: a market that an operator wakes has its cycle at once, and is back after twenty", async () => {
  const venue = new TestVenue({ markets: EIGHT });
  const times = watchCycles(venue);
  await venue.start(20.3);
  const ends = times.get(MARKET) ?? [];
  const wokenMs = venue.clock.monotonicMs();
  ok(wokenMs % INTERVAL_MS > 100, "between two slots");
  void venue.service.admin(MARKET, { kind: "pause", operator: "op", reason: "to wake it" });
  await venue.run(0);
  equal(ends.at(-1), wokenMs, "the slot is not waited for");
  await venue.run(41);
  equal((ends.at(-1) ?? NaN) % INTERVAL_MS, 0);
  const pauses = ends.slice(1).map((endMs, index) => endMs - (ends[index] ?? NaN));
  ok(Math.max(...pauses) <= INTERVAL_MS, "no market waits for longer than its interval");
  await venue.stop();
});
