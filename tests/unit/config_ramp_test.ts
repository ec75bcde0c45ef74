import assert from "node:assert/strict";
import {
  configOnTheWay,
  gammaOnTheWay,
  headFor,
  RAMPED_SETTINGS,
  settledRamp,
  spreadOnTheWay,
} from "../../src/config/hot/ramp.ts";
import { camelCase } from "../../src/config/parameter.ts";
import { registries } from "../../src/config/registry.ts";
import { marketConfig } from "../support/config.ts";

Deno.test("ramp: it has exactly the settings of class RAMP", () => {
  const declared = Object.values(registries).flatMap(Object.entries)
    .filter(([, { takesEffect }]) => takesEffect === "RAMP").map(([name]) => camelCase(name));
  assert.deepEqual([...RAMPED_SETTINGS].sort(), declared.sort());
});

Deno.test("ramp: a spread that narrows takes 10 s, or 2 s a cent if that is longer", () => {
  const wayOf = (from: number, to: number) => {
    for (let ms = 0;; ms += 500) if (spreadOnTheWay(from, to, ms) === to) return ms;
  };
  // The last whole cent is reached when half of it is left.
  assert.equal(spreadOnTheWay(4, 2, 7499), 3);
  assert.equal(spreadOnTheWay(4, 2, 7501), 2);
  assert.equal(spreadOnTheWay(20, 2, 34_000), 3);
  assert.equal(spreadOnTheWay(20, 2, 36_000), 2);
  assert.ok(wayOf(20, 2) > wayOf(4, 2));
});

Deno.test("ramp: a spread narrows in a straight line, in whole cents", () => {
  const spreads = [0, 2, 4, 6, 8, 10, 12].map((seconds) => spreadOnTheWay(8, 3, seconds * 1000));
  assert.deepEqual(spreads, [8, 7, 6, 5, 4, 3, 3]);
});

Deno.test("ramp: a spread widens at once", () => {
  assert.equal(spreadOnTheWay(3, 8, 0), 8);
});

Deno.test("ramp: a gamma loses a tenth of the distance a second, whatever the steps", () => {
  assert.equal(gammaOnTheWay(1, 2, 0), 1);
  assert.ok(Math.abs(gammaOnTheWay(1, 2, 1000) - 1.1) < 1e-12);
  assert.ok(Math.abs(gammaOnTheWay(2, 1, 1000) - 1.9) < 1e-12);
  const twoSteps = gammaOnTheWay(gammaOnTheWay(1, 2, 700), 2, 1300);
  assert.ok(Math.abs(twoSteps - gammaOnTheWay(1, 2, 2000)) < 1e-12);
  assert.ok(gammaOnTheWay(1, 2, 30_000) > 1.95);
  assert.equal(gammaOnTheWay(1, 2, 120_000), 2);
});

Deno.test("ramp: other settings are in force at once, and at the end it is the target itself", () => {
  const before = marketConfig({ stabilizationMinSpreadCents: 8, kappa: 1 });
  const target = marketConfig({ stabilizationMinSpreadCents: 3, kappa: 2 });
  const ramp = headFor(settledRamp(before), target, 1000);
  const first = configOnTheWay(ramp, target, 1000);
  assert.deepEqual([first.stabilizationMinSpreadCents, first.kappa], [8, 2]);
  assert.ok(Object.isFrozen(first));
  assert.equal(configOnTheWay(ramp, target, 11_000), target);
});

Deno.test("ramp: a change of something else does not begin the way anew", () => {
  const start = settledRamp(marketConfig({ stabilizationMinSpreadCents: 8 }));
  const target = marketConfig({ stabilizationMinSpreadCents: 3 });
  let ramp = headFor(start, target, 0);
  for (let ms = 1000; ms <= 9000; ms += 1000) {
    ramp = headFor(ramp, marketConfig({ stabilizationMinSpreadCents: 3, kappa: ms / 1000 }), ms);
  }
  assert.equal(configOnTheWay(ramp, target, 10_000), target);
});

Deno.test("ramp: a new goal on the way starts from where the setting is", () => {
  const start = settledRamp(marketConfig({ stabilizationMinSpreadCents: 8 }));
  const first = headFor(start, marketConfig({ stabilizationMinSpreadCents: 3 }), 0);
  const target = marketConfig({ stabilizationMinSpreadCents: 2 });
  const second = headFor(first, target, 4000);
  assert.equal(configOnTheWay(second, target, 4000).stabilizationMinSpreadCents, 6);
  const wider = marketConfig({ stabilizationMinSpreadCents: 7 });
  assert.equal(configOnTheWay(headFor(first, wider, 4000), wider, 4000), wider);
});

Deno.test("ramp: a spread on its way never exceeds the new limits", () => {
  const start = settledRamp(
    marketConfig({ explorationMinSpreadCents: 25, spreadMaxCents: 30, hardSpreadMaxCents: 30 }),
  );
  const target = marketConfig({ explorationMinSpreadCents: 5, spreadMaxCents: 12 });
  const ramp = headFor(start, target, 0);
  assert.equal(configOnTheWay(ramp, target, 0).explorationMinSpreadCents, 12);
});
