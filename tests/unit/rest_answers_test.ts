/** How answers become the bot's own types, in every form the venue and its documents know (§9). */

import assert from "node:assert/strict";
import {
  readBalance,
  readPairs,
  readPosition,
  readTrades,
} from "../../src/connector/rest/account_answers.ts";
import { readBook, readMarket } from "../../src/connector/rest/market_answers.ts";
import {
  readOrder,
  readOrderPage,
  readPlaced,
  readReplaced,
} from "../../src/connector/rest/order_answers.ts";
import { MalformedAnswer } from "../../src/connector/rest/wire.ts";
import { price, shares } from "../../src/models/money.ts";
import {
  MARKET,
  ORDER_ID,
  page,
  PLACE,
  WIRE_BALANCE,
  WIRE_BOOK,
  WIRE_ORDER,
  WIRE_PLACED,
  WIRE_POSITION,
  WIRE_REPLACED,
  WIRE_TRADE,
} from "../support/wire_samples.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

const WIRE_MARKET = {
  id: MARKET,
  title: "Sample",
  description: null,
  category: null,
  status: "ACTIVE",
  min_price_cents: 2,
  max_price_cents: 98,
  maker_fee_bps: 10,
  taker_fee_bps: 20,
  max_order_quantity: 10_000,
  max_position_per_user: 25_000,
  max_order_amount_cents: 1_000_000,
  reserve_balance_cents: 0,
  trading_start_at: "2026-01-01T00:00:00+00:00",
  trading_end_at: null,
  resolution_date: "2026-12-31T23:59:59.5+00:00",
  resolution_result: null,
};

Deno.test("answers: an order is mirrored into the YES book", () => {
  assert.deepEqual(readOrder(WIRE_ORDER, ORDER_ID, NOW_MS), {
    orderId: "399834770621595648",
    clientOrderId: PLACE.clientOrderId,
    marketId: MARKET,
    contract: "NO",
    direction: "BUY",
    contractPrice: 45,
    side: "ASK",
    yesPrice: 55,
    quantity: 10,
    filled: 4,
    remaining: 6,
    status: "PARTIALLY_FILLED",
    frozenAmount: 271,
    frozenAsset: "FUNDS",
    createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 0, 250),
  });
});

for (
  const [side, direction, bookSide, yesPrice] of [
    ["YES", "BUY", "BID", 45],
    ["YES", "SELL", "ASK", 45],
    ["NO", "BUY", "ASK", 55],
    ["NO", "SELL", "BID", 55],
  ] as const
) {
  Deno.test(`answers: ${direction} ${side} at 45 is a ${bookSide} at ${yesPrice}`, () => {
    const wire = { ...WIRE_ORDER, original_side: side, original_direction: direction };
    const order = readOrder(wire, ORDER_ID, NOW_MS);
    assert.deepEqual([order.side, order.yesPrice], [bookSide, yesPrice]);
  });
}

Deno.test("answers: an order may stand under 'order', as documented", () => {
  const order = readOrder({ order: WIRE_ORDER, trades: [] }, ORDER_ID, NOW_MS);
  assert.equal(order.orderId, ORDER_ID);
});

Deno.test("answers: an order without a creation time counts as new, not as ancient", () => {
  const order = readOrder({ ...WIRE_ORDER, created_at: null }, ORDER_ID, NOW_MS);
  assert.equal(order.createdAtMs, NOW_MS);
});

Deno.test("answers: the frozen amount of a dead order is kept as it is (Q-23)", () => {
  const dead = { ...WIRE_ORDER, status: "CANCELLED" };
  assert.equal(readOrder(dead, ORDER_ID, NOW_MS).frozenAmount, 271);
});

Deno.test("answers: a placement shows the order and its fills", () => {
  const { order, trades } = readPlaced(WIRE_PLACED, PLACE, NOW_MS);
  assert.equal(order.orderId, ORDER_ID);
  assert.deepEqual(trades, [{
    buyOrderId: "399834770621595640",
    sellOrderId: ORDER_ID,
    yesPrice: 55,
    quantity: 4,
  }]);
});

Deno.test("answers: a fill may call its price price_cents", () => {
  const { price: yesPrice, ...brief } = WIRE_PLACED.trades[0] ?? { price: 0 };
  const documented = { ...WIRE_PLACED, trades: [{ ...brief, price_cents: yesPrice }] };
  assert.equal(readPlaced(documented, PLACE, NOW_MS).trades[0]?.yesPrice, 55);
});

