/**
 * What the connector sends, in which order it asks for admission, and what it tells its observers.
 */

import assert from "node:assert/strict";
import type { Connector } from "../../src/connector/connector.ts";
import { Hono } from "@hono/hono";
import { RestConnector } from "../../src/connector/rest/rest_connector.ts";
import { shares } from "../../src/models/money.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import {
  envelope,
  json,
  later,
  refusal,
  type Reply,
  ScriptedVenue,
  text,
} from "../support/rest_venue.ts";
import {
  MARKET,
  ORDER_ID,
  page,
  PLACE,
  WIRE_BALANCE,
  WIRE_BOOK,
  WIRE_ORDER,
  WIRE_PLACED,
} from "../support/wire_samples.ts";

const PAIRS = { marketId: MARKET, quantity: shares(30), idempotencyKey: "op-1" };
const WIRE_PLACE = {
  client_order_id: PLACE.clientOrderId,
  market_id: MARKET,
  side: "NO",
  direction: "BUY",
  price_cents: 45,
  quantity: 10,
  time_in_force: "GTC",
};

for (
  const [call, route, query, body] of [
    ["market", `GET /markets/${MARKET}`, "", null],
    ["orderBook", `GET /markets/${MARKET}/orderbook`, "levels=99", null],
    ["balance", "GET /account/balance", "", null],
    ["position", `GET /positions/${MARKET}`, "", null],
    [
      "openOrders",
      "GET /orders",
      `market_id=${MARKET}&status=OPEN,PARTIALLY_FILLED&limit=100`,
      null,
    ],
    ["accountOrders", "GET /orders", "status=OPEN,PARTIALLY_FILLED&limit=100", null],
    ["order", `GET /orders/${ORDER_ID}`, "", null],
    ["trades", "GET /trades", "limit=50&cursor=a+b/c=", null],
    ["place", "POST /orders", "", WIRE_PLACE],
    ["cancel", `POST /orders/${ORDER_ID}/cancel`, "", null],
    ["replace", "POST /amm/orders/replace", "", { old_order_id: ORDER_ID, new_order: WIRE_PLACE }],
    ["batchCancel", "POST /amm/orders/batch-cancel", "", {
      market_id: MARKET,
      cancel_scope: "BUY_ONLY",
    }],
    ["mint", "POST /amm/mint", "", { market_id: MARKET, quantity: 30, idempotency_key: "op-1" }],
    ["burn", "POST /amm/burn", "", { market_id: MARKET, quantity: 30, idempotency_key: "op-1" }],
  ] as const
) {
  Deno.test(`requests: ${call} is ${route}`, async () => {
    const venue = new ScriptedVenue();
    await venue.run(CALLS[call](venue.connector)).catch(() => {});
    const sent = venue.sent.at(-1);
    assert.equal(sent?.route, route);
    assert.equal(sent?.query, query);
    assert.deepEqual(sent?.body, body);
    assert.equal(sent?.authorization, "Bearer access-1");
  });
}

const CALLS = {
  market: (c: Connector): Promise<unknown> => c.market(MARKET),
  orderBook: (c: Connector) => c.orderBook(MARKET),
  balance: (c: Connector) => c.balance(),
  position: (c: Connector) => c.position(MARKET),
  openOrders: (c: Connector) => c.openOrders(MARKET),
  accountOrders: (c: Connector) => c.accountOrders?.() ?? Promise.resolve(),
  order: (c: Connector) => c.order(ORDER_ID),
  trades: (c: Connector) => c.trades({ limit: 50, cursor: "a b/c=" }),
  place: (c: Connector) => c.place(PLACE),
  cancel: (c: Connector) => c.cancel(ORDER_ID),
  replace: (c: Connector) => c.replace(ORDER_ID, PLACE),
  batchCancel: (c: Connector) => c.batchCancel(MARKET, "BUY_ONLY"),
  mint: (c: Connector) => c.mint(PAIRS),
  burn: (c: Connector) => c.burn(PAIRS),
};

for (const id of ["../x", "", "a b", "a/b", "a?b", "a%2Fb", "ä", "x".repeat(65)]) {
  Deno.test(`ids: ${JSON.stringify(id).slice(0, 20)} is rejected before anything is sent (L-40)`, async () => {
    const venue = new ScriptedVenue();
    const { connector } = venue;
    const calls: (() => Promise<unknown>)[] = [
      () => connector.market(id),
      () => connector.orderBook(id),
      () => connector.position(id),
      () => connector.openOrders(id),
      () => connector.order(id),
      () => connector.cancel(id),
      () => connector.replace(id, PLACE),
      () => connector.batchCancel(id, "ALL"),
      () => connector.place({ ...PLACE, marketId: id }),
      () => connector.place({ ...PLACE, clientOrderId: id }),
      () => connector.replace(ORDER_ID, { ...PLACE, clientOrderId: id }),
      () => connector.mint({ ...PAIRS, marketId: id }),
      () => connector.burn({ ...PAIRS, idempotencyKey: id }),
    ];
    for (const call of calls) await assert.rejects(call(), RangeError);
    assert.equal(venue.sent.length, 0);
  });
}

