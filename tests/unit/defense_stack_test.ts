import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import type { DefenseTrigger } from "../../src/models/explanation.ts";
import { effectiveSkew } from "../../src/models/inventory.ts";
import {
  type DefenseLevel,
  higherLevel,
  levelRank,
  type MarketStatus,
} from "../../src/models/vocabulary.ts";
import {
  CALM,
  type DefenseInput,
  type DefenseState,
  evaluateDefense,
  latchKill,
  releaseKill,
  restoreDefense,
} from "../../src/risk/defense_stack.ts";
import { spreadMultipliers } from "../../src/risk/multipliers.ts";
import { quoteTouch } from "../../src/strategy/as_engine.ts";
import { marketConfig } from "../support/config.ts";
import { holding } from "../support/risk.ts";
import { touchInput } from "../support/touch.ts";

const NOW = Date.UTC(2026, 0, 5, 12);
const LEVELS: readonly DefenseLevel[] = ["NORMAL", "WIDEN", "ONE_SIDE", "KILL_SWITCH"];

function input(overrides: Partial<DefenseInput> = {}): DefenseInput {
  return {
    skew: 0,
    riskPnlCents: 0,
    globalDayPnlCents: 0,
    maxDailyLossCents: 10_000,
    equityCents: 100_000,
    marketStatus: "ACTIVE",
    guards: [],
    nowMs: NOW,
    ...overrides,
  };
}

/** The state after a number of equal cycles. */
function after(
  state: DefenseState,
  overrides: Partial<DefenseInput>,
  { cycles = 1, config = marketConfig() }: { cycles?: number; config?: MarketConfig } = {},
): DefenseState {
  let next = state;
  for (let cycle = 0; cycle < cycles; cycle++) {
    next = evaluateDefense(next, input(overrides), config).state;
  }
  return next;
}

Deno.test("defence stack: the worked sequence of §10.1 with its counters", () => {
  const config = marketConfig({ defenseCooldownCycles: 3 });
  const sequence: [skew: number, pnl: number, level: DefenseLevel, counter: number][] = [
    [0.10, 0, "NORMAL", 0],
    [0.35, 0, "WIDEN", 0],
    [0.62, 0, "ONE_SIDE", 0],
    [0.57, 0, "ONE_SIDE", 0],
    [0.54, 0, "ONE_SIDE", 1],
    [0.54, 0, "ONE_SIDE", 2],
    [0.54, 0, "WIDEN", 0],
    [0.20, 0, "WIDEN", 1],
    [0.20, 0, "WIDEN", 2],
    [0.31, 0, "WIDEN", 0],
    [0.20, 0, "WIDEN", 1],
    [0.20, 0, "WIDEN", 2],
    [0.20, 0, "NORMAL", 0],
    [0.10, -2600, "ONE_SIDE", 0],
    [0.10, -5001, "KILL_SWITCH", 0],
    [0.10, 0, "KILL_SWITCH", 0],
  ];
  let state = CALM;
  for (const [skew, riskPnlCents, level, counter] of sequence) {
    state = evaluateDefense(state, input({ skew, riskPnlCents }), config).state;
    assert.deepEqual([state.level, state.calmCycles], [level, counter], `at ${skew}`);
  }
});

Deno.test("C-04, C-05: thresholds are 0.3, 0.6 and 0.8 of the absolute skew, and strict", () => {
  const table: [skew: number, level: DefenseLevel][] = [
    [0.30, "NORMAL"],
    [0.301, "WIDEN"],
    [0.60, "WIDEN"],
    [0.601, "ONE_SIDE"],
    [0.80, "ONE_SIDE"],
    [0.801, "KILL_SWITCH"],
  ];
  for (const [skew, level] of table) {
    assert.equal(after(CALM, { skew }).level, level, `${skew}`);
    assert.equal(after(CALM, { skew: -skew }).level, level, `${-skew}`);
  }
});

Deno.test("C-06: half of the loss budget asks for ONE_SIDE and all of it for KILL_SWITCH", () => {
  const table: [pnl: number, level: DefenseLevel][] = [
    [-2500, "NORMAL"],
    [-2501, "ONE_SIDE"],
    [-5000, "ONE_SIDE"],
    [-5001, "KILL_SWITCH"],
  ];
  for (const [riskPnlCents, level] of table) {
    assert.equal(after(CALM, { riskPnlCents }).level, level, `${riskPnlCents}`);
  }
});

