/** The whole bot in real time, its state in a real Redis that is killed, emptied and written to. */

import assert from "node:assert/strict";
import { AMM_USER_ID, FakeExchange, InProcessConnector } from "../../sim/exchange/mod.ts";
import type { Intercept } from "../../sim/exchange/mod.ts";
import { marketKeys, SHARED_KEYS } from "../../src/cache/redis_keys.ts";
import type { StateStore } from "../../src/cache/state_store.ts";
import type { GlobalConfig, MarketConfig } from "../../src/config/registry.ts";
import { CallBoard } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { composeService } from "../../src/service/compose.ts";
import { createService } from "../../src/service/service.ts";
import type { Service } from "../../src/service/service_api.ts";
import { marketConfig } from "../support/config.ts";
import { processConfig } from "../support/process_config.ts";
import { eventually } from "../support/real_process.ts";
import { type RedisFixture, redisTest } from "../support/redis_fixture.ts";

const MARKET = "MKT-1";
const KEYS = marketKeys(MARKET);
const LIMIT_MS = 15_000;

/** A venue in real time, and the bots that are started on it one after the other. */
class RealVenue {
  readonly exchange = new FakeExchange({ clock: systemClock });
  readonly log = recordingLogger();
  intercept: Intercept = () => undefined;
  readonly #markets: ReadonlyMap<string, MarketConfig>;
  readonly #global: Partial<GlobalConfig>;
  #service: Service | null = null;

  constructor(market: Partial<MarketConfig> = {}, marketIds: readonly string[] = [MARKET]) {
    // Ten cycles a second, so that a test need not wait long.
    const pace = { quoteIntervalMs: 100, privilegedRetryMs: 200 };
    this.#markets = new Map(
      marketIds.map((marketId) => [marketId, marketConfig({ ...pace, ...market, marketId })]),
    );
    this.#global = { marketIds: [...marketIds], tradePollIntervalMs: 100 };
    const { control } = this.exchange;
    control.createUser({ userId: AMM_USER_ID, cashCents: 300_000 * marketIds.length });
    control.createUser({ userId: "taker", cashCents: 1_000_000 });
    for (const marketId of marketIds) {
      control.createMarket({
        tradingStartAtMs: systemClock.nowMs(),
        tradingEndAtMs: systemClock.nowMs() + 720 * HOUR_MS,
        marketId,
      });
    }
  }

  /** A new bot on a store; the one before must be stopped. */
  async start(store: StateStore): Promise<Service> {
    const config = processConfig({ markets: this.#markets }, this.#global);
    const calls = new CallBoard(systemClock);
    const random = seededRandom(7);
    this.#service = createService({
      config,
      connector: new InProcessConnector({
        exchange: this.exchange,
        clock: systemClock,
        observe: calls.record,
        intercept: (call: string) => this.intercept(call),
      }),
      store,
      calls,
      rateBudget: new RateBudget({ clock: systemClock, ...config.global }),
      clock: systemClock,
      random,
      log: this.log,
    });
    await this.#service.start();
    return this.#service;
  }

  async stop(): Promise<void> {
    const report = await this.#service?.stop("test");
    assert.deepEqual(report, { remaining: [], unverified: [] });
    this.#service = null;
  }

  /** Own orders as the venue has them. */
  orders(marketId = MARKET) {
    return this.exchange.openOrders(AMM_USER_ID, marketId);
  }

  /** Until both sides rest and the cycle that placed them is over. */
  async untilQuoted(): Promise<void> {
    await eventually("both sides are quoted", LIMIT_MS, () => {
      const sides = new Set(this.orders().map(({ side }) => side));
      const cycle = this.#service?.status().markets[0]?.explanation ?? null;
      return Promise.resolve(sides.size === 2 && cycle !== null ? true : null);
    });
  }

  async untilEmpty(): Promise<void> {
    const isEmpty = () => Promise.resolve(this.orders().length === 0 ? true : null);
    await eventually("no order is left", LIMIT_MS, isEmpty);
  }

  /** Stops whatever runs, also after a test that failed. */
  async close(): Promise<void> {
    await this.#service?.stop("the test is over");
  }
}

function botTest(
  name: string,
  use: (fixture: RedisFixture, venue: RealVenue) => Promise<void>,
  { market, marketIds, persist = false }: {
    readonly market?: Partial<MarketConfig>;
    readonly marketIds?: readonly string[];
    readonly persist?: boolean;
  } = {},
): void {
  redisTest(`redis and the bot: ${name}`, async (fixture) => {
    const venue = new RealVenue(market, marketIds);
    try {
      await use(fixture, venue);
    } finally {
      await venue.close();
    }
  }, { persist });
}

const status = (service: Service) => {
  const [market] = service.status().markets;
  assert.ok(market !== undefined);
  return market;
};

