import assert from "node:assert/strict";
import { runProgram } from "../../src/cli/program.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { exchangeCommand } from "../../sim/cli/exchange_command.ts";
import type { Handler, ListenOptions } from "../../sim/http/exchange_server.ts";
import { at } from "../support/exchange_http.ts";
import { memoryIo } from "../support/memory_io.ts";

/** A command that serves without a socket. */
interface Running {
  readonly io: ReturnType<typeof memoryIo>;
  readonly clock: VirtualClock;
  readonly opened: readonly ListenOptions[];
  readonly closed: number;
  readonly handler: Handler;
  /** Settles when the command has ended. */
  readonly ended: Promise<void>;
}

/** Starts `amm exchange …` in memory and waits until it serves or has ended. */
async function start(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const io = memoryIo({ files });
  const clock = new VirtualClock(Date.parse("2026-11-22T06:13:40Z"));
  const opened: ListenOptions[] = [];
  const state = { closed: 0, handler: (() => new Response()) as Handler };
  const serve = (handler: Handler, options: ListenOptions) => {
    if (options.port === 9) return Promise.reject(new Error("Cannot listen", { cause: "busy" }));
    opened.push(options);
    state.handler = handler;
    const close = () => Promise.resolve(void state.closed++);
    return Promise.resolve({ port: options.port || 4321, close });
  };
  const load = () =>
    Promise.resolve(exchangeCommand(io, { clock, random: seededRandom(1), serve }));
  const commands = [{ name: "exchange", summary: "serves", load }];
  const ended = runProgram({ args: ["exchange", ...args], io, version: "0", commands });
  await clock.advance(0);
  return {
    io,
    clock,
    opened,
    ended,
    get closed() {
      return state.closed;
    },
    get handler() {
      return state.handler;
    },
  };
}

/** Starts a command that serves, lets a test look, and stops it. */
async function serving<T>(
  args: readonly string[],
  look: (running: Running) => Promise<T> | T,
): Promise<T> {
  const running = await start(args);
  assert.equal(running.opened.length, 1, running.io.err);
  const seen = await look(running);
  running.io.signal("SIGINT");
  await running.ended;
  assert.deepEqual([running.closed, running.io.exitCode], [1, 0]);
  return seen;
}

/** Runs a command that does not get as far as serving. */
async function failing(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const { io, opened, ended } = await start(args, files);
  await ended;
  assert.deepEqual([opened, io.out], [[], ""]);
  return io;
}

async function ask({ handler }: Running, path: string, token?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await handler(new Request(`http://x${path}`, { headers }));
  return await response.json();
}

Deno.test("exchange: says that it simulates, where it listens, and who can log in", async () => {
  await serving([], ({ io, opened }) => {
    assert.deepEqual([opened[0]?.host, opened[0]?.port], ["127.0.0.1", 8000]);
    assert.match(io.out, /SIMULATED EXCHANGE: no real money/);
    assert.match(io.out, /API +http:\/\/127\.0\.0\.1:8000\/api\/v1$/m);
    assert.match(io.out, /docs +http:\/\/127\.0\.0\.1:8000\/docs$/m);
    assert.match(io.out, /profile +reference, quirks none$/m);
    assert.match(io.out, /amm_market_maker +Passw0rd1 +amm +1000000 +0{8}-0000-4000-a000-0{11}1$/m);
    assert.match(io.out, /MKT-ELECTION +ACTIVE +Will the challenger/);
    assert.match(io.out, /alice +eyJ/);
    assert.doesNotMatch(io.out, /\n\n\n/);
  });
});

Deno.test("exchange --json: one object, whose tokens work at once", async () => {
  await serving(["--json", "--port", "0", "--control"], async (running) => {
    const facts: unknown = JSON.parse(running.io.out);
    assert.equal(at(facts, "url"), "http://127.0.0.1:4321/api/v1");
    assert.equal(at(facts, "control"), "http://127.0.0.1:4321/__control");
    assert.equal(at(facts, "users.2.username"), "alice");
    const balance = await ask(
      running,
      "/api/v1/account/balance",
      at(facts, "users.2.access_token"),
    );
    assert.equal(at(balance, "data.user_id"), at(facts, "users.2.user_id"));
    assert.deepEqual(at(await ask(running, "/__control/violations"), "violations"), []);
  });
});

