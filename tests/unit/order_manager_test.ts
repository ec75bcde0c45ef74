import assert from "node:assert/strict";
import { VenueCode, VenueError } from "../../src/connector/connector.ts";
import { OrderManager, type OrderManagerOptions } from "../../src/connector/order_manager.ts";
import { clientOrderIds } from "../../src/execution/client_order_id.ts";
import { type DiffContext, planOrders } from "../../src/execution/order_diff.ts";
import { ORDERS, RateBudget } from "../../src/connector/rate_budget.ts";
import { cents } from "../../src/models/money.ts";
import type { OrderIntent } from "../../src/models/order.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { describeOrder, diffContext, intent, touchOf } from "../support/orders.ts";
import { fillOf, restingOrder } from "../support/risk.ts";
import { StubVenue } from "../support/stub_venue.ts";

const START_MS = 1_760_000_000_000;

/** What a test may change about the order manager. */
interface BenchOptions extends Partial<Omit<OrderManagerOptions, "clock">> {
  readonly clock?: VirtualClock;
  readonly ordersPerMinute?: number;
}

/** An order manager at a stub venue, with one cycle of a market as the bot does it. */
class Bench {
  readonly clock: VirtualClock;
  readonly venue: StubVenue;
  readonly events: LoggedEvent[] = [];
  readonly manager: OrderManager;
  mayPlace = true;

  constructor(options: BenchOptions = {}) {
    this.clock = options.clock ?? new VirtualClock(START_MS);
    this.venue = new StubVenue(this.clock);
    this.manager = new OrderManager({
      marketId: "MKT-1",
      connector: this.venue,
      clock: this.clock,
      log: recordingLogger(this.events),
      rateBudget: new RateBudget({
        clock: this.clock,
        orderOpsPerMinute: options.ordersPerMinute ?? 600,
        replaceOpsPerMinute: 400,
        queryRateLimit: 6000,
      }),
      nextClientOrderId: clientOrderIds("MKT-1", this.clock),
      batchCancelEnabled: false,
      cancelTimeoutMs: 30_000,
      ...options,
    });
  }

  /** Reads the orders, plans and executes. */
  cycle(targets: readonly OrderIntent[], context: Partial<DiffContext> = {}) {
    return this.clock.resolve(this.#cycle(targets, context));
  }

  async #cycle(targets: readonly OrderIntent[], context: Partial<DiffContext>) {
    const { orders, foreign, pending, suspectAgeMs } = await this.manager.refresh();
    const seen = diffContext({ foreign, pending, suspectAgeMs, ...context });
    const actions = planOrders(targets, orders, seen, marketConfig());
    return await this.manager.execute(actions, () => this.mayPlace);
  }

  refresh() {
    return this.clock.resolve(this.manager.refresh());
  }

  cancelAll(limitMs?: number) {
    return this.clock.resolve(this.manager.cancelAll(limitMs));
  }

  frozen() {
    return this.manager.frozen;
  }

  /** What rests at the venue. */
  get resting(): readonly string[] {
    return this.venue.orders
      .map((order) => describeOrder({ ...order, quantity: order.remaining })).sort();
  }

  /** Calls since the last time this was asked. */
  takeCalls(): readonly string[] {
    return this.venue.calls.splice(0);
  }
}

const ASK = intent(["SELL", "YES", 52, 100]);
const FAR_ASK = intent(["SELL", "YES", 53, 70]);
const BID = intent(["SELL", "NO", 52, 100]);

// The normal life of orders

Deno.test("order manager: places what is missing and then has nothing to do", async () => {
  const bench = new Bench();
  const first = await bench.cycle([ASK, BID]);
  assert.deepEqual([first.counts.placed, [...first.flags]], [2, []]);
  const second = await bench.cycle([ASK, BID]);
  assert.deepEqual([second.counts.kept, second.counts.placed], [2, 0]);
  assert.deepEqual(bench.resting, ["SELL NO 52x100", "SELL YES 52x100"]);
});

Deno.test("L-18 order manager: after 20 cycles the open orders are the target, each placed once", async () => {
  const bench = new Bench();
  for (let cycle = 0; cycle < 20; cycle++) await bench.cycle([ASK, FAR_ASK, BID]);
  assert.equal(bench.takeCalls().filter((call) => call.startsWith("place")).length, 3);
  assert.deepEqual(bench.resting, ["SELL NO 52x100", "SELL YES 52x100", "SELL YES 53x70"]);
});

Deno.test("order manager: a replace swaps the ids of the tracked order", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  const report = await bench.cycle([intent(["SELL", "YES", 54, 100])]);
  assert.equal(report.counts.replaced, 1);
  assert.deepEqual(bench.manager.orders.map((order) => order.orderId), ["order-2"]);
});

Deno.test("Q-12 order manager: an order that an old list shows after its end is cancelled, never replaced", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  const [old] = bench.venue.orders;
  assert.ok(old !== undefined);
  await bench.cycle([intent(["SELL", "YES", 54, 100])]);
  bench.venue.orders.push(old);
  bench.takeCalls();
  await bench.cycle([intent(["SELL", "YES", 54, 100]), intent(["SELL", "YES", 55, 100])]);
  assert.deepEqual(bench.takeCalls(), ["list", "cancel order-1"]);
  await bench.clock.advance(60_000);
  bench.venue.orders.push({ ...old, orderId: "order-9" });
  await bench.cycle([intent(["SELL", "YES", 54, 100]), intent(["SELL", "YES", 55, 100])]);
  assert.ok(bench.takeCalls().some((call) => call.startsWith("replace order-9")));
});

