import assert from "node:assert/strict";
import {
  extremePriceSide,
  hasApiErrors,
  hasBookFailures,
  hasFailures,
  isLatencySustained,
  isStale,
  slowSince,
} from "../../src/risk/pause_detectors.ts";
import {
  evaluatePauses,
  fullPauses,
  NOT_PAUSED,
  type PauseConditions,
  pauseReasons,
  type PauseState,
} from "../../src/risk/pauses.ts";
import {
  hasJumped,
  NO_PRICE_SEEN,
  observePrice,
  type PriceWindow,
} from "../../src/risk/price_jump.ts";
import { marketConfig } from "../support/config.ts";

const CONFIG = marketConfig({ defenseCooldownCycles: 3 });
const QUIET: PauseConditions = { raised: [], extremeSide: null, cleanReconciliation: false };

/** The state after one cycle for each of the conditions. */
function after(state: PauseState, ...cycles: Partial<PauseConditions>[]): PauseState {
  return cycles.reduce<PauseState>(
    (next, conditions) => evaluatePauses(next, { ...QUIET, ...conditions }, CONFIG),
    state,
  );
}

const clears: PauseConditions["raised"] = [
  "PRICE_JUMP",
  "API_ERRORS",
  "LATENCY",
  "BOOK_FAILURES",
  "STALE_DATA",
  "ORACLE_DEVIATION",
];

for (const reason of clears) {
  Deno.test(`pauses: ${reason} ends after defense_cooldown_cycles calm cycles in a row`, () => {
    const paused = after(NOT_PAUSED, { raised: [reason] });
    assert.deepEqual(fullPauses(paused), [reason]);
    assert.deepEqual(fullPauses(after(paused, {}, {})), [reason]);
    assert.deepEqual(fullPauses(after(paused, {}, {}, { raised: [reason] }, {}, {})), [reason]);
    assert.deepEqual(after(paused, {}, {}, {}), NOT_PAUSED);
  });
}

const needsReconciliation: PauseConditions["raised"] = ["FAILURES", "DRIFT", "STOCK_INVARIANT"];

for (const reason of needsReconciliation) {
  Deno.test(`pauses: ${reason} ends with a clean reconciliation and not by waiting`, () => {
    const paused = after(NOT_PAUSED, { raised: [reason] });
    const waited = after(paused, ...Array<Partial<PauseConditions>>(20).fill({}));
    assert.deepEqual(pauseReasons(waited), [reason]);
    assert.deepEqual(after(waited, { cleanReconciliation: true }), NOT_PAUSED);
  });

  Deno.test(`pauses: ${reason} lasts at least one cycle after the one that raised it`, () => {
    const paused = after(NOT_PAUSED, { raised: [reason], cleanReconciliation: true });
    assert.deepEqual(pauseReasons(paused), [reason]);
  });
}

Deno.test("pauses: reasons run side by side, each with its own count", () => {
  const paused = after(NOT_PAUSED, { raised: ["LATENCY", "DRIFT"] }, { raised: ["LATENCY"] });
  assert.deepEqual(pauseReasons(paused), ["LATENCY", "DRIFT"]);
  assert.deepEqual(pauseReasons(after(paused, {}, {}, {})), ["DRIFT"]);
});

Deno.test("C-56: EXTREME_PRICE withdraws one side and is no full pause", () => {
  const paused = after(NOT_PAUSED, { extremeSide: "BID" });
  assert.equal(paused.extremeSide, "BID");
  assert.deepEqual(pauseReasons(paused), ["EXTREME_PRICE"]);
  assert.deepEqual(fullPauses(paused), []);
});

Deno.test("C-56: the withdrawn side comes back after the calm cycles", () => {
  const paused = after(NOT_PAUSED, { extremeSide: "ASK" });
  assert.equal(after(paused, {}, {}).extremeSide, "ASK");
  assert.deepEqual(after(paused, {}, {}, {}), NOT_PAUSED);
});

Deno.test("pauses: a state is plain data and survives JSON", () => {
  const paused = after(NOT_PAUSED, { raised: ["DRIFT"], extremeSide: "BID" }, {});
  assert.deepEqual(JSON.parse(JSON.stringify(paused)), paused);
});

Deno.test("C-16, C-56: no BID at 2 cents and below, no ASK at 98 and above", () => {
  const sides = [1, 2, 2.01, 50, 97.99, 98, 99].map((fairCents) =>
    extremePriceSide(fairCents, marketConfig())
  );
  assert.deepEqual(sides, ["BID", "BID", null, null, null, "ASK", "ASK"]);
});

Deno.test("C-16: extreme_price_pause_cents 0 is off", () => {
  const off = marketConfig({ extremePricePauseCents: 0 });
  assert.equal(extremePriceSide(1, off), null);
  assert.equal(extremePriceSide(99, off), null);
});

