import assert from "node:assert/strict";
import fc from "fast-check";
import type { MarketConfig } from "../../src/config/registry.ts";
import { EMPTY_BOOK, levels } from "../../src/models/book.ts";
import { effectiveSkew, type Holdings, pairs } from "../../src/models/inventory.ts";
import { cents, MAX_PRICE, MIN_PRICE, shares } from "../../src/models/money.ts";
import type { BookSide, QuoteFunding } from "../../src/models/vocabulary.ts";
import { maxRestingShares, sharesWithinSkew } from "../../src/risk/inventory_guard.ts";
import { type PairInput, pairsToMerge, planPairs } from "../../src/risk/pairs.ts";
import { planUnwinding, sharesToGoal } from "../../src/risk/unwinding.ts";
import { marketConfig } from "../support/config.ts";
import { holding } from "../support/risk.ts";

const MODES = ["inventory", "cash", "inventory_then_cash"] as const;
const FLOOR = 400;
const SLACK = 1e-9;

const holdingsUpTo = (most: number): fc.Arbitrary<Holdings> =>
  fc.tuple(fc.nat(most), fc.nat(most)).map(([yes, no]) => holding(yes, no));
const sides = fc.constantFrom<BookSide>("ASK", "BID");
const modes = fc.constantFrom<QuoteFunding>(...MODES);

/** Holdings after the complete fill of a side, stock first. */
function filled(
  holdings: Holdings,
  side: BookSide,
  quantity: number,
  mode: QuoteFunding,
): Holdings {
  const stock = side === "ASK" ? holdings.yes : holdings.no;
  const sold = mode === "cash" ? 0 : Math.min(stock, quantity);
  const bought = quantity - sold;
  return side === "ASK"
    ? holding(holdings.yes - sold, holdings.no + bought)
    : holding(holdings.yes + bought, holdings.no - sold);
}

/** q as a side sees it: positive while the fills of the side reduce it. */
function skewFor(side: BookSide, holdings: Holdings): number {
  return effectiveSkew(holdings, FLOOR) * (side === "ASK" ? 1 : -1);
}

Deno.test("§13: the limit stays within theta, and one share more would not", () => {
  fc.assert(
    fc.property(holdingsUpTo(3000), sides, modes, (holdings, side, mode) => {
      const config = marketConfig({ quoteFunding: mode });
      const theta = config.guardTheta;
      const limit = sharesWithinSkew(side, holdings, config);
      const after = (quantity: number) => skewFor(side, filled(holdings, side, quantity, mode));
      if (limit > 0) assert.ok(after(limit) >= -theta - SLACK, `q ${after(limit)}`);
      const outOfStock = mode === "inventory" &&
        limit === (side === "ASK" ? holdings.yes : holdings.no);
      if (!outOfStock) assert.ok(after(limit + 1) < -theta + SLACK, `q ${after(limit + 1)}`);
    }),
    { numRuns: 200 },
  );
});

Deno.test("§13: mirrored holdings give the other side the same limit", () => {
  fc.assert(
    fc.property(holdingsUpTo(3000), modes, (holdings, mode) => {
      const config = marketConfig({ quoteFunding: mode });
      const market = { maxPositionPerUser: shares(25_000) };
      const mirrored = holding(holdings.no, holdings.yes);
      assert.equal(
        maxRestingShares({ side: "ASK", holdings, market }, config),
        maxRestingShares({ side: "BID", holdings: mirrored, market }, config),
      );
    }),
    { numRuns: 100 },
  );
});

Deno.test("§13: no setting of an absolute limit ever raises what may rest", () => {
  const limits = fc.record({
    maxNetShares: fc.integer({ min: 1, max: 2000 }),
    maxRestingPerSide: fc.integer({ min: 1, max: 2000 }),
    maxInventoryPerSide: fc.integer({ min: 1, max: 2000 }),
  });
  fc.assert(
    fc.property(holdingsUpTo(2000), sides, modes, limits, (holdings, side, mode, absolute) => {
      const config = marketConfig({ quoteFunding: mode, ...absolute });
      const market = { maxPositionPerUser: shares(25_000) };
      const resting = maxRestingShares({ side, holdings, market }, config);
      assert.ok(resting <= sharesWithinSkew(side, holdings, config));
      assert.ok(resting <= absolute.maxRestingPerSide);
    }),
    { numRuns: 100 },
  );
});

