import assert from "node:assert/strict";
import { runProgram } from "../../src/cli/program.ts";
import { simCommand } from "../../sim/cli/sim_command.ts";
import { textTable } from "../../sim/cli/text_table.ts";
import { type MemoryIo, memoryIo } from "../support/memory_io.ts";
import { changed } from "../support/sim.ts";

const SHORT = changed(["duration: 20m", "duration: 2m"], ["at: 10m", "at: 1m"]);

/** Runs `amm sim …` in memory. */
async function sim(
  args: readonly string[],
  options: Parameters<typeof memoryIo>[0] = {},
): Promise<MemoryIo> {
  const io = memoryIo(options);
  const load = () => Promise.resolve(simCommand(io));
  const commands = [{ name: "sim", summary: "simulates", load }];
  await runProgram({ args: ["sim", ...args], io, version: "0", commands });
  return io;
}

Deno.test("sim list --json: an array of names and descriptions, and nothing else", async () => {
  const { out, exitCode } = await sim(["list", "--json"]);
  const scenarios: { name: string; description: string }[] = JSON.parse(out);
  assert.equal(exitCode, 0);
  assert.ok(scenarios.length >= 9);
  for (const scenario of scenarios) {
    assert.deepEqual(Object.keys(scenario), ["name", "description"]);
  }
});

Deno.test("sim list: a line for each scenario", async () => {
  const { out } = await sim(["list"]);
  assert.match(out, /^calm-cold-start +A new market/m);
  assert.match(out, /^whale +One buyer/m);
});

Deno.test("sim run: an unknown scenario is a usage error that names those that there are", async () => {
  const { out, err, exitCode } = await sim(["run", "nobody"]);
  assert.equal(exitCode, 2);
  assert.equal(out, "");
  assert.match(err, /^Unknown scenario nobody; there are calm-cold-start, informed-flow, /);
});

Deno.test("sim run: a file that is not there is a usage error", async () => {
  const { err, exitCode } = await sim(["run", "./gone.yaml"]);
  assert.equal(exitCode, 2);
  assert.match(err, /^Cannot read scenario \.\/gone\.yaml: /);
});

Deno.test("sim run: a bad file is a usage error, and no report is written", async () => {
  const files = { "bad.yaml": changed(["duration: 20m", "duration: soon"]) };
  const io = await sim(["run", "bad.yaml", "--report", "r.html"], { files });
  assert.equal(io.exitCode, 2);
  assert.match(io.err, /^bad\.yaml:4:1 duration: must be a duration from 1m to 90d/m);
  assert.deepEqual([...io.files.keys()], ["bad.yaml"]);
});

for (const seed of ["x", "-1", "1.5", "99999999999999999"]) {
  Deno.test(`sim run: --seed=${seed} is a usage error that states the range`, async () => {
    const { err, exitCode } = await sim(["run", "whale", `--seed=${seed}`]);
    assert.equal(exitCode, 2);
    assert.match(err, /It must be a whole number from 0 to 9007199254740991\./);
  });
}

Deno.test("sim run --json: one object with every promised field, in snake_case", async () => {
  const io = await sim(["run", "short.yaml", "--seed", "7", "--json"], {
    files: { "short.yaml": SHORT },
  });
  const result: Record<string, unknown> = JSON.parse(io.out);
  assert.equal(io.exitCode, 0);
  assert.equal(io.err, "");
  assert.equal(result.scenario, "small");
  assert.equal(result.seed, 7);
  assert.equal(result.sim_seconds, 120);
  assert.match(String(result.digest), /^[0-9a-f]{64}$/);
  for (
    const name of [
      "wall_ms",
      "cycles",
      "own_orders",
      "own_trades",
      "volume_shares",
      "pnl_cents",
      "max_drawdown_cents",
      "two_sided_uptime",
    ]
  ) {
    assert.equal(typeof result[name], "number", name);
  }
  assert.equal(result.final_defense_level, "KILL_SWITCH");
  assert.deepEqual(result.violations, []);
});

Deno.test("sim run: failed assertions are shown and make the exit code 1", async () => {
  const files = { "short.yaml": SHORT.replace("metric: kills, max: 1", "metric: kills, max: 0") };
  const { out, exitCode } = await sim(["run", "short.yaml"], { files });
  assert.equal(exitCode, 1);
  assert.match(out, /^small +1 +1 violations/m);
  assert.match(out, /^small: kills must be at most 0, but is 1$/m);
});

Deno.test("sim run --report: writes one page", async () => {
  const io = await sim(["run", "short.yaml", "--report", "r.html"], {
    files: { "short.yaml": SHORT },
  });
  assert.match(io.files.get("r.html") ?? "", /^<!doctype html>/);
});

Deno.test("sim run --explain: every term of the quote is there, in cents", async () => {
  const { out, exitCode } = await sim(["run", "short.yaml", "--explain", "50s"], {
    files: { "short.yaml": SHORT },
  });
  assert.equal(exitCode, 0);
  for (
    const term of [/posterior +[\d.]+ c × 1/, /inventory shift +-?[0-9.]+ c/, /bid \/ ask +4\d/]
  ) {
    assert.match(out, term);
  }
});

Deno.test("textTable: columns line up, figures to the right", () => {
  assert.equal(
    textTable([["name", "pnl"], ["a", "1.5"], ["bcdef", "-10.25"]]),
    "name   pnl\na         1.5\nbcdef  -10.25\n",
  );
});
