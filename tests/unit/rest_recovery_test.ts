/**
 * The recovery table of the exchange API spec §6, call by call, and the rules for 429 (L-33, L-38).
 */

import assert from "node:assert/strict";
import { type Connector, VenueError } from "../../src/connector/connector.ts";
import { shares } from "../../src/models/money.ts";
import { envelope, json, refusal, type Reply, ScriptedVenue, text } from "../support/rest_venue.ts";
import {
  MARKET,
  ORDER_ID,
  page,
  PLACE,
  WIRE_BALANCE,
  WIRE_BOOK,
  WIRE_CANCELLED,
  WIRE_ORDER,
  WIRE_PLACED,
  WIRE_POSITION,
  WIRE_REPLACED,
  WIRE_TRADE,
} from "../support/wire_samples.ts";

const MARKET_RECORD = {
  id: MARKET,
  title: "Sample",
  status: "ACTIVE",
  min_price_cents: 1,
  max_price_cents: 99,
  maker_fee_bps: 10,
  taker_fee_bps: 20,
  max_order_quantity: 10_000,
  max_position_per_user: 25_000,
  max_order_amount_cents: 1_000_000,
  trading_start_at: null,
  trading_end_at: null,
  resolution_date: null,
  resolution_result: null,
};
const PAIRS = { marketId: MARKET, quantity: shares(30), idempotencyKey: "op-1" };
const MINTED = { market_id: MARKET, minted_quantity: 30 };
const BURNED = { market_id: MARKET, burned_quantity: 30 };

interface Row {
  readonly name: string;
  readonly route: string;
  readonly call: (connector: Connector) => Promise<unknown>;
  readonly answer: Reply;
  /** Attempts in all when every attempt ends in this way, with three retries allowed. */
  readonly drop: number;
  readonly hang: number;
  readonly gateway: number;
  readonly serverError: number;
  readonly limited: number;
}

const READ = { drop: 4, hang: 2, gateway: 4, serverError: 2, limited: 4 };
const ONCE = { drop: 1, hang: 1, gateway: 1, serverError: 1, limited: 1 };

const READS: readonly Row[] = [
  {
    name: "market",
    route: `GET /markets/${MARKET}`,
    call: (c) => c.market(MARKET),
    answer: envelope(MARKET_RECORD),
    ...READ,
  },
  {
    name: "orderBook",
    route: `GET /markets/${MARKET}/orderbook`,
    call: (c) => c.orderBook(MARKET),
    answer: envelope(WIRE_BOOK),
    ...READ,
  },
  {
    name: "balance",
    route: "GET /account/balance",
    call: (c) => c.balance(),
    answer: envelope(WIRE_BALANCE),
    ...READ,
  },
  {
    name: "position",
    route: `GET /positions/${MARKET}`,
    call: (c) => c.position(MARKET),
    answer: envelope(WIRE_POSITION),
    ...READ,
  },
  {
    name: "openOrders",
    route: "GET /orders",
    call: (c) => c.openOrders(MARKET),
    answer: json(200, page([WIRE_ORDER])),
    ...READ,
  },
  {
    name: "order",
    route: `GET /orders/${ORDER_ID}`,
    call: (c) => c.order(ORDER_ID),
    answer: json(200, WIRE_ORDER),
    ...READ,
  },
  {
    name: "trades",
    route: "GET /trades",
    call: (c) => c.trades({ limit: 50 }),
    answer: envelope(page([WIRE_TRADE])),
    ...READ,
  },
  {
    name: "login",
    route: "POST /auth/login",
    call: (c) => c.identity(),
    answer: envelope({
      access_token: "a",
      refresh_token: "r",
      expires_in: 1800,
      user: { user_id: "u" },
    }),
    ...READ,
  },
];

