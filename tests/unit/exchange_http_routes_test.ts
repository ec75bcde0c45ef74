import assert from "node:assert/strict";
import { moneyText } from "../../sim/http/display.ts";
import { at, HttpVenue, MARKET, orderOf, verdict } from "../support/exchange_http.ts";

/** Reads all pages of a list, and gives one field of every item. */
async function walk(
  venue: HttpVenue,
  path: string,
  field: string,
  limit: number,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let cursor: unknown = "";
  while (cursor !== null) {
    const more = cursor === "" ? "" : `&cursor=${encodeURIComponent(String(cursor))}`;
    const { body } = await venue.get("ann", `${path}limit=${limit}${more}`);
    const page = at(body, "items") === undefined ? at(body, "data") : body;
    const items = at(page, "items");
    assert.ok(Array.isArray(items) && items.length <= limit);
    assert.equal(at(page, "has_more"), at(page, "next_cursor") !== null);
    assert.ok(items.length > 0 || found.length === 0, "a page that was announced is not empty");
    found.push(...items.map((item) => at(item, field)));
    cursor = at(page, "next_cursor");
  }
  return found;
}

Deno.test("GET /health: needs no token, and is not below the prefix of the API", async () => {
  const venue = new HttpVenue();
  const { status, body } = await venue.request("/health");
  assert.deepEqual([status, body], [200, { status: "ok", version: "0.1.0" }]);
  assert.equal((await venue.get(null, "/health/matching")).status, 404);
});

Deno.test("a trailing slash is answered by a redirect that keeps the query", async () => {
  const venue = new HttpVenue();
  const { status, headers } = await venue.get("ann", "/orders/?limit=5");
  assert.equal(status, 307);
  assert.equal(headers.get("location"), "/api/v1/orders?limit=5");
  assert.equal((await venue.get("ann", "/nothing/")).status, 404);
});

for (
  const [method, path, allowed] of [
    ["GET", "/amm/mint", "POST"],
    ["DELETE", "/orders/1", "GET"],
    ["PUT", "/orders", "POST, GET"],
    ["POST", "/markets", "GET"],
  ] as const
) {
  Deno.test(`${method} ${path} is not allowed, ${allowed} is`, async () => {
    const { status, headers, body } = await new HttpVenue().request(`/api/v1${path}`, { method });
    assert.deepEqual([status, body], [405, { detail: "Method Not Allowed" }]);
    assert.equal(headers.get("allow"), allowed);
    assert.equal(headers.get("www-authenticate"), null);
  });
}

Deno.test("routes that are documented but not deployed are not there", async () => {
  const venue = new HttpVenue();
  for (const path of ["/amm/cancel-all", "/admin/amm/start", "/admin/amm/stop"]) {
    const { status, body } = await venue.post("amm", path, {});
    assert.deepEqual([status, body], [404, { detail: "Not Found" }], path);
  }
});

Deno.test("browsers of any origin may ask, and may read the limits", async () => {
  const venue = new HttpVenue();
  const origin = "https://example.com";
  const preflight = await venue.request("/api/v1/orders", {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
  assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /POST/);
  assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /authorization/);
  const refused = await venue.get(null, "/orders");
  assert.equal(refused.headers.get("access-control-allow-origin"), "*");
  assert.match(refused.headers.get("access-control-expose-headers") ?? "", /X-RateLimit-Reset/);
});

Deno.test("browsers may ask for what lies beside the API and see refusals of any kind, but not the control", async () => {
  const venue = new HttpVenue({ control: true });
  const open = async (path: string, init: RequestInit = {}) => {
    const { headers } = await venue.request(path, init);
    return headers.get("access-control-allow-origin");
  };
  assert.equal(await open("/health"), "*");
  assert.equal(await open("/openapi.json"), "*");
  const tooLarge = { method: "POST", body: "x".repeat(100_000) };
  assert.equal(await open("/api/v1/orders", tooLarge), "*");
  assert.equal(await open("/__control/state"), null);
  assert.equal(await open("/__control/restart", { method: "OPTIONS" }), null);
});

