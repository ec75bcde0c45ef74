import assert from "node:assert/strict";
import { formatFinding } from "../../src/config/finding.ts";
import { applyOverrides, type Override } from "../../src/config/overrides.ts";
import { codesOf, loaded, loadTexts, paperWith } from "../support/config_layers.ts";

const base = loaded(loadTexts({
  file: `${paperWith("kappa: 2")}
  MKT-2: {anchor_price_cents: 8, initial_funding_cents: 100000}`,
}));

/** A Redis hash of a target. */
function redis(values: Record<string, unknown>, target = "MKT-1"): Override {
  return { target, label: "redis", values };
}

/** Applies layers to the base and looks at MKT-1. */
function applied(overrides: readonly Override[], inForce = base) {
  const result = applyOverrides(base, overrides, inForce);
  const market = result.config.markets.get("MKT-1");
  assert(market);
  return { ...result, market, codes: codesOf(result.rejected) };
}

Deno.test("overrides: text becomes the declared type, so that false is false", () => {
  const { market, codes } = applied([redis({
    auto_merge_enabled: "false",
    max_shift_cents: "7.5",
    quote_funding: "CASH",
    maturity_tier_hours: "12, 2, 0.5",
    max_net_shares: "unset",
    tau_horizon_hours: "inf",
    exploration_levels: "",
  })]);
  assert.deepEqual(codes, []);
  assert.equal(market.autoMergeEnabled, false);
  assert.equal(market.maxShiftCents, 7.5);
  assert.equal(market.quoteFunding, "cash");
  assert.deepEqual(market.maturityTierHours, [12, 2, 0.5]);
  assert.deepEqual(
    [market.maxNetShares, market.tauHorizonHours, market.explorationLevels],
    [null, null, null],
  );
});

Deno.test("overrides: values of JSON have their type, and null unsets", () => {
  const { market, codes } = applied([redis({ max_net_shares: 500, exploration_qty_decay: null })]);
  assert.deepEqual(codes, []);
  assert.deepEqual([market.maxNetShares, market.explorationQtyDecay], [500, null]);
});

Deno.test("overrides: a layer changes only what it names, and a later layer wins", () => {
  const temporary = { target: "MKT-1", label: "temporary", values: { max_shift_cents: "5" } };
  const { market, origins } = applied([
    redis({ max_shift_cents: "8", gamma_tier_mid: "0.4" }),
    temporary,
  ]);
  assert.deepEqual([market.maxShiftCents, market.gammaTierMid, market.kappa], [5, 0.4, 2]);
  const settings = origins.markets.get("MKT-1");
  assert.deepEqual(settings?.get("max_shift_cents")?.origin, {
    layer: "override",
    label: "temporary",
  });
  assert.equal(settings?.get("kappa")?.origin.layer, "file");
});

Deno.test("overrides: a deleted field returns to the value of the file", () => {
  const before = applied([redis({ kappa: "3" })]);
  assert.equal(before.market.kappa, 3);
  assert.equal(applied([redis({})], before).market.kappa, 2);
});

Deno.test("overrides: other markets are not touched", () => {
  const { config } = applied([redis({ kappa: "3" })]);
  assert.deepEqual(config.markets.get("MKT-2"), base.config.markets.get("MKT-2"));
});

Deno.test("overrides: a global hash changes global settings", () => {
  const { config, codes } = applied([redis({ volume_tolerance: "4" }, "global")]);
  assert.deepEqual(codes, []);
  assert.equal(config.global.volumeTolerance, 4);
});

Deno.test("overrides: the fields about a write are no settings", () => {
  const meta = { config_version: "7", updated_at: "x", updated_by: "y", update_reason: "z" };
  assert.deepEqual(applied([redis(meta)]).codes, []);
});

/** One field that cannot be taken: target, field, value, code. */
const REJECTED: readonly (readonly [string, string, string, string])[] = [
  ["MKT-1", "kappa", "0", "RANGE kappa"],
  ["MKT-1", "kappa", "fast", "TYPE kappa"],
  ["MKT-1", "spread_min_cents", "2.0", "TYPE spread_min_cents"],
  ["MKT-1", "kapa", "2", "UNKNOWN_KEY kapa"],
  ["MKT-1", "gamma_mid", "2", "SUPERSEDED gamma_mid"],
  ["MKT-1", "oracle_deviation_cents", "5", "SUPERSEDED oracle_deviation_cents"],
  ["MKT-1", "max_daily_loss_cents", "5000", "SCOPE max_daily_loss_cents"],
  ["global", "kappa", "2", "SCOPE kappa"],
  ["global", "amm_password", "x", "SECRET amm_password"],
  ["global", "order_ops_per_minute", "100", "COLD order_ops_per_minute"],
  ["global", "lease_ttl_ms", "60000", "COLD lease_ttl_ms"],
  ["MKT-1", "initial_mint_quantity", "500", "COLD initial_mint_quantity"],
  ["MKT-1", "initial_funding_cents", "50000", "LOCKED initial_funding_cents"],
  ["MKT-1", "market_id", "MKT-9", "LOCKED market_id"],
  ["MKT-1", "market_maker_fee_bps", "5", "LOCKED market_maker_fee_bps"],
  ["global", "amm_user_id", "00000000-0000-4000-a000-000000000002", "LOCKED amm_user_id"],
  ["MKT-1", "jump_action", "HALT", "FORBIDDEN_ACTION jump_action"],
  ["MKT-1", "guard_theta", "0.9", "X39"],
  ["MKT-1", "min_edge_cents", "10", "ok"],
  ["MKT-9", "kappa", "2", "SCOPE MKT-9"],
];

