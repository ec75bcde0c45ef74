import assert from "node:assert/strict";
import { systemClock } from "../../src/runtime/clock.ts";
import { createService } from "../../src/service/service.ts";
import type { AdminCommand } from "../../src/service/service_api.ts";
import { simulate, type SimulateOptions } from "../../sim/harness/simulate.ts";
import { ALL_QUIRKS } from "../../sim/exchange/mod.ts";
import { scenarioNamed } from "../../sim/scenario/library.ts";
import { changed, smallScenario } from "../support/sim.ts";
import { stubBot } from "../support/stub_bot.ts";

/** Runs the small scenario with the real bot, unless a test says otherwise. */
function run(options: Partial<SimulateOptions> = {}) {
  const scenario = smallScenario();
  return simulate({ scenario, seed: 1, createService, wallClock: systemClock, ...options });
}

/** The small scenario without traders and events. */
function silent() {
  return smallScenario(
    ["    traders:\n      - { kind: noise, rate_per_hour: 120 }\n", ""],
    ["events:\n  - { at: 10m, do: suspend }\n", ""],
  );
}

Deno.test("simulator: the same seed gives the same digest, another seed another", async () => {
  const [first, again, other] = [await run(), await run(), await run({ seed: 2 })];
  assert.equal(first.digest, again.digest);
  assert.notEqual(first.digest, other.digest);
});

Deno.test("simulator: an order counts for the digest even if nobody trades", async () => {
  const digest = async (price: number) => {
    const createService = stubBot({ orders: [["YES", price]] });
    return (await run({ scenario: silent(), createService })).digest;
  };
  assert.notEqual(await digest(30), await digest(31));
});

Deno.test("simulator: two processes agree on the digest", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, changed());
    const digests = await Promise.all([1, 2].map(() => digestOfProcess(file)));
    assert.equal(digests[0], (await run()).digest);
    assert.equal(digests[1], digests[0]);
  } finally {
    await Deno.remove(file);
  }
});

async function digestOfProcess(file: string): Promise<string> {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", main, "sim", "run", file, "--json"],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).digest;
}

Deno.test("simulator: the books are compared when no command is on its way any more", async () => {
  // An answer takes four seconds, and the bot does not mind.
  const settings = { market: { max_latency_ms: 30_000 } };
  for (const seed of [10001, 10005]) {
    const result = await run({ scenario: scenarioNamed("slow-venue"), seed, settings });
    assert.deepEqual(result.violations, []);
  }
});

Deno.test("simulator: a run measures what the bot did", async () => {
  const result = await run();
  assert.equal(result.simSeconds, 1_200);
  assert.ok(result.cycles >= 590, `${result.cycles} cycles`);
  assert.ok(result.ownOrders > 0 && result.ownTrades > 0);
  assert.deepEqual(result.levelsVisited.slice(-1), ["KILL_SWITCH"]);
  assert.deepEqual(result.killReasons, ["STATUS"]);
  assert.ok(Math.abs(result.twoSidedUptime - 0.5) < 0.02, `uptime ${result.twoSidedUptime}`);
  assert.deepEqual(result.violations, []);
  assert.ok(result.markets[0]?.samples.length);
});

Deno.test("simulator: it tells how far it is, up to the end", async () => {
  const shares: number[] = [];
  await run({ onProgress: (share) => shares.push(share), createService: stubBot() });
  assert.deepEqual(shares, [...shares].sort((a, b) => a - b));
  assert.equal(shares.at(-1), 1);
});

Deno.test("simulator: a settled market is worth what it paid", async () => {
  const scenario = smallScenario(
    ["{ at: 10m, do: suspend }", "{ at: 10m, do: resolve, result: YES }"],
    ["rate_per_hour: 120", "rate_per_hour: 600, buy_share: 0"],
  );
  const createService = stubBot({ orders: [["YES", 60]] });
  const { pnlCents, ownTrades, violations } = await run({ scenario, createService });
  assert.ok(ownTrades > 0);
  assert.equal(pnlCents, 10 * (100 - 60));
  assert.deepEqual(violations, []);
});

Deno.test("simulator: an order that is left behind is a violation", async () => {
  const createService = stubBot({ orders: [["YES", 30]] });
  const { violations, ownOrdersOpen } = await run({ scenario: silent(), createService });
  assert.equal(ownOrdersOpen, 1);
  assert.match(violations[0] ?? "", /^SIM-1: open orders: the bot has none, the venue \d+$/);
  assert.match(violations.at(-1) ?? "", /^SIM-1: order \d+ rests after the stop$/);
});

Deno.test("simulator: own quotes that cross are a violation", async () => {
  const createService = stubBot({ orders: [["YES", 60], ["NO", 60]] });
  const { violations } = await run({ scenario: silent(), createService });
  assert.ok(
    violations.includes(
      "SIM-1: own quotes crossed and traded with each other: 10 shares at 60, after 0s",
    ),
    violations.join("\n"),
  );
});

