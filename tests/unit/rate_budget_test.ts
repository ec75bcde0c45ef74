import assert from "node:assert/strict";
import { ORDERS, QUERIES, RateBudget } from "../../src/connector/rate_budget.ts";
import { PRIORITIES } from "../../src/execution/planned_action.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

function budgetWith(limits: { readonly orders?: number; readonly replaces?: number } = {}) {
  const clock = new VirtualClock(0);
  const budget = new RateBudget({
    clock,
    orderOpsPerMinute: limits.orders ?? 600,
    replaceOpsPerMinute: limits.replaces ?? 400,
    queryRateLimit: 120,
  });
  return { clock, budget };
}

/** How many calls of a priority go through at once. */
function burst(budget: RateBudget, priority: (typeof PRIORITIES)[number]): number {
  let calls = 0;
  while (budget.tryTake(ORDERS, priority)) calls++;
  return calls;
}

for (const perMinute of [10, 30, 600]) {
  Deno.test(`L-65 rate budget: no window of 60 s sees more than ${perMinute} calls`, async () => {
    const { clock, budget } = budgetWith({ orders: perMinute });
    const sentAtMs: number[] = [];
    for (let step = 0; step < 3000; step++) {
      while (budget.tryTake(ORDERS, "place")) sentAtMs.push(clock.monotonicMs());
      await clock.advance(100);
    }
    const inWindow = sentAtMs.map((start) =>
      sentAtMs.filter((at) => at >= start && at < start + 60_000).length
    );
    assert.ok(Math.max(...inWindow) <= perMinute, `${Math.max(...inWindow)}`);
    assert.ok(sentAtMs.length > 2.5 * perMinute, "most of five minutes' budget can be used");
  });
}

Deno.test("rate budget: each priority leaves more to those above it", () => {
  const bursts = PRIORITIES.map((priority) => burst(budgetWith().budget, priority));
  assert.deepEqual(bursts, [150, 135, 127, 120, 90]);
});

Deno.test("rate budget: when placements have used up theirs, cancels still go", () => {
  const { budget } = budgetWith({ orders: 30 });
  burst(budget, "place");
  assert.equal(budget.tryTake(ORDERS, "refresh"), false);
  assert.equal(budget.tryTake(ORDERS, "cancel"), true);
});

Deno.test("rate budget: the smallest budget still lets a cancel and a placement refresh an order", () => {
  assert.equal(budgetWith({ orders: 10 }).budget.tryTake(ORDERS, "refresh", 2), true);
});

Deno.test("rate budget: a used-up budget comes back with time", async () => {
  const { clock, budget } = budgetWith({ orders: 600 });
  burst(budget, "cancel");
  await clock.advance(1000);
  assert.equal(burst(budget, "cancel"), 7);
});

Deno.test("rate budget: a cancel waits for a token, but never longer than a second", async () => {
  const { clock, budget } = budgetWith({ orders: 10 });
  burst(budget, "cancel");
  for (let cancel = 0; cancel < 5; cancel++) {
    const startMs = clock.monotonicMs();
    await clock.resolve(budget.cancelSlot());
    assert.equal(clock.monotonicMs() - startMs, 1000);
  }
});

Deno.test("rate budget: cancels that could not wait are paid back by what is less urgent", async () => {
  const { clock, budget } = budgetWith({ orders: 30 });
  burst(budget, "cancel");
  for (let cancel = 0; cancel < 10; cancel++) await clock.resolve(budget.cancelSlot());
  await clock.advance(10_000);
  assert.equal(budget.tryTake(ORDERS, "place"), false);
});

Deno.test("rate budget: replaces are counted per market", () => {
  const { budget } = budgetWith({ replaces: 10 });
  const market = (marketId: string) => ({ kind: "replaces", marketId } as const);
  while (budget.tryTake(market("A"), "reduce"));
  assert.equal(budget.tryTake(market("A"), "reduce"), false);
  assert.equal(budget.tryTake(market("B"), "reduce"), true);
  assert.equal(budget.tryTake(ORDERS, "reduce"), true);
});

Deno.test("rate budget: a smaller limit announced by the venue wins, a larger one does not", () => {
  const lowered = budgetWith({ orders: 600 }).budget;
  lowered.announce("orders", 30);
  assert.equal(burst(lowered, "cancel"), 7);
  const raised = budgetWith({ orders: 30 }).budget;
  raised.announce("orders", 600);
  assert.equal(burst(raised, "cancel"), 7);
});

Deno.test("rate budget: instances share the account's budget, but not a market's", () => {
  const { budget } = budgetWith({ orders: 600, replaces: 400 });
  budget.shareBetween(2);
  assert.equal(burst(budget, "cancel"), 75);
  const replaces = { kind: "replaces", marketId: "A" } as const;
  assert.equal(budget.tryTake(replaces, "cancel", 100), true);
});

Deno.test("rate budget: after a 429 only cancels go, for as long as the venue says", async () => {
  const { clock, budget } = budgetWith();
  budget.rateLimited(5000);
  assert.equal(budget.tryTake(ORDERS, "reduce"), false);
  assert.equal(budget.tryTake(ORDERS, "cancel"), true);
  await clock.advance(4999);
  assert.equal(budget.tryTake(ORDERS, "reduce"), false);
  await clock.advance(1);
  assert.equal(budget.tryTake(ORDERS, "reduce"), true);
});

Deno.test("rate budget: without a stated time the wait doubles up to a minute, until a call is accepted", async () => {
  const { clock, budget } = budgetWith();
  const waitsMs: number[] = [];
  for (let refusal = 0; refusal < 8; refusal++) {
    budget.rateLimited();
    const startMs = clock.monotonicMs();
    while (!budget.tryTake(ORDERS, "place")) await clock.advance(500);
    waitsMs.push(clock.monotonicMs() - startMs);
  }
  assert.deepEqual(waitsMs, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  budget.succeeded();
  budget.rateLimited();
  await clock.advance(1000);
  assert.equal(budget.tryTake(ORDERS, "place"), true);
});

Deno.test("rate budget: reads beyond the budget wait for their turn", async () => {
  const { clock, budget } = budgetWith();
  for (let read = 0; read < 30; read++) await clock.resolve(budget.querySlot());
  assert.equal(clock.monotonicMs(), 0);
  await clock.resolve(budget.querySlot());
  assert.ok(Math.abs(clock.monotonicMs() - 60_000 / 90) < 1, `${clock.monotonicMs()}`);
  assert.equal(budget.tryTake(QUERIES, "cancel"), false);
});
