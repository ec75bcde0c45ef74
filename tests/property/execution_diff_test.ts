import assert from "node:assert/strict";
import fc from "fast-check";
import { restingQuantities } from "../../src/execution/cooldown.ts";
import { planOrders } from "../../src/execution/order_diff.ts";
import { isMoreAggressive } from "../../src/execution/order_form.ts";
import { type Change, matchOrders } from "../../src/execution/order_match.ts";
import type { PlannedAction, RestingOrder } from "../../src/execution/planned_action.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import {
  arbitraryMarket,
  CONFIG,
  FREEZE_BPS,
  type MarketCase,
  MODES,
  overdrafts,
} from "../support/arbitrary_orders.ts";
import {
  afterPlan,
  describePlan,
  diffContext,
  intent,
  restAs,
  sharesByForm,
  touchOf,
} from "../support/orders.ts";

const RUNS = { numRuns: 150 };

/** What becomes of a call; `unclear` may or may not have happened. */
type Fate = "done" | "refused" | "unclear";

const circumstances = fc.record({
  fairMoveCents: fc.integer({ min: -1, max: 1 }),
  privileged: fc.boolean(),
  cooldownSides: fc.subarray<BookSide>(["ASK", "BID"]),
  isAged: fc.boolean(),
  fates: fc.array(
    fc.constantFrom<Fate>("done", "done", "done", "refused", "unclear"),
    { minLength: 25, maxLength: 25 },
  ),
});
type Circumstances = typeof circumstances extends fc.Arbitrary<infer C> ? C : never;

function planFor(market: MarketCase, how: Partial<Circumstances>): readonly PlannedAction[] {
  const { resting, holdings, spendableCents, targets } = market;
  const orders = resting.map((order) => ({ ...order, ageMs: how.isAged ? 1_000_000 : 0 }));
  const context = diffContext({
    holdings,
    spendableCents,
    freezeBps: FREEZE_BPS,
    ...how,
  });
  return planOrders(targets, orders, context, CONFIG);
}

/**
 * Carries a plan out with the given fates, as the order manager does, and lists after every call
 * the orders that may rest then: those that do, and those whose call is unclear.
 */
function instants(
  market: MarketCase,
  plan: readonly PlannedAction[],
  fates: readonly Fate[],
): readonly (readonly RestingOrder[])[] {
  let mayRest = market.resting;
  const gone = new Set<string>();
  return plan.map((action, index) => {
    const fate = fates[index] ?? "done";
    if (action.kind === "KEEP" || fate === "refused") return mayRest;
    if (!action.waitsFor.every((id) => gone.has(id))) return mayRest;
    if (action.kind !== "CANCEL") mayRest = [...mayRest, restAs(action.target, `new-${index}`)];
    if (action.kind !== "PLACE" && fate === "done") {
      gone.add(action.order.orderId);
      mayRest = mayRest.filter((order) => order.orderId !== action.order.orderId);
    }
    return mayRest;
  });
}

const cases = MODES.flatMap((mode) => MODES.map((before) => ({ mode, before })));

for (const { mode, before } of cases) {
  const name = mode === before ? mode : `${before} to ${mode}`;

  Deno.test(`L-67 property diff, ${name}: own quotes never meet, at no instant and whatever fails (§29 item 2)`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode, { before }), circumstances, (market, how) => {
        for (const orders of instants(market, planFor(market, how), how.fates)) {
          const { bid, ask } = touchOf(orders);
          assert.ok(bid < ask, `${bid}/${ask}`);
        }
      }),
      RUNS,
    );
  });

  Deno.test(`property diff, ${name}: stock and cash are never promised twice, at no instant (§29 item 3)`, () => {
    fc.assert(
      fc.property(arbitraryMarket(mode, { before }), circumstances, (market, how) => {
        const fates = how.fates.map((fate) => fate === "unclear" ? "refused" : fate);
        for (const orders of instants(market, planFor(market, how), fates)) {
          const promised = orders.map((order) => ({ ...order, level: 0, reason: "" }))
            .map((order) => ({ ...order, quantity: order.remaining }));
          assert.deepEqual(overdrafts(promised, market), []);
        }
      }),
      RUNS,
    );
  });

  Deno.test(`property diff, ${name}: carried out, it leaves the target within tolerance and nothing more to do`, () => {
    const market = arbitraryMarket(mode, { before, ample: true });
    fc.assert(
      fc.property(market, fc.boolean(), (market, privileged) => {
        const after = afterPlan(market.resting, planFor(market, { privileged }));
        const rests = sharesByForm(after);
        assert.deepEqual(
          Object.keys(rests).sort(),
          Object.keys(sharesByForm(asResting(market))).sort(),
        );
        for (const [form, wanted] of Object.entries(sharesByForm(asResting(market)))) {
          const difference = Math.abs((rests[form] ?? 0) - wanted);
          assert.ok(difference <= CONFIG.qtyToleranceFraction * wanted + 1e-9, form);
        }
        const again = planFor({ ...market, resting: after }, { privileged });
        assert.deepEqual(describePlan(again), []);
      }),
      RUNS,
    );
  });
}

