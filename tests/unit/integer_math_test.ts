import assert from "node:assert/strict";
import {
  affordableShares,
  ceilDiv,
  ceilOut,
  type Cents,
  cents,
  clamp,
  feeCents,
  floorOut,
  freezeCents,
  isPrice,
  mirrorPrice,
  price,
  releasedCost,
  roundHalfEven,
  type Shares,
  shares,
  splitCents,
} from "../../src/models/money.ts";

Deno.test("money: asks round up and forgive binary noise (§25)", () => {
  for (
    const [value, rounded] of [
      [51.0000000001, 51],
      [51.00001, 52],
      [50.0001, 51],
      [51, 51],
      [0.55 * 100, 55],
      [-0.5, 0],
    ] as const
  ) {
    assert.equal(ceilOut(value), rounded, `${value}`);
  }
});

Deno.test("money: bids round down and forgive binary noise (§25)", () => {
  for (
    const [value, rounded] of [
      [48.9999999999, 49],
      [48.99, 48],
      [49, 49],
      [0.29 * 100, 29],
      [-0.5, -1],
    ] as const
  ) {
    assert.equal(floorOut(value), rounded, `${value}`);
  }
});

Deno.test("L-49: 100 x 0.7^2 is 49 shares, although the float is below 49", () => {
  assert.ok(100 * 0.7 ** 2 < 49);
  assert.equal(floorOut(100 * 0.7 ** 2), 49);
});

Deno.test("money: a larger slack lets a quote stay where it is (rounding_slack_cents)", () => {
  assert.equal(ceilOut(51.1, 0.15), 51);
  assert.equal(floorOut(48.9, 0.15), 49);
});

Deno.test("C-10: fair prices round half to even, so that they mirror around 50", () => {
  for (
    const [value, rounded] of [
      [49.5, 50],
      [50.5, 50],
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [49.49, 49],
      [49.51, 50],
      [98.5, 98],
    ] as const
  ) {
    assert.equal(roundHalfEven(value), rounded, `${value}`);
    assert.equal(roundHalfEven(100 - value), 100 - rounded, `mirror of ${value}`);
  }
});

Deno.test("money: negative halves round to even, unlike Math.round (§25)", () => {
  assert.equal(roundHalfEven(-2.5), -2);
  assert.equal(roundHalfEven(-1.5), -2);
  assert.equal(roundHalfEven(-0.5), 0);
});

Deno.test("money: fees round up to a cent, and nothing costs nothing (§25)", () => {
  for (
    const [value, bps, fee] of [
      [6300, 5, 4],
      [50, 10, 1],
      [0, 100, 0],
      [5000, 0, 0],
      [10_000, 1, 1],
      [10_001, 1, 2],
      [1_000_000, 20, 2000],
    ] as const
  ) {
    assert.equal(feeCents(cents(value), bps), fee, `${value} at ${bps} bps`);
  }
});

Deno.test("money: a BUY freezes its cost and the fee on it (§16.2)", () => {
  assert.equal(freezeCents(price(63), shares(100), 5), 6304);
  assert.equal(freezeCents(price(63), shares(100), 0), 6300);
});

Deno.test("money: the affordable quantity fits its budget and one share more does not", () => {
  for (const contractPrice of [1, 7, 50, 99].map(price)) {
    for (const bps of [0, 5, 10, 20, 200, 1000]) {
      for (let budget = 1; budget <= 1200; budget += 13) {
        const quantity = affordableShares(contractPrice, cents(budget), bps);
        assert.ok(freezeCents(contractPrice, quantity, bps) <= budget);
        assert.ok(freezeCents(contractPrice, shares(quantity + 1), bps) > budget);
      }
    }
  }
});

Deno.test("L-05: without cash no share is affordable, and debt buys nothing", () => {
  assert.equal(affordableShares(price(50), cents(0), 10), 0);
  assert.equal(affordableShares(price(50), cents(-5), 10), 0);
});

Deno.test("money: the last share takes the whole remaining cost with it (§25)", () => {
  assert.equal(releasedCost(cents(1000), shares(3), shares(1)), 333);
  assert.equal(releasedCost(cents(1000), shares(3), shares(3)), 1000);
});

Deno.test("money: a split loses no cent and gives the remainder to the first (§25)", () => {
  assert.deepEqual(splitCents(cents(1000), 3), [334, 333, 333]);
  assert.deepEqual(splitCents(cents(2), 3), [2, 0, 0]);
  assert.throws(() => splitCents(cents(10), 0), /Cannot split into 0 parts/);
});

Deno.test("L-49: a division rounded up refuses a divisor that is not positive", () => {
  assert.equal(ceilDiv(7, 2), 4);
  assert.equal(ceilDiv(8, 2), 4);
  assert.equal(ceilDiv(-1, 2), 0);
  assert.throws(() => ceilDiv(7, 0), RangeError);
  assert.throws(() => ceilDiv(7, -2), RangeError);
});

Deno.test("money: a price is a whole number of cents from 1 to 99", () => {
  assert.deepEqual([1, 50, 99].map((value) => price(value)), [1, 50, 99]);
  for (const value of [0, 100, 50.5, NaN, Infinity, -1]) {
    assert.equal(isPrice(value), false, `${value}`);
    assert.throws(() => price(value), /it must be a whole number of cents, 1\.\.99/, `${value}`);
  }
});

Deno.test("money: amounts are safe integers and share counts are not negative", () => {
  assert.equal(cents(-250), -250);
  for (const value of [0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => cents(value), /it must be a safe integer/, `${value}`);
  }
  for (const value of [-1, 1.5, NaN]) {
    assert.throws(() => shares(value), /it must be an integer of at least 0/, `${value}`);
  }
});

Deno.test("money: the two contracts of a pair cost 100 cents together", () => {
  for (let value = 1; value <= 99; value++) {
    assert.equal(price(value) + mirrorPrice(price(value)), 100);
  }
});

Deno.test("money: arithmetic never yields a negative zero", () => {
  for (const zero of [ceilOut(-0.5), floorOut(-1e-12), ceilDiv(-1, 2), roundHalfEven(-0.4)]) {
    assert.ok(Object.is(zero, 0), `${zero} is -0`);
  }
});

Deno.test("money: fees and freezes stay exact up to the largest order the venue takes", () => {
  const quantity = 1_000_000 as Shares;
  assert.equal(freezeCents(price(99), quantity, 1000), 99_000_000 + 9_900_000);
  assert.equal(feeCents(9_007_199_254 as Cents, 9999), 9_006_298_535);
});

Deno.test("money: clamp keeps a value within its bounds and lets the upper one win", () => {
  assert.equal(clamp(5, 1, 9), 5);
  assert.equal(clamp(-5, 1, 9), 1);
  assert.equal(clamp(50, 1, 9), 9);
  assert.equal(clamp(5, 9, 1), 1);
});
