/**
 * The tolerance checklist of the exchange API spec §9, row by row: what the deployed venue sends and
 * what its documents promise mean the same to the bot.
 */

import assert from "node:assert/strict";
import type { Connector } from "../../src/connector/connector.ts";
import { NO_POSITION } from "../../src/models/inventory.ts";
import { shares } from "../../src/models/money.ts";
import { at } from "../support/exchange_http.ts";
import { envelope, json, refusal, type Reply, ScriptedVenue } from "../support/rest_venue.ts";
import {
  MARKET,
  ORDER_ID,
  page,
  PLACE,
  WIRE_BOOK,
  WIRE_CANCELLED,
  WIRE_ORDER,
  WIRE_PLACED,
  WIRE_POSITION,
  WIRE_REPLACED,
  WIRE_TRADE,
} from "../support/wire_samples.ts";

const PAIRS = { marketId: MARKET, quantity: shares(30), idempotencyKey: "op-1" };
const MINTED = { market_id: MARKET, minted_quantity: 30 };
const BURNED = { market_id: MARKET, burned_quantity: 30 };

/** The routes and calls of the table, by the name of the call. */
const CALLS = {
  openOrders: ["GET /orders", (c: Connector): Promise<unknown> => c.openOrders(MARKET)],
  order: [`GET /orders/${ORDER_ID}`, (c: Connector) => c.order(ORDER_ID)],
  trades: ["GET /trades", (c: Connector) => c.trades({ limit: 50 })],
  position: [`GET /positions/${MARKET}`, (c: Connector) => c.position(MARKET)],
  orderBook: [`GET /markets/${MARKET}/orderbook`, (c: Connector) => c.orderBook(MARKET)],
  place: ["POST /orders", (c: Connector) => c.place(PLACE)],
  cancel: [`POST /orders/${ORDER_ID}/cancel`, (c: Connector) => c.cancel(ORDER_ID)],
  replace: ["POST /amm/orders/replace", (c: Connector) => c.replace("1", PLACE)],
  mint: ["POST /amm/mint", (c: Connector) => c.mint(PAIRS)],
  burn: ["POST /amm/burn", (c: Connector) => c.burn(PAIRS)],
} as const;

interface Row {
  /** The words of the checklist. */
  readonly accept: string;
  readonly call: keyof typeof CALLS;
  /** Answers that must come to the same; at least two. */
  readonly answers: readonly Reply[];
}

const { price: tradePrice, ...tradeRest } = WIRE_TRADE;
const documentedTrade = { ...tradeRest, price_cents: tradePrice };
const { items: _, ...rest } = page([documentedTrade]);
const documentedPage = { ...rest, trades: [documentedTrade] };
const documentedFills = WIRE_PLACED.trades.map(({ price, ...rest }) => ({
  ...rest,
  price_cents: price,
  trade_id: "TRD_1",
}));
const documentedPosition = {
  market_id: MARKET,
  market_title: "Sample",
  yes: {
    volume: WIRE_POSITION.yes_volume,
    cost_sum_cents: WIRE_POSITION.yes_cost_sum,
    pending_sell: 0,
    available: WIRE_POSITION.yes_volume,
  },
  no: {
    volume: WIRE_POSITION.no_volume,
    cost_sum_cents: WIRE_POSITION.no_cost_sum,
    pending_sell: 0,
    available: WIRE_POSITION.no_volume,
  },
  updated_at: "2026-01-02T03:04:05+00:00",
};
const ZERO = { market_id: MARKET, yes_volume: 0, yes_cost_sum: 0, no_volume: 0, no_cost_sum: 0 };
const REPLACE_DATA = { old_order_id: "1", old_order_status: "CANCELLED", filled_quantity: 3 };
const INVALID = { detail: [{ type: "missing", loc: ["body", "side"], msg: "x", input: {} }] };
const WITHOUT_NETTING = { ...WIRE_PLACED, netting_result: undefined };

