import assert from "node:assert/strict";
import fc from "fast-check";
import {
  afterFlow,
  afterSilence,
  type FlowBelief,
} from "../../src/strategy/pricing/flow_belief.ts";
import { flowBeliefAround } from "../../src/strategy/pricing/flow_prior.ts";

const RUNS = { numRuns: 100 };
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const cents = fc.integer({ min: 1, max: 99 });

/** What may happen to a belief; prices in YES cents. */
type Step =
  | { readonly kind: "touch"; readonly bid: number | null; readonly ask: number | null }
  | {
    readonly kind: "wait";
    readonly ms: number;
    readonly tauHours: number;
    readonly jumps: number;
  }
  | {
    readonly kind: "taker";
    readonly aggressor: 1 | -1;
    readonly priceCents: number;
    readonly weight: number;
  };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("touch" as const),
      bid: fc.option(cents, { nil: null }),
      ask: fc.option(cents, { nil: null }),
    }),
    fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.oneof(
        fc.integer({ min: -10_000, max: 20_000 }),
        fc.constantFrom(0, 3_600_000, 1e9, 1e15, NaN),
      ),
      tauHours: fc.oneof(real(0, 10_000), fc.constantFrom(-1, 0)),
      jumps: real(0, 5),
    }),
    fc.record({
      kind: fc.constant("taker" as const),
      aggressor: fc.constantFrom(1 as const, -1 as const),
      priceCents: cents,
      weight: fc.oneof(fc.constant(1), real(0.001, 1)),
    }),
  ),
  { maxLength: 25 },
);

function after(belief: FlowBelief, step: Step): FlowBelief {
  switch (step.kind) {
    case "touch":
      return { ...belief, touch: { bid: step.bid, ask: step.ask } };
    case "taker":
      return afterFlow(belief, step);
    case "wait": {
      const drift = { tauHours: step.tauHours, jumpsPerHour: step.jumps, jumpCents: 8 };
      return afterSilence(belief, belief.updatedAtMs + step.ms, drift);
    }
  }
}

function start(meanCents: number, sdCents: number): FlowBelief {
  return flowBeliefAround({ meanCents, sdCents }, 0);
}

Deno.test("flow belief: whatever happens it is a probability, with a mean of 1 to 99 cents", () => {
  fc.assert(
    fc.property(real(1, 99), real(0, 50), steps, (meanCents, sdCents, happened) => {
      let belief = start(meanCents, sdCents);
      for (const step of happened) {
        belief = after(belief, step);
        const sum = belief.mass.reduce((total, value) => total + value, 0);
        assert.ok(Math.abs(sum - 1) < 1e-9, `sum ${sum}`);
        assert.ok(belief.mass.every((value) => value > 0 && value <= 1));
        const moments = belief.moments;
        assert.ok(moments.meanCents >= 1 - 1e-9 && moments.meanCents <= 99 + 1e-9);
        assert.ok(moments.sdCents >= 0 && moments.sdCents <= 49 + 1e-9);
      }
    }),
    RUNS,
  );
});

/** The same seen from the NO side. */
function mirrored(step: Step): Step {
  const other = (price: number | null) => price === null ? null : 100 - price;
  switch (step.kind) {
    case "touch":
      return { ...step, bid: other(step.ask), ask: other(step.bid) };
    case "wait":
      return step;
    case "taker":
      return {
        ...step,
        aggressor: step.aggressor === 1 ? -1 : 1,
        priceCents: 100 - step.priceCents,
      };
  }
}

Deno.test("flow belief: YES and NO are treated alike, whatever happens", () => {
  fc.assert(
    fc.property(real(1, 99), real(0.5, 30), steps, (meanCents, sdCents, happened) => {
      const yes = happened.reduce(after, start(meanCents, sdCents)).moments;
      const no = happened.map(mirrored).reduce(after, start(100 - meanCents, sdCents)).moments;
      assert.ok(Math.abs(yes.meanCents + no.meanCents - 100) < 1e-4);
      assert.ok(Math.abs(yes.sdCents - no.sdCents) < 1e-4);
    }),
    RUNS,
  );
});

Deno.test("flow belief: a buyer never lowers it, a seller never raises it", () => {
  fc.assert(
    fc.property(real(2, 98), real(1, 15), steps, cents, (meanCents, sdCents, happened, price) => {
      const belief = happened.reduce(after, start(meanCents, sdCents));
      const [before, bought, sold] = [
        belief,
        afterFlow(belief, { aggressor: 1, priceCents: price, weight: 1 }),
        afterFlow(belief, { aggressor: -1, priceCents: price, weight: 1 }),
      ].map((any) => perKind(any));
      // Within a kind of flow: between them, a trade may also say how busy the market is.
      before?.forEach((mean, kind) => {
        const [high, low] = [bought?.[kind] ?? mean, sold?.[kind] ?? mean];
        if (mean === null) return;
        assert.ok(high === null || high >= mean - 1e-4, `${high} ${mean}`);
        assert.ok(low === null || low <= mean + 1e-4, `${low} ${mean}`);
      });
    }),
    RUNS,
  );
});

/** The mean of each kind of flow, null of one that has next to no probability. */
function perKind({ mass }: FlowBelief): (number | null)[] {
  return Array.from({ length: mass.length / 99 }, (_, kind) => {
    const row = mass.subarray(kind * 99, kind * 99 + 99);
    const total = row.reduce((sum, value) => sum + value, 0);
    if (total < 1e-3) return null;
    return row.reduce((sum, value, index) => sum + value * (index + 1), 0) / total;
  });
}
