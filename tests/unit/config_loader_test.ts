import assert from "node:assert/strict";
import { formatFinding } from "../../src/config/finding.ts";
import { formatOrigin } from "../../src/config/origin.ts";
import { globalParameters, marketParameters } from "../../src/config/registry.ts";
import {
  codesOf,
  findingsOf,
  loaded,
  loadPackaged,
  loadTexts,
  paperWith,
} from "../support/config_layers.ts";

/**
 * A live configuration that lacks nothing; each test takes something away or adds something wrong.
 */
const LIVE = `
mode: live
global:
  base_url: https://exchange.example/api/v1
  market_ids: [MKT-1]
markets:
  MKT-1:
    anchor_price_cents: 50
    initial_funding_cents: 100000
`;
const CREDENTIALS = { AMM_PASSWORD: "secret" };

Deno.test("layers: each of them beats the one below it, field by field", () => {
  const { config } = loaded(loadTexts({
    defaults: `
      global: {volume_tolerance: 3, cash_tolerance_cents: 300, cost_sum_tolerance_cents: 600}
      markets: {default: {kappa: 2, gamma_tier_mid: 0.4, spread_max_cents: 18}}`,
    staging: `
      global: {cash_tolerance_cents: 400, cost_sum_tolerance_cents: 700}
      markets: {default: {gamma_tier_mid: 0.5, spread_max_cents: 17}}`,
    file: `
      global: {cost_sum_tolerance_cents: 800}
      markets:
        default: {spread_max_cents: 16}
        MKT-1: {anchor_price_cents: 50, initial_funding_cents: 100000}`,
    environment: { AMM_ENV: "staging", AMM_HEALTH_PORT: "9000" },
  }));
  const { global } = config;
  const market = config.markets.get("MKT-1");
  assert.deepEqual(
    [
      global.processedEventTtlHours,
      global.volumeTolerance,
      global.cashToleranceCents,
      global.costSumToleranceCents,
      global.healthPort,
    ],
    [24, 3, 400, 800, 9000],
  );
  assert.deepEqual([market?.kappa, market?.gammaTierMid, market?.spreadMaxCents], [2, 0.5, 16]);
});

Deno.test("layers: the block of a market beats the market defaults of a stronger file", () => {
  const { config } = loaded(loadTexts({
    defaults: `
      markets:
        MKT-1: {anchor_price_cents: 50, initial_funding_cents: 100000, kappa: 3}`,
    file: "markets: {default: {kappa: 2}}",
  }));
  assert.equal(config.markets.get("MKT-1")?.kappa, 3);
});

Deno.test("layers: null leaves a value to the layer below, unset overrides it with no value", () => {
  const { config } = loaded(loadTexts({
    defaults: "markets: {default: {kappa: 2, exploration_levels: 4, stabilization_levels: 4}}",
    file: paperWith("kappa: null", "exploration_levels: unset", "stabilization_levels: ~"),
  }));
  const market = config.markets.get("MKT-1");
  assert.deepEqual(
    [market?.kappa, market?.explorationLevels, market?.stabilizationLevels],
    [2, null, 4],
  );
});

Deno.test("layers: a list replaces the whole list below it", () => {
  const { config } = loaded(loadTexts({
    defaults: "markets: {default: {event_times: ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']}}",
    file: paperWith("event_times: ['2026-02-01T00:00:00Z']"),
  }));
  assert.deepEqual(config.markets.get("MKT-1")?.eventTimes, ["2026-02-01T00:00:00Z"]);
});

Deno.test("groups: settings may be ordered in groups of the catalogue, however deep", () => {
  const { config } = loaded(loadTexts({
    file: paperWith("as_engine:", "  kappa: 2", "gradient: {gradient_qty_decay: 0.6}"),
  }));
  const market = config.markets.get("MKT-1");
  assert.deepEqual([market?.kappa, market?.gradientQtyDecay], [2, 0.6]);
});

Deno.test("groups: the same setting inside and outside a group is refused", () => {
  const result = loadTexts({ file: paperWith("kappa: 2", "as_engine: {kappa: 3}") });
  assert.deepEqual(codesOf(findingsOf(result)), ["DUPLICATE as_engine.kappa"]);
});