for (const [target, name, value, code] of REJECTED) {
  Deno.test(`overrides: ${target} ${name}=${value} gives ${code}`, () => {
    const { codes } = applied([redis({ [name]: value }, target)]);
    assert.deepEqual(codes, code === "ok" ? [] : [code]);
  });
}

Deno.test("overrides: one bad field does not hold up the others of its write", () => {
  const { market, codes } = applied([redis({ kappa: "0", max_shift_cents: "5" })]);
  assert.deepEqual(codes, ["RANGE kappa"]);
  assert.deepEqual([market.kappa, market.maxShiftCents], [2, 5]);
});

Deno.test("overrides: a bad field keeps its last good value, not that of the file", () => {
  const before = applied([redis({ kappa: "3" })]);
  const { market, codes } = applied([redis({ kappa: "0" })], before);
  assert.deepEqual(codes, ["RANGE kappa"]);
  assert.equal(market.kappa, 3);
});

Deno.test("overrides: a cold value stays whatever the hash says", () => {
  const { market } = applied([redis({ initial_mint_quantity: "500" })]);
  assert.equal(market.initialMintQuantity, 1000);
});

Deno.test("overrides: members of a broken rule go back, the rest of the write applies", () => {
  const { market, rejected } = applied([
    redis({ spread_min_cents: "9", spread_max_cents: "8", max_shift_cents: "5" }),
  ]);
  assert.deepEqual(new Set(codesOf(rejected)), new Set(["X04", "X05"]));
  assert.deepEqual(
    [market.spreadMinCents, market.spreadMaxCents, market.maxShiftCents],
    [2, 20, 5],
  );
});

Deno.test("overrides: if a rule is still broken without the members, the market's write is dropped", () => {
  // X04 takes spread_max_cents back to 20, and then 25 is too wide a floor (X05).
  const write = {
    spread_max_cents: "30",
    hard_spread_max_cents: "25",
    exploration_min_spread_cents: "25",
    max_shift_cents: "5",
  };
  const result = applied([redis(write), redis({ kappa: "3" }, "MKT-2")]);
  assert.deepEqual(result.codes, ["X04"]);
  assert.deepEqual(result.market, base.config.markets.get("MKT-1"));
  assert.equal(result.config.markets.get("MKT-2")?.kappa, 3);
});

Deno.test("overrides: lowering the loss budget below a set rollback loss needs both in one write", () => {
  const inForce = applied([redis({ rollback_loss_cents: "4000" })]);
  const budgetOnly = applied(
    [redis({ rollback_loss_cents: "4000", max_per_market_loss_cents: "3000" })],
    inForce,
  );
  assert.deepEqual(budgetOnly.codes, ["X11"]);
  assert.equal(budgetOnly.market.maxPerMarketLossCents, 5000);
  const both = applied(
    [redis({ rollback_loss_cents: "1500", max_per_market_loss_cents: "3000" })],
    inForce,
  );
  assert.deepEqual(both.codes, []);
  assert.equal(both.market.maxPerMarketLossCents, 3000);
});

Deno.test("overrides: a rule between a market and the process looks at both", () => {
  const { config, codes } = applied([redis({ max_daily_loss_cents: "4000" }, "global")]);
  assert.deepEqual(codes, ["X12"]);
  assert.equal(config.global.maxDailyLossCents, 10_000);
});

Deno.test("overrides: one market's bad write leaves the good write of another alone", () => {
  const { config } = applied([
    redis({ guard_theta: "0.9" }),
    redis({ kappa: "3" }, "MKT-2"),
  ]);
  assert.equal(config.markets.get("MKT-1")?.guardTheta, 0.7);
  assert.equal(config.markets.get("MKT-2")?.kappa, 3);
});

Deno.test("overrides: a rule that only warns is accepted and told", () => {
  const { market, codes, warnings } = applied([redis({ gamma_tier_early: "0.5" })]);
  assert.deepEqual(codes, []);
  assert.equal(market.gammaTierEarly, 0.5);
  assert.deepEqual(codesOf(warnings), ["X25"]);
});

Deno.test("overrides: an old name is taken, with a warning and not as a rejection", () => {
  const { market, codes, warnings } = applied([redis({ time_smoothing_kappa: "48" })]);
  assert.deepEqual(codes, []);
  assert.equal(market.tauHorizonHours, 48);
  assert.deepEqual(codesOf(warnings), ["DEPRECATED time_smoothing_kappa"]);
});

Deno.test("overrides: an old name with a conversion is converted from text as well", () => {
  const { market, codes } = applied([redis({ quote_interval_seconds: "2.5" })]);
  assert.deepEqual(codes, []);
  assert.equal(market.quoteIntervalMs, 2500);
});

Deno.test("overrides: a rejection says where it stood and what to do", () => {
  const { rejected } = applied([redis({ lease_ttl_ms: "60000" }, "global")]);
  assert.deepEqual(rejected.map(formatFinding), [
    "override redis lease_ttl_ms: can only change with a restart. Change the file or the " +
    "environment and restart [COLD]",
  ]);
});

Deno.test("overrides: neither base nor what is in force is changed", () => {
  const before = structuredClone(base.config.markets.get("MKT-1"));
  applied([redis({ kappa: "9" })]);
  assert.deepEqual(base.config.markets.get("MKT-1"), before);
});
