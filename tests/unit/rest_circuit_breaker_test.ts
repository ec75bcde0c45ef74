import assert from "node:assert/strict";
import { CircuitBreaker } from "../../src/connector/rest/circuit_breaker.ts";
import { envelope, json, ScriptedVenue, text } from "../support/rest_venue.ts";
import {
  MARKET,
  ORDER_ID,
  PLACE,
  WIRE_BALANCE,
  WIRE_BOOK,
  WIRE_CANCELLED,
} from "../support/wire_samples.ts";

function opened(): CircuitBreaker {
  const circuit = new CircuitBreaker(4000);
  for (let call = 0; call < 5; call++) circuit.record(false, 0);
  return circuit;
}

Deno.test("circuit: it opens at the fifth failure in a row", () => {
  const circuit = new CircuitBreaker(4000);
  for (let call = 0; call < 4; call++) circuit.record(false, 0);
  assert.equal(circuit.state, "closed");
  circuit.record(false, 0);
  assert.equal(circuit.state, "open");
});

Deno.test("circuit: an answer in between starts the count again", () => {
  const circuit = new CircuitBreaker(4000);
  for (let call = 0; call < 20; call++) circuit.record(call % 5 === 4, 0);
  assert.equal(circuit.state, "closed");
});

Deno.test("circuit: an open one admits nothing for a second, then one probe at a time", () => {
  const circuit = opened();
  assert.equal(circuit.admits(999), false);
  assert.equal(circuit.admits(1000), true);
  assert.equal(circuit.state, "half_open");
  assert.equal(circuit.admits(1000), false);
});

Deno.test("circuit: a probe that is answered closes it", () => {
  const circuit = opened();
  circuit.admits(1000);
  circuit.record(true, 1000);
  assert.equal(circuit.state, "closed");
  assert.equal(circuit.admits(1000), true);
});

Deno.test("circuit: each failed probe doubles the pause, up to its limit", () => {
  const circuit = opened();
  let nowMs = 0;
  const pauses = [1000, 2000, 4000, 4000].map((pauseMs) => {
    assert.equal(circuit.admits(nowMs + pauseMs - 1), false);
    nowMs += pauseMs;
    assert.equal(circuit.admits(nowMs), true);
    circuit.record(false, nowMs);
    return pauseMs;
  });
  assert.equal(pauses.length, 4);
});

Deno.test("circuit: calls that were under way when it opened do not prolong the pause", () => {
  const circuit = opened();
  circuit.record(false, 900);
  assert.equal(circuit.admits(1000), true);
});

Deno.test("circuit: the answer to a call that was sent anyway closes it", () => {
  const circuit = opened();
  circuit.record(true, 10);
  assert.equal(circuit.state, "closed");
});

const BOOK = `GET /markets/${MARKET}/orderbook`;

async function silentVenue(): Promise<ScriptedVenue> {
  const venue = new ScriptedVenue().on(BOOK, "drop");
  for (let call = 0; call < 2; call++) {
    await assert.rejects(venue.run(venue.connector.orderBook(MARKET)));
  }
  assert.equal(venue.logged("circuit_opened").length, 1);
  return venue;
}

Deno.test("circuit: while it is open reads and placements fail at once, unsent", async () => {
  const venue = await silentVenue();
  const sent = venue.sent.length;
  await assert.rejects(venue.run(venue.connector.orderBook(MARKET)), { kind: "unavailable" });
  assert.equal((await venue.run(venue.connector.place(PLACE))).kind, "unknown");
  assert.equal(venue.sent.length, sent);
});

Deno.test("circuit: while it is open cancels are sent, and their answer closes it", async () => {
  const venue = await silentVenue();
  venue.on("POST /amm/orders/batch-cancel", envelope({ market_id: MARKET, cancelled_count: 1 }));
  assert.equal((await venue.run(venue.connector.batchCancel(MARKET, "ALL"))).kind, "accepted");
  assert.equal(venue.logged("circuit_closed").length, 1);
  venue.on(BOOK, envelope(WIRE_BOOK));
  await venue.run(venue.connector.orderBook(MARKET));
});

Deno.test("circuit: after the pause a probe finds the venue again", async () => {
  const venue = await silentVenue();
  venue.on(BOOK, envelope(WIRE_BOOK));
  await venue.clock.advance(1000);
  await venue.run(venue.connector.orderBook(MARKET));
  assert.equal(venue.logged("circuit_closed").length, 1);
});

Deno.test("circuit: a market that hangs does not silence another market or the account (Q-16)", async () => {
  const venue = await silentVenue();
  venue.on("GET /markets/MKT-2/orderbook", envelope({ ...WIRE_BOOK, market_id: "MKT-2" }));
  await venue.run(venue.connector.orderBook("MKT-2"));
  venue.on(`POST /orders/${ORDER_ID}/cancel`, json(200, WIRE_CANCELLED));
  assert.equal((await venue.run(venue.connector.cancel(ORDER_ID))).kind, "accepted");
});

Deno.test("circuit: the answer to a cancel in a market shows that the market answers again", async () => {
  const venue = await silentVenue();
  venue.on(`POST /orders/${ORDER_ID}/cancel`, json(200, WIRE_CANCELLED));
  await venue.run(venue.connector.cancel(ORDER_ID, MARKET));
  venue.on(BOOK, envelope(WIRE_BOOK));
  await venue.run(venue.connector.orderBook(MARKET));
  assert.equal(venue.logged("circuit_closed").length, 1);
});

Deno.test("circuit: cancels that hang in one market do not silence the account (Q-16)", async () => {
  const venue = new ScriptedVenue().on(`POST /orders/${ORDER_ID}/cancel`, "hang");
  const cancels = Array.from({ length: 5 }, () => venue.connector.cancel(ORDER_ID, MARKET));
  await venue.run(Promise.all(cancels));
  assert.deepEqual(venue.logged("circuit_opened").map(({ fields }) => fields), [{
    marketId: MARKET,
  }]);
  venue.on("GET /account/balance", envelope(WIRE_BALANCE));
  await venue.run(venue.connector.balance());
});

Deno.test("circuit: a 500 is an answer and opens nothing (Q-01, Q-02)", async () => {
  const venue = new ScriptedVenue().on("POST /orders", text(500, "Internal Server Error"));
  for (let call = 0; call < 10; call++) {
    assert.equal((await venue.run(venue.connector.place(PLACE))).kind, "unknown");
  }
  assert.equal(venue.sentTo("POST /orders").length, 10);
});
