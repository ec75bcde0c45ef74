import assert from "node:assert/strict";
import { maturityOf, maturityTriggers } from "../../src/risk/maturity.ts";
import {
  type MultiplierInput,
  quantityMultipliers,
  spreadMultipliers,
} from "../../src/risk/multipliers.ts";
import { quoteTouch } from "../../src/strategy/as_engine.ts";
import { marketConfig } from "../support/config.ts";
import { touchInput } from "../support/touch.ts";

const CONFIG = marketConfig();

Deno.test("maturity: the table of §24", () => {
  const table: [tauHours: number, quantity: number, spread: number, exploration: boolean][] = [
    [720, 1, 1, false],
    [24.01, 1, 1, false],
    [24, 0.5, 1.5, false],
    [1.01, 0.5, 1.5, false],
    [1, 0.2, 2, true],
    [0.26, 0.2, 2, true],
    [0.24, 0.05, 3, true],
    [0.09, 0.05, 3, true],
  ];
  for (const [tauHours, quantityRatio, spreadMultiplier, explorationParameters] of table) {
    const maturity = maturityOf(tauHours, 0, CONFIG);
    assert.deepEqual(
      [maturity.quantityRatio, maturity.spreadMultiplier, maturity.explorationParameters],
      [quantityRatio, spreadMultiplier, explorationParameters],
      `${tauHours} h`,
    );
    assert.equal(maturity.stop, false, `${tauHours} h`);
  }
});

Deno.test("maturity: quoting stops stop_before_end_ms before the end", () => {
  const fiveMinutes = 5 / 60;
  const stops = [fiveMinutes + 0.001, fiveMinutes - 0.001, 0, -1].map((tauHours) =>
    maturityOf(tauHours, 0, CONFIG).stop
  );
  assert.deepEqual(stops, [false, true, true, true]);
});

Deno.test("maturity: with stop_before_end_ms 0 it still stops at the end", () => {
  const config = marketConfig({ stopBeforeEndMs: 0 });
  assert.equal(maturityOf(0.0001, 0, config).stop, false);
  assert.equal(maturityOf(0, 0, config).stop, true);
});

Deno.test("maturity: a time that is no number stops and is as small as can be", () => {
  const { stop, quantityRatio } = maturityOf(NaN, 0, CONFIG);
  assert.deepEqual([stop, quantityRatio], [true, 0.05]);
});

Deno.test("maturity: in the last quarter of an hour a heavy side may only be reduced", () => {
  const table: [tauHours: number, skew: number, side: "ASK" | "BID" | null][] = [
    [0.2, 0.31, "ASK"],
    [0.2, -0.31, "BID"],
    [0.2, 0.3, null],
    [0.5, 0.31, null],
  ];
  for (const [tauHours, skew, side] of table) {
    assert.equal(maturityOf(tauHours, skew, CONFIG).onlySide, side, `${tauHours} h, q ${skew}`);
  }
});

Deno.test("maturity: unwind_before_end asks for ONE_SIDE from the first step on", () => {
  const on = marketConfig({ unwindBeforeEnd: true });
  const levels = (tauHours: number, config = on) =>
    maturityTriggers(maturityOf(tauHours, 0, config), tauHours, config).map(({ level }) => level);
  assert.deepEqual(levels(25), []);
  assert.deepEqual(levels(23), ["ONE_SIDE"]);
  assert.deepEqual(levels(23, CONFIG), []);
});

/** A market far from every trouble. */
const CALM_MARKET: MultiplierInput = {
  level: "NORMAL",
  neutralOneSide: false,
  fairCents: 50,
  toxicity: 0,
  eventShielded: false,
  oracleStale: false,
  maturity: { quantityRatio: 1, spreadMultiplier: 1 },
};

Deno.test("multipliers: a calm market has none", () => {
  assert.deepEqual(spreadMultipliers(CALM_MARKET, CONFIG), []);
  assert.deepEqual(quantityMultipliers(CALM_MARKET, CONFIG), []);
});

Deno.test("multipliers: each rule adds its own factor", () => {
  const table: [input: Partial<MultiplierInput>, spread: number[], quantity: number[]][] = [
    [{ level: "WIDEN" }, [1.5], []],
    [{ level: "ONE_SIDE" }, [], []],
    [{ level: "ONE_SIDE", neutralOneSide: true }, [3], [0.25]],
    [{ toxicity: 0.7 }, [], []],
    [{ toxicity: 0.71 }, [2], []],
    [{ eventShielded: true }, [5], [0.05]],
    [{ maturity: { quantityRatio: 0.2, spreadMultiplier: 2 } }, [2], [0.2]],
    [{ level: "WIDEN", fairCents: 5, toxicity: 0.9 }, [1.5, 1.5, 2], []],
  ];
  for (const [overrides, spread, quantity] of table) {
    const input = { ...CALM_MARKET, ...overrides };
    const label = JSON.stringify(overrides);
    assert.deepEqual(spreadMultipliers(input, CONFIG).map(({ value }) => value), spread, label);
    assert.deepEqual(quantityMultipliers(input, CONFIG).map(({ value }) => value), quantity, label);
  }
});

Deno.test("C-16: prices up to 10 and from 90 on widen by 1.5", () => {
  const factors = [10, 10.5, 89.5, 90, NaN].map((fairCents) =>
    spreadMultipliers({ ...CALM_MARKET, fairCents }, CONFIG).map(({ value }) => value)
  );
  assert.deepEqual(factors, [[1.5], [], [], [1.5], [1.5]]);
});

Deno.test("C-19: the factor 3 is for neutral inventory in ONE_SIDE only", () => {
  const oneSide = { ...CALM_MARKET, level: "ONE_SIDE" } as const;
  assert.deepEqual(spreadMultipliers(oneSide, CONFIG), []);
  assert.deepEqual(spreadMultipliers({ ...oneSide, neutralOneSide: true }, CONFIG), [
    { name: "one_side_neutral", value: 3 },
  ]);
});

Deno.test("multipliers: WIDEN and the last day make 6.28 of 2.79 cents", () => {
  const multipliers = spreadMultipliers({
    ...CALM_MARKET,
    level: "WIDEN",
    maturity: maturityOf(20, 0, CONFIG),
  }, CONFIG);
  const { baseSpreadCents, spreadCents } = quoteTouch(
    touchInput({ tauHours: 168, multipliers }),
    CONFIG,
  );
  assert.deepEqual([baseSpreadCents.toFixed(2), spreadCents.toFixed(2)], ["2.79", "6.28"]);
});
