import assert from "node:assert/strict";
import { type Guard, type GuardName, GUARDS } from "../../sim/lab/guards.ts";
import { runTrial } from "../../sim/lab/trial.ts";
import { scenarioNamed } from "../../sim/scenario/library.ts";

const SEEDS = [2, 3];

/** Loss at the true price in a situation over a few seeds, cents; kills. */
async function played(situation: string, settings: Guard["off"]) {
  let lossCents = 0;
  let kills = 0;
  for (const seed of SEEDS) {
    const market = scenarioNamed(situation);
    const outcome = await runTrial({ market, seed, contender: "standard", settings });
    assert.deepEqual(outcome.violations, [], `${situation}, seed ${seed}`);
    lossCents -= outcome.figures.pnl_cents.sum;
    kills += outcome.figures.kills.sum;
  }
  return { lossCents, kills };
}

/** Guards without which a situation loses at least twice as much. */
const HALVE_THE_LOSS: readonly (readonly [GuardName, string])[] = [
  ["levels", "creeping-truth"],
  ["concession", "creeping-truth"],
  ["loss_room", "far-anchor"],
  ["flow_belief", "far-anchor"],
  ["event_shield", "scheduled-news"],
  ["extreme_price", "nearly-decided"],
  ["api_errors", "failing-venue"],
  ["latency", "slow-venue"],
];

const withAll = new Map<string, ReturnType<typeof played>>();

/** The same with every guard; several tests need it. */
function playedWithAll(situation: string): ReturnType<typeof played> {
  const known = withAll.get(situation) ?? played(situation, {});
  withAll.set(situation, known);
  return known;
}

for (const [guard, situation] of HALVE_THE_LOSS) {
  Deno.test(`${guard}: without it ${situation} loses at least twice as much`, async () => {
    const on = await playedWithAll(situation);
    const off = await played(situation, GUARDS[guard].off);
    assert.ok(off.lossCents > 0, `${off.lossCents}`);
    assert.ok(off.lossCents >= 2 * on.lossCents, `${off.lossCents} against ${on.lossCents}`);
  });
}

Deno.test("inventory_guard: without it sweeps of a small stock kill the market", async () => {
  const on = await played("large-budget", {});
  const off = await played("large-budget", GUARDS.inventory_guard.off);
  assert.equal(on.kills, 0);
  assert.ok(off.kills > 0);
});

Deno.test("velocity: without it news-burst loses at least half as much again", async () => {
  const on = await playedWithAll("news-burst");
  const off = await played("news-burst", GUARDS.velocity.off);
  assert.ok(on.lossCents > 0);
  assert.ok(off.lossCents >= 1.5 * on.lossCents, `${off.lossCents} against ${on.lossCents}`);
});
