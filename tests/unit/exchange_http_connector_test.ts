/**
 * The live connector at the simulated exchange, under a virtual clock: what it does to the engine
 * over HTTP is what the connector inside the process does without it.
 */

import assert from "node:assert/strict";
import type { Connector, PlaceRequest } from "../../src/connector/connector.ts";
import { RestConnector } from "../../src/connector/rest/rest_connector.ts";
import { price, shares } from "../../src/models/money.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { AMM_USER_ID, InProcessConnector } from "../../sim/exchange/mod.ts";
import { HttpVenue, type HttpVenueOptions, MARKET } from "../support/exchange_http.ts";

function restConnector(venue: HttpVenue, password = "Passw0rd1"): RestConnector {
  return new RestConnector({
    baseUrl: "http://exchange.test/api/v1",
    username: "amm_market_maker",
    password,
    timeoutMs: 5_000,
    maxRetries: 1,
    maxBackoffMs: 1_000,
    clock: venue.clock,
    random: seededRandom(1),
    log: recordingLogger([]),
    fetch: async (url, init) => await venue.app.request(url, init),
  });
}

function inProcess(venue: HttpVenue): InProcessConnector {
  const { exchange } = venue.venue;
  return new InProcessConnector({ exchange, clock: venue.clock, userId: AMM_USER_ID });
}

const order = (clientOrderId: string, changes: Partial<PlaceRequest> = {}): PlaceRequest => ({
  clientOrderId,
  marketId: MARKET,
  contract: "YES",
  direction: "BUY",
  contractPrice: price(40),
  quantity: shares(10),
  timeInForce: "GTC",
  ...changes,
});

/** One of everything, and some of it refused; gives what the connector saw. */
async function session(connector: Connector, venue: HttpVenue): Promise<unknown[]> {
  const { exchange } = venue.venue;
  const seen: unknown[] = [];
  const see = async <T>(work: Promise<T>): Promise<T> => {
    const value = await venue.clock.resolve(work);
    seen.push(value);
    return value;
  };
  const take = (contract: "YES" | "NO", contractPrice: number, quantity: number) =>
    exchange.placeOrder(venue.idOf("ann"), {
      clientOrderId: `ann-${contract}-${quantity}`,
      marketId: MARKET,
      contract,
      direction: "BUY",
      contractPrice,
      quantity,
    });
  await see(connector.identity());
  await see(connector.market(MARKET));
  await see(connector.mint({ marketId: MARKET, quantity: shares(20), idempotencyKey: "m" }));
  await see(connector.mint({ marketId: MARKET, quantity: shares(20), idempotencyKey: "m" }));
  const bid = await see(connector.place(order("bid")));
  const ask = await see(connector.place(
    order("ask", { contract: "YES", direction: "SELL", contractPrice: price(60) }),
  ));
  assert.ok(bid.kind === "accepted" && ask.kind === "accepted");
  await see(connector.place(order("bid")));
  await see(connector.place(order("bid", { quantity: shares(11) })));
  await see(connector.place(order("too-big", { quantity: shares(10_000) })));
  await see(connector.replace(bid.value.order.orderId, order("bid-2", { quantity: shares(8) })));
  await venue.clock.advance(250);
  take("YES", 60, 4);
  await see(connector.trades({ limit: 10 }));
  await see(connector.replace(ask.value.order.orderId, order("ask-2")));
  take("NO", 60, 3);
  await see(connector.openOrders(MARKET));
  await see(connector.orderBook(MARKET));
  await see(connector.order(bid.value.order.orderId));
  await see(connector.cancel(ask.value.order.orderId));
  await see(connector.cancel("123"));
  await see(connector.batchCancel(MARKET, "ALL"));
  await see(connector.burn({ marketId: MARKET, quantity: shares(5), idempotencyKey: "b" }));
  await see(connector.burn({ marketId: MARKET, quantity: shares(500), idempotencyKey: "c" }));
  await see(connector.balance());
  await see(connector.position(MARKET));
  await see(connector.position("MKT-2"));
  return seen;
}

Deno.test("the same session over HTTP and inside the process gives the same answers and state", async () => {
  const [web, inside] = [new HttpVenue(), new HttpVenue()];
  const overHttp = await session(restConnector(web), web);
  const direct = await session(inProcess(inside), inside);
  // Refusals of the two are worded apart; code and kind are the same.
  const withoutWords = (seen: unknown[]) =>
    seen.map((each) =>
      each instanceof Object && "message" in each ? { ...each, message: "" } : each
    );
  assert.deepEqual(withoutWords(overHttp), withoutWords(direct));
  assert.deepEqual(
    web.venue.exchange.control.dumpState(),
    inside.venue.exchange.control.dumpState(),
  );
  web.venue.exchange.control.assertInvariants();
  assert.deepEqual(web.defects, []);
});

Deno.test("over HTTP, everything is done before the clock moves on", async () => {
  const venue = new HttpVenue();
  await session(restConnector(venue), venue);
  assert.equal(venue.clock.monotonicMs(), 250, "only the pause of the session took time");
});

Deno.test("the connector logs in again by itself when its tokens have expired", async () => {
  const venue = new HttpVenue();
  const connector = restConnector(venue);
  await venue.clock.resolve(connector.balance());
  for (const pauseMs of [1_801_000, 604_801_000]) {
    await venue.clock.advance(pauseMs);
    assert.equal((await venue.clock.resolve(connector.balance())).availableCents, 900_000);
  }
});

/** How a placement ends, as the connector sees it, and after how many milliseconds. */
async function outcome(options: HttpVenueOptions): Promise<readonly [string, number]> {
  const venue = new HttpVenue(options);
  await venue.placed("amm", "SELL YES 50 x 5");
  const cross = order("cross", { contract: "NO", direction: "SELL", contractPrice: price(50) });
  const connector = restConnector(venue);
  const { kind } = await venue.clock.resolve(connector.place(cross));
  return [kind, venue.clock.monotonicMs()];
}

Deno.test("a bare 500 is an unknown outcome, a limit is a refusal", async () => {
  assert.deepEqual(await outcome({}), ["accepted", 0]);
  assert.deepEqual(await outcome({ limits: { ordersPerMinute: 1 } }), ["rejected", 0]);
  const crashing = { settings: { quirks: new Set(["Q-09", "Q-22"] as const) } };
  assert.equal((await outcome(crashing))[0], "unknown");
});

Deno.test("a request that hangs is given up after the time-out", async () => {
  const venue = new HttpVenue({
    control: true,
    settings: { quirks: new Set(["Q-16"] as const) },
  });
  await venue.placed("amm", "SELL YES 55 x 10");
  await venue.request("/__control/users/ann/race", {
    method: "POST",
    body: JSON.stringify({
      client_order_id: "racer",
      market_id: MARKET,
      side: "YES",
      direction: "BUY",
      price_cents: 55,
      quantity: 1,
    }),
  });
  const startMs = venue.clock.monotonicMs();
  const done = await venue.clock.resolve(restConnector(venue).batchCancel(MARKET, "ALL"));
  assert.equal(done.kind, "unknown");
  assert.equal(venue.clock.monotonicMs() - startMs, 5_000);
});

Deno.test("a wrong password is refused, not retried for ever", async () => {
  const venue = new HttpVenue();
  await assert.rejects(venue.clock.resolve(restConnector(venue, "wrong").balance()));
});
