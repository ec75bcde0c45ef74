import assert from "node:assert/strict";
import { checkMarkets } from "../../src/doctor/setup_checks.ts";
import {
  answer,
  type DoctorOptions,
  DoctorVenue,
  examined,
  liveFile,
  named,
  names,
  route,
} from "../support/doctor.ts";
import { processConfig } from "../support/process_config.ts";

const SET_UP = ["permissions", "configuration", "mode", "markets", "network", "state store"];
const ACCESS = ["reachability", "latency", "login", "clock", "account", "privileges", "trades"];
const RECORD = ["status", "trading time", "price limits", "fees", "fee floor", "order book"];
const OWN = ["open orders", "position", "mint"];
const TOGETHER = ["funding", "pairs", "rate limits"];
const ALL = [...SET_UP, ...ACCESS, ...RECORD, ...OWN, ...TOGETHER];

/** The checks after one, in order. */
function after(name: string): readonly string[] {
  return ALL.slice(ALL.indexOf(name) + 1);
}

Deno.test("doctor: with a healthy venue every check is ok, but for the mint that nobody asked for", async () => {
  const checks = await examined();
  assert.deepEqual(checks.map(({ name }) => name), ALL);
  assert.deepEqual(names(checks, "ok"), ALL.filter((name) => name !== "mint"));
  assert.deepEqual(names(checks, "skipped"), ["mint"]);
  assert.match(named(checks, "mint").detail, /^not asked: --try-mint/);
});

interface Failure {
  readonly what: string;
  readonly options?: DoctorOptions;
  readonly prepare?: (venue: DoctorVenue) => void;
  readonly failed: string;
  readonly skipped: readonly string[];
  readonly detail: RegExp;
  readonly fix: RegExp;
}

const MINT = ["mint"];
const WITHOUT_MARKETS = [...SET_UP, ...ACCESS, ...TOGETHER];
const WITHOUT_RECORD = [...RECORD.slice(1), "mint"];

