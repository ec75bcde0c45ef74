import assert from "node:assert/strict";
import type { Connector } from "../../src/connector/connector.ts";
import { OrderManager } from "../../src/connector/order_manager.ts";
import { OwnOrderFeed } from "../../src/connector/own_order_feed.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { clientOrderIds } from "../../src/execution/client_order_id.ts";
import { planOrders } from "../../src/execution/order_diff.ts";
import type { OpenOrder, OrderIntent } from "../../src/models/order.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { sleep } from "../../src/runtime/clock.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { diffContext, intent } from "../support/orders.ts";
import { fillOf, restingOrder } from "../support/risk.ts";
import { StubVenue } from "../support/stub_venue.ts";

const ASK = intent(["SELL", "YES", 52, 100]);
const FAR_ASK = intent(["SELL", "YES", 54, 100]);
const MAX_AGE_MS = 2_000;
const ELSEWHERE: OpenOrder = { ...restingOrder(["SELL", "YES", 60, 5]), marketId: "MKT-2" };

/** How a list of the account ends. */
type ListEnd = "well" | "fails" | "hangs";

/** The order manager of one market, and a feed for it and others, at a stub venue. */
class Bench {
  readonly clock = new VirtualClock(1_760_000_000_000);
  readonly venue = new StubVenue(this.clock);
  readonly events: LoggedEvent[] = [];
  readonly feed: OwnOrderFeed;
  readonly manager: OrderManager;
  /** Orders in other markets of the account. */
  elsewhere: readonly OpenOrder[] = [ELSEWHERE];
  markets = 3;
  ends: ListEnd = "well";
  /** From the moment when the venue has made the list to its arrival. */
  wayBackMs = 0;
  accountLists = 0;

  constructor(connector?: Pick<Connector, "accountOrders">) {
    const { clock } = this;
    const log = recordingLogger(this.events);
    this.feed = new OwnOrderFeed({
      connector: connector ?? { accountOrders: () => this.#listAll() },
      ...{ clock, log, markets: () => this.markets },
    });
    const limits = { orderOpsPerMinute: 600, replaceOpsPerMinute: 400, queryRateLimit: 6000 };
    this.manager = new OrderManager({
      ...{ marketId: "MKT-1", connector: this.venue, clock, log, feed: this.feed },
      rateBudget: new RateBudget({ clock, ...limits }),
      nextClientOrderId: clientOrderIds("MKT-1", clock),
      ...{ batchCancelEnabled: false, cancelTimeoutMs: 5_000 },
    });
  }

  /** A market in which one order rests, as the last own look has shown. */
  static async quiet(): Promise<Bench> {
    const bench = new Bench();
    await bench.cycle([ASK]);
    await bench.look();
    bench.takeCalls();
    return bench;
  }

  look(maxAgeMs = MAX_AGE_MS) {
    return this.clock.resolve(this.manager.refresh(maxAgeMs));
  }

  async cycle(targets: readonly OrderIntent[]) {
    const { orders, foreign, pending, suspectAgeMs } = await this.look();
    const seen = diffContext({ foreign, pending, suspectAgeMs });
    const actions = planOrders(targets, orders, seen, marketConfig());
    return await this.clock.resolve(this.manager.execute(actions, () => true));
  }

  /** Calls about this market since the last time this was asked. */
  takeCalls(): readonly string[] {
    return this.venue.calls.splice(0);
  }

  async #listAll(): Promise<readonly OpenOrder[]> {
    this.accountLists++;
    if (this.ends === "hangs") return await new Promise(() => {});
    if (this.ends === "fails") throw new Error("no answer");
    const listed = [...this.elsewhere, ...this.venue.orders];
    await sleep(this.clock, this.wayBackMs);
    return listed;
  }
}

Deno.test("own order feed: a quiet market does not read its own list while that of all shows the same", async () => {
  const bench = await Bench.quiet();
  for (let cycle = 0; cycle < 5; cycle++) {
    await bench.clock.advance(MAX_AGE_MS);
    const view = await bench.look();
    assert.deepEqual(view.orders.map(({ orderId }) => orderId), ["order-1"]);
    assert.deepEqual([view.isFresh, view.vanished, view.filledShares], [false, [], []]);
  }
  assert.deepEqual(bench.takeCalls(), []);
});

Deno.test("own order feed: one list serves all markets for as long as it is young enough", async () => {
  const bench = await Bench.quiet();
  const before = bench.accountLists;
  await bench.clock.advance(MAX_AGE_MS);
  const terms = { after: 0, maxAgeMs: MAX_AGE_MS };
  const ask = (marketId: string) => bench.clock.resolve(bench.feed.ordersOf(marketId, terms));
  assert.deepEqual(await ask("MKT-2"), [ELSEWHERE]);
  await bench.clock.advance(MAX_AGE_MS - 1);
  assert.deepEqual((await ask("MKT-1"))?.map(({ orderId }) => orderId), ["order-1"]);
  assert.deepEqual(await ask("MKT-3"), []);
  assert.equal(bench.accountLists - before, 1);
  await bench.clock.advance(1);
  await ask("MKT-1");
  assert.equal(bench.accountLists - before, 2);
});