Deno.test("reads: a position that does not exist is zero (404 with code 3001)", async () => {
  const venue = new ScriptedVenue().on(`GET /positions/${MARKET}`, refusal(404, 3001));
  assert.deepEqual(await venue.run(venue.connector.position(MARKET)), {
    yes: 0,
    no: 0,
    yesCostCents: 0,
    noCostCents: 0,
  });
});

Deno.test("reads: a market that is not active refuses its book with 3002", async () => {
  const venue = new ScriptedVenue().on(`GET /markets/${MARKET}/orderbook`, refusal(422, 3002));
  await assert.rejects(venue.run(venue.connector.orderBook(MARKET)), {
    kind: "refused",
    code: 3002,
  });
});

Deno.test("reads: open orders are collected over all pages, oldest first, dead ones left out (L-42)", async () => {
  const order = (id: number, status = "OPEN") => ({ ...WIRE_ORDER, id: String(id), status });
  const venue = new ScriptedVenue().on(
    "GET /orders",
    json(200, page([order(5), order(4)], "4")),
    json(200, page([order(3, "CANCELLED"), order(2, "PARTIALLY_FILLED")], "2")),
    json(200, page([order(1)])),
  );
  const orders = await venue.run(venue.connector.openOrders(MARKET));
  assert.deepEqual(orders.map(({ orderId }) => orderId), ["1", "2", "4", "5"]);
  const cursors = venue.sentTo("GET /orders").map(({ query }) => query.split("cursor=")[1]);
  assert.deepEqual(cursors, [undefined, "4", "2"]);
});

Deno.test("reads: the orders of the account are those of all markets, and each page asks the budget", async () => {
  const order = (id: number, marketId: string) => ({
    ...WIRE_ORDER,
    ...{ id: String(id), market_id: marketId },
  });
  const venue = new ScriptedVenue().on(
    "GET /orders",
    json(200, page([order(3, "OTHER"), order(2, MARKET)], "2")),
    json(200, page([order(1, "THIRD")])),
  );
  const orders = await venue.run(venue.connector.accountOrders());
  assert.deepEqual(orders.map(({ orderId, marketId }) => `${orderId} ${marketId}`), [
    "1 THIRD",
    `2 ${MARKET}`,
    "3 OTHER",
  ]);
  assert.equal(venue.admitted.filter(({ endpoint }) => endpoint === "query").length, 2);
});

Deno.test("reads: envelope and bare payload are the same", async () => {
  const venue = new ScriptedVenue().on(
    `GET /orders/${ORDER_ID}`,
    json(200, WIRE_ORDER),
    envelope(WIRE_ORDER),
  );
  const bare = await venue.run(venue.connector.order(ORDER_ID));
  assert.deepEqual(await venue.run(venue.connector.order(ORDER_ID)), bare);
});

for (const status of [200, 201]) {
  Deno.test(`commands: a placement may be answered with ${status}`, async () => {
    const venue = new ScriptedVenue().on("POST /orders", json(status, WIRE_PLACED));
    const outcome = await venue.run(venue.connector.place(PLACE));
    assert.equal(outcome.kind === "accepted" && outcome.value.order.orderId, ORDER_ID);
  });
}

for (
  const [status, code] of [
    [409, 4005],
    [404, 3001],
    [422, 3002],
    [422, 4001],
    [422, 4002],
    [422, 4003],
    [422, 2001],
    [422, 5001],
    [422, 1004],
    [403, 6004],
    [400, 4001],
  ] as const
) {
  Deno.test(`commands: a placement refused with ${status}/${code} is rejected and sent once`, async () => {
    const venue = new ScriptedVenue().on("POST /orders", refusal(status, code));
    const outcome = await venue.run(venue.connector.place(PLACE));
    assert.equal(outcome.kind === "rejected" && outcome.code, code);
    assert.equal(venue.sentTo("POST /orders").length, 1);
  });
}

for (
  const [status, code, data] of [
    [404, 6002, null],
    [403, 6004, null],
    [422, 6003, null],
    [422, 6001, null],
    [422, 6001, { old_order_id: "1", old_order_status: "CANCELLED", filled_quantity: 3 }],
    [422, 6005, { old_market_id: "A", new_market_id: "B" }],
  ] as const
) {
  Deno.test(`commands: a replace refused with ${code}, data ${data === null ? "null" : "filled"}, is rejected`, async () => {
    const venue = new ScriptedVenue()
      .on("POST /amm/orders/replace", json(status, { code, message: "no", data }));
    const outcome = await venue.run(venue.connector.replace("1", PLACE));
    assert.deepEqual(outcome, {
      kind: "rejected",
      code,
      message: `HTTP ${status}: no (code ${code})`,
    });
  });
}