const FAILURES: readonly Failure[] = [
  {
    what: "a variable that may not be read",
    options: { permits: (need) => need.name !== "env" || need.variable !== "AMM_PASSWORD" },
    failed: "permissions",
    skipped: after("permissions"),
    detail: /may not read AMM_PASSWORD$/,
    fix: /--allow-env=AMM_ENV,.*AMM_PASSWORD/,
  },
  {
    what: "a file that may not be read",
    options: { permits: (need) => need.name !== "read" },
    failed: "permissions",
    skipped: after("permissions"),
    detail: /may not read live.yaml$/,
    fix: /--allow-read=live.yaml$/,
  },
  {
    what: "a configuration that is not valid",
    options: { file: liveFile({ market: ["kappa: 0", "gamma: 1"] }) },
    failed: "configuration",
    skipped: WITHOUT_MARKETS.slice(2),
    detail: /^2 errors; the first: live.yaml:9:5 market MKT-1: kappa: 0 is out of range/,
    fix: /config check live.yaml/,
  },
  {
    what: "an empty list of markets (L-61)",
    options: { file: liveFile().replace("[MKT-1]", "[]") },
    failed: "configuration",
    skipped: WITHOUT_MARKETS.slice(2),
    detail: /^1 error: live.yaml:4:3 market_ids: \[\] is out of range; allowed one or more/,
    fix: /config check live.yaml/,
  },
  {
    what: "a password that is not set",
    options: { env: { AMM_PASSWORD: "" } },
    failed: "configuration",
    skipped: WITHOUT_MARKETS.slice(2),
    detail: /^1 error: .*AMM_PASSWORD/,
    fix: /config check live.yaml/,
  },
  {
    what: "a base_url that cannot be used",
    options: { env: { AMM_BASE_URL: "http://venue.test/api/v1?debug=1" } },
    failed: "configuration",
    skipped: WITHOUT_MARKETS.slice(2),
    detail: /AMM_BASE_URL base_url: .*without credentials and query/,
    fix: /config check live.yaml/,
  },
  {
    what: "a host that may not be reached",
    options: { permits: (need) => need.name !== "net" || need.host !== "venue.test:80" },
    failed: "network",
    skipped: after("network"),
    detail: /may not reach venue.test:80$/,
    fix: /--allow-net=venue.test:80,redis.test:6379,127.0.0.1:8001$/,
  },
  {
    what: "a Redis that is not there",
    options: { pingRedis: () => Promise.reject(new Error("connect ECONNREFUSED")) },
    failed: "state store",
    skipped: MINT,
    detail: /redis.test:6379 does not answer: connect ECONNREFUSED/,
    fix: /^Start Redis, or correct redis_url/,
  },
  {
    what: "a Redis that wants another password",
    options: { pingRedis: () => Promise.reject(new Error("WRONGPASS invalid password")) },
    failed: "state store",
    skipped: MINT,
    detail: /WRONGPASS/,
    fix: /password into AMM_REDIS_URL/,
  },
  {
    what: "a Redis that says nothing",
    options: { pingRedis: () => new Promise(() => {}) },
    failed: "state store",
    skipped: MINT,
    detail: /no answer in time/,
    fix: /^Start Redis/,
  },
  {
    what: "a venue that is not there",
    options: { intervene: () => "drop" },
    failed: "reachability",
    skipped: after("reachability"),
    detail: /^no connection: connection refused/,
    fix: /AMM_BASE_URL/,
  },
  {
    what: "a venue that says nothing",
    options: { intervene: () => "hang" },
    failed: "reachability",
    skipped: after("reachability"),
    detail: /^no answer in time/,
    fix: /AMM_BASE_URL/,
  },
  {
    what: "a gateway without a venue behind it",
    options: { intervene: () => new Response("Bad Gateway", { status: 502 }) },
    failed: "reachability",
    skipped: after("reachability"),
    detail: /HTTP 502/,
    fix: /until the venue is well/,
  },
  {
    what: "a base_url that leads elsewhere",
    options: { env: { AMM_BASE_URL: "http://venue.test/api/v2" } },
    failed: "login",
    skipped: after("clock"),
    detail: /HTTP 404: Not Found/,
    fix: /ends in \/api\/v1/,
  },
  {
    what: "a wrong password",
    options: { env: { AMM_PASSWORD: "Wrong1234" } },
    failed: "login",
    skipped: after("clock"),
    detail: /code 1003/,
    fix: /AMM_USERNAME and AMM_PASSWORD/,
  },
  {
    what: "a disabled account",
    options: route("POST /api/v1/auth/login", answer(422, { code: 1004, message: "", data: null })),
    failed: "login",
    skipped: after("clock"),
    detail: /code 1004/,
    fix: /enable the account/,
  },
  {
    what: "too many logins",
    options: route("POST /api/v1/auth/login", answer(429, { code: 9001, message: "", data: null })),
    failed: "login",
    skipped: after("clock"),
    detail: /HTTP 429/,
    fix: /Wait a minute/,
  },
  {
    what: "a login that answers something else",
    options: route("POST /api/v1/auth/login", answer(200, { code: 0, data: { token: "x" } })),
    failed: "login",
    skipped: after("clock"),
    detail: /agreed form: access_token/,
    fix: /base_url/,
  },
  {
    what: "a clock that is half a minute off",
    options: { aheadMs: 30_001 },
    failed: "clock",
    skipped: MINT,
    detail: /^the venue's clock is 30.0 s behind this machine's/,
    fix: /time service/,
  },
  {
    what: "the account of somebody else",
    options: { env: { AMM_USERNAME: "ann" } },
    failed: "account",
    skipped: ["privileges", "trades", ...OWN, "funding", "pairs"],
    detail: /^ann is user .*, not the system account 00000000-0000-4000-a000-000000000001$/,
    fix: /AMM_USERNAME/,
  },
  {
    what: "an account without privileges",
    options: route(
      "POST /api/v1/amm/orders/replace",
      answer(403, {
        detail: "AMM system account required",
      }),
    ),
    failed: "privileges",
    skipped: MINT,
    detail: /HTTP 403: AMM system account required/,
    fix: /^Log in as the system account/,
  },
  {
    what: "too many replaces",
    options: route(
      "POST /api/v1/amm/orders/replace",
      answer(429, { code: 9001, message: "", data: null }),
    ),
    failed: "privileges",
    skipped: MINT,
    detail: /HTTP 429/,
    fix: /in a minute/,
  },
  {
    what: "a replace that fails",
    options: route("POST /api/v1/amm/orders/replace", new Response("", { status: 500 })),
    failed: "privileges",
    skipped: MINT,
    detail: /HTTP 500/,
    fix: /cannot replace/,
  },
  {
    what: "trades that cannot be read",
    options: route("GET /api/v1/trades", answer(200, { code: 0, data: { rows: [] } })),
    failed: "trades",
    skipped: MINT,
    detail: /^Cannot read trades: items/,
    fix: /this version of the API/,
  },
  {
    what: "a market that does not exist",
    options: { file: liveFile().replaceAll("MKT-1", "MKT-9") },
    failed: "status",
    skipped: [...WITHOUT_RECORD, "pairs"],
    detail: /knows no such market/,
    fix: /AMM_MARKETS/,
  },
  {
    what: "a market that is suspended",
    prepare: (venue) => venue.patch({ status: "SUSPENDED" }),
    failed: "status",
    skipped: WITHOUT_RECORD,
    detail: /^SUSPENDED, not ACTIVE/,
    fix: /activate it/,
  },
  {
    what: "a market record that cannot be read",
    options: route("GET /api/v1/markets/MKT-1", new Response("", { status: 503 })),
    failed: "status",
    skipped: WITHOUT_RECORD,
    detail: /^Cannot read market MKT-1: HTTP 503/,
    fix: /^Run doctor again/,
  },
  {
    what: "a market that is about to end",
    prepare: (venue) => venue.patch({ tradingEndAtMs: venue.http.clock.nowMs() + 300_000 }),
    failed: "trading time",
    skipped: MINT,
    detail: /^0.1 h to the end: quoting has ended \(stop_before_end_ms 300000\)$/,
    fix: /out of market_ids/,
  },
  {
    what: "price limits that leave no room",
    options: { file: liveFile({ market: ["min_price_cents: 10"] }) },
    prepare: (venue) => venue.patch({ maxPrice: 8 }),
    failed: "price limits",
    skipped: MINT,
    detail: /^the market takes 1 to 8 cents, the bot 10 to 99: no room/,
    fix: /min_price_cents and max_price_cents/,
  },
  {
    what: "fees above the largest spread",
    options: { file: liveFile({ market: ["spread_max_cents: 10"] }) },
    prepare: (venue) => venue.patch({ makerFeeBps: 1000 }),
    failed: "fee floor",
    skipped: MINT,
    detail: /^a round trip costs 10.50 cents .*; spread_max_cents is 10$/,
    fix: /^Raise spread_max_cents/,
  },
  {
    what: "a book that cannot be read",
    options: route("GET /api/v1/markets/MKT-1/orderbook", new Response("", { status: 500 })),
    failed: "order book",
    skipped: MINT,
    detail: /^Cannot read orderBook MKT-1: HTTP 500/,
    fix: /^Run doctor again/,
  },
  {
    what: "orders that cannot be read",
    options: route("GET /api/v1/orders", answer(403, { detail: "no" })),
    failed: "open orders",
    skipped: MINT,
    detail: /^Cannot read openOrders MKT-1: HTTP 403/,
    fix: /why this account may not/,
  },
  {
    what: "a position that cannot be read",
    options: route("GET /api/v1/positions/MKT-1", answer(200, { code: 0, data: {} })),
    failed: "position",
    skipped: ["mint", "funding", "pairs"],
    detail: /^Cannot read position MKT-1/,
    fix: /this version of the API/,
  },
  {
    what: "an account that cannot fund its market",
    options: { file: liveFile({ fundingCents: 1_000_000 }) },
    failed: "funding",
    skipped: MINT,
    detail: /^\$9,000.00 in the account .* \$9,900.00 needed to open 1 market$/,
    fix: /^Deposit \$900.00 or lower initial_funding_cents \(rule X50\)/,
  },
];