Deno.test("order manager: a cancel goes before the placement that needs its stock", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.takeCalls();
  await bench.cycle([intent(["SELL", "YES", 54, 100])], { privileged: false });
  assert.deepEqual(bench.takeCalls(), ["list", "cancel order-1", "place SELL YES 54x100"]);
});

Deno.test("order manager: a few cancels go together, placements one after the other", async () => {
  const bench = new Bench();
  const ladder = [51, 52, 53, 54, 55, 56].map((at) => intent(["SELL", "YES", at, 10]));
  await bench.cycle(ladder);
  const report = await bench.cycle([]);
  assert.equal(report.counts.cancelled, 6);
  assert.equal(bench.venue.mostCancelsAtOnce, 4);
});

Deno.test("order manager: fills of own placements are reported as taker trades", async () => {
  const bench = new Bench();
  const trade = {
    buyOrderId: "theirs",
    sellOrderId: "order-1",
    yesPrice: ASK.yesPrice,
    quantity: ASK.quantity,
  };
  bench.venue.trades = [trade];
  const report = await bench.cycle([ASK]);
  assert.deepEqual(report.takerTrades, [trade]);
  assert.deepEqual(bench.manager.orders, [], "an order filled on arrival does not rest");
});

Deno.test("order manager: when it may not place any more, only cancels go out", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, BID]);
  bench.mayPlace = false;
  bench.takeCalls();
  const report = await bench.cycle([BID, FAR_ASK, intent(["SELL", "YES", 60, 10])]);
  assert.deepEqual(bench.takeCalls(), ["list"]);
  assert.equal(report.counts.deferred, 2);
  await bench.cycle([BID]);
  assert.deepEqual(bench.takeCalls(), ["list", "cancel order-1"]);
});

// What the venue's list says

Deno.test("order manager: growth of fills in the list is reported by contract and direction", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, FAR_ASK, BID]);
  bench.venue.fill("order-1", 40);
  bench.venue.fill("order-2", 5);
  const { filledShares } = await bench.refresh();
  assert.deepEqual(filledShares, [{ contract: "YES", direction: "SELL", quantity: 45 }]);
  assert.deepEqual((await bench.refresh()).filledShares, []);
});

Deno.test("order manager: an order that vanishes without a cancel counts as filled", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.fill("order-1", 100);
  const view = await bench.refresh();
  assert.deepEqual(view.vanished.map((order) => order.orderId), ["order-1"]);
  assert.deepEqual(view.filledShares, [{ contract: "YES", direction: "SELL", quantity: 100 }]);
});

Deno.test("order manager: what the trades have explained is not reported again", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.fill("order-1", 40);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 40]));
  assert.deepEqual((await bench.refresh()).filledShares, []);
});

Deno.test("order manager: a foreign order is reported and never touched", async () => {
  const bench = new Bench();
  bench.venue.orders = [restingOrder(["SELL", "YES", 70, 10])];
  const view = await bench.refresh();
  assert.deepEqual([view.foreign.length, view.orders.length], [1, 0]);
  await bench.cycle([]);
  assert.deepEqual(await bench.cancelAll(), {
    found: 0,
    cancelled: 0,
    remaining: [],
    verified: true,
  });
  assert.deepEqual(bench.resting, ["SELL YES 70x10"]);
});

Deno.test("order manager: own orders of a process before this one are adopted, with their age", async () => {
  const bench = new Bench();
  const left = restingOrder(["SELL", "YES", 52, 100]);
  const createdAtMs = START_MS - 7000;
  bench.venue.orders = [{ ...left, clientOrderId: "amm_MKT-1_YES_SELL_1_1", createdAtMs }];
  const view = await bench.refresh();
  assert.deepEqual(view.adopted.map((order) => order.orderId), [left.orderId]);
  assert.deepEqual(view.orders.map((order) => order.ageMs), [7010]);
  assert.deepEqual(bench.events.map(({ event }) => event), ["orders_adopted"]);
});

Deno.test("L-71 order manager: a jump of the wall clock makes no order older", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.clock.jumpWallClock(3_600_000);
  assert.deepEqual((await bench.refresh()).orders.map((order) => order.ageMs), [10]);
});

Deno.test("order manager: a list that cannot be read throws and changes nothing", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("openOrders", "request lost");
  await assert.rejects(bench.refresh(), VenueError);
  assert.equal(bench.manager.orders.length, 1);
});

// Fills from the trade feed (L-15)

Deno.test("L-15 order manager: a fill reduces its order at once, a full one removes it", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 40]));
  assert.deepEqual(bench.manager.orders.map((o) => [o.remaining, o.filled]), [[60, 40]]);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 60]));
  assert.deepEqual(bench.manager.orders, []);
});

