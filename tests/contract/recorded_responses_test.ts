/**
 * Every exchange that was recorded at the venue goes through the live connector: the request it
 * sends is the recorded one, and the answer is understood, to the figure. What the bot never asks
 * for is listed, so that nothing is left out by accident.
 */

import assert from "node:assert/strict";
import { VenueError } from "../../src/connector/connector.ts";
import { isRecord } from "../../src/connector/rest/wire.ts";
import {
  callOf,
  COMMANDS,
  payloadOf,
  READS,
  type RecordedCall,
  type RecordedExchange,
  recordedExchanges,
  responseOf,
} from "../support/recorded.ts";
import { envelope, json, ScriptedVenue } from "../support/rest_venue.ts";
import { page } from "../support/wire_samples.ts";

const EXCHANGES = recordedExchanges();

/** Routes that the bot has no use for. */
const NEVER_ASKED: readonly RegExp[] = [
  /^GET \/health$/,
  /^GET \/nope$/,
  /^GET \/markets$/,
  /^GET \/positions$/,
  /^GET \/account\/ledger$/,
  /^POST \/account\/(deposit|withdraw)$/,
  /^(GET|POST) \/admin\//,
  /^GET \/amm\/mint$/,
  /^DELETE \/orders\/\d+$/,
];

/** Success answers that the connector must not believe, by note: the venue shows another order. */
const NOT_OUR_ORDER = new Set(["same client_order_id, other market"]);

const REFRESH = "POST /auth/refresh";

/** Where the figures of an answer are in our types, and where in the payload of the venue. */
const FIGURES: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [/login$/, { "": "user.user_id" }],
  [/balance$/, {
    availableCents: "available_balance_cents",
    frozenCents: "frozen_balance_cents",
  }],
  [/^GET \/markets\/[^/]+$/, {
    marketId: "id",
    status: "status",
    minPrice: "min_price_cents",
    maxPrice: "max_price_cents",
    makerFeeBps: "maker_fee_bps",
    takerFeeBps: "taker_fee_bps",
    maxOrderQuantity: "max_order_quantity",
    maxPositionPerUser: "max_position_per_user",
    maxOrderAmountCents: "max_order_amount_cents",
    result: "resolution_result",
  }],
  [/orderbook$/, {
    "bids.*.price": "yes.bids.*.price_cents",
    "bids.*.quantity": "yes.bids.*.total_quantity",
    "asks.*.price": "yes.asks.*.price_cents",
    "asks.*.quantity": "yes.asks.*.total_quantity",
    lastTradePrice: "last_trade_price_cents",
  }],
  [/positions/, {
    yes: "yes_volume",
    no: "no_volume",
    yesCostCents: "yes_cost_sum",
    noCostCents: "no_cost_sum",
  }],
  [/^GET \/orders\/\d+$/, {
    orderId: "id",
    clientOrderId: "client_order_id",
    marketId: "market_id",
    contract: "original_side",
    direction: "original_direction",
    contractPrice: "original_price_cents",
    quantity: "quantity",
    filled: "filled_quantity",
    remaining: "remaining_quantity",
    status: "status",
    frozenAmount: "frozen_amount",
    frozenAsset: "frozen_asset_type",
  }],
  [/trades$/, {
    "trades.*.tradeId": "items.*.trade_id",
    "trades.*.marketId": "items.*.market_id",
    "trades.*.scenario": "items.*.scenario",
    "trades.*.yesPrice": "items.*.price",
    "trades.*.quantity": "items.*.quantity",
    "trades.*.buyUserId": "items.*.buy_user_id",
    "trades.*.sellUserId": "items.*.sell_user_id",
    "trades.*.takerFeeCents": "items.*.taker_fee",
    nextCursor: "next_cursor",
  }],
  [/^POST \/orders$/, {
    "order.orderId": "order.id",
    "order.remaining": "order.remaining_quantity",
    "order.status": "order.status",
    "trades.*.buyOrderId": "trades.*.buy_order_id",
    "trades.*.sellOrderId": "trades.*.sell_order_id",
    "trades.*.yesPrice": "trades.*.price",
    "trades.*.quantity": "trades.*.quantity",
  }],
  [/\/cancel$/, {
    orderId: "order_id",
    unfrozenAmount: "unfrozen_amount",
    unfrozenAsset: "unfrozen_asset_type",
    remainingCancelled: "remaining_quantity_cancelled",
  }],
  [/replace$/, {
    oldOrderId: "old_order_id",
    "order.orderId": "new_order.id",
    "order.remaining": "new_order.remaining_quantity",
    "order.status": "new_order.status",
    "trades.*.yesPrice": "trades.*.price",
  }],
  [/batch-cancel$/, { cancelledCount: "cancelled_count" }],
];

/** Replays one exchange; lists end after the recorded page. */
function replay(exchange: RecordedExchange, call: RecordedCall) {
  const route = exchange.route;
  const recorded = () => responseOf(exchange);
  const venue = new ScriptedVenue().on(route, recorded);
  if (route === "GET /orders") venue.on(route, recorded, json(200, page([])));
  const result = venue.run(call(venue.connector, exchange)).catch((error: unknown) => error);
  return { venue, result };
}

