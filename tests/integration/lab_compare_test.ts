import assert from "node:assert/strict";
import { compare, type Comparison } from "../../sim/lab/compare.ts";
import { runTrials } from "../../sim/lab/crew.ts";
import { CONTENDER_NAMES, type ContenderName } from "../../sim/lab/makers/mod.ts";
import { runTrial, type Trial } from "../../sim/lab/trial.ts";
import { smallScenario } from "../support/sim.ts";

const SHORT = smallScenario(
  ["duration: 20m", "duration: 5m"],
  ["rate_per_hour: 120", "rate_per_hour: 1200"],
  ["events:\n  - { at: 10m, do: suspend }\n", ""],
);

/** Two seeds of the short scenario. */
function plan(...makers: readonly ContenderName[]): Comparison {
  const variants = makers.map((name) => ({ name, contender: name, settings: {} }));
  return { variants, markets: [SHORT], seeds: 2, seed: 5 };
}

Deno.test("compare: one thread and two give the same cells to the last digit", async () => {
  const makers = plan("standard", "lmsr");
  const alone = await compare(makers, { workers: 1 });
  assert.deepEqual(await compare(makers, { workers: 2 }), alone);
  assert.match(alone.cells[0]?.digest ?? "", /^[0-9a-f]{64}$/);
  assert.notEqual(alone.cells[0]?.digest, alone.cells[1]?.digest);
});

Deno.test("compare: another seed gives another digest", async () => {
  const [one] = (await compare(plan("lmsr"), { workers: 1 })).cells;
  const [other] = (await compare({ ...plan("lmsr"), seed: 6 }, { workers: 1 })).cells;
  assert.notEqual(one?.digest, other?.digest);
});

Deno.test("compare: every maker trades, breaks no rule of the venue and leaves no order", async () => {
  const { cells } = await compare(plan(...CONTENDER_NAMES), { workers: 1 });
  assert.deepEqual(cells.map(({ maker }) => maker), CONTENDER_NAMES);
  for (const { maker, violations, estimates, seeds } of cells) {
    assert.deepEqual(violations, [], maker);
    assert.equal(seeds, 2);
    assert.ok((estimates.volume_shares.mean ?? 0) > 0, maker);
    assert.ok((estimates.two_sided_uptime.mean ?? 0) > 0.9, maker);
    assert.ok((estimates.paid_spread_cents.mean ?? 0) > 0, maker);
  }
});

Deno.test("compare: over several markets together are all runs of all of them", async () => {
  const other = { ...SHORT, name: "other" };
  const { cells, overall } = await compare({ ...plan("lmsr"), markets: [SHORT, other] }, {
    workers: 1,
  });
  assert.deepEqual(cells.map(({ marketType }) => marketType), ["small", "other"]);
  assert.deepEqual(overall.map(({ seeds }) => seeds), [4]);
  const means = cells.map(({ estimates }) => estimates.pnl_cents.mean ?? NaN);
  assert.equal(overall[0]?.estimates.pnl_cents.mean, ((means[0] ?? 0) + (means[1] ?? 0)) / 2);
});

Deno.test("trials: the loss at settlement counts as a loss", async () => {
  const outcome = await runTrial({ market: SHORT, seed: 5, contender: "symmetric", settings: {} });
  const { settled_pnl_cents: settled, worst_loss_cents: worst } = outcome.figures;
  assert.ok(worst.sum >= Math.max(0, -settled.sum));
});

Deno.test("crew: it tells of every trial that is done", async () => {
  const trial: Trial = { market: SHORT, seed: 1, contender: "lmsr", settings: {} };
  const told: number[] = [];
  await runTrials([trial, { ...trial, seed: 2 }, { ...trial, seed: 3 }], {
    workers: 2,
    onDone: (done) => told.push(done),
  });
  assert.deepEqual(told, [1, 2, 3]);
});

Deno.test("crew: a trial that cannot be run is an error, and no thread is left behind", async () => {
  const good: Trial = { market: SHORT, seed: 1, contender: "lmsr", settings: {} };
  const bad: Trial = { ...good, settings: { market: { kappa: -1 } } };
  await assert.rejects(
    runTrials([good, bad, good], { workers: 2 }),
    /^Error: Cannot run lmsr in small, seed 1: .*kappa/s,
  );
});
