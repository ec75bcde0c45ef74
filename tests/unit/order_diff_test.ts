import assert from "node:assert/strict";
import { cooldownHeadroom } from "../../src/execution/cooldown.ts";
import { type DiffContext, planOrders } from "../../src/execution/order_diff.ts";
import { pairNearest } from "../../src/execution/pairing.ts";
import type { RestingOrder } from "../../src/execution/planned_action.ts";
import { cents } from "../../src/models/money.ts";
import type { OrderIntent } from "../../src/models/order.ts";
import { marketConfig } from "../support/config.ts";
import {
  afterAction,
  afterPlan,
  describePlan,
  diffContext,
  intent,
  resting,
  sharesByForm,
  touchOf,
} from "../support/orders.ts";
import { holding, restingOrder } from "../support/risk.ts";

function plan(
  targets: readonly OrderIntent[],
  orders: readonly RestingOrder[],
  context: Partial<DiffContext> = {},
  overrides: Parameters<typeof marketConfig>[0] = {},
) {
  return planOrders(targets, orders, diffContext(context), marketConfig(overrides));
}

const LADDER = [52, 55, 58, 61, 64] as const;
const SIZES = [100, 70, 49, 34, 24] as const;

/** The geometric ladder of §8 on both sides, `shift` cents higher, as `inventory` funds it. */
function ladders(shift: number): readonly OrderIntent[] {
  return LADDER.flatMap((at, level) => [
    intent(["SELL", "YES", at + shift, SIZES[level] ?? 0]),
    intent(["SELL", "NO", at - shift, SIZES[level] ?? 0]),
  ]);
}

Deno.test("order diff: nothing rests, so every target is placed, near levels first", () => {
  const targets = [intent(["SELL", "YES", 52, 50]), intent(["SELL", "YES", 51, 100])];
  assert.deepEqual(describePlan(plan(targets, [])), [
    "PLACE SELL YES 51x100",
    "PLACE SELL YES 52x50",
  ]);
});

Deno.test("order diff: an empty target cancels everything", () => {
  const orders = [resting(["SELL", "YES", 51, 100]), resting(["SELL", "NO", 51, 80])];
  assert.deepEqual(describePlan(plan([], orders)), [
    "CANCEL SELL YES 51x100",
    "CANCEL SELL NO 51x80",
  ]);
});

const FALLEN_TARGETS = [
  intent(["SELL", "YES", 48, 100]),
  intent(["SELL", "YES", 49, 50]),
  intent(["SELL", "NO", 54, 80]),
];

Deno.test("order diff: when fair falls the bid moves away before the asks follow (§17 example)", () => {
  const orders = [
    resting(["SELL", "YES", 51, 100]),
    resting(["SELL", "YES", 52, 50]),
    resting(["SELL", "NO", 51, 80]),
  ];
  assert.deepEqual(describePlan(plan(FALLEN_TARGETS, orders, { fairMoveCents: -3 })), [
    "REPLACE SELL NO 51x80 by SELL NO 54x80",
    "REPLACE SELL YES 51x100 by SELL YES 48x100",
    "REPLACE SELL YES 52x50 by SELL YES 49x50",
  ]);
});

Deno.test("order diff: a partly filled order is cancelled and placed with the stock that is free then (§17 example)", () => {
  const orders = [
    resting(["SELL", "YES", 51, 100], { remaining: 60 }),
    resting(["SELL", "YES", 52, 50]),
    resting(["SELL", "NO", 51, 80]),
  ];
  const context = { fairMoveCents: -3, holdings: holding(130, 1000) };
  assert.deepEqual(describePlan(plan(FALLEN_TARGETS, orders, context)), [
    "REPLACE SELL NO 51x80 by SELL NO 54x80",
    "CANCEL SELL YES 51x60",
    "PLACE SELL YES 48x80",
    "REPLACE SELL YES 52x50 by SELL YES 49x50",
  ]);
});

Deno.test("order diff: what was filled is placed anew beside the rest, which keeps its place (§17 example)", () => {
  const orders = [resting(["SELL", "YES", 51, 100], { remaining: 60 })];
  const actions = plan([intent(["SELL", "YES", 51, 100])], orders);
  assert.deepEqual(actions.map((action) => action.kind), ["KEEP", "PLACE"]);
  assert.deepEqual(describePlan(actions), ["PLACE SELL YES 51x40"]);
});