const COMMANDS: readonly Row[] = [
  {
    name: "place",
    route: "POST /orders",
    call: (c) => c.place(PLACE),
    answer: json(201, WIRE_PLACED),
    ...ONCE,
    drop: 2,
  },
  {
    name: "cancel",
    route: `POST /orders/${ORDER_ID}/cancel`,
    call: (c) => c.cancel(ORDER_ID),
    answer: json(200, WIRE_CANCELLED),
    drop: 4,
    hang: 4,
    gateway: 4,
    serverError: 4,
    limited: 4,
  },
  {
    name: "replace",
    route: "POST /amm/orders/replace",
    call: (c) => c.replace("1", PLACE),
    answer: envelope(WIRE_REPLACED),
    ...ONCE,
  },
  {
    name: "batchCancel",
    route: "POST /amm/orders/batch-cancel",
    call: (c) => c.batchCancel(MARKET, "ALL"),
    answer: envelope({ market_id: MARKET, cancelled_count: 2 }),
    drop: 2,
    hang: 1,
    gateway: 4,
    serverError: 4,
    limited: 4,
  },
  {
    name: "mint",
    route: "POST /amm/mint",
    call: (c) => c.mint(PAIRS),
    answer: envelope(MINTED, 201),
    ...ONCE,
    drop: 2,
  },
  {
    name: "burn",
    route: "POST /amm/burn",
    call: (c) => c.burn(PAIRS),
    answer: envelope(BURNED),
    ...ONCE,
    drop: 2,
  },
];

const TROUBLE: Readonly<Record<"drop" | "hang" | "gateway" | "serverError" | "limited", Reply>> = {
  drop: "drop",
  hang: "hang",
  gateway: text(503, "<html>Service Unavailable</html>"),
  serverError: text(500, "Internal Server Error"),
  limited: refusal(429, 9001),
};
const KINDS = ["drop", "hang", "gateway", "serverError", "limited"] as const;

for (const row of READS) {
  for (const kind of KINDS) {
    Deno.test(`recovery: ${row.name} is attempted ${row[kind]} times against endless '${kind}', then fails`, async () => {
      const venue = new ScriptedVenue().on(row.route, TROUBLE[kind]);
      const error = await venue.run(row.call(venue.connector)).catch((caught) => caught);
      assert.ok(error instanceof VenueError);
      assert.equal(error.kind, kind === "limited" ? "refused" : "unavailable");
      assert.equal(error.code, kind === "limited" ? 9001 : 0);
      assert.equal(venue.sentTo(row.route).length, row[kind]);
    });

    Deno.test(`recovery: ${row.name} survives one '${kind}'`, async () => {
      const venue = new ScriptedVenue().on(row.route, TROUBLE[kind], row.answer);
      await venue.run(row.call(venue.connector));
      assert.equal(venue.sentTo(row.route).length, 2);
    });
  }
}

for (const row of COMMANDS) {
  for (const kind of KINDS) {
    Deno.test(`recovery: ${row.name} is attempted ${row[kind]} times against endless '${kind}'`, async () => {
      const venue = new ScriptedVenue().on(row.route, TROUBLE[kind]);
      const outcome = await venue.run(row.call(venue.connector));
      assert.equal(venue.sentTo(row.route).length, row[kind]);
      const bodies = venue.sentTo(row.route).map(({ body }) => JSON.stringify(body));
      assert.equal(new Set(bodies).size, 1, "every attempt must be identical, its ids included");
      if (kind === "limited") {
        assert.deepEqual(outcome, {
          kind: "rejected",
          code: 9001,
          message: "HTTP 429: no (code 9001)",
        });
      } else {
        assert.equal((outcome as { kind: string }).kind, "unknown");
      }
    });
  }

  Deno.test(`recovery: ${row.name} that gets its answer is sent once and accepted`, async () => {
    const venue = new ScriptedVenue().on(row.route, row.answer);
    const outcome = await venue.run(row.call(venue.connector));
    assert.equal((outcome as { kind: string }).kind, "accepted");
    assert.equal(venue.sentTo(row.route).length, 1);
  });
}

Deno.test("recovery: a placement whose answer was dropped is repeated at once with the same client order id", async () => {
  const venue = new ScriptedVenue().on(
    "POST /orders",
    "drop",
    json(201, { ...WIRE_PLACED, trades: [] }),
  );
  const outcome = await venue.run(venue.connector.place(PLACE));
  assert.equal(outcome.kind, "accepted");
  const [first, second] = venue.sentTo("POST /orders");
  assert.deepEqual(second?.body, first?.body);
  assert.equal(second?.atMs, first?.atMs);
});

Deno.test("recovery: a placement that is refused after a dropped attempt stays unknown", async () => {
  const venue = new ScriptedVenue().on("POST /orders", "drop", refusal(422, 3002));
  assert.equal((await venue.run(venue.connector.place(PLACE))).kind, "unknown");
});