for (
  const netting of [
    null,
    { netting_qty: 3, refund_amount: 300 },
    { pairs_netted: 3, released_cents: 300, released_display: "$3.00" },
  ]
) {
  Deno.test(`answers: netting ${JSON.stringify(netting)} does not disturb a placement`, () => {
    const wire = { ...WIRE_PLACED, netting_result: netting };
    assert.equal(readPlaced(wire, PLACE, NOW_MS).order.orderId, ORDER_ID);
  });
}

for (
  const [field, value] of [
    ["market_id", "MKT-2"],
    ["client_order_id", "somebody-else"],
    ["original_side", "YES"],
    ["original_direction", "SELL"],
    ["original_price_cents", 46],
    ["quantity", 11],
  ] as const
) {
  Deno.test(`answers: a placement answered with another order (${field}) is malformed`, () => {
    const other = { ...WIRE_ORDER, filled_quantity: 0, remaining_quantity: 10, [field]: value };
    if (field === "quantity") other.remaining_quantity = 11;
    const wire = { ...WIRE_PLACED, order: other };
    assert.throws(() => readPlaced(wire, PLACE, NOW_MS), new RegExp(`${field} is not the one`));
  });
}

for (
  const [contract, direction, asset, amount] of [
    ["YES", "SELL", "YES_SHARES", 10],
    ["NO", "SELL", "NO_SHARES", 10],
    ["NO", "BUY", "FUNDS", 451],
  ] as const
) {
  Deno.test(`answers: a replace by ${direction} ${contract} is completed from the request`, () => {
    const request = { ...PLACE, contract, direction };
    const context = { oldOrderId: "1", request, nowMs: NOW_MS };
    const { order } = readReplaced(WIRE_REPLACED, context);
    assert.equal(order.contractPrice, 45);
    assert.equal(order.marketId, MARKET);
    assert.deepEqual([order.frozenAsset, order.frozenAmount], [asset, amount]);
    assert.equal(order.createdAtMs, NOW_MS);
  });
}

Deno.test("answers: a market keeps its own limits, fees and dates", () => {
  assert.deepEqual(readMarket(WIRE_MARKET, MARKET), {
    marketId: MARKET,
    title: "Sample",
    status: "ACTIVE",
    minPrice: 2,
    maxPrice: 98,
    makerFeeBps: 10,
    takerFeeBps: 20,
    maxOrderQuantity: 10_000,
    maxPositionPerUser: 25_000,
    maxOrderAmountCents: 1_000_000,
    tradingStartAtMs: Date.UTC(2026, 0, 1),
    tradingEndAtMs: null,
    resolutionDateMs: Date.UTC(2026, 11, 31, 23, 59, 59, 500),
    result: null,
  });
});

Deno.test("answers: a market without a title is a market", () => {
  assert.equal(readMarket({ ...WIRE_MARKET, title: "" }, MARKET).title, "");
  assert.throws(() => readMarket({ ...WIRE_MARKET, title: null }, MARKET), MalformedAnswer);
});

Deno.test("answers: the case of a market status does not matter, an unknown word is an error (L-29)", () => {
  assert.equal(readMarket({ ...WIRE_MARKET, status: "Active" }, MARKET).status, "ACTIVE");
  assert.throws(() => readMarket({ ...WIRE_MARKET, status: "OPEN" }, MARKET), MalformedAnswer);
});

Deno.test("answers: a book is read best first, with the latest price", () => {
  assert.deepEqual(readBook(WIRE_BOOK, MARKET), {
    bids: [{ price: 49, quantity: 20 }, { price: 48, quantity: 5 }],
    asks: [{ price: 52, quantity: 30 }],
    lastTradePrice: 50,
  });
});

Deno.test("answers: a crossed book is read as it is (Q-03)", () => {
  const crossed = { ...WIRE_BOOK.yes, asks: [{ price_cents: 40, total_quantity: 1 }] };
  assert.equal(readBook({ ...WIRE_BOOK, yes: crossed }, MARKET).asks[0]?.price, 40);
});

