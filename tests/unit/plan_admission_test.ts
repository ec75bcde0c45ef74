import assert from "node:assert/strict";
import { admitActions } from "../../src/connector/plan_admission.ts";
import { ORDERS, RateBudget } from "../../src/connector/rate_budget.ts";
import type { PlannedAction } from "../../src/execution/planned_action.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { describeAction, intent, resting } from "../support/orders.ts";

type Sent = Exclude<PlannedAction, { kind: "KEEP" }>;

function budgetOf(orderOpsPerMinute: number): RateBudget {
  const limits = { orderOpsPerMinute, replaceOpsPerMinute: 400, queryRateLimit: 6000 };
  return new RateBudget({ clock: new VirtualClock(0), ...limits });
}

/** A budget that has sent all but so many calls of a minute, a minute ago. */
async function almostUsedUp(perMinute: number, left: number): Promise<RateBudget> {
  const clock = new VirtualClock(0);
  const limits = { orderOpsPerMinute: perMinute, replaceOpsPerMinute: 400, queryRateLimit: 6000 };
  const budget = new RateBudget({ clock, ...limits });
  budget.charge(ORDERS, perMinute - left);
  await clock.advance(60_000);
  return budget;
}

/** What is let in, as text. */
function admitted(actions: readonly PlannedAction[], rateBudget: RateBudget): readonly string[] {
  return [...admitActions(actions, { marketId: "MKT-1", rateBudget })].map(describeAction);
}

/** A new order of a ladder. */
function place(contract: "YES" | "NO", level: number): Sent {
  const target = { ...intent(["SELL", contract, 52 + level, 10]), level };
  const terms = { priority: "place", reason: "missing", waitsFor: [], pairedWith: null } as const;
  return { kind: "PLACE", target, ...terms };
}

/** Orders that stay. */
function kept(count: number): readonly PlannedAction[] {
  return Array.from({ length: count }, (_, index) => {
    const order = resting(["SELL", "NO", 60 + index, 10], { id: `kept-${index}` });
    return { kind: "KEEP", order, target: intent(["SELL", "NO", 60 + index, 10]) };
  });
}

/** An order that is to be cancelled and placed again. */
function refresh(): readonly Sent[] {
  const terms = { priority: "refresh", reason: "age" } as const;
  const order = resting(["SELL", "NO", 59, 10], { id: "old" });
  const target = intent(["SELL", "NO", 59, 10]);
  return [
    { kind: "CANCEL", order, ...terms, waitsFor: [] },
    { kind: "PLACE", target, ...terms, waitsFor: ["old"], pairedWith: "old" },
  ];
}

Deno.test("admission: a new order is let in only if it, too, could still be cancelled this minute", async () => {
  const budget = await almostUsedUp(30, 9);
  assert.deepEqual(admitted([...kept(8), place("YES", 0)], budget), [], "1 + 9 of 9 calls");
  assert.equal(admitted([...kept(7), place("YES", 0)], budget).length, 1, "1 + 8 of 9 calls");
});

Deno.test("admission: each new order is one more that may have to be cancelled", async () => {
  const budget = await almostUsedUp(60, 10);
  const wanted = [0, 1, 2, 3, 4, 5, 6].map((level) => place("YES", level));
  assert.equal(admitted(wanted, budget).length, 5);
  assert.equal(budget.tryTake(ORDERS, "cancel", { calls: 5 }), true);
});

Deno.test("admission: near levels of both sides come before far ones", () => {
  const asks = [0, 1, 2].map((level) => place("YES", level));
  const bids = [0, 1, 2].map((level) => place("NO", level));
  const budget = budgetOf(10);
  assert.deepEqual(admitted([...asks, ...bids], budget).slice(0, 2), [
    "PLACE SELL YES 52x10",
    "PLACE SELL NO 52x10",
  ]);
});

Deno.test("admission: orders never tie up more than half of a minute's calls", () => {
  assert.deepEqual(admitted([...kept(15), place("YES", 0)], budgetOf(30)), []);
  assert.equal(admitted([...kept(14), place("YES", 0)], budgetOf(30)).length, 1);
  assert.equal(admitted([...kept(14), ...refresh()], budgetOf(30)).length, 2, "15 stay 15");
});

Deno.test("admission: a refresh leaves enough to cancel everything", () => {
  const budget = budgetOf(60);
  budget.charge(ORDERS, 3);
  const plan = [...kept(28), ...refresh()];
  const refreshes = () => admitted(plan, budget).length / 2;
  let count = 0;
  while (refreshes() > 0) count++;
  assert.ok(count > 0);
  assert.equal(budget.tryTake(ORDERS, "cancel", { calls: 29 }), true);
});

Deno.test("admission: cancels that lower the risk need nothing spared", () => {
  const budget = budgetOf(30);
  budget.charge(ORDERS, 29);
  const order = resting(["SELL", "NO", 59, 10], { id: "risky" });
  const terms = { priority: "cancel", reason: "no target", waitsFor: [] } as const;
  const cancel: Sent = { kind: "CANCEL", order, ...terms };
  assert.deepEqual(admitted([...kept(12), cancel], budget), ["CANCEL SELL NO 59x10"]);
});

Deno.test("admission: a replace has a budget of its own and leaves no order more", () => {
  const budget = budgetOf(30);
  budget.charge(ORDERS, 30);
  const order = resting(["SELL", "NO", 59, 10], { id: "old" });
  const terms = { priority: "move", reason: "59 to 58", waitsFor: [] } as const;
  const replace: Sent = {
    kind: "REPLACE",
    order,
    target: intent(["SELL", "NO", 58, 10]),
    ...terms,
  };
  assert.equal(admitted([...kept(12), replace], budget).length, 1);
});
