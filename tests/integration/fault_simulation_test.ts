import assert from "node:assert/strict";
import { availableWorkers, runSeed, runSeeds } from "../../sim/faults/crew.ts";
import { drawSchedule } from "../../sim/faults/draw.ts";
import { runFaults } from "../../sim/faults/run.ts";
import { shrink } from "../../sim/faults/shrink.ts";
import { summaryOf, summaryText } from "../../sim/faults/summary.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { MUTANTS } from "../support/mutants.ts";

/** As many as are worth their time in every run of the tests; the command runs more. */
const SEEDS = { first: 1, count: 500, isHurried: true };
/** Faults that last as long as the command lets them. */
const LONG_SEEDS = { first: 10_001, count: 12 };

for (const range of [SEEDS, LONG_SEEDS]) {
  Deno.test(`faults: whatever goes wrong, nothing unsafe happens, and all is well afterwards: ${range.count} seeds from ${range.first}`, async () => {
    const results = await runSeeds(range, { workers: availableWorkers() });
    assert.equal(results.length, range.count);
    assert.deepEqual(results.flatMap(({ violations }) => violations), []);
    const faults = results.reduce((sum, { faultsInjected }) => sum + faultsInjected, 0);
    assert.ok(faults > 10 * range.count, `${faults} faults`);
  });
}

Deno.test("faults: a violation is told with its seed, its step and its invariant", () => {
  const violation = {
    ...{ seed: 7, step: 120, atMs: 4_500, invariant: "own_cross" } as const,
    what: "MKT-1: bid 52, ask 51",
  };
  const figures = { digest: "d", faultsInjected: 3, simSeconds: 90, wallMs: 100 };
  const summary = summaryOf([{ seed: 7, violations: [violation], ...figures }], 200);
  const text = summaryText(summary);
  assert.match(text, /^seed 7, step 120 \(4.5 s\): own_cross: MKT-1: bid 52, ask 51$/m);
  assert.match(text, /^seeds 7 to 7: 1 violations; 3 faults in 90 simulated seconds, 0.2 real/m);
  assert.equal(summary.simToReal, 900);
});

Deno.test("faults: the same seed gives the same run in another thread, and another seed another", async () => {
  const [alone] = await runSeeds({ first: 3, count: 1 }, { workers: 1 });
  const [first, second] = await runSeeds({ first: 3, count: 2 }, { workers: 2 });
  assert.equal(first?.digest, alone?.digest);
  assert.notEqual(second?.digest, first?.digest);
});

Deno.test("faults: a failing schedule is made smaller until every fault in it is needed", async () => {
  const schedule = { ...drawSchedule(1), faults: drawSchedule(4).faults };
  const [first, last] = [schedule.faults[0], schedule.faults.at(-1)];
  const smaller = await shrink(
    schedule,
    ({ faults }) =>
      Promise.resolve([first, last].every((fault) => fault && faults.includes(fault))),
  );
  assert.deepEqual(smaller.faults, [first, last]);
});

Deno.test("faults: a trace tells what happened, and that it is told changes nothing", async () => {
  const lines: string[] = [];
  const schedule = drawSchedule(3);
  const told = await runFaults({
    schedule,
    wallClock: systemClock,
    tell: (line) => void lines.push(line),
  });
  assert.equal(told.digest, (await runSeed(3)).digest);
  assert.ok(lines.some((line) => /bot-1: sends place MKT-1/.test(line)));
  assert.ok(lines.some((line) => /venue: trade/.test(line)));
});

for (const { name, mutation, seed, invariant } of MUTANTS) {
  Deno.test(`faults, a defect on purpose is found: ${name}`, async () => {
    const { violations } = await runFaults({
      schedule: drawSchedule(seed),
      wallClock: systemClock,
      mutation,
    });
    assert.ok(
      violations.some((found) => found.invariant === invariant),
      JSON.stringify(violations),
    );
  });
}
