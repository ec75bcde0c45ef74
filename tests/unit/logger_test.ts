import assert from "node:assert/strict";
import { pinoLogger } from "../../src/runtime/pino_logger.ts";
import { prettyLine } from "../../src/runtime/pretty_line.ts";
import type { LogFields, LogLevel } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { HIDDEN, snakeCase, toWire } from "../../src/runtime/wire.ts";

const NOON_MS = Date.UTC(2026, 0, 2, 12, 0, 1, 250);

function logTo(lines: string[], level: LogLevel = "DEBUG") {
  return pinoLogger({
    level,
    clock: new VirtualClock(NOON_MS),
    write: (line) => void lines.push(line),
  });
}

function logged(fields: LogFields): Record<string, unknown> {
  const lines: string[] = [];
  logTo(lines).log("INFO", "fill", fields);
  assert.equal(lines.length, 1);
  return JSON.parse(lines[0] ?? "");
}

Deno.test("pinoLogger: an event is one JSON line with level, time of the clock, event and fields", () => {
  const lines: string[] = [];
  logTo(lines).log("WARN", "pause_set", { marketId: "MKT-1", reason: "DRIFT" });
  assert.deepEqual(lines, [
    '{"level":"WARN","time":"2026-01-02T12:00:01.250Z","event":"pause_set",' +
    '"market_id":"MKT-1","reason":"DRIFT"}\n',
  ]);
});

Deno.test("pinoLogger: events below the threshold are not written, and enabled() says so", () => {
  const lines: string[] = [];
  const log = logTo(lines, "WARN");
  log.log("INFO", "fill");
  log.log("WARN", "side_dry");
  assert.equal(lines.length, 1);
  assert.deepEqual([log.enabled("INFO"), log.enabled("WARN")], [false, true]);
});

Deno.test("pinoLogger: a new level is in force at once, for children made before too", () => {
  const lines: string[] = [];
  const log = logTo(lines, "INFO");
  const child = log.child({ marketId: "MKT-1" });
  child.log("DEBUG", "cycle_completed");
  log.setLevel("DEBUG");
  child.log("DEBUG", "cycle_completed");
  log.setLevel("ERROR");
  child.log("WARN", "side_dry");
  assert.equal(lines.length, 1);
});

Deno.test("pinoLogger: a child adds its fields once, and the event's own value wins", () => {
  const lines: string[] = [];
  logTo(lines).child({ marketId: "MKT-1", side: "BID" }).child({ phase: "EXPLORATION" })
    .log("INFO", "fill", { side: "ASK" });
  const line = lines[0] ?? "";
  assert.equal(line.match(/"side"/g)?.length, 1);
  const { market_id, phase, side } = JSON.parse(line);
  assert.deepEqual([market_id, phase, side], ["MKT-1", "EXPLORATION", "ASK"]);
});

Deno.test("pinoLogger: a field cannot replace level, time or event", () => {
  const entry = logged({ level: 3, time: "never", event: "other" });
  assert.deepEqual([entry.level, entry.event], ["INFO", "fill"]);
  assert.deepEqual([entry.level_, entry.time_, entry.event_], [3, "never", "other"]);
});

Deno.test("pinoLogger: secrets are hidden at any depth, by name", async (t) => {
  const names = [
    "password",
    "ammPassword",
    "amm_password",
    "adminToken",
    "token",
    "refresh_token",
    "clientSecret",
    "authorization",
    "Authorization",
    "AMM_PASSWORD",
    "set-cookie",
    "apiKey",
    "x-api-key",
  ];
  for (const name of names) {
    await t.step(name, () => {
      const line = JSON.stringify(logged({ request: { headers: [{ [name]: "hunter2" }] } }));
      assert.ok(!line.includes("hunter2"), line);
      assert.ok(line.includes(HIDDEN), line);
    });
  }
});

Deno.test("pinoLogger: names that only sound secret stay readable, and so does an unset secret", () => {
  const entry = logged({ ammTokenValidityHours: 24, idempotencyKey: "k1", adminToken: null });
  assert.deepEqual(
    [entry.amm_token_validity_hours, entry.idempotency_key, entry.admin_token],
    [24, "k1", null],
  );
});

Deno.test("pinoLogger: secrets inside text are hidden", async (t) => {
  const texts = [
    "redis://:hunter2@cache:6379/0",
    "rediss://amm:hunter2@cache:6379/0",
    "cannot connect to https://amm:hunter2@venue.example/api",
    "header Authorization: Bearer hunter2.abc-_=",
    "GET /ws?token=hunter2&market=MKT-1",
    "login with password=hunter2 failed",
  ];
  for (const text of texts) {
    await t.step(text, () => {
      const shown = String(logged({ redisUrl: text }).redis_url);
      assert.ok(!shown.includes("hunter2") && shown.includes(HIDDEN), shown);
    });
  }
});

