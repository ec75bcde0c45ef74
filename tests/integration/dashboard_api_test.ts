/** What the API tells for the dashboard beside rows and quotes. */

import assert from "node:assert/strict";
import { HOUR_MS } from "../../src/models/market.ts";
import { ADMIN, operatedBot } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

const at = (id = MARKET) => `/api/markets/${id}`;

Deno.test("detail: the book is that of the others, without our own orders", async () => {
  const bot = operatedBot();
  bot.venue.rest("YES", 31, 7);
  bot.venue.rest("NO", 28, 9);
  await bot.venue.start(10);
  const { at: told } = await bot.request("GET", at());
  assert.deepEqual(told("close_up", "others_book", "bids"), [{ price_cents: 31, quantity: 7 }]);
  assert.deepEqual(told("close_up", "others_book", "asks"), [{ price_cents: 72, quantity: 9 }]);
  assert.equal(told("close_up", "venue_status"), "ACTIVE");
  assert.equal(
    told("close_up", "trading_end_at_ms"),
    bot.venue.clock.nowMs() + 720 * HOUR_MS - 10_000,
  );
  await bot.venue.stop();
});

Deno.test("detail: the book is unknown, not empty, while it cannot be read", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  bot.venue.intercept = (call) => /book/i.test(call) ? { kind: "lose", effect: false } : undefined;
  await bot.venue.run(5);
  assert.equal((await bot.request("GET", at())).at("close_up", "others_book"), null);
  await bot.venue.stop();
});

Deno.test("detail: the limits are the settings in force", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const limits = async () => (await bot.request("GET", at())).at("close_up", "risk_limits");
  assert.deepEqual(await limits(), {
    skew_widen: 0.3,
    skew_one_side: 0.6,
    skew_kill: 0.8,
    max_loss_cents: 5000,
    max_net_shares: 1000,
  });
  const changes = { inventory_skew_widen: 0.2 };
  const body = { reason: "a test", expected_version: 0, changes };
  assert.equal((await bot.request("PUT", `/api/config/${MARKET}`, { body })).status, 200);
  await bot.venue.run(5);
  assert.equal((await limits() as { skew_widen: number }).skew_widen, 0.2);
  await bot.venue.stop();
});

Deno.test("profit: its parts add up to the total, and the row says what a share costs", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const [ask = 0] = bot.venue.ladder("ASK");
  const fair = (await bot.request("GET", at())).at("fair_cents");
  bot.venue.take("YES", ask, 5);
  await bot.venue.run(10);
  const { at: told } = await bot.request("GET", at());
  const [total, spread, inventory, fees, volume] = [
    ...["total_cents", "spread_cents", "inventory_cents", "fees_cents", "volume_shares"],
  ].map((name) => Number(told("profit", name)));
  assert.equal(volume, 5);
  assert.ok(Math.abs(Number(spread) - 5 * (ask - Number(fair))) <= 5 * 0.5, `${spread}`);
  assert.ok(Math.abs(Number(total) - (Number(spread) + Number(inventory) + Number(fees))) < 1e-6);
  const row = (await bot.request("GET", "/api/markets")).at;
  assert.deepEqual(
    [row("markets", 0, "volume_shares"), row("markets", 0, "pnl_session_cents")],
    [5, total],
  );
  assert.equal(row("markets", 0, "net_shares"), -5);
  await bot.venue.stop();
});

Deno.test("profit: what a settlement paid beyond the last valuation is told apart", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const [ask = 0] = bot.venue.ladder("ASK");
  bot.venue.take("YES", ask, 10);
  await bot.venue.run(30);
  const before = await bot.request("GET", at());
  assert.equal(before.at("close_up", "settlement_cents"), 0);
  bot.venue.exchange.control.resolve(MARKET, "YES");
  await bot.venue.run(120);
  const { at: told } = await bot.request("GET", at());
  assert.equal(told("lifecycle"), "STOPPED");
  const fair = Number(before.at("fair_cents"));
  const settlement = Number(told("close_up", "settlement_cents"));
  // Ten NO shares too many were valued at 100 less the fair price, and paid nothing.
  assert.ok(Math.abs(settlement + 10 * (100 - fair)) <= 10, `${settlement} at ${fair}`);
  await bot.venue.stop();
});

Deno.test("parameters: every setting has type, range, unit and meaning; reading them is open", async () => {
  const { request } = operatedBot();
  const { status, at: told } = await request("GET", "/api/parameters", { headers: {} });
  assert.equal(status, 200);
  const market = told("market") as { name: string }[];
  const kappa = market.find(({ name }) => name === "kappa");
  assert.deepEqual(Object.keys(kappa ?? {}).sort(), [
    ...[
      "description",
      "group",
      "is_hot",
      "max",
      "min",
      "name",
      "nullable",
      "type",
      "unit",
      "values",
    ],
  ]);
  const global = told("global") as { name: string; type: string; description: string }[];
  const token = global.find(({ name }) => name === "admin_token");
  assert.equal(token?.type, "secret");
  assert.match(token.description, /^Bearer token of/, "what a secret is for is no secret");
});

Deno.test("config history: who changed what, newest first, for operators only", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const path = `/api/config/${MARKET}`;
  for (const [version, kappa] of [[0, 2], [1, 3]] as const) {
    const body = { reason: `to ${kappa}`, expected_version: version, changes: { kappa } };
    assert.equal((await bot.request("PUT", path, { body })).status, 200);
  }
  const { at: told } = await bot.request("GET", `${path}/history?limit=20`);
  const records = told("records") as { event: string; version: number; reason: string }[];
  const written = records.filter(({ event }) => event === "written");
  assert.deepEqual(written.map(({ version, reason }) => [version, reason]), [[2, "to 3"], [
    1,
    "to 2",
  ]]);
  assert.equal((await bot.request("GET", `${path}/history`, { headers: {} })).status, 401);
  assert.equal((await bot.request("GET", "/api/config/NOPE/history")).status, 404);
  assert.equal((await bot.request("GET", `${path}/history?limit=0`)).status, 422);
  await bot.venue.stop();
});

Deno.test("dashboard: a browser gets the page, a program the list of pages, each in its mode", async () => {
  const { request } = operatedBot();
  const page = await request("GET", "/", { headers: { Accept: "text/html,*/*" } });
  assert.match(page.text, /^<!doctype html>\n<html lang="en" data-mode="paper">/);
  assert.match(page.text, /PAPER TRADING/);
  assert.match((await request("GET", "/", { headers: {} })).text, /mode paper/);
  const policy = page.headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

Deno.test("dashboard: every file that is asked for is there, and none comes from elsewhere", async () => {
  const { request } = operatedBot();
  const page = await request("GET", "/", { headers: { Accept: "text/html" } });
  const wanted = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) =>
    path
  );
  const seen = new Set<string>();
  const types: Record<string, RegExp> = { js: /javascript/, css: /text\/css/, svg: /svg/ };
  for (const path of wanted) {
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const { status, text, headers } = await request("GET", path, { headers: ADMIN });
    assert.equal(status, 200, path);
    assert.match(headers.get("Content-Type") ?? "", types[path.split(".").at(-1) ?? ""] ?? /^$/);
    if (!/uplot|svg/.test(path)) assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org)/, path);
    for (const [, name] of text.matchAll(/from "\.\/(\w+\.js)"/g)) wanted.push(`/assets/${name}`);
  }
  assert.ok(seen.size > 20, `${[...seen]}`);
  assert.equal((await request("GET", "/assets/none.js")).status, 404);
  assert.equal((await request("GET", "/assets/constructor")).status, 404);
});
