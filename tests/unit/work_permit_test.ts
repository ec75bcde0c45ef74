/** What may still be done in a market when the right to work it is limited. */

import assert from "node:assert/strict";
import type { CancelAllReport } from "../../src/connector/cancel_all.ts";
import type { CommandOutcome, Connector, MaySend } from "../../src/connector/connector.ts";
import { OrderManager } from "../../src/connector/order_manager.ts";
import { runPairOperation } from "../../src/connector/pair_operation.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import type { WorkPermit } from "../../src/connector/work_permit.ts";
import { clientOrderIds } from "../../src/execution/client_order_id.ts";
import { planOrders } from "../../src/execution/order_diff.ts";
import { shares } from "../../src/models/money.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { diffContext, intent } from "../support/orders.ts";
import { envelope, later, ScriptedVenue } from "../support/rest_venue.ts";
import { StubVenue } from "../support/stub_venue.ts";
import { MARKET, ORDER_ID, PLACE, WIRE_PLACED } from "../support/wire_samples.ts";

const ASK = intent(["SELL", "YES", 52, 100]);
const BID = intent(["SELL", "NO", 52, 100]);

/** An order manager that works under a lease which a test can take away. */
class Bench {
  readonly clock = new VirtualClock(1_760_000_000_000);
  readonly venue = new StubVenue(this.clock);
  mayPlace = true;
  isExclusive = true;
  readonly manager: OrderManager;

  constructor({ token = 7, batchCancelEnabled = false } = {}) {
    const permit: WorkPermit = {
      token,
      mayPlace: () => this.mayPlace,
      mayChangePairs: () => this.mayPlace,
      isExclusive: () => this.isExclusive,
      reportFenced: () => {},
    };
    this.manager = new OrderManager({
      marketId: "MKT-1",
      connector: this.venue,
      clock: this.clock,
      log: silentLogger,
      rateBudget: new RateBudget({
        clock: this.clock,
        orderOpsPerMinute: 600,
        replaceOpsPerMinute: 400,
        queryRateLimit: 6000,
      }),
      nextClientOrderId: clientOrderIds("MKT-1", this.clock),
      batchCancelEnabled,
      cancelTimeoutMs: 30_000,
      permit,
    });
  }

  async cycle(...targets: Parameters<typeof planOrders>[0]) {
    const run = async () => {
      const { orders, foreign, pending } = await this.manager.refresh();
      const context = diffContext({ foreign, pending });
      const actions = planOrders(targets, orders, context, marketConfig());
      return await this.manager.execute(actions, () => true);
    };
    return await this.clock.resolve(run());
  }

  /** Another process of the account puts an order into the market. */
  stranger(clientOrderId: string): OpenOrder {
    const [model] = this.venue.orders;
    assert.ok(model !== undefined);
    const order = { ...model, clientOrderId, orderId: `order of ${clientOrderId}` };
    this.venue.orders = [...this.venue.orders, order];
    return order;
  }

  cancelAll() {
    return this.clock.resolve(this.manager.cancelAll());
  }

  get resting(): readonly string[] {
    return this.venue.orders.map(({ orderId }) => orderId);
  }

  get commands(): readonly string[] {
    return this.venue.calls.filter((call) => call !== "list");
  }
}

Deno.test("permit: when nothing may be placed, placements and replacements are held back and cancels go out", async () => {
  const bench = new Bench();
  await bench.cycle(ASK);
  bench.venue.calls.length = 0;
  bench.mayPlace = false;
  const moved = await bench.cycle(intent(["SELL", "YES", 54, 100]), BID);
  assert.deepEqual(bench.commands, []);
  assert.equal(moved.counts.deferred, 2);
  await bench.cycle();
  assert.deepEqual(bench.commands, ["cancel order-1"]);
});

Deno.test("permit: under a lease, an own order that was not sent from here is cancelled at the first look", async () => {
  const bench = new Bench();
  await bench.cycle(ASK, BID);
  bench.stranger("amm_MKT-1_YES_SELL_1_1");
  bench.venue.calls.length = 0;
  const view = await bench.clock.resolve(bench.manager.refresh());
  assert.deepEqual(bench.commands, ["cancel order of amm_MKT-1_YES_SELL_1_1"]);
  assert.deepEqual(view.orders.map(({ orderId }) => orderId), ["order-1", "order-2"]);
  assert.deepEqual(view.adopted, []);
  // Until the list shows that it is gone, no quote may meet it.
  assert.equal(view.foreign.length, 1);
  const next = await bench.clock.resolve(bench.manager.refresh());
  assert.deepEqual(next.foreign, []);
});

Deno.test("permit: under a lease, an order whose answer was lost is known as our own", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "answer lost");
  await bench.cycle(ASK);
  const view = await bench.clock.resolve(bench.manager.refresh());
  assert.deepEqual(view.adopted.map(({ orderId }) => orderId), ["order-1"]);
  assert.deepEqual(bench.resting, ["order-1"]);
});

Deno.test("permit: without leases, an own order that was not sent from here is adopted", async () => {
  const bench = new Bench({ token: 0 });
  await bench.cycle(ASK);
  bench.stranger("amm_MKT-1_YES_SELL_1_1");
  const view = await bench.clock.resolve(bench.manager.refresh());
  assert.equal(view.adopted.length, 1);
  assert.equal(bench.resting.length, 2);
});

