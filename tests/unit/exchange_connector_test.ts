import assert from "node:assert/strict";
import type { CallRecord } from "../../src/connector/call_statistics.ts";
import { type PlaceRequest, VenueError } from "../../src/connector/connector.ts";
import { price, shares } from "../../src/models/money.ts";
import { type Fault, InProcessConnector, type QuirkId } from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET, orderOf, type OrderText } from "../support/fake_venue.ts";

interface Setup {
  readonly latencyMs?: number;
  /** Faults by the first word of the call. */
  readonly faults?: Readonly<Record<string, Fault>>;
  readonly quirks?: readonly QuirkId[];
}

function connect({ latencyMs = 0, faults = {}, quirks = [] }: Setup = {}) {
  const venue = new FakeVenue({ quirks: new Set(quirks) }).users(100_000, AMM, "ann", "bob");
  venue.exchange.control.seedPairs(AMM, MARKET, 100);
  const calls: string[] = [];
  const connector = new InProcessConnector({
    exchange: venue.exchange,
    clock: venue.clock,
    latencyMs,
    intercept: (call) => {
      calls.push(call);
      return faults[call.split(" ")[0] ?? ""];
    },
  });
  return { venue, connector, calls };
}

function request(text: OrderText, clientOrderId = "c-1"): PlaceRequest {
  const { contractPrice, quantity, ...order } = orderOf(text);
  return {
    clientOrderId,
    marketId: MARKET,
    ...order,
    contractPrice: price(contractPrice),
    quantity: shares(quantity),
  };
}

const pairs = (quantity: number) => ({
  marketId: MARKET,
  quantity: shares(quantity),
  idempotencyKey: "k",
});

Deno.test("reads show what the wire shows, and no more", async () => {
  const { venue, connector } = connect();
  const { order } = venue.place(AMM, "SELL YES 55 x 10", { clientOrderId: "c" });
  venue.place("ann", "BUY YES 55 x 4");
  const nowMs = venue.clock.nowMs();

  assert.equal(await connector.identity(), AMM);
  assert.deepEqual(await connector.balance(), { availableCents: 100_220, frozenCents: 0 });
  assert.deepEqual(await connector.position(MARKET), {
    yes: 96,
    no: 100,
    yesCostCents: 4800,
    noCostCents: 5000,
  });
  assert.deepEqual(await connector.orderBook(MARKET), {
    bids: [],
    asks: [{ price: 55, quantity: 6 }],
    lastTradePrice: 55,
  });
  assert.deepEqual(await connector.openOrders(MARKET), [{
    orderId: order.orderId,
    clientOrderId: "c",
    marketId: MARKET,
    contract: "YES",
    direction: "SELL",
    contractPrice: 55,
    side: "ASK",
    yesPrice: 55,
    quantity: 10,
    filled: 4,
    remaining: 6,
    status: "PARTIALLY_FILLED",
    frozenAmount: 6,
    frozenAsset: "YES_SHARES",
    createdAtMs: nowMs,
  }]);
  assert.deepEqual(await connector.order(order.orderId), (await connector.openOrders(MARKET))[0]);
  const { trades, nextCursor } = await connector.trades({ limit: 100 });
  assert.equal(nextCursor, null);
  assert.deepEqual(trades, [{
    tradeId: trades[0]?.tradeId,
    marketId: MARKET,
    scenario: "TRANSFER_YES",
    yesPrice: 55,
    quantity: 4,
    buyUserId: "ann",
    sellUserId: AMM,
    takerFeeCents: 1,
    executedAtMs: nowMs,
  }]);
});

Deno.test("the market record has the terms and none of the escrow", async () => {
  const { connector } = connect();
  assert.deepEqual(await connector.market(MARKET), {
    marketId: MARKET,
    title: MARKET,
    status: "ACTIVE",
    minPrice: 1,
    maxPrice: 99,
    makerFeeBps: 10,
    takerFeeBps: 20,
    maxOrderQuantity: 10_000,
    maxPositionPerUser: 25_000,
    maxOrderAmountCents: 1_000_000,
    tradingStartAtMs: null,
    tradingEndAtMs: null,
    resolutionDateMs: null,
    result: null,
  });
});

Deno.test("a position that does not exist is zero", async () => {
  const { venue } = connect();
  const connector = new InProcessConnector({ ...venue, userId: "bob" });
  assert.deepEqual(await connector.position(MARKET), {
    yes: 0,
    no: 0,
    yesCostCents: 0,
    noCostCents: 0,
  });
});