Deno.test("origins: every value names its layer, its file, line and column", () => {
  const { origins } = loaded(loadTexts({
    defaults: "markets: {default: {spread_max_cents: 18}}",
    file: paperWith("kappa: 2"),
    environment: { AMM_HEALTH_PORT: "9000" },
  }));
  const market = origins.markets.get("MKT-1");
  const of = (name: string) => {
    const setting = market?.get(name) ?? origins.global.get(name);
    return setting && formatOrigin(setting.origin);
  };
  assert.equal(of("spread_min_cents"), "code default");
  assert.equal(of("spread_max_cents"), "default.yaml:1:21");
  assert.equal(of("kappa"), "bot.yaml:6:5");
  assert.equal(of("health_port"), "environment AMM_HEALTH_PORT");
  assert.equal(of("market_id"), "derived: the key of the block");
  assert.equal(market?.size, Object.keys(marketParameters).length);
  assert.equal(origins.global.size, Object.keys(globalParameters).length);
});

Deno.test("paper: state is kept in memory whatever a file says, and the origin says why", () => {
  const { config, origins } = loaded(loadTexts({
    file: `${paperWith()}\nglobal: {state_store: redis}`,
  }));
  assert.equal(config.global.stateStore, "memory");
  assert.equal(origins.global.get("state_store")?.origin.layer, "derived");
});

Deno.test("paper: no password is needed and the markets are those that are described", () => {
  const { config } = loaded(loadTexts({ file: paperWith() }));
  assert.equal(config.mode, "paper");
  assert.equal(config.global.ammPassword, null);
  assert.deepEqual([...config.markets.keys()], ["MKT-1"]);
  assert.equal(config.markets.get("MKT-1")?.marketId, "MKT-1");
});

Deno.test("paper: a file that describes markets of its own runs those, not the demo", () => {
  const { config } = loaded(loadPackaged(paperWith()));
  assert.deepEqual(config.global.marketIds, ["MKT-1"]);
});

Deno.test("paper: its block is handed on as it stands, with the line of every value", () => {
  const { paper } = loaded(loadTexts({
    file: `${paperWith()}\npaper:\n  markets:\n    MKT-1: {title: Rain?}\n    list: [1, {a: 2}]`,
  }));
  assert.deepEqual(paper.value, { markets: { "MKT-1": { title: "Rain?" }, list: [1, { a: 2 }] } });
  assert.equal(formatOrigin(paper.originAt(["markets", "MKT-1", "title"])), "bot.yaml:8:13");
  assert.equal(formatOrigin(paper.originAt(["markets", "list", 1, "a"])), "bot.yaml:9:16");
  assert.equal(formatOrigin(paper.originAt(["markets", "missing"])), "bot.yaml:7:3");
});

Deno.test("live: a complete configuration is accepted", () => {
  const { config } = loaded(loadTexts({ file: LIVE, environment: CREDENTIALS }));
  assert.equal(config.mode, "live");
  assert.equal(config.global.ammPassword, "secret");
  assert.equal(config.global.stateStore, "redis");
});

/** `market key` of what is missing, in alphabetical order. */
function missingFrom(file: string, environment = {}): string[] {
  return findingsOf(loadTexts({ file, environment }))
    .filter(({ code }) => code === "MISSING")
    .map(({ key, markets = [] }) => [...markets, key].join(" "))
    .toSorted();
}

Deno.test("live: everything that is missing is listed at once", () => {
  assert.deepEqual(missingFrom("mode: live\nmarkets:\n  A: {anchor_price_cents: 8}\n  B:"), [
    "A initial_funding_cents",
    "B anchor_price_cents",
    "B initial_funding_cents",
    "amm_password",
    "base_url",
    "market_ids",
  ]);
});

Deno.test("live: the default of base_url is no choice, a file or a variable is one", () => {
  const withoutUrl = LIVE.replace(/ {2}base_url.*\n/, "");
  assert.deepEqual(missingFrom(withoutUrl, CREDENTIALS), ["base_url"]);
  const chosen = { ...CREDENTIALS, AMM_BASE_URL: "https://x.example" };
  assert.deepEqual(missingFrom(withoutUrl, chosen), []);
});

Deno.test("live: the packaged base_url does not count as chosen", () => {
  const result = loadPackaged(LIVE.replace(/ {2}base_url.*\n/, ""), CREDENTIALS);
  assert.deepEqual(codesOf(findingsOf(result)), ["MISSING base_url"]);
});

Deno.test("live: a market without anchor does not start, and the message says where to set it", () => {
  const file = LIVE.replace(/ {4}anchor.*\n/, "");
  const [finding] = findingsOf(loadTexts({ file, environment: CREDENTIALS }));
  assert.equal(
    finding && formatFinding(finding),
    "bot.yaml:7:3 market MKT-1: anchor_price_cents: is required and not set; allowed 1 to 99 " +
      "(cents). Set it in the block markets.MKT-1 [MISSING]",
  );
});