Deno.test("admission: every attempt asks, with endpoint, priority and market", async () => {
  const venue = new ScriptedVenue().on(
    "POST /amm/orders/replace",
    text(500, "Internal Server Error"),
  );
  venue.on(`POST /orders/${ORDER_ID}/cancel`, "drop", refusal(422, 4006));
  await venue.run(venue.connector.replace("1", PLACE));
  await venue.run(venue.connector.cancel(ORDER_ID));
  const cancel = { endpoint: "order", priority: "cancel" };
  assert.deepEqual(venue.admitted, [
    { endpoint: "replace", priority: "risk_reducing", budgeted: true, marketId: MARKET },
    { endpoint: "auth", priority: "cancel", budgeted: false },
    { ...cancel, budgeted: true },
    { ...cancel, budgeted: false },
  ], "a repeat has no place in the budget yet");
});

for (
  const [call, endpoint, priority] of [
    ["market", "query", "other"],
    ["orderBook", "query", "other"],
    ["balance", "query", "other"],
    ["position", "query", "other"],
    ["trades", "query", "other"],
    ["openOrders", "query", "risk_reducing"],
    ["accountOrders", "query", "other"],
    ["order", "query", "risk_reducing"],
    ["place", "order", "other"],
    ["cancel", "order", "cancel"],
    ["batchCancel", "order", "cancel"],
    ["replace", "replace", "risk_reducing"],
    ["mint", "order", "other"],
    ["burn", "order", "other"],
  ] as const
) {
  Deno.test(`admission: ${call} goes by the ${endpoint} budget as ${priority}`, async () => {
    const venue = new ScriptedVenue();
    await venue.run(CALLS[call](venue.connector)).catch(() => {});
    const asked = venue.admitted[0];
    assert.deepEqual([asked?.endpoint, asked?.priority], [endpoint, priority]);
    assert.equal(asked?.budgeted, endpoint !== "query" && call !== "batchCancel");
  });
}

Deno.test("admission: nothing is sent before the budget lets it go", async () => {
  const gate = Promise.withResolvers<void>();
  const venue = new ScriptedVenue({ admit: () => gate.promise });
  venue.on("GET /account/balance", envelope(WIRE_BALANCE));
  const balance = venue.connector.balance();
  await venue.clock.advance(60_000);
  assert.equal(venue.sent.length, 0);
  gate.resolve();
  assert.equal((await venue.run(balance)).frozenCents, 271);
});

for (
  const [name, reply, end] of [
    ["an answer", later(120, envelope(WIRE_BOOK)), "ok"],
    ["a refusal", later(120, refusal(422, 3002)), "refused"],
    ["a malformed answer", later(120, envelope({})), "failed"],
  ] as const satisfies readonly (readonly [string, Reply, string])[]
) {
  Deno.test(`observer: ${name} is counted for its market as ${end}, with its time`, async () => {
    const venue = new ScriptedVenue().on(`GET /markets/${MARKET}/orderbook`, reply);
    await venue.run(venue.connector.orderBook(MARKET)).catch(() => {});
    assert.deepEqual(venue.observed.at(-1), { call: "orderBook", marketId: MARKET, ms: 120, end });
  });
}

Deno.test("observer: every attempt counts, so that a failing venue shows", async () => {
  const venue = new ScriptedVenue().on("GET /account/balance", "drop", envelope(WIRE_BALANCE));
  await venue.run(venue.connector.balance());
  assert.deepEqual(venue.observed.map(({ call, marketId, end }) => [call, marketId, end]), [
    ["login", null, "ok"],
    ["balance", null, "failed"],
    ["balance", null, "ok"],
  ]);
});

Deno.test("connector: an application inside the process can stand in for the network", async () => {
  const clock = new VirtualClock(0);
  const app = new Hono().basePath("/api/v1");
  app.post("/auth/login", (c) =>
    c.json({
      code: 0,
      message: "Login successful",
      data: { access_token: "a", refresh_token: "r", expires_in: 1800, user: { user_id: "u" } },
    }));
  app.get(
    "/account/balance",
    (c) =>
      c.req.header("authorization") === "Bearer a"
        ? c.json({ code: 0, message: "success", data: WIRE_BALANCE })
        : c.json({ detail: "Not authenticated" }, 401),
  );
  const connector = new RestConnector({
    baseUrl: "http://inside/api/v1",
    username: "u",
    password: "p",
    timeoutMs: 10_000,
    maxRetries: 3,
    maxBackoffMs: 30_000,
    fetch: async (url, init) => await app.request(url, init),
    clock,
    random: seededRandom(1),
    log: silentLogger,
  });
  assert.equal((await clock.resolve(connector.balance())).availableCents, 99_729);
  assert.equal(clock.monotonicMs(), 0);
});
