/** The order manager beside a plain list of what rests at the venue and of what had no answer. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CommandOutcome,
  type PlaceRequest,
  VenueCode,
} from "../../src/connector/connector.ts";
import { OrderManager, type OrderManagerOptions } from "../../src/connector/order_manager.ts";
import { OwnOrderFeed } from "../../src/connector/own_order_feed.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { clientOrderIds, isOwnClientOrderId } from "../../src/execution/client_order_id.ts";
import { planOrders } from "../../src/execution/order_diff.ts";
import type { Fill, OrderIntent } from "../../src/models/order.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { marketConfig } from "../support/config.ts";
import { diffContext, intent } from "../support/orders.ts";
import { fillOf, restingOrder } from "../support/risk.ts";
import { type Mishap, StubVenue } from "../support/stub_venue.ts";

const INTENTS: readonly OrderIntent[] = [52, 53, 54, 55].flatMap((at) => [
  intent(["SELL", "YES", at, 100]),
  intent(["SELL", "NO", at, 100]),
]);
/** A placement without an answer may turn up for so long. */
const DOUBT_MS = 30_000;

type Fallible = "place" | "replace" | "cancel";

/** What may happen next. */
type Command =
  /** A cycle wants these orders to rest, and calls go wrong. */
  | {
    readonly kind: "cycle";
    readonly wanted: readonly OrderIntent[];
    readonly mishaps: readonly (readonly [Fallible, Mishap])[];
  }
  /** Somebody trades with an own order; the trade feed tells of it now or later. */
  | { readonly kind: "fill"; readonly at: number; readonly quantity: number; readonly now: boolean }
  /** The trade feed tells of everything that it has not told of. */
  | { readonly kind: "tell" }
  | { readonly kind: "arrive" | "cancel all" | "unreadable" }
  /** Somebody puts an order of his own on the account. */
  | { readonly kind: "stranger" }
  | { readonly kind: "wait"; readonly ms: number };

/** The connector, with somebody who notes which placements have no answer. */
class NotedVenue extends StubVenue {
  readonly noAnswer = new Map<string, { readonly request: PlaceRequest; readonly atMs: number }>();
  lastDoubtMs = -Infinity;
  readonly #now: VirtualClock;

  constructor(clock: VirtualClock) {
    super(clock, 0);
    this.#now = clock;
  }

  override place(request: PlaceRequest) {
    return this.#note(request, super.place(request));
  }

  override replace(orderId: string, request: PlaceRequest) {
    return this.#note(request, super.replace(orderId, request));
  }

  async #note<T>(
    request: PlaceRequest,
    sending: Promise<CommandOutcome<T>>,
  ): Promise<CommandOutcome<T>> {
    const outcome = await sending.catch(() => null);
    const isBusy = outcome?.kind === "rejected" && outcome.code === VenueCode.RATE_LIMITED;
    if (outcome === null || outcome.kind === "unknown") {
      this.lastDoubtMs = this.#now.monotonicMs();
      this.noAnswer.set(request.clientOrderId, { request, atMs: this.lastDoubtMs });
    } else if (!isBusy) this.noAnswer.delete(request.clientOrderId);
    return outcome ?? await sending;
  }
}

class Bench {
  readonly clock = new VirtualClock(1_760_000_000_000);
  readonly venue = new NotedVenue(this.clock);
  readonly manager: OrderManager;
  readonly strangers: string[] = [];
  #untold: Fill[] = [];

  constructor() {
    const { clock } = this;
    const limits = { orderOpsPerMinute: 1e6, replaceOpsPerMinute: 1e6, queryRateLimit: 1e6 };
    const options: OrderManagerOptions = {
      ...{ marketId: "MKT-1", connector: this.venue, clock, log: silentLogger },
      rateBudget: new RateBudget({ clock, ...limits }),
      nextClientOrderId: clientOrderIds("MKT-1", clock),
      ...{ batchCancelEnabled: false, cancelTimeoutMs: 2_000 },
      feed: new OwnOrderFeed({
        connector: { accountOrders: () => Promise.resolve([...this.venue.orders]) },
        ...{ clock, log: silentLogger, markets: () => 3 },
      }),
    };
    this.manager = new OrderManager(options);
  }

