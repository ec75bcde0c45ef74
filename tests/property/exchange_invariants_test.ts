import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ALL_QUIRKS,
  type Answer,
  attempt,
  type StateDump,
  VenueCrash,
} from "../../sim/exchange/mod.ts";
import { AMM, FakeVenue, MARKET } from "../support/fake_venue.ts";

const USERS = [AMM, "ann", "bob", "poor"] as const;
const MARKETS = [MARKET, "MKT-2", "NOPE"] as const;

const user = fc.constantFrom(...USERS);
const market = fc.oneof({ arbitrary: fc.constant(MARKET), weight: 8 }, fc.constantFrom(...MARKETS));
const contract = fc.constantFrom("YES" as const, "NO" as const);
const nth = fc.nat(12);
const order = fc.record({
  marketId: market,
  contract,
  direction: fc.constantFrom("BUY" as const, "SELL" as const),
  contractPrice: fc.oneof(
    { arbitrary: fc.integer({ min: 40, max: 60 }), weight: 9 },
    fc.integer({ min: -1, max: 101 }),
  ),
  quantity: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 30 }), weight: 9 },
    fc.integer({ min: 0, max: 10_001 }),
  ),
  timeInForce: fc.constantFrom("GTC" as const, "GTC" as const, "IOC" as const),
  clientOrderId: fc.oneof(
    { arbitrary: fc.uuid(), weight: 9 },
    fc.constantFrom("a", "b"),
  ),
});
const pairs = fc.record({
  marketId: market,
  quantity: fc.integer({ min: 0, max: 120 }),
  idempotencyKey: fc.oneof({ arbitrary: fc.uuid(), weight: 9 }, fc.constant("k")),
});

/** One request or act of an operator; `nth` picks one of all orders ever placed. */
type Act = (venue: FakeVenue) => unknown;

const act = (name: string, run: Act) => ({ run, [fc.toStringMethod]: () => name });

function orderIdOf({ exchange }: FakeVenue, place: number): string {
  const ids = exchange.control.dumpState().orders.map(({ orderId }) => orderId);
  return ids[ids.length === 0 ? 0 : place % ids.length] ?? "0";
}

const acts = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(user, order).map(([who, request]) =>
      act(
        `place ${who} ${JSON.stringify(request)}`,
        ({ exchange }) => exchange.placeOrder(who, request),
      )
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(user, nth).map(([who, place]) =>
      act(
        `cancel ${who} ${place}`,
        (venue) => venue.exchange.cancelOrder(who, orderIdOf(venue, place)),
      )
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(nth, order).map(([place, request]) =>
      act(
        `replace ${place} ${JSON.stringify(request)}`,
        (venue) => venue.exchange.replaceOrder(AMM, orderIdOf(venue, place), request),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(market, fc.constantFrom("ALL" as const, "BUY_ONLY" as const)).map((
      [marketId, scope],
    ) =>
      act(
        `batch cancel ${marketId} ${scope}`,
        ({ exchange }) => exchange.batchCancel(AMM, { marketId, scope }),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: pairs.map((request) =>
      act(`mint ${JSON.stringify(request)}`, ({ exchange }) => exchange.mint(AMM, request))
    ),
  },
  {
    weight: 1,
    arbitrary: pairs.map((request) =>
      act(`burn ${JSON.stringify(request)}`, ({ exchange }) => exchange.burn(AMM, request))
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(user, fc.integer({ min: -3000, max: 3000 })).map(([who, amount]) =>
      act(
        `cash ${who} ${amount}`,
        ({ exchange }) =>
          amount < 0 ? exchange.withdraw(who, -amount) : exchange.deposit(who, amount),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(200), fc.nat(200)).map(([makerFeeBps, takerFeeBps]) =>
      act(
        `fees ${makerFeeBps} ${takerFeeBps}`,
        ({ exchange }) => exchange.control.patchMarket(MARKET, { makerFeeBps, takerFeeBps }),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...["ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED"] as const).map((
      status,
    ) =>
      act(
        status,
        ({ exchange }) =>
          exchange.market(MARKET).result ?? exchange.control.patchMarket(MARKET, { status }),
      )
    ),
  },
);

const ending = fc.constantFrom("YES" as const, "NO" as const, "VOID" as const);
const settings = fc.record({
  makerFee: fc.boolean(),
  auditTrades: fc.boolean(),
  enforceMarketLimits: fc.boolean(),
});
const fees = fc.constantFrom(
  { makerFeeBps: 10, takerFeeBps: 20 },
  { makerFeeBps: 0, takerFeeBps: 0 },
  { makerFeeBps: 300, takerFeeBps: 7 },
  { makerFeeBps: 1000, takerFeeBps: 1000 },
);

/** Everything but 6001, which cancels what it refuses, leaves the state as it was. */
function assertUnchangedIfRefused(answer: Answer<unknown>, before: StateDump, venue: FakeVenue) {
  if (answer.ok || answer.refusal.code === 6001) return;
  assert.deepEqual(venue.exchange.control.dumpState(), before);
}

function openVenue(...terms: ConstructorParameters<typeof FakeVenue>): FakeVenue {
  const venue = new FakeVenue(...terms).users(40_000, AMM, "ann", "bob").users(300, "poor");
  venue.exchange.control.createMarket({ marketId: "MKT-2" });
  venue.exchange.control.seedPairs(AMM, MARKET, 100);
  venue.mintBetween("ann", "bob", { price: 55, quantity: 100 });
  venue.mintBetween("ann", "poor", { price: 99, quantity: 50 });
  return venue;
}

Deno.test("every request keeps the invariants, and a refused one changes nothing", () => {
  fc.assert(
    fc.property(
      settings,
      fees,
      fc.array(acts, { minLength: 30, maxLength: 80 }),
      ending,
      (chosen, terms, steps, result) => {
        const venue = openVenue(chosen, terms);
        for (const { run } of steps) {
          const before = venue.exchange.control.dumpState();
          assertUnchangedIfRefused(attempt(() => run(venue)), before, venue);
          venue.exchange.control.assertInvariants();
        }
        venue.exchange.control.patchMarket(MARKET, { status: "ACTIVE" });
        venue.exchange.control.resolve(MARKET, result);
        venue.exchange.control.assertInvariants();
      },
    ),
    { numRuns: 150 },
  );
});

/** What a request does with defects on: an answer, a refusal or a 500, never anything else. */
function survive(run: () => unknown): "answered" | "refused" | "crashed" {
  try {
    return attempt(run).ok ? "answered" : "refused";
  } catch (error) {
    if (error instanceof VenueCrash) return "crashed";
    throw error;
  }
}

Deno.test("with any defects on, a 500 changes nothing but the live book", () => {
  const quirks = fc.subarray(ALL_QUIRKS.map((quirk) => quirk)).map((some) => new Set(some));
  fc.assert(
    fc.property(
      quirks,
      fc.array(acts, { minLength: 30, maxLength: 80 }),
      (chosen, steps) => {
        const venue = openVenue({ quirks: chosen, makerFee: true });
        const state = () => {
          const { markets, ...rest } = venue.exchange.control.dumpState();
          return { ...rest, markets: markets.map(({ liveOrderIds: _, ...market }) => market) };
        };
        for (const { run } of steps) {
          const before = state();
          if (survive(() => run(venue)) === "crashed") assert.deepEqual(state(), before);
          venue.exchange.control.assertInvariants();
        }
      },
    ),
    { numRuns: 100 },
  );
});
