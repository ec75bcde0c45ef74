import assert from "node:assert/strict";
import { runBot } from "../../src/cli/run_bot.ts";
import type { Listen } from "../../src/http/health_server.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import type { Composition } from "../../src/service/compose.ts";
import { StartRefused, type StopReport } from "../../src/service/service_api.ts";
import { memoryIo } from "../support/memory_io.ts";
import { processConfig } from "../support/process_config.ts";
import { noOperations } from "../support/site.ts";
import { fakeService, marketStatus, openOrder, serviceStatus } from "../support/service.ts";

const CLEAN: StopReport = { remaining: [], unverified: [] };
const NEVER = new Promise<never>(() => {});

type Behaviour = Parameters<typeof fakeService>[0];

/** A running bot whose surroundings are all in memory. */
function runningBot(
  behaviour: Behaviour = {},
  { compose, listen = openPort }: { compose?: () => Promise<Composition>; listen?: Listen } = {},
) {
  const io = memoryIo();
  const clock = new VirtualClock(0);
  const log = recordingLogger();
  const service = fakeService(behaviour);
  const venue = { stopped: false };
  const bot: Composition = {
    service,
    operations: noOperations(),
    stopVenue: () => void (venue.stopped = true),
  };
  const ended = runBot({
    config: processConfig(),
    compose: compose ?? (() => Promise.resolve(bot)),
    io,
    events: io,
    clock,
    log,
    listen,
    random: seededRandom("bot"),
    hub: new EventHub(clock),
    setLogLevel: () => {},
  });
  const events = () => log.events.map(({ event }) => event);
  const end = () => clock.resolve(ended);
  return { io, clock, log, service, venue, events, end, settle: () => clock.advance(0) };
}

const openPort: Listen = ({ port, signal }) => ({
  port,
  finished: new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
});

Deno.test("runBot: a signal stops the service, then the venue, and exits 0 when nothing is left", async (t) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    await t.step(signal, async () => {
      const bot = runningBot();
      await bot.settle();
      assert.deepEqual(bot.service.stops, []);
      bot.io.signal(signal);
      await bot.end();
      assert.deepEqual(bot.service.stops, [signal]);
      assert.equal(bot.venue.stopped, true);
      assert.equal(bot.io.exitCode, 0);
      assert.match(bot.io.err, /no own order is left/);
      assert.equal(bot.events().at(-1), "process_stopped");
      assert.equal(bot.io.listeners, 0);
    });
  }
});

Deno.test("runBot: orders that may remain are each listed and the exit code is 1", async () => {
  const remaining = [openOrder("BID", 48, 100), openOrder("ASK", 52, 70)];
  const bot = runningBot({ stop: () => Promise.resolve({ remaining, unverified: ["MKT-2"] }) });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.io.exitCode, 1);
  assert.match(bot.io.err, /MKT-1 O-BID-48: BUY 100 YES at 48 cents/);
  assert.match(bot.io.err, /MKT-1 O-ASK-52: BUY 70 NO at 48 cents/);
  assert.match(bot.io.err, /MKT-2: not verified/);
  const event = bot.log.events.find((entry) => entry.event === "orders_may_remain");
  assert.deepEqual(event?.fields, { remaining, unverified: ["MKT-2"] });
});

Deno.test("runBot: a market that could not be verified alone makes the exit code 1", async () => {
  const bot = runningBot({ stop: () => Promise.resolve({ remaining: [], unverified: ["MKT-1"] }) });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.io.exitCode, 1);
});

Deno.test("runBot: a Ctrl-C that arrives twice within milliseconds is one", async () => {
  const stop = Promise.withResolvers<StopReport>();
  const bot = runningBot({ stop: () => stop.promise });
  await bot.settle();
  bot.io.signal("SIGINT");
  bot.io.signal("SIGINT");
  await bot.clock.advance(900);
  bot.io.signal("SIGINT");
  stop.resolve(CLEAN);
  await bot.end();
  assert.deepEqual(bot.service.stops, ["SIGINT"]);
  assert.equal(bot.io.exitCode, 0);
});