Deno.test("L-15 order manager: a level that was filled exists again, and nothing else changes", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, FAR_ASK]);
  bench.venue.fill("order-1", 100);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 100]));
  const cooling = await bench.cycle([ASK, FAR_ASK], { cooldownSides: ["ASK"] });
  assert.deepEqual([cooling.counts.kept, cooling.counts.placed], [1, 0]);
  const after = await bench.cycle([ASK, FAR_ASK]);
  assert.deepEqual([after.counts.kept, after.counts.placed], [1, 1]);
  assert.deepEqual(bench.resting, ["SELL YES 52x100", "SELL YES 53x70"]);
});

Deno.test("L-15 order manager: of two orders at a price the older one is filled first", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  await bench.clock.advance(1000);
  await bench.cycle([intent(["SELL", "YES", 52, 150])]);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 110]));
  assert.deepEqual(bench.manager.orders.map((o) => [o.orderId, o.remaining]), [["order-2", 40]]);
});

Deno.test("order manager: a fill that the list has shown already is not taken twice", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.fill("order-1", 40);
  await bench.refresh();
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 40]));
  assert.deepEqual(bench.manager.orders.map((order) => order.remaining), [60]);
});

Deno.test("order manager: a list that shows one order twice does not hide that another is gone", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, BID]);
  const [first, second] = (await bench.refresh()).orders;
  const twice = bench.venue.orders.filter(({ orderId }) => orderId === first?.orderId);
  bench.venue.orders = [...twice, ...twice];
  const { vanished } = await bench.refresh();
  assert.deepEqual(vanished.map(({ orderId }) => orderId), [second?.orderId]);
});

Deno.test("order manager: the late trade of a vanished order does not reduce its neighbour", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  await bench.cycle([intent(["SELL", "YES", 52, 150])]);
  bench.venue.fill("order-1", 100);
  await bench.refresh();
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 100]));
  assert.deepEqual(bench.manager.orders.map((o) => [o.orderId, o.remaining]), [["order-2", 50]]);
});

Deno.test("order manager: the late trade of a cancelled order does not reduce its neighbour", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  await bench.cycle([intent(["SELL", "YES", 52, 150])]);
  bench.venue.before = (command) => command === "cancel" && bench.venue.fill("order-2", 30);
  await bench.cycle([ASK]);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 30]));
  assert.deepEqual(bench.manager.orders.map((o) => [o.orderId, o.remaining]), [["order-1", 100]]);
});

Deno.test("order manager: the trade of one price does not use up what an order at a better one has to be told", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, FAR_ASK]);
  bench.venue.fill("order-1", 100);
  bench.venue.fill("order-2", 5);
  await bench.refresh();
  for (const trade of [["SELL", "YES", 53, 5], ["SELL", "YES", 52, 100]] as const) {
    bench.manager.onFill(fillOf(trade));
  }
  bench.venue.fill("order-2", 10);
  bench.manager.onFill(fillOf(["SELL", "YES", 53, 10]));
  assert.deepEqual(bench.manager.orders.map((o) => [o.orderId, o.remaining]), [["order-2", 55]]);
});

Deno.test("order manager: a taker fill at a better price belongs to the order that came back with it", async () => {
  const bench = new Bench();
  const yesPrice = intent(["SELL", "YES", 54, 1]).yesPrice;
  const brief = { buyOrderId: "theirs", sellOrderId: "order-1", yesPrice };
  bench.venue.trades = [{ ...brief, quantity: fillOf(["SELL", "YES", 54, 30]).quantity }];
  await bench.cycle([ASK, intent(["SELL", "YES", 54, 50])]);
  bench.manager.onFill(fillOf(["SELL", "YES", 54, 30]));
  assert.deepEqual(bench.manager.orders.map((o) => [o.contractPrice, o.remaining]), [
    [52, 70],
    [54, 50],
  ]);
});

// Refusals

for (
  const [code, flags] of [
    [VenueCode.INSUFFICIENT_BALANCE, ["drift", "placementFailed"]],
    [VenueCode.INSUFFICIENT_SHARES, ["drift", "placementFailed"]],
    [VenueCode.MARKET_NOT_ACTIVE, ["marketNotActive", "placementFailed"]],
    [VenueCode.RATE_LIMITED, ["rateLimited"]],
  ] as const
) {
  Deno.test(`order manager: after a placement refused with ${code} nothing more is placed`, async () => {
    const bench = new Bench();
    bench.venue.queue("place", { refuse: code });
    const report = await bench.cycle([ASK, FAR_ASK, BID]);
    assert.deepEqual([...report.flags], flags);
    assert.deepEqual([report.counts.refused, report.counts.deferred], [1, 2]);
    assert.deepEqual(bench.resting, []);
  });
}

for (
  const [code, flags] of [
    [VenueCode.SELF_TRADE, ["bug", "needsLook", "placementFailed"]],
    [VenueCode.DUPLICATE_CLIENT_ORDER_ID, ["bug", "needsLook"]],
    [VenueCode.ORDER_LIMIT, ["bug", "placementFailed"]],
    [422, ["bug"]],
  ] as const
) {
  Deno.test(`order manager: a placement refused with ${code} does not stop the others`, async () => {
    const bench = new Bench();
    bench.venue.queue("place", { refuse: code });
    const report = await bench.cycle([ASK, BID]);
    assert.deepEqual([...report.flags], flags);
    assert.deepEqual(bench.resting, ["SELL NO 52x100"]);
  });
}

