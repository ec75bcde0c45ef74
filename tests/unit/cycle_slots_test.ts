import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { pauseMs, slotOf, timeToSlotMs } from "../../src/lifecycle/cycle_slots.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { sleep } from "../../src/runtime/clock.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

const INTERVAL_MS = 2000;

function mustHaveSlot(index: number, markets: number): number {
  const slot = slotOf(index, markets);
  ok(slot !== null, `no slot among ${markets}`);
  return slot;
}

/** Begins of the cycles of a market whose first one begins at once. */
async function begins(
  { market, cycleMs, untilMs, startMs = 0 }: {
    readonly market: { readonly index: number; readonly markets: number };
    /** How long the cycle takes that begins at this time. */
    readonly cycleMs: (atMs: number) => number;
    readonly untilMs: number;
    readonly startMs?: number;
  },
): Promise<readonly number[]> {
  const clock = new VirtualClock(0);
  await clock.advance(startMs);
  const slot = mustHaveSlot(market.index, market.markets);
  const times: number[] = [];
  void (async () => {
    while (clock.monotonicMs() < untilMs) {
      times.push(clock.monotonicMs());
      await sleep(clock, cycleMs(clock.monotonicMs()));
      await sleep(clock, pauseMs({ nowMs: clock.monotonicMs(), intervalMs: INTERVAL_MS, slot }));
    }
  })();
  await clock.advance(untilMs);
  return times;
}

Deno.test("at most four markets have the same slot, and the slots are spread evenly", () => {
  for (const markets of [5, 10, 50, 51, 500]) {
    const slots = Array.from({ length: markets }, (_, index) => mustHaveSlot(index, markets));
    const sizes = [...Map.groupBy(slots, (slot) => slot).values()].map(({ length }) => length);
    ok(Math.max(...sizes) <= 4, `${markets} markets`);
    const different = [...new Set(slots)];
    equal(different.length, Math.ceil(markets / 4));
    for (const [place, slot] of different.entries()) {
      ok(Math.abs(slot - place / different.length) < 1e-12, `${markets} markets, ${slot}`);
    }
  }
});

Deno.test("up to four markets have no slots, nor have more than five hundred", () => {
  for (const markets of [1, 2, 3, 4, 501, 2000]) equal(slotOf(markets - 1, markets), null);
});

Deno.test("markets begin in their slots within one interval, and stay there without drift", async () => {
  for (const index of [0, 13, 49]) {
    const slot = mustHaveSlot(index, 50);
    const nowMs = 777.7;
    const startMs = nowMs + timeToSlotMs({ nowMs, intervalMs: INTERVAL_MS, slot });
    ok(startMs < nowMs + INTERVAL_MS + 1);
    const market = { index, markets: 50 };
    let count = 0;
    const cycleMs = () => 3 + (count++ % 7) * 10.3;
    const times = await begins({ market, cycleMs, startMs, untilMs: HOUR_MS });
    ok(times.length >= HOUR_MS / INTERVAL_MS - 1);
    for (const timeMs of times) {
      const lateMs = (timeMs - Math.round(slot * INTERVAL_MS)) % INTERVAL_MS;
      ok(lateMs >= 0 && lateMs <= 2, `${index}: ${lateMs} ms after its slot`);
    }
  }
});

Deno.test("a market that was woken between slots is back in its slot after twenty cycles", async () => {
  for (const startMs of [1, 99, 500, 1000, 1999.9]) {
    const market = { index: 0, markets: 8 };
    const times = await begins({ market, cycleMs: () => 5, startMs, untilMs: 60_000 });
    const back = times.findIndex((timeMs) => timeMs % INTERVAL_MS < 1);
    ok(back >= 0 && back <= 20, `${startMs}: after ${back} cycles`);
    ok(times.slice(back).every((timeMs) => timeMs % INTERVAL_MS < 1), `${startMs}: stays`);
  }
});

Deno.test("markets that were all woken at the same moment go apart again", async () => {
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => {
    const market = { index, markets: 20 };
    return begins({ market, cycleMs: () => 5, startMs: 10_000, untilMs: 60_000 });
  }));
  const last = all.map((times) => Math.floor(times.at(-1) ?? NaN));
  const sizes = [...Map.groupBy(last, (timeMs) => timeMs).values()].map(({ length }) => length);
  equal(Math.max(...sizes), 4);
});

Deno.test("no market pauses for longer than its interval, or for less than 95 % of it", () => {
  const timing = fc.record({
    nowMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    intervalMs: fc.integer({ min: 1000, max: 10_000 }),
    index: fc.integer({ min: 0, max: 250 }),
    more: fc.integer({ min: 5, max: 250 }),
  });
  fc.assert(fc.property(timing, ({ nowMs, intervalMs, index, more }) => {
    const pause = pauseMs({ nowMs, intervalMs, slot: mustHaveSlot(index, index + more) });
    ok(pause <= intervalMs && pause >= 0.95 * intervalMs, `${pause}`);
  }));
});
