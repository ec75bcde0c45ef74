import assert from "node:assert/strict";
import { readLimits } from "../../src/connector/rest/announced_limits.ts";
import { envelope, json, ScriptedVenue, START_MS } from "../support/rest_venue.ts";
import { MARKET, PLACE, WIRE_BALANCE } from "../support/wire_samples.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

function limits(status: number, headers: Record<string, string>) {
  return readLimits({ status, headers: new Headers(headers) }, NOW_MS);
}

Deno.test("limits: an answer that does not mention them announces nothing", () => {
  assert.equal(limits(200, {}), null);
});

Deno.test("limits: the three headers are read, the reset in epoch seconds", () => {
  const headers = {
    "X-RateLimit-Limit": "400",
    "X-RateLimit-Remaining": "399",
    "X-RateLimit-Reset": "1767323100",
  };
  assert.deepEqual(limits(200, headers), {
    limit: 400,
    remaining: 399,
    resetAtMs: 1_767_323_100_000,
    refused: false,
    waitMs: null,
  });
});

for (
  const [name, headers, waitMs] of [
    ["seconds", { "retry-after": "12" }, 12_000],
    ["0 seconds", { "retry-after": "0" }, 0],
    ["more than a minute, capped", { "retry-after": "61" }, 60_000],
    ["a date", { "retry-after": "Fri, 02 Jan 2026 03:04:35 GMT" }, 30_000],
    ["a date in the past", { "retry-after": "Fri, 02 Jan 2026 03:00:00 GMT" }, 0],
    ["a date far away, capped", { "retry-after": "Fri, 02 Jan 2032 03:04:35 GMT" }, 60_000],
    ["nonsense", { "retry-after": "later" }, null],
    ["nonsense that ends like a date", { "retry-after": "some GMT" }, null],
    ["a negative number", { "retry-after": "-3" }, null],
    ["a fraction", { "retry-after": "1.5" }, null],
    ["nothing", {}, null],
    ["only the reset", { "x-ratelimit-reset": String(NOW_MS / 1000 + 20) }, 20_000],
    ["nonsense beside a reset", {
      "retry-after": "later",
      "x-ratelimit-reset": String(NOW_MS / 1000 + 20),
    }, 20_000],
  ] as const
) {
  Deno.test(`limits: a 429 that says ${name} asks to wait ${waitMs} ms`, () => {
    const announced = limits(429, headers);
    assert.equal(announced?.waitMs, waitMs);
    assert.equal(announced?.refused, true);
  });
}

Deno.test("limits: the listener learns the endpoint and the market", async () => {
  const headers = { "X-RateLimit-Limit": "400", "X-RateLimit-Remaining": "0" };
  const venue = new ScriptedVenue()
    .on("POST /amm/orders/replace", json(429, {}, { ...headers, "retry-after": "9" }));
  await venue.run(venue.connector.replace("1", PLACE));
  assert.deepEqual(venue.limits, [{
    endpoint: "replace",
    marketId: MARKET,
    limit: 400,
    remaining: 0,
    resetAtMs: null,
    refused: true,
    waitMs: 9000,
  }]);
  assert.equal(START_MS, venue.clock.nowMs());
});

Deno.test("limits: the listener hears nothing from a venue without limits", async () => {
  const venue = new ScriptedVenue().on("GET /account/balance", envelope(WIRE_BALANCE));
  await venue.run(venue.connector.balance());
  assert.deepEqual(venue.limits, []);
});
