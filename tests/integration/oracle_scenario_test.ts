import assert from "node:assert/strict";
import { simulate } from "../../sim/harness/simulate.ts";
import { scenarioNamed } from "../../sim/scenario/library.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createService } from "../../src/service/service.ts";

Deno.test("simulator: with the oracle guard off the bot loses at least twice as much to news", async () => {
  const scenario = scenarioNamed("oracle-leads");
  const unguarded = { ...scenario, quoting: { ...scenario.quoting, oracle_guard_enabled: false } };
  for (const seed of [11, 12]) {
    const run = { seed, createService, wallClock: systemClock };
    const guarded = await simulate({ ...run, scenario });
    const { pnlCents } = await simulate({ ...run, scenario: unguarded });
    assert.deepEqual(guarded.violations, []);
    assert.ok(pnlCents < -3000 && pnlCents < 2 * guarded.pnlCents, `${pnlCents}`);
  }
});

Deno.test("simulator: an outside price that is far off stops the quotes and costs nothing", async () => {
  const scenario = scenarioNamed("oracle-leads");
  const markets = scenario.markets.map((market) => ({
    ...market,
    oracle: { lag: 1_000, offByCents: 30 },
  }));
  const misled = { ...scenario, markets, events: [], assertions: [] };
  const result = await simulate({
    scenario: misled,
    seed: 11,
    createService,
    wallClock: systemClock,
  });
  assert.equal(result.ownTrades, 0);
  assert.equal(result.pnlCents, 0);
});
