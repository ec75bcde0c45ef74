import assert from "node:assert/strict";
import fc from "fast-check";
import { type Drift, PRICES, wander } from "../../src/strategy/pricing/price_walk.ts";

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const row = fc.array(real(1e-9, 1), { minLength: PRICES, maxLength: PRICES });
const drift = fc.record({
  tauHours: real(0.1, 1_000),
  jumpsPerHour: fc.oneof(fc.constant(0), real(0.01, 5)),
  jumpCents: real(0.5, 20),
});

const INDEXES = Array.from({ length: PRICES }, (_, index) => index);
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** 4p(1-p): how much a price moves. */
const mobility = (index: number) => 4 * (index + 1) / 100 * (1 - (index + 1) / 100);

/** The same walk, written as the sums that it stands for. */
function walked(masses: readonly number[], { tauHours, jumpsPerHour, jumpCents }: Drift): number[] {
  const hours = 0.01;
  const variance = (1 + 300 / tauHours) * hours;
  const steps = Math.max(1, Math.ceil(2 * variance));
  let row = masses;
  for (let step = 0; step < steps; step++) {
    const leaving = row.map((mass, index) => variance / steps / 2 * mobility(index) * mass);
    const from = (index: number) => leaving[index] ?? 0;
    row = row.map((mass, index) => {
      const ways = Number(index > 0) + Number(index < PRICES - 1);
      return mass - ways * from(index) + from(index - 1) + from(index + 1);
    });
  }
  const leaping = 1 - Math.exp(-jumpsPerHour * hours);
  const leaving = row.map((mass, index) => leaping * mobility(index) * mass);
  const landing = INDEXES.map((to) =>
    sumOf(leaving.map((mass, from) => mass * Math.exp(-Math.abs(to - from) / jumpCents)))
  );
  const scale = leaping === 0 ? 0 : sumOf(leaving) / sumOf(landing);
  return row.map((mass, index) => mass - (leaving[index] ?? 0) + scale * (landing[index] ?? 0));
}

Deno.test("price walk: two rows at once, in one walk each way, are the sums of the definition", () => {
  fc.assert(
    fc.property(row, row, drift, (first, second, how) => {
      const masses = Float64Array.from([...first, ...second]);
      const total = wander(masses, how, 0.01);
      const expected = [...walked(first, how), ...walked(second, how)];
      for (const [index, mass] of masses.entries()) {
        const wanted = expected[index] ?? NaN;
        assert.ok(Math.abs(mass - wanted) < 1e-12 * (1 + wanted), `${index}: ${mass} ${wanted}`);
      }
      assert.ok(Math.abs(total - sumOf([...first, ...second])) < 1e-9, `${total}`);
    }),
    { numRuns: 100 },
  );
});
