import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../src/cycle/decide.ts";
import { HealthServer, healthUrl, type Listen } from "../../src/http/health_server.ts";
import { NO_ACTIONS, type QuoteExplanation } from "../../src/models/explanation.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import type { LeaseReport, ServiceStatus } from "../../src/service/service_api.ts";
import { scenes } from "../support/scenes.ts";
import { fakeService, marketStatus, serviceStatus } from "../support/service.ts";
import { siteOf } from "../support/site.ts";

function request(path: string, status: Partial<ServiceStatus> = {}, init: RequestInit = {}) {
  const service = fakeService({
    status: () => serviceStatus(status),
    explanations: () => [explanation(7), explanation(8)],
  });
  return siteOf(service).app.request(path, init);
}

/** A cycle of the market as it was quoted. */
function explanation(cycle: number): QuoteExplanation {
  const [scene] = fc.sample(scenes("inventory"), { numRuns: 1, seed: 3 });
  assert.ok(scene);
  const { explained } = decide(scene.before, scene.seen, scene.config);
  return { ...explained, cycle, configVersion: 0, lifecycle: "RUNNING", actions: NO_ACTIONS };
}

const AWAY = { kind: "redis", problem: "connect ECONNREFUSED", refused: 0 } as const;

Deno.test("health pages: live answers 200 whatever the markets do", async () => {
  const response = await request("/health/live", { state: "stopping", ready: false, markets: [] });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: "live" });
});

const AT_RISK: LeaseReport = {
  instanceId: "a",
  instances: ["a", "b"],
  share: 1,
  problem: "the store does not answer",
  markets: [],
};

Deno.test("health pages: ready answers 200 while the bot runs and has quoted", async () => {
  const response = await request("/health/ready");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { ready: true, mode: "paper", reasons: [] });
});

Deno.test("health pages: ready answers 503 with the reasons", async (t) => {
  const broken = marketStatus({ problem: "no anchor is configured" });
  const noCycle = "no market has completed a quote cycle yet";
  const table: [string, Partial<ServiceStatus>, string[]][] = [
    ["before the first cycle", { ready: false, markets: [marketStatus()] }, [noCycle]],
    ["when no market could start", { ready: false, markets: [broken] }, [
      noCycle,
      "MKT-1: no anchor is configured",
    ]],
    ["when no lease can be had", { ready: false, markets: [], leases: AT_RISK }, [
      noCycle,
      "no lease of a market can be had: the store does not answer",
    ]],
    ["while starting", { state: "starting", ready: false }, ["the bot is starting"]],
    ["while its store cannot be read", { ready: false, store: AWAY, markets: [] }, [
      noCycle,
      "the state store (redis) cannot be used: connect ECONNREFUSED",
    ]],
    ["while stopping, although it has quoted", { state: "stopping" }, ["the bot is stopping"]],
    ["once stopped", { state: "stopped" }, ["the bot is stopped"]],
  ];
  for (const [name, status, reasons] of table) {
    await t.step(name, async () => {
      const response = await request("/health/ready", status);
      assert.equal(response.status, 503);
      assert.deepEqual(await response.json(), { ready: false, mode: "paper", reasons });
    });
  }
});

Deno.test("health pages: status shows who has which market, with the fencing token as a fence", async () => {
  const leases: LeaseReport = {
    ...AT_RISK,
    problem: null,
    markets: [
      { marketId: "MKT-1", state: "HELD", holder: "a", fence: 17, provenForMs: 29_000 },
      { marketId: "MKT-2", state: "FREE", holder: "b", fence: null, provenForMs: null },
    ],
  };
  const status = await (await request("/status", { leases })).json();
  assert.deepEqual(status.leases, {
    instance_id: "a",
    instances: ["a", "b"],
    share: 1,
    problem: null,
    markets: [
      { market_id: "MKT-1", state: "HELD", holder: "a", fence: 17, proven_for_ms: 29_000 },
      { market_id: "MKT-2", state: "FREE", holder: "b", fence: null, proven_for_ms: null },
    ],
  });
});

