import assert from "node:assert/strict";
import { isMap, isScalar, parseDocument } from "yaml";
import { readFileLayer } from "../../src/config/file_layer.ts";
import { PACKAGED_SOURCES } from "../../src/config/packaged.ts";
import { REQUIRED } from "../../src/config/parameter.ts";
import { codeDefaults, registries, type Scope } from "../../src/config/registry.ts";
import { findingsOf, loaded, loadPackaged } from "../support/config_layers.ts";

const { text } = PACKAGED_SOURCES.defaults;
const layer = readFileLayer(PACKAGED_SOURCES.defaults);
const blocks: Readonly<Record<Scope, ReadonlyMap<string, { readonly value: unknown }>>> = {
  global: layer.global,
  market: layer.marketDefaults,
};
const example = Deno.readTextFileSync(
  new URL("../../config/production.example.yaml", import.meta.url),
);

/** What a live configuration of one market needs beside the overlay. */
const LIVE = `
mode: live
global: {base_url: "https://exchange.example/api/v1", market_ids: [MKT-1]}
markets: {MKT-1: {anchor_price_cents: 50, initial_funding_cents: 200000}}`;

for (const scope of ["global", "market"] as const) {
  Deno.test(`default.yaml: it names every ${scope} setting, required and secret ones commented`, () => {
    for (const [name, parameter] of Object.entries(registries[scope])) {
      const commented = parameter.default === REQUIRED || parameter.type === "secret";
      assert.equal(blocks[scope].has(name), !commented, name);
      if (commented) assert.match(text, new RegExp(`^ +# ${name}:$`, "m"));
    }
  });

  Deno.test(`default.yaml: its ${scope} values are the defaults of the code`, () => {
    for (const [name, { value }] of blocks[scope]) {
      assert.deepEqual(value, codeDefaults[scope][name], name);
    }
  });
}

Deno.test("default.yaml: a comment above every setting says why it has its value", () => {
  const document = parseDocument(text);
  for (const path of [["global"], ["markets", "default"]]) {
    const block = document.getIn(path);
    assert(isMap(block), path.join("."));
    const lines = text.split("\n");
    for (const { key } of block.items) {
      assert(isScalar(key));
      const line = lines.findIndex((line) => line.trimStart().startsWith(`${key.value}:`));
      assert.match(lines[line - 1] ?? "", /^ +# [^-]/, String(key.value));
    }
  }
});

Deno.test("default.yaml: it is a valid paper configuration without a warning", () => {
  const result = loadPackaged();
  const { config } = loaded(result);
  assert.equal(config.mode, "paper");
  assert.equal(config.global.stateStore, "memory");
  assert.deepEqual(findingsOf(result), []);
});

Deno.test("default.yaml: the three demo markets show all ways of funding and different prices", () => {
  const { markets } = loaded(loadPackaged()).config;
  const shown = [...markets.values()].map(({ anchorPriceCents, quoteFunding }) =>
    `${anchorPriceCents} ${quoteFunding}`
  );
  assert.deepEqual(shown, ["48 inventory", "8 cash", "70 inventory_then_cash"]);
});

/** The rows of the table of environments (3.2), by overlay. */
const OVERLAYS = {
  dev: {
    funding: 100_000,
    orders: 100,
    replaces: 100,
    reconcile: 60_000,
    errors: 0.5,
    quote: 6000,
  },
  staging: {
    funding: 500_000,
    orders: 300,
    replaces: 200,
    reconcile: 120_000,
    errors: 0.2,
    quote: 3000,
  },
  prod: { funding: null, orders: 600, replaces: 400, reconcile: 300_000, errors: 0.1, quote: 2000 },
} as const;

for (const [environment, row] of Object.entries(OVERLAYS)) {
  const variables = { AMM_ENV: environment, AMM_PASSWORD: "x" };

  Deno.test(`overlays: ${environment} has the values of its column`, () => {
    const { config } = loaded(loadPackaged(LIVE, variables));
    const { global } = config;
    const market = config.markets.get("MKT-1");
    assert.deepEqual(
      [global.orderOpsPerMinute, global.replaceOpsPerMinute, global.reconciliationIntervalMs],
      [row.orders, row.replaces, row.reconcile],
    );
    assert.deepEqual(
      [market?.apiErrorThreshold, market?.quoteIntervalMs, market?.maxPerMarketLossCents],
      [row.errors, row.quote, 5000],
    );
  });

  Deno.test(`overlays: ${environment} funds markets only where a default is allowed`, () => {
    const unfunded = LIVE.replace(", initial_funding_cents: 200000", "");
    const result = loadPackaged(unfunded, variables);
    assert.equal(result.ok, row.funding !== null);
    if (result.ok) {
      assert.equal(result.config.markets.get("MKT-1")?.initialFundingCents, row.funding);
    }
  });

  Deno.test(`overlays: ${environment} breaks no rule`, () => {
    const result = loadPackaged(LIVE, variables);
    assert.equal(result.ok, true);
    assert.deepEqual(findingsOf(result), []);
  });
}

Deno.test("production.example.yaml: with a password it is complete, without warnings", () => {
  const result = loadPackaged(example, { AMM_PASSWORD: "x" });
  const { config } = loaded(result);
  assert.equal(config.mode, "live");
  assert.equal(config.global.environment, "prod");
  assert.deepEqual([...config.markets.keys()], ["MKT-ELECTION", "MKT-RATES"]);
  assert.deepEqual(findingsOf(result), []);
});

Deno.test("production.example.yaml: without the password it says which variable is missing", () => {
  const [finding, ...others] = findingsOf(loadPackaged(example));
  assert.equal(finding?.code, "MISSING");
  assert.equal(finding?.advice, "Set it in the environment variable AMM_PASSWORD");
  assert.deepEqual(others, []);
});