for (const { what, options, prepare, failed, skipped, detail, fix } of FAILURES) {
  Deno.test(`doctor: ${what} fails ${failed} alone, and what builds on it is skipped`, async () => {
    const venue = new DoctorVenue();
    prepare?.(venue);
    const checks = await examined(options, venue);
    assert.deepEqual(names(checks, "failed"), [failed]);
    assert.deepEqual(names(checks, "skipped"), skipped);
    const found = named(checks, failed);
    assert.match(found.detail, detail);
    assert.match(found.fix ?? "", fix);
  });
}

Deno.test("doctor: no market to check is a failure, whatever let it through (L-61)", () => {
  const none = { ...processConfig({ mode: "live" }), markets: new Map() };
  assert.equal(checkMarkets(none).status, "failed");
  assert.equal(checkMarkets(processConfig({ mode: "live" })).status, "ok");
});

Deno.test("doctor: markets are checked one by one, and the trouble of one is not that of another", async () => {
  const file = `${liveFile().replace("[MKT-1]", "[MKT-1, MKT-2]")}\n` +
    "  MKT-2: {anchor_price_cents: 50, initial_funding_cents: 200000}";
  const venue = new DoctorVenue();
  venue.patch({ status: "HALTED" });
  const checks = await examined({ file }, venue);
  const status = (market: string, name: string) =>
    checks.find((check) => check.market === market && check.name === name)?.status;
  assert.deepEqual([status("MKT-1", "status"), status("MKT-2", "status")], ["failed", "ok"]);
  assert.deepEqual([status("MKT-1", "fees"), status("MKT-2", "fees")], ["skipped", "ok"]);
  assert.match(named(checks, "funding").detail, /\$3,900.00 needed to open 2 markets$/);
});

Deno.test("doctor: every failed check and every warning says what to do", async () => {
  for (const { options, prepare } of FAILURES) {
    const venue = new DoctorVenue();
    prepare?.(venue);
    for (const { name, status, fix } of await examined(options, venue)) {
      if (status === "failed" || status === "warning") assert.ok(fix, `${name} has no fix`);
    }
  }
});