Deno.test("order diff: the account without privilege cancels before it places", () => {
  const orders = [resting(["SELL", "YES", 51, 100])];
  const actions = plan([intent(["SELL", "YES", 53, 100])], orders, { privileged: false });
  assert.deepEqual(describePlan(actions), ["CANCEL SELL YES 51x100", "PLACE SELL YES 53x100"]);
  const [, place] = actions;
  assert.deepEqual(place?.kind === "PLACE" && place.waitsFor, ["SELL-YES-51"]);
});

for (
  const [remaining, expected] of [
    [100, []],
    [80, []],
    [79, ["PLACE SELL YES 51x21"]],
    [120, []],
    [121, ["REPLACE SELL YES 51x121 by SELL YES 51x100"]],
  ] as const
) {
  Deno.test(`order diff: ${remaining} shares resting for a target of 100 at tolerance 0.2`, () => {
    const orders = [resting(["SELL", "YES", 51, remaining])];
    assert.deepEqual(describePlan(plan([intent(["SELL", "YES", 51, 100])], orders)), expected);
  });
}

Deno.test("order diff: several orders at a price count together", () => {
  const orders = [
    resting(["SELL", "YES", 51, 60], { id: "old", ageMs: 9 }),
    resting(["SELL", "YES", 51, 40], { id: "new" }),
  ];
  assert.deepEqual(describePlan(plan([intent(["SELL", "YES", 51, 100])], orders)), []);
});

Deno.test("order diff: of several orders at a price the newest go first when there is too much", () => {
  const orders = [
    resting(["SELL", "YES", 51, 60], { id: "old", ageMs: 9 }),
    resting(["SELL", "YES", 51, 40], { id: "new" }),
  ];
  assert.deepEqual(describePlan(plan([intent(["SELL", "YES", 51, 50])], orders)), [
    "CANCEL SELL YES 51x40",
  ]);
  const [kept] = plan([intent(["SELL", "YES", 51, 50])], orders);
  assert.equal(kept?.kind === "KEEP" && kept.order.orderId, "old");
});

Deno.test("order diff: a missing part smaller than the smallest order is not sent", () => {
  const orders = [resting(["SELL", "YES", 51, 91])];
  const config = { qtyToleranceFraction: 0, minOrderQty: 10 };
  assert.deepEqual(describePlan(plan([intent(["SELL", "YES", 51, 100])], orders, {}, config)), []);
});

Deno.test("order diff: a small price change is skipped, but never when the order is too aggressive", () => {
  const target = [intent(["SELL", "YES", 52, 100])];
  const config = { minRepriceCents: 2 };
  const patient = plan(target, [resting(["SELL", "YES", 53, 100])], {}, config);
  assert.deepEqual(describePlan(patient), []);
  const eager = plan(target, [resting(["SELL", "YES", 51, 100])], {}, config);
  assert.deepEqual(describePlan(eager), ["REPLACE SELL YES 51x100 by SELL YES 52x100"]);
});

Deno.test("order diff: an order of the same form is moved rather than one of the other form", () => {
  const orders = [resting(["SELL", "YES", 51, 50]), resting(["BUY", "NO", 48, 50])];
  const targets = [intent(["BUY", "NO", 47, 50]), intent(["SELL", "YES", 54, 50])];
  assert.deepEqual(describePlan(plan(targets, orders, { spendableCents: cents(10_000) })), [
    "REPLACE BUY NO 48x50 by BUY NO 47x50",
    "REPLACE SELL YES 51x50 by SELL YES 54x50",
  ]);
});

Deno.test("order diff: after a change of funding the old form becomes the new one", () => {
  const orders = [resting(["SELL", "YES", 52, 50])];
  const context = { spendableCents: cents(10_000), holdings: holding(50, 0) };
  assert.deepEqual(describePlan(plan([intent(["BUY", "NO", 48, 50])], orders, context)), [
    "REPLACE SELL YES 52x50 by BUY NO 48x50",
  ]);
});

