import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import type { DefenseTrigger } from "../../src/models/explanation.ts";
import { isEventShielded } from "../../src/risk/event_shield.ts";
import {
  cooldownMs,
  type LvrInput,
  type LvrState,
  NO_FLOW_SEEN,
  observeLvr,
} from "../../src/risk/lvr_guard.ts";
import { vpin } from "../../src/risk/vpin.ts";
import { marketConfig } from "../support/config.ts";
import { fillOf } from "../support/risk.ts";

const QUIET: LvrInput = {
  fills: [],
  restingBefore: { ASK: 277, BID: 277 },
  skew: 0,
  pairsChanged: false,
  unwinding: false,
  nowMs: 0,
};

/** Runs cycles and returns the last state with the triggers of the last cycle. */
function run(
  cycles: readonly Partial<LvrInput>[],
  config: MarketConfig = marketConfig(),
  start: LvrState = NO_FLOW_SEEN,
): { state: LvrState; triggers: readonly DefenseTrigger[] } {
  let result: { state: LvrState; triggers: readonly DefenseTrigger[] } = {
    state: start,
    triggers: [],
  };
  for (const cycle of cycles) {
    result = observeLvr(result.state, { ...QUIET, ...cycle }, config);
  }
  return result;
}

function levelsOf(triggers: readonly DefenseTrigger[]): string[] {
  return triggers.map(({ level }) => level);
}

/** Cycles with these skews. */
function skews(...values: number[]): Partial<LvrInput>[] {
  return values.map((skew) => ({ skew }));
}

/** BID fills of these sizes at 47 cents, at these times of the venue. */
function sweep(...trades: [atMs: number, quantity: number, price?: number][]) {
  return trades.map(([executedAtMs, quantity, price = 47]) =>
    fillOf(["BUY", "YES", price, quantity], { executedAtMs })
  );
}

Deno.test("LVR A: more than 0.15 of skew in five cycles is WIDEN, more than 0.30 ONE_SIDE", () => {
  const table: [from: number, to: number, levels: string[]][] = [
    [0.0, 0.15, []],
    [0.0, 0.16, ["WIDEN"]],
    [0.0, -0.16, ["WIDEN"]],
    [0.0, 0.3, ["WIDEN"]],
    [0.0, 0.31, ["ONE_SIDE"]],
    [0.1, -0.25, ["ONE_SIDE"]],
  ];
  for (const [from, to, levels] of table) {
    assert.deepEqual(levelsOf(run(skews(from, to)).triggers), levels, `${from} to ${to}`);
  }
});

Deno.test("LVR A: the change is taken over skew_jump_cycles, not over more", () => {
  const slow = skews(0, 0.04, 0.08, 0.12, 0.13, 0.14);
  assert.deepEqual(run([...slow, { skew: 0.18 }]).triggers, []);
  assert.deepEqual(levelsOf(run([...slow, { skew: 0.2 }]).triggers), ["WIDEN"]);
});

Deno.test("LVR A: a skew that shrinks is welcome at any speed", () => {
  assert.deepEqual(run(skews(0.5, 0.1)).triggers, []);
  assert.deepEqual(run(skews(0.5, -0.5)).triggers, []);
});

Deno.test("LVR A: a mint or a merge restarts the history, because it is no fill", () => {
  assert.deepEqual(run([{ skew: 0.2 }, { skew: 0.6, pairsChanged: true }]).triggers, []);
  const later = [{ skew: 0.2 }, { skew: 0.6, pairsChanged: true }, { skew: 0.65 }];
  assert.deepEqual(run(later).triggers, []);
});

Deno.test("LVR A: the skew with which the bot starts is no jump", () => {
  assert.deepEqual(run(skews(0.7)).triggers, []);
});

Deno.test("L-48: two fills of 47 % of the side within 300 ms ask for ONE_SIDE", () => {
  const { triggers } = run([{ fills: sweep([1000, 60], [1300, 70]) }]);
  assert.deepEqual(levelsOf(triggers), ["ONE_SIDE"]);
  assert.equal(triggers[0]?.value.toFixed(2), "0.47");
});