botTest(
  "a market and cycle costs one round trip, a process and second one more",
  async ({ store, calls }, venue) => {
    const service = await venue.start(store);
    await venue.untilQuoted();
    const cycles = () => service.status().markets.reduce((sum, market) => sum + market.cycles, 0);
    const [before, callsBefore, fromMs] = [cycles(), await calls(), performance.now()];
    await eventually(
      "sixty cycles",
      LIMIT_MS,
      () => Promise.resolve(cycles() >= before + 60 ? 1 : null),
    );
    const after = await calls();
    const [worked, seconds] = [cycles() - before, (performance.now() - fromMs) / 1000];
    const scripts = (after.get("evalsha") ?? 0) - (callsBefore.get("evalsha") ?? 0);
    assert.ok(
      scripts >= worked - 3 && scripts <= worked + seconds + 4,
      `${scripts} scripts for ${worked} cycles in ${seconds} s`,
    );
    await venue.stop();
  },
  { marketIds: [MARKET, "MKT-2", "MKT-3"] },
);

botTest(
  "what the dictionary says is there, and agrees with the venue",
  async ({ store, hash, redis }, venue) => {
    await venue.start(store);
    await venue.untilQuoted();
    venue.exchange.placeOrder("taker", {
      clientOrderId: "t-1",
      marketId: MARKET,
      contract: "YES",
      direction: "BUY",
      contractPrice: 60 as never,
      quantity: 10 as never,
      timeInForce: "IOC",
    });
    await eventually(
      "the fill is written",
      LIMIT_MS,
      async () => (await hash(KEYS.inventory)).yes_volume === "990" ? true : null,
    );
    await eventually("orders agree", LIMIT_MS, async () => {
      const written = Object.entries(await hash(KEYS.orders))
        .map(([id, text]) => `${id} ${JSON.parse(text).remaining}`).sort();
      const resting = venue.orders().map(({ orderId, remaining }) => `${orderId} ${remaining}`)
        .sort();
      return written.join() === resting.join() && written.length > 0 ? true : null;
    });
    const state = await hash(KEYS.state);
    assert.deepEqual([state.lifecycle, state.total_fills_today], ["RUNNING", "1"]);
    assert.equal(await redis("ZCARD", KEYS.processed), 1);
    const ledger = await hash(KEYS.ledger);
    assert.equal(await redis("HGET", SHARED_KEYS.marketCash, MARKET), ledger.market_cash_cents);
    const [trade] = venue.exchange.trades(AMM_USER_ID, { limit: 1 }).items;
    assert.equal(ledger.trade_cursor, trade?.tradeId);
    await venue.stop();
    assert.equal((await hash(KEYS.state)).lifecycle, "STOPPED");
    assert.deepEqual(await hash(KEYS.orders), {}, "and no order is left in the books");
  },
);

botTest(
  "a restart goes on with the day, the phase, the learner and the ledger that are stored",
  async ({ store, another, redis, hash }, venue) => {
    await venue.start(store);
    await venue.untilQuoted();
    await venue.stop();
    const fields = {
      day_start_equity_cents: 101_234,
      phase: "STABILIZATION",
      posterior_mean: 0.61,
      posterior_strength: 80,
      drift_breaches: "",
    };
    await redis("HSET", KEYS.risk, ...Object.entries(fields).flat());
    await redis("HSET", KEYS.ledger, "fees_paid_cents", 77);
    const service = await venue.start(await another());
    await venue.untilQuoted();
    const cycle = status(service).explanation;
    assert.equal(cycle?.phase, "STABILIZATION");
    assert.ok(Math.abs((cycle?.price?.posteriorCents ?? 0) - 61) < 0.5);
    assert.equal(cycle?.inventory.pnlDayCents, -1_234, "the losses of the day are not forgotten");
    assert.equal((await hash(KEYS.ledger)).fees_paid_cents, "77");
    assert.deepEqual(venue.log.events.filter(({ event }) => event === "state_refused"), []);
    await venue.stop();
  },
);

botTest(
  "a restart on another day keeps the ledger and begins the losses of the day anew",
  async ({ store, another, redis, hash }, venue) => {
    await venue.start(store);
    await venue.untilQuoted();
    await venue.stop();
    await redis("HSET", KEYS.risk, "day", "2020-02-29", "day_start_equity_cents", 101_234);
    await redis("HSET", KEYS.ledger, "fees_paid_cents", 77);
    const service = await venue.start(await another());
    await venue.untilQuoted();
    assert.equal(status(service).explanation?.inventory.pnlDayCents, 0);
    await venue.stop();
    const { day, day_start_equity_cents } = await hash(KEYS.risk);
    assert.ok(day !== undefined && day > "2020-02-29");
    assert.equal(day_start_equity_cents, "100000");
    assert.equal((await hash(KEYS.ledger)).fees_paid_cents, "77");
  },
);

