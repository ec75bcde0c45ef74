import assert from "node:assert/strict";
import { at, HttpVenue } from "../support/exchange_http.ts";

async function document(options = {}): Promise<unknown> {
  const { status, body } = await new HttpVenue(options).request("/openapi.json");
  assert.equal(status, 200);
  return body;
}

/** An operation by path below the prefix of the API and method. */
function operation(openapi: unknown, path: string, method: string): unknown {
  return Object(at(openapi, "paths"))[`/api/v1${path}`]?.[method];
}

Deno.test("OpenAPI: every route of the document is there, and nothing else", async () => {
  const paths: Record<string, object> = Object(at(await document(), "paths"));
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace("/api/v1", "")}`)
  );
  assert.deepEqual(routes.sort(), [
    "get /account/balance",
    "get /account/ledger",
    "get /admin/markets/{market_id}/stats",
    "get /health",
    "get /markets",
    "get /markets/{market_id}",
    "get /markets/{market_id}/orderbook",
    "get /orders",
    "get /orders/{order_id}",
    "get /positions",
    "get /positions/{market_id}",
    "get /trades",
    "post /account/deposit",
    "post /account/withdraw",
    "post /admin/markets/{market_id}/resolve",
    "post /admin/verify-invariants",
    "post /amm/burn",
    "post /amm/mint",
    "post /amm/orders/batch-cancel",
    "post /amm/orders/replace",
    "post /auth/login",
    "post /auth/refresh",
    "post /auth/register",
    "post /orders",
    "post /orders/{order_id}/cancel",
  ]);
});

Deno.test("OpenAPI: the control surface is no part of it, open or not", async () => {
  assert.doesNotMatch(JSON.stringify(await document({ control: true })), /__control/);
});

Deno.test("OpenAPI: bodies and queries are those of validation, with ranges and defaults", async () => {
  const openapi = await document();
  const order = at(operation(openapi, "/orders", "post"), "requestBody.content");
  const schema = at(Object(order)["application/json"], "schema");
  assert.deepEqual(at(schema, "properties.side"), { type: "string", enum: ["YES", "NO"] });
  assert.equal(at(schema, "properties.client_order_id.maxLength"), 64);
  assert.deepEqual(at(schema, "properties.price_cents"), { type: "integer" });
  assert.deepEqual(at(schema, "required"), [
    "client_order_id",
    "market_id",
    "side",
    "direction",
    "price_cents",
    "quantity",
  ]);
  assert.deepEqual(at(operation(openapi, "/trades", "get"), "parameters.0"), {
    name: "limit",
    in: "query",
    required: false,
    schema: { default: 20, type: "integer", minimum: 1, maximum: 100 },
  });
});

Deno.test("OpenAPI: a quirk that changes what is valid changes the document", async () => {
  const settings = { quirks: new Set(["Q-20", "Q-21"] as const) };
  const text = JSON.stringify(await document({ settings }));
  assert.doesNotMatch(text, /"maxLength":64,[^}]*client/);
  assert.match(JSON.stringify(await document()), /"enum":\["YES","NO","VOID"\]/);
  const resolve = operation(JSON.parse(text), "/admin/markets/{market_id}/resolve", "post");
  assert.doesNotMatch(JSON.stringify(at(resolve, "requestBody")), /VOID/);
});

Deno.test("OpenAPI: answers say who may ask, what comes and what can go wrong", async () => {
  const openapi = await document();
  const place = operation(openapi, "/orders", "post");
  assert.deepEqual(Object.keys(Object(at(place, "responses"))).sort(), [
    "201",
    "401",
    "404",
    "409",
    "422",
    "429",
  ]);
  assert.match(String(at(place, "responses.422.description")), /3002, 4001, 4002, 2001, 5001/);
  assert.match(
    String(at(place, "responses.422.description")),
    /^Fields that are not valid; Code 1004/,
  );
  assert.equal(at(place, "responses.404.description"), "Code 3001");
  assert.match(String(at(place, "responses.429.description")), /^Code 9001, where/);
  const login = operation(openapi, "/auth/login", "post");
  assert.equal(at(login, "responses.429"), undefined);
  const replace = operation(openapi, "/amm/orders/replace", "post");
  assert.equal(at(replace, "responses.403.description"), "Another user's route; Code 6004");
  assert.deepEqual(at(place, "security"), [{ bearer: [] }]);
  assert.deepEqual(at(operation(openapi, "/auth/login", "post"), "security"), []);
  const balance = at(operation(openapi, "/account/balance", "get"), "responses.200.content");
  const envelope = at(Object(balance)["application/json"], "schema");
  assert.ok(at(envelope, "properties.data.properties.available_balance_cents") !== undefined);
  assert.match(
    String(at(operation(openapi, "/amm/mint", "post"), "description")),
    /The market maker's account may call it\. Exchange API §5\.3\./,
  );
});

Deno.test("OpenAPI: every reference leads somewhere", async () => {
  const openapi = await document();
  const references = JSON.stringify(openapi).matchAll(/"\$ref":"#\/([^"]+)"/g);
  const targets = new Set([...references].map(([, target = ""]) => target.replaceAll("/", ".")));
  assert.ok(targets.size > 0);
  for (const target of targets) assert.ok(at(openapi, target) !== undefined, target);
});

Deno.test("GET /docs: shows every operation, and needs nothing from elsewhere", async () => {
  const venue = new HttpVenue();
  const { status, headers, body } = await venue.request("/docs");
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^text\/html/);
  assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
  const page = String(body);
  const paths: Record<string, object> = Object(at(await document(), "paths"));
  for (const path of Object.keys(paths)) assert.ok(page.includes(`<code>${path}</code>`), path);
  assert.doesNotMatch(page, /<script|https?:\/\/|@import|url\(/);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  for (const target of targets) assert.ok(page.includes(`id="${target}"`), target);
});