Deno.test("§10.1: the fewest shares bring the skew to its goal, not past zero", () => {
  fc.assert(
    fc.property(
      holdingsUpTo(3000),
      modes,
      fc.constantFrom(0, 0.3),
      (holdings, mode, goal) => {
        const config = marketConfig({ quoteFunding: mode });
        const side: BookSide = holdings.yes >= holdings.no ? "ASK" : "BID";
        const quantity = sharesToGoal(holdings, goal, config);
        const after = (sold: number) => skewFor(side, filled(holdings, side, sold, mode));
        assert.ok(after(quantity) >= 0);
        assert.ok(after(quantity) <= goal + SLACK, `q ${after(quantity)}`);
        if (quantity > 0) assert.ok(after(quantity - 1) > goal - SLACK, `q ${after(quantity - 1)}`);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("§10.1: ONE_SIDE offers at least one heavy share at a legal price", () => {
  const config = marketConfig();
  fc.assert(
    fc.property(
      holdingsUpTo(3000),
      fc.integer({ min: 1, max: 99 }),
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.nat(20_000_000),
      (holdings, fairCents, shiftCents, nowMs) => {
        const plan = planUnwinding({
          holdings,
          fairCents,
          reservationCents: fairCents - shiftCents,
          book: EMPTY_BOOK,
          bounds: { minPrice: MIN_PRICE, maxPrice: MAX_PRICE },
          oneSideSinceMs: 0,
          lastFillMs: { ASK: null, BID: null },
          nowMs,
        }, config);
        const skew = effectiveSkew(holdings, FLOOR);
        assert.equal(plan.kind === "reduce", Math.abs(skew) > config.oneSideDeadBand);
        if (plan.kind !== "reduce") return;
        assert.equal(plan.side, skew > 0 ? "ASK" : "BID");
        assert.ok(plan.maxShares >= 1);
        assert.ok(Number.isInteger(plan.topLadderPrice) && plan.topLadderPrice >= 1);
        const fairOfContract = plan.side === "ASK" ? fairCents : 100 - fairCents;
        assert.ok(plan.topLadderPrice >= fairOfContract - config.maxConcessionCents);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("§10.1: without leave to take, the unwinding ladder never meets the others", () => {
  const price = fc.integer({ min: 2, max: 98 });
  fc.assert(
    fc.property(price, price, fc.boolean(), (opposite, fairCents, yesHeavy) => {
      const plan = planUnwinding({
        holdings: yesHeavy ? holding(900, 100) : holding(100, 900),
        fairCents,
        reservationCents: fairCents,
        book: {
          bids: levels("BID", [[opposite, 10]]),
          asks: levels("ASK", [[opposite, 10]]),
          lastTradePrice: null,
        },
        bounds: { minPrice: MIN_PRICE, maxPrice: MAX_PRICE },
        oneSideSinceMs: 0,
        lastFillMs: { ASK: null, BID: null },
        nowMs: 0,
      }, marketConfig());
      if (plan.kind !== "reduce") assert.fail(`the plan is ${plan.kind}`);
      const { side, topLadderPrice } = plan;
      const yesPrice = side === "ASK" ? topLadderPrice : 100 - topLadderPrice;
      assert.ok(side === "ASK" ? yesPrice > opposite : yesPrice < opposite);
    }),
    { numRuns: 200 },
  );
});

const pairConfigs: fc.Arbitrary<Partial<MarketConfig>> = fc.record({
  quoteFunding: modes,
  initialMintQuantity: fc.integer({ min: 1, max: 2000 }),
  autoMergeReserveRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  cashReserveCents: fc.nat(20_000),
  skewFloorShares: fc.constant(FLOOR),
});

Deno.test("§18: a merge alone never leads to ONE_SIDE, and no plan exceeds stock or cash", () => {
  fc.assert(
    fc.property(
      holdingsUpTo(2500),
      fc.integer({ min: -1000, max: 200_000 }),
      fc.integer({ min: 0, max: 100 }),
      pairConfigs,
      (holdings, cash, lockedShare, overrides) => {
        const config = marketConfig(overrides);
        const available = holding(
          Math.floor((holdings.yes * (100 - lockedShare)) / 100),
          Math.floor((holdings.no * (100 - lockedShare)) / 100),
        );
        const input: PairInput = {
          holdings,
          available,
          ledger: { marketCashCents: cents(cash), leakCents: cents(0) },
          freeCashCents: cents(cash),
          marketIsActive: true,
          level: "NORMAL",
          phase: "STABILIZATION",
          tauHours: 720,
          eventShielded: false,
        };
        const { operation, quantity } = planPairs(input, config);
        assert.equal(operation === "NONE", quantity === 0);
        if (operation === "MINT") {
          assert.ok(100 * quantity <= cash - config.cashReserveCents);
          assert.ok(pairs(holdings) + quantity <= config.initialMintQuantity);
        }
        if (operation === "BURN") {
          assert.ok(quantity <= pairs(available));
          const burned = pairsToMerge(input, config);
          assert.ok(quantity <= burned);
          const before = Math.abs(effectiveSkew(holdings, FLOOR));
          const after = effectiveSkew(holding(holdings.yes - burned, holdings.no - burned), FLOOR);
          assert.ok(Math.abs(after) <= Math.max(0.55, before) + SLACK, `q ${after}`);
        }
      },
    ),
    { numRuns: 200 },
  );
});