Deno.test("lists come in pages without gaps or repeats, newest first", async () => {
  const venue = new HttpVenue();
  for (let price = 10; price < 17; price++) await venue.placed("ann", `BUY YES ${price} x 1`);
  for (let quantity = 1; quantity <= 3; quantity++) {
    await venue.placed("bob", `BUY NO 84 x ${quantity}`);
    await venue.placed("ann", `BUY YES 16 x ${quantity}`);
  }
  const prices = await walk(venue, `/orders?market_id=${MARKET}&`, "original_price_cents", 3);
  assert.deepEqual(prices, [16, 16, 16, 16, 15, 14, 13, 12, 11, 10]);
  const trades = await walk(venue, "/trades?", "trade_id", 2);
  assert.deepEqual(trades, [...trades].sort().reverse());
  assert.ok(trades.length >= 3 && new Set(trades).size === trades.length);
  const entries = await walk(venue, "/account/ledger?", "id", 4);
  assert.deepEqual(entries, [...entries].sort((a, b) => Number(b) - Number(a)));
  assert.equal(entries.length, 1 + 10);
});

Deno.test("GET /markets: newest first in pages; a cursor that is no cursor begins again", async () => {
  const venue = new HttpVenue();
  const { control } = venue.venue.exchange;
  await venue.clock.advance(1_000);
  for (const marketId of ["A", "C", "B"]) control.createMarket({ marketId });
  const all = ["C", "B", "A", "MKT-2", "MKT-1"];
  for (const limit of [1, 2, 5, 100]) {
    assert.deepEqual(await walk(venue, "/markets?", "id", limit), all, `limit ${limit}`);
  }
  const garbage = await venue.get("ann", "/markets?limit=2&cursor=zzz");
  assert.equal(at(garbage.body, "data.items.0.id"), "C");
  const noTime = btoa('{"ts": "yesterday", "id": "C"}');
  const crash = await venue.get("ann", `/markets?cursor=${noTime}`);
  assert.deepEqual([crash.status, crash.body], [500, "Internal Server Error"]);
});

Deno.test("GET /markets: filters by status and category; an unknown word finds nothing", async () => {
  const venue = new HttpVenue();
  const { control } = venue.venue.exchange;
  control.patchMarket("MKT-2", { status: "SUSPENDED", category: "politics" });
  for (
    const [query, ids] of [
      ["", ["MKT-1"]],
      ["status=ALL&", ["MKT-2", "MKT-1"]],
      ["status=SUSPENDED&", ["MKT-2"]],
      ["status=suspended&", []],
      ["status=ALL&category=politics&", ["MKT-2"]],
      ["category=politics&", []],
    ] as const
  ) {
    assert.deepEqual(await walk(venue, `/markets?${query}`, "id", 10), ids, query);
  }
});

Deno.test("GET /orders: filters, and of a repeated parameter the last one counts", async () => {
  const venue = new HttpVenue();
  const open = await venue.placed("ann", "BUY YES 10 x 1");
  const cancelled = await venue.placed("ann", "BUY NO 10 x 1");
  await venue.post("ann", `/orders/${cancelled}/cancel`);
  for (
    const [query, ids] of [
      ["", [cancelled, open]],
      ["status=OPEN&", [open]],
      ["status=OPEN,CANCELLED&", [cancelled, open]],
      ["status=OPEN&status=CANCELLED&", [cancelled]],
      ["status=NEW&", []],
      ["side=NO&", [cancelled]],
      ["side=no&", []],
      ["direction=BUY&side=YES&", [open]],
      ["market_id=NOPE&", []],
    ] as const
  ) {
    assert.deepEqual(await walk(venue, `/orders?${query}`, "id", 10), ids, query);
  }
});

Deno.test("GET /account/ledger: shows who moved what, by kind", async () => {
  const venue = new HttpVenue();
  const id = await venue.placed("ann", "BUY YES 50 x 10");
  const { body } = await venue.get("ann", "/account/ledger?entry_type=ORDER_FREEZE");
  assert.deepEqual(at(body, "data.items"), [{
    id: 5,
    entry_type: "ORDER_FREEZE",
    amount_cents: -501,
    amount_display: "-$5.01",
    balance_after_cents: 0,
    balance_after_display: "$0.00",
    reference_type: "ORDER",
    reference_id: id,
    description: null,
    created_at: "2026-11-22T06:13:40+00:00",
  }]);
  const none = await venue.get("ann", "/account/ledger?entry_type=deposit");
  assert.deepEqual(at(none.body, "data.items"), []);
  const garbage = await venue.get("ann", "/account/ledger?limit=1&cursor=%25");
  assert.equal(at(garbage.body, "data.items.0.id"), 5, "a bad cursor begins again");
});