Deno.test("C-39: one ordinary trade of 100 shares asks for nothing but the cooldown", () => {
  const { state, triggers } = run([{ fills: sweep([1000, 100]) }]);
  assert.deepEqual(triggers, []);
  assert.equal(cooldownMs(state, "BID", 0, marketConfig()), 2500);
});

Deno.test("C-39: one trade of a whole side is no sweep, and the kill is off by default", () => {
  assert.deepEqual(run([{ fills: sweep([1000, 277]) }]).triggers, []);
  assert.deepEqual(levelsOf(run([{ fills: sweep([1000, 200], [1000, 77]) }]).triggers), [
    "ONE_SIDE",
  ]);
});

Deno.test("C-39: an operator's kill ratio latches with reason LVR, by one trade too", () => {
  const config = marketConfig({ lvrVelocityKillRatio: 0.8 });
  const { triggers } = run([{ fills: sweep([1000, 250]) }], config);
  assert.deepEqual(triggers.map(({ killReason }) => killReason), ["LVR"]);
});

Deno.test("LVR B: a window across two polls is found in the venue's time", () => {
  const first = { fills: sweep([1000, 60]) };
  const second = { fills: sweep([2900, 70]), restingBefore: { ASK: 277, BID: 217 }, nowMs: 60_000 };
  assert.deepEqual(levelsOf(run([first, second]).triggers), ["ONE_SIDE"]);
});

Deno.test("LVR B: fills further apart than the window are not one sweep", () => {
  const late = { fills: sweep([3001, 70]), restingBefore: { ASK: 277, BID: 217 } };
  assert.deepEqual(run([{ fills: sweep([1000, 60]) }, late]).triggers, []);
});

Deno.test("LVR B: any window inside a batch counts, not only the one around all of it", () => {
  const fills = sweep([0, 10], [5000, 60], [5300, 70], [9000, 10]);
  assert.deepEqual(levelsOf(run([{ fills }]).triggers), ["ONE_SIDE"]);
});

Deno.test("LVR B: a later window is measured against what rested then", () => {
  const fills = sweep([0, 200], [5000, 20], [5100, 20]);
  const { triggers } = run([{ fills }]);
  assert.deepEqual(levelsOf(triggers), ["ONE_SIDE"]);
  assert.equal(triggers[0]?.value, 40 / 77);
});

Deno.test("LVR B: the sides are measured apart", () => {
  const fills = [
    ...sweep([1000, 60]),
    fillOf(["SELL", "YES", 52, 70], { executedAtMs: 1100 }),
  ];
  assert.deepEqual(run([{ fills }]).triggers, []);
});

Deno.test("LVR B: a batch asks only once", () => {
  const { triggers } = run([{ fills: sweep([1000, 60], [1300, 70]) }, {}]);
  assert.deepEqual(triggers, []);
});

Deno.test("LVR B: a window that starts with nothing resting is skipped", () => {
  const fills = sweep([1000, 60], [1300, 70]);
  assert.deepEqual(run([{ fills, restingBefore: { ASK: 277, BID: 0 } }]).triggers, []);
});

Deno.test("LVR B: in ONE_SIDE with a heavy side a complete fill is what the level wants", () => {
  const fills = sweep([1000, 200], [1300, 77]);
  assert.deepEqual(run([{ fills, unwinding: true }]).triggers, []);
});

Deno.test("LVR B: a venue clock that steps back a little leaves the order of the trades", () => {
  const { triggers } = run([{ fills: sweep([2500, 10], [1300, 60], [4400, 70]) }]);
  assert.deepEqual(levelsOf(triggers), ["ONE_SIDE"]);
  assert.equal(triggers[0]?.value, 140 / 277);
});

Deno.test("LVR B: after a venue clock was set back, distant fills are distant", () => {
  const hour = 3_600_000;
  const { triggers } = run([{
    fills: sweep([hour, 60], [1000, 1], [4000, 60], [7000, 70]),
  }]);
  assert.deepEqual(triggers, []);
});

Deno.test("LVR B: after a venue clock was set back an hour, sweeps are found as before", () => {
  const { triggers } = run([{ fills: sweep([3_600_000, 5], [1000, 60], [1300, 70]) }]);
  assert.deepEqual(levelsOf(triggers), ["ONE_SIDE"]);
});