Deno.test("own order feed: a list of many pages is asked for early enough that nobody waits for it", async () => {
  const bench = await Bench.quiet();
  bench.markets = 200;
  bench.elsewhere = Array.from(
    { length: 1_000 },
    (_, n) => ({ ...ELSEWHERE, orderId: `far-${n}` }),
  );
  bench.wayBackMs = 200;
  await bench.clock.advance(MAX_AGE_MS);
  const before = bench.accountLists;
  const waitOf = async () => {
    const askedAtMs = bench.clock.monotonicMs();
    const terms = { after: 0, maxAgeMs: MAX_AGE_MS };
    assert.ok(await bench.clock.resolve(bench.feed.ordersOf("MKT-1", terms)));
    return bench.clock.monotonicMs() - askedAtMs;
  };
  const waits: number[] = [];
  for (let cycle = 0; cycle < 40; cycle++) {
    waits.push(await waitOf());
    await bench.clock.advance(100);
  }
  assert.deepEqual(waits.filter((waitMs) => waitMs > 0), [200], "only the first one waits");
  assert.equal(bench.accountLists - before, 3);
});

Deno.test("own order feed: orders of other markets and of other people there change nothing", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  bench.elsewhere = [{ ...ELSEWHERE, orderId: "theirs", clientOrderId: "by-hand" }];
  const view = await bench.look();
  assert.deepEqual([view.isFresh, view.foreign], [false, []]);
});

Deno.test("own order feed: what the list of all shows differently is found out by an own look at once", async () => {
  const stranger = { ...restingOrder(["SELL", "YES", 90, 10]), orderId: "x", clientOrderId: "x" };
  const cases: readonly (readonly [string, (bench: Bench) => void])[] = [
    ["a fill in part", ({ venue }) => venue.fill("order-1", 40)],
    ["a fill of all", ({ venue }) => venue.fill("order-1", 100)],
    ["an order that nobody expects", ({ venue }) => venue.orders.push(stranger)],
    ["another freeze", ({ venue }) => {
      venue.orders = venue.orders.map((order) => ({ ...order, frozenAmount: 1 }));
    }],
  ];
  for (const [name, happens] of cases) {
    const bench = await Bench.quiet();
    await bench.clock.advance(MAX_AGE_MS);
    happens(bench);
    const view = await bench.look();
    assert.deepEqual([view.isFresh, bench.takeCalls()], [true, ["list"]], name);
  }
});

Deno.test("own order feed: a list that misses an order is not believed, the order has not vanished", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  const [order] = bench.venue.orders;
  bench.wayBackMs = 100;
  bench.venue.orders = [];
  const looking = bench.manager.refresh(MAX_AGE_MS);
  await bench.clock.advance(50);
  if (order !== undefined) bench.venue.orders.push(order);
  const view = await bench.clock.resolve(looking);
  assert.deepEqual([view.vanished, view.orders.length, view.isFresh], [[], 1, true]);
});

Deno.test("own order feed: a list that was asked for before an own look was answered does not confirm it", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  // Another market asks; the list is of this moment and comes later than the own look.
  const terms = { after: 0, maxAgeMs: MAX_AGE_MS };
  bench.wayBackMs = 200;
  const asked = bench.feed.ordersOf("MKT-2", terms);
  await bench.look(0);
  await bench.clock.resolve(asked);
  bench.takeCalls();
  assert.equal((await bench.look()).isFresh, true);
  assert.deepEqual(bench.takeCalls(), ["list"]);
});

Deno.test("own order feed: the first look after a placement, a cancel or a fill is an own one", async () => {
  const changes: readonly (readonly [string, (bench: Bench) => Promise<unknown>])[] = [
    ["a placement", (bench) => bench.cycle([ASK, FAR_ASK])],
    ["a cancel", (bench) => bench.cycle([])],
    ["a fill that the trades tell of", (bench) => {
      bench.venue.fill("order-1", 40);
      bench.manager.onFill(fillOf(["SELL", "YES", 52, 40]));
      return Promise.resolve();
    }],
    ["a cancel-all", (bench) => bench.clock.resolve(bench.manager.cancelAll())],
  ];
  for (const [name, change] of changes) {
    const bench = await Bench.quiet();
    await bench.clock.advance(MAX_AGE_MS);
    await change(bench);
    bench.takeCalls();
    const lists = bench.accountLists;
    const view = await bench.look();
    assert.deepEqual([view.isFresh, bench.takeCalls()], [true, ["list"]], name);
    assert.deepEqual([view.vanished, view.filledShares, view.adopted], [[], [], []], name);
    assert.equal(bench.accountLists, lists, name);
  }
});

