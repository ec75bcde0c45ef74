/**
 * SIGTERM and SIGINT at every event of a run: while it starts, in each step of its cycles, and
 * while it stops already. The whole program but for sockets, under a virtual clock.
 */

import assert from "node:assert/strict";
import type { StopSignal } from "../../src/cli/cli_io.ts";
import { runBot } from "../../src/cli/run_bot.ts";
import { sleep } from "../../src/runtime/clock.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { memoryIo } from "../support/memory_io.ts";
import { processConfig } from "../support/process_config.ts";
import { ShakyStore } from "../support/shaky_store.ts";
import { noOperations } from "../support/site.ts";
import { placeByHand } from "../support/survivors.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

const LATENCY_MS = 20;
const MARKETS = [MARKET, "MKT-2"];
/** Start, opening mints, and two cycles of each market, one of them after a fill. */
const LIFE_MS = 5_000;
const SHUTDOWN_MS = 30_000;
const CYCLE_ABORT_MS = 5_000;

class Run {
  readonly store = new ShakyStore();
  readonly venue: TestVenue;
  readonly io = memoryIo();
  readonly log = recordingLogger();
  readonly #ended: Promise<void>;
  #hasEnded = false;
  #events = 0;

  constructor() {
    const global = { shutdownTimeoutMs: SHUTDOWN_MS, cycleAbortMs: CYCLE_ABORT_MS };
    this.venue = new TestVenue({
      store: this.store,
      latencyMs: LATENCY_MS,
      markets: MARKETS.map((marketId) => ({ marketId })),
      global,
    });
    const { clock, service } = this.venue;
    this.store.travel = () => sleep(clock, 2);
    clock.after(LIFE_MS / 2, () => void this.venue.take("YES", 60, 10));
    this.#ended = runBot({
      config: processConfig({}, global),
      compose: () => Promise.resolve({ service, operations: noOperations(), stopVenue: () => {} }),
      io: this.io,
      events: this.io,
      clock,
      log: this.log,
      listen: ({ port }) => ({ port, finished: Promise.resolve() }),
      random: seededRandom("run"),
      hub: this.venue.hub,
      setLogLevel: () => {},
    }).then(() => {
      this.#hasEnded = true;
    });
  }

  /** How many events there are before a time has passed. */
  async countEvents(lifeMs: number): Promise<number> {
    const { clock } = this.venue;
    await clock.runUntil(() => (this.#events++, clock.monotonicMs() >= lifeMs), lifeMs);
    return this.#events;
  }

  /** Goes on to an event, counted from now. */
  async goTo(event: number): Promise<void> {
    let left = event;
    await this.venue.clock.runUntil(() => left-- <= 0 || this.#hasEnded);
  }

  /** A signal that comes twice within two milliseconds, as Ctrl-C under a task runner does. */
  async signalTwice(signal: StopSignal): Promise<void> {
    this.io.signal(signal);
    await this.venue.clock.advance(2);
    this.io.signal(signal);
  }

  /** Waits for the end of the process. @returns how long that took, ms */
  async end(): Promise<number> {
    const { clock } = this.venue;
    const sinceMs = clock.monotonicMs();
    await clock.resolve(this.#ended);
    return clock.monotonicMs() - sinceMs;
  }

  /** Calls that change something. */
  get commands(): readonly string[] {
    return this.venue.calls.filter((call) => /^(place|replace|cancel|mint|burn)/.test(call));
  }

  get resting() {
    return MARKETS.flatMap((marketId) => this.venue.ownOrders(marketId));
  }
}

/** The end that everybody wants: nothing rests, not even later, and the process says so. */
async function checkCleanEnd(run: Run, what: string): Promise<void> {
  const tookMs = await run.end();
  assert.ok(tookMs < SHUTDOWN_MS, `${what}: took ${tookMs} ms`);
  assert.equal(run.io.exitCode, 0, `${what}: ${run.io.err}`);
  assert.match(run.io.err, /no own order is left/, what);
  assert.deepEqual(run.resting, [], what);
  const { length } = run.commands;
  await run.venue.run(60);
  assert.deepEqual(run.resting, [], `${what}: nothing comes to rest later`);
  assert.equal(run.commands.length, length, `${what}: nothing is changed any more`);
  assert.deepEqual(run.venue.exchange.control.violations(), [], what);
}

const EVENTS = await new Run().countEvents(LIFE_MS);

Deno.test(`stop anywhere: a signal at each of the ${EVENTS} events of a start and its first cycles, twice within 2 ms`, async () => {
  assert.ok(EVENTS > 150, `${EVENTS} events`);
  for (let event = 0; event < EVENTS; event++) {
    const run = new Run();
    await run.goTo(event);
    const signal = event % 2 === 0 ? "SIGTERM" : "SIGINT";
    await run.signalTwice(signal);
    await checkCleanEnd(run, `${signal} at event ${event}`);
  }
});

/** The end where the venue does not answer: in time, with a problem, and each order is named. */
async function checkNamedEnd(run: Run, what: string): Promise<void> {
  const tookMs = await run.end();
  assert.ok(tookMs <= SHUTDOWN_MS + 2 * CYCLE_ABORT_MS, `${what}: took ${tookMs} ms`);
  assert.equal(run.io.exitCode, 1, what);
  assert.match(run.io.err, /own orders may still rest/, what);
  const lines = run.log.events.filter(({ event }) => event === "orders_may_remain");
  assert.equal(lines.length, 1, what);
  for (const { orderId, clientOrderId } of run.resting) {
    for (const text of [JSON.stringify(lines[0]), run.io.err]) {
      assert.ok(text.includes(orderId) || text.includes(clientOrderId), `${what}: ${orderId}`);
    }
  }
}

const SILENCE = { kind: "hang", effect: false } as const;

Deno.test("stop anywhere: a venue that falls silent with the signal, at each event: exit code 1, each order is named, in time", async () => {
  for (let event = 0; event < EVENTS; event++) {
    const run = new Run();
    await run.goTo(event);
    run.venue.intercept = () => SILENCE;
    await run.signalTwice("SIGTERM");
    await checkNamedEnd(run, `event ${event}`);
  }
});

Deno.test("stop anywhere: an order whose answer is lost while the venue falls silent is named, too", async () => {
  const sound = new Run();
  await sound.countEvents(LIFE_MS);
  const isOrder = (call: string) => /^(place|replace)/.test(call);
  const orders = sound.venue.calls.filter(isOrder).length;
  assert.ok(orders > 10, `${orders} orders`);
  for (let last = 0; last < orders; last++) {
    const run = new Run();
    let sent = 0;
    let isSilent = false;
    run.venue.intercept = (call) => {
      if (isSilent) return SILENCE;
      if (!isOrder(call) || sent++ < last) return undefined;
      isSilent = true;
      run.io.signal("SIGTERM");
      return { kind: "hang", effect: true };
    };
    await checkNamedEnd(run, `order ${last}`);
    assert.ok(run.resting.length > 0, "it rests");
  }
});

Deno.test("stop anywhere: a second signal at each event of the stop changes nothing, and neither do orders of others", async () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    for (let event = 0; event < 12; event++) {
      const run = new Run();
      await run.goTo(EVENTS - 1);
      run.io.signal(signal);
      await run.goTo(event);
      run.io.signal(signal);
      await checkCleanEnd(run, `${signal} at event ${event} of the stop`);
    }
  }
});

Deno.test("stop anywhere: orders that an earlier process left are cancelled, or named if it was too early for that", async () => {
  const codes = new Set<number>();
  for (let event = 0; event < EVENTS; event += 2) {
    const run = new Run();
    const orderId = placeByHand(run.venue, "amm_left_over", 20);
    await run.goTo(event);
    await run.signalTwice("SIGTERM");
    await run.end();
    codes.add(run.io.exitCode);
    const isLeft = run.resting.length > 0;
    assert.equal(run.io.exitCode, isLeft ? 1 : 0, `event ${event}`);
    assert.equal(run.io.err.includes(orderId), isLeft, `event ${event}: ${run.io.err}`);
  }
  assert.deepEqual(codes, new Set([0, 1]));
});