  async do(command: Command): Promise<void> {
    switch (command.kind) {
      case "cycle":
        return await this.#cycle(command.wanted, command.mishaps);
      case "fill":
        return this.#fill(command);
      case "tell":
        for (const fill of this.#untold.splice(0)) this.manager.onFill(fill);
        return;
      case "arrive":
        return this.venue.arrive();
      case "cancel all":
        await this.clock.resolve(this.manager.cancelAll());
        return;
      case "unreadable": {
        const before = this.#known();
        this.venue.queue("openOrders", "request lost");
        await assert.rejects(this.clock.resolve(this.manager.refresh()));
        return assert.deepEqual(this.#known(), before, "a list without an answer changes nothing");
      }
      case "stranger": {
        const order = restingOrder(["SELL", "YES", 90, 10]);
        const orderId = `theirs-${this.strangers.length}`;
        this.strangers.push(orderId);
        this.venue.orders.push({ ...order, orderId, clientOrderId: `by-hand-${orderId}` });
        return;
      }
      case "wait":
        return await this.clock.advance(command.ms);
    }
  }

  /** Looks at the venue, and compares. */
  async check(): Promise<void> {
    // A list of all markets, asked for now, leaves nothing unseen either.
    await this.clock.advance(1);
    await this.clock.resolve(this.manager.refresh(1));
    this.checkKnown();
    const view = await this.clock.resolve(this.manager.refresh());
    this.checkKnown();
    const { noAnswer, lastDoubtMs } = this.venue;
    const nowMs = this.clock.monotonicMs();
    const listed = new Set(this.#resting.map(({ clientOrderId }) => clientOrderId));
    for (const [id, { atMs }] of noAnswer) {
      if (listed.has(id) || nowMs - atMs > DOUBT_MS) noAnswer.delete(id);
    }
    assert.deepEqual(
      view.pending.map(({ yesPrice, remaining }) => `${yesPrice} ${remaining}`).sort(),
      [...noAnswer.values()].map(({ request: { contract, contractPrice, quantity } }) =>
        `${contract === "YES" ? contractPrice : 100 - contractPrice} ${quantity}`
      ).sort(),
    );
    assert.equal(this.manager.wasInDoubt, nowMs - lastDoubtMs <= DOUBT_MS);
    if (noAnswer.size > 0) assert.equal(this.manager.frozen, null);
    assert.deepEqual(view.foreign.map(({ orderId }) => orderId), this.strangers);
  }

  /** What is known without asking is what rests. */
  checkKnown(): void {
    assert.deepEqual(
      this.#known(),
      this.#resting.map(({ orderId, remaining }) => `${orderId} ${remaining}`).sort(),
    );
  }

  get #resting() {
    return this.venue.orders.filter(({ clientOrderId }) => isOwnClientOrderId(clientOrderId));
  }

  #known(): readonly string[] {
    return this.manager.orders.map(({ orderId, remaining }) => `${orderId} ${remaining}`).sort();
  }

  async #cycle(
    wanted: readonly OrderIntent[],
    mishaps: readonly (readonly [Fallible, Mishap])[],
  ): Promise<void> {
    for (const [call, mishap] of mishaps) this.venue.queue(call, mishap);
    const work = async () => {
      const { orders, foreign, pending, suspectAgeMs } = await this.manager.refresh();
      const seen = diffContext({ foreign, pending, suspectAgeMs });
      const actions = planOrders(wanted, orders, seen, marketConfig());
      await this.manager.execute(actions, () => true);
    };
    await this.clock.resolve(work());
    this.venue.heal();
  }

  #fill({ at, quantity, now }: Extract<Command, { kind: "fill" }>): void {
    const resting = this.#resting;
    const order = resting[at % Math.max(1, resting.length)];
    if (order === undefined) return;
    const taken = Math.min(quantity, order.remaining);
    this.venue.fill(order.orderId, taken);
    const fill = fillOf([order.direction, order.contract, order.contractPrice, taken]);
    if (now) this.manager.onFill(fill);
    else this.#untold.push(fill);
  }
}

const wanted = fc.subarray([...INTENTS]);
const mishap = fc.tuple(
  fc.constantFrom<Fallible>("place", "replace", "cancel"),
  fc.constantFrom<Mishap>(
    ...["answer lost", "request lost", "late", "throws"] as const,
    { refuse: VenueCode.RATE_LIMITED },
    { refuse: VenueCode.INSUFFICIENT_SHARES },
  ),
);
const mishaps = fc.array(mishap, { maxLength: 4 });
const noMishaps = fc.constant<readonly (readonly [Fallible, Mishap])[]>([]);

function commands(going: typeof noMishaps, ...kinds: ("arrive" | "tell" | "unreadable")[]) {
  const fill = {
    kind: fc.constant("fill"),
    at: fc.nat(7),
    quantity: fc.constantFrom(1, 30, 100),
    now: fc.boolean(),
  } as const;
  return fc.array(
    fc.oneof<fc.WeightedArbitrary<Command>[]>(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant("cycle"), wanted, mishaps: going }),
      },
      { weight: 3, arbitrary: fc.record(fill) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom(...kinds) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("cancel all", "stranger") }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("wait"), ms: fc.constantFrom(500, 15_001) }),
      },
    ),
    { maxLength: 20 },
  );
}

Deno.test("model, order manager: what is known, pending and in doubt is what the venue and the lost answers say", async () => {
  await fc.assert(
    fc.asyncProperty(commands(mishaps, "arrive", "unreadable"), async (all) => {
      const bench = new Bench();
      for (const command of all) {
        await bench.do(command);
        await bench.check();
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("model, order manager: a fill that the orders show and the trades tell of counts once, in either order", async () => {
  await fc.assert(
    fc.asyncProperty(commands(noMishaps, "tell"), async (all) => {
      const bench = new Bench();
      for (const command of all) {
        await bench.do(command);
        if (command.kind === "tell") bench.checkKnown();
        await bench.check();
      }
    }),
    { numRuns: 150 },
  );
});
