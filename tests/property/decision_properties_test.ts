import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../src/cycle/decide.ts";
import type { Signals } from "../../src/cycle/observation.ts";
import { levelRank, type QuoteFunding } from "../../src/models/vocabulary.ts";
import { type Scene, scenes } from "../support/scenes.ts";

const MODES: readonly QuoteFunding[] = ["inventory", "cash", "inventory_then_cash"];
const RUNS = { numRuns: 500 };

Deno.test("decision: with equal skew every funding mode quotes the same prices (§29 item 4)", () => {
  fc.assert(
    fc.property(scenes("inventory"), (scene) => {
      // Without maker fees the fee floor is the same for every mode.
      const { before, seen } = scene;
      const market = { ...before.market, makerFeeBps: 0 };
      const prices = MODES.map((quoteFunding) => {
        const config = { ...scene.config, quoteFunding };
        const { spread, unwinding } = decide({ ...before, market }, seen, config).explained;
        const top = unwinding?.kind === "reduce" ? unwinding.topLadderPrice : null;
        return [spread?.ask, spread?.bid, top];
      });
      assert.deepEqual(prices[1], prices[0]);
      assert.deepEqual(prices[2], prices[0]);
    }),
    RUNS,
  );
});

/** Signals that say that something is missing, stale or malformed. */
const troubles: fc.Arbitrary<Partial<Signals>> = fc.constantFrom(
  { malformedReply: true },
  { syncAgeMs: 10_001 },
  { syncAgeMs: Infinity },
  { syncAgeMs: NaN },
  { bookFailures: 5 },
  { failures: 5 },
  { health: { calls: 20, failed: 3, medianLatencyMs: 20 } },
  { raised: ["DRIFT"] as const },
  { raised: ["STOCK_INVARIANT"] as const },
  { otherDayPnlCents: NaN },
);

Deno.test("decision: data that is missing, stale or malformed quotes nothing, and lowers no level (§29 item 8)", () => {
  fc.assert(
    fc.property(scenes(), troubles, (scene, trouble) => {
      const sound = decide(scene.before, scene.seen, scene.config);
      const { seen } = scene;
      const blind = { ...seen, signals: { ...seen.signals, ...trouble } };
      const troubled = decide(scene.before, blind, scene.config);
      assert.deepEqual(troubled.targets ?? [], []);
      const [before, after] = [sound.state.defense.level, troubled.state.defense.level];
      assert.ok(levelRank(after) >= levelRank(before), `${before} fell to ${after}`);
    }),
    RUNS,
  );
});

Deno.test("decision: a book that cannot be read has no say, and lowers no level that the skew asks for (§29 item 8)", () => {
  fc.assert(
    fc.property(scenes(), (scene) => {
      const sound = decide(scene.before, scene.seen, scene.config);
      const blind = decide(scene.before, { ...scene.seen, book: null }, scene.config);
      assert.equal(blind.explained.price?.microWeight, 0);
      assert.ok(levelRank(blind.state.defense.level) >= levelRankOfSkew(scene, sound.state));
    }),
    RUNS,
  );
});

/** The level that the skew alone asks for: what no price can lower. */
function levelRankOfSkew({ config }: Scene, state: Scene["before"]): number {
  const { yes, no } = state.position;
  const size = Math.max(yes + no, config.skewFloorShares ?? 400);
  const skew = size === 0 ? 0 : Math.abs(yes - no) / size;
  if (skew > config.inventorySkewKill) return 3;
  if (skew > config.inventorySkewOneSide) return 2;
  return skew > config.inventorySkewWiden ? 1 : 0;
}

Deno.test("decision: the same state and observation always give the same decision", () => {
  fc.assert(
    fc.property(scenes(), ({ before, seen, config }) => {
      assert.deepEqual(decide(before, seen, config), decide(before, seen, config));
    }),
    { numRuns: 200 },
  );
});

Deno.test("decision: own bids stay below own asks in every mode (§29 item 2)", () => {
  fc.assert(
    fc.property(scenes(), (scene) => {
      const targets = decide(scene.before, scene.seen, scene.config).targets ?? [];
      const at = (side: string) =>
        targets.filter((target) => target.side === side).map(({ yesPrice }) => yesPrice);
      assert.ok(Math.max(0, ...at("BID")) < Math.min(100, ...at("ASK")));
    }),
    RUNS,
  );
});
