import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import {
  initialPhase,
  isOpening,
  type PhaseInput,
  type PhaseState,
  type PhaseStep,
  stepPhase,
} from "../../src/strategy/phase.ts";
import { rangeSince } from "../../src/strategy/price_history.ts";
import { marketConfig } from "../support/config.ts";

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const CYCLE = 2000;

function step(
  state: PhaseState,
  input: Partial<PhaseInput> = {},
  config: Partial<MarketConfig> = {},
): PhaseStep {
  return stepPhase(
    state,
    { nowMs: NOW, tradedShares: 0, sampleCents: null, pnlCents: 0, level: "NORMAL", ...input },
    marketConfig(config),
  );
}

/** Runs up to `cycles` cycles of two seconds with the same input, until the phase changes. */
function run(
  state: PhaseState,
  cycles: number,
  fromMs: number,
  input: Partial<PhaseInput> = {},
): PhaseStep {
  let last: PhaseStep = { state, transition: null };
  for (let cycle = 0; cycle < cycles && last.transition === null; cycle++) {
    last = step(last.state, { ...input, nowMs: fromMs + cycle * CYCLE });
  }
  return last;
}

/** Feeds one fair price per minute, from `fromMs` on. */
function feed(state: PhaseState, prices: readonly number[], fromMs: number): PhaseState {
  return prices.reduce(
    (latest, sampleCents, minute) =>
      step(latest, { nowMs: fromMs + minute * MINUTE, sampleCents }).state,
    state,
  );
}

/** A market that has just become stable. */
const STABLE: PhaseState = { ...initialPhase(NOW), phase: "STABILIZATION" };
/** A market whose volume lets it leave EXPLORATION. */
const TRADED: PhaseState = { ...initialPhase(NOW), volumeShares: 200 };

// --- leaving EXPLORATION ---

Deno.test("phase: a market begins in EXPLORATION", () => {
  assert.equal(initialPhase(NOW).phase, "EXPLORATION");
});

Deno.test("phase: time ends EXPLORATION after three cycles beyond the longest stay", () => {
  const hour = NOW + 60 * MINUTE;
  assert.equal(run(initialPhase(NOW), 2, hour).transition, null);
  assert.deepEqual(run(initialPhase(NOW), 3, hour).transition, {
    from: "EXPLORATION",
    to: "STABILIZATION",
    reason: "TIME_EXPIRED",
    atMs: hour + 2 * CYCLE,
  });
  assert.equal(step(initialPhase(NOW), { nowMs: hour - 1 }).state.readyCycles, 0);
});

Deno.test("L-51: 200 traded shares end EXPLORATION, 199 do not", () => {
  const after = (shares: number) => {
    const first = step(initialPhase(NOW), { nowMs: NOW + CYCLE, tradedShares: shares }).state;
    return run(first, 2, NOW + 2 * CYCLE).transition?.reason;
  };
  assert.equal(after(199), undefined);
  assert.equal(after(200), "VOLUME_REACHED");
});

Deno.test("L-51: volume adds up over cycles, in shares", () => {
  let state = initialPhase(NOW);
  for (const tradedShares of [50, 0, 70]) state = step(state, { tradedShares }).state;
  assert.equal(state.volumeShares, 120);
});

Deno.test("phase: twelve samples within 48..51 end EXPLORATION as stable (§9)", () => {
  const prices = [48, 49, 50, 51, 50, 49, 48, 49, 50, 51, 50, 49];
  const almost = feed(initialPhase(NOW), prices.slice(0, 11), NOW);
  assert.equal(almost.phase, "EXPLORATION");
  const last = step(almost, { nowMs: NOW + 11 * MINUTE, sampleCents: 49 });
  assert.equal(last.transition?.reason, "PRICE_STABLE");
});

Deno.test("phase: a range beyond 3 cents, or fewer than 10 samples, is not stable", () => {
  const wide = feed(initialPhase(NOW), [48, 52, 48, 52, 48, 52, 48, 52, 48, 52], NOW);
  const few = feed(initialPhase(NOW), [48, 48, 48, 48, 48, 48, 48, 48, 48], NOW);
  for (const state of [wide, few]) {
    assert.equal(run(state, 5, NOW + 11 * MINUTE).transition, null);
  }
});