for (
  const [code, flags] of [
    [VenueCode.OLD_ORDER_NOT_FOUND, ["needsReconcile"]],
    [VenueCode.OLD_ORDER_FILLED, ["needsLook"]],
    [VenueCode.OLD_ORDER_NOT_OWNED, ["bug"]],
    [VenueCode.OTHER_MARKET, ["bug"]],
    [VenueCode.INSUFFICIENT_SHARES, ["drift", "placementFailed"]],
  ] as const
) {
  Deno.test(`order manager: a replace refused with ${code} leaves ${flags}`, async () => {
    const bench = new Bench();
    await bench.cycle([ASK]);
    bench.venue.queue("replace", { refuse: code });
    const report = await bench.cycle([intent(["SELL", "YES", 54, 100])]);
    assert.deepEqual([...report.flags], flags);
    assert.deepEqual([report.counts.replaced, report.counts.refused], [0, 1]);
  });
}

Deno.test("order manager: a fill that races a replace ends in a cancel and no stale order (6001, Q-14)", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.takeCalls();
  bench.venue.before = (command) => command === "replace" && bench.venue.fill("order-1", 10);
  const report = await bench.cycle([intent(["SELL", "YES", 54, 100])]);
  assert.deepEqual(bench.takeCalls(), [
    "list",
    "replace order-1 by SELL YES 54x100",
    "cancel order-1",
  ]);
  assert.deepEqual(bench.resting, []);
  assert.ok(report.flags.has("needsLook"));
});

Deno.test("order manager: an order that a fill reaches during the plan is not replaced any more", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, BID]);
  bench.takeCalls();
  bench.venue.before = () => {
    bench.manager.onFill(fillOf(["SELL", "NO", 52, 10]));
    bench.venue.before = () => {};
  };
  const wider = [intent(["SELL", "YES", 54, 100]), intent(["SELL", "NO", 54, 100])];
  const actions = planOrders(wider, bench.manager.orders, diffContext(), marketConfig());
  const report = await bench.clock.resolve(bench.manager.execute(actions, () => true));
  assert.deepEqual(bench.takeCalls(), ["replace order-1 by SELL YES 54x100"]);
  assert.deepEqual([report.counts.replaced, report.counts.deferred], [1, 1]);
});

Deno.test("order manager: after 6001 a cancel that comes too late is accepted (4006)", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.before = (command) => command === "replace" && bench.venue.fill("order-1", 10);
  bench.venue.queue("cancel", { refuse: VenueCode.NOT_CANCELLABLE });
  const report = await bench.cycle([intent(["SELL", "YES", 54, 100])]);
  assert.deepEqual([...report.flags], ["needsLook"]);
});

Deno.test("order manager: a placement does not follow a cancel that a fill has overtaken", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.before = (command) => command === "cancel" && bench.venue.fill("order-1", 30);
  const moved = intent(["SELL", "YES", 54, 100]);
  const report = await bench.cycle([moved], { privileged: false });
  assert.deepEqual([report.counts.cancelled, report.counts.deferred], [1, 1]);
  assert.ok(report.flags.has("needsLook"));
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 30]));
  bench.venue.before = () => {};
  await bench.cycle([moved], { privileged: false });
  assert.deepEqual(bench.resting, ["SELL YES 54x100"]);
});

Deno.test("order manager: a cancel answered with 4006 holds back what waits for it and needs a look", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.before = (command) => command === "cancel" && bench.venue.fill("order-1", 100);
  const report = await bench.cycle([intent(["SELL", "YES", 54, 100])], { privileged: false });
  assert.deepEqual([...report.flags], ["needsLook"]);
  assert.deepEqual(bench.resting, []);
  assert.equal((await bench.refresh()).vanished.length, 1);
});

// Answers that are lost

Deno.test("L-38 order manager: the answer to a placement is lost: exactly one order exists", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "answer lost");
  const report = await bench.cycle([ASK]);
  assert.deepEqual([...report.flags], ["needsLook", "placementFailed"]);
  await bench.cycle([ASK]);
  await bench.cycle([ASK]);
  assert.deepEqual(bench.resting, ["SELL YES 52x100"]);
});

Deno.test("L-38 order manager: a placement that never arrived is sent again", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "request lost");
  await bench.cycle([ASK]);
  await bench.cycle([ASK]);
  assert.deepEqual(bench.resting, ["SELL YES 52x100"]);
});

Deno.test("L-38 order manager: a placement that arrives after it was sent again makes no second order", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late");
  await bench.cycle([ASK]);
  await bench.cycle([ASK]);
  bench.venue.arrive();
  await bench.cycle([ASK]);
  assert.deepEqual(bench.resting, ["SELL YES 52x100"]);
});

Deno.test("order manager: a 429 on the second attempt says nothing about the first", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late", { refuse: VenueCode.RATE_LIMITED });
  await bench.cycle([ASK]);
  await bench.cycle([ASK]);
  await bench.clock.advance(1000);
  await bench.cycle([ASK]);
  bench.venue.arrive();
  assert.deepEqual(bench.resting, ["SELL YES 52x100"]);
});

