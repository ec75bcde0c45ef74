import assert from "node:assert/strict";
import { CallWindow } from "../../src/connector/call_window.ts";
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
  assert.deepEqual(bursts, [600, 135, 127, 120, 90]);
});

Deno.test("rate budget: when placements have used up theirs, cancels still go", () => {
  const { budget } = budgetWith({ orders: 30 });
  burst(budget, "place");
  assert.equal(budget.tryTake(ORDERS, "refresh"), false);
  assert.equal(budget.tryTake(ORDERS, "cancel"), true);
});

Deno.test("rate budget: the smallest budget still lets a cancel and a placement refresh an order", () => {
  assert.equal(budgetWith({ orders: 10 }).budget.tryTake(ORDERS, "refresh", { calls: 2 }), true);
});

Deno.test("rate budget: a used-up budget comes back with time", async () => {
  const { clock, budget } = budgetWith({ orders: 600 });
  burst(budget, "place");
  await clock.advance(1000);
  assert.equal(burst(budget, "place"), 7);
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

Deno.test("rate budget: whatever an outage has cost, orders can be placed again a minute and a half later", async () => {
  const { clock, budget } = budgetWith({ orders: 30 });
  budget.charge(ORDERS, 500);
  await clock.advance(60_000);
  assert.equal(budget.tryTake(ORDERS, "place"), false);
  await clock.advance(30_000);
  assert.equal(budget.tryTake(ORDERS, "place"), true);
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
  lowered.announce(ORDERS, { limit: 30, remaining: null, resetAtMs: null });
  assert.equal(burst(lowered, "cancel"), 30);
  const raised = budgetWith({ orders: 30 }).budget;
  raised.announce(ORDERS, { limit: 600, remaining: null, resetAtMs: null });
  assert.equal(burst(raised, "cancel"), 30);
});

Deno.test("rate budget: instances share the account's budget, but not a market's", () => {
  const { budget } = budgetWith({ orders: 600, replaces: 400 });
  budget.shareBetween(2);
  assert.equal(burst(budget, "cancel"), 300);
  const replaces = { kind: "replaces", marketId: "A" } as const;
  assert.equal(budget.tryTake(replaces, "cancel", { calls: 100 }), true);
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
  assert.equal(budget.tryTake(QUERIES, "place"), false);
});

Deno.test("rate budget: of a minute's calls, those that are spared stay for cancels", () => {
  const { budget } = budgetWith({ orders: 30 });
  assert.equal(budget.tryTake(ORDERS, "place", { spare: 29 }), true);
  assert.equal(budget.tryTake(ORDERS, "place", { spare: 29 }), false, "29 are left, and spared");
  assert.equal(budget.tryTake(ORDERS, "place", { spare: 28 }), true);
  assert.equal(burst(budget, "cancel"), 28);
});

Deno.test("rate budget: cancels are not spread over the minute, but they count for it", async () => {
  const { clock, budget } = budgetWith({ orders: 30 });
  assert.equal(burst(budget, "cancel"), 30);
  await clock.advance(60_000);
  assert.equal(burst(budget, "cancel"), 0, "the second in which they went may belong to it");
  await clock.advance(1000);
  assert.equal(burst(budget, "cancel"), 30);
});

Deno.test("rate budget: a call that goes out without asking counts for those that ask", () => {
  const { budget } = budgetWith({ orders: 30 });
  budget.charge(ORDERS, 30);
  assert.equal(budget.tryTake(ORDERS, "cancel"), false);
});

/** The venue's own count: `remaining` calls until the window ends `seconds` after the epoch. */
function told(budget: RateBudget, remaining: number, seconds: number): void {
  budget.announce(ORDERS, { limit: 600, remaining, resetAtMs: seconds * 1000 });
}

Deno.test("rate budget: what the venue's window has left counts until the next one begins", async () => {
  const { clock, budget } = budgetWith({ orders: 600 });
  told(budget, 3, 20);
  assert.equal(burst(budget, "cancel"), 3);
  await clock.advance(19_999);
  assert.equal(burst(budget, "cancel"), 0);
  await clock.advance(1);
  assert.equal(burst(budget, "cancel"), 597);
});

Deno.test("rate budget: an answer from before the last calls does not give them back", () => {
  const { budget } = budgetWith({ orders: 600 });
  told(budget, 10, 20);
  assert.equal(burst(budget, "cancel"), 10);
  told(budget, 9, 20);
  assert.equal(burst(budget, "cancel"), 0);
  told(budget, 5, 80);
  assert.equal(burst(budget, "cancel"), 5, "another window");
});

Deno.test("rate budget: a venue whose clock is an hour ahead does not stop the bot for an hour", async () => {
  const { clock, budget } = budgetWith({ orders: 600 });
  told(budget, 0, 3600);
  assert.equal(burst(budget, "cancel"), 0);
  await clock.advance(60_000);
  assert.equal(burst(budget, "cancel"), 600);
});

Deno.test("rate budget: a cancel does not wait for the venue's window for more than a second", async () => {
  const { clock, budget } = budgetWith({ orders: 600 });
  told(budget, 0, 30);
  await clock.resolve(budget.cancelSlot());
  assert.equal(clock.monotonicMs(), 1000);
});

Deno.test("rate budget: a refusal without a stated limit halves what was sent in a minute, at least to the documented limit, and is doubted after an hour", async () => {
  const { clock, budget } = budgetWith({ orders: 600 });
  budget.charge(ORDERS, 500);
  await clock.advance(61_000);
  budget.charge(ORDERS, 90);
  budget.refusedUnannounced(ORDERS);
  assert.equal(budget.perMinute(ORDERS), 45);
  await clock.advance(61_000);
  budget.refusedUnannounced(ORDERS);
  assert.equal(budget.perMinute(ORDERS), 30);
  await clock.advance(3_599_000);
  assert.equal(budget.perMinute(ORDERS), 30);
  await clock.advance(1_000);
  assert.equal(budget.perMinute(ORDERS), 60);
});

Deno.test("call window: counts the calls of the last 61 seconds, whatever happened in between", () => {
  const window = new CallWindow();
  window.charge(2, 0);
  window.charge(3, 59_999);
  assert.equal(window.sentInMinute(60_999), 5);
  assert.equal(window.sentInMinute(61_000), 3);
  assert.equal(window.sentInMinute(120_999), 0);
  window.charge(4, 10_000_000);
  assert.equal(window.sentInMinute(10_060_999), 4);
  assert.equal(window.sentInMinute(10_061_000), 0);
});
