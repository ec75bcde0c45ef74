import assert from "node:assert/strict";
import { MemoryConfig } from "../../src/cache/memory_config.ts";
import { StoreError } from "../../src/cache/store_error.ts";
import { configCommand } from "../../src/cli/config_command.ts";
import type { EditParts } from "../../src/cli/config_edit_commands.ts";
import { runProgram } from "../../src/cli/program.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { paperWith } from "../support/config_layers.ts";
import { memoryIo } from "../support/memory_io.ts";

const LIVE = `
mode: live
global:
  base_url: https://exchange.example/api/v1
  market_ids: [MKT-1]
markets:
  MKT-1: {anchor_price_cents: 50, initial_funding_cents: 200000}`;

const ENV = { AMM_PASSWORD: "hunter2", AMM_REDIS_URL: "redis://bot:hunter2@redis:6379/0" };
const WHO = ["--config", "bot.yaml", "--market", "MKT-1", "--operator", "anna", "--reason", "news"];
const WHERE = ["--config", "bot.yaml", "--market", "MKT-1"];

/** A terminal beside a running bot. */
function terminal(file = LIVE) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 12));
  const store = new MemoryConfig(clock);
  const opened = { urls: [] as string[], closed: 0 };
  const parts: EditParts = {
    clock,
    open: ({ redisUrl }) => {
      opened.urls.push(redisUrl);
      return Promise.resolve({
        store,
        close: () => {
          opened.closed++;
          return Promise.resolve();
        },
      });
    },
  };
  const run = async (args: readonly string[], changed: Partial<EditParts> = {}) => {
    const io = memoryIo({ files: { "bot.yaml": file }, env: ENV });
    await runProgram({
      args: ["config", ...args],
      io,
      version: "1",
      commands: [{
        name: "config",
        summary: "",
        load: (io) => Promise.resolve(configCommand(io, { ...parts, ...changed })),
      }],
    });
    assert.doesNotMatch(io.out + io.err, /hunter2/);
    return io;
  };
  return { clock, store, opened, run };
}

Deno.test("config set: it writes to the Redis of the configuration and says what changes", async () => {
  const { run, opened } = terminal();
  const io = await run(["set", ...WHO, "kappa=3", "exploration_levels=", "quote_interval_ms=7000"]);
  assert.equal(
    io.out,
    "MKT-1 is now at version 1:\n" +
      "  kappa: 1.5 → 3\n" +
      "  quote_interval_ms: 6000 → 7000\n" +
      "A running bot takes it over within 30 s.\n",
  );
  assert.deepEqual([io.err, io.exitCode], ["", 0]);
  assert.deepEqual(opened, { urls: [ENV.AMM_REDIS_URL], closed: 1 });
});

Deno.test("config set: all that is wrong is told, nothing is written, and it exits 1", async () => {
  const { run, opened } = terminal();
  const io = await run(["set", ...WHO, "kappa=0", "kapa=1", "max_per_market_loss_cents=6000"]);
  const [first, second, third, last] = io.err.split("\n");
  assert.match(first ?? "", /kappa: 0 is out of range; allowed 0\.1 to 100/);
  assert.match(second ?? "", /kapa: is not a setting\. Did you mean kappa\?/);
  assert.match(third ?? "", /max_per_market_loss_cents: .*second person has to approve/);
  assert.equal(last, "Nothing was written.");
  assert.deepEqual([io.out, io.exitCode, opened.closed], ["", 1, 1]);
  const { out } = await run(["history", ...WHERE]);
  assert.match(out, /version 0 refused by anna: news\n/);
});

Deno.test("config set: --ttl, --approver, --expect-version, --dry-run and --global are understood", async () => {
  const { run, clock } = terminal();
  const dry = await run(["set", ...WHO, "--dry-run", "kappa=3"]);
  assert.match(dry.out, /^MKT-1 could be changed \(version 0, nothing was written\):\n {2}kappa/);
  const loosen = ["max_per_market_loss_cents=6000", "--approver", "ben", "--ttl", "30m"];
  assert.equal((await run(["set", ...WHO, ...loosen])).exitCode, 0);
  const shown = await run(["overrides", ...WHERE]);
  assert.match(shown.out, /^MKT-1 is at version 1; overridden settings: 1$/m);
  assert.match(shown.out, /^ {2}max_per_market_loss_cents +6000 +override temporary$/m);
  assert.match(shown.out, /^Temporary overrides end in 1800 s\.$/m);
  await clock.advance(1_800_000);
  assert.match((await run(["overrides", ...WHERE])).out, /; overridden settings: 0$/m);
  const stale = await run(["set", ...WHO, "--expect-version", "0", "kappa=3"]);
  assert.match(stale.err, /MKT-1 is at version 1, not 0: written by anna \(news\)\nNothing/);
  assert.equal(stale.exitCode, 1);
  const global = ["--config", "bot.yaml", "--global", "--operator", "anna", "--reason", "news"];
  assert.match((await run(["set", ...global, "log_level=debug"])).out, /"INFO" → "DEBUG"/);
});