Deno.test("order manager: a placement without an answer is pending until the list shows it", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late");
  await bench.cycle([ASK]);
  const { side, yesPrice, quantity } = ASK;
  assert.deepEqual((await bench.refresh()).pending, [{ side, yesPrice, remaining: quantity }]);
  bench.venue.arrive();
  const view = await bench.refresh();
  assert.deepEqual([view.pending, view.adopted.length], [[], 1]);
});

Deno.test("order manager: a lost answer may have told of trades, also after its order is found, for a while", async () => {
  const bench = new Bench();
  await bench.cycle([BID]);
  assert.equal(bench.manager.wasInDoubt, false);
  bench.venue.queue("place", "late");
  await bench.cycle([BID, ASK]);
  bench.venue.arrive();
  await bench.refresh();
  assert.equal(bench.manager.wasInDoubt, true);
  await bench.clock.advance(30_001);
  assert.equal(bench.manager.wasInDoubt, false);
});

Deno.test("order manager: a placement that arrives when nobody wants it any more is cancelled", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late");
  await bench.cycle([ASK]);
  await bench.cycle([]);
  bench.venue.arrive();
  await bench.cycle([]);
  assert.deepEqual(bench.resting, []);
});

Deno.test("L-67 order manager: nothing is placed where a lost placement may still come to rest", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late");
  await bench.cycle([BID]);
  const crossing = intent(["SELL", "YES", 47, 10]);
  await bench.cycle([crossing]);
  assert.deepEqual(bench.resting, []);
  await bench.clock.advance(30_001);
  await bench.cycle([crossing]);
  assert.deepEqual(bench.resting, ["SELL YES 47x10"]);
});

for (const mishap of ["answer lost", "request lost"] as const) {
  Deno.test(`L-38 order manager: a replace with ${mishap}: never both orders, and one of them after a cycle`, async () => {
    const bench = new Bench();
    const moved = intent(["SELL", "YES", 54, 100]);
    await bench.cycle([ASK]);
    bench.venue.queue("replace", mishap);
    bench.takeCalls();
    await bench.cycle([moved]);
    assert.deepEqual(bench.takeCalls(), ["list", "replace order-1 by SELL YES 54x100"]);
    assert.equal(bench.resting.length, 1);
    await bench.cycle([moved]);
    assert.deepEqual(bench.resting, ["SELL YES 54x100"]);
  });
}

Deno.test("L-38 order manager: what a replace without an answer may have made is not made of another order", async () => {
  const bench = new Bench();
  const moved = intent(["SELL", "YES", 54, 100]);
  await bench.cycle([ASK, FAR_ASK]);
  bench.venue.queue("replace", "request lost");
  bench.takeCalls();
  await bench.cycle([moved, FAR_ASK]);
  assert.deepEqual(bench.takeCalls(), ["list", "replace order-1 by SELL YES 54x100"]);
  await bench.cycle([moved]);
  const next = bench.takeCalls();
  assert.ok(!next.some((call) => call.startsWith("replace order-2")), next.join());
  await bench.cycle([moved]);
  await bench.cycle([moved]);
  assert.deepEqual(bench.resting, ["SELL YES 54x100"]);
});

Deno.test("L-38 order manager: cancelled by a lost replace, the new order is placed under the same id", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  const ids: string[] = [];
  const place = bench.venue.place.bind(bench.venue);
  bench.venue.place = (request) => {
    ids.push(request.clientOrderId);
    return place(request);
  };
  const replace = bench.venue.replace.bind(bench.venue);
  bench.venue.replace = async (orderId, request) => {
    ids.push(request.clientOrderId);
    bench.venue.orders = [];
    return await replace(orderId, request).then(() => ({ kind: "unknown", cause: "lost" }));
  };
  const moved = intent(["SELL", "YES", 54, 100]);
  await bench.cycle([moved]);
  await bench.cycle([moved]);
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
});

Deno.test("order manager: after a lost placement its side waits, the other side goes on", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "answer lost");
  const report = await bench.cycle([ASK, FAR_ASK, BID]);
  assert.deepEqual([report.counts.unknown, report.counts.placed, report.counts.deferred], [
    1,
    1,
    1,
  ]);
  assert.deepEqual(bench.resting, ["SELL NO 52x100", "SELL YES 52x100"]);
});

Deno.test("order manager: what waits for a cancel without an answer is not placed", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("cancel", "request lost");
  const report = await bench.cycle([intent(["SELL", "YES", 54, 100])], { privileged: false });
  assert.deepEqual([report.counts.unknown, report.counts.deferred], [1, 1]);
  assert.deepEqual(bench.resting, ["SELL YES 52x100"]);
});

Deno.test("order manager: an order is not cancelled for a placement that has to wait for another", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, FAR_ASK]);
  bench.venue.queue("cancel", "request lost");
  await bench.cycle([intent(["SELL", "YES", 51, 70])], { privileged: false });
  assert.deepEqual(bench.resting, ["SELL YES 52x100", "SELL YES 53x70"]);
});

