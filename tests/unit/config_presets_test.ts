import assert from "node:assert/strict";
import { violations } from "../../src/config/check_rules.ts";
import { applyOverrides } from "../../src/config/overrides.ts";
import { asProfileOf, presetNamed, presetOverride, PRESETS } from "../../src/config/presets.ts";
import { marketConfig } from "../support/config.ts";
import { loaded, loadTexts, paperWith } from "../support/config_layers.ts";

const PROFILES = ["seed_literal", "standard", "tight"];

/** Applies presets to a market with default settings. */
function withPresets(...names: readonly string[]) {
  const base = loaded(loadTexts({ file: paperWith() }));
  const overrides = names.map((name) => {
    const preset = presetNamed(name);
    assert(preset, name);
    return presetOverride(preset, "MKT-1");
  });
  return applyOverrides(base, overrides);
}

Deno.test("presets: the three profiles, the five scenarios and the three subjects exist, and no others", () => {
  const names = PRESETS.map(({ name }) => name);
  assert.deepEqual(names, [
    ...PROFILES,
    "new_market",
    "high_volatility",
    "inventory_repair",
    "near_expiry",
    "low_liquidity",
    "politics",
    "sports",
    "crypto",
  ]);
  assert.equal(presetNamed("aggressive"), null);
});

for (const { name, values } of PRESETS) {
  Deno.test(`presets: ${name} on the defaults is taken whole and keeps every rule`, () => {
    const { config, origins, rejected } = withPresets(name);
    assert.deepEqual(rejected, []);
    assert.deepEqual(violations(config), []);
    for (const setting of Object.keys(values)) {
      const origin = origins.markets.get("MKT-1")?.get(setting)?.origin;
      assert.deepEqual(origin, { layer: "override", label: `preset ${name}` }, setting);
    }
  });
}

Deno.test("presets: a scenario and a profile can be combined", () => {
  for (const { name } of PRESETS.filter(({ name }) => !PROFILES.includes(name))) {
    for (const profile of PROFILES) {
      const { config, rejected } = withPresets(name, profile);
      assert.deepEqual([...rejected, ...violations(config)], [], `${name} ${profile}`);
    }
  }
});

Deno.test("presets: near_expiry lets the rollback loss follow the smaller budget", () => {
  const market = withPresets("near_expiry").config.markets.get("MKT-1");
  assert.deepEqual([market?.maxPerMarketLossCents, market?.rollbackLossCents], [1000, null]);
});

Deno.test("presets: near_expiry raises every gamma tier by 1.6, new_market the first two by 1.33", () => {
  const gammas = (name: string) => {
    const market = withPresets(name).config.markets.get("MKT-1");
    return [
      market?.gammaTierEarly,
      market?.gammaTierMid,
      market?.gammaTierLate,
      market?.gammaTierMature,
    ];
  };
  assert.deepEqual(gammas("near_expiry"), [0.16, 0.48, 1.28, 2.4]);
  assert.deepEqual(gammas("new_market"), [0.13, 0.4, 0.8, 1.5]);
});

Deno.test("asProfileOf: all values of a profile name it, and nothing else does", () => {
  for (const name of PROFILES) {
    const market = withPresets(name).config.markets.get("MKT-1");
    assert.equal(market && asProfileOf(market), name);
  }
});

Deno.test("asProfileOf: any other combination is custom", () => {
  assert.equal(asProfileOf(marketConfig()), "standard");
  const others = [
    { sigmaScaleCents: 0.9 },
    { tauHorizonHours: null },
    { spreadRiskWeight: 0.5 },
    { asModel: "logit" },
    { posteriorMode: "beta" },
    { ladderLossRatio: 1 },
  ] as const;
  for (const other of others) assert.equal(asProfileOf(marketConfig(other)), "custom");
});

Deno.test("presets: standard takes everything back that seed_literal sets", () => {
  const market = withPresets("seed_literal", "standard").config.markets.get("MKT-1");
  const untouched = withPresets().config.markets.get("MKT-1");
  assert.deepEqual(market, untouched);
});

Deno.test("presets: seed_literal learns price by price and knows no uncertainty", () => {
  const market = withPresets("seed_literal").config.markets.get("MKT-1");
  assert.equal(market?.posteriorMode, "beta");
  assert.equal(market?.spreadUncertaintyWeight, 0);
  assert.equal(market?.ladderLossRatio, 1);
});