Deno.test("C-57: idle cycles are no evidence of a stable price", () => {
  const answer = run(initialPhase(NOW), 100, NOW);
  assert.equal(answer.transition, null);
  assert.deepEqual(answer.state.samples, []);
});

Deno.test("phase: samples older than the stability window do not count", () => {
  const state = feed(initialPhase(NOW), Array.from({ length: 12 }, () => 50), NOW - 20 * MINUTE);
  assert.equal(run(state, 1, NOW + 10 * MINUTE).state.readyCycles, 0);
});

Deno.test("phase: when several conditions hold, the first of the table is the reason", () => {
  const answer = run(TRADED, 3, NOW + 60 * MINUTE);
  assert.equal(answer.transition?.reason, "TIME_EXPIRED");
});

Deno.test("phase: a condition that is interrupted has to hold anew for three cycles", () => {
  const flat = Array.from({ length: 10 }, () => 50);
  const almost: PhaseState = { ...feed(initialPhase(NOW), flat, NOW), readyCycles: 2 };
  const broken = step(almost, { nowMs: NOW + 10 * MINUTE, sampleCents: 58 });
  assert.equal(broken.transition, null);
  assert.equal(broken.state.readyCycles, 0);
});

Deno.test("phase: EXPLORATION is not left while the defence level is above NORMAL", () => {
  for (const level of ["WIDEN", "ONE_SIDE", "KILL_SWITCH"] as const) {
    assert.equal(run(TRADED, 10, NOW, { level }).transition, null, level);
  }
  const waiting = run(TRADED, 10, NOW, { level: "WIDEN" }).state;
  assert.equal(step(waiting, { nowMs: NOW + MINUTE }).transition?.reason, "VOLUME_REACHED");
});

Deno.test("phase: a new phase starts clock and volume anew and keeps the price history", () => {
  const traded: PhaseState = { ...feed(initialPhase(NOW), [50, 51], NOW), volumeShares: 500 };
  const { state } = run(traded, 3, NOW + 5 * MINUTE);
  assert.equal(state.phase, "STABILIZATION");
  assert.deepEqual([state.startedAtMs, state.volumeShares], [NOW + 5 * MINUTE + 2 * CYCLE, 0]);
  assert.equal(state.samples.length, 2);
});

// --- rollback ---

Deno.test("L-51: a move of 12 cents within 5 minutes rolls back at once (§9)", () => {
  const state = feed(STABLE, [49, 50], NOW);
  const answer = step(state, { nowMs: NOW + 3 * MINUTE, sampleCents: 61 });
  assert.deepEqual(answer.transition, {
    from: "STABILIZATION",
    to: "EXPLORATION",
    reason: "EMERGENCY_ROLLBACK",
    atMs: NOW + 3 * MINUTE,
  });
});

Deno.test("L-51: a range of 10 rolls back, one of 9 does not, nor a slow move", () => {
  const last = (sampleCents: number, minutes: number) =>
    step(feed(STABLE, [50], NOW), { nowMs: NOW + minutes * MINUTE, sampleCents }).transition;
  assert.equal(last(60, 4)?.reason, "EMERGENCY_ROLLBACK");
  assert.equal(last(40, 4)?.reason, "EMERGENCY_ROLLBACK");
  assert.equal(last(59, 4), null);
  assert.equal(last(60, 6), null);
});

Deno.test("C-06: a loss beyond half the budget rolls back, exactly half does not", () => {
  assert.equal(step(STABLE, { pnlCents: -2500 }).transition, null);
  assert.equal(step(STABLE, { pnlCents: -2501 }).transition?.reason, "EMERGENCY_ROLLBACK");
});

Deno.test("C-06: rollback_loss_cents replaces half of the budget", () => {
  const config = { rollbackLossCents: 600 };
  assert.equal(step(STABLE, { pnlCents: -600 }, config).transition, null);
  assert.notEqual(step(STABLE, { pnlCents: -601 }, config).transition, null);
});