Deno.test("API_ERRORS: judged from ten calls on, above a tenth of failures", () => {
  const table: [calls: number, failed: number, paused: boolean][] = [
    [9, 9, false],
    [10, 1, false],
    [10, 2, true],
    [100, 10, false],
    [100, 11, true],
    [0, 0, false],
  ];
  for (const [calls, failed, paused] of table) {
    assert.equal(hasApiErrors({ calls, failed }, marketConfig()), paused, `${failed} of ${calls}`);
  }
});

Deno.test("C-48: latency pauses only after it was too high for 30 s without a break", () => {
  const config = marketConfig();
  const medians: [atMs: number, medianMs: number | null, paused: boolean][] = [
    [0, 2000, false],
    [1000, 2001, false],
    [30_999, 2500, false],
    [31_000, 2500, true],
    [32_000, 1999, false],
    [33_000, 2500, false],
    [62_999, 2500, false],
  ];
  let since: number | null = null;
  for (const [atMs, medianMs, paused] of medians) {
    since = slowSince(since, medianMs, atMs, config);
    assert.equal(isLatencySustained(since, atMs, config), paused, `at ${atMs}`);
  }
});

Deno.test("LATENCY: no answer at all does not end the count", () => {
  const since = slowSince(slowSince(null, 5000, 0, marketConfig()), null, 20_000, marketConfig());
  assert.equal(isLatencySustained(since, 30_000, marketConfig()), true);
});

Deno.test("STALE_DATA: a sync may be 10 s or five quote intervals old, whichever is more", () => {
  const limits = { reconciliationIntervalMs: 300_000 };
  const fresh = { malformedReply: false, unconfirmedMs: null };
  const short = { ...limits, quoteIntervalMs: 1000 };
  const long = { ...limits, quoteIntervalMs: 5000 };
  assert.equal(isStale({ ...fresh, syncAgeMs: 10_000 }, short), false);
  assert.equal(isStale({ ...fresh, syncAgeMs: 10_001 }, short), true);
  assert.equal(isStale({ ...fresh, syncAgeMs: 25_000 }, long), false);
  assert.equal(isStale({ ...fresh, syncAgeMs: 25_001 }, long), true);
});

Deno.test("STALE_DATA: never synced, an age that is no number, a missing field", () => {
  const config = { quoteIntervalMs: 2000, reconciliationIntervalMs: 300_000 };
  const fresh = { syncAgeMs: 0, malformedReply: false, unconfirmedMs: null };
  assert.equal(isStale(fresh, config), false);
  assert.equal(isStale({ ...fresh, syncAgeMs: Infinity }, config), true);
  assert.equal(isStale({ ...fresh, syncAgeMs: NaN }, config), true);
  assert.equal(isStale({ ...fresh, malformedReply: true }, config), true);
});

Deno.test("STALE_DATA: without the store a cache is good for one reconciliation interval", () => {
  const config = { quoteIntervalMs: 2000, reconciliationIntervalMs: 300_000 };
  const fresh = { syncAgeMs: 0, malformedReply: false };
  assert.equal(isStale({ ...fresh, unconfirmedMs: 300_000 }, config), false);
  assert.equal(isStale({ ...fresh, unconfirmedMs: 300_001 }, config), true);
});

Deno.test("BOOK_FAILURES and FAILURES: from the configured number of failures in a row", () => {
  assert.equal(hasBookFailures(4, { maxBookFailures: 5 }), false);
  assert.equal(hasBookFailures(5, { maxBookFailures: 5 }), true);
  assert.equal(hasFailures(4, { maxConsecutiveFailures: 5 }), false);
  assert.equal(hasFailures(5, { maxConsecutiveFailures: 5 }), true);
});

/** The window after prices at times, with the default window of 300 s and limit of 15 cents. */
function windowOf(...samples: [atMs: number, fairCents: number][]): PriceWindow {
  return samples.reduce<PriceWindow>(
    (window, [atMs, fairCents]) => observePrice(window, { atMs, fairCents }, marketConfig()),
    NO_PRICE_SEEN,
  );
}

Deno.test("PRICE_JUMP: strictly more than 15 cents between high and low, in either order", () => {
  assert.equal(hasJumped(windowOf([0, 50], [2000, 65]), marketConfig()), false);
  assert.equal(hasJumped(windowOf([0, 50], [2000, 65.1]), marketConfig()), true);
  assert.equal(hasJumped(windowOf([0, 65.1], [2000, 58], [4000, 50]), marketConfig()), true);
  assert.equal(hasJumped(NO_PRICE_SEEN, marketConfig()), false);
});

Deno.test("PRICE_JUMP: prices older than the window are forgotten", () => {
  assert.equal(hasJumped(windowOf([0, 50], [300_000, 70]), marketConfig()), true);
  assert.equal(hasJumped(windowOf([0, 50], [300_001, 70]), marketConfig()), false);
});

Deno.test("PRICE_JUMP: the window stays small at any number of cycles", () => {
  let window = NO_PRICE_SEEN;
  for (let atMs = 0; atMs <= 3_600_000; atMs += 250) {
    window = observePrice(window, { atMs, fairCents: 50 + (atMs % 7) }, marketConfig());
  }
  const { length } = window.past.stretches;
  assert.ok(length <= 61, `${length} stretches`);
});
