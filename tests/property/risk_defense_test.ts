import assert from "node:assert/strict";
import fc from "fast-check";
import { levelRank } from "../../src/models/vocabulary.ts";
import {
  CALM,
  type DefenseInput,
  type DefenseState,
  evaluateDefense,
  restoreDefense,
} from "../../src/risk/defense_stack.ts";
import { maturityOf } from "../../src/risk/maturity.ts";
import {
  type MultiplierInput,
  quantityMultipliers,
  spreadMultipliers,
} from "../../src/risk/multipliers.ts";
import { quoteTouch } from "../../src/strategy/as_engine.ts";
import { marketConfig } from "../support/config.ts";
import { touchInput } from "../support/touch.ts";

const CONFIG = marketConfig({ defenseCooldownCycles: 3 });

/** Skew and loss of one cycle. */
interface Situation {
  readonly skew: number;
  readonly pnl: number;
}

const situations: fc.Arbitrary<Situation> = fc.record({
  skew: fc.double({ min: -1, max: 1, noNaN: true }),
  pnl: fc.integer({ min: -7000, max: 3000 }),
});

/** A situation, and one that is not better in any respect. */
const pairsOfSituations: fc.Arbitrary<{ better: Situation; worse: Situation }> = fc.record({
  better: situations,
  growth: fc.double({ min: 0, max: 1, noNaN: true }),
  flipped: fc.boolean(),
  loss: fc.nat(4000),
}).map(({ better, growth, flipped, loss }) => {
  const size = Math.abs(better.skew) + growth * (1 - Math.abs(better.skew));
  return { better, worse: { skew: flipped ? -size : size, pnl: better.pnl - loss } };
});

function input({ skew, pnl }: Situation): DefenseInput {
  return {
    skew,
    riskPnlCents: pnl,
    globalDayPnlCents: pnl,
    maxDailyLossCents: 10_000,
    equityCents: 100_000 + pnl,
    marketStatus: "ACTIVE",
    guards: [],
    nowMs: 0,
  };
}

function step(state: DefenseState, situation: Situation): DefenseState {
  return evaluateDefense(state, input(situation), CONFIG).state;
}

function rank(state: DefenseState): number {
  return levelRank(state.level);
}

Deno.test("§29.5: through any history the level is monotone in the skew and in the loss", () => {
  fc.assert(
    fc.property(fc.array(pairsOfSituations, { maxLength: 40 }), (history) => {
      let calm = CALM;
      let troubled = CALM;
      for (const { better, worse } of history) {
        calm = step(calm, better);
        troubled = step(troubled, worse);
        assert.ok(rank(calm) <= rank(troubled), `${calm.level} above ${troubled.level}`);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("§29.5: KILL_SWITCH absorbs every history, also across restarts", () => {
  const killed = step(CALM, { skew: 0.9, pnl: 0 });
  fc.assert(
    fc.property(fc.array(fc.tuple(situations, fc.boolean()), { maxLength: 40 }), (history) => {
      let state = killed;
      for (const [situation, restarts] of history) {
        state = step(state, situation);
        const { level, calmCycles, latch } = state;
        if (restarts) {
          state = restoreDefense(JSON.parse(JSON.stringify({ level, calmCycles, latch })), 0);
        }
        assert.equal(state.level, "KILL_SWITCH");
        assert.deepEqual(state.latch, killed.latch);
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("§10: the level falls by one step, and after calm cycles only", () => {
  fc.assert(
    fc.property(fc.array(situations, { maxLength: 60 }), (history) => {
      let state = CALM;
      for (const situation of history) {
        const next = step(state, situation);
        if (rank(next) < rank(state)) {
          assert.equal(rank(next), rank(state) - 1);
          assert.equal(state.calmCycles, CONFIG.defenseCooldownCycles - 1);
        }
        assert.equal(next.latch !== null, next.level === "KILL_SWITCH");
        assert.equal(next.oneSideSinceMs !== null, next.level === "ONE_SIDE");
        state = next;
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("§29.8: a missing figure never leads to a lower level", () => {
  const figures = fc.constantFrom<keyof DefenseInput>(
    "skew",
    "riskPnlCents",
    "globalDayPnlCents",
    "equityCents",
  );
  fc.assert(
    fc.property(
      fc.array(situations, { maxLength: 10 }),
      situations,
      figures,
      (past, now, figure) => {
        const state = past.reduce(step, CALM);
        const known = evaluateDefense(state, input(now), CONFIG).state;
        const blind = evaluateDefense(state, { ...input(now), [figure]: NaN }, CONFIG).state;
        assert.ok(rank(blind) >= rank(known));
      },
    ),
    { numRuns: 100 },
  );
});

const multiplierInputs: fc.Arbitrary<MultiplierInput> = fc.record({
  level: fc.constant("NORMAL" as const),
  neutralOneSide: fc.constant(false),
  fairCents: fc.double({ min: 1, max: 99, noNaN: true }),
  toxicity: fc.double({ min: 0, max: 1, noNaN: true }),
  eventShielded: fc.boolean(),
  oracleStale: fc.boolean(),
  maturity: fc.double({ min: 0, max: 100, noNaN: true }).map((tauHours) =>
    maturityOf(tauHours, 0, CONFIG)
  ),
});

function product(multipliers: readonly { readonly value: number }[]): number {
  return multipliers.reduce((factor, { value }) => factor * value, 1);
}

Deno.test("§29.4: in any market the quoted spread widens with the defence level", () => {
  const fair = fc.integer({ min: 1, max: 99 });
  fc.assert(
    fc.property(multiplierInputs, fair, (market, fairCents) => {
      const spreads = ([
        { level: "NORMAL" },
        { level: "WIDEN" },
        { level: "ONE_SIDE", neutralOneSide: true },
      ] as const).map((level) => {
        const multipliers = spreadMultipliers({ ...market, fairCents, ...level }, CONFIG);
        return quoteTouch(touchInput({ fairCents, multipliers }), CONFIG);
      });
      const widths = spreads.map(({ spreadCents }) => spreadCents);
      assert.deepEqual(widths, widths.toSorted((a, b) => a - b));
      const quoted = spreads.map(({ ask, bid }) => ask - bid);
      assert.deepEqual(quoted, quoted.toSorted((a, b) => a - b));
    }),
    { numRuns: 200 },
  );
});

Deno.test("§29.8: an unknown price or time never narrows the spread or raises the quantity", () => {
  fc.assert(
    fc.property(multiplierInputs, (market) => {
      const blind = { ...market, fairCents: NaN, maturity: maturityOf(NaN, 0, CONFIG) };
      const spread = (input: MultiplierInput) => product(spreadMultipliers(input, CONFIG));
      const quantity = (input: MultiplierInput) => product(quantityMultipliers(input, CONFIG));
      assert.ok(spread(blind) >= spread(market));
      assert.ok(quantity(blind) <= quantity(market));
    }),
    { numRuns: 200 },
  );
});

Deno.test("§24: nearer to the end the quantity never rises and the spread never narrows", () => {
  const hours = fc.double({ min: -1, max: 50, noNaN: true });
  fc.assert(
    fc.property(hours, hours, (a, b) => {
      const near = maturityOf(Math.min(a, b), 0, CONFIG);
      const far = maturityOf(Math.max(a, b), 0, CONFIG);
      assert.ok(near.quantityRatio <= far.quantityRatio);
      assert.ok(near.spreadMultiplier >= far.spreadMultiplier);
      assert.ok(near.stop || !far.stop);
    }),
    { numRuns: 200 },
  );
});