Deno.test("trades of all markets come newest first, a page at a time", async () => {
  const { venue, connector } = connect();
  venue.exchange.control.createMarket({ marketId: "OTHER" });
  venue.place(AMM, "SELL YES 55 x 10");
  for (const quantity of [1, 2, 3]) venue.place("ann", `BUY YES 55 x ${quantity}`);
  venue.place(AMM, "BUY YES 50 x 4", { marketId: "OTHER" });
  venue.place("ann", "BUY NO 50 x 4", { marketId: "OTHER" });
  const first = await connector.trades({ limit: 3 });
  assert.deepEqual(first.trades.map(({ quantity }) => Number(quantity)), [4, 3, 2]);
  assert.ok(first.nextCursor !== null);
  const last = await connector.trades({ limit: 3, cursor: first.nextCursor });
  assert.deepEqual(last.trades.map(({ quantity }) => Number(quantity)), [1]);
  assert.equal(last.nextCursor, null);
});

Deno.test("refused reads throw a VenueError with the venue's code", async () => {
  const { venue, connector } = connect();
  venue.exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
  await assert.rejects(connector.orderBook(MARKET), (error) => {
    assert.ok(error instanceof VenueError);
    const { kind, code, call } = error;
    assert.deepEqual([kind, code, call], ["refused", 3002, `orderBook ${MARKET}`]);
    return true;
  });
});

Deno.test("place and cancel: accepted with the answer, rejected with the code", async () => {
  const { connector } = connect();
  const placed = await connector.place(request("BUY YES 40 x 10"));
  assert.ok(placed.kind === "accepted");
  assert.equal(placed.value.order.frozenAmount, 401);
  const { orderId } = placed.value.order;
  assert.deepEqual(await connector.cancel(orderId), {
    kind: "accepted",
    value: { orderId, unfrozenAmount: 401, unfrozenAsset: "FUNDS", remainingCancelled: 10 },
  });
  assert.deepEqual(await connector.cancel(orderId), {
    kind: "rejected",
    code: 4006,
    message: "Order cannot be cancelled",
  });
});

Deno.test("place: trades of the answer have no id and no fee", async () => {
  const { venue, connector } = connect();
  const { order: maker } = venue.place("ann", "BUY YES 60 x 5");
  const placed = await connector.place(request("SELL YES 60 x 5"));
  assert.ok(placed.kind === "accepted");
  assert.deepEqual(placed.value.trades, [{
    buyOrderId: maker.orderId,
    sellOrderId: placed.value.order.orderId,
    yesPrice: 60,
    quantity: 5,
  }]);
});

Deno.test("replace, batch cancel, mint and burn reach the venue", async () => {
  const { venue, connector } = connect();
  const { orderId } = venue.place(AMM, "SELL YES 60 x 5").order;
  const replaced = await connector.replace(orderId, request("SELL YES 61 x 5"));
  assert.ok(replaced.kind === "accepted");
  assert.equal(replaced.value.oldOrderId, orderId);
  assert.equal(venue.book(), " | 61x5");
  const cancelled = await connector.batchCancel(MARKET, "SELL_ONLY");
  assert.deepEqual(cancelled, { kind: "accepted", value: { cancelledCount: 1 } });
  const minted = await connector.mint(pairs(5));
  assert.deepEqual(minted, { kind: "accepted", value: { alreadyDone: false } });
  const burnt = await connector.burn(pairs(5));
  assert.deepEqual(burnt, { kind: "accepted", value: { alreadyDone: true } });
  assert.equal(venue.held(AMM), "YES 105/5250, NO 105/5250");
});

Deno.test("without latency a command takes effect at once", () => {
  const { venue, connector } = connect();
  void connector.place(request("BUY YES 40 x 10"));
  assert.equal(venue.book(), "40x10 | ");
});

Deno.test("with latency a command takes effect half way, and answers at the end", async () => {
  const { venue, connector } = connect({ latencyMs: 100 });
  let isAnswered = false;
  connector.place(request("BUY YES 40 x 10")).then(() => isAnswered = true);
  await venue.clock.advance(49);
  assert.equal(venue.book(), " | ");
  await venue.clock.advance(1);
  assert.equal(venue.book(), "40x10 | ");
  await venue.clock.advance(49);
  assert.equal(isAnswered, false);
  await venue.clock.advance(1);
  assert.equal(isAnswered, true);
});

