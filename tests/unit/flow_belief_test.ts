import assert from "node:assert/strict";
import {
  afterFlow,
  afterSilence,
  type FlowBelief,
} from "../../src/strategy/pricing/flow_belief.ts";
import {
  betaSdCents,
  betaStrength,
  flowBeliefAround,
} from "../../src/strategy/pricing/flow_prior.ts";
import { around, QUIET, silent, taker, takersInTurn, touchAround } from "../support/flow.ts";

const HOUR = 3_600_000;
const DAY_LEFT = { tauHours: 24, jumpsPerHour: 0.02, jumpCents: 8 };

const mean = (belief: FlowBelief) => belief.moments.meanCents;
const sd = (belief: FlowBelief) => belief.moments.sdCents;

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} != ${expected}`);
}

// --- the start ---

Deno.test("flow belief: it begins at the anchor and as sure as its error says", () => {
  for (const [cents, error] of [[50, 5], [50, 3], [50, 20], [20, 5], [85, 8]] as const) {
    const { meanCents, sdCents } = around(cents, error).moments;
    near(meanCents, cents, 1e-6);
    near(sdCents, error, 0.15);
  }
});

Deno.test("L-08: a long shot begins at its anchor, too, whatever the error is said to be", () => {
  for (const cents of [2, 3, 5, 95, 97, 98]) {
    for (const error of [0.5, 5, 30]) near(mean(around(cents, error)), cents, 1e-6);
  }
  assert.deepEqual([mean(around(1)), mean(around(99))].map(Math.round), [1, 99]);
});

Deno.test("flow belief: a mean and a deviation of none are a belief all the same", () => {
  for (const cents of [1, 50, 99]) {
    const { meanCents, sdCents } = around(cents, 0).moments;
    near(meanCents, cents, 0.3);
    assert.ok(Number.isFinite(sdCents) && sdCents < 1);
  }
});

Deno.test("flow belief: an anchor that is quite wrong is possible from the start", () => {
  const mass = around(50, 5).mass;
  const at = (cents: number) => mass[cents - 1] ?? 0;
  assert.ok(at(80) > 1e-6, `${at(80)}`);
  assert.ok(at(50) > 100 * at(80));
});

Deno.test("flow belief: twenty restarts leave mean and deviation about where they were", () => {
  let moments = { meanCents: 12, sdCents: 4 };
  for (let start = 0; start < 20; start++) {
    const mean = moments.meanCents / 100;
    const sdCents = betaSdCents(mean, betaStrength(moments));
    moments = flowBeliefAround({ meanCents: 100 * mean, sdCents }, 0).moments;
  }
  near(moments.meanCents, 12, 0.01);
  near(moments.sdCents, 4, 0.2);
});

Deno.test("betaStrength: the deviation of the Beta distribution with that strength is the given one", () => {
  near(betaSdCents(0.3, betaStrength({ meanCents: 30, sdCents: 7 })), 7, 1e-9);
  assert.equal(betaStrength({ meanCents: 50, sdCents: 49 }), 2, "never less than nearly nothing");
  assert.ok(Number.isFinite(betaStrength({ meanCents: 50, sdCents: 0 })));
});

// --- trades ---

Deno.test("flow belief: buyers and sellers in turn leave it about where it was", () => {
  const turns = Array.from({ length: 40 }, (_, turn) => turn % 2 === 0 ? 1 as const : -1 as const);
  near(mean(takersInTurn(around(50), turns, { minutes: 10 })), 50, 1.5);
});

Deno.test("flow belief: one buyer moves it up, one seller down, by the same", () => {
  const touch = { bid: 48, ask: 52 };
  const [up, down] = ([1, -1] as const).map((aggressor) =>
    mean(afterFlow({ ...around(50), touch }, taker(aggressor, 50 + 2 * aggressor))) - 50
  );
  assert.ok(up !== undefined && up > 0.3, `${up}`);
  near(-(down ?? 0), up, 1e-9);
});

Deno.test("flow belief: buyers who go on buying at rising prices are followed fast", () => {
  const after = mean(takersInTurn(around(50), [1, 1, 1, 1, 1, 1, 1, 1], { minutes: 3 }));
  assert.ok(after > 60, `${after}`);
});

/** How far a buyer at the touch moves the mean. */
function movedByBuyer(belief: FlowBelief): number {
  const touch = touchAround(belief, 2);
  return mean(afterFlow({ ...belief, touch }, taker(1, touch.ask ?? 52))) - mean(belief);
}

/** A belief that is sure of the kind of flow. */
function ofKind(kind: number): FlowBelief {
  const belief = around(50);
  const mass = belief.mass.map((value, index) => Math.floor(index / 99) === kind ? value : 0);
  return { ...belief, mass: mass.map((value) => value * belief.mass.length / 99) };
}

Deno.test("flow belief: a buyer moves a market of chance less than one of knowledge", () => {
  const [chance, knowledge] = [movedByBuyer(ofKind(0)), movedByBuyer(ofKind(2))];
  assert.ok(chance > 0 && chance < 0.5 * knowledge, `${chance} ${knowledge}`);
});

Deno.test("flow belief: a market where both sides trade for hours is moved less by the next buyer", () => {
  const turns = Array.from({ length: 60 }, (_, turn) => turn % 2 === 0 ? 1 as const : -1 as const);
  const [before, after] = [around(50), takersInTurn(around(50), turns, { minutes: 5 })];
  assert.ok(movedByBuyer(after) < 0.5 * movedByBuyer(before));
});

Deno.test("flow belief: a taker who sweeps deep moves it farther than one who takes the touch", () => {
  const belief = { ...around(50), touch: { bid: 48, ask: 52 } };
  const [touch, deep, far] = [52, 57, 60].map((cents) =>
    mean(afterFlow(belief, taker(1, cents))) - 50
  );
  assert.ok(touch !== undefined && deep !== undefined && deep > 2 * touch, `${touch} ${deep}`);
  // Some people take anything: one alone does not carry the belief all the way.
  assert.ok(far !== undefined && far < 6, `${far}`);
});

Deno.test("flow belief: ten tenths of a taker teach as much as one, so that dust steers nothing", () => {
  const belief = { ...around(50), touch: { bid: 48, ask: 52 } };
  let dust: FlowBelief = belief;
  for (let part = 0; part < 10; part++) dust = afterFlow(dust, taker(1, 52, 0.1));
  near(mean(dust), mean(afterFlow(belief, taker(1, 52))), 1e-6);
});

Deno.test("flow belief: a taker without an own quote around him still teaches", () => {
  const after = afterFlow(around(50), taker(-1, 44));
  assert.ok(mean(after) < 49 && Number.isFinite(sd(after)));
});

Deno.test("flow belief: takers at 1 and at 99 are no exception", () => {
  for (const [start, aggressor, cents] of [[3, -1, 1], [97, 1, 99], [50, 1, 99]] as const) {
    const { meanCents, sdCents } = afterFlow(around(start), taker(aggressor, cents)).moments;
    assert.ok(meanCents >= 1 && meanCents <= 99 && Number.isFinite(sdCents));
  }
});

// --- time ---

Deno.test("flow belief: nobody takes for an hour: the price is between the quotes", () => {
  const start = around(50, 8);
  const after = silent(start, { bid: 46, ask: 54 }, 60);
  assert.ok(sd(after) < 0.9 * sd(start), `${sd(start)} ${sd(after)}`);
  near(mean(after), 50, 0.01);
});

Deno.test("flow belief: a silence under one quote speaks against that side only", () => {
  assert.ok(mean(silent(around(50), { bid: null, ask: 51 }, 60)) < 49.5);
  assert.ok(mean(silent(around(50), { bid: 49, ask: null }, 60)) > 50.5);
});

Deno.test("flow belief: without quotes time only takes certainty away", () => {
  const start = around(50, 3);
  const after = afterSilence(start, 2 * HOUR, DAY_LEFT);
  assert.ok(sd(after) > 1.2 * sd(start));
  near(mean(after), 50, 1e-6);
});

Deno.test("flow belief: hours away count in full, the silence of those hours as fifteen minutes", () => {
  const quoted = { ...around(50, 3), touch: { bid: 47, ask: 53 } };
  const [quarter, day] = [HOUR / 4, 24 * HOUR].map((ms) => sd(afterSilence(quoted, ms, DAY_LEFT)));
  assert.ok(quarter !== undefined && day !== undefined && day > 4 * quarter, `${quarter} ${day}`);
  assert.ok(Number.isFinite(sd(afterSilence(quoted, Number.MAX_SAFE_INTEGER, DAY_LEFT))));
});

Deno.test("flow belief: a day without quotes leaves a long shot one", () => {
  let belief = around(3, 2);
  for (let hour = 1; hour <= 24; hour++) belief = afterSilence(belief, hour * HOUR, DAY_LEFT);
  near(mean(belief), 3, 3);
});

Deno.test("flow belief: the nearer the decision, the faster certainty goes", () => {
  const after = (tauHours: number) =>
    sd(afterSilence(around(50, 3), HOUR / 4, { ...QUIET, tauHours }));
  assert.ok(after(1) > after(10) && after(10) > after(1000));
  assert.ok(Number.isFinite(after(0)) && Number.isFinite(after(-5)));
});

Deno.test("flow belief: news widen it although nobody trades", () => {
  const after = (jumpsPerHour: number) =>
    sd(afterSilence(around(50, 3), HOUR, { ...QUIET, jumpsPerHour }));
  assert.ok(after(1) > after(0) + 1);
});

Deno.test("flow belief: a clock that stands still, goes back or is none changes nothing", () => {
  const belief = afterSilence(around(50), 60_000, QUIET);
  for (const ms of [60_000, 0, -1e9, NaN]) {
    assert.equal(afterSilence(belief, ms, QUIET), belief);
  }
});

Deno.test("flow belief: nothing is changed in place", () => {
  const belief = { ...around(50), touch: { bid: 48, ask: 52 } };
  const copy = belief.mass.slice();
  afterSilence(belief, HOUR, DAY_LEFT);
  afterFlow(belief, taker(1, 52));
  assert.deepEqual(belief.mass, copy);
});

// --- YES and NO ---

Deno.test("flow belief: YES and NO are treated alike", () => {
  const after = (up: 1 | -1) => {
    const mirrored = (cents: number) => up === 1 ? cents : 100 - cents;
    const touch = up === 1 ? { bid: 27, ask: 33 } : { bid: 67, ask: 73 };
    const start = { ...around(mirrored(30)), touch };
    const down = -up as 1 | -1;
    const bought = afterFlow(afterSilence(start, HOUR / 6, DAY_LEFT), taker(up, mirrored(34)));
    return mirrored(mean(afterFlow(bought, taker(down, mirrored(27), 0.5))));
  };
  near(after(1), after(-1), 1e-9);
});