Deno.test("C-07: the loss of all markets together kills, and says so", () => {
  assert.equal(after(CALM, { globalDayPnlCents: -10_000 }).level, "NORMAL");
  const killed = after(CALM, { globalDayPnlCents: -10_001 });
  assert.deepEqual(killed.latch, {
    reason: "GLOBAL_LOSS",
    atMs: NOW,
    source: "max_daily_loss_cents",
  });
});

Deno.test("L-29: any status other than ACTIVE kills in the cycle in which it is seen", () => {
  const statuses: MarketStatus[] = [
    "DRAFT",
    "SUSPENDED",
    "HALTED",
    "RESOLVED",
    "SETTLED",
    "VOIDED",
  ];
  for (const marketStatus of statuses) {
    assert.equal(after(CALM, { marketStatus }).latch?.reason, "STATUS", marketStatus);
  }
});

Deno.test("C-59: the asset floor kills only where it is set", () => {
  const low = { equityCents: 79_999 };
  assert.equal(after(CALM, low).level, "NORMAL");
  const config = marketConfig({ minAssetFloorCents: 80_000 });
  assert.equal(after(CALM, low, { config }).latch?.reason, "ASSET_FLOOR");
  assert.equal(after(CALM, { equityCents: 80_000 }, { config }).level, "NORMAL");
});

Deno.test("C-59: a figure that is no number kills with INVALID_INPUT", () => {
  const broken: Partial<DefenseInput>[] = [
    { skew: NaN },
    { skew: 1.5 },
    { riskPnlCents: NaN },
    { riskPnlCents: Infinity },
    { globalDayPnlCents: NaN },
    { equityCents: NaN },
  ];
  for (const overrides of broken) {
    assert.equal(after(CALM, overrides).latch?.reason, "INVALID_INPUT", JSON.stringify(overrides));
  }
});

Deno.test("L-69: skew 0.9 kills without any price of this cycle", () => {
  assert.equal(after(CALM, { skew: 0.9 }).latch?.reason, "SKEW");
});

Deno.test("L-26: all 16 pairs of levels compare by rank and not by name", () => {
  for (const [i, a] of LEVELS.entries()) {
    for (const [j, b] of LEVELS.entries()) {
      assert.equal(higherLevel(a, b), LEVELS[Math.max(i, j)], `${a} and ${b}`);
      assert.equal(levelRank(a) > levelRank(b), i > j, `${a} above ${b}`);
    }
  }
});

Deno.test("L-26: from every level the stack goes to every higher level in one cycle", () => {
  const skewFor = { NORMAL: 0, WIDEN: 0.4, ONE_SIDE: 0.7, KILL_SWITCH: 0.9 } as const;
  for (const [i, from] of LEVELS.entries()) {
    for (const to of LEVELS.slice(i + 1)) {
      const state = after(after(CALM, { skew: skewFor[from] }), { skew: skewFor[to] });
      assert.equal(state.level, to, `${from} to ${to}`);
    }
  }
});

Deno.test("defence stack: ONE_SIDE comes down to WIDEN, never to NORMAL at once", () => {
  const oneSide = after(CALM, { skew: 0.7 });
  const lower = after(oneSide, { skew: 0 }, { cycles: 5 });
  assert.deepEqual([lower.level, lower.calmCycles], ["WIDEN", 0]);
  assert.equal(after(lower, { skew: 0 }, { cycles: 4 }).level, "WIDEN");
  assert.equal(after(lower, { skew: 0 }, { cycles: 5 }).level, "NORMAL");
});

Deno.test("defence stack: a skew exactly at the threshold minus the hysteresis is calm", () => {
  const oneSide = after(CALM, { skew: 0.7 });
  assert.equal(after(oneSide, { skew: 0.55 }).calmCycles, 1);
  assert.equal(after(oneSide, { skew: 0.551 }).calmCycles, 0);
});

Deno.test("defence stack: ONE_SIDE by loss ends when a tenth of the limit is won back", () => {
  const oneSide = after(CALM, { riskPnlCents: -2600 });
  assert.equal(after(oneSide, { riskPnlCents: -2251 }, { cycles: 50 }).level, "ONE_SIDE");
  assert.equal(after(oneSide, { riskPnlCents: -2250 }, { cycles: 5 }).level, "WIDEN");
});

Deno.test("defence stack: one cycle at the old level restarts the count", () => {
  const widen = after(after(CALM, { skew: 0.4 }), { skew: 0.1 }, { cycles: 4 });
  assert.equal(widen.calmCycles, 4);
  assert.equal(after(widen, { skew: 0.31 }).calmCycles, 0);
});