Deno.test("LVR D: a fill blocks new quantity on its own side for 2.5 s and on no other", () => {
  const config = marketConfig();
  const { state } = run([{ fills: sweep([0, 5]), nowMs: 10_000 }]);
  assert.equal(cooldownMs(state, "BID", 10_000, config), 2500);
  assert.equal(cooldownMs(state, "BID", 12_499, config), 1);
  assert.equal(cooldownMs(state, "BID", 12_500, config), 0);
  assert.equal(cooldownMs(state, "ASK", 10_000, config), 0);
});

Deno.test("LVR D: the last fill of a side counts", () => {
  const { state } = run([
    { fills: sweep([0, 5]), nowMs: 10_000 },
    { nowMs: 11_000 },
    { fills: sweep([0, 5]), nowMs: 12_000 },
    { nowMs: 13_000 },
  ]);
  assert.equal(cooldownMs(state, "BID", 13_000, marketConfig()), 1500);
});

Deno.test("VPIN: 0 while the window is not full, then the imbalance by volume", () => {
  const config = marketConfig({ vpinWindow: 10 });
  const bids = sweep(...Array.from({ length: 9 }, (_, i): [number, number] => [i * 60_000, 10]));
  const asks = [fillOf(["SELL", "YES", 52, 10], { executedAtMs: 600_000 })];
  const nine = run([{ fills: bids }], config).state;
  assert.equal(vpin(nine.flow, config), 0);
  const ten = run([{ fills: asks }], config, nine).state;
  // 90 of 100 shares were sold to us: |0.9 - 0.5| * 2.
  assert.equal(vpin(ten.flow, config).toFixed(6), "0.800000");
});

Deno.test("VPIN: whoever fills our ASK buys, whoever fills our BID sells", () => {
  const fills = [fillOf(["BUY", "NO", 48, 7]), fillOf(["SELL", "NO", 53, 5])];
  assert.deepEqual(run([{ fills }]).state.flow, [
    { aggressor: "BUY", quantity: 7 },
    { aggressor: "SELL", quantity: 5 },
  ]);
});

Deno.test("VPIN: balanced flow is not toxic, one-sided flow is as toxic as can be", () => {
  const config = marketConfig({ vpinWindow: 10 });
  const ask = fillOf(["BUY", "NO", 48, 7]);
  const bid = fillOf(["BUY", "YES", 47, 7]);
  const half = Array.from({ length: 10 }, (_, index) => index % 2 === 0 ? ask : bid);
  assert.equal(vpin(run([{ fills: half }], config).state.flow, config), 0);
  const one = Array<typeof ask>(10).fill(ask);
  assert.equal(vpin(run([{ fills: one }], config).state.flow, config), 1);
});

Deno.test("LVR: the memory stays bounded and is plain data", () => {
  const fills = sweep(...Array.from({ length: 500 }, (): [number, number] => [1000, 1]));
  const cycles = Array.from({ length: 50 }, () => ({ fills }));
  const { state } = run(cycles);
  assert.deepEqual(
    [state.skews.length, state.recentFills.length, state.flow.length],
    [6, 200, 50],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
});

Deno.test("LVR C: the shield covers 15 minutes before and after each known event", () => {
  const config = marketConfig({ eventTimes: ["2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"] });
  const minute = 60_000;
  const event = Date.UTC(2026, 0, 5, 12);
  const shielded = [-15 * minute - 1, -15 * minute, 0, 15 * minute, 15 * minute + 1].map((offset) =>
    isEventShielded(event + offset, config)
  );
  assert.deepEqual(shielded, [false, true, true, true, false]);
  assert.equal(isEventShielded(Date.UTC(2026, 0, 6, 12, 10), config), true);
});

Deno.test("LVR C: no events, no shield; an unreadable event always shields", () => {
  assert.equal(isEventShielded(0, marketConfig({ eventTimes: null })), false);
  assert.equal(isEventShielded(0, marketConfig({ eventTimes: ["next tuesday"] })), true);
});