Deno.test("recovery: a placement that timed out ends unknown after one time-out", async () => {
  const venue = new ScriptedVenue().on("POST /orders", "hang");
  const outcome = await venue.run(venue.connector.place(PLACE));
  assert.deepEqual(outcome, { kind: "unknown", cause: "no answer in time" });
  assert.equal(venue.clock.monotonicMs(), 10_000);
});

Deno.test("recovery: a cancel that timed out and then answers 4006 is rejected: done or filled", async () => {
  const route = `POST /orders/${ORDER_ID}/cancel`;
  const venue = new ScriptedVenue().on(
    route,
    "hang",
    refusal(422, 4006, "Order cannot be cancelled"),
  );
  const outcome = await venue.run(venue.connector.cancel(ORDER_ID));
  assert.equal(outcome.kind === "rejected" && outcome.code, 4006);
});

Deno.test("recovery: two 503 and then success cancel an order exactly once (L-33)", async () => {
  const route = `POST /orders/${ORDER_ID}/cancel`;
  const busy = text(503, "busy");
  const venue = new ScriptedVenue().on(route, busy, busy, json(200, WIRE_CANCELLED));
  const outcome = await venue.run(venue.connector.cancel(ORDER_ID));
  assert.equal(outcome.kind === "accepted" && outcome.value.remainingCancelled, 6);
  assert.equal(venue.sentTo(route).length, 3);
});

Deno.test("recovery: waits double and carry jitter", async () => {
  const route = `POST /orders/${ORDER_ID}/cancel`;
  const venue = new ScriptedVenue().on(route, text(503, "busy"));
  await venue.run(venue.connector.cancel(ORDER_ID));
  const times = venue.sentTo(route).map(({ atMs }) => atMs);
  const waits = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  waits.forEach((wait, index) => {
    const full = 250 * 2 ** index;
    assert.ok(wait >= full / 2 && wait <= full, `wait ${index} is ${wait}`);
  });
  assert.notEqual(waits[1], 2 * (waits[0] ?? 0));
});

Deno.test("recovery: a batch cancel that timed out raises an alarm that names the market", async () => {
  const venue = new ScriptedVenue().on("POST /amm/orders/batch-cancel", "hang");
  await venue.run(venue.connector.batchCancel(MARKET, "ALL"));
  assert.deepEqual(venue.logged("batch_cancel_stuck").map(({ fields }) => fields), [{
    marketId: MARKET,
  }]);
});

Deno.test("recovery: only one batch cancel of a market is under way, other markets do not wait", async () => {
  const venue = new ScriptedVenue().on("POST /amm/orders/batch-cancel", "hang");
  const outcomes = await venue.run(Promise.all([
    venue.connector.batchCancel(MARKET, "ALL"),
    venue.connector.batchCancel(MARKET, "BUY_ONLY"),
    venue.connector.batchCancel("MKT-2", "ALL"),
  ]));
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["unknown", "unknown", "unknown"]);
  assert.equal(venue.sentTo("POST /amm/orders/batch-cancel").length, 2);
});

for (const call of ["mint", "burn"] as const) {
  const hit = { idempotent_hit: true, idempotency_key: "op-1" };
  for (const answer of [envelope(hit, 200), envelope(hit, 201), refusal(409, 6006)]) {
    Deno.test(`recovery: a repeated key of a ${call} means already done (${answerName(answer)})`, async () => {
      const venue = new ScriptedVenue().on(`POST /amm/${call}`, answer);
      assert.deepEqual(await venue.run(venue.connector[call](PAIRS)), {
        kind: "accepted",
        value: { alreadyDone: true },
      });
    });
  }
}

function answerName(answer: Reply): number {
  const response = typeof answer === "function"
    ? answer({ route: "", query: "", body: null, authorization: null, atMs: 0 })
    : answer;
  return response instanceof Response ? response.status : 0;
}

const DATE_IN_7_SECONDS = new Date(Date.UTC(2026, 0, 2, 3, 4, 12)).toUTCString();
const RESET_IN_9_SECONDS = String(Date.UTC(2026, 0, 2, 3, 4, 14) / 1000);

