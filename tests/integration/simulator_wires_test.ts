/** A simulation is the same whether the bot calls the exchange or reaches it over HTTP. */

import assert from "node:assert/strict";
import { systemClock } from "../../src/runtime/clock.ts";
import { createService } from "../../src/service/service.ts";
import { simulate } from "../../sim/harness/simulate.ts";
import { scenarioNamed } from "../../sim/scenario/library.ts";
import type { Scenario, ScenarioMarket } from "../../sim/scenario/schema.ts";
import type { Wire } from "../../sim/wire.ts";

/** How many times as fast as written everything happens; the bot itself is not in a hurry. */
const HURRY = 12;

function hurried(scenario: Scenario): Scenario {
  return {
    ...scenario,
    duration: scenario.duration / HURRY,
    markets: scenario.markets.map(hurriedMarket),
    events: scenario.events.map((event) => ({ ...event, at: event.at / HURRY })),
    // They hold for the scenario as it is written.
    assertions: [],
  };
}

function hurriedMarket({ path, traders, ...market }: ScenarioMarket): ScenarioMarket {
  return {
    ...market,
    path: { ...path, jumps: path.jumps.map((jump) => ({ ...jump, at: jump.at / HURRY })) },
    traders: traders.map((trader) => ({
      ...trader,
      from: trader.from / HURRY,
      ...("ratePerHour" in trader && { ratePerHour: trader.ratePerHour * HURRY }),
    })),
  };
}

function run(name: string, options: { seed: number; wire: Wire; latencyMs?: number }) {
  const { seed, wire, latencyMs: latency = 0 } = options;
  const scenario = hurried(scenarioNamed(name));
  return simulate({
    scenario: { ...scenario, venue: { ...scenario.venue, latency } },
    seed,
    wire,
    createService,
    wallClock: systemClock,
  });
}

const RUNS = [
  { name: "calm-cold-start", seed: 1 },
  { name: "calm-cold-start", seed: 2 },
  { name: "cash-only", seed: 1 },
  { name: "informed-flow", seed: 1 },
  { name: "informed-flow", seed: 2 },
  { name: "whale", seed: 1 },
  { name: "whale", seed: 2, latencyMs: 45 },
  { name: "news-jump", seed: 1 },
  { name: "market-suspended", seed: 1 },
  { name: "deployed-venue", seed: 1 },
] as const;

for (const { name, ...options } of RUNS) {
  const terms = Object.entries(options).map((term) => term.join(" ")).join(", ");
  Deno.test(`simulator: ${name} (${terms}) has the same orders, trades and figures over HTTP`, async () => {
    const direct = await run(name, { ...options, wire: "in-process" });
    const overHttp = await run(name, { ...options, wire: "http" });
    assert.ok(direct.ownOrders > 50 && direct.ownTrades > 5, "enough happens");
    assert.equal(overHttp.digest, direct.digest);
    assert.deepEqual({ ...overHttp, wallMs: 0 }, { ...direct, wallMs: 0 });
  });
}