Deno.test("exchange --profile deployed: every quirk is on", async () => {
  await serving(["--profile", "deployed", "--json"], ({ io }) => {
    assert.equal(at(JSON.parse(io.out), "quirks.length"), 23);
  });
});

Deno.test("exchange --quirk: takes several, in any case", async () => {
  await serving(["--quirk", "Q-03", "q-22", "--quirk", "Q-01", "--json"], ({ io }) => {
    assert.deepEqual(at(JSON.parse(io.out), "quirks"), ["Q-01", "Q-03", "Q-22"]);
  });
});

Deno.test("exchange --seed-file: starts from that state, in any profile", async () => {
  const seed = { users: [{ username: "dora", password: "pw" }], markets: [{ id: "M" }] };
  const running = await start(["--seed-file", "s.json", "--json"], {
    "s.json": JSON.stringify(seed),
  });
  const facts: unknown = JSON.parse(running.io.out);
  assert.deepEqual(at(facts, "markets"), [{ id: "M", status: "ACTIVE", title: "M" }]);
  assert.equal(at(facts, "users.length"), 1);
  running.io.signal("SIGTERM");
  await running.ended;
});

Deno.test("exchange --traders: they trade in every active market, and go home at the end", async () => {
  const running = await start(["--traders", "--json"]);
  const token = at(JSON.parse(running.io.out), "users.1.access_token");
  await running.clock.advance(15_000);
  const early = await ask(running, "/api/v1/markets/MKT-RATES/orderbook", token);
  assert.ok(Number(at(early, "data.yes.bids.length")) > 0, "nobody waits a minute for a book");
  await running.clock.advance(585_000);
  for (const market of ["MKT-ELECTION", "MKT-RATES", "MKT-BTC-100K-2027"]) {
    const book = await ask(running, `/api/v1/markets/${market}/orderbook`, token);
    assert.ok(Number(at(book, "data.yes.bids.length")) > 0, market);
    assert.ok(Number(at(book, "data.yes.asks.length")) > 0, market);
    const stats = await ask(running, `/api/v1/admin/markets/${market}/stats`, token);
    assert.ok(Number(at(stats, "data.total_trades")) > 0, market);
  }
  running.io.signal("SIGINT");
  await running.ended;
  assert.equal(await running.clock.runUntil(() => false), false, "no timer is left");
});

Deno.test("exchange: limits, latency and settings reach the app", async () => {
  const args = ["--orders-per-minute", "7", "--latency-ms", "20", "--json"];
  await serving(args, async (running) => {
    const token = at(JSON.parse(running.io.out), "users.2.access_token");
    const cancel = running.handler(
      new Request("http://x/api/v1/orders/1/cancel", {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      }),
    );
    const response = await running.clock.resolve(Promise.resolve(cancel));
    assert.equal(running.clock.monotonicMs(), 20);
    assert.equal(response.headers.get("x-ratelimit-limit"), "7");
  });
});

for (
  const [args, message] of [
    [["--port", "70000"], /whole number from 0 to 65535/],
    [["--profile", "best"], /Allowed choices are reference, deployed/],
    [["--quirk", "Q-24"], /must be one of Q-01, Q-02/],
    [["--orders-per-minute", "0"], /from 1 to/],
    [["--latency-ms", "-1"], /from 0 to 60000/],
    [["--seed-file", "gone.json"], /Cannot read gone\.json/],
    [["--seed-file", "bad.json"], /bad\.json:1:2 user: is not known here/],
    [["--control", "--host", "0.0.0.0"], /--control .* needs a loopback --host/],
  ] as const
) {
  Deno.test(`exchange ${args.join(" ")}: is a usage error`, async () => {
    const { err, exitCode } = await failing(args, { "bad.json": '{"user": []}' });
    assert.equal(exitCode, 2);
    assert.match(err, message);
  });
}

Deno.test("exchange: a port that is taken is a problem, not a usage error", async () => {
  const { err, exitCode } = await failing(["--port", "9"]);
  assert.equal(exitCode, 1);
  assert.match(err, /^error: Cannot listen: busy$/m);
});
