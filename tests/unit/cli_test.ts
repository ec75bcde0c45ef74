import assert from "node:assert/strict";
import { Command } from "commander";
import { banner } from "../../src/cli/banner.ts";
import { describeError, runProgram } from "../../src/cli/program.ts";
import { memoryIo } from "../support/memory_io.ts";
import { processConfig } from "../support/process_config.ts";
import { marketConfig } from "../support/config.ts";

/** Runs a program with the commands `start` (one option) and `bench` (none). */
async function run(...args: readonly string[]) {
  const io = memoryIo();
  const loaded: string[] = [];
  await runProgram({
    args,
    io,
    version: "1.2.3",
    commands: [
      {
        name: "start",
        summary: "run the bot",
        load: () => {
          loaded.push("start");
          const start = new Command("start").option("--port <number>", "the port");
          start.command("fail").action(() => {
            throw new Error("the inner step", { cause: new Error("the reason") });
          });
          start.action(({ port }) => io.write(`started on ${port}\n`));
          return Promise.resolve(start);
        },
      },
      {
        name: "bench",
        summary: "measure",
        load: () => {
          loaded.push("bench");
          return Promise.resolve(new Command("bench"));
        },
      },
    ],
  });
  return { io, loaded };
}

Deno.test("program: a command gets its options", async () => {
  const { io } = await run("start", "--port", "9000");
  assert.deepEqual([io.out, io.err, io.exitCode], ["started on 9000\n", "", 0]);
});

Deno.test("program: only the command that was asked for is loaded", async () => {
  assert.deepEqual((await run("start")).loaded, ["start"]);
  assert.deepEqual((await run("--help")).loaded, []);
});

Deno.test("program: --help lists every command and exits 0", async () => {
  const { io } = await run("--help");
  assert.match(io.out, /start\s+run the bot/);
  assert.match(io.out, /bench\s+measure/);
  assert.deepEqual([io.err, io.exitCode], ["", 0]);
});

Deno.test("program: help of a command shows its options", async (t) => {
  for (const args of [["start", "--help"], ["help", "start"]]) {
    await t.step(args.join(" "), async () => {
      const { io } = await run(...args);
      assert.match(io.out, /--port <number>\s+the port/);
      assert.equal(io.exitCode, 0);
    });
  }
});

Deno.test("program: --version prints the version", async () => {
  assert.equal((await run("--version")).io.out, "1.2.3\n");
});

Deno.test("program: a usage error says what was wrong and exits 2", async (t) => {
  const table: [string[], RegExp][] = [
    [["strat"], /unknown command 'strat'[^]*Did you mean start\?/],
    [["start", "--prot", "1"], /unknown option '--prot'[^]*Did you mean --port\?/],
    [["start", "--port"], /option '--port <number>' argument missing/],
    [["start", "extra"], /too many arguments/],
    [["start", "fial"], /too many arguments|unknown command 'fial'/],
    [[], /Usage: amm/],
  ];
  for (const [args, message] of table) {
    await t.step(`amm ${args.join(" ")}`, async () => {
      const { io } = await run(...args);
      assert.match(io.err, message);
      assert.deepEqual([io.out, io.exitCode], ["", 2]);
    });
  }
});

Deno.test("program: a command that fails is reported with its cause and exits 1", async () => {
  const { io } = await run("start", "fail");
  assert.deepEqual([io.err, io.exitCode], ["error: the inner step: the reason\n", 1]);
});

Deno.test("describeError: an error without a message shows its name, anything else itself", () => {
  assert.equal(describeError(new TypeError("")), "TypeError");
  assert.equal(describeError("text"), "text");
});

Deno.test("banner: paper says that no money is at stake and where to look", () => {
  const text = banner(processConfig({ mode: "paper" }));
  assert.match(text, /PAPER TRADING: no real money/);
  assert.doesNotMatch(text, /LIVE/);
  assert.match(text, /http:\/\/127\.0\.0\.1:8001\/status/);
  assert.match(text, /markets {2}MKT-1\n/);
});

Deno.test("banner: live says that money is at stake, and whose, without a password", () => {
  const text = banner(processConfig({ mode: "live" }, {
    baseUrl: "https://amm:hunter2@venue.example/api/v1",
    ammUsername: "amm_market_maker",
  }));
  assert.match(text, /LIVE TRADING: REAL MONEY/);
  assert.doesNotMatch(text, /PAPER|hunter2/);
  assert.match(text, /Account amm_market_maker at https:\/\/\[hidden\]@venue\.example\/api\/v1/);
});

Deno.test("banner: where state is kept is shown, without a password", () => {
  const redisUrl = "redis://amm:hunter2@cache:6379/0";
  const redis = banner(processConfig({ mode: "live" }, { stateStore: "redis", redisUrl }));
  assert.match(redis, /state {4}Redis at redis:\/\/\[hidden\]@cache:6379\/0\n/);
  assert.doesNotMatch(redis, /hunter2/);
  const memory = banner(processConfig({}, { stateStore: "memory" }));
  assert.match(memory, /state {4}in memory: a restart forgets kills and the losses of the day\n/);
});

Deno.test("banner: a long list of markets is cut and counted", () => {
  const ids = Array.from({ length: 50 }, (_, index) => `M${index}`);
  const text = banner(processConfig({ markets: new Map(ids.map((id) => [id, marketConfig()])) }));
  assert.match(text, /M0, M1, M2, M3, M4 and 45 more\n/);
});