Deno.test("order diff: without cash for the new form the order that does no harm stays", () => {
  const orders = [resting(["SELL", "YES", 52, 50])];
  assert.deepEqual(describePlan(plan([intent(["BUY", "NO", 48, 50])], orders)), []);
});

for (
  const [from, to, pairs] of [
    [[51, 52], [48, 49], [[0, 0], [1, 1]]],
    [[52], [48, 53], [[0, 1]]],
    [[49, 52, 60], [53], [[1, 0]]],
    [[51, 52], [52, 53, 54], [[0, 0], [1, 1]]],
    [[], [50], []],
    [[50], [], []],
  ] as const
) {
  Deno.test(`pairNearest: ${JSON.stringify(from)} with ${JSON.stringify(to)}`, () => {
    assert.deepEqual(pairNearest(from, to), pairs);
  });
}

// Sequencing

Deno.test("order diff: when fair rises the asks move away before the bids follow", () => {
  const orders = [resting(["SELL", "YES", 51, 100]), resting(["SELL", "NO", 51, 80])];
  const targets = [intent(["SELL", "YES", 54, 100]), intent(["SELL", "NO", 48, 80])];
  assert.deepEqual(describePlan(plan(targets, orders, { fairMoveCents: 3 })), [
    "REPLACE SELL YES 51x100 by SELL YES 54x100",
    "REPLACE SELL NO 51x80 by SELL NO 48x80",
  ]);
});

Deno.test("order diff: the side that fair moves away from is also placed first", () => {
  const targets = [intent(["SELL", "YES", 51, 10]), intent(["SELL", "NO", 52, 10])];
  assert.deepEqual(describePlan(plan(targets, [], { fairMoveCents: -1 })), [
    "PLACE SELL NO 52x10",
    "PLACE SELL YES 51x10",
  ]);
  assert.deepEqual(describePlan(plan(targets, [], { fairMoveCents: 1 })), [
    "PLACE SELL YES 51x10",
    "PLACE SELL NO 52x10",
  ]);
});

Deno.test("order diff: an order that would meet a resting one waits until that is gone", () => {
  const orders = [resting(["SELL", "NO", 45, 80], { id: "bid-55" })];
  const targets = [intent(["SELL", "YES", 53, 100]), intent(["SELL", "NO", 52, 80])];
  const actions = plan(targets, orders, { fairMoveCents: -7 });
  assert.deepEqual(describePlan(actions), [
    "REPLACE SELL NO 45x80 by SELL NO 52x80",
    "PLACE SELL YES 53x100",
  ]);
  const place = actions.at(-1);
  assert.deepEqual(place?.kind === "PLACE" && place.waitsFor, ["bid-55"]);
});

Deno.test("order diff: a placement that needs locked stock waits for the cancel that frees it", () => {
  const orders = [resting(["SELL", "YES", 60, 90], { id: "far" })];
  const targets = [intent(["SELL", "YES", 51, 50]), intent(["SELL", "YES", 52, 40])];
  const actions = plan(targets, orders, { holdings: holding(100, 0), privileged: false });
  assert.deepEqual(describePlan(actions), [
    "CANCEL SELL YES 60x90",
    "PLACE SELL YES 52x40",
    "PLACE SELL YES 51x50",
  ]);
  const places = actions.filter((action) => action.kind === "PLACE");
  assert.deepEqual(places.map((place) => place.waitsFor), [["far"], ["far"]]);
});

Deno.test("order diff: cash that one side frees can be used by the other, after it is confirmed", () => {
  const orders = [resting(["BUY", "YES", 48, 100], { id: "bid" })];
  const context = { holdings: holding(0, 0), spendableCents: cents(4810) };
  const actions = plan([intent(["BUY", "NO", 48, 100])], orders, context);
  assert.deepEqual(describePlan(actions), ["CANCEL BUY YES 48x100", "PLACE BUY NO 48x100"]);
  const place = actions.at(-1);
  assert.deepEqual(place?.kind === "PLACE" && place.waitsFor, ["bid"]);
});