for (
  const [name, headers, waitMs] of [
    ["Retry-After in seconds", { "retry-after": "7" }, 7000],
    ["Retry-After as a date", { "retry-after": DATE_IN_7_SECONDS }, 7000],
    ["X-RateLimit-Reset", { "x-ratelimit-reset": RESET_IN_9_SECONDS }, 9000],
    ["Retry-After before X-RateLimit-Reset", {
      "retry-after": "7",
      "x-ratelimit-reset": RESET_IN_9_SECONDS,
    }, 7000],
    ["a Retry-After of an hour, capped", { "retry-after": "3600" }, 60_000],
  ] as const
) {
  Deno.test(`recovery: after a 429 a cancel waits for ${name}`, async () => {
    const route = `POST /orders/${ORDER_ID}/cancel`;
    const limited = json(429, { code: 9001, message: "slow down", data: null }, headers);
    const venue = new ScriptedVenue().on(route, limited, json(200, WIRE_CANCELLED));
    assert.equal((await venue.run(venue.connector.cancel(ORDER_ID))).kind, "accepted");
    assert.equal(venue.sentTo(route)[1]?.atMs, waitMs);
  });
}

for (const value of ["soon", "-5", "", "0"]) {
  Deno.test(`recovery: a Retry-After of '${value}' is not believed, the cancel backs off`, async () => {
    const route = `POST /orders/${ORDER_ID}/cancel`;
    const limited = json(429, {}, { "retry-after": value });
    const venue = new ScriptedVenue().on(route, limited, json(200, WIRE_CANCELLED));
    await venue.run(venue.connector.cancel(ORDER_ID));
    const waitMs = venue.sentTo(route)[1]?.atMs ?? 0;
    assert.ok(waitMs >= 125 && waitMs <= 250, `waited ${waitMs}`);
  });
}

Deno.test("recovery: a read does not hold up its cycle for a long Retry-After", async () => {
  const limited = json(429, {}, { "retry-after": "30" });
  const venue = new ScriptedVenue().on("GET /account/balance", limited);
  await assert.rejects(venue.run(venue.connector.balance()), { code: 9001 });
  assert.equal(venue.clock.monotonicMs(), 0);
  assert.equal(venue.limits[0]?.waitMs, 30_000);
});

Deno.test("recovery: while a Retry-After runs no other read is sent either, cancels are (L-33)", async () => {
  const cancel = `POST /orders/${ORDER_ID}/cancel`;
  const venue = new ScriptedVenue()
    .on("GET /account/balance", json(429, {}, { "retry-after": "30" }))
    .on("GET /orders", json(200, page([WIRE_ORDER])))
    .on(cancel, json(200, WIRE_CANCELLED));
  const { connector } = venue;
  await assert.rejects(venue.run(connector.balance()));
  await venue.clock.advance(15_000);
  await assert.rejects(venue.run(connector.openOrders(MARKET)), { kind: "refused", code: 9001 });
  assert.equal(venue.sentTo("GET /orders").length, 0);
  assert.equal((await venue.run(connector.cancel(ORDER_ID))).kind, "accepted");
  await venue.clock.advance(15_000);
  assert.equal((await venue.run(connector.openOrders(MARKET))).length, 1);
});

Deno.test("recovery: a read waits for the end of a short Retry-After of another read", async () => {
  const venue = new ScriptedVenue()
    .on("GET /account/balance", json(429, {}, { "retry-after": "4" }), envelope(WIRE_BALANCE))
    .on("GET /orders", json(200, page([WIRE_ORDER])));
  const { connector } = venue;
  const [, orders] = await venue.run(Promise.all([
    connector.balance(),
    venue.clock.advance(1000).then(() => connector.openOrders(MARKET)),
  ]));
  assert.equal(orders.length, 1);
  assert.equal(venue.sentTo("GET /orders")[0]?.atMs, 4000);
});

Deno.test("recovery: http_max_retries 0 means one attempt, but a 401 is still repeated", async () => {
  const venue = new ScriptedVenue({ maxRetries: 0 }).on("GET /account/balance", "drop");
  await assert.rejects(venue.run(venue.connector.balance()));
  assert.equal(venue.sentTo("GET /account/balance").length, 1);
  venue.on("GET /account/balance", json(401, { detail: "x" }), envelope(WIRE_BALANCE));
  assert.equal((await venue.run(venue.connector.balance())).availableCents, 99_729);
});