Deno.test("a read shows the state at its arrival, not at its answer", async () => {
  const { venue, connector } = connect({ latencyMs: 100 });
  const read = connector.orderBook(MARKET);
  await venue.clock.advance(60);
  venue.place("ann", "BUY YES 40 x 10");
  assert.deepEqual((await venue.clock.resolve(read)).bids, []);
});

Deno.test("calls are named by method and object", async () => {
  const { connector, calls } = connect();
  await connector.balance();
  await connector.orderBook(MARKET);
  await connector.cancel("7");
  await connector.mint(pairs(1));
  assert.deepEqual(calls, ["balance", `orderBook ${MARKET}`, "cancel 7", `mint ${MARKET}`]);
});

for (
  const [fault, hasEffect, outcome, error] of [
    [{ kind: "refuse", code: 9001 }, false, "rejected", "refused"],
    [{ kind: "lose", effect: false }, false, "unknown", "unavailable"],
    [{ kind: "lose", effect: true }, true, "unknown", "unavailable"],
    [{ kind: "hang", effect: false }, false, "unknown", "unavailable"],
    [{ kind: "hang", effect: true }, true, "unknown", "unavailable"],
    [{ kind: "garble" }, true, "unknown", "malformed"],
  ] as const satisfies readonly (readonly [Fault, boolean, string, string])[]
) {
  const name = JSON.stringify(fault);
  const done = hasEffect ? "done" : "not done";
  Deno.test(`fault ${name}: a command ends ${outcome} and is ${done}`, async () => {
    const { venue, connector } = connect({ faults: { place: fault } });
    const placed = await venue.clock.resolve(connector.place(request("BUY YES 40 x 10")));
    assert.equal(placed.kind, outcome);
    assert.equal(venue.book(), hasEffect ? "40x10 | " : " | ");
  });

  Deno.test(`fault ${name}: a read is ${error}`, async () => {
    const { venue, connector } = connect({ faults: { balance: fault } });
    await assert.rejects(
      venue.clock.resolve(connector.balance()),
      (thrown) => thrown instanceof VenueError && thrown.kind === error,
    );
  });
}

Deno.test("a hanging call ends with the time-out", async () => {
  const { venue, connector } = connect({ faults: { place: { kind: "hang", effect: true } } });
  const startMs = venue.clock.monotonicMs();
  await venue.clock.resolve(connector.place(request("BUY YES 40 x 10")));
  assert.equal(venue.clock.monotonicMs() - startMs, 5_000);
});

Deno.test("a delayed command arrives later", async () => {
  const { venue, connector } = connect({ faults: { place: { kind: "delay", ms: 300 } } });
  const placed = connector.place(request("BUY YES 40 x 10"));
  await venue.clock.advance(299);
  assert.equal(venue.book(), " | ");
  assert.equal((await venue.clock.resolve(placed)).kind, "accepted");
});

Deno.test("a 500 is an unknown outcome for a command, unavailable for a read", async () => {
  const { connector } = connect({ quirks: ["Q-02"] });
  assert.deepEqual(await connector.mint(pairs(1)), {
    kind: "unknown",
    cause: "500 Internal Server Error",
  });
});

Deno.test("a deadlock is an unknown outcome after the time-out", async () => {
  const { venue, connector } = connect({ quirks: ["Q-16"] });
  venue.place(AMM, "SELL YES 55 x 10");
  venue.exchange.control.onRace(() => venue.place("ann", "BUY YES 55 x 1"));
  const outcome = await venue.clock.resolve(connector.batchCancel(MARKET, "ALL"));
  assert.equal(outcome.kind, "unknown");
});

Deno.test("the observer hears of every call: name, market, duration and end", async () => {
  const { venue } = connect();
  const heard: CallRecord[] = [];
  const connector = new InProcessConnector({
    ...venue,
    latencyMs: 20,
    observe: (record) => heard.push(record),
    intercept: (call) => call === "balance" ? { kind: "hang", effect: false } : undefined,
  });
  await venue.clock.resolve(connector.market(MARKET));
  await venue.clock.resolve(connector.cancel("7"));
  await venue.clock.resolve(connector.cancel("7", MARKET));
  await assert.rejects(venue.clock.resolve(connector.balance()), VenueError);
  assert.deepEqual(heard, [
    { call: "market", marketId: MARKET, ms: 20, end: "ok" },
    { call: "cancel", marketId: null, ms: 20, end: "refused" },
    { call: "cancel", marketId: MARKET, ms: 20, end: "refused" },
    { call: "balance", marketId: null, ms: 5_010, end: "failed" },
  ]);
});