Deno.test("order diff: a placement is cut to the stock that a tolerated order leaves", () => {
  const orders = [resting(["SELL", "YES", 51, 120])];
  const targets = [intent(["SELL", "YES", 51, 100]), intent(["SELL", "YES", 52, 100])];
  const actions = plan(targets, orders, { holdings: holding(200, 0) });
  assert.deepEqual(describePlan(actions), ["PLACE SELL YES 52x80"]);
});

Deno.test("order diff: stock that foreign orders lock is not offered", () => {
  const foreign = [restingOrder(["SELL", "YES", 70, 80])];
  const actions = plan([intent(["SELL", "YES", 51, 100])], [], {
    foreign,
    holdings: holding(100, 0),
  });
  assert.deepEqual(describePlan(actions), ["PLACE SELL YES 51x20"]);
});

Deno.test("order diff: nothing is placed where it would meet a placement whose fate is unknown", () => {
  const [pending] = [intent(["SELL", "NO", 48, 50])].map((bid) => ({
    ...bid,
    remaining: bid.quantity,
  }));
  const orders = [resting(["SELL", "YES", 54, 100])];
  const targets = [intent(["SELL", "YES", 51, 100]), intent(["SELL", "YES", 53, 50])];
  const actions = plan(targets, orders, { pending: pending === undefined ? [] : [pending] });
  assert.deepEqual(describePlan(actions), ["REPLACE SELL YES 54x100 by SELL YES 53x50"]);
});

Deno.test("order diff: nothing is placed where it would meet a foreign order", () => {
  const foreign = [restingOrder(["BUY", "YES", 52, 10])];
  assert.deepEqual(plan([intent(["SELL", "YES", 52, 100])], [], { foreign }), []);
});

// Refresh by age

/** Targets that are what rests. */
function targetsOf(orders: readonly RestingOrder[]): readonly OrderIntent[] {
  return orders.map((order) =>
    intent([order.direction, order.contract, order.contractPrice, order.quantity])
  );
}

Deno.test("order diff: at most one aged order per side is refreshed, the farthest first", () => {
  const aged = { ageMs: 300_001 };
  const orders = [
    resting(["SELL", "YES", 51, 100], aged),
    resting(["SELL", "YES", 52, 50], aged),
    resting(["SELL", "NO", 51, 80], aged),
  ];
  const actions = plan(targetsOf(orders), orders);
  assert.deepEqual(describePlan(actions), [
    "CANCEL SELL YES 52x50",
    "PLACE SELL YES 52x50",
    "CANCEL SELL NO 51x80",
    "PLACE SELL NO 51x80",
  ]);
  assert.ok(actions.every((action) => action.kind === "KEEP" || action.priority === "refresh"));
});

for (
  const [phase, ageMs, refreshed] of [
    ["STABILIZATION", 300_000, false],
    ["STABILIZATION", 300_001, true],
    ["EXPLORATION", 20_000, false],
    ["EXPLORATION", 20_001, true],
  ] as const
) {
  Deno.test(`order diff: in ${phase} an order of ${ageMs} ms is ${refreshed ? "" : "not "}refreshed`, () => {
    const orders = [resting(["SELL", "YES", 51, 100], { ageMs })];
    const actions = plan([intent(["SELL", "YES", 51, 100])], orders, { phase });
    assert.equal(describePlan(actions).length, refreshed ? 2 : 0);
  });
}

Deno.test("order diff: an order that the venue may have lost is refreshed whatever its age (Q-03)", () => {
  const orders = [
    resting(["SELL", "YES", 51, 100], { ageMs: 900 }),
    resting(["SELL", "YES", 52, 50], { ageMs: 3000 }),
    resting(["SELL", "YES", 53, 50], { ageMs: 3000 }),
  ];
  const actions = plan(targetsOf(orders), orders, { suspectAgeMs: 1000 });
  assert.deepEqual(describePlan(actions), ["CANCEL SELL YES 52x50", "PLACE SELL YES 52x50"]);
  assert.ok(actions.every((action) => action.kind === "KEEP" || action.priority === "place"));
});