const ROWS: readonly Row[] = [
  {
    accept: "envelope or bare payload",
    call: "place",
    answers: [json(201, WIRE_PLACED), envelope(WIRE_PLACED, 201)],
  },
  {
    accept: "envelope or bare payload",
    call: "cancel",
    answers: [json(200, WIRE_CANCELLED), envelope(WIRE_CANCELLED)],
  },
  {
    accept: "envelope or bare payload",
    call: "openOrders",
    answers: [json(200, page([WIRE_ORDER])), envelope(page([WIRE_ORDER]))],
  },
  {
    accept: "200 or 201 for place, mint, burn (idempotent repeats)",
    call: "place",
    answers: [json(201, WIRE_PLACED), json(200, WIRE_PLACED)],
  },
  {
    accept: "200 or 201 for place, mint, burn (idempotent repeats)",
    call: "mint",
    answers: [envelope(MINTED, 201), envelope(MINTED, 200)],
  },
  {
    accept: "200 or 201 for place, mint, burn (idempotent repeats)",
    call: "burn",
    answers: [envelope(BURNED, 200), envelope(BURNED, 201)],
  },
  {
    accept: "price or price_cents; items or trades as list key of /trades",
    call: "trades",
    answers: [
      envelope(page([WIRE_TRADE])),
      envelope(page([documentedTrade])),
      envelope(documentedPage),
    ],
  },
  {
    accept: "price or price_cents; items or trades as list key of /trades",
    call: "place",
    answers: [json(201, WIRE_PLACED), json(201, { ...WIRE_PLACED, trades: documentedFills })],
  },
  {
    accept: "price or price_cents; items or trades as list key of /trades",
    call: "replace",
    answers: [
      envelope({ ...WIRE_REPLACED, trades: WIRE_PLACED.trades }),
      envelope({
        ...WIRE_REPLACED,
        new_order: { ...WIRE_REPLACED.new_order, side: "NO", direction: "BUY", price_cents: 45 },
        trades: documentedFills,
      }),
    ],
  },
  {
    accept: "flat or nested position; 404/3001 as zero",
    call: "position",
    answers: [envelope(WIRE_POSITION), envelope(documentedPosition)],
  },
  {
    accept: "flat or nested position; 404/3001 as zero",
    call: "position",
    answers: [refusal(404, 3001), envelope(ZERO)],
  },
  {
    accept: "Order directly or under order in GET order",
    call: "order",
    answers: [
      json(200, WIRE_ORDER),
      json(200, { order: WIRE_ORDER }),
      envelope({ order: WIRE_ORDER, trades: [] }),
    ],
  },
  {
    accept: "netting_qty/refund_amount or pairs_netted/released_cents",
    call: "place",
    answers: [
      json(201, WIRE_PLACED),
      json(201, { ...WIRE_PLACED, netting_result: { netting_qty: 3, refund_amount: 300 } }),
      json(201, { ...WIRE_PLACED, netting_result: { pairs_netted: 3, released_cents: 300 } }),
      json(201, WITHOUT_NETTING),
    ],
  },
  {
    accept: "error data null or filled",
    call: "replace",
    answers: [
      refusal(422, 6001),
      json(422, { code: 6001, message: "no", data: REPLACE_DATA, timestamp: "", request_id: "r" }),
    ],
  },
  {
    accept: "400 or 422 validation",
    call: "place",
    answers: [json(422, INVALID), json(400, INVALID)],
  },
  {
    accept: "400 or 422 validation",
    call: "place",
    answers: [refusal(422, 4001), refusal(400, 4001)],
  },
  {
    accept: "missing Retry-After",
    call: "place",
    answers: [
      json(429, { code: 9001, message: "no", data: null }, { "retry-after": "7" }),
      json(429, { code: 9001, message: "no", data: null }),
    ],
  },
];

for (const { accept, call, answers } of ROWS) {
  Deno.test(`tolerance: ${accept}: ${call}, ${answers.length} answers that mean the same`, async () => {
    const [first, ...others] = await Promise.all(answers.map((answer) => resultOf(call, answer)));
    assert.ok(first !== undefined && others.length > 0);
    assert.notEqual(at(first, "kind"), "unknown");
    for (const other of others) assert.deepEqual(other, first);
  });
}

/** What the bot makes of an answer, without the status that its explanation names. */
async function resultOf(name: keyof typeof CALLS, answer: Reply): Promise<unknown> {
  const [route, call] = CALLS[name];
  const venue = new ScriptedVenue().on(route, answer);
  const result = await venue.run(call(venue.connector));
  const text = JSON.stringify(result).replace(/HTTP \d+/, "HTTP");
  return JSON.parse(text);
}

Deno.test("tolerance: crossed order book: it is read as it is, neither refused nor repaired", async () => {
  const level = (price_cents: number) => ({ price_cents, total_quantity: 5 });
  const yes = { bids: [level(60), level(50)], asks: [level(55), level(61)] };
  const [route, call] = CALLS.orderBook;
  const venue = new ScriptedVenue().on(route, envelope({ ...WIRE_BOOK, yes }));
  const book = await venue.run(call(venue.connector));
  assert.deepEqual([Number(book.bids[0]?.price), Number(book.asks[0]?.price)], [60, 55]);
});

Deno.test("tolerance: stale frozen_amount on dead orders: the dead are left out and stop nobody", async () => {
  const dead = { ...WIRE_ORDER, id: "7", status: "CANCELLED", frozen_amount: 999_999 };
  const venue = new ScriptedVenue().on("GET /orders", json(200, page([WIRE_ORDER, dead])));
  const orders = await venue.run(venue.connector.openOrders(MARKET));
  assert.deepEqual(orders.map(({ orderId }) => orderId), [ORDER_ID]);
});

Deno.test("tolerance: a position that was never there is zero, not unknown", async () => {
  const [route, call] = CALLS.position;
  const venue = new ScriptedVenue().on(route, refusal(404, 3001));
  assert.deepEqual(await venue.run(call(venue.connector)), NO_POSITION);
});
