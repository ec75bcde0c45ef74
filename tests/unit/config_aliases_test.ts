import assert from "node:assert/strict";
import { ALIASES, SUPERSEDED } from "../../src/config/aliases.ts";
import { formatFinding } from "../../src/config/finding.ts";
import { globalParameters, marketParameters, type Registry } from "../../src/config/registry.ts";
import { codesOf, findingsOf, loaded, loadTexts, paperWith } from "../support/config_layers.ts";

const registry: Registry = { ...globalParameters, ...marketParameters };

/** Old spelling and value, today's camelCase name and value: one row per kind of conversion. */
const CONVERSIONS: readonly (readonly [written: string, name: string, value: unknown])[] = [
  ["oracle_deviation_warning: 0.05", "oracleDeviationWarningCents", 5],
  ["oracle_deviation_warning: 0.07", "oracleDeviationWarningCents", 7],
  ["exploration_price_stability_threshold: 0.03", "explorationPriceStabilityCents", 3],
  ["exploration_config: {price_stability_threshold: 0.02}", "explorationPriceStabilityCents", 2],
  ["rollback_volatility_threshold: 0.12", "rollbackRangeCents", 12],
  ["phase_rollback: {volatility_threshold: 0.14}", "rollbackRangeCents", 14],
  ["price_jump_threshold: 0.29", "priceJumpCents", 29],
  ["oracle_stale_seconds: 3.5", "oracleMaxLagMs", 3500],
  ["oracle_lvr_window_seconds: 0.5", "lvrVelocityWindowMs", 500],
  ["quote_interval_seconds: 2.5", "quoteIntervalMs", 2500],
  ["exploration_duration_hours: 0.5", "explorationMaxDurationMs", 1_800_000],
  ["check_interval_seconds: 6", "oraclePollIntervalMs", 6000],
  ["base_spread_cents: 3", "spreadMinCents", 3],
  ["time_smoothing_kappa: 48", "tauHorizonHours", 48],
  ["as_config: {min_price: 3, spread_skew_factor: 0.1}", "minPriceCents", 3],
  ["min_price: 4", "minPriceCents", 4],
  ["GAMMA_TIERS: {MID: 0.4}", "gammaTierMid", 0.4],
  ["maxExposure: 0.85", "inventorySkewKill", 0.85],
  ["autoReinvest: false", "autoReinvestEnabled", false],
  ["stabilization_max_order_age_ms: 60000", "maxOrderAgeMs", 60_000],
  ["defense_config.extreme_price_halt: 12", "extremePriceWidenCents", 12],
  ["pricing_config:\n      anchor_decay_ms: 60000", "anchorDecayMs", 60_000],
];

Deno.test("aliases: old names set today's setting in today's unit, with a warning", () => {
  for (const [written, name, value] of CONVERSIONS) {
    // The lower floors keep rules about the converted value out of the picture.
    const file = paperWith("stabilization_min_spread_cents: 3", written);
    const { config, warnings } = loaded(loadTexts({ file }));
    const market = Object.entries(config.markets.get("MKT-1") ?? {});
    assert.deepEqual(market.find(([key]) => key === name)?.[1], value, written);
    assert(warnings.some(({ code }) => code === "DEPRECATED"), written);
  }
});

Deno.test("aliases: one old name for two settings sets both", () => {
  const { config } = loaded(loadTexts({ file: paperWith("gradient_levels: 4") }));
  const market = config.markets.get("MKT-1");
  assert.deepEqual([market?.gradientLinearLevels, market?.gradientGeometricLevels], [4, 4]);
});

Deno.test("aliases: the warning says what to write instead", () => {
  const findings = findingsOf(loadTexts({ file: paperWith("price_jump_threshold: 0.2") }));
  assert.deepEqual(findings.map(formatFinding), [
    "bot.yaml:6:5 market MKT-1: price_jump_threshold: is an old name of price_jump_cents in " +
    "another unit (x 100). Write price_jump_cents: 20 [warning DEPRECATED]",
  ]);
});

Deno.test("aliases: the canonical name wins over its alias, in whichever order they stand", () => {
  const orders = [["min_price_cents: 2", "min_price: 4"], ["min_price: 4", "min_price_cents: 2"]];
  for (const lines of orders) {
    const { config, warnings } = loaded(loadTexts({ file: paperWith(...lines) }));
    assert.equal(config.markets.get("MKT-1")?.minPriceCents, 2);
    assert.deepEqual(codesOf(warnings), ["DEPRECATED min_price"]);
  }
});

Deno.test("aliases: a value that is not whole in today's unit is refused", () => {
  const [finding] = findingsOf(loadTexts({ file: paperWith("price_jump_threshold: 0.155") }));
  assert.equal(finding?.code, "TYPE");
  assert.equal(finding?.message, "15.5 is not a whole number (from price_jump_threshold)");
});

Deno.test("aliases: an alias among settings of the other scope is a SCOPE error", () => {
  const codes = codesOf(findingsOf(loadTexts({ file: paperWith("amm_rate_limit: 30") })));
  assert.deepEqual(codes, ["SCOPE amm_rate_limit"]);
});

Deno.test("aliases: each leads to settings that exist, and none is a setting itself", () => {
  for (const [alias, { names }] of ALIASES) {
    assert.equal(Object.hasOwn(registry, alias), false, alias);
    for (const name of names) assert(Object.hasOwn(registry, name), `${alias} -> ${name}`);
  }
});

Deno.test("superseded: every one of them is refused, with what takes its place", () => {
  for (const name of SUPERSEDED.keys()) {
    const [finding] = findingsOf(loadTexts({ file: paperWith(`${name}: 1`) }));
    assert.equal(finding?.code, "SUPERSEDED", name);
    assert.match(finding?.advice ?? "", /^Instead (use|leave)/);
  }
});

Deno.test("superseded: the 13 names that the catalogue refuses are among them", () => {
  const refused = [
    "oracle_deviation_halt_cents",
    "exploration_spread_cents",
    "stabilization_spread_cents",
    "stabilization_cancel_on_price_move",
    "gamma_short",
    "gamma_mid",
    "gamma_long",
    "extreme_price_kill_cents",
    "as_formula_variant",
    "gamma_short_max_days",
    "gamma_mid_max_days",
    "auto_merge_threshold",
    "order_intent_dedupe_ttl_ms",
  ];
  assert.deepEqual(refused.filter((name) => !SUPERSEDED.has(name)), []);
});

Deno.test("superseded: the settings they point to exist", () => {
  for (const [name, advice] of SUPERSEDED) {
    const mentioned = advice.match(/\b[a-z]+(_[a-z]+)+\b/g) ?? [];
    for (const setting of mentioned) {
      assert(Object.hasOwn(registry, setting), `${name}: ${setting}`);
    }
  }
});
