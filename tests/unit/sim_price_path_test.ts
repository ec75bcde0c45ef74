import assert from "node:assert/strict";
import { HOUR_MS } from "../../src/models/market.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { normalCdf, normalQuantile } from "../../sim/normal.ts";
import { pathSchema, pricePath } from "../../sim/price_path.ts";

type PathInput = Parameters<typeof pathSchema.parse>[0];

function path(spec: PathInput, { seed = 1, endsInHours = 168 } = {}) {
  const endsInMs = endsInHours * HOUR_MS;
  return pricePath({ spec: pathSchema.parse(spec), endsInMs, random: seededRandom(seed) });
}

/** Prices at every minute of some hours. */
function walk(spec: PathInput, options: { seed?: number; hours: number; endsInHours?: number }) {
  const walked = path(spec, options);
  return Array.from(
    { length: options.hours * 60 },
    (_, minute) => walked.at(minute * 60_000),
  );
}

Deno.test("normalCdf: agrees with the tables", () => {
  for (const [x, p] of [[0, 0.5], [1, 0.841345], [-1.96, 0.024998], [3, 0.99865]] as const) {
    assert.ok(Math.abs(normalCdf(x) - p) < 1e-6, `${x}: ${normalCdf(x)}`);
  }
});

Deno.test("normalQuantile: is the inverse of the distribution function", () => {
  for (const p of [0.001, 0.1, 0.5, 0.77, 0.999]) {
    assert.ok(Math.abs(normalCdf(normalQuantile(p)) - p) < 1e-9);
  }
});

Deno.test("price path: without diffusion the price stays and never moves", () => {
  const still = path({ start: 42 });
  assert.equal(still.at(100 * HOUR_MS), 42);
  assert.equal(still.nextMoveMs(0), null);
});

Deno.test("price path: a jump takes effect at its time and not before", () => {
  const jumping = path({ start: 45, jumps: [{ at: "2h", to: 70 }] });
  assert.equal(jumping.nextMoveMs(0), 2 * HOUR_MS);
  assert.equal(jumping.at(2 * HOUR_MS - 1), 45);
  assert.equal(Math.round(jumping.at(2 * HOUR_MS)), 70);
  assert.equal(jumping.nextMoveMs(2 * HOUR_MS), null);
});

Deno.test("price path: a jump at the very beginning counts", () => {
  assert.equal(Math.round(path({ start: 45, jumps: [{ at: "0s", to: 70 }] }).at(0)), 70);
});

Deno.test("price path: a gradual jump goes in even steps, one a minute", () => {
  const gradual = path({ start: 40, jumps: [{ at: "0s", to: 50, over: "10m" }] });
  const prices = [0, 4, 9, 60].map((minute) => Math.round(gradual.at(minute * 60_000)));
  assert.deepEqual(prices, [41, 45, 50, 50]);
});

Deno.test("price path: the same seed gives the same path, however often it is looked at", () => {
  const often = walk({ start: 50, diffusion: "digital" }, { hours: 24 });
  const seldom = path({ start: 50, diffusion: "digital" });
  assert.equal(seldom.at((24 * 60 - 1) * 60_000), often.at(-1));
});

Deno.test("price path: another seed gives another path", () => {
  const spec = { start: 50, diffusion: "logit" };
  const one = walk(spec, { hours: 1, seed: 1 });
  assert.notDeepEqual(one, walk(spec, { hours: 1, seed: 2 }));
});

Deno.test("price path: looking back is refused", () => {
  const digital = path({ start: 50, diffusion: "digital" });
  digital.at(HOUR_MS);
  assert.throws(() => digital.at(0), /Cannot look back to 0 ms: the path is at 3600000 ms/);
});

for (const diffusion of ["digital", "logit"] as const) {
  Deno.test(`price path: ${diffusion} is a martingale: the mean of many paths stays at the start`, () => {
    const ends = Array.from(
      { length: 400 },
      (_, seed) =>
        path({ start: 30, diffusion, logit_volatility: 0.3 }, { seed, endsInHours: 12 })
          .at(6 * HOUR_MS),
    );
    const mean = ends.reduce((sum, price) => sum + price, 0) / ends.length;
    const variance = ends.reduce((sum, price) => sum + (price - mean) ** 2, 0) / ends.length;
    assert.ok(Math.abs(mean - 30) < 3.5 * Math.sqrt(variance / ends.length), `mean ${mean}`);
    assert.ok(variance > 25, `variance ${variance}`);
  });
}

Deno.test("price path: a digital is decided at the end, as often YES as it was likely", () => {
  const outcomes = Array.from(
    { length: 300 },
    (_, seed) =>
      path({ start: 70, diffusion: "digital" }, { seed, endsInHours: 2 }).at(2 * HOUR_MS),
  );
  assert.ok(outcomes.every((price) => price === 0 || price === 100));
  const share = outcomes.filter((price) => price === 100).length / outcomes.length;
  assert.ok(Math.abs(share - 0.7) < 0.1, `share ${share}`);
});

Deno.test("price path: a decided digital moves no more", () => {
  const digital = path({ start: 70, diffusion: "digital" }, { endsInHours: 1 });
  const outcome = digital.at(HOUR_MS);
  assert.equal(digital.nextMoveMs(HOUR_MS), null);
  assert.equal(digital.at(5 * HOUR_MS), outcome);
});

Deno.test("price path: it stays within 0 and 100 whatever the volatility", () => {
  const prices = walk({ start: 95, diffusion: "logit", logit_volatility: 5 }, { hours: 24 });
  assert.ok(prices.every((price) => price > 0 && price < 100));
});