Deno.test("live: a real market inherits nothing from a demo market of the same name", () => {
  const file = "mode: live\nglobal: {base_url: 'https://x.example', market_ids: [demo-rain]}";
  const missing = codesOf(findingsOf(loadPackaged(file, CREDENTIALS)));
  assert.deepEqual(missing, ["MISSING anchor_price_cents"]);
});

Deno.test("environment: the overlay is that of AMM_ENV before that of the file", () => {
  const file = LIVE.replace("global:", "global:\n  environment: prod");
  const interval = (environment: Record<string, string>) =>
    loaded(loadPackaged(file, { ...CREDENTIALS, ...environment }))
      .config.markets.get("MKT-1")?.quoteIntervalMs;
  assert.equal(interval({}), 2000);
  assert.equal(interval({ AMM_ENV: "staging" }), 3000);
});

Deno.test("environment: live trading without a choice has the overlay of dev, paper has none", () => {
  const live = loaded(loadPackaged(LIVE, CREDENTIALS)).config;
  assert.equal(live.markets.get("MKT-1")?.quoteIntervalMs, 6000);
  const paper = loaded(loadPackaged(paperWith())).config;
  assert.equal(paper.markets.get("MKT-1")?.quoteIntervalMs, 2000);
});

Deno.test("environment: an overlay cannot decide which overlay is read", () => {
  const result = loadTexts({
    staging: "mode: live\nglobal: {environment: prod}",
    file: paperWith(),
    environment: { AMM_ENV: "staging" },
  });
  assert.deepEqual(codesOf(findingsOf(result)), ["SCOPE mode", "SCOPE environment"]);
});

Deno.test("environment: variables are parsed as text and bad ones are findings", () => {
  const { config } = loaded(loadTexts({
    file: LIVE.replace("market_ids: [MKT-1]", ""),
    environment: { ...CREDENTIALS, AMM_MARKETS: " MKT-1 ", AMM_HEALTH_HOST: "0.0.0.0" },
  }));
  assert.deepEqual(config.global.marketIds, ["MKT-1"]);
  assert.equal(config.global.healthHost, "0.0.0.0");
  const bad = loadTexts({ file: paperWith(), environment: { AMM_HEALTH_PORT: "80x" } });
  assert.deepEqual(findingsOf(bad).map(formatFinding), [
    'environment AMM_HEALTH_PORT health_port: "80x" is not a whole number; allowed 1 to 65535 ' +
    "(port) [TYPE]",
  ]);
});

Deno.test("environment: an empty variable counts as not set", () => {
  const { config } = loaded(loadTexts({ file: paperWith(), environment: { AMM_BASE_URL: "" } }));
  assert.equal(config.global.baseUrl, "http://localhost:8000/api/v1");
});

Deno.test("environment: a password is taken as it is, blanks and the word unset included", () => {
  for (const password of [" blank ", "unset", "a,b"]) {
    const result = loadTexts({ file: LIVE, environment: { AMM_PASSWORD: password } });
    assert.equal(loaded(result).config.global.ammPassword, password);
  }
});

Deno.test("environment: a file whose value loses against a variable is told so", () => {
  const result = loadTexts({
    file: LIVE,
    environment: { ...CREDENTIALS, AMM_BASE_URL: "https://other.example" },
  });
  assert.equal(loaded(result).config.global.baseUrl, "https://other.example");
  assert.deepEqual(findingsOf(result).map(formatFinding), [
    "bot.yaml:4:3 base_url: is overruled by AMM_BASE_URL. Remove one of the two [warning UNUSED]",
  ]);
});

Deno.test("environment: credentials in base_url are refused at once, and not shown", () => {
  const environment = { ...CREDENTIALS, AMM_BASE_URL: "https://bot:hunter2@other.example" };
  const findings = findingsOf(loadTexts({ file: LIVE, environment }));
  assert.deepEqual(codesOf(findings), ["RANGE base_url"]);
  assert.equal(JSON.stringify(findings).includes("hunter2"), false);
});

Deno.test("markets: a block that is not in market_ids is allowed but told", () => {
  const file = `${LIVE}  MKT-2: {anchor_price_cents: 8}`;
  const result = loadTexts({ file, environment: CREDENTIALS });
  assert.deepEqual(codesOf(loaded(result).warnings), ["UNUSED MKT-2"]);
});