Deno.test("health pages: one broken market does not make a quoting bot unready", async () => {
  const markets = [marketStatus(), marketStatus({ marketId: "MKT-2", problem: "halted" })];
  assert.equal((await request("/health/ready", { markets })).status, 200);
});

Deno.test("health pages: a bot that quotes without its store is ready, and status shows the store", async () => {
  assert.equal((await request("/health/ready", { store: AWAY })).status, 200);
  const status = await (await request("/status", { store: AWAY })).json();
  assert.deepEqual(status.store, { ...AWAY });
});

Deno.test("health pages: status shows both ladders of a market with snake_case names", async () => {
  const response = await request("/status");
  assert.equal(response.status, 200);
  const status = await response.json();
  assert.equal(status.uptime_ms, 20_000);
  const [market] = status.markets;
  assert.deepEqual([market.market_id, market.failed_cycles], ["MKT-1", 0]);
  const [bid] = market.orders.BID;
  const [ask] = market.orders.ASK;
  assert.deepEqual([bid.yes_price_cents, bid.remaining, bid.contract], [48, 100, "YES"]);
  assert.deepEqual([ask.yes_price_cents, ask.contract_price_cents, ask.contract], [52, 48, "NO"]);
});

Deno.test("health pages: no name on the wire is in camelCase", async () => {
  const names: string[] = [];
  JSON.parse(await (await request("/status")).text(), (name, value) => {
    names.push(name);
    return value;
  });
  assert.deepEqual(names.filter((name) => /^[a-z]+[A-Z]/.test(name)), []);
  assert.ok(names.includes("client_order_id"));
});

Deno.test("health pages: status shows a kill latch with its reason", async () => {
  const globalLatch = { reason: "GLOBAL_LOSS", atMs: 5, source: "global" } as const;
  const status = await (await request("/status", { globalLatch })).json();
  assert.deepEqual(status.global_latch, { reason: "GLOBAL_LOSS", at_ms: 5, source: "global" });
});

Deno.test("health pages: explain lists the cycles that are held, and shows one with every term", async () => {
  const list = await (await request("/explain/MKT-1")).json();
  assert.deepEqual(list.map(({ cycle }: { cycle: number }) => cycle), [7, 8]);
  const one = await (await request("/explain/MKT-1/8")).json();
  const { cycle, spread } = explanation(8);
  assert.deepEqual([one.cycle, one.spread.bid_cents, one.spread.settings.max_shift_cents], [
    cycle,
    Number(spread?.bid),
    spread?.settings.maxShiftCents,
  ]);
  assert.equal(list[1].bid_cents, one.spread.bid_cents);
});

Deno.test("health pages: explain answers 404 for a market or a cycle that is not there", async () => {
  for (const path of ["/explain/MKT-9", "/explain/MKT-1/9", "/explain/MKT-1/x", "/explain"]) {
    assert.equal((await request(path)).status, 404, path);
  }
});

Deno.test("health pages: a number that JSON does not know is null, never NaN", async () => {
  const status = await (await request("/status", { pnlDayCents: NaN })).json();
  assert.equal(status.pnl_day_cents, null);
});

Deno.test("health pages: secrets inside a problem text are hidden", async () => {
  const markets = [marketStatus({ problem: "cannot reach redis://:hunter2@cache:6379" })];
  assert.ok(!(await (await request("/status", { markets })).text()).includes("hunter2"));
  const ready = await request("/health/ready", { ready: false, markets });
  assert.ok(!(await ready.text()).includes("hunter2"));
});

