/** A simulation is the same whether the bot calls the exchange or reaches it over HTTP. */

import assert from "node:assert/strict";
import { systemClock } from "../../src/runtime/clock.ts";
import { createService } from "../../src/service/service.ts";
import { simulate } from "../../sim/harness/simulate.ts";
import { scenarioNamed } from "../../sim/scenario/library.ts";
import type { Scenario, ScenarioMarket } from "../../sim/scenario/schema.ts";
import type { Wire } from "../../sim/wire.ts";

/** How many times as fast as written everything happens; the bot itself is not in a hurry. */
const HURRY = 20;

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

/** Five markets in each other's way: their cycles, polls and wakes fall on the same moments. */
function crowded(): Scenario {
  const names = ["market-suspended", "informed-flow", "cash-only", "spoofing"];
  const markets = names.flatMap((name) => hurried(scenarioNamed(name)).markets);
  return { ...scenarioNamed("cash-only"), markets, duration: 8 * 60_000, assertions: [] };
}

interface RunOptions {
  readonly seed: number;
  readonly latencyMs?: number;
}

async function assertSameOverHttp(scenario: Scenario, { seed, latencyMs = 0 }: RunOptions) {
  const run = (wire: Wire) =>
    simulate({
      scenario: { ...scenario, venue: { ...scenario.venue, latency: latencyMs } },
      seed,
      wire,
      createService,
      wallClock: systemClock,
    });
  const direct = await run("in-process");
  const overHttp = await run("http");
  assert.ok(direct.ownOrders > 50 && direct.ownTrades > 5, "enough happens");
  assert.equal(overHttp.digest, direct.digest);
  assert.deepEqual({ ...overHttp, wallMs: 0 }, { ...direct, wallMs: 0 });
}

const RUNS = [
  { name: "calm-cold-start", seed: 1 },
  { name: "cash-only", seed: 1 },
  { name: "informed-flow", seed: 1 },
  { name: "informed-flow", seed: 2 },
  { name: "whale", seed: 1 },
  { name: "whale", seed: 2, latencyMs: 45 },
  { name: "news-jump", seed: 1 },
  { name: "market-suspended", seed: 1 },
  { name: "deployed-venue", seed: 1 },
] as const;

const termsOf = (options: RunOptions) =>
  Object.entries(options).map((term) => term.join(" ")).join(", ");

for (const { name, ...options } of RUNS) {
  Deno.test(`simulator: ${name} (${termsOf(options)}) has the same orders, trades and figures over HTTP`, () =>
    assertSameOverHttp(hurried(scenarioNamed(name)), options));
}

for (const options of [{ seed: 7 }, { seed: 1, latencyMs: 1 }]) {
  Deno.test(`simulator: five markets that act at the same moments (${termsOf(options)}) do the same over HTTP`, () =>
    assertSameOverHttp(crowded(), options));
}
