import assert from "node:assert/strict";
import { at, type HttpAnswer, HttpVenue, MARKET } from "../support/exchange_http.ts";

const open = () => new HttpVenue({ control: true });

function command(venue: HttpVenue, path: string, body: unknown = {}): Promise<HttpAnswer> {
  return venue.request(`/__control${path}`, { method: "POST", body: JSON.stringify(body) });
}

Deno.test("control: it is closed unless somebody asked for it", async () => {
  const venue = new HttpVenue();
  assert.equal((await venue.request("/__control/state")).status, 404);
  assert.equal((await venue.request("/__control/docs")).status, 404);
  assert.equal((await command(venue, `/markets/${MARKET}/evict`)).status, 404);
});

Deno.test("control: it has a documentation of its own", async () => {
  const { status, body } = await open().request("/__control/docs");
  assert.equal(status, 200);
  for (const path of ["/markets/{market_id}/evict", "/users/{username}/race", "/state"]) {
    assert.ok(String(body).includes(`<code>/__control${path}</code>`), path);
  }
  assert.match(String(body), /href="\/__control\/openapi\.json"/);
  assert.match(String(body), /Matching engine §16/);
});

Deno.test("control: a market's status and fees change, and its orders stay", async () => {
  const venue = open();
  await venue.placed("ann", "BUY YES 50 x 10");
  const { body } = await command(venue, `/markets/${MARKET}`, {
    status: "HALTED",
    taker_fee_bps: 40,
  });
  assert.deepEqual(body, { done: true });
  const market = await venue.get("ann", `/markets/${MARKET}`);
  assert.equal(at(market.body, "data.status"), "HALTED");
  assert.equal(at(market.body, "data.taker_fee_bps"), 40);
  const orders = await venue.get("ann", "/orders?status=OPEN");
  assert.equal(at(orders.body, "items.length"), 1);
});

Deno.test("control: a market can be resolved in every way", async () => {
  const venue = open();
  await command(venue, `/markets/${MARKET}/resolve`, { result: "VOID" });
  const { body } = await venue.get("ann", `/markets/${MARKET}`);
  assert.equal(at(body, "data.status"), "VOIDED");
  const again = await command(venue, `/markets/${MARKET}/resolve`, { result: "YES" });
  assert.equal(again.status, 422);
});

Deno.test("control: an evicted book shows its orders but matches none", async () => {
  const venue = open();
  await venue.placed("ann", "BUY YES 50 x 10");
  await command(venue, `/markets/${MARKET}/evict`);
  const { body } = await venue.place("bob", "BUY NO 50 x 10");
  assert.equal(at(body, "trades.length"), 0);
  const book = await venue.get("bob", `/markets/${MARKET}/orderbook`);
  assert.equal(at(book.body, "data.yes.bids.0.total_quantity"), 10);
});

Deno.test("control: markets and users can be added, and users disabled", async () => {
  const venue = open();
  await command(venue, "/markets", { id: "MKT-NEW", title: "New" });
  await command(venue, "/users", { username: "dora", password: "pw", cash_cents: 500 });
  const login = { username: "dora", password: "pw" };
  assert.equal((await venue.post(null, "/auth/login", login)).status, 200);
  await command(venue, "/users/dora", { enabled: false });
  assert.equal((await venue.post(null, "/auth/login", login)).status, 422);
  const { body } = await venue.get("ann", "/markets/MKT-NEW");
  assert.equal(at(body, "data.title"), "New");
});

Deno.test("control: what cannot be is refused with a reason, and is no defect", async () => {
  const venue = open();
  for (
    const [path, body, status, reason] of [
      ["/markets", { id: MARKET }, 422, /Cannot create market MKT-1 twice/],
      ["/markets", { id: "a b" }, 422, /should match pattern/],
      ["/markets", { id: "M", max_price: 5 }, 422, /Extra inputs.*max_price/],
      ["/users", { username: "ann", password: "pw" }, 422, /Cannot add user ann/],
      ["/users/nobody", { enabled: true }, 404, /Not Found/],
      ["/markets/NOPE", { status: "ACTIVE" }, 404, /Market not found: NOPE/],
      [`/markets/${MARKET}`, { status: "active" }, 422, /DRAFT/],
    ] as const
  ) {
    const answer = await command(venue, path, body);
    assert.equal(answer.status, status, path);
    assert.match(JSON.stringify(answer.body), reason);
  }
  assert.deepEqual(venue.defects, []);
});

Deno.test("control: the state can be read, and what contradicts the invariants", async () => {
  const venue = open();
  await venue.placed("ann", "BUY YES 50 x 10");
  const { body } = await venue.request("/__control/state");
  assert.equal(at(body, "orders.0.user_id"), venue.idOf("ann"));
  assert.equal(at(body, "orders.0.remaining"), 10);
  const { body: found } = await venue.request("/__control/violations");
  assert.deepEqual(found, { violations: [] });
});

Deno.test("control: a restart ends a deadlock", async () => {
  const venue = new HttpVenue({ control: true, settings: { quirks: new Set(["Q-16"] as const) } });
  await venue.placed("amm", "SELL YES 55 x 10");
  await command(venue, "/users/ann/race", {
    client_order_id: "racer",
    market_id: MARKET,
    side: "YES",
    direction: "BUY",
    price_cents: 55,
    quantity: 1,
  });
  let isAnswered = false;
  venue.post("amm", "/amm/orders/batch-cancel", { market_id: MARKET })
    .then(() => isAnswered = true);
  await venue.clock.advance(60_000);
  await command(venue, "/restart");
  assert.equal((await venue.get("amm", "/account/balance")).status, 200);
  assert.equal(isAnswered, false, "the request that hung is lost");
});