Deno.test("answers: a position is read flat or nested", () => {
  const nested = {
    market_id: MARKET,
    market_title: "Sample",
    yes: { volume: 120, cost_sum_cents: 6000, cost_sum_display: "$60.00", pending_sell: 0 },
    no: { volume: 80, cost_sum_cents: 3900, cost_sum_display: "$39.00", pending_sell: 0 },
  };
  const expected = { yes: 120, no: 80, yesCostCents: 6000, noCostCents: 3900 };
  assert.deepEqual(readPosition(WIRE_POSITION, MARKET), expected);
  assert.deepEqual(readPosition(nested, MARKET), expected);
});

Deno.test("answers: the balance is what is available and what is frozen", () => {
  assert.deepEqual(readBalance(WIRE_BALANCE), { availableCents: 99_729, frozenCents: 271 });
});

Deno.test("answers: a trade keeps both users, the YES price and the fee", () => {
  assert.deepEqual(readTrades(page([WIRE_TRADE], "c1")), {
    trades: [{
      tradeId: "399834770621595700",
      marketId: MARKET,
      scenario: "TRANSFER_NO",
      yesPrice: 55,
      quantity: 4,
      buyUserId: "00000000-0000-4000-a000-000000000001",
      sellUserId: "11111111-1111-4111-a111-111111111111",
      takerFeeCents: 3,
      executedAtMs: Date.UTC(2026, 0, 2, 3, 4, 1, 500),
    }],
    nextCursor: "c1",
  });
});

Deno.test("answers: trades may be listed under 'trades' with 'price_cents'", () => {
  const { price: yesPrice, ...row } = WIRE_TRADE;
  const { items: _, ...rest } = page([]);
  const documented = { ...rest, trades: [{ ...row, price_cents: yesPrice }] };
  assert.equal(readTrades(documented).trades[0]?.yesPrice, 55);
});

Deno.test("answers: the audit row of a mint is passed on for the adapter to ignore", () => {
  const row = { ...WIRE_TRADE, sell_user_id: "SYSTEM", scenario: "MINT", price: 50, taker_fee: 0 };
  assert.equal(readTrades(page([row])).trades[0]?.sellUserId, "SYSTEM");
});

for (const call of ["mint", "burn"] as const) {
  Deno.test(`answers: a ${call} must be about the pairs that were asked for`, () => {
    const request = { marketId: MARKET, quantity: shares(30), idempotencyKey: "k" };
    const field = call === "mint" ? "minted_quantity" : "burned_quantity";
    const wire = { market_id: MARKET, [field]: 30 };
    assert.deepEqual(readPairs(wire, call, request), { alreadyDone: false });
    assert.throws(() => readPairs({ ...wire, [field]: 29 }, call, request), MalformedAnswer);
    assert.throws(() => readPairs({ ...wire, market_id: "M2" }, call, request), MalformedAnswer);
    assert.throws(() => readPairs({ idempotent_hit: false }, call, request), MalformedAnswer);
  });
}

const context = { marketId: MARKET, before: new Set<string>(), nowMs: NOW_MS };
const levels = (...prices: number[]) =>
  prices.map((at) => ({ price_cents: at, total_quantity: 1 }));
const book = (bids: unknown, asks: unknown) => ({ ...WIRE_BOOK, yes: { bids, asks } });

/**
 * Answers that look right at first sight; each must be refused, never read as a zero or an empty
 * list.
 */