/** The venue's code as the recording has it, 0 if there is none. */
function codeOf({ body }: RecordedExchange): number {
  return isRecord(body) && typeof body.code === "number" ? body.code : 0;
}

for (const exchange of EXCHANGES) {
  const { file, note, route, status } = exchange;
  const name = `${file}: ${note}: ${route} ${status}`;
  const read = callOf(READS, exchange);
  const command = callOf(COMMANDS, exchange);

  if (read !== undefined) {
    Deno.test(`recorded: ${name} is read`, async () => {
      const { result } = replay(exchange, read);
      assertRead(exchange, await result);
    });
  }
  if (command !== undefined) {
    Deno.test(`recorded: ${name} ends as it did`, async () => {
      const { venue, result } = replay(exchange, command);
      assertCommand(exchange, await result);
      if (status < 300) assertSent(exchange, venue.sent.at(-1)?.body);
    });
  }
  if (route === REFRESH) {
    Deno.test(`recorded: ${name} renews the session`, async () => {
      const denied = json(401, { detail: "Invalid or expired token" });
      const venue = new ScriptedVenue().on(REFRESH, () => responseOf(exchange));
      venue.on("GET /account/balance", denied, envelope({}));
      await venue.run(venue.connector.balance()).catch(() => {});
      const token = status === 200 ? payloadOf(exchange).access_token : "access-2";
      assert.equal(venue.sent.at(-1)?.authorization, `Bearer ${token}`);
    });
  }
}

Deno.test("recorded: every exchange is either replayed or on the list of what the bot never asks", () => {
  const left = EXCHANGES.filter((exchange) =>
    callOf(READS, exchange) === undefined &&
    callOf(COMMANDS, exchange) === undefined && exchange.route !== REFRESH
  ).map(({ route }) => route);
  assert.deepEqual(left.filter((route) => !NEVER_ASKED.some((never) => never.test(route))), []);
  const unused = NEVER_ASKED.filter((never) => !left.some((route) => never.test(route)));
  assert.deepEqual(unused, []);
  assert.ok(EXCHANGES.length > 200);
});

Deno.test("recorded: every route of the bot has been recorded", () => {
  for (const [pattern] of [...READS, ...COMMANDS]) {
    assert.ok(EXCHANGES.some(({ route }) => pattern.test(route)), String(pattern));
  }
});

function assertRead(exchange: RecordedExchange, result: unknown): void {
  const { status, route } = exchange;
  if (status === 200) {
    return route === "GET /orders"
      ? assertActive(exchange, result)
      : assertFigures(exchange, result);
  }
  if (route.startsWith("GET /positions/") && codeOf(exchange) === 3001) {
    return assert.deepEqual(result, { yes: 0, no: 0, yesCostCents: 0, noCostCents: 0 });
  }
  assert.ok(result instanceof VenueError);
  assert.equal(result.kind, status >= 500 ? "unavailable" : "refused");
  assert.equal(result.code, codeOf(exchange));
}

function assertCommand(exchange: RecordedExchange, result: unknown): void {
  const { status, note } = exchange;
  assert.ok(isRecord(result));
  if (status >= 500 || status === 401 || NOT_OUR_ORDER.has(note)) {
    return assert.equal(result.kind, "unknown");
  }
  assert.equal(result.kind, status < 300 ? "accepted" : "rejected");
  if (status < 300) assertFigures(exchange, result.value);
  else assert.equal(result.code, codeOf(exchange));
}

/** The body sent contains every recorded field; the bot may say more, such as `time_in_force`. */
function assertSent({ sent }: RecordedExchange, body: unknown): void {
  const actual: unknown = JSON.parse(JSON.stringify(body ?? {}));
  assert.partialDeepStrictEqual(actual, sent);
}

/** A list keeps its active orders, oldest first. */
function assertActive(exchange: RecordedExchange, orders: unknown): void {
  const { items } = payloadOf(exchange);
  assert.ok(Array.isArray(items));
  const active = items.filter((order: unknown) =>
    isRecord(order) && (order.status === "OPEN" || order.status === "PARTIALLY_FILLED")
  ).reverse();
  assert.deepEqual(at(orders, "*.orderId"), at(active, "*.id"));
  assert.deepEqual(at(orders, "*.remaining"), at(active, "*.remaining_quantity"));
}

/** Compares what was understood with the recording, figure by figure. */
function assertFigures(exchange: RecordedExchange, value: unknown): void {
  const payload = payloadOf(exchange);
  const figures = FIGURES.find(([pattern]) => pattern.test(exchange.route))?.[1] ?? {};
  assert.notDeepEqual(figures, {}, "nothing would be compared");
  for (const [ours, theirs] of Object.entries(figures)) {
    assert.deepEqual(at(value, ours), at(payload, theirs), `${ours} is ${theirs}`);
  }
}

/** The value at a dotted path; `*` stands for every element of a list. */
function at(value: unknown, path: string): unknown {
  const [head, ...rest] = path === "" ? [] : path.split(".");
  if (head === undefined) return value;
  const tail = rest.join(".");
  if (head === "*") return Array.isArray(value) ? value.map((entry) => at(entry, tail)) : value;
  if (Array.isArray(value)) return at(value[Number(head)], tail);
  return isRecord(value) ? at(value[head], tail) : undefined;
}