Deno.test("order manager: an order that is gone after a lost cancel does not count as filled", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("cancel", "answer lost");
  await bench.cycle([]);
  const view = await bench.refresh();
  assert.deepEqual([view.vanished, view.filledShares, view.orders], [[], [], []]);
});

Deno.test("order manager: an order that is gone after a lost replace does not count as filled", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("replace", "answer lost");
  await bench.cycle([intent(["SELL", "YES", 54, 100])]);
  const view = await bench.refresh();
  assert.deepEqual([view.vanished, view.filledShares], [[], []]);
  assert.deepEqual(view.adopted.map((order) => order.orderId), ["order-2"]);
});

Deno.test("L-18 order manager: an answer about another order counts as none", async () => {
  const bench = new Bench();
  const place = bench.venue.place.bind(bench.venue);
  bench.venue.place = async (request) => {
    const outcome = await place(request);
    if (outcome.kind !== "accepted") return outcome;
    const order = { ...outcome.value.order, orderId: "" };
    return { ...outcome, value: { ...outcome.value, order } };
  };
  const report = await bench.cycle([ASK]);
  assert.deepEqual([report.counts.placed, report.counts.unknown], [0, 1]);
  const view = await bench.refresh();
  assert.deepEqual(view.orders.map((order) => order.orderId), ["order-1"]);
});

Deno.test("order manager: a connector that throws leaves the command unknown", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "throws");
  assert.equal((await bench.cycle([ASK])).counts.unknown, 1);
});

Deno.test("order manager: after a failed placement the orders before it are suspects until re-placed (Q-03)", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("place", "request lost");
  await bench.cycle([ASK, BID]);
  const before = await bench.refresh();
  assert.ok(before.orders.every((order) => order.ageMs > before.suspectAgeMs), "all are older");
  const report = await bench.cycle([ASK, BID]);
  assert.deepEqual([report.counts.cancelled, report.counts.placed], [1, 2]);
  const { orders, suspectAgeMs } = await bench.refresh();
  assert.ok(orders.every((order) => order.ageMs <= suspectAgeMs), "none is older");
});

// What the orders freeze

const BUY_ASK = intent(["BUY", "NO", 48, 100]);
const BUY_BID = intent(["BUY", "YES", 47, 10]);
const CASH = { spendableCents: cents(100_000) };

Deno.test("order manager: what its BUY orders freeze is known, and every change has a number of its own", async () => {
  const bench = new Bench();
  assert.equal(bench.frozen()?.frozenCents, 0);
  await bench.cycle([BUY_ASK, BUY_BID], CASH);
  const two = bench.frozen();
  assert.equal(two?.frozenCents, 4810 + 471);
  await bench.refresh();
  assert.deepEqual(bench.frozen(), two, "a look that shows nothing new");
  await bench.cycle([BUY_ASK], CASH);
  const one = bench.frozen();
  await bench.cycle([BUY_ASK, BUY_BID], CASH);
  const again = bench.frozen();
  assert.equal(again?.frozenCents, two?.frozenCents);
  const revisions = [two, one, again].map((frozen) => frozen?.revision);
  assert.equal(new Set(revisions).size, 3, `${revisions}`);
});

Deno.test("order manager: after a fill it is not known what an order freezes, until the venue lists it again", async () => {
  const bench = new Bench();
  await bench.cycle([BUY_ASK], CASH);
  bench.manager.onFill(fillOf(["BUY", "NO", 48, 40]));
  assert.equal(bench.frozen(), null);
  await bench.refresh();
  assert.ok(bench.frozen() !== null);
});

Deno.test("order manager: nobody knows what is frozen while a call is under way or an answer is lost", async () => {
  const bench = new Bench();
  const during: unknown[] = [];
  bench.venue.before = (call) => {
    if (call.startsWith("place")) during.push(bench.frozen());
  };
  await bench.cycle([BUY_ASK], CASH);
  assert.deepEqual(during, [null]);
  bench.venue.queue("place", "request lost");
  await bench.cycle([BUY_ASK, BUY_BID], CASH);
  assert.equal(bench.frozen(), null, "the placement may still turn up");
  await bench.clock.advance(31_000);
  await bench.refresh();
  assert.equal(bench.frozen()?.frozenCents, 4810);
  bench.venue.queue("cancel", "request lost");
  await bench.cycle([], CASH);
  assert.equal(bench.frozen(), null, "the order may be gone");
});

// Rate budget

Deno.test("order manager: a cancel and its placement wait together when the budget is short", async () => {
  const bench = new Bench({ ordersPerMinute: 10 });
  await bench.cycle([ASK, FAR_ASK, BID]);
  bench.takeCalls();
  const nearer = [intent(["SELL", "YES", 51, 100]), FAR_ASK, BID];
  const report = await bench.cycle(nearer, { privileged: false });
  assert.deepEqual(bench.takeCalls(), ["list"]);
  assert.equal(report.counts.deferred, 2);
  assert.equal(bench.resting.length, 3, "nothing was taken down without a replacement");
});