Deno.test("order diff: what cannot be in doubt is kept, also if it is as old as the doubt", () => {
  const orders = [resting(["SELL", "YES", 51, 100], { ageMs: 1000 })];
  assert.deepEqual(describePlan(plan(targetsOf(orders), orders, { suspectAgeMs: 1000 })), []);
});

// One young order per side where the venue may lose its book

/** Three asks funded with cash, their ages in ms, near to far. */
function asks(...agesMs: readonly number[]): readonly RestingOrder[] {
  return agesMs.map((ageMs, level) => resting(["BUY", "NO", 48 - level, 100], { ageMs }));
}

/** How many orders of each age a plan refreshes. */
function refreshedAges(
  orders: readonly RestingOrder[],
  context: Partial<DiffContext> = {},
  quoteFunding: "cash" | "inventory" | "inventory_then_cash" = "cash",
): readonly number[] {
  const cash = { spendableCents: cents(100_000), ...context };
  return plan(targetsOf(orders), orders, cash, { quoteFunding })
    .flatMap((action) => action.kind === "CANCEL" ? [action.order.ageMs] : []);
}

for (
  const [ages, refreshed, why] of [
    [[9_999, 60_000, 30_000], [], "one order is young enough"],
    [[10_000, 60_000, 30_000], [60_000], "none is, so the oldest goes"],
    [[30_000, 30_000, 30_000], [30_000], "of the same age, one goes"],
  ] as const
) {
  Deno.test(`order diff: bought quotes aged ${ages.join(", ")} ms: ${why} (Q-03)`, () => {
    assert.deepEqual(refreshedAges(asks(...ages)), refreshed);
  });
}

Deno.test("order diff: of bought quotes of one age the farthest is refreshed, which has least to lose", () => {
  const orders = asks(20_000, 20_000, 20_000);
  const actions = plan(targetsOf(orders), orders, { spendableCents: cents(100_000) }, {
    quoteFunding: "cash",
  });
  assert.deepEqual(describePlan(actions), ["CANCEL BUY NO 46x100", "PLACE BUY NO 46x100"]);
});

Deno.test("order diff: while exploring, bought quotes are refreshed evenly over their age limit", () => {
  const context = { phase: "EXPLORATION" } as const;
  assert.deepEqual(refreshedAges(asks(6_666, 13_000, 19_000), context), []);
  assert.deepEqual(refreshedAges(asks(6_667, 13_000, 19_000), context), [19_000]);
});

Deno.test("order diff: a side that gets a new order anyway needs no refresh", () => {
  const orders = asks(60_000, 60_000, 60_000);
  const targets = [...targetsOf(orders), intent(["BUY", "NO", 45, 100])];
  const cash = { spendableCents: cents(1_000_000) };
  const actions = plan(targets, orders, cash, { quoteFunding: "cash" });
  assert.deepEqual(describePlan(actions), ["PLACE BUY NO 45x100"]);
});

Deno.test("order diff: sold quotes, for which a mint is needed, only have their age limit", () => {
  const orders = [resting(["SELL", "YES", 52, 100], { ageMs: 200_000 })];
  assert.deepEqual(refreshedAges(orders, {}, "inventory"), []);
  assert.deepEqual(refreshedAges(orders, {}, "inventory_then_cash"), [200_000]);
});

// Cooldown (§14 D)

Deno.test("order diff: a side that cools down is not topped up", () => {
  const orders = [resting(["SELL", "YES", 51, 100], { remaining: 60 })];
  const targets = [intent(["SELL", "YES", 51, 100]), intent(["SELL", "NO", 51, 80])];
  const actions = plan(targets, orders, { cooldownSides: ["ASK"] });
  assert.deepEqual(describePlan(actions), ["PLACE SELL NO 51x80"]);
});

Deno.test("order diff: a side that cools down may move away, with what it has", () => {
  const orders = [resting(["SELL", "YES", 51, 60])];
  const actions = plan([intent(["SELL", "YES", 53, 100])], orders, { cooldownSides: ["ASK"] });
  assert.deepEqual(describePlan(actions), ["REPLACE SELL YES 51x60 by SELL YES 53x60"]);
});

