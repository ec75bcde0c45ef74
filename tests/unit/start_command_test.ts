import assert from "node:assert/strict";
import { runProgram } from "../../src/cli/program.ts";
import { applyOverrides } from "../../src/config/overrides.ts";
import { startCommand } from "../../src/cli/start_command.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import type { CompositionOptions } from "../../src/service/compose.ts";
import { memoryIo } from "../support/memory_io.ts";
import { fakeService } from "../support/service.ts";
import { noOperations } from "../support/site.ts";

/**
 * Runs `start` with a bot that does nothing, and stops it as soon as it runs.
 * @param files configuration files by path
 */
async function start(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const io = memoryIo({ files });
  const clock = new VirtualClock(Date.UTC(2026, 0, 2));
  const composed: CompositionOptions[] = [];
  const ports: number[] = [];
  const ended = runProgram({
    args: ["start", ...args],
    io,
    version: "1.2.3",
    commands: [{
      name: "start",
      summary: "run",
      load: () =>
        Promise.resolve(startCommand(io, {
          clock,
          random: seededRandom(1),
          listen: ({ port }) => {
            ports.push(port);
            return { port, finished: Promise.resolve() };
          },
          compose: (options) => {
            composed.push(options);
            // The signal comes when everything runs.
            clock.after(1000, () => io.signal("SIGTERM"));
            return Promise.resolve({
              service: fakeService(),
              operations: noOperations(),
              stopVenue: () => {},
            });
          },
        })),
    }],
  });
  await clock.resolve(ended);
  const log = () => io.out.trimEnd().split("\n").map((line) => JSON.parse(line));
  return { io, log, ports, options: composed[0] };
}

Deno.test("start: without a configuration it is on paper, and says so before anything else", async () => {
  const { io, options } = await start([]);
  assert.match(io.err, /^=+\n {2}PAPER TRADING: no real money\n/);
  assert.equal(options?.loaded.config.mode, "paper");
  assert.equal(io.exitCode, 0);
});

Deno.test("start: standard output holds the log and nothing else, one JSON object per line", async () => {
  const { log } = await start([]);
  const [first] = log();
  assert.deepEqual([first.event, first.mode, first.level], ["process_started", "paper", "INFO"]);
  assert.equal(first.time, "2026-01-02T00:00:00.000Z");
  assert.deepEqual(log().at(-1).event, "process_stopped");
});

Deno.test("start: --pretty writes the log for people", async () => {
  const { io } = await start(["--pretty"]);
  assert.match(io.out, /^00:00:00\.000 INFO {2}process_started version=/);
});

Deno.test("start: --port wins over health_port, in the banner and for the server", async () => {
  const { io, ports } = await start(["--port", "9123", "--config", "my.yaml"], {
    "my.yaml": "global:\n  health_port: 9000\n",
  });
  assert.deepEqual(ports, [9123]);
  assert.match(io.err, /http:\/\/127\.0\.0\.1:9123\/status/);
});

Deno.test("start: a setting of the file is in force without an option", async () => {
  const { ports } = await start(["--config", "my.yaml"], {
    "my.yaml": "global:\n  health_port: 9000\n",
  });
  assert.deepEqual(ports, [9000]);
});

Deno.test("start: --log-level wins over log_level, in any case", async () => {
  const { io, options } = await start(["--log-level", "warn"]);
  assert.equal(options?.loaded.config.global.logLevel, "WARN");
  assert.equal(io.out, "");
});

Deno.test("start: what an option says is kept by every later change of the configuration", async () => {
  const { options } = await start(["--log-level", "warn", "--port", "9123"]);
  assert(options !== undefined);
  const changed = applyOverrides(options.loaded, [
    { target: "global", label: "redis", values: { trade_poll_interval_ms: "5000" } },
  ]);
  const { logLevel, healthPort, tradePollIntervalMs } = changed.config.global;
  assert.deepEqual([logLevel, healthPort, tradePollIntervalMs], ["WARN", 9123, 5000]);
});

Deno.test("start: a log level that changes while the bot runs is in force at once", async () => {
  const { io, options } = await start(["--log-level", "error"]);
  assert(options?.onGlobal !== undefined);
  options.log.log("INFO", "fill");
  assert.equal(io.out, "");
  options.onGlobal({ ...options.loaded.config.global, logLevel: "INFO" });
  options.log.log("INFO", "fill");
  assert.match(io.out, /"event":"fill"/);
});

Deno.test("start: an invalid configuration lists what is wrong and starts nothing", async () => {
  const { io, options } = await start(["--config", "my.yaml"], {
    "my.yaml": "global:\n  health_port: 0\n  log_level: LOUD\n",
  });
  assert.equal(options, undefined);
  assert.match(io.err, /my\.yaml:2:\d+ health_port/);
  assert.match(io.err, /my\.yaml:3:\d+ log_level/);
  assert.match(io.err, /nothing was started\.\n$/);
  assert.equal(io.exitCode, 2);
});

Deno.test("start: a configuration that cannot be read starts nothing", async () => {
  const { io, options } = await start(["--config", "none.yaml"]);
  assert.equal(options, undefined);
  assert.match(io.err, /none\.yaml/);
  assert.equal(io.exitCode, 2);
});

Deno.test("start: live without what it needs starts nothing and lists all that is missing", async () => {
  const { io, options } = await start(["--config", "my.yaml"], { "my.yaml": "mode: live\n" });
  assert.equal(options, undefined);
  for (const missing of ["amm_password", "market_ids"]) {
    assert.match(io.err, new RegExp(`${missing}.*\\[MISSING\\]`));
  }
  assert.doesNotMatch(io.err, /PAPER|LIVE TRADING/);
});

Deno.test("start: a wrong option says what was wrong and exits 2", async (t) => {
  const table: [string[], RegExp][] = [
    [["--port", "0"], /'0' is invalid.*1 to 65535/],
    [["--port", "80.5"], /'80\.5' is invalid/],
    [["--port", "http"], /'http' is invalid/],
    [["--log-level", "loud"], /'loud' is invalid.*DEBUG, INFO, WARN, ERROR/],
    [["now"], /too many arguments/],
  ];
  for (const [args, message] of table) {
    await t.step(args.join(" "), async () => {
      const { io, options } = await start(args);
      assert.equal(options, undefined);
      assert.match(io.err, message);
      assert.equal(io.exitCode, 2);
    });
  }
});