Deno.test("runBot: a second Ctrl-C after a second ends a hanging stop and lists what may remain", async () => {
  const bot = runningBot({ stop: () => NEVER });
  await bot.settle();
  bot.io.signal("SIGINT");
  await bot.clock.advance(1000);
  bot.io.signal("SIGINT");
  await bot.end();
  assert.equal(bot.clock.monotonicMs(), 1000);
  assert.equal(bot.io.exitCode, 1);
  assert.ok(bot.events().includes("stop_forced"));
  assert.match(bot.io.err, /O-BID-48/);
  assert.match(bot.io.err, /O-ASK-52/);
});

Deno.test("runBot: a repeated SIGTERM does not cut the stop short", async () => {
  const stop = Promise.withResolvers<StopReport>();
  const bot = runningBot({ stop: () => stop.promise });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.clock.advance(5000);
  bot.io.signal("SIGTERM");
  await bot.clock.advance(5000);
  stop.resolve(CLEAN);
  await bot.end();
  assert.equal(bot.io.exitCode, 0);
});

Deno.test("runBot: a stop that hangs is given up after the limits of the service and five seconds", async () => {
  const bot = runningBot({ stop: () => NEVER });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.clock.monotonicMs(), 2 * 5000 + 30_000 + 5000);
  assert.equal(bot.io.exitCode, 1);
  assert.match(bot.io.err, /O-BID-48/);
});

Deno.test("runBot: a stop that fails lists everything that was last known to rest", async () => {
  const bot = runningBot({ stop: () => Promise.reject(new Error("bug")) });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.io.exitCode, 1);
  assert.match(bot.io.err, /O-ASK-52/);
  assert.equal(bot.venue.stopped, true);
});

Deno.test("runBot: an uncaught error is logged, cancels everything and exits 1", async () => {
  const bot = runningBot();
  await bot.settle();
  bot.io.fail(new TypeError("bug"));
  await bot.end();
  assert.deepEqual(bot.service.stops, ["uncaught error"]);
  assert.equal(bot.io.exitCode, 1);
  assert.deepEqual(bot.events(), [
    "http_listening",
    "uncaught_error",
    "process_stopping",
    "process_stopped",
  ]);
});

Deno.test("runBot: an error while stopping does not stop the stop, but exits 1", async () => {
  const stop = Promise.withResolvers<StopReport>();
  const bot = runningBot({ stop: () => stop.promise });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.settle();
  bot.io.fail(new TypeError("bug"));
  stop.resolve(CLEAN);
  await bot.end();
  assert.deepEqual(bot.service.stops, ["SIGTERM"]);
  assert.equal(bot.io.exitCode, 1);
});

Deno.test("runBot: a bot that cannot be put together exits 1 and says why", async () => {
  const bot = runningBot({}, { compose: () => Promise.reject(new Error("no such market")) });
  await bot.end();
  assert.equal(bot.io.exitCode, 1);
  assert.match(bot.io.err, /the bot cannot start: no such market/);
  assert.deepEqual(bot.events(), ["start_failed"]);
  assert.equal(bot.io.listeners, 0);
});

Deno.test("runBot: a signal while the bot is put together ends it at once, nothing started", async () => {
  const bot = runningBot({}, { compose: () => NEVER });
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.deepEqual([bot.service.stops, bot.io.exitCode], [[], 0]);
});

Deno.test("runBot: a signal during a slow start stops what has started", async () => {
  const bot = runningBot({ start: () => NEVER });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.deepEqual([bot.service.stops, bot.io.exitCode], [["SIGTERM"], 0]);
});

Deno.test("runBot: a start that ends early because of a signal is no failure", async () => {
  const start = Promise.withResolvers<void>();
  const status = () => serviceStatus({ state: "stopping", markets: [] });
  const stop = () => {
    start.resolve();
    return Promise.resolve(CLEAN);
  };
  const bot = runningBot({ start: () => start.promise, status, stop });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.io.exitCode, 0);
});

