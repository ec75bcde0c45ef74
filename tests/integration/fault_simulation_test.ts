import assert from "node:assert/strict";
import { runSeed, runSeeds } from "../../sim/faults/crew.ts";
import { drawSchedule } from "../../sim/faults/draw.ts";
import { runFaults } from "../../sim/faults/run.ts";
import { shrink } from "../../sim/faults/shrink.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { MUTANTS } from "../support/mutants.ts";

/** As many as are worth their time in every run of the tests; the command runs more. */
const SEEDS = { first: 1, count: 30 };

Deno.test("faults: whatever goes wrong, nothing unsafe happens, and all is well afterwards", async () => {
  const results = await runSeeds(SEEDS, { workers: 1 });
  assert.equal(results.length, SEEDS.count);
  assert.deepEqual(results.flatMap(({ violations }) => violations), []);
  assert.ok(results.reduce((sum, { faultsInjected }) => sum + faultsInjected, 0) > 500);
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
  const schedule = drawSchedule(2);
  const told = await runFaults({
    schedule,
    wallClock: systemClock,
    tell: (line) => void lines.push(line),
  });
  assert.equal(told.digest, (await runSeed(2)).digest);
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