Deno.test("config unset, preset and rollback: each makes a new version that the history shows", async () => {
  const { run } = terminal();
  await run(["set", ...WHO, "kappa=3", "max_shift_cents=5"]);
  assert.match((await run(["unset", ...WHO, "kappa"])).out, /version 2:\n {2}kappa: 3 → 1\.5\n/);
  assert.match((await run(["rollback", ...WHO, "1"])).out, /version 3:\n {2}kappa: 1\.5 → 3\n/);
  assert.equal((await run(["preset", ...WHO, "tight", "--ttl", "4h"])).exitCode, 0);
  assert.equal((await run(["unset", ...WHO, "--temporary", "--all"])).exitCode, 0);
  assert.equal((await run(["unset", ...WHO, "--all"])).exitCode, 0);
  const { out } = await run(["history", ...WHERE, "--limit", "4"]);
  assert.deepEqual(out.split("\n").filter((line) => line.startsWith("2026")), [
    "2026-01-05T12:00:00.000Z version 6 written by anna: news",
    "2026-01-05T12:00:00.000Z version 5 written by anna: news",
    "2026-01-05T12:00:00.000Z version 4 written for 14400 s by anna: news",
    "2026-01-05T12:00:00.000Z version 3 written by anna: news",
  ]);
  assert.match(out, /^4 of 6 records\.$/m);
});

Deno.test("config set --json: the outcome is data, whatever it is", async () => {
  const { run } = terminal();
  const written = JSON.parse((await run(["set", ...WHO, "--json", "kappa=3"])).out);
  assert.deepEqual(written, {
    kind: "written",
    version: 1,
    changes: [{ name: "kappa", old: 1.5, new: 3 }],
    warnings: [],
  });
  const io = await run(["set", ...WHO, "--json", "kappa=0"]);
  const { kind, findings } = JSON.parse(io.out);
  assert.deepEqual([kind, findings[0].code, io.exitCode, io.err], ["refused", "RANGE", 1, ""]);
  const history = JSON.parse((await run(["history", ...WHERE, "--json"])).out);
  assert.deepEqual([history.total, history.records[1].operator], [2, "anna"]);
  const overrides = JSON.parse((await run(["overrides", ...WHERE, "--json"])).out);
  assert.deepEqual(overrides.settings.kappa, { value: 3, origin: "override redis" });
});

/** A wrong call and what it is told. */
const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["no market", ["set", ...WHO.slice(0, 2), ...WHO.slice(4), "kappa=3"], /--market ID or --global/],
  ["both targets", ["set", ...WHO, "--global", "kappa=3"], /--market ID or --global/],
  ["no value", ["set", ...WHO, "kappa"], /must be NAME=VALUE/],
  ["nothing to set", ["set", ...WHO], /missing required argument 'name=value'/],
  ["no reason", ["set", ...WHO.slice(0, 6), "kappa=3"], /--reason <text>' not specified/],
  ["a blank reason", ["set", ...WHO.slice(0, 7), " ", "kappa=3"], /reason must be a text/],
  ["a strange time", ["set", ...WHO, "--ttl", "soon", "kappa=3"], /must be a time such as 90s/],
  ["a time that is too long", ["set", ...WHO, "--ttl", "999h", "kappa=3"], /ttlMs must be/],
  ["nothing to unset", ["unset", ...WHO], /name the settings to take back, or --all/],
  ["a name and all", ["unset", ...WHO, "--all", "kappa"], /or --all/],
  ["a strange version", ["rollback", ...WHO, "first"], /must be a whole number/],
];

for (const [what, args, message] of WRONG) {
  Deno.test(`config: ${what} is a usage error`, async () => {
    const io = await terminal().run(args);
    assert.match(io.err, message);
    assert.deepEqual([io.exitCode, io.out], [2, ""]);
  });
}

Deno.test("config set: a market that the configuration does not have is refused", async () => {
  const where = ["--config", "bot.yaml", "--market", "MKT-9", "--operator", "a", "--reason", "b"];
  const io = await terminal().run(["set", ...where, "kappa=3"]);
  assert.match(io.err, /MKT-9: is not a market of this configuration\. Use one of global, MKT-1/);
  assert.equal(io.exitCode, 1);
});

Deno.test("config set: a bot that keeps its state in memory cannot be reached", async () => {
  const io = await terminal(paperWith()).run(["set", ...WHO, "kappa=3"]);
  assert.match(io.err, /keeps its state in memory/);
  assert.equal(io.exitCode, 2);
});

Deno.test("config set: a configuration that is not valid changes nothing", async () => {
  const { run, opened } = terminal("mode: live");
  const io = await run(["set", ...WHO, "kappa=3"]);
  assert.match(io.err, /market_ids.*\[MISSING\]/);
  assert.deepEqual([io.exitCode, opened.urls], [2, []]);
});

Deno.test("config set: Redis that is away is said so, and it exits 1", async () => {
  const open = () => Promise.reject(new StoreError("unavailable", "connect to Redis", "refused"));
  const io = await terminal().run(["set", ...WHO, "kappa=3"], { open });
  assert.match(io.err, /^error: Cannot connect to Redis: refused/);
  assert.equal(io.exitCode, 1);
});
