import assert from "node:assert/strict";
import {
  answer,
  type Call,
  type Diagnosis,
  type DoctorOptions,
  DoctorVenue,
  liveFile,
  route,
  SECRETS,
} from "../support/doctor.ts";

Deno.test("doctor: the text has a mark for each check, fixes underneath and a verdict", async () => {
  const file = liveFile({ global: ["state_store: memory"] });
  const { io } = await new DoctorVenue({}, { status: "HALTED" }).run({ file });
  const lines = io.out.split("\n");
  assert.equal(lines[0], "[ ok ] permissions   environment variables and files can be read");
  const store = lines.findIndex((line) => line.startsWith("[WARN] state store   memory:"));
  assert.equal(
    lines[store + 1],
    "                     → Set state_store: redis for anything but a trial",
  );
  const market = lines.indexOf("market MKT-1");
  assert.equal(lines[market + 1], "[FAIL] status        HALTED, not ACTIVE: MKT-1");
  assert.equal(lines[market + 3], "[SKIP] trading time  not checked: status failed");
  assert.ok(lines.indexOf("all markets") > market);
  assert.equal(lines.at(-2), "17 ok, 1 warning, 1 failed, 6 skipped: not ready to trade");
});

Deno.test("doctor --json: an object with ok and every check, and nothing else on standard output", async () => {
  const { io } = await new DoctorVenue({}, { status: "HALTED" }).run({ args: ["--json"] });
  const { ok, checks, ...rest } = JSON.parse(io.out);
  assert.deepEqual([ok, rest], [false, {}]);
  assert.deepEqual(checks[0], {
    name: "permissions",
    market: null,
    status: "ok",
    detail: "environment variables and files can be read",
    fix: null,
  });
  assert.deepEqual(checks.find((check: { name: string }) => check.name === "status"), {
    name: "status",
    market: "MKT-1",
    status: "failed",
    detail: "HALTED, not ACTIVE: MKT-1",
    fix: "Ask the operator of the venue to activate it, or take it out of market_ids",
  });
  for (const check of checks) {
    assert.deepEqual(Object.keys(check), ["name", "market", "status", "detail", "fix"]);
  }
});

Deno.test("doctor: the exit code is 0 unless something failed, and 2 for a wrong call", async (t) => {
  const table: readonly (readonly [string, DoctorOptions, number])[] = [
    ["all is well", {}, 0],
    ["only a warning", { file: liveFile({ global: ["state_store: memory"] }) }, 0],
    ["a failure", { env: { AMM_PASSWORD: "Wrong1234" } }, 1],
    ["a failure with --json", { env: { AMM_PASSWORD: "Wrong1234" }, args: ["--json"] }, 1],
    ["a configuration that is not valid", { file: "mode: live" }, 1],
    ["an unknown option", { args: ["--fix"] }, 2],
    ["an argument too many", { args: ["live.yaml"] }, 2],
  ];
  for (const [name, options, exitCode] of table) {
    await t.step(name, async () => {
      assert.equal((await new DoctorVenue().run(options)).io.exitCode, exitCode);
    });
  }
});

Deno.test("doctor: a paper set-up has nothing to check, says so and asks nobody", async () => {
  const file = "mode: paper\nmarkets: {M: {anchor_price_cents: 50, initial_funding_cents: 100000}}";
  const { io, calls } = await new DoctorVenue().run({ file });
  assert.match(
    io.out,
    /\[WARN\] mode +paper: .* so there is nothing to check\n +→ Write mode: live/,
  );
  assert.deepEqual([calls, io.exitCode], [[], 0]);
  assert.match(io.out, /2 ok, 1 warning, 0 failed, 0 skipped/);
});

Deno.test("doctor: Ctrl-C ends the check that hangs, skips the rest and exits with 1", async () => {
  const venue = new DoctorVenue();
  const startedMs = venue.http.clock.monotonicMs();
  const { io } = await venue.run({
    ...route("GET /api/v1/trades", "hang"),
    interruptAt: "GET /api/v1/trades",
  });
  assert.equal(venue.http.clock.monotonicMs(), startedMs);
  assert.match(io.out, /\[FAIL\] trades +stopped\n/);
  assert.match(io.out, /\[SKIP\] status +not checked: stopped before the end\n/);
  assert.deepEqual([io.exitCode, io.listeners], [1, 0]);
});

Deno.test("doctor: Ctrl-C waits for the burn of a pair that is minted, and is no success", async () => {
  const { io, calls } = await new DoctorVenue().run({
    args: ["--try-mint"],
    interruptAt: "POST /api/v1/amm/mint",
  });
  assert.equal(calls.at(-1)?.route, "POST /api/v1/amm/burn");
  assert.match(io.out, /\[ ok \] mint +one pair was minted and burned again\n/);
  assert.match(io.out, /\[SKIP\] funding +not checked: stopped before the end\n/);
  assert.equal(io.exitCode, 1);
});

function assertNoSecret({ io, calls }: Diagnosis): void {
  const tokens = calls.map(({ authorization }) => authorization.replace("Bearer ", ""));
  for (const secret of [...SECRETS, ...tokens]) {
    if (secret === "") continue;
    assert.ok(!`${io.out}${io.err}`.includes(secret), `${secret} is visible in ${io.out}`);
  }
}

/** Says back everything it was sent, in the message of a refusal. */
function echo({ body, authorization }: Call): Response {
  const message = `${body} ${authorization} ${authorization.replace("Bearer ", "")}`;
  return answer(422, { code: 4001, message, data: null });
}

Deno.test("doctor: no secret is shown, not even by a venue that says back what it hears", async (t) => {
  const routes = [
    "POST /api/v1/auth/login",
    "POST /api/v1/amm/orders/replace",
    "GET /api/v1/trades",
    "GET /api/v1/markets/MKT-1",
    "GET /api/v1/orders",
    "GET /api/v1/account/balance",
    "POST /api/v1/amm/mint",
    "POST /api/v1/amm/burn",
  ];
  for (const echoed of ["nothing", ...routes]) {
    for (const args of [["--try-mint"], ["--try-mint", "--json"]]) {
      await t.step(`${echoed} ${args.at(-1)}`, async () => {
        const intervene = (call: Call) => call.route === echoed ? echo(call) : undefined;
        assertNoSecret(await new DoctorVenue().run({ args, intervene }));
      });
    }
  }
});

Deno.test("doctor: no secret is shown by a Redis that complains about it", async () => {
  const complaint = `cannot connect to redis://bot:${SECRETS[2]}@redis.test, ${
    SECRETS[2]
  } is wrong`;
  const run = await new DoctorVenue().run({
    pingRedis: () => Promise.reject(new Error(complaint)),
  });
  assert.match(run.io.out, /\[FAIL\] state store .*\[hidden\] is wrong/);
  assertNoSecret(run);
});