Deno.test("L-65 order manager: a risk-reducing cancel goes out with an empty budget, within a second", async () => {
  const bench = new Bench({ ordersPerMinute: 10 });
  await bench.cycle([ASK, FAR_ASK, BID]);
  const startMs = bench.clock.monotonicMs();
  for (let cancel = 0; cancel < 2; cancel++) await bench.cycle(cancel === 0 ? [ASK, BID] : [BID]);
  assert.deepEqual(bench.resting, ["SELL NO 52x100"]);
  assert.ok(bench.clock.monotonicMs() - startMs < 2100);
});

/** Ten orders of a market whose minute is used up. */
async function withoutBudget(): Promise<Bench> {
  const clock = new VirtualClock(START_MS);
  const limits = { orderOpsPerMinute: 30, replaceOpsPerMinute: 400, queryRateLimit: 6000 };
  const rateBudget = new RateBudget({ clock, ...limits });
  const bench = new Bench({ clock, rateBudget });
  bench.venue.orders = Array.from({ length: 10 }, (_, index) => ({
    ...restingOrder(["SELL", "YES", 52 + index, 10]),
    orderId: `order-${index}`,
    clientOrderId: `amm_MKT-1_${index}`,
  }));
  await bench.refresh();
  rateBudget.charge(ORDERS, 30);
  return bench;
}

for (const way of ["plan", "cancel-all"] as const) {
  Deno.test(`L-65 order manager: without any budget ten orders of a ${way} are cancelled within a second, not one after the other`, async () => {
    const bench = await withoutBudget();
    const startMs = bench.clock.monotonicMs();
    await (way === "plan" ? bench.cycle([]) : bench.cancelAll());
    assert.deepEqual(bench.resting, []);
    const waitedMs = bench.clock.monotonicMs() - startMs;
    assert.ok(waitedMs >= 1000 && waitedMs < 1200, `${waitedMs}`);
  });
}

Deno.test("order manager: a 429 on a cancel is not the end of it", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("cancel", { refuse: VenueCode.RATE_LIMITED });
  assert.deepEqual([...(await bench.cycle([])).flags], ["rateLimited"]);
  await bench.cycle([]);
  assert.deepEqual(bench.resting, []);
});

/**
 * Lets the venue refuse orders and cancels beyond a number per 60 s window; counts the refusals.
 */
function enforceLimit({ venue, clock }: Bench, perMinute: number): { refusals: number } {
  const seen = { refusals: 0 };
  const calls = new Map<number, number>();
  const limited = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
    return (...args: A) => {
      const window = Math.floor(clock.nowMs() / 60_000);
      calls.set(window, (calls.get(window) ?? 0) + 1);
      if ((calls.get(window) ?? 0) <= perMinute) return call(...args);
      seen.refusals++;
      return Promise.resolve({ kind: "rejected", code: VenueCode.RATE_LIMITED, message: "" });
    };
  };
  venue.place = limited(venue.place.bind(venue)) as typeof venue.place;
  venue.cancel = limited(venue.cancel.bind(venue)) as typeof venue.cancel;
  return seen;
}

Deno.test("L-65 order manager: at 30 calls a minute a walking ladder of three levels stays near its target", async () => {
  const bench = new Bench({ ordersPerMinute: 30 });
  const venue = enforceLimit(bench, 30);
  const random = seededRandom("L-65");
  let fair = 50;
  let twoSided = 0;
  let farthest = 0;
  for (let cycle = 0; cycle < 300; cycle++) {
    const step = random.next() < 0.05 ? (random.next() < 0.5 ? -1 : 1) : 0;
    fair = Math.min(70, Math.max(30, fair + step));
    const targets = [25, 12, 6].flatMap((size, level) => [
      intent(["SELL", "YES", fair + 3 + level, size]),
      intent(["SELL", "NO", 100 - (fair - 3 - level), size]),
    ]);
    const context = { privileged: false, fairMoveCents: step, phase: "EXPLORATION" } as const;
    await bench.cycle(targets, context);
    await bench.clock.advance(2000);
    const { bid, ask } = touchOf(bench.venue.orders);
    if (bid === 0 || ask === 100) continue;
    twoSided++;
    farthest = Math.max(farthest, Math.abs(bid - (fair - 3)), Math.abs(ask - (fair + 3)));
  }
  assert.equal(venue.refusals, 0);
  assert.ok(farthest <= 2, `farthest ${farthest}`);
  assert.ok(twoSided >= 290, `two-sided in ${twoSided} of 300 cycles`);
});

// Cancel all

const LADDER = [51, 52, 53, 54, 55, 56].map((at) => intent(["SELL", "YES", at, 10]));

Deno.test("order manager: cancel-all takes everything, a few at a time, and looks again", async () => {
  const bench = new Bench();
  await bench.cycle(LADDER);
  assert.deepEqual(await bench.cancelAll(), {
    found: 6,
    cancelled: 6,
    remaining: [],
    verified: true,
  });
  assert.deepEqual(bench.resting, []);
  assert.equal(bench.venue.mostCancelsAtOnce, 4);
  assert.equal(bench.takeCalls().at(-1), "list");
});