Deno.test("health pages: HEAD answers like GET without a body", async () => {
  for (const path of ["/", "/health/live", "/health/ready", "/status"]) {
    const response = await request(path, {}, { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
  }
});

Deno.test("health pages: the index names every page and the mode", async () => {
  const text = await (await request("/", { mode: "live" })).text();
  for (const part of ["mode live", "/health/live", "/health/ready", "/status", "/explain/"]) {
    assert.ok(text.includes(part), part);
  }
});

Deno.test("health pages: an unknown path answers 404 in JSON", async () => {
  const response = await request("/nothing");
  assert.equal(response.status, 404);
  const { error } = await response.json();
  assert.deepEqual([error.code, error.message], [
    "not_found",
    "there is nothing at /nothing: see /docs",
  ]);
});

Deno.test("health pages: another method answers 405 and names those that work", async () => {
  const response = await request("/status", {}, { method: "POST" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, HEAD");
});

Deno.test("health pages: every answer carries security headers and is not stored", async () => {
  for (const path of ["/", "/status", "/nothing"]) {
    const { headers } = await request(path);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "SAMEORIGIN");
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("x-powered-by"), null);
  }
});

Deno.test("health pages: ?pretty indents the JSON", async () => {
  assert.match(await (await request("/status?pretty")).text(), /^\{\n {2}"mode": "paper"/);
});

Deno.test("health pages: a failure answers 500 without details and is logged", async () => {
  const log = recordingLogger();
  const { app } = siteOf(
    fakeService({
      status: () => {
        throw new Error("inner detail");
      },
    }),
    { log },
  );
  const response = await app.request("/status");
  assert.equal(response.status, 500);
  const text = await response.text();
  assert.equal(JSON.parse(text).error.code, "internal");
  assert.ok(!text.includes("inner detail"));
  assert.deepEqual(log.events.map(({ level, event }) => [level, event]), [["ERROR", "http_error"]]);
});

/** A system on which the port is busy for the first `busy` attempts. */
function busyPort(busy: number) {
  const attempts: number[] = [];
  let open = false;
  const listen: Listen = ({ port, signal }) => {
    attempts.push(port);
    if (attempts.length <= busy) throw new Deno.errors.AddrInUse("Address already in use");
    open = true;
    const finished = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        open = false;
        resolve();
      });
    });
    return { port, finished };
  };
  return { listen, attempts, isOpen: () => open };
}

function healthServer(listen: Listen) {
  const clock = new VirtualClock(0);
  const log = recordingLogger();
  const handler = () => new Response("ok");
  const server = new HealthServer({ host: "127.0.0.1", port: 8001, handler, clock, log, listen });
  return { server, clock, log };
}

Deno.test("HealthServer: a busy port is one warning and is retried until it can be had", async () => {
  const port = busyPort(3);
  const { server, clock, log } = healthServer(port.listen);
  server.start();
  assert.equal(port.isOpen(), false);
  await clock.advance(14_999);
  assert.equal(port.isOpen(), false);
  await clock.advance(1);
  assert.equal(port.isOpen(), true);
  assert.deepEqual(log.events.map(({ level, event }) => [level, event]), [
    ["WARN", "http_unavailable"],
    ["INFO", "http_listening"],
  ]);
});

Deno.test("HealthServer: closing ends the retries", async () => {
  const port = busyPort(Infinity);
  const { server, clock } = healthServer(port.listen);
  server.start();
  await server.close();
  await clock.advance(60_000);
  assert.equal(port.attempts.length, 1);
});

Deno.test("HealthServer: closing closes the port", async () => {
  const port = busyPort(0);
  const { server } = healthServer(port.listen);
  server.start();
  assert.equal(port.isOpen(), true);
  await server.close();
  assert.equal(port.isOpen(), false);
});

Deno.test("healthUrl: the address is one that opens on this machine", () => {
  assert.equal(healthUrl("127.0.0.1", 8001), "http://127.0.0.1:8001");
  assert.equal(healthUrl("0.0.0.0", 80), "http://localhost:80");
  assert.equal(healthUrl("::1", 80), "http://[::1]:80");
});