Deno.test("own order feed: an answer that comes during an own look makes the next look an own one", async () => {
  const bench = await Bench.quiet();
  const looking = bench.manager.refresh();
  await bench.clock.advance(5);
  bench.manager.onFill(fillOf(["SELL", "YES", 52, 40]));
  await bench.clock.resolve(looking);
  await bench.clock.advance(MAX_AGE_MS);
  assert.equal((await bench.look()).isFresh, true);
});

Deno.test("own order feed: after an unknown outcome a market looks for itself until it is known", async () => {
  const bench = await Bench.quiet();
  bench.venue.queue("place", "request lost");
  await bench.cycle([ASK, FAR_ASK]);
  for (let cycle = 0; cycle < 3; cycle++) {
    await bench.clock.advance(MAX_AGE_MS);
    const { isFresh, pending } = await bench.look();
    assert.deepEqual([isFresh, pending.length], [true, 1]);
  }
  await bench.clock.advance(30_000);
  assert.deepEqual((await bench.look()).pending, []);
  await bench.clock.advance(MAX_AGE_MS);
  assert.equal((await bench.look()).isFresh, false);
});

Deno.test("own order feed: a cancel without an answer is looked after by the market itself", async () => {
  const bench = await Bench.quiet();
  bench.venue.queue("cancel", "request lost");
  await bench.cycle([]);
  for (let cycle = 0; cycle < 3; cycle++) {
    await bench.clock.advance(MAX_AGE_MS);
    assert.equal((await bench.look()).isFresh, true);
  }
});

Deno.test("own order feed: a cancel-all asks for the list of its own market, and for it alone", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  const lists = bench.accountLists;
  const report = await bench.clock.resolve(bench.manager.cancelAll());
  assert.deepEqual([report.verified, report.remaining], [true, []]);
  assert.deepEqual(bench.takeCalls(), ["list", "cancel order-1", "list"]);
  assert.equal(bench.accountLists, lists);
});

Deno.test("own order feed: when the list of all fails the market reads its own, and that one counts", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  bench.ends = "fails";
  assert.equal((await bench.look()).isFresh, true);
  assert.deepEqual(bench.events.map(({ event }) => event).filter((e) => e === "poll_failed"), [
    "poll_failed",
  ]);
  bench.venue.queue("openOrders", "request lost");
  await assert.rejects(bench.look(), { name: "VenueError" });
});

Deno.test("own order feed: a list that failed is left alone for half a minute, then tried again", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  bench.ends = "fails";
  await bench.look();
  bench.ends = "well";
  const lists = bench.accountLists;
  await bench.clock.advance(29_000);
  assert.equal((await bench.look()).isFresh, true);
  assert.equal(bench.accountLists, lists);
  await bench.clock.advance(1_000);
  assert.equal((await bench.look()).isFresh, false);
  assert.equal(bench.accountLists, lists + 1);
});

Deno.test("own order feed: a list that does not come keeps no market waiting for longer than a quarter of a second", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  bench.ends = "hangs";
  const beforeMs = bench.clock.monotonicMs();
  const looking = bench.manager.refresh(MAX_AGE_MS);
  await bench.clock.advance(260);
  assert.equal((await bench.clock.resolve(looking)).isFresh, true);
  assert.equal(bench.clock.monotonicMs() - beforeMs, 260);
});

Deno.test("own order feed: a list of far more orders than markets is not worth its pages", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  bench.elsewhere = Array.from({ length: 150 }, (_, n) => ({ ...ELSEWHERE, orderId: `far-${n}` }));
  assert.equal((await bench.look()).isFresh, true);
  const lists = bench.accountLists;
  await bench.clock.advance(MAX_AGE_MS);
  await bench.look();
  assert.equal(bench.accountLists, lists);
});

Deno.test("own order feed: with one or two markets, or a connector without such a list, each reads its own", async () => {
  const few = await Bench.quiet();
  few.markets = 2;
  const lists = few.accountLists;
  await few.clock.advance(MAX_AGE_MS);
  assert.equal((await few.look()).isFresh, true);
  assert.equal(few.accountLists, lists);
  const without = new Bench({});
  await without.look();
  await without.clock.advance(MAX_AGE_MS);
  assert.equal((await without.look()).isFresh, true);
});

Deno.test("own order feed: who asks for a fresh look gets one", async () => {
  const bench = await Bench.quiet();
  await bench.clock.advance(MAX_AGE_MS);
  const lists = bench.accountLists;
  assert.equal((await bench.look(0)).isFresh, true);
  assert.deepEqual([bench.takeCalls(), bench.accountLists], [["list"], lists]);
});