const MALFORMED: readonly (readonly [string, () => unknown])[] = [
  ["null", () => readBalance(null)],
  ["a list", () => readBalance([])],
  ["text", () => readBalance("ok")],
  ["cash as text", () => readBalance({ ...WIRE_BALANCE, available_balance_cents: "99729" })],
  ["cash with a fraction", () => readBalance({ ...WIRE_BALANCE, available_balance_cents: 0.5 })],
  ["negative cash", () => readBalance({ ...WIRE_BALANCE, available_balance_cents: -1 })],
  ["cash beyond 2^53", () => readBalance({ ...WIRE_BALANCE, frozen_balance_cents: 2 ** 53 })],
  [
    "an order id as a number",
    () => readOrder({ ...WIRE_ORDER, id: 399834770621595648 }, ORDER_ID, 0),
  ],
  ["an order id with a slash", () => readOrder({ ...WIRE_ORDER, id: "../x" }, "../x", 0)],
  ["another order", () => readOrder(WIRE_ORDER, "2", 0)],
  ["an order at price 0", () => readOrder({ ...WIRE_ORDER, original_price_cents: 0 }, ORDER_ID, 0)],
  ["an order at 100", () => readOrder({ ...WIRE_ORDER, original_price_cents: 100 }, ORDER_ID, 0)],
  [
    "quantities that do not add up",
    () => readOrder({ ...WIRE_ORDER, filled_quantity: 5 }, ORDER_ID, 0),
  ],
  ["an unknown order status", () => readOrder({ ...WIRE_ORDER, status: "PENDING" }, ORDER_ID, 0)],
  [
    "a time without a zone",
    () => readOrder({ ...WIRE_ORDER, created_at: "2026-01-02T03:04:00" }, ORDER_ID, 0),
  ],
  ["an order twice", () => readOrderPage(page([WIRE_ORDER, WIRE_ORDER]), context)],
  [
    "an order of the page before",
    () => readOrderPage(page([WIRE_ORDER]), { ...context, before: new Set([ORDER_ID]) }),
  ],
  [
    "an order of another market",
    () => readOrderPage(page([{ ...WIRE_ORDER, market_id: "M2" }]), context),
  ],
  ["no list", () => readOrderPage({ next_cursor: null, has_more: false }, context)],
  [
    "more without a cursor",
    () => readOrderPage({ ...page([WIRE_ORDER]), has_more: true }, context),
  ],
  [
    "a cursor without more",
    () => readOrderPage({ ...page([WIRE_ORDER], "c"), has_more: false }, context),
  ],
  ["an empty page that has more", () => readOrderPage(page([], "c"), context)],
  ["an empty cursor", () => readOrderPage(page([WIRE_ORDER], ""), context)],
  ["a trade twice", () => readTrades(page([WIRE_TRADE, WIRE_TRADE]))],
  ["a trade at price 0", () => readTrades(page([{ ...WIRE_TRADE, price: 0 }]))],
  ["a trade of nothing", () => readTrades(page([{ ...WIRE_TRADE, quantity: 0 }]))],
  ["an unknown scenario", () => readTrades(page([{ ...WIRE_TRADE, scenario: "SWAP" }]))],
  ["a level at price 0", () => readBook(book(levels(0), []), MARKET)],
  ["an empty level", () => readBook(book([{ price_cents: 5, total_quantity: 0 }], []), MARKET)],
  ["bids that rise", () => readBook(book(levels(48, 49), []), MARKET)],
  ["asks that fall", () => readBook(book([], levels(52, 51)), MARKET)],
  ["a level twice", () => readBook(book(levels(49, 49), []), MARKET)],
  ["a latest price of 0", () => readBook({ ...WIRE_BOOK, last_trade_price_cents: 0 }, MARKET)],
  ["the book of another market", () => readBook(WIRE_BOOK, "MKT-2")],
  ["the position of another market", () => readPosition(WIRE_POSITION, "MKT-2")],
  ["negative shares", () => readPosition({ ...WIRE_POSITION, no_volume: -1 }, MARKET)],
  ["another market", () => readMarket(WIRE_MARKET, "MKT-2")],
  ["a price range upside down", () => readMarket({ ...WIRE_MARKET, min_price_cents: 99 }, MARKET)],
  ["a fee of 100 %", () => readMarket({ ...WIRE_MARKET, taker_fee_bps: 10_000 }, MARKET)],
  ["a date that is none", () => readMarket({ ...WIRE_MARKET, resolution_date: "soon" }, MARKET)],
];

for (const [name, read] of MALFORMED) {
  Deno.test(`answers: ${name} is malformed`, () => {
    assert.throws(read, MalformedAnswer);
  });
}

Deno.test("answers: the error names the field and not its value", () => {
  const wire = { ...WIRE_BALANCE, available_balance_cents: "hunter2" };
  assert.throws(() => readBalance(wire), (error: unknown) => {
    assert.ok(error instanceof MalformedAnswer);
    assert.match(error.message, /^available_balance_cents: /);
    assert.ok(!error.message.includes("hunter2"));
    return true;
  });
});

Deno.test("answers: a list of more than 10,000 orders does not end", () => {
  const one = readOrder(WIRE_ORDER, ORDER_ID, NOW_MS);
  const before = new Set(Array.from({ length: 10_000 }, (_, index) => `o${index}`));
  assert.throws(() => readOrderPage(page([WIRE_ORDER]), { ...context, before }), /more than 10000/);
  assert.equal(one.contractPrice, price(45));
});
