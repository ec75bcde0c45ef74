/** `deno task sim faults` as people call it, in processes of its own. */

import assert from "node:assert/strict";
import { faultsCommand } from "../../sim/cli/faults_command.ts";
import { memoryIo } from "../support/memory_io.ts";
import { startDeno } from "../support/real_process.ts";

const LIMIT_MS = 120_000;
const RUN = ["run", "--no-prompt", "--ignore-env", "--allow-read=.", "--allow-write", "main.ts"];

async function faults(...args: readonly string[]) {
  const { code, out, err } = await startDeno(...RUN, "sim", "faults", ...args).end(LIMIT_MS);
  return { code, out, err };
}

Deno.test("fault command: the same seeds have the same digest in two processes, on one core or on two", async () => {
  const alone = await faults("--seed", "5", "--seeds", "3", "--workers", "1", "--json");
  const together = await faults("--seed", "5", "--seeds", "3", "--workers", "2", "--json");
  assert.deepEqual([alone.code, together.code], [0, 0], alone.err + together.err);
  const { wall_ms, sim_to_real, ...result } = JSON.parse(alone.out);
  const { wall_ms: otherMs, sim_to_real: _, ...other } = JSON.parse(together.out);
  assert.deepEqual(result, other);
  assert.ok(wall_ms > 0 && otherMs > 0 && sim_to_real > 0);
  assert.deepEqual([result.seeds, result.first_seed, result.violations], [3, 5, []]);
  assert.match(result.digest, /^[0-9a-f]{64}$/);
  assert.ok(result.faults_injected > 0 && result.sim_seconds > 60);
});

Deno.test("fault command: a run that is stopped says what came of the seeds that were done, and that it is not complete", async () => {
  const io = memoryIo();
  const args = ["--seeds", "100000", "--workers", "1", "--json"];
  const running = faultsCommand(io).parseAsync(args, { from: "user" });
  assert.equal(io.listeners, 1, "it listens before the first seed is done");
  io.signal("SIGTERM");
  await running;
  assert.equal(io.exitCode, 1);
  assert.match(io.err, /^stopped after 1 of 100000 seeds$/m);
  const { seeds, violations } = JSON.parse(io.out);
  assert.deepEqual([seeds, violations, io.listeners], [1, [], 0]);
});

Deno.test("fault command: --trace writes what was planned and what happened, and --shrink says if nothing fails", async () => {
  const directory = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    const file = `${directory}/history.txt`;
    const traced = await faults("--seed", "5", "--trace", file);
    assert.equal(traced.code, 0, traced.err);
    assert.match(traced.out, /^seeds 5 to 5: 0 violations; \d+ faults in \d+ simulated seconds/);
    const history = await Deno.readTextFile(file);
    assert.match(history, /^world: \{"seed":5,.*\nplanned: \{"kind":/);
    assert.match(history, /run: the faults are over/);
    const shrunk = await faults("--seed", "5", "--shrink");
    assert.deepEqual([shrunk.code, shrunk.out], [0, "seed 5 does not fail\n"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