Deno.test("defence stack: a guard raises the level and is listed with its figures", () => {
  const guard: DefenseTrigger = {
    rule: "skew_jump_widen",
    level: "WIDEN",
    value: 0.2,
    limit: 0.15,
  };
  const { state, triggers } = evaluateDefense(CALM, input({ guards: [guard] }), marketConfig());
  assert.equal(state.level, "WIDEN");
  assert.deepEqual(triggers, [guard]);
});

Deno.test("L-48: a guard holds its level for at least defense_cooldown_cycles", () => {
  const guard: DefenseTrigger = {
    rule: "lvr_velocity_one_side_ratio",
    level: "ONE_SIDE",
    value: 0.47,
    limit: 0.4,
  };
  const oneSide = after(CALM, { guards: [guard] });
  assert.equal(after(oneSide, {}, { cycles: 4 }).level, "ONE_SIDE");
  assert.equal(after(oneSide, {}, { cycles: 5 }).level, "WIDEN");
});

Deno.test("defence stack: every rule that fired is explained with its value and limit", () => {
  const { triggers } = evaluateDefense(
    CALM,
    input({ skew: -0.7, riskPnlCents: -3000 }),
    marketConfig(),
  );
  assert.deepEqual(triggers, [
    { rule: "inventory_skew_widen", level: "WIDEN", value: 0.7, limit: 0.3 },
    { rule: "inventory_skew_one_side", level: "ONE_SIDE", value: 0.7, limit: 0.6 },
    { rule: "one_side_loss_ratio", level: "ONE_SIDE", value: 3000, limit: 2500 },
  ]);
});

Deno.test("L-25, C-22: a kill survives 100 quiet cycles and a restart until it is released", () => {
  const killed = after(CALM, { skew: 0.85 });
  const quiet = after(killed, {}, { cycles: 100 });
  assert.equal(quiet.level, "KILL_SWITCH");
  const { level, calmCycles, latch } = quiet;
  const restarted = restoreDefense(JSON.parse(JSON.stringify({ level, calmCycles, latch })), NOW);
  assert.equal(after(restarted, {}, { cycles: 100 }).latch?.reason, "SKEW");
  assert.equal(after(releaseKill(restarted), {}).level, "NORMAL");
});

Deno.test("L-25: a released kill whose cause still holds latches again in the same cycle", () => {
  const killed = after(CALM, { skew: 0.85 });
  assert.equal(after(releaseKill(killed), { skew: 0.85 }).latch?.reason, "SKEW");
  assert.equal(after(releaseKill(killed), { skew: 0.7 }).level, "ONE_SIDE");
});

Deno.test("defence stack: a release without a latch changes nothing", () => {
  const oneSide = after(CALM, { skew: 0.7 });
  assert.equal(releaseKill(oneSide), oneSide);
});

Deno.test("defence stack: the first reason of a kill is kept with its time", () => {
  const killed = after(CALM, { skew: 0.85 });
  const later = after(killed, { riskPnlCents: -9000, nowMs: NOW + 60_000 });
  assert.deepEqual(later.latch, { reason: "SKEW", atMs: NOW, source: "inventory_skew_kill" });
});

Deno.test("defence stack: an administrator's kill latches at once and names the operator", () => {
  const killed = latchKill(CALM, { reason: "ADMIN", atMs: NOW, source: "alice" });
  assert.equal(killed.level, "KILL_SWITCH");
  assert.equal(after(killed, {}).latch?.source, "alice");
});

Deno.test("C-22: a suspension needs a release when the market is ACTIVE again", () => {
  const killed = after(CALM, { marketStatus: "SUSPENDED" });
  assert.equal(after(killed, {}, { cycles: 100 }).level, "KILL_SWITCH");
});

Deno.test("C-22: with the opt-in a suspension ends when the market is ACTIVE again", () => {
  const config = marketConfig({ killAutoResumeOnActive: true });
  const killed = after(CALM, { marketStatus: "SUSPENDED" }, { config });
  assert.equal(after(killed, { marketStatus: "HALTED" }, { config }).level, "KILL_SWITCH");
  assert.equal(after(killed, {}, { config }).level, "NORMAL");
  assert.equal(after(killed, { skew: 0.7 }, { config }).level, "ONE_SIDE");
});

Deno.test("C-22: the opt-in does not apply when the status was not the sole cause", () => {
  const config = marketConfig({ killAutoResumeOnActive: true });
  const both = after(CALM, { marketStatus: "SUSPENDED", skew: 0.9 }, { config });
  assert.equal(both.latch?.reason, "SKEW");
  const suspended = after(CALM, { marketStatus: "SUSPENDED" }, { config });
  const worse = after(suspended, { marketStatus: "SUSPENDED", riskPnlCents: -6000 }, { config });
  assert.equal(after(worse, {}, { config }).latch?.reason, "LOSS");
  const admin = latchKill(suspended, { reason: "ADMIN", atMs: NOW, source: "alice" });
  assert.equal(after(admin, {}, { config }).latch?.reason, "ADMIN");
});

