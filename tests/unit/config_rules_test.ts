import assert from "node:assert/strict";
import { violations } from "../../src/config/check_rules.ts";
import { formatFinding } from "../../src/config/finding.ts";
import { camelCase } from "../../src/config/parameter.ts";
import { marketRules, processRules, RULES_ELSEWHERE } from "../../src/config/rules/index.ts";
import type { MarketRule, ProcessRule } from "../../src/config/rules/rule.ts";
import { marketConfig } from "../support/config.ts";
import { codesOf, findingsOf, loadTexts, paperWith } from "../support/config_layers.ts";
import { processConfig } from "../support/process_config.ts";
import { HIGH_BOUNDARIES } from "../support/rule_boundaries_high.ts";
import { LOW_BOUNDARIES } from "../support/rule_boundaries_low.ts";
import type { Settings } from "../support/rule_boundary.ts";

/** By rule; one boundary for each clause. */
const BOUNDARIES = { ...LOW_BOUNDARIES, ...HIGH_BOUNDARIES };

/** The rules that a configuration breaks. */
function broken(settings: Settings, count = 1): Set<string> {
  const market = marketConfig(settings);
  const ids = Array.from({ length: count }, (_, index) => `MKT-${index + 1}`);
  const markets = new Map(ids.map((id) => [id, { ...market, marketId: id }]));
  const config = processConfig({ markets }, { marketIds: ids, ...settings });
  return new Set(violations(config).map(({ rule }) => rule.id));
}

for (const [id, boundaries] of Object.entries(BOUNDARIES)) {
  Deno.test(`rules: ${id} holds up to its boundary and not beyond it`, () => {
    for (const { keeps, breaks, markets } of boundaries) {
      assert.equal(broken(keeps, markets).has(id), false, `keeps: ${JSON.stringify(keeps)}`);
      assert.equal(broken(breaks, markets).has(id), true, `breaks: ${JSON.stringify(breaks)}`);
    }
  });
}

Deno.test("L-47: an outside price that is read every 30 s and outlives 10 s is refused", () => {
  const settings = { oracleSlug: "rain", oraclePollIntervalMs: 30_000, oracleMaxLagMs: 10_000 };
  assert.ok(broken(settings).has("X23"));
});

Deno.test("rules: the defaults keep every rule, with up to ten markets", () => {
  assert.deepEqual([...broken({}, 10)], []);
});

Deno.test("rules: every rule of the catalogue is checked here, or it says where else", () => {
  const checked = [...marketRules, ...processRules].map(({ id }) => id);
  const all = Array.from({ length: 53 }, (_, i) => `X${String(i + 1).padStart(2, "0")}`);
  const known = new Set([...checked, ...Object.keys(RULES_ELSEWHERE)]);
  assert.deepEqual([...known].toSorted(), all);
  assert.deepEqual(Object.keys(BOUNDARIES).toSorted(), [...new Set(checked)].toSorted());
});

Deno.test("rules: errors and warnings are those of the catalogue", () => {
  const warnings = new Set(
    [...marketRules, ...processRules]
      .filter(({ severity }) => severity === "warning").map(({ id }) => id),
  );
  const expected = "X14 X15 X17 X20 X22 X24 X25 X29 X32 X34 X36 X39 X41 X46 X47 X48 X49 X51 X53";
  assert.equal([...warnings].toSorted().join(" "), expected);
});

Deno.test("rules: a rule reads no setting that it does not name as a member", () => {
  const subjects = Object.values(BOUNDARIES).flat().flatMap(({ keeps, breaks }) => [keeps, breaks]);
  for (const settings of subjects) {
    const read = new Set<string>();
    const market = recorded(marketConfig(settings), read);
    const global = recorded(processConfig({}, settings).global, read);
    for (const rule of [...marketRules, ...processRules]) {
      read.clear();
      if (isMarketRule(rule)) rule.holds(market, global);
      else rule.holds(global, [market]);
      const members = new Set(rule.members.map(camelCase));
      assert.deepEqual([...read.difference(members)], [], `${rule.id} ${rule.statement}`);
    }
  }
});

function isMarketRule(rule: MarketRule | ProcessRule): rule is MarketRule {
  return marketRules.some((known) => known === rule);
}

/** The same values; what is read of them is noted. */
function recorded<T extends object>(values: T, read: Set<string>): T {
  return new Proxy(values, {
    get(target, name) {
      read.add(String(name));
      return Reflect.get(target, name);
    },
  });
}

Deno.test("rules: a finding names the rule, the values, where they stand and why", () => {
  const [finding] = findingsOf(loadTexts({ file: paperWith("guard_theta: 0.9") }));
  assert.equal(
    finding && formatFinding(finding),
    "bot.yaml:6:5 market MKT-1: guard_theta: must hold: guard_theta <= inventory_skew_kill; " +
      "now guard_theta is 0.9 (bot.yaml:6:5), inventory_skew_kill is 0.8 (code default). Change " +
      "one of them: the guard would let one fill kill the market [X39 CROSS_FIELD]",
  );
});

Deno.test("rules: a finding about many settings shows those that are not at their default", () => {
  const [finding] = findingsOf(loadTexts({ file: paperWith("base_order_quantity: 500") }));
  assert.equal(
    finding?.message,
    "must hold: the sum of one side's ladder <= initial_mint_quantity; now a side sums to 1386 " +
      "shares, base_order_quantity is 500 (bot.yaml:6:5)",
  );
});

Deno.test("rules: a finding about all markets shows their sum and no single market", () => {
  const file = `${paperWith()}\nglobal: {max_daily_loss_cents: 5000}\n`;
  const many = Array.from(
    { length: 5 },
    (_, i) => `  M${i}: {anchor_price_cents: 8, initial_funding_cents: 100000}`,
  );
  const text = file.replace("global:", `${many.join("\n")}\nglobal:`);
  const [finding] = findingsOf(loadTexts({ file: text }));
  assert.equal(finding?.rule, "X41");
  assert.match(
    finding?.message ?? "",
    /now the budgets sum to 30000 cents, max_daily_loss_cents is/,
  );
  assert.doesNotMatch(finding?.message ?? "", /max_per_market_loss_cents is/);
});

Deno.test("rules: the fee floor has a code of its own and shows the floor", () => {
  const [finding] = findingsOf(loadTexts({ file: paperWith("market_maker_fee_bps: 1000") }));
  assert.equal(finding?.code, "FEE_FLOOR");
  assert.match(finding?.message ?? "", /the fee floor is 20.30 cents/);
});

Deno.test("rules: a warning does not keep a configuration from being used", () => {
  const result = loadTexts({ file: paperWith("gamma_tier_early: 0.5") });
  assert.equal(result.ok, true);
  assert.deepEqual(codesOf(findingsOf(result)), ["X25"]);
});

Deno.test("rules: markets that break a rule with the same values share one finding", () => {
  const file = `${paperWith()}
  MKT-2: {anchor_price_cents: 8, initial_funding_cents: 100000}
  MKT-3: {anchor_price_cents: 8, initial_funding_cents: 100000, gamma_tier_mid: 0.9}
  default: {gamma_tier_early: 0.5}`;
  const findings = findingsOf(loadTexts({ file }));
  assert.deepEqual(findings.map(({ markets }) => markets), [["MKT-1", "MKT-2"], ["MKT-3"]]);
});
