import assert from "node:assert/strict";
import { readLimits } from "../../src/connector/rest/announced_limits.ts";
import { type HttpAnswer, HttpVenue, verdict } from "../support/exchange_http.ts";

/** What an answer says about limits, `remaining/limit`. */
function standing({ headers }: HttpAnswer): string {
  return `${headers.get("x-ratelimit-remaining")}/${headers.get("x-ratelimit-limit")}`;
}

Deno.test("limits: the call over the limit of a minute is refused and says how long to wait", async () => {
  const venue = new HttpVenue({ limits: { queriesPerMinute: 2 } });
  assert.equal(standing(await venue.get("ann", "/positions")), "1/2");
  await venue.clock.advance(5_000);
  assert.equal(standing(await venue.get("ann", "/account/balance")), "0/2");
  const refused = await venue.get("ann", "/positions");
  assert.deepEqual(verdict(refused), [429, 9001]);
  assert.equal(standing(refused), "0/2");
  // The window began at 06:13:00, and now it is 06:13:45.
  assert.equal(refused.headers.get("retry-after"), "15");
  const reset = Date.parse("2026-11-22T06:14:00Z") / 1000;
  assert.equal(refused.headers.get("x-ratelimit-reset"), String(reset));
  assert.equal(readLimits(refused, venue.clock.nowMs())?.waitMs, 15_000, "our client reads it");
  await venue.clock.advance(15_000);
  assert.equal(standing(await venue.get("ann", "/positions")), "1/2");
});

Deno.test("limits: every user has his own, and orders and queries do not share one", async () => {
  const venue = new HttpVenue({ limits: { ordersPerMinute: 1, queriesPerMinute: 1 } });
  assert.equal((await venue.place("ann", "BUY YES 10 x 1")).status, 201);
  assert.equal((await venue.place("ann", "BUY YES 10 x 1")).status, 429);
  assert.equal((await venue.post("ann", "/orders/1/cancel")).status, 429, "cancels count too");
  assert.equal((await venue.place("bob", "BUY YES 10 x 1")).status, 201);
  assert.equal((await venue.get("ann", "/orders")).status, 200);
});

Deno.test("limits: replaces are counted by market, apart from orders", async () => {
  const venue = new HttpVenue({ limits: { ordersPerMinute: 100, replacesPerMinute: 1 } });
  const old = await venue.placed("amm", "SELL YES 60 x 1");
  const other = await venue.placed("amm", "BUY YES 10 x 1", { market_id: "MKT-2" });
  assert.equal((await venue.replace(old, "SELL YES 61 x 1")).status, 200);
  assert.equal((await venue.replace(old, "SELL YES 62 x 1")).status, 429);
  const elsewhere = { market_id: "MKT-2" };
  assert.equal((await venue.replace(other, "BUY YES 11 x 1", elsewhere)).status, 200);
});

Deno.test("limits: a request that is refused changes nothing", async () => {
  const venue = new HttpVenue({ limits: { ordersPerMinute: 1 } });
  await venue.placed("ann", "BUY YES 10 x 1");
  const before = venue.venue.exchange.control.dumpState();
  assert.equal((await venue.place("ann", "BUY YES 11 x 1")).status, 429);
  assert.deepEqual(venue.venue.exchange.control.dumpState(), before);
});

Deno.test("limits: without any, no answer mentions them", async () => {
  const { headers } = await new HttpVenue().get("ann", "/orders");
  assert.deepEqual([...headers.keys()].filter((name) => /ratelimit|retry/.test(name)), []);
});

Deno.test("latency: a request takes effect after half of it and is answered after all of it", async () => {
  const venue = new HttpVenue({ latencyMs: 100 });
  let isAnswered = false;
  venue.place("ann", "BUY YES 10 x 1").then(() => isAnswered = true);
  const orders = () => venue.venue.exchange.openOrders(venue.idOf("ann"), "MKT-1").length;
  await venue.clock.advance(49);
  assert.deepEqual([orders(), isAnswered], [0, false]);
  await venue.clock.advance(1);
  assert.deepEqual([orders(), isAnswered], [1, false]);
  await venue.clock.advance(50);
  assert.deepEqual([orders(), isAnswered], [1, true]);
});

Deno.test("latency: an error takes as long as an answer", async () => {
  const venue = new HttpVenue({ latencyMs: 100 });
  const startMs = venue.clock.monotonicMs();
  const { status } = await venue.clock.resolve(venue.get(null, "/orders"));
  assert.deepEqual([status, venue.clock.monotonicMs() - startMs], [401, 100]);
});
