import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../src/cycle/decide.ts";
import type { BookQuote } from "../../src/models/order.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import type { OracleState, OracleView } from "../../src/risk/oracle_guard.ts";
import { NOW_MS, type Scene, scenes, withOracle } from "../support/scenes.ts";

const RUNS = { numRuns: 600 };

/** Prices of every kind: in range, in the wrong unit, negative, and no numbers at all. */
const prices = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(NaN, Infinity, -Infinity, -5, 100.5, 4700, 0, 100),
);
const times = fc.oneof(
  fc.integer({ min: NOW_MS - 100_000, max: NOW_MS + 100_000 }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0),
);
const views: fc.Arbitrary<OracleView | null> = fc.option(
  fc.record({
    reading: fc.option(fc.record({ priceCents: prices, observedAtMs: times }), { nil: null }),
    problem: fc.constantFrom(null, "no answer within 2000 ms"),
  }),
  { nil: null },
);
/** What earlier cycles left, such as an observation that is under way. */
const memories: fc.Arbitrary<OracleState> = fc.record({
  lastCents: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null }),
  exposedUntilMs: fc.record({
    ASK: fc.constantFrom(0, NOW_MS - 1, NOW_MS + 1),
    BID: fc.constantFrom(0, NOW_MS - 1, NOW_MS + 1),
  }),
});

type Depth = Pick<BookQuote, "side" | "price" | "quantity">;

/** The ladders that a scene leads to; none if it is deferred. */
function quotesOf({ before, seen, config }: Scene): readonly Depth[] {
  return decide(before, seen, config).explained.quotes;
}

/** The orders that a scene leads to, as points of the YES book. */
function targetsOf({ before, seen, config }: Scene): readonly Depth[] {
  return (decide(before, seen, config).targets ?? [])
    .map(({ side, yesPrice, quantity }) => ({ side, price: yesPrice, quantity }));
}

function guarded(scene: Scene): Scene {
  return { ...scene, config: { ...scene.config, oracleGuardEnabled: true, oracleSlug: "rain" } };
}

/**
 * The loss room bounds the money of a ladder, and farther out the same money is more shares; a large
 * budget leaves the shares alone.
 */
function withRoom(scene: Scene): Scene {
  return { ...scene, config: { ...scene.config, maxPerMarketLossCents: 1_000_000_000 } };
}

/** Shares of a side that a taker meets up to a price, walking away from the fair price. */
function depthUpTo(quotes: readonly Depth[], side: BookSide, at: number): number {
  return quotes
    .filter((quote) => quote.side === side)
    .filter((quote) => side === "ASK" ? quote.price <= at : quote.price >= at)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

/** No price offers more on either side than before: nothing is nearer, nothing is larger. */
function assertNotMore(more: readonly Depth[], less: readonly Depth[]): void {
  for (const side of ["ASK", "BID"] as const) {
    for (const { price } of less.filter((quote) => quote.side === side)) {
      const [now, before] = [depthUpTo(less, side, price), depthUpTo(more, side, price)];
      assert.ok(now <= before, `${side} ${price}: ${now} shares, without the oracle ${before}`);
    }
  }
}

Deno.test("oracle: whatever it says, no side is quoted nearer or larger than without it (§15)", () => {
  fc.assert(
    fc.property(scenes().map(withRoom), views, memories, (scene, view, oracle) => {
      const remembering = { ...scene, before: { ...scene.before, oracle } };
      const looking = guarded(withOracle(remembering, view));
      assertNotMore(quotesOf(scene), quotesOf(looking));
    }),
    RUNS,
  );
});

// From cash the same money buys more shares at a lower price; it is the money that is bounded there.
Deno.test("oracle: nor are more shares offered from stock, whatever it says", () => {
  fc.assert(
    fc.property(scenes("inventory").map(withRoom), views, memories, (scene, view, oracle) => {
      const { before, seen } = scene;
      const empty: Scene = {
        ...scene,
        // Nothing rests, nothing cools down, and no fee floor drops one side for the other.
        before: {
          ...before,
          oracle,
          market: { ...before.market, makerFeeBps: 0 },
          lvr: { ...before.lvr, lastFillMs: { ASK: null, BID: null } },
        },
        seen: { ...seen, orders: [] },
      };
      assertNotMore(targetsOf(empty), targetsOf(guarded(withOracle(empty, view))));
    }),
    RUNS,
  );
});

Deno.test("oracle: switched off or without a slug it changes nothing, whatever there is to see", () => {
  fc.assert(
    fc.property(scenes(), views, fc.boolean(), (scene, view, enabled) => {
      const config = { ...scene.config, oracleGuardEnabled: enabled };
      const seeing = { ...withOracle(scene, view), config };
      const decision = decide(seeing.before, seeing.seen, config);
      assert.equal(decision.explained.oracle, null);
      assert.deepEqual(decision.targets, decide(scene.before, scene.seen, scene.config).targets);
    }),
    { numRuns: 100 },
  );
});

Deno.test("oracle: it never changes the level, the phase or what the market has learnt", () => {
  fc.assert(
    fc.property(scenes(), views, (scene, view) => {
      const looking = guarded(withOracle(scene, view));
      const without = decide(scene.before, scene.seen, scene.config).state;
      const state = decide(looking.before, looking.seen, looking.config).state;
      const { pauses: _p, oracle: _o, ...rest } = state;
      const { pauses: _q, oracle: _r, ...expected } = without;
      assert.deepEqual(rest, expected);
    }),
    { numRuns: 200 },
  );
});
