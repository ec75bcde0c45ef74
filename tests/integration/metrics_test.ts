import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { EVENTS } from "../../src/runtime/events.ts";
import { parsedMetrics } from "../support/prometheus_parser.ts";
import { ADMIN, operatedBot } from "../support/site.ts";
import { MARKET } from "../support/venue.ts";

/** Names of `parameters.md` 4.2. */
const SPECIFIED = [
  "amm_pnl_daily_cents",
  "amm_inventory_skew",
  "amm_inventory_skew_eff",
  "amm_spread_current_cents",
  "amm_defense_level",
  "amm_quote_pause",
  "amm_phase",
  "amm_replace_latency_ms",
  "amm_config_version",
  "amm_reconciliation_drift",
  "amm_config_rejected_total",
  "amm_config_override_active",
  "amm_funding_frozen_cents",
  "amm_funding_free_cents",
  "amm_leases_held",
  "amm_lease_margin_ms",
];

/** Alerts of `parameters.md` 4.1, in its order. */
const ALERTS = [
  "LossNearBudget",
  "LossKill",
  "InventoryWarning",
  "InventoryDanger",
  "CacheDrift",
  "RestOutage",
  "ExchangeErrors",
  "OracleDeviation",
  "ToxicFlow",
  "ConfigRejected",
  "StoreUnavailable",
  "UnexpectedNetting",
  "GhostOrder",
  "Paused",
  "SideDry",
  "PairsFailing",
  "DirectionRefused",
  "LeaseAtRisk",
  "OrdersMayRemain",
];

const rulesFile = z.object({
  groups: z.array(z.object({
    rules: z.array(z.object({
      alert: z.string(),
      expr: z.string(),
      labels: z.object({ severity: z.enum(["WARNING", "ERROR", "CRITICAL"]) }),
      annotations: z.object({ summary: z.string().min(1), action: z.string().min(1) }),
    })),
  })),
});

/** The page of a bot that has quoted, traded, paused and been killed. */
async function eventfulPage() {
  const bot = operatedBot();
  await bot.venue.start(10);
  const [ask = 0] = bot.venue.ladder("ASK");
  bot.venue.take("YES", ask, 5);
  await bot.venue.run(60);
  const page = await bot.request("GET", "/metrics", { headers: {} });
  await bot.request("POST", `/api/markets/${MARKET}/pause`, { body: { reason: "x" } });
  await bot.request("POST", "/api/markets/MKT-2/kill", { body: { reason: "x" } });
  await bot.venue.run(5);
  const later = await bot.request("GET", "/metrics", { headers: {} });
  await bot.venue.stop();
  return { page, later, bot };
}

const { page, later } = await eventfulPage();
const families = parsedMetrics(later.text);
const byName = new Map(families.map((family) => [family.name, family]));

function valueOf(name: string, labels: Record<string, string>, from = families): number {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const family = from.find((found) => found.name === name);
  const sample = family?.metrics.find((metric) =>
    JSON.stringify(Object.entries(metric.labels ?? {}).sort()) === wanted
  );
  return Number(sample?.value);
}

Deno.test("metrics: a Prometheus parser reads the page, with every name that is specified", () => {
  assert.equal(later.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.deepEqual(SPECIFIED.filter((name) => !byName.has(name)), []);
  assert.ok(families.every(({ name, help }) => name.startsWith("amm_") && help.length > 0));
});

Deno.test("metrics: names carry their unit, counters end in _total", () => {
  const wrong = families.filter(({ name, type }) =>
    (type === "COUNTER") !== name.endsWith("_total")
  ).map(({ name }) => name);
  assert.deepEqual(wrong, []);
  const timed = families.filter(({ name }) => /age|latency|duration|margin|uptime/.test(name));
  assert.ok(timed.every(({ name }) => name.endsWith("_ms")));
});

Deno.test("metrics: figures are those of the bot", () => {
  const before = parsedMetrics(page.text);
  const market = { market_id: MARKET };
  assert.equal(valueOf("amm_own_trades_total", market, before), 1);
  assert.equal(valueOf("amm_defense_level", market, before), 0);
  assert.ok(valueOf("amm_spread_current_cents", market, before) > 0);
  assert.equal(valueOf("amm_quote_pause", { ...market, reason: "OPERATOR" }), 1);
  assert.equal(valueOf("amm_kill_latched", { market_id: "MKT-2", reason: "ADMIN" }), 1);
  assert.equal(valueOf("amm_market_lifecycle", { market_id: "MKT-2", state: "EMERGENCY" }), 1);
  assert.equal(valueOf("amm_events_total", { event: "kill_latched" }), 1);
  assert.equal(valueOf("amm_orders_open", { ...market, side: "BID" }), 0);
  // The parser drops the labels of histograms, so these are looked up in the text.
  const series = 'ms_count{call="orderBook",end="ok"} ';
  const [count] = later.text.split(series).slice(1).map((rest) => parseInt(rest));
  assert.ok(count !== undefined && count > 20);
  assert.ok(later.text.includes(`ms_bucket{call="orderBook",end="ok",le="+Inf"} ${count}`));
});

Deno.test("metrics: the sets of labels are bounded, and every event has a series from the start", () => {
  const names = [...later.text.matchAll(/[{,](\w+)="/g)].map(([, name = ""]) => name);
  const known = "call contract end event key code le market_id mode name reason rule side state";
  assert.deepEqual(names.filter((name) => !known.split(" ").includes(name)), []);
  assert.equal(byName.get("amm_events_total")?.metrics.length, Object.keys(EVENTS).length);
});

/** What an expression reads that the service does not export. */
function strangersIn(expression: string): readonly string[] {
  const names = [...expression.matchAll(/\bamm_\w+/g)].map(([name]) => name);
  const unknown = names.filter((name) => !byName.has(name.replace(/_(bucket|count|sum)$/, "")));
  const events = [...expression.matchAll(/event=~?"([^"]+)"/g)]
    .flatMap(([, list = ""]) => list.split("|"));
  return [...unknown, ...events.filter((event) => !(event in EVENTS))];
}

Deno.test("alerts: each one that is specified has a rule, and reads only what is exported", async () => {
  const text = await Deno.readTextFile("ops/prometheus/alerts.yaml");
  const rules = rulesFile.parse(parse(text)).groups.flatMap((group) => group.rules);
  const named = rules.map(({ alert }) => alert);
  assert.deepEqual(ALERTS.filter((alert) => !named.includes(alert)), []);
  for (const { alert, expr } of rules) {
    assert.deepEqual(strangersIn(expr), [], alert);
    assert.match(expr, /amm_/, alert);
  }
});

Deno.test("dashboard of Grafana: every panel reads only what is exported", async () => {
  const text = await Deno.readTextFile("ops/grafana/amm-overview.json");
  const panels = z.object({
    panels: z.array(
      z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
    ),
  }).parse(JSON.parse(text)).panels;
  assert.ok(panels.length >= 10);
  for (const { title, targets } of panels) {
    for (const { expr } of targets) assert.deepEqual(strangersIn(expr), [], title);
  }
});

Deno.test("metrics: reading them needs no token and changes nothing", async () => {
  const bot = operatedBot();
  await bot.venue.start();
  const calls = bot.venue.calls.length;
  assert.equal((await bot.request("GET", "/metrics", { headers: {} })).status, 200);
  assert.equal((await bot.request("POST", "/metrics", { headers: ADMIN })).status, 405);
  assert.equal(bot.venue.calls.length, calls);
  await bot.venue.stop();
});