function asResting({ targets }: MarketCase): readonly RestingOrder[] {
  return targets.map((target, index) => restAs(target, `target-${index}`));
}

const anyMarket = fc.constantFrom(...MODES).chain((mode) => arbitraryMarket(mode));

Deno.test("property diff: every order is operated on at most once", () => {
  fc.assert(
    fc.property(anyMarket, circumstances, (market, how) => {
      const plan = planFor(market, how);
      const ids = plan.flatMap((action) => action.kind === "PLACE" ? [] : [action.order.orderId]);
      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(new Set(ids), new Set(market.resting.map((order) => order.orderId)));
    }),
    RUNS,
  );
});

Deno.test("property diff: what an action waits for comes before it", () => {
  fc.assert(
    fc.property(anyMarket, circumstances, (market, how) => {
      const gone = new Set<string>();
      for (const action of planFor(market, how)) {
        if (action.kind === "KEEP") continue;
        for (const id of action.waitsFor) assert.ok(gone.has(id), id);
        if (action.kind !== "PLACE") gone.add(action.order.orderId);
      }
    }),
    RUNS,
  );
});

Deno.test("property diff: a side that cools down never rests more at a price or better than before (§14 D)", () => {
  fc.assert(
    fc.property(anyMarket, circumstances, (market, how) => {
      for (const orders of instants(market, planFor(market, how), how.fates.map(() => "done"))) {
        for (const side of how.cooldownSides) {
          for (const at of orders.filter((order) => order.side === side)) {
            const better = (all: readonly RestingOrder[]) =>
              restingQuantities(all.filter((o) => o.side === side && !isMoreAggressive(at, o)))
                .reduce((sum, { quantity }) => sum + quantity, 0);
            assert.ok(better(orders) <= better(market.resting), `${side} ${at.yesPrice}`);
          }
        }
      }
    }),
    RUNS,
  );
});

Deno.test("property diff: at most one order per side is refreshed, and none that cools down", () => {
  fc.assert(
    fc.property(anyMarket, circumstances, (market, how) => {
      const refreshed = planFor(market, { ...how, isAged: true })
        .flatMap((a) => a.kind === "CANCEL" && a.priority === "refresh" ? [a.order.side] : []);
      assert.equal(new Set(refreshed).size, refreshed.length);
      assert.ok(refreshed.every((side) => !how.cooldownSides.includes(side)));
    }),
    RUNS,
  );
});

/** Sold YES and sold NO, in any order. */
const soldQuotes = fc.uniqueArray(
  fc.tuple(fc.constantFrom("YES" as const, "NO" as const), fc.integer({ min: 51, max: 70 })),
  { selector: ([contract, at]) => `${contract} ${at}`, maxLength: 10 },
).map((quotes) => quotes.map(([contract, at]) => intent(["SELL", contract, at, 100])));

function describeChange(change: Change): string {
  const order = change.kind === "ADD" ? "" : `${change.order.yesPrice} `;
  const target = change.kind === "DROP" ? "" : String(change.target.yesPrice);
  return `${change.kind} ${order}${target}`;
}

Deno.test("property diff: what becomes of a side does not depend on the other one", () => {
  fc.assert(
    fc.property(soldQuotes, soldQuotes, (targets, before) => {
      const orders = before.map((target, index) => restAs(target, `old-${index}`));
      const matched = (...sides: BookSide[]) => {
        const isOfThese = ({ side }: { readonly side: BookSide }) => sides.includes(side);
        return matchOrders(targets.filter(isOfThese), orders.filter(isOfThese), CONFIG)
          .map(describeChange);
      };
      const apart = [...matched("BID"), ...matched("ASK")];
      assert.deepEqual(matched("BID", "ASK").sort(), apart.sort());
    }),
    RUNS,
  );
});
