import assert from "node:assert/strict";
import { seededRandom } from "../../src/runtime/random.ts";
import { estimate, rootOf, studentQuantile } from "../../sim/lab/statistics.ts";

function close(actual: number | null, expected: number, tolerance: number): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

/** Runs that all weigh the same. */
const runs = (values: readonly number[]) => values.map((sum) => ({ sum, weight: 1 }));

for (
  const [degrees, expected] of [
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [10, 2.2281],
    [30, 2.0423],
    [199, 1.972],
  ] as const
) {
  Deno.test(`studentQuantile: 97.5 % with ${degrees} degrees of freedom is ${expected}`, () => {
    close(studentQuantile(0.975, degrees), expected, 0.002 * expected);
  });
}

Deno.test("estimate: runs of equal weight give the mean and the interval of Student's t", () => {
  const { mean, low, high } = estimate(runs([1, 2, 3, 4, 5]));
  assert.equal(mean, 3);
  // s = 1.58114, t(4) = 2.77645, half = t·s/√5
  close(low, 3 - 1.96324, 0.01);
  close(high, 3 + 1.96324, 0.01);
});

Deno.test("estimate: a ratio is that of the sums, not the mean of the ratios", () => {
  const { mean } = estimate([{ sum: 10, weight: 1 }, { sum: 0, weight: 9 }]);
  assert.equal(mean, 1);
});

Deno.test("estimate: a ratio's interval follows the linear approximation", () => {
  // Ratio 2; residuals sum - 2·weight are 1, -1, 0; s² = 1; error = √(1·3)/6.
  const { mean, high } = estimate([
    { sum: 3, weight: 1 },
    { sum: 3, weight: 2 },
    { sum: 6, weight: 3 },
  ]);
  assert.equal(mean, 2);
  close(high, 2 + 4.3027 * Math.sqrt(3) / 6, 1e-3);
});

Deno.test("estimate: runs without weight are known to be unknown", () => {
  assert.deepEqual(estimate([{ sum: 0, weight: 0 }]), { mean: null, low: null, high: null });
  assert.deepEqual(estimate([]), { mean: null, low: null, high: null });
});

Deno.test("estimate: one run has a mean and no interval", () => {
  assert.deepEqual(estimate(runs([7])), { mean: 7, low: null, high: null });
});

Deno.test("estimate: 95 % of the intervals of a ratio hold the true one", () => {
  const random = seededRandom("coverage");
  const repetitions = 400;
  let held = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const sample = Array.from({ length: 40 }, () => {
      const weight = 1 + Math.floor(random.exponential(10));
      return { sum: weight * (1.5 + random.normal()), weight };
    });
    const { low, high } = estimate(sample);
    if (low !== null && high !== null && low <= 1.5 && 1.5 <= high) held++;
  }
  close(held / repetitions, 0.94, 0.03);
});

Deno.test("rootOf: the bounds are roots too, and never of less than nothing", () => {
  assert.deepEqual(rootOf({ mean: 9, low: -1, high: 16 }), { mean: 3, low: 0, high: 4 });
  assert.deepEqual(rootOf({ mean: null, low: null, high: null }), {
    mean: null,
    low: null,
    high: null,
  });
});
