import assert from "node:assert/strict";
import { eachFigure } from "../../sim/harness/figures.ts";
import type { Cell } from "../../sim/lab/compare.ts";
import { frontier } from "../../sim/lab/frontier.ts";
import { checkTogether, parseSetting, SettingError } from "../../sim/lab/settings.ts";
import { sweepVariants } from "../../sim/lab/variants.ts";

Deno.test("parseSetting: a value of each type", () => {
  assert.deepEqual(parseSetting("kappa=2.5"), { name: "kappa", scope: "market", values: [2.5] });
  assert.deepEqual(parseSetting("as_model=logit").values, ["logit"]);
  assert.deepEqual(parseSetting("tau_horizon_hours=inf").values, [null]);
  assert.deepEqual(parseSetting("maturity_qty_ratios=1,0.5,0.1").values, [[1, 0.5, 0.1]]);
  assert.equal(parseSetting("max_daily_loss_cents=5000").scope, "global");
});

Deno.test("parseSetting: a range has both ends and equal distances", () => {
  assert.deepEqual(parseSetting("gamma_tier_mid=0.05..0.5:6").values, [
    0.05,
    0.14,
    0.23,
    0.32,
    0.41,
    0.5,
  ]);
});

Deno.test("parseSetting: a range of whole numbers is rounded and says nothing twice", () => {
  assert.deepEqual(parseSetting("spread_min_cents=1..3:5").values, [1, 2, 3]);
  assert.deepEqual(parseSetting("gradient_linear_levels=2..10:3").values, [2, 6, 10]);
});

for (
  const [text, message] of [
    ["kapa=2", /^Unknown setting kapa \(did you mean kappa\?\)/],
    ["kappa", /must be name=value/],
    ["kappa=", /must be name=value/],
    ["kappa=1000", /^Cannot use kappa=1000: 1000 is out of range; allowed 0\.1 to 100/],
    ["kappa=1..1000:3", /allowed 0\.1 to 100/],
    ["kappa=1..2:1", /a count from 2 to 100/],
    ["kappa=1..2:101", /a count from 2 to 100/],
    ["kappa=a..2:3", /must be two numbers/],
    ["as_model=a..b:3", /it is not a number/],
    ["spread_min_cents=1.5", /is not a whole number/],
    ["anchor_price_cents=40", /belongs to the simulated market/],
    ["gamma_mid=0.3", /use gamma_tier_early to gamma_tier_mature/],
  ] as const
) {
  Deno.test(`parseSetting: ${text} is refused with what would be right`, () => {
    assert.throws(() => parseSetting(text), (error) => {
      assert.ok(error instanceof SettingError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("checkTogether: settings that break a rule of the configuration are refused", () => {
  checkTogether({ market: { inventory_skew_widen: 0.5 } });
  assert.throws(
    () => checkTogether({ market: { inventory_skew_widen: 0.7 } }),
    /^SettingError: Cannot use inventory_skew_widen=0\.7: must hold: inventory_skew_widen < /,
  );
});

Deno.test("sweepVariants: every combination of the values, under its own name", () => {
  const variants = sweepVariants("standard", [
    parseSetting("kappa=1..2:2"),
    parseSetting("max_daily_loss_cents=5000..6000:2"),
  ]);
  assert.deepEqual(variants.map(({ name }) => name), [
    "kappa=1 max_daily_loss_cents=5000",
    "kappa=1 max_daily_loss_cents=6000",
    "kappa=2 max_daily_loss_cents=5000",
    "kappa=2 max_daily_loss_cents=6000",
  ]);
  assert.deepEqual(variants[2]?.settings, {
    market: { kappa: 2 },
    global: { max_daily_loss_cents: 5000 },
  });
});

/** A cell of which only these two figures matter. */
function cell(maker: string, paid: number | null, cost: number | null): Cell {
  const known = (mean: number | null) => ({ mean, low: mean, high: mean });
  return {
    maker,
    marketType: "calm",
    seeds: 1,
    digest: "",
    largestLossCents: 0,
    violations: [],
    estimates: {
      ...eachFigure(() => known(0)),
      paid_spread_cents: known(paid),
      cost_per_share_cents: known(cost),
    },
  };
}

Deno.test("frontier: what no other beats, from the narrowest to the widest", () => {
  const cells = [
    cell("wide and cheap", 6, -1),
    cell("beaten", 5, 2),
    cell("narrow and dear", 2, 3),
    cell("between", 4, 1),
    cell("without trades", null, null),
  ];
  assert.deepEqual(frontier(cells).map(({ maker }) => maker), [
    "narrow and dear",
    "between",
    "wide and cheap",
  ]);
});

Deno.test("frontier: equals do not beat each other", () => {
  assert.equal(frontier([cell("one", 3, 1), cell("other", 3, 1)]).length, 2);
});
