import assert from "node:assert/strict";
import { configCommand } from "../../src/cli/config_command.ts";
import { runProgram } from "../../src/cli/program.ts";
import { paperWith } from "../support/config_layers.ts";
import { memoryIo } from "../support/memory_io.ts";

const LIVE = `
mode: live
global:
  base_url: https://exchange.example/api/v1
  market_ids: [MKT-1]
markets:
  MKT-1: {anchor_price_cents: 50, initial_funding_cents: 200000}`;

/** Runs `config …` with one file, `bot.yaml`. */
async function run(args: string, file = paperWith(), env: Record<string, string> = {}) {
  const io = memoryIo({ files: { "bot.yaml": file }, env });
  await runProgram({
    args: ["config", ...args.split(" ")],
    io,
    version: "1",
    commands: [{ name: "config", summary: "", load: (io) => Promise.resolve(configCommand(io)) }],
  });
  return io;
}

Deno.test("config check: a valid file exits 0 and says what it configures", async () => {
  const io = await run("check bot.yaml");
  assert.equal(io.out, "bot.yaml is valid (paper, 1 market): 0 errors, 0 warnings\n");
  assert.equal(io.exitCode, 0);
});

Deno.test("config check: a wrong file exits 1 with one line for each finding", async () => {
  const io = await run("check bot.yaml", paperWith("kappa: 0", "price_jump_threshold: 0.2"));
  const [first, , last] = io.out.split("\n");
  assert.equal(
    first,
    "bot.yaml:6:5 market MKT-1: kappa: 0 is out of range; allowed 0.1 to 100 (per cent) [RANGE]",
  );
  assert.equal(last, "bot.yaml is not valid: 1 error, 1 warning");
  assert.equal(io.exitCode, 1);
});

Deno.test("config check --json: findings are data with file, line, key, value, range and code", async () => {
  const io = await run("check bot.yaml --json", paperWith("kappa: 0"));
  assert.deepEqual(JSON.parse(io.out), {
    ok: false,
    findings: [{
      severity: "error",
      code: "RANGE",
      key: "kappa",
      message: "0 is out of range",
      origin: { layer: "file", file: "bot.yaml", line: 6, column: 5 },
      value: 0,
      allowed: "0.1 to 100 (per cent)",
      markets: ["MKT-1"],
    }],
  });
  assert.equal(io.exitCode, 1);
});

Deno.test("config check: a file that cannot be read or is no YAML was not checked and exits 2", async () => {
  const absent = await run("check other.yaml");
  assert.match(absent.out, /Cannot read other.yaml.* \[UNREADABLE\]/);
  assert.equal(absent.exitCode, 2);
  const broken = await run("check bot.yaml", "mode: [paper");
  assert.match(broken.out, /^bot.yaml:1:\d+ YAML: /);
  assert.equal(broken.exitCode, 2);
});

Deno.test("config check: without a file it is a usage error", async () => {
  const io = await run("check");
  assert.match(io.err, /missing required argument 'file'/);
  assert.equal(io.exitCode, 2);
});

Deno.test("config show: without a file it shows the paper configuration and where it comes from", async () => {
  const io = await run("show");
  assert.match(io.out, /^mode +paper +config\/default\.yaml:\d+:1$/m);
  assert.match(io.out, /^# market demo-rain \(A-S profile standard\)$/m);
  assert.match(io.out, /^state_store +memory +derived: paper trading keeps no state$/m);
  assert.equal(io.exitCode, 0);
});

Deno.test("config show --market: it shows the settings of that market only", async () => {
  const io = await run("show --config bot.yaml --market MKT-1", paperWith("kappa: 2"));
  assert.match(io.out, /^kappa +2 +bot\.yaml:6:5$/m);
  assert.match(io.out, /^max_net_shares +unset +config\/default\.yaml:\d+:5$/m);
  assert.doesNotMatch(io.out, /^health_port/m);
});

Deno.test("config show --market: an unknown market is a usage error that lists the known ones", async () => {
  const io = await run("show --market nowhere");
  assert.match(io.err, /there is no market nowhere; there are demo-rain, demo-comet, demo-cup/);
  assert.equal(io.exitCode, 2);
});

Deno.test("config show: secrets are shown as set or unset, also in a URL and in JSON", async () => {
  const env = { AMM_PASSWORD: "hunter2", AMM_REDIS_URL: "redis://bot:hunter2@redis:6379/0" };
  for (const json of ["", " --json"]) {
    const io = await run(`show --config bot.yaml${json}`, LIVE, env);
    assert.equal(io.exitCode, 0);
    assert.doesNotMatch(io.out, /hunter2/);
    assert.match(io.out, /redis:\/\/bot:\*\*\*@redis/);
  }
  const io = await run("show --config bot.yaml --json", LIVE, env);
  const { global } = JSON.parse(io.out);
  assert.deepEqual(global.amm_password, { value: "set", origin: "environment AMM_PASSWORD" });
  assert.deepEqual(global.admin_token, { value: "unset", origin: "code default" });
});

Deno.test("config show --json: every value comes with its origin", async () => {
  const io = await run("show --config bot.yaml --market MKT-1 --json", paperWith("kappa: 2"));
  const { mode, global, markets } = JSON.parse(io.out);
  assert.deepEqual(mode, { value: "paper", origin: "bot.yaml:1:1" });
  assert.equal(global, undefined);
  assert.deepEqual(markets["MKT-1"].kappa, { value: 2, origin: "bot.yaml:6:5" });
});

Deno.test("config show: an invalid configuration shows its findings and exits 2", async () => {
  const io = await run("show --config bot.yaml", paperWith("kappa: 0"));
  assert.match(io.err, /kappa: 0 is out of range/);
  assert.equal(io.out, "");
  assert.equal(io.exitCode, 2);
});

Deno.test("config schema: it prints a JSON Schema", async () => {
  const { $schema, properties } = JSON.parse((await run("schema")).out);
  assert.equal($schema, "https://json-schema.org/draft/2020-12/schema");
  assert.deepEqual(Object.keys(properties), ["mode", "global", "markets", "paper"]);
});

Deno.test("config: AMM_CONFIG_DIR takes the place of the packaged files", async () => {
  const io = memoryIo({
    env: { AMM_CONFIG_DIR: "/etc/amm" },
    files: {
      "/etc/amm/default.yaml": paperWith("kappa: 7"),
      "/etc/amm/environments/dev.yaml": "",
      "/etc/amm/environments/staging.yaml": "",
      "/etc/amm/environments/prod.yaml": "",
    },
  });
  await configCommand(io).parseAsync(["show", "--market", "MKT-1"], { from: "user" });
  assert.match(io.out, /^kappa +7 +\/etc\/amm\/default\.yaml:6:5$/m);
});