Deno.test("order diff: a side that cools down does not come nearer", () => {
  const orders = [resting(["SELL", "YES", 53, 60])];
  const actions = plan([intent(["SELL", "YES", 51, 60])], orders, { cooldownSides: ["ASK"] });
  assert.deepEqual(actions.map((action) => action.kind), ["KEEP"]);
});

Deno.test("order diff: while cooling down a level may grow by what leaves the better ones", () => {
  const orders = [resting(["SELL", "YES", 52, 70]), resting(["SELL", "YES", 53, 49])];
  const targets = [intent(["SELL", "YES", 53, 100]), intent(["SELL", "YES", 54, 19])];
  const actions = plan(targets, orders, { cooldownSides: ["ASK"] });
  assert.deepEqual(describePlan(actions), [
    "REPLACE SELL YES 52x70 by SELL YES 54x19",
    "PLACE SELL YES 53x51",
  ]);
  const place = actions.at(-1);
  assert.deepEqual(place?.kind === "PLACE" && place.waitsFor, ["SELL-YES-52"]);
});

for (
  const [at, planned, room] of [
    [51, [], 0],
    [52, [], 70],
    [53, [], 119],
    [53, [[52, 70]], 49],
    [52, [[53, 119]], 0],
    [60, [[52, 70]], 49],
  ] as const
) {
  Deno.test(`cooldownHeadroom: at ${at} beside ${JSON.stringify(planned)} with 70 at 52, 49 at 53`, () => {
    const asks = (entries: readonly (readonly [number, number])[]) =>
      entries.map(([yesPrice, quantity]) => ({ side: "ASK", yesPrice, quantity } as const));
    const now = asks([[52, 70], [53, 49]]);
    assert.equal(cooldownHeadroom({ side: "ASK", yesPrice: at }, asks(planned), now), room);
  });
}

// Scenarios

Deno.test("L-04 order diff: a price that comes back is quoted again, 50, 51, 50 in three cycles", () => {
  let orders: readonly RestingOrder[] = [];
  for (const [cycle, at] of [50, 51, 50].entries()) {
    orders = afterPlan(orders, plan([intent(["SELL", "YES", at, 100])], orders), `c${cycle}`);
  }
  assert.deepEqual(sharesByForm(orders), { "SELL YES 50": 100 });
});

Deno.test("L-16 order diff: all stock resting and an unchanged target mean zero actions for ten cycles", () => {
  const targets = [intent(["SELL", "YES", 51, 80]), intent(["SELL", "YES", 52, 20])];
  let orders = afterPlan([], plan(targets, [], { holdings: holding(100, 0) }));
  for (let cycle = 0; cycle < 10; cycle++) {
    const actions = plan(targets, orders, { holdings: holding(100, 0) });
    assert.deepEqual(describePlan(actions), []);
    orders = afterPlan(orders, actions);
  }
});

Deno.test("L-17 order diff: a move of fair by one cent takes only replaces, and neither side is ever empty", () => {
  const orders = afterPlan([], plan(ladders(0), []));
  const actions = plan(ladders(1), orders, { fairMoveCents: 1 });
  assert.deepEqual(new Set(actions.map((action) => action.kind)), new Set(["REPLACE"]));
  let now = orders;
  for (const [index, action] of actions.entries()) {
    now = afterAction(now, action, `moved-${index}`);
    const { bid, ask } = touchOf(now);
    assert.ok(bid > 0 && ask < 100, `after ${index}: ${bid}/${ask}`);
  }
});

for (const privileged of [true, false]) {
  for (const fairMoveCents of [-5, 5]) {
    Deno.test(`L-67 order diff: fair moves by ${fairMoveCents}, ${privileged ? "replacing" : "cancelling"}: own orders never meet`, () => {
      const orders = afterPlan([], plan(ladders(0), []));
      const actions = plan(ladders(fairMoveCents), orders, { fairMoveCents, privileged });
      let now = orders;
      for (const [index, action] of actions.entries()) {
        now = afterAction(now, action, `moved-${index}`);
        const { bid, ask } = touchOf(now);
        assert.ok(bid < ask, `after ${index}: ${bid}/${ask}`);
      }
      assert.deepEqual(touchOf(now), { bid: 48 + fairMoveCents, ask: 52 + fairMoveCents });
    });
  }
}