Deno.test("runBot: a start that throws stops everything and exits 1", async () => {
  const bot = runningBot({ start: () => Promise.reject(new Error("bug")) });
  await bot.end();
  assert.deepEqual(bot.service.stops, ["uncaught error"]);
  assert.ok(bot.events().includes("uncaught_error"));
  assert.equal(bot.io.exitCode, 1);
});

Deno.test("runBot: a start that is refused is no defect: it says why, stops and exits 1", async () => {
  const bot = runningBot({ start: () => Promise.reject(new StartRefused("ann is not the bot")) });
  await bot.end();
  assert.match(bot.io.err, /the bot cannot start: ann is not the bot/);
  assert.deepEqual(bot.events().filter((event) => event.endsWith("_error")), []);
  assert.ok(bot.events().includes("start_failed"));
  assert.equal(bot.service.stops.length, 1);
  assert.equal(bot.io.exitCode, 1);
});

Deno.test("runBot: a bot without any market to trade ends with the problems and exits 1", async () => {
  const dead = marketStatus({ lifecycle: "STOPPED", problem: "the market is SETTLED" });
  const bot = runningBot({ status: () => serviceStatus({ markets: [dead] }) });
  await bot.end();
  assert.match(bot.io.err, /no market can be traded; MKT-1: the market is SETTLED/);
  assert.equal(bot.io.exitCode, 1);
});

Deno.test("runBot: a bot that shares markets and has none for the time being goes on", async () => {
  const leases = { instanceId: "b", instances: ["a", "b"], share: 1, problem: null, markets: [] };
  const bot = runningBot({ status: () => serviceStatus({ markets: [], leases }) });
  await bot.clock.advance(60_000);
  assert.deepEqual(bot.service.stops, []);
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.io.exitCode, 0);
});

Deno.test("runBot: a bot whose place another process has stops with the reason and exits 1", async () => {
  const failed = Promise.resolve("another process with instance_id a lives");
  const bot = runningBot({ failed });
  await bot.end();
  assert.deepEqual(bot.service.stops, ["another process with instance_id a lives"]);
  assert.match(bot.io.err, /Stopping \(another process with instance_id a lives\)/);
  assert.equal(bot.venue.stopped, true);
  assert.equal(bot.io.exitCode, 1);
});

Deno.test("runBot: a killed market keeps the bot alive, since a person may release it", async () => {
  const killed = marketStatus({ lifecycle: "EMERGENCY" });
  const bot = runningBot({ status: () => serviceStatus({ markets: [killed] }) });
  await bot.clock.advance(60_000);
  assert.deepEqual(bot.service.stops, []);
  bot.io.signal("SIGTERM");
  await bot.end();
});

Deno.test("runBot: a busy status port does not keep the bot from trading", async () => {
  let started = false;
  const bot = runningBot(
    {
      start: () => {
        started = true;
        return Promise.resolve();
      },
    },
    {
      listen: () => {
        throw new Deno.errors.AddrInUse("Address already in use");
      },
    },
  );
  await bot.clock.advance(60_000);
  assert.equal(started, true);
  assert.deepEqual(bot.service.stops, []);
  assert.deepEqual(bot.events(), ["http_unavailable"]);
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.equal(bot.io.exitCode, 0);
});

Deno.test("runBot: a venue that fails to stop is logged and does not change the verdict", async () => {
  const service = fakeService();
  const stopVenue = () => Promise.reject(new Error("bug"));
  const bot = runningBot({}, {
    compose: () => Promise.resolve({ service, operations: noOperations(), stopVenue }),
  });
  await bot.settle();
  bot.io.signal("SIGTERM");
  await bot.end();
  assert.deepEqual([bot.io.exitCode, bot.events().at(-1)], [0, "uncaught_error"]);
});