Deno.test("the two books of a market are mirrors of each other", async () => {
  const venue = new HttpVenue();
  for (const text of ["BUY YES 40 x 3", "BUY YES 42 x 1", "BUY NO 50 x 7"]) {
    await venue.placed("ann", text);
  }
  const { body } = await venue.get("bob", `/markets/${MARKET}/orderbook`);
  const levels = (side: string) => {
    const found = at(body, `data.${side}`);
    assert.ok(Array.isArray(found));
    return found.map((each) => `${at(each, "price_cents")}x${at(each, "total_quantity")}`);
  };
  assert.deepEqual(levels("yes.bids"), ["42x1", "40x3"]);
  assert.deepEqual(levels("yes.asks"), ["50x7"]);
  assert.deepEqual(levels("no.bids"), ["50x7"]);
  assert.deepEqual(levels("no.asks"), ["58x1", "60x3"]);
});

Deno.test("mint and burn show the stock after them, and a repeat under the same key", async () => {
  const venue = new HttpVenue();
  const pairs = { market_id: MARKET, quantity: 20, idempotency_key: "k" };
  const minted = await venue.post("amm", "/amm/mint", pairs);
  assert.equal(minted.status, 201);
  assert.equal(at(minted.body, "message"), "Shares minted successfully");
  assert.deepEqual(at(minted.body, "data"), {
    market_id: MARKET,
    minted_quantity: 20,
    cost_cents: 2000,
    new_yes_inventory: 120,
    new_no_inventory: 120,
    remaining_balance_cents: 898_000,
  });
  const again = await venue.post("amm", "/amm/mint", { ...pairs, quantity: 7 });
  assert.equal(again.status, 201);
  assert.equal(at(again.body, "message"), "Mint already processed (idempotent)");
  assert.deepEqual(at(again.body, "data"), { idempotent_hit: true, idempotency_key: "k" });
  const burned = await venue.post("amm", "/amm/burn", { ...pairs, idempotency_key: "b" });
  assert.equal(burned.status, 200);
  assert.deepEqual(at(burned.body, "data"), {
    market_id: MARKET,
    burned_quantity: 20,
    recovered_cents: 2000,
    new_yes_inventory: 100,
    new_no_inventory: 100,
    remaining_balance_cents: 900_000,
  });
  const repeated = await venue.post("amm", "/amm/burn", { ...pairs, idempotency_key: "b" });
  assert.deepEqual([repeated.status, at(repeated.body, "message")], [
    200,
    "Burn already processed (idempotent)",
  ]);
  const tooMany = { ...pairs, quantity: 101, idempotency_key: "c" };
  assert.deepEqual(verdict(await venue.post("amm", "/amm/burn", tooMany)), [422, 5001]);
});

Deno.test("an error envelope carries time and request id, and a refusal its data", async () => {
  const venue = new HttpVenue();
  const { body } = await venue.place("ann", "BUY YES 100 x 1");
  assert.deepEqual({ ...Object(body), request_id: "" }, {
    code: 4001,
    message: "Price out of range: 100",
    data: null,
    timestamp: "2026-11-22T06:13:40+00:00",
    request_id: "",
  });
  assert.match(String(at(body, "request_id")), /^req_[0-9a-f]{12}$/);
});

Deno.test("an order that is repeated under its id is shown, not executed", async () => {
  const venue = new HttpVenue();
  const order = orderOf("BUY YES 50 x 10", { client_order_id: "same" });
  const first = await venue.post("ann", "/orders", order);
  const again = await venue.post("ann", "/orders", { ...order, market_id: "MKT-2" });
  assert.deepEqual([again.status, again.body], [201, first.body]);
  const other = await venue.post("ann", "/orders", { ...order, quantity: 11 });
  assert.deepEqual(verdict(other), [409, 4005]);
});

Deno.test("money is written as people read it (§1.2)", () => {
  for (
    const [cents, text] of [
      [0, "$0.00"],
      [5, "$0.05"],
      [99_900, "$999.00"],
      [123_456, "$1,234.56"],
      [123_456_789, "$1,234,567.89"],
      [-1_200, "-$12.00"],
      [-100_000, "-$1,000.00"],
    ] as const
  ) assert.equal(moneyText(cents), text);
});