botTest(
  "a mint whose answer was lost is finished by the next process with the same key, once",
  async ({ store, another, hash }, venue) => {
    venue.intercept = (call) =>
      call.startsWith("mint") ? { kind: "lose", effect: true } : undefined;
    await venue.start(store);
    const sent = await eventually("it is written as sent", LIMIT_MS, async () => {
      const operation = await hash(KEYS.operation);
      return operation.state === "SENT" ? operation : null;
    });
    assert.deepEqual([sent.op, sent.quantity], ["MINT", "1000"]);
    await venue.stop();
    venue.intercept = () => undefined;
    await venue.start(await another());
    await venue.untilQuoted();
    await eventually(
      "it is done",
      LIMIT_MS,
      async () => Object.keys(await hash(KEYS.operation)).length === 0 ? true : null,
    );
    const { yes, no } = venue.exchange.position(AMM_USER_ID, MARKET);
    assert.deepEqual([yes, no], [1000, 1000], "minted once");
    const { minted_pairs, market_cash_cents } = await hash(KEYS.ledger);
    assert.deepEqual([minted_pairs, market_cash_cents], ["1000", "100000"], "booked once");
    await venue.stop();
  },
  { market: { quoteFunding: "inventory_then_cash", initialFundingCents: 200_000 } },
);

botTest(
  "a kill survives the process, and a person who writes one into Redis is obeyed",
  async ({ store, another, redis, hash }, venue) => {
    const service = await venue.start(store);
    await venue.untilQuoted();
    service.admin(MARKET, { kind: "kill", operator: "ann", reason: "drill" });
    await venue.untilEmpty();
    await eventually(
      "it is written",
      LIMIT_MS,
      async () => (await hash(KEYS.risk)).kill_latched === "ON" ? true : null,
    );
    await venue.stop();

    const next = await venue.start(await another());
    assert.equal(status(next).lifecycle, "EMERGENCY");
    next.admin(MARKET, { kind: "release", operator: "bob", reason: "checked" });
    await venue.untilQuoted();
    assert.equal((await hash(KEYS.risk)).kill_released_by, "bob: checked");

    await redis("HSET", KEYS.risk, "kill_latched", "ON", "kill_reason", "ADMIN");
    await venue.untilEmpty();
    assert.equal(status(next).latch?.reason, "ADMIN");
    next.admin(MARKET, { kind: "release", operator: "bob", reason: "checked" });
    await venue.untilQuoted();

    await redis("HSET", SHARED_KEYS.globalRisk, "kill_latched", "please stop");
    await venue.untilEmpty();
    assert.equal(next.status().globalLatch?.reason, "INVALID_INPUT");
    next.admin("*", { kind: "release", operator: "bob", reason: "checked" });
    await venue.untilQuoted();
    assert.equal((await hash(SHARED_KEYS.globalRisk)).kill_latched, "OFF");
    await venue.stop();
  },
);

botTest(
  "garbage in every key while it runs costs no cycle, is told and is repaired",
  async ({ store, redis, hash }, venue) => {
    const service = await venue.start(store);
    await venue.untilQuoted();
    const own = [KEYS.ledger, KEYS.inventory, KEYS.orders, KEYS.state, KEYS.risk];
    for (const key of [...own, SHARED_KEYS.marketCash, SHARED_KEYS.globalRisk]) {
      await redis("DEL", key);
      await redis("SET", key, "\u0000garbage");
    }
    await eventually("all is repaired", LIMIT_MS, async () => {
      const found = await Promise.all(own.map(async (key) => Object.keys(await hash(key)).length));
      return found.every((fields) => fields > 0) ? true : null;
    });
    const told = venue.log.events.filter(({ event }) => event === "state_rewritten")
      .flatMap(({ fields }) => fields.keys as string[]);
    for (const key of [...own, SHARED_KEYS.marketCash]) assert.ok(told.includes(key), key);
    await eventually("the shared key is told", LIMIT_MS, () => {
      const refusals = venue.log.events.filter(({ event }) => event === "state_refused");
      return Promise.resolve(refusals.length > 0 ? true : null);
    });
    const [refusal, ...more] = venue.log.events.filter(({ event }) => event === "state_refused");
    assert.deepEqual([refusal?.fields.key, more], [SHARED_KEYS.globalRisk, []]);
    assert.equal(service.status().store.refused, 1);
    assert.equal(status(service).failedCycles, 0);
    assert.ok(venue.orders().length > 0, "what was last known of the kill still holds");
    await venue.stop();
  },
);

