import assert from "node:assert/strict";
import { healthCommand } from "../../src/cli/health_command.ts";
import { runProgram } from "../../src/cli/program.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { memoryIo } from "../support/memory_io.ts";

type Answer = () => Promise<Response>;

const well: Answer = () => Promise.resolve(new Response("{}"));

async function health(args: readonly string[], answer: Answer, env: Record<string, string> = {}) {
  const files = { "other.yaml": "global: { health_port: 9100 }", "bad.yaml": "globl: {}" };
  const io = memoryIo({ files, env });
  const clock = new VirtualClock(0);
  const asked: string[] = [];
  const fetch = (url: string) => {
    asked.push(url);
    return answer();
  };
  const load = () => Promise.resolve(healthCommand(io, { fetch, clock }));
  const commands = [{ name: "health", summary: "ask", load }];
  const done = runProgram({ args: ["health", ...args], io, version: "1", commands });
  await clock.advance(10_000);
  await done;
  return { io, asked };
}

Deno.test("health: a bot that answers is well, and the exit code is 0", async () => {
  const { io, asked } = await health([], well);
  assert.deepEqual(asked, ["http://127.0.0.1:8001/health/live"]);
  assert.deepEqual([io.out, io.exitCode], ["http://127.0.0.1:8001/health/live: well\n", 0]);
});

Deno.test("health: the address comes from the options, the file or the environment", async (t) => {
  const table: [string[], Record<string, string>, string][] = [
    [["--ready"], {}, "http://127.0.0.1:8001/health/ready"],
    [["--port", "9000"], {}, "http://127.0.0.1:9000/health/live"],
    [["--config", "other.yaml"], {}, "http://127.0.0.1:9100/health/live"],
    [[], { AMM_HEALTH_HOST: "0.0.0.0" }, "http://localhost:8001/health/live"],
    [["--url", "http://127.0.0.1:8000/health"], {}, "http://127.0.0.1:8000/health"],
  ];
  for (const [args, env, url] of table) {
    await t.step(url, async () => assert.deepEqual((await health(args, well, env)).asked, [url]));
  }
});

Deno.test("health: a bot that says no, does not answer or is not there makes the exit code 1", async (t) => {
  const table: [string, Answer, RegExp][] = [
    ["503", () => Promise.resolve(new Response("stopping", { status: 503 })), /503 stopping/],
    ["silence", () => new Promise(() => {}), /no answer within 3000 ms/],
    ["nobody", () => Promise.reject(new Error("connection refused")), /connection refused/],
  ];
  for (const [name, answer, message] of table) {
    await t.step(name, async () => {
      const { io } = await health(["--ready"], answer);
      assert.match(io.err, message);
      assert.deepEqual([io.out, io.exitCode], ["", 1]);
    });
  }
});

Deno.test("health: a configuration that cannot be used is a wrong call, and nobody is asked", async () => {
  const { io, asked } = await health(["--config", "bad.yaml"], well);
  assert.deepEqual([asked, io.exitCode], [[], 2]);
  assert.match(io.err, /globl/);
});