Deno.test("simulator: a bot that does not know what it holds is a violation", async () => {
  const scenario = smallScenario(
    ["events:\n  - { at: 10m, do: suspend }\n", ""],
    ["rate_per_hour: 120", "rate_per_hour: 600, buy_share: 0"],
  );
  const { violations } = await run({ scenario, createService: stubBot({ orders: [["YES", 60]] }) });
  assert.ok(violations.includes("SIM-1: YES held: the bot has 0, the venue 10"));
});

Deno.test("simulator: a market that the bot gave up while it is open is a violation", async () => {
  const createService = stubBot({ problem: "no anchor" });
  const { violations } = await run({ scenario: silent(), createService });
  assert.ok(violations.includes("SIM-1: the bot does not work it: no anchor"));
});

Deno.test("simulator: a market whose trading has ended need not be worked any more", async () => {
  const scenario = smallScenario(
    ["    traders:\n      - { kind: noise, rate_per_hour: 120 }\n", "    ends_in: 15m\n"],
    ["events:\n  - { at: 10m, do: suspend }\n", ""],
  );
  const { violations } = await run({ scenario, createService: stubBot({ problem: "it is over" }) });
  assert.deepEqual(violations, []);
});

Deno.test("simulator: commands of the operator reach the bot at their time", async () => {
  const commands: [string, AdminCommand["kind"]][] = [];
  const scenario = smallScenario([
    "  - { at: 10m, do: suspend }",
    [
      "  - { at: 1m, do: set_anchor, price: 40 }",
      "  - { at: 2m, do: kill, market: SIM-1 }",
      "  - { at: 3m, do: release }",
    ].join("\n"),
  ]);
  const onAdmin = (target: string, { kind }: AdminCommand) => commands.push([target, kind]);
  await run({ scenario, createService: stubBot({ onAdmin }) });
  assert.deepEqual(commands, [["SIM-1", "set_anchor"], ["SIM-1", "kill"], ["SIM-1", "release"]]);
});

Deno.test("simulator: an event that the venue refuses is a violation, and the run goes on", async () => {
  const again = "{ at: 9m, do: resolve, result: NO }\n  - { at: 10m, do: resolve, result: YES }";
  const scenario = smallScenario(["{ at: 10m, do: suspend }", again]);
  const { violations, simSeconds } = await run({ scenario, createService: stubBot() });
  assert.equal(simSeconds, 1_200);
  assert.deepEqual(violations, [
    "the event resolve: Refusal: Market cannot be resolved (status=SETTLED)",
  ]);
});

Deno.test("simulator: the venue has the defects that the scenario switches on", async () => {
  const scenario = smallScenario(
    ["duration: 20m", "duration: 20m\nvenue: { quirks: [Q-02] }"],
    ["events:\n  - { at: 10m, do: suspend }\n", ""],
  );
  const { ownOrders, violations } = await run({ scenario });
  assert.equal(ownOrders, 0, "without a mint there is nothing to sell");
  assert.match(violations.join(), /SIM-1: the bot does not work it: /);
});

Deno.test("simulator: orders that the venue has lost are shown but do not count as matchable", async () => {
  const scenario = smallScenario(
    ["duration: 20m", "duration: 20m\nvenue: { quirks: [Q-03] }"],
    ["{ kind: noise, rate_per_hour: 120 }", "{ kind: clumsy, rate_per_hour: 600, from: 10m }"],
    ["events:\n  - { at: 10m, do: suspend }\n", ""],
  );
  const createService = stubBot({ orders: [["YES", 30], ["NO", 30]] });
  const result = await run({ scenario, createService });
  assert.equal(result.twoSidedUptime, 1);
  const { matchableTwoSidedUptime: share } = result;
  assert.ok(share > 0.5 && share < 0.55, `${share}: until the first failure after ten minutes`);
});

Deno.test("simulator: profile deployed has every defect", () => {
  const deployed = smallScenario(["duration: 20m", "duration: 20m\nvenue: { profile: deployed }"]);
  assert.deepEqual(deployed.venue.quirks, ALL_QUIRKS);
});

Deno.test("simulator: a deposit is no profit", async () => {
  const scenario = smallScenario(["do: suspend", "do: deposit, cents: 5000"]);
  const { pnlCents, violations } = await run({ scenario, createService: stubBot() });
  assert.equal(pnlCents, 0);
  assert.deepEqual(violations, []);
});

Deno.test("simulator: losses are answered step by step, up to the kill", async () => {
  const { levelsVisited, violations } = await run({ scenario: scenarioNamed("budget-exhausted") });
  assert.deepEqual(violations, []);
  assert.equal(levelsVisited[0], "NORMAL");
  assert.deepEqual(levelsVisited.slice(-3), ["WIDEN", "ONE_SIDE", "KILL_SWITCH"]);
});
