/**
 * A venue on its worst day: never a crash, never a figure made up, and one log line that names the
 * call.
 */

import assert from "node:assert/strict";
import { VenueError, type VenueErrorKind } from "../../src/connector/connector.ts";
import { classifyFailure, REACTIONS } from "../../src/cycle/failure.ts";
import { envelope, json, refusal, type Reply, ScriptedVenue, text } from "../support/rest_venue.ts";
import {
  MARKET,
  ORDER_ID,
  page,
  PLACE,
  WIRE_BOOK,
  WIRE_ORDER,
  WIRE_PLACED,
} from "../support/wire_samples.ts";

const BOOK = `GET /markets/${MARKET}/orderbook`;
const HTML = text(200, "<html><body>Please log in</body></html>", { "content-type": "text/html" });
const TRUNCATED = text(200, '{"code": 0, "message": "success", "data": {"market_id": "MKT-1", "ye');
const DROPPED_500: Reply = () =>
  new Response(
    new ReadableStream({ start: (controller) => controller.error(new TypeError("reset")) }),
    { status: 500, headers: { "content-type": "text/plain" } },
  );

interface BadAnswer {
  readonly name: string;
  readonly reply: Reply;
  readonly kind: VenueErrorKind;
  readonly reaction: "defer" | "degraded";
  /** How a placement that gets the same answer ends. */
  readonly place: "unknown" | "rejected";
  readonly event?: "call_failed" | "rate_limited";
}

const MALFORMED = { kind: "malformed", reaction: "degraded", place: "unknown" } as const;
const UNAVAILABLE = { kind: "unavailable", reaction: "defer", place: "unknown" } as const;
const LIMITED = {
  kind: "refused",
  reaction: "defer",
  place: "rejected",
  event: "rate_limited",
} as const;

const BAD_ANSWERS: readonly BadAnswer[] = [
  { name: "HTML", reply: HTML, ...MALFORMED },
  { name: "truncated JSON", reply: TRUNCATED, ...MALFORMED },
  { name: "an empty body", reply: text(200, ""), ...MALFORMED },
  { name: "JSON that is no object", reply: json(200, 7), ...MALFORMED },
  { name: "null", reply: json(200, null), ...MALFORMED },
  { name: "an envelope without data", reply: envelope(null), ...MALFORMED },
  { name: "no content", reply: () => new Response(null, { status: 204 }), ...MALFORMED },
  {
    name: "a redirect",
    reply: () => new Response(null, { status: 307, headers: { location: "/login" } }),
    ...MALFORMED,
  },
  {
    name: "a field of another type",
    reply: envelope({
      ...WIRE_BOOK,
      order: WIRE_ORDER,
      last_trade_price_cents: "50",
      trades: "none",
    }),
    ...MALFORMED,
  },
  {
    name: "a price of 0",
    reply: envelope({
      ...WIRE_BOOK,
      yes: { bids: [{ price_cents: 0, total_quantity: 5 }], asks: [] },
      order: { ...WIRE_ORDER, original_price_cents: 0 },
      trades: [],
    }),
    ...MALFORMED,
  },
  { name: "a body of 3 MB", reply: text(200, `"${"x".repeat(3_000_000)}"`), ...MALFORMED },
  { name: "a 500 in plain text", reply: text(500, "Internal Server Error"), ...UNAVAILABLE },
  { name: "a 500 whose connection drops", reply: DROPPED_500, ...UNAVAILABLE },
  { name: "a gateway error", reply: text(502, "<html>Bad Gateway</html>"), ...UNAVAILABLE },
  { name: "a dropped connection", reply: "drop", ...UNAVAILABLE },
  { name: "nothing at all", reply: "hang", ...UNAVAILABLE },
  { name: "a 429 with Retry-After", reply: json(429, {}, { "retry-after": "60" }), ...LIMITED },
  { name: "a 429 without Retry-After", reply: refusal(429, 9001), ...LIMITED },
];

for (const { name, reply, kind, reaction, place, event = "call_failed" } of BAD_ANSWERS) {
  Deno.test(`bad input: ${name} instead of a book is ${kind}: ${reaction}, and the log names the call`, async () => {
    const venue = new ScriptedVenue().on(BOOK, reply);
    const error = await venue.run(venue.connector.orderBook(MARKET)).catch((caught) => caught);
    assert.ok(error instanceof VenueError);
    assert.equal(error.kind, kind);
    assert.equal(error.call, "orderBook MKT-1");
    assert.equal(REACTIONS[classifyFailure(error)], reaction);
    assert.ok(venue.logged(event).length >= 1);
    for (const { fields } of venue.logged(event)) assert.equal(fields.call, "orderBook MKT-1");
    if (event === "call_failed") assert.equal(venue.logged(event).length, 1);
  });

  Deno.test(`bad input: ${name} instead of a placed order ends ${place}`, async () => {
    const venue = new ScriptedVenue().on("POST /orders", reply);
    const outcome = await venue.run(venue.connector.place(PLACE));
    assert.equal(outcome.kind, place);
    assert.equal(venue.logged(event).length, 1);
    assert.equal(venue.logged(event)[0]?.fields.call, "place MKT-1");
  });
}

Deno.test("bad input: an order id twice, on two pages, is malformed", async () => {
  const venue = new ScriptedVenue()
    .on("GET /orders", json(200, page([WIRE_ORDER], "c")), json(200, page([WIRE_ORDER])));
  await assert.rejects(venue.run(venue.connector.openOrders(MARKET)), { kind: "malformed" });
});

Deno.test("bad input: a cursor that goes round in circles ends", async () => {
  const venue = new ScriptedVenue().on("GET /orders", json(200, page([WIRE_ORDER], "same")));
  await assert.rejects(venue.run(venue.connector.openOrders(MARKET)), { kind: "malformed" });
  assert.equal(venue.sentTo("GET /orders").length, 2);
});

Deno.test("bad input: a placement whose order has no id is unknown, not placed (L-18)", async () => {
  const { id: _, ...order } = WIRE_ORDER;
  const venue = new ScriptedVenue().on("POST /orders", json(201, { ...WIRE_PLACED, order }));
  assert.equal((await venue.run(venue.connector.place(PLACE))).kind, "unknown");
});

Deno.test("bad input: a route that does not exist is not a zero position", async () => {
  const venue = new ScriptedVenue().on(
    `GET /positions/${MARKET}`,
    json(404, { detail: "Not Found" }),
  );
  await assert.rejects(venue.run(venue.connector.position(MARKET)), { kind: "refused", code: 0 });
});

Deno.test("bad input: an explanation of thousands of characters is cut and stays on one line", async () => {
  const venue = new ScriptedVenue().on(BOOK, refusal(422, 3002, "x\ny\u001b[31m".repeat(1000)));
  const error = await venue.run(venue.connector.orderBook(MARKET)).catch((caught) => caught);
  assert.ok(error instanceof VenueError);
  assert.ok(error.message.length < 400);
  assert.ok(!/\p{Cc}/u.test(error.message));
});

Deno.test("bad input: a refusal is for the caller and leaves no failure in the log", async () => {
  const venue = new ScriptedVenue().on(`POST /orders/${ORDER_ID}/cancel`, refusal(422, 4006));
  await venue.run(venue.connector.cancel(ORDER_ID));
  assert.deepEqual(venue.logged("call_failed"), []);
});
