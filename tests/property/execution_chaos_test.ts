import assert from "node:assert/strict";
import fc from "fast-check";
import { VenueCode } from "../../src/connector/connector.ts";
import { OrderManager } from "../../src/connector/order_manager.ts";
import { clientOrderIds } from "../../src/execution/client_order_id.ts";
import { planOrders } from "../../src/execution/order_diff.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import type { OrderIntent } from "../../src/models/order.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { CONFIG } from "../support/arbitrary_orders.ts";
import { diffContext, intent, restAs, sharesByForm, touchOf } from "../support/orders.ts";
import { type Mishap, StubVenue } from "../support/stub_venue.ts";

/** A cycle of a market on a bad day. */
const badCycle = fc.record({
  fair: fc.integer({ min: 40, max: 60 }),
  size: fc.integer({ min: 1, max: 100 }),
  mishaps: fc.array(
    fc.record({
      command: fc.constantFrom("place" as const, "cancel" as const, "replace" as const),
      mishap: fc.constantFrom<Mishap>(
        "answer lost",
        "request lost",
        "late",
        "throws",
        { refuse: VenueCode.RATE_LIMITED },
        { refuse: VenueCode.INSUFFICIENT_SHARES },
        { refuse: VenueCode.OLD_ORDER_HAS_FILLS },
      ),
    }),
    { maxLength: 4 },
  ),
  arrives: fc.boolean(),
  filled: fc.integer({ min: 0, max: 5 }),
});
type BadCycle = typeof badCycle extends fc.Arbitrary<infer C> ? C : never;

const scenario = fc.record({
  cycles: fc.array(badCycle, { minLength: 1, maxLength: 12 }),
  privileged: fc.boolean(),
});

/** Two levels on each side of a fair price. */
function targetsAround(fair: number, size: number): readonly OrderIntent[] {
  return [1, 3].flatMap((distance) => [
    intent(["SELL", "YES", fair + distance, size]),
    intent(["SELL", "NO", 100 - (fair - distance), size]),
  ]);
}

/** A market whose calls go wrong, and a watch that own orders never meet. */
class BadDay {
  readonly clock = new VirtualClock(1_760_000_000_000);
  readonly venue = new StubVenue(this.clock);
  readonly manager: OrderManager;
  /** Moments at which own orders met. */
  readonly meetings: string[] = [];
  readonly #privileged: boolean;
  #fair = 50;

  constructor(privileged: boolean) {
    this.#privileged = privileged;
    this.manager = new OrderManager({
      marketId: "MKT-1",
      connector: this.venue,
      clock: this.clock,
      log: silentLogger,
      rateBudget: new RateBudget({
        clock: this.clock,
        orderOpsPerMinute: 6000,
        replaceOpsPerMinute: 1000,
        queryRateLimit: 6000,
      }),
      nextClientOrderId: clientOrderIds("MKT-1", this.clock),
      batchCancelEnabled: false,
      cancelTimeoutMs: 30_000,
    });
    this.venue.changed = () => {
      const { bid, ask } = touchOf(this.venue.orders);
      if (bid >= ask) this.meetings.push(`${bid}/${ask}`);
    };
  }

  async live({ fair, size, mishaps, arrives, filled }: BadCycle): Promise<void> {
    for (const { command, mishap } of mishaps) this.venue.queue(command, mishap);
    const oldest = this.venue.orders[0];
    if (oldest !== undefined) this.venue.fill(oldest.orderId, Math.min(filled, oldest.remaining));
    await this.cycle(fair, size);
    if (arrives) this.venue.arrive();
  }

  async cycle(fair: number, size: number): Promise<void> {
    await this.clock.resolve(this.#quote(fair, size));
    await this.clock.advance(2000);
  }

  async #quote(fair: number, size: number): Promise<void> {
    const view = await this.manager.refresh();
    const fairMoveCents = fair - this.#fair;
    this.#fair = fair;
    const context = diffContext({ ...view, fairMoveCents, privileged: this.#privileged });
    const plan = planOrders(targetsAround(fair, size), view.orders, context, CONFIG);
    await this.manager.execute(plan, () => true);
  }

  /** What rests, after everything has arrived and enough healthy cycles have passed. */
  async recover(fair: number, size: number): Promise<Readonly<Record<string, number>>> {
    this.venue.heal();
    this.venue.arrive();
    await this.clock.advance(61_000);
    for (let cycle = 0; cycle < 8; cycle++) await this.cycle(fair, size);
    return sharesByForm(this.venue.orders);
  }
}

Deno.test("L-67 property order manager: own orders never meet at the venue, whatever is lost, late or refused", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ cycles, privileged }) => {
      const day = new BadDay(privileged);
      for (const cycle of cycles) await day.live(cycle);
      assert.deepEqual(day.meetings, []);
    }),
    { numRuns: 150 },
  );
});

Deno.test("L-38 property order manager: after any bad day the open orders are the target, none twice", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ cycles, privileged }) => {
      const day = new BadDay(privileged);
      for (const cycle of cycles) await day.live(cycle);
      const rests = await day.recover(50, 100);
      const wanted = sharesByForm(targetsAround(50, 100).map((t, i) => restAs(t, `${i}`)));
      assert.deepEqual(Object.keys(rests).sort(), Object.keys(wanted).sort());
      for (const form of Object.keys(wanted)) {
        assert.ok((rests[form] ?? 0) >= 80 && (rests[form] ?? 0) <= 120, `${form} ${rests[form]}`);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("L-33 property order manager: after any bad day cancel-all leaves nothing at the venue", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ cycles, privileged }) => {
      const day = new BadDay(privileged);
      for (const cycle of cycles) await day.live(cycle);
      day.clock.after(300, () => day.venue.arrive());
      const report = await day.clock.resolve(day.manager.cancelAll());
      await day.clock.advance(1000);
      assert.deepEqual([report.remaining, report.verified, day.venue.orders], [[], true, []]);
    }),
    { numRuns: 150 },
  );
});