Deno.test("phase: an unknown profit counts as a loss", () => {
  assert.equal(step(STABLE, { pnlCents: NaN }).transition?.reason, "EMERGENCY_ROLLBACK");
  assert.equal(run(TRADED, 10, NOW, { pnlCents: NaN }).transition, null);
});

Deno.test("phase: a rollback forgets volume, samples and the start of the phase", () => {
  const busy: PhaseState = { ...feed(STABLE, [50, 51], NOW), volumeShares: 900 };
  const nowMs = NOW + 2 * MINUTE;
  const { state } = step(busy, { nowMs, pnlCents: -9999 });
  assert.deepEqual(state, {
    phase: "EXPLORATION",
    startedAtMs: nowMs,
    volumeShares: 0,
    cooldownUntilMs: nowMs + 10 * MINUTE,
    readyCycles: 0,
    samples: [],
  });
});

Deno.test("phase: after a rollback STABILIZATION has to wait for the cooldown", () => {
  const back = step(STABLE, { pnlCents: -9999 }).state;
  const traded: PhaseState = { ...back, volumeShares: 200 };
  assert.equal(run(traded, 200, NOW + 3 * MINUTE).transition, null);
  const late = run({ ...traded, readyCycles: 3 }, 1, NOW + 10 * MINUTE);
  assert.equal(late.transition?.reason, "VOLUME_REACHED");
});

Deno.test("phase: a market that would roll back in the next cycle stays in EXPLORATION", () => {
  const jumped: PhaseState = { ...feed(TRADED, [50, 62], NOW), readyCycles: 3 };
  assert.equal(run(jumped, 5, NOW + 2 * MINUTE).transition, null);
  assert.equal(run(jumped, 1, NOW + 7 * MINUTE).transition?.reason, "VOLUME_REACHED");
});

// --- state ---

Deno.test("phase: opening lasts until EXPLORATION is left for the first time", () => {
  assert.equal(isOpening(initialPhase(NOW)), true);
  assert.equal(isOpening(STABLE), false);
  assert.equal(isOpening(step(STABLE, { pnlCents: -9999 }).state), false);
});

Deno.test("L-51: a restart keeps phase, volume, cooldown and samples", () => {
  const busy: PhaseState = { ...feed(STABLE, [50, 51], NOW), volumeShares: 900 };
  const restored: PhaseState = JSON.parse(JSON.stringify(busy));
  assert.deepEqual(restored, busy);
  assert.deepEqual(
    step(restored, { nowMs: NOW + 3 * MINUTE, sampleCents: 61 }),
    step(busy, { nowMs: NOW + 3 * MINUTE, sampleCents: 61 }),
  );
});

Deno.test("phase: an idle cycle changes nothing and allocates no new state", () => {
  assert.equal(step(STABLE, { nowMs: NOW + CYCLE }).state, STABLE);
});

Deno.test("phase: the price history is bounded, in time and in number", () => {
  const flat = Array.from({ length: 40 }, () => 50);
  assert.equal(feed(STABLE, flat, NOW).samples.length, 16);
  let state = STABLE;
  for (let index = 0; index < 2000; index++) {
    state = step(state, { nowMs: NOW + index, sampleCents: 50 }).state;
  }
  assert.equal(state.samples.length, 1800);
});

Deno.test("priceHistory: the range of a window counts its own samples, its edge included", () => {
  const samples = [[0, 10], [1, 50], [2, 55], [3, 53]].map(([minute = 0, priceCents = 0]) => ({
    priceCents,
    atMs: NOW + minute * MINUTE,
  }));
  assert.deepEqual(rangeSince(samples, NOW + MINUTE), { count: 3, rangeCents: 5 });
  assert.deepEqual(rangeSince(samples, NOW), { count: 4, rangeCents: 45 });
  assert.deepEqual(rangeSince([], NOW), { count: 0, rangeCents: 0 });
});