/** True if the venue has said that no own order is left. */
function isClear({ remaining, verified }: CancelAllReport): boolean {
  return verified && remaining.length === 0;
}

Deno.test("permit: while the market is ours alone a cancel-all takes every own order", async () => {
  const bench = new Bench();
  await bench.cycle(ASK, BID);
  bench.stranger("amm_MKT-1_YES_SELL_1_1");
  assert.ok(isClear(await bench.cancelAll()));
  assert.deepEqual(bench.resting, []);
});

Deno.test("permit: once another process may have the market a cancel-all takes only what was sent from here", async () => {
  const bench = new Bench({ batchCancelEnabled: true });
  await bench.cycle(ASK, BID);
  const other = bench.stranger("amm_MKT-1_YES_SELL_1_1");
  bench.isExclusive = false;
  assert.ok(isClear(await bench.cancelAll()));
  assert.deepEqual(bench.resting, [other.orderId]);
  assert.deepEqual(bench.commands.filter((call) => call.startsWith("batchCancel")), []);
});

Deno.test("permit: a cancel-all that goes on when the lease ends narrows to what was sent from here", async () => {
  const bench = new Bench();
  await bench.cycle(ASK);
  bench.venue.queue("cancel", { refuse: 500 }, { refuse: 500 });
  const sweep = bench.manager.cancelAll();
  await bench.clock.advance(15);
  bench.isExclusive = false;
  const other = bench.stranger("amm_MKT-1_YES_SELL_1_1");
  assert.ok(isClear(await bench.clock.resolve(sweep)));
  assert.deepEqual(bench.resting, [other.orderId]);
});

Deno.test("permit: an order of ours that turns up late is still cancelled after the lease has ended", async () => {
  const bench = new Bench();
  bench.venue.queue("place", "late");
  await bench.cycle(ASK);
  bench.isExclusive = false;
  const sweep = bench.manager.cancelAll();
  await bench.clock.advance(500);
  bench.venue.arrive();
  assert.ok(isClear(await bench.clock.resolve(sweep)));
  assert.deepEqual(bench.resting, []);
});

Deno.test("permit: what is not known to rest any more is forgotten", async () => {
  const bench = new Bench();
  await bench.cycle(ASK);
  const [first] = bench.venue.orders;
  assert.ok(first !== undefined);
  await bench.cycle();
  await bench.cycle(BID);
  // The same id again: not one that this process could have sent now.
  bench.venue.orders = [...bench.venue.orders, first];
  bench.isExclusive = false;
  await bench.cancelAll();
  assert.deepEqual(bench.resting, [first.orderId]);
});

Deno.test("permit: a mint is not sent when the right to do so has ended, and is as good as unknown", async () => {
  const sent: unknown[] = [];
  const accepted = (request: unknown) => {
    sent.push(request);
    return Promise.resolve({ kind: "accepted", value: { alreadyDone: false } } as const);
  };
  const connector = { mint: accepted, burn: accepted };
  const operation = {
    kind: "MINT",
    key: "k",
    quantity: shares(5),
    state: "PREPARED",
    createdAtMs: 0,
    retryAfterMs: 0,
    held: null,
  } as const;
  const end = await runPairOperation({ connector, maySend: () => false }, "MKT-1", operation);
  assert.deepEqual([end.kind, sent.length], ["unknown", 0]);
  await runPairOperation({ connector, maySend: () => true }, "MKT-1", operation);
  assert.equal(sent.length, 1);
});

// The live connector may log in, or repeat, between the moment it is asked and the moment it sends.

Deno.test("permit: the live connector asks before it sends, after the login that came between", async () => {
  const venue = new ScriptedVenue();
  venue.on(
    "POST /auth/login",
    later(
      4_000,
      envelope({
        access_token: "a",
        refresh_token: "r",
        token_type: "Bearer",
        expires_in: 1800,
        user: { user_id: "u", username: "n", email: "e" },
      }),
    ),
  );
  venue.on("POST /orders", envelope(WIRE_PLACED, 201));
  const maySend = () => venue.clock.monotonicMs() < 3_000;
  const outcome = await venue.run(venue.connector.place(PLACE, maySend));
  assert.equal(outcome.kind, "unknown");
  assert.equal(venue.sentTo("POST /orders").length, 0);
});

const PAIRS = { marketId: MARKET, quantity: shares(30), idempotencyKey: "op-1" };

type Send = (connector: Connector, maySend: MaySend) => Promise<CommandOutcome<unknown>>;

const COMMANDS: readonly (readonly [string, string, Send])[] = [
  ["place", "POST /orders", (c, maySend) => c.place(PLACE, maySend)],
  ["replace", "POST /amm/orders/replace", (c, maySend) => c.replace(ORDER_ID, PLACE, maySend)],
  ["mint", "POST /amm/mint", (c, maySend) => c.mint(PAIRS, maySend)],
  ["burn", "POST /amm/burn", (c, maySend) => c.burn(PAIRS, maySend)],
];

for (const [name, route, send] of COMMANDS) {
  Deno.test(`permit: the live connector does not repeat a ${name} when the right to do so has ended`, async () => {
    const venue = new ScriptedVenue();
    venue.on(route, "drop");
    let asked = 0;
    const outcome = await venue.run(send(venue.connector, () => asked++ === 0));
    assert.equal(outcome.kind, "unknown");
    assert.equal(venue.sentTo(route).length, 1);
  });
}