Deno.test("defence stack: a guard that kills without a reason latches as INVALID_INPUT", () => {
  const guard: DefenseTrigger = { rule: "drift", level: "KILL_SWITCH", value: 3, limit: 3 };
  assert.equal(after(CALM, { guards: [guard] }).latch?.reason, "INVALID_INPUT");
});

Deno.test("defence stack: ONE_SIDE remembers when it was entered and forgets it when left", () => {
  const entered = after(CALM, { skew: 0.7 });
  assert.equal(entered.oneSideSinceMs, NOW);
  const staying = after(entered, { skew: 0.65, nowMs: NOW + 60_000 });
  assert.equal(staying.oneSideSinceMs, NOW);
  assert.equal(after(staying, {}, { cycles: 5 }).oneSideSinceMs, null);
});

Deno.test("L-34: level and counter go on after a restart, patience in ONE_SIDE starts anew", () => {
  const restored = restoreDefense({ level: "ONE_SIDE", calmCycles: 3, latch: null }, NOW);
  assert.deepEqual(restored, {
    level: "ONE_SIDE",
    calmCycles: 3,
    latch: null,
    oneSideSinceMs: NOW,
  });
  assert.equal(after(restored, {}, { cycles: 2 }).level, "WIDEN");
});

Deno.test("defence stack: a stored latch kills whatever level was stored with it", () => {
  const latch = { reason: "LOSS", atMs: NOW, source: "max_per_market_loss_cents" } as const;
  const restored = restoreDefense({ level: "NORMAL", calmCycles: 0, latch }, NOW);
  assert.equal(restored.level, "KILL_SWITCH");
});

Deno.test("defence stack: a latch released in the store stays released after a restart", () => {
  const restored = restoreDefense({ level: "KILL_SWITCH", calmCycles: 0, latch: null }, NOW);
  assert.equal(restored.level, "NORMAL");
});

Deno.test("L-22: WIDEN is at least 1.5 times as wide less 1 c, also at the maximum", () => {
  const far = {
    toxicity: 0,
    eventShielded: false,
    oracleStale: false,
    neutralOneSide: false,
    fairCents: 50,
  };
  const maturity = { quantityRatio: 1, spreadMultiplier: 1 };
  for (const config of [marketConfig(), marketConfig({ stabilizationMinSpreadCents: 20 })]) {
    const quotedSpread = (skew: number) => {
      const level = after(CALM, { skew }).level;
      const multipliers = spreadMultipliers({ ...far, maturity, level }, config);
      const { ask, bid } = quoteTouch(touchInput({ skew, multipliers }), config);
      return ask - bid;
    };
    assert.ok(quotedSpread(0.31) >= 1.5 * quotedSpread(0.29) - 1, `${quotedSpread(0.31)} wide`);
    assert.ok(quotedSpread(0.31) > quotedSpread(0.29));
  }
});

/** Shares of one-sided flow until the absolute skew exceeds each threshold; null if it never does. */
function flowUntil(
  [yes, no]: readonly [number, number],
  floor: number,
  funding: "inventory" | "cash",
): readonly (number | null)[] {
  return [0.3, 0.6, 0.8].map((threshold) => {
    for (let flow = 1; flow <= 2000; flow++) {
      if (funding === "inventory" && flow > yes) return null;
      const held = funding === "inventory" ? holding(yes - flow, no) : holding(yes, no + flow);
      if (Math.abs(effectiveSkew(held, floor)) > threshold) return flow;
    }
    return null;
  });
}

Deno.test("C-37: where the thresholds bite, by stock, funding and floor (table of §10.1)", () => {
  assert.deepEqual(flowUntil([1000, 1000], 0, "inventory"), [462, 751, 889]);
  assert.deepEqual(flowUntil([1000, 1000], 400, "inventory"), [462, 751, 889]);
  assert.deepEqual(flowUntil([100, 100], 0, "inventory"), [47, 76, 89]);
  assert.deepEqual(flowUntil([100, 100], 400, "inventory"), [null, null, null]);
  assert.deepEqual(flowUntil([0, 0], 0, "cash"), [1, 1, 1]);
  assert.deepEqual(flowUntil([0, 0], 400, "cash"), [121, 241, 321]);
});
