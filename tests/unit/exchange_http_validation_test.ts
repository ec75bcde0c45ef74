import assert from "node:assert/strict";
import { at, HttpVenue, orderOf, verdict } from "../support/exchange_http.ts";

const ORDER = orderOf("BUY YES 50 x 10", { client_order_id: "v" });
const INTEGER = "Input should be a valid integer";

/** A field with a value that is not valid, and how the venue says so. */
const BAD: readonly (readonly [string, unknown, Record<string, unknown>])[] = [
  ["client_order_id", 5, { type: "string_type", msg: "Input should be a valid string" }],
  ["client_order_id", null, { type: "string_type", msg: "Input should be a valid string" }],
  ["client_order_id", "", {
    type: "string_too_short",
    msg: "String should have at least 1 character",
    ctx: { min_length: 1 },
  }],
  ["client_order_id", "\ta", {
    type: "value_error",
    msg: "Value error, client_order_id must not contain whitespace",
    ctx: { error: {} },
  }],
  ["side", "yes", {
    type: "literal_error",
    msg: "Input should be 'YES' or 'NO'",
    ctx: { expected: "'YES' or 'NO'" },
  }],
  ["direction", 1, {
    type: "literal_error",
    msg: "Input should be 'BUY' or 'SELL'",
    ctx: { expected: "'BUY' or 'SELL'" },
  }],
  ["time_in_force", "FOK", {
    type: "literal_error",
    msg: "Input should be 'GTC' or 'IOC'",
    ctx: { expected: "'GTC' or 'IOC'" },
  }],
  ["price_cents", "abc", {
    type: "int_parsing",
    msg: `${INTEGER}, unable to parse string as an integer`,
  }],
  ["price_cents", "50.5", {
    type: "int_parsing",
    msg: `${INTEGER}, unable to parse string as an integer`,
  }],
  ["price_cents", 50.5, {
    type: "int_from_float",
    msg: `${INTEGER}, got a number with a fractional part`,
  }],
  ["quantity", [1], { type: "int_type", msg: INTEGER }],
  ["quantity", null, { type: "int_type", msg: INTEGER }],
];

for (const [field, input, problem] of BAD) {
  Deno.test(`POST /orders: ${field} ${JSON.stringify(input)} is ${problem.type}`, async () => {
    const { status, body } = await new HttpVenue()
      .post("ann", "/orders", { ...ORDER, [field]: input });
    assert.equal(status, 422);
    assert.deepEqual(body, { detail: [{ ...problem, loc: ["body", field], input }] });
  });
}

Deno.test("POST /orders: every bad field has one entry, in the order of the document", async () => {
  const { body } = await new HttpVenue().post("ann", "/orders", {
    quantity: "x",
    price_cents: 1.5,
    side: "NEITHER",
    client_order_id: " ",
  });
  const entries = at(body, "detail");
  assert.ok(Array.isArray(entries));
  assert.deepEqual(entries.map(({ loc }) => loc[1]), [
    "client_order_id",
    "market_id",
    "side",
    "direction",
    "price_cents",
    "quantity",
  ]);
});

for (
  const [field, value] of [
    ["price_cents", "50"],
    ["price_cents", "50.0"],
    ["price_cents", 50.0],
    ["quantity", " 10 "],
    ["unknown_field", { nested: true }],
    ["client_order_id", "a\tb"],
  ] as const
) {
  Deno.test(`POST /orders: ${field} ${JSON.stringify(value)} is accepted`, async () => {
    const { status, body } = await new HttpVenue()
      .post("ann", "/orders", { ...ORDER, [field]: value });
    assert.equal(status, 201);
    assert.equal(at(body, "order.original_price_cents"), 50);
    assert.equal(at(body, "order.quantity"), 10);
  });
}

Deno.test("POST /orders: a field that breaks two rules has one entry", async () => {
  const body = { ...ORDER, client_order_id: ` ${"x".repeat(65)}` };
  const answer = await new HttpVenue().post("ann", "/orders", body);
  assert.deepEqual([answer.status, at(answer.body, "detail.length")], [422, 1]);
});