Deno.test("pinoLogger: an address without credentials stays as it is", () => {
  assert.equal(logged({ redisUrl: "redis://cache:6379/0" }).redis_url, "redis://cache:6379/0");
});

Deno.test("pinoLogger: values that JSON does not know are written readably and never throw", () => {
  const cyclic: Record<string, unknown> = { name: "loop" };
  cyclic.self = cyclic;
  const entry = logged({
    cyclic,
    big: 12345678901234567890n,
    spread: NaN,
    limit: Infinity,
    at: new Date(NOON_MS),
    never: new Date(NaN),
    byMarket: new Map([["MKT-1", { pnlCents: 5 }]]),
    ids: new Set(["a"]),
    symbol: Symbol("s"),
    action: function retry() {},
    trap: Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }),
  });
  assert.deepEqual(entry.cyclic, { name: "loop", self: "[circular]" });
  assert.deepEqual([entry.big, entry.spread, entry.limit], ["12345678901234567890", null, null]);
  assert.deepEqual([entry.at, entry.never], ["2026-01-02T12:00:01.250Z", null]);
  assert.deepEqual([entry.by_market, entry.ids], [{ "MKT-1": { pnl_cents: 5 } }, ["a"]]);
  assert.deepEqual([entry.symbol, entry.action], ["Symbol(s)", "[function retry]"]);
  assert.equal(entry.trap, "[unreadable]");
});

Deno.test("pinoLogger: one object in two places is not a cycle", () => {
  const price = { cents: 50 };
  assert.deepEqual(logged({ from: price, to: price }).to, { cents: 50 });
});

Deno.test("pinoLogger: an error shows its name, message, own fields, cause and place", () => {
  const error = Object.assign(new TypeError("bad"), { code: 3002, cause: new Error("why") });
  const shown = logged({ error }).error as Record<string, unknown>;
  assert.deepEqual([shown.name, shown.message, shown.code], ["TypeError", "bad", 3002]);
  assert.equal((shown.cause as Record<string, unknown>).message, "why");
  assert.match(String(shown.stack), /logger_test/);
});

Deno.test("pinoLogger: lists, texts and depth are limited and say what is missing", () => {
  const limits = { depth: 2, items: 2, characters: 3 };
  assert.deepEqual(toWire([1, 2, 3, 4], limits), [1, 2, "[2 more]"]);
  assert.deepEqual(toWire({ a: 1, b: 2, c: 3 }, limits), { a: 1, b: 2, more: 1 });
  assert.deepEqual(toWire("abcdef", limits), "abc… (6)");
  assert.deepEqual(toWire({ a: { b: {} } }, limits), { a: { b: "[too deep]" } });
});

Deno.test("pinoLogger: a destination that fails does not throw into the caller", () => {
  const log = pinoLogger({
    level: "INFO",
    clock: new VirtualClock(0),
    write: () => {
      throw new Error("broken pipe");
    },
  });
  log.log("ERROR", "uncaught_error");
});

Deno.test("snakeCase: camelCase names are converted and data is left alone", () => {
  const table = [
    ["anchorPriceCents", "anchor_price_cents"],
    ["varianceCents2", "variance_cents2"],
    ["q", "q"],
    ["BID", "BID"],
    ["MKT-1", "MKT-1"],
    ["already_snake", "already_snake"],
  ] as const;
  for (const [name, wire] of table) assert.equal(snakeCase(name), wire);
});

Deno.test("prettyLine: shows time, level, event and fields, with texts in quotes where needed", () => {
  const line = '{"level":"WARN","time":"2026-01-02T12:00:01.250Z","event":"side_dry",' +
    '"market_id":"MKT-1","detail":"no cash","limits":{"bid":0}}\n';
  assert.equal(
    prettyLine(line, false),
    '12:00:01.250 WARN  side_dry market_id=MKT-1 detail="no cash" limits={"bid":0}\n',
  );
});

Deno.test("prettyLine: colors the level on request", () => {
  const line = '{"level":"ERROR","time":"2026-01-02T12:00:01.250Z","event":"uncaught_error"}\n';
  assert.equal(prettyLine(line, true), "12:00:01.250 \x1b[31mERROR\x1b[0m uncaught_error\n");
});

Deno.test("prettyLine: a line from elsewhere stays as it is", () => {
  for (const line of ["not json\n", "[1]\n", "null\n"]) assert.equal(prettyLine(line, true), line);
});