botTest(
  "garbage in every key at the start: the market counts as killed, and each key is told",
  async ({ store, another, redis }, venue) => {
    await venue.start(store);
    await venue.untilQuoted();
    await venue.stop();
    const keys = [KEYS.ledger, KEYS.risk, KEYS.state];
    for (const key of [...keys, SHARED_KEYS.globalRisk]) {
      await redis("DEL", key);
      await redis("RPUSH", key, "garbage");
    }
    const service = await venue.start(await another());
    assert.equal(status(service).lifecycle, "EMERGENCY");
    assert.equal(service.status().globalLatch?.reason, "INVALID_INPUT");
    assert.equal(venue.orders().length, 0);
    const refused = venue.log.events.filter(({ event }) => event === "state_refused");
    assert.deepEqual(
      refused.map(({ fields }) => fields.key).sort(),
      [KEYS.ledger, KEYS.risk, SHARED_KEYS.globalRisk].sort(),
    );
    await venue.stop();
  },
);

botTest(
  "a server that dies and comes back empty: quoting goes on, and all that the bot knows is there again",
  async ({ store, server, comeBack, hash }, venue) => {
    const service = await venue.start(store);
    await venue.untilQuoted();
    service.admin("MKT-2", { kind: "kill", operator: "ann", reason: "drill" });
    await eventually(
      "it is written",
      LIMIT_MS,
      async () => (await hash(marketKeys("MKT-2").risk)).kill_latched === "ON" ? true : null,
    );
    const before = await hash(KEYS.ledger);
    await server.kill();
    await eventually(
      "it is noticed",
      LIMIT_MS,
      () => Promise.resolve(service.status().store.problem === null ? null : true),
    );
    const { cycles } = status(service);
    await eventually(
      "twenty cycles without it",
      LIMIT_MS,
      () => Promise.resolve(status(service).cycles > cycles + 20 ? true : null),
    );
    assert.ok(venue.orders().length > 0);
    assert.equal(status(service).failedCycles, 0);

    await comeBack();
    await eventually(
      "the ledger is back",
      LIMIT_MS,
      async () =>
        (await hash(KEYS.ledger)).market_cash_cents === before.market_cash_cents ? true : null,
    );
    await eventually(
      "the kill is back",
      LIMIT_MS,
      async () => (await hash(marketKeys("MKT-2").risk)).kill_latched === "ON" ? true : null,
    );
    const events = venue.log.events.map(({ event }) => event);
    assert.ok(events.includes("state_rewritten"), "the loss is told");
    assert.deepEqual((await hash(KEYS.ledger)).trade_cursor, before.trade_cursor);
    assert.equal(venue.orders().length, 6, "and no order twice");
    await venue.stop();
  },
  { marketIds: [MARKET, "MKT-2"] },
);

botTest(
  "a server that is not there at the start: nothing is quoted until it can be read",
  async ({ store, server, comeBack, redis, hash }, venue) => {
    await redis("HSET", KEYS.risk, "kill_latched", "ON", "kill_reason", "LOSS");
    await server.kill();
    await eventually(
      "it is noticed",
      LIMIT_MS,
      () => Promise.resolve(store.problem === null ? null : true),
    );
    const service = await venue.start(store);
    assert.match(status(service).problem ?? "", /amm_read_hashes/);
    assert.equal(venue.orders().length, 0);
    await comeBack();
    await eventually(
      "the market is started",
      LIMIT_MS,
      () => Promise.resolve(status(service).lifecycle === "EMERGENCY" ? true : null),
    );
    assert.equal(status(service).latch?.reason, "LOSS", "and the kill was found");
    assert.equal((await hash(KEYS.risk)).kill_latched, "ON");
    await venue.stop();
  },
  { persist: true },
);

Deno.test("redis and the bot: live mode with neither Redis nor venue is put together, says so, and ends without a trace", async () => {
  const config = processConfig({ mode: "live" }, {
    redisUrl: "redis://:s3cret@127.0.0.1:1/0",
    baseUrl: "http://127.0.0.1:1/api/v1",
    ammPassword: "x",
    httpMaxRetries: 0,
  });
  const log = recordingLogger();
  const { service, stopVenue } = await composeService({
    loaded: { config, warnings: [], paper: { value: null } } as never,
    clock: systemClock,
    random: seededRandom(1),
    log,
  });
  const { store } = service.status();
  assert.equal(store.kind, "redis");
  assert.match(store.problem ?? "", /ECONNREFUSED/);
  const starting = service.start();
  await eventually(
    "the venue is missed, too",
    LIMIT_MS,
    () => Promise.resolve(log.events.some(({ event }) => event === "start_deferred") ? true : null),
  );
  await service.stop("test");
  await starting;
  await stopVenue();
  const [first] = log.events;
  assert.deepEqual([first?.level, first?.event], ["ERROR", "store_unavailable"]);
  assert.ok(!JSON.stringify(log.events).includes("s3cret"));
});