Deno.test("L-33 order manager: cancels that fail twice are repeated until nothing rests, one success each", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, BID]);
  const lost = "request lost";
  bench.venue.queue("cancel", lost, { refuse: VenueCode.RATE_LIMITED }, lost, lost);
  bench.takeCalls();
  assert.deepEqual(await bench.cancelAll(), {
    found: 2,
    cancelled: 2,
    remaining: [],
    verified: true,
  });
  assert.deepEqual(bench.resting, []);
  const cancels = bench.takeCalls().filter((call) => call.startsWith("cancel"));
  assert.deepEqual(cancels.sort(), [
    ...Array(3).fill("cancel order-1"),
    ...Array(3).fill("cancel order-2"),
  ]);
});

Deno.test("order manager: cancel-all gives up in time and says what remains", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("cancel", ...Array(100).fill("request lost"));
  const startMs = bench.clock.monotonicMs();
  const { remaining, verified } = await bench.cancelAll(5000);
  assert.deepEqual([remaining.map((order) => order.orderId), verified], [["order-1"], true]);
  assert.ok(bench.clock.monotonicMs() - startMs <= 5000);
  assert.equal(bench.events.at(-1)?.event, "cancels_unverified");
});

Deno.test("order manager: cancel-all at a venue that cannot be read reports what was known, unverified", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("openOrders", ...Array(100).fill("request lost"));
  bench.venue.queue("cancel", ...Array(100).fill("request lost"));
  const { remaining, verified } = await bench.cancelAll(5000);
  assert.deepEqual([remaining.map((order) => order.orderId), verified], [["order-1"], false]);
});

for (
  const [answer, mishaps] of [
    ["the venue has taken back", []],
    ["is filled or was taken back before (4006)", [{ refuse: VenueCode.NOT_CANCELLABLE }]],
    ["the venue does not know any more (4004)", [{ refuse: VenueCode.ORDER_NOT_FOUND }]],
  ] as const
) {
  Deno.test(`order manager: an order that ${answer} is not cancelled again because the list cannot be read`, async () => {
    const bench = new Bench();
    await bench.cycle([ASK]);
    bench.takeCalls();
    bench.venue.queue("openOrders", ...Array(100).fill("request lost"));
    bench.venue.queue("cancel", ...mishaps);
    const { remaining, verified } = await bench.cancelAll(5000);
    assert.deepEqual([remaining, verified], [[], false]);
    const cancels = bench.takeCalls().filter((call) => call.startsWith("cancel"));
    assert.deepEqual(cancels, ["cancel order-1"]);
  });
}

Deno.test("order manager: a list that hangs does not keep known orders on the book for more than a second", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, BID]);
  bench.venue.queue("openOrders", "hangs");
  const cancelling = bench.manager.cancelAll(5000);
  await bench.clock.advance(1050);
  assert.deepEqual(bench.resting, []);
  const { remaining, verified } = await bench.clock.resolve(cancelling);
  assert.deepEqual([remaining, verified], [[], false]);
});

Deno.test("order manager: cancel-all ends in time although a cancel hangs", async () => {
  const bench = new Bench();
  await bench.cycle([ASK, BID]);
  bench.venue.queue("cancel", "hangs");
  const startMs = bench.clock.monotonicMs();
  const { remaining } = await bench.cancelAll(5000);
  assert.equal(bench.clock.monotonicMs() - startMs, 5000);
  assert.ok(remaining.length > 0);
});

Deno.test("order manager: cancel-all waits for a placement that may still turn up", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late");
  await bench.cycle([ASK]);
  bench.clock.after(500, () => bench.venue.arrive());
  assert.deepEqual(await bench.cancelAll(), {
    found: 0,
    cancelled: 1,
    remaining: [],
    verified: true,
  });
  await bench.clock.advance(1000);
  assert.deepEqual(bench.resting, []);
});

Deno.test("order manager: never two operations for one order at a time", async () => {
  const bench = new Bench();
  await bench.cycle([ASK]);
  bench.venue.queue("cancel", "hangs");
  void bench.manager.cancelAll(1000);
  await bench.clock.advance(100);
  bench.takeCalls();
  await bench.cancelAll(1000);
  assert.deepEqual(bench.takeCalls().filter((call) => call.startsWith("cancel")), []);
});

Deno.test("order manager: cancel-all uses the batch route where it is enabled", async () => {
  const bench = new Bench({ batchCancelEnabled: true });
  await bench.cycle(LADDER);
  bench.takeCalls();
  await bench.cancelAll();
  assert.deepEqual(bench.takeCalls(), ["list", "batchCancel all", "list"]);
});

Deno.test("L-33 order manager: a batch cancel without an answer is not repeated, cancels follow one by one", async () => {
  const bench = new Bench({ batchCancelEnabled: true });
  await bench.cycle([ASK]);
  bench.venue.queue("batchCancel", "request lost");
  bench.takeCalls();
  await bench.cancelAll();
  assert.deepEqual(bench.takeCalls(), [
    "list",
    "batchCancel all",
    "list",
    "cancel order-1",
    "list",
  ]);
});

Deno.test("order manager: the batch route is not used while foreign orders rest", async () => {
  const bench = new Bench({ batchCancelEnabled: true });
  bench.venue.orders = [restingOrder(["SELL", "YES", 70, 10])];
  await bench.cycle([ASK]);
  await bench.cancelAll();
  assert.deepEqual(bench.resting, ["SELL YES 70x10"]);
});