Deno.test("a nested body names the way to the field", async () => {
  const { body } = await new HttpVenue().post("amm", "/amm/orders/replace", {
    old_order_id: "1",
    new_order: { ...ORDER, side: undefined, quantity: 1.5 },
  });
  assert.deepEqual(at(body, "detail.0.loc"), ["body", "new_order", "side"]);
  assert.equal(at(body, "detail.0.input.market_id"), "MKT-1", "input is the object around it");
  assert.deepEqual(at(body, "detail.1.loc"), ["body", "new_order", "quantity"]);
});

Deno.test("a body that is no JSON says where", async () => {
  const venue = new HttpVenue();
  for (const [text, offset] of [["{bad", 1], ['{"a": 1', 7], ["nope", 0], ["[", 1]] as const) {
    const { status, body } = await venue.post("ann", "/orders", text);
    assert.equal(status, 422);
    assert.equal(at(body, "detail.0.type"), "json_invalid");
    assert.deepEqual(at(body, "detail.0.loc"), ["body", offset], text);
    assert.deepEqual(at(body, "detail.0.input"), {});
  }
});

Deno.test("a body that is missing or no object is refused as a whole", async () => {
  const venue = new HttpVenue();
  const missing = await venue.post("ann", "/orders");
  assert.deepEqual(missing.body, {
    detail: [{ type: "missing", loc: ["body"], msg: "Field required", input: null }],
  });
  const list = await venue.post("ann", "/orders", [1]);
  assert.equal(at(list.body, "detail.0.type"), "model_attributes_type");
  assert.deepEqual(at(list.body, "detail.0.loc"), ["body"]);
});

Deno.test("queries are judged like bodies, and show their input as text", async () => {
  const venue = new HttpVenue();
  for (
    const [path, type, input] of [
      ["/trades?limit=0", "greater_than_equal", "0"],
      ["/trades?limit=101", "less_than_equal", "101"],
      ["/orders?limit=", "int_parsing", ""],
      ["/account/ledger?limit=x", "int_parsing", "x"],
      ["/markets/MKT-1/orderbook?levels=100", "less_than_equal", "100"],
    ] as const
  ) {
    const { status, body } = await venue.get("ann", path);
    assert.equal(status, 422, path);
    assert.equal(at(body, "detail.0.type"), type, path);
    assert.equal(at(body, "detail.0.input"), input, path);
    assert.equal(at(body, "detail.0.loc.0"), "query", path);
  }
});

Deno.test("cash moves between 1 cent and 100,000 dollars at a time", async () => {
  const venue = new HttpVenue();
  for (const [amount_cents, status] of [[0, 422], [1, 200], [10_000_000, 200], [10_000_001, 422]]) {
    assert.equal((await venue.post("ann", "/account/deposit", { amount_cents })).status, status);
  }
  const tooMuch = await venue.post("ann", "/account/withdraw", { amount_cents: 10_000_000 });
  assert.deepEqual(verdict(tooMuch), [200, 0]);
  const more = await venue.post("ann", "/account/withdraw", { amount_cents: 900_002 });
  assert.deepEqual(verdict(more), [422, 2001]);
  assert.equal(
    at(more.body, "message"),
    "Insufficient balance: required 900002 cents, available 900001 cents",
  );
});

Deno.test("a body over 64 KiB is refused", async () => {
  const { status, body } = await new HttpVenue().post("ann", "/orders", "x".repeat(65_537));
  assert.deepEqual([status, body], [413, { detail: "Request Entity Too Large" }]);
});

for (
  const [type, accepted] of [
    ["application/json", true],
    ["application/json; charset=utf-8", true],
    ["application/problem+json", true],
    [null, true],
    ["application/x-www-form-urlencoded", false],
    ["text/plain", false],
  ] as const
) {
  Deno.test(`a body of type ${type} is ${accepted ? "" : "not "}read as JSON`, async () => {
    const venue = new HttpVenue();
    const login = JSON.stringify({ username: "ann", password: "Passw0rd1" });
    const { status, body } = await venue.request("/api/v1/auth/login", {
      method: "POST",
      headers: type === null ? {} : { "content-type": type },
      body: new TextEncoder().encode(login),
    });
    assert.equal(status, accepted ? 200 : 422);
    if (accepted) return;
    assert.equal(at(body, "detail.0.type"), "model_attributes_type");
    assert.equal(at(body, "detail.0.input"), login);
  });
}
