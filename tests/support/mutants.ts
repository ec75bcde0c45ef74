/** Defects that somebody could make, each between a process and what it depends on. */

import type { Mutation } from "../../sim/faults/bot_process.ts";
import type { Violation } from "../../sim/faults/run.ts";
import type { Connector, PlaceRequest } from "../../src/connector/connector.ts";
import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import { cents, price, shares } from "../../src/models/money.ts";

/** A defect, and what it is called. */
export interface Mutant {
  readonly name: string;
  /** The first seed under which it is found, and by which invariant. */
  readonly seed: number;
  readonly invariant: Violation["invariant"];
  readonly mutation: Mutation;
}

/** Something as it is, but for some of its members. */
function altered<T extends object>(inner: T, changes: Partial<T>): T {
  return new Proxy(inner, {
    get(target, name) {
      const changed: unknown = Reflect.get(changes, name);
      if (changed !== undefined) return changed;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

function connector(change: (inner: Connector) => Partial<Connector>): Mutation {
  return { connector: (inner) => altered(inner, change(inner)) };
}

/** Requests of a route are changed on their way out. */
function requests(
  isMeant: (path: string) => boolean,
  change: (body: Record<string, unknown>, count: number) => Record<string, unknown>,
): Mutation {
  let count = 0;
  const fetch = (inner: Fetch): Fetch => (url, init) => {
    if (typeof init.body !== "string" || !isMeant(new URL(url).pathname)) return inner(url, init);
    return inner(url, { ...init, body: JSON.stringify(change(JSON.parse(init.body), count++)) });
  };
  return { fetch };
}

const isPlacement = (path: string) => path.endsWith("/orders");
const isPairs = (path: string) => /\/amm\/(mint|burn)$/.test(path);
const CANCELLED = {
  unfrozenAmount: 0,
  unfrozenAsset: "FUNDS",
  remainingCancelled: shares(0),
} as const;

/** All of them. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "a cancel counts as done without being sent",
    seed: 1,
    invariant: "wrong_view",
    mutation: connector(() => ({
      cancel: (orderId) => Promise.resolve({ kind: "accepted", value: { orderId, ...CANCELLED } }),
      openOrders: () => Promise.resolve([]),
    })),
  },
  {
    name: "own orders that rest are not looked at: every list is empty",
    seed: 1,
    invariant: "wrong_view",
    mutation: connector(() => ({ openOrders: () => Promise.resolve([]) })),
  },
  {
    name: "every fill is applied twice",
    seed: 2,
    invariant: "wrong_cash",
    mutation: connector((inner) => ({
      trades: async (query) => {
        const page = await inner.trades(query);
        const twice = page.trades.flatMap((trade) => [
          { ...trade, tradeId: `${trade.tradeId}-again` },
          trade,
        ]);
        return { ...page, trades: twice };
      },
    })),
  },
  {
    name: "every third trade is overlooked",
    seed: 2,
    invariant: "wrong_cash",
    mutation: connector((inner) => ({
      trades: async (query) => {
        const page = await inner.trades(query);
        const seen = page.trades.filter(({ tradeId }) => Number(tradeId.slice(-3)) % 3 !== 0);
        return { ...page, trades: seen };
      },
    })),
  },
  {
    name: "the fee of a trade is forgotten, and a cent invented",
    seed: 5,
    invariant: "wrong_cash",
    mutation: connector((inner) => ({
      trades: async (query) => {
        const page = await inner.trades(query);
        const wrong = page.trades.map((trade) => ({
          ...trade,
          takerFeeCents: cents(0),
          yesPrice: price(Math.min(99, trade.yesPrice + 1)),
        }));
        return { ...page, trades: wrong };
      },
    })),
  },
  {
    name: "latches are forgotten on restart",
    seed: 24,
    invariant: "placed_killed",
    mutation: {
      store: (inner) =>
        altered(inner, {
          loadMarket: async (marketId) => {
            const found = await inner.loadMarket(marketId);
            if (found === null || found.risk === null) return found;
            const defense = { level: "NORMAL", calmCycles: 0, latch: null } as const;
            return { ...found, risk: { ...found.risk, defense } };
          },
          saveMarket: async (id, snapshot, token) => {
            await inner.saveMarket(id, snapshot, token);
            return { latch: null, rewritten: [] };
          },
          share: async (request) => ({ ...await inner.share(request), latch: { kind: "none" } }),
        }),
    },
  },
  {
    name: "every lease is granted, whoever has it",
    seed: 2,
    invariant: "two_owners",
    mutation: {
      leases: (inner) =>
        altered(inner, {
          acquire: async (marketId) => {
            const answer = await inner.acquire(marketId);
            return answer.kind === "granted" ? answer : { kind: "granted", token: 1e15 };
          },
          beat: async (held) => {
            const beat = await inner.beat(held);
            if (beat.kind === "excluded") return beat;
            const { instanceId, nonce } = inner.self;
            const own = [...held].map(([id, token]) =>
              [id, { instanceId, nonce, token, acquiredAtMs: 0 }] as const
            );
            return { ...beat, leases: new Map([...beat.leases, ...own]) };
          },
        }),
      store: (inner) =>
        altered(inner, { saveMarket: (id, snapshot) => inner.saveMarket(id, snapshot, 0) }),
    },
  },
  {
    name: "an unknown placement is sent again under a new name",
    seed: 6,
    invariant: "duplicate",
    mutation: {
      connector: (inner) => {
        let count = 0;
        const again = (request: PlaceRequest): PlaceRequest => ({
          ...request,
          clientOrderId: `${request.clientOrderId.slice(0, 55)}_${count++}`,
        });
        return altered(inner, {
          place: async (request, maySend) => {
            const outcome = await inner.place(request, maySend);
            return outcome.kind === "unknown" ? await inner.place(again(request)) : outcome;
          },
        });
      },
    },
  },
  {
    name: "every attempt of a placement has a name of its own",
    seed: 2,
    invariant: "wrong_view",
    mutation: requests(isPlacement, (body, count) => ({
      ...body,
      client_order_id: `${String(body.client_order_id).slice(0, 55)}_${count}`,
    })),
  },
  {
    name: "an unknown replace is tried again blindly, as a new order",
    seed: 101,
    invariant: "duplicate",
    mutation: connector((inner) => ({
      replace: async (orderId, request, maySend) => {
        const outcome = await inner.replace(orderId, request, maySend);
        if (outcome.kind !== "unknown") return outcome;
        const placed = await inner.place({
          ...request,
          clientOrderId: `${request.clientOrderId}r`,
        });
        if (placed.kind !== "accepted") return placed;
        return { kind: "accepted", value: { oldOrderId: orderId, ...placed.value } };
      },
    })),
  },
  {
    name: "every attempt of a mint or burn has a key of its own",
    seed: 114,
    invariant: "duplicate",
    mutation: requests(isPairs, (body, count) => ({
      ...body,
      idempotency_key: `${body.idempotency_key}-${count}`,
    })),
  },
  {
    name: "prices of NO are not mirrored",
    seed: 1,
    invariant: "not_quoted",
    mutation: requests(
      isPlacement,
      (body) =>
        body.side === "NO" ? { ...body, price_cents: 100 - Number(body.price_cents) } : body,
    ),
  },
  {
    name: "a price is a cent too far out at the edge of the book",
    seed: 1,
    invariant: "price_range",
    mutation: requests(
      isPlacement,
      (body, count) => count % 7 === 6 ? { ...body, price_cents: 100 } : body,
    ),
  },
  {
    name: "orders of somebody else count as own",
    seed: 1,
    invariant: "foreign_touched",
    mutation: connector((inner) => ({
      openOrders: async (marketId) =>
        (await inner.openOrders(marketId)).map((order) => ({
          ...order,
          clientOrderId: order.clientOrderId.replace(/^manual_/, "amm_"),
        })),
    })),
  },
  {
    name: "a kill is acknowledged and not obeyed",
    seed: 2,
    invariant: "placed_killed",
    mutation: {
      service: (inner) => {
        const killed = new Set<string>();
        const latch = { reason: "ADMIN", atMs: 0, source: "mutant" } as const;
        return altered(inner, {
          admin: (target, command) => {
            if (command.kind === "kill") killed.add(target);
            if (command.kind === "release") killed.clear();
            return Promise.resolve([]);
          },
          status: () => {
            const status = inner.status();
            const markets = status.markets.map((market) =>
              killed.has(market.marketId) ? { ...market, latch } : market
            );
            return { ...status, markets, globalLatch: killed.has("*") ? latch : null };
          },
        });
      },
    },
  },
  {
    name: "durations are taken from the wall clock",
    seed: 146,
    invariant: "wrong_cash",
    mutation: {
      clock: (inner) => altered(inner, { monotonicMs: () => inner.nowMs() - Date.UTC(2026, 0, 5) }),
    },
  },
  {
    name: "a stop leaves the orders where they are",
    seed: 1,
    invariant: "stop",
    mutation: {
      service: (inner) =>
        altered(inner, { stop: () => Promise.resolve({ remaining: [], unverified: [] }) }),
    },
  },
  {
    name: "an answer that never comes is waited for",
    seed: 11,
    invariant: "not_quoted",
    mutation: {
      fetch: (inner) => async (url, init) => {
        try {
          return await inner(url, init);
        } catch {
          return await new Promise(() => {});
        }
      },
      clock: (inner) =>
        altered(inner, {
          after: (delayMs, callback) => inner.after(delayMs === 2_000 ? 1e12 : delayMs, callback),
        }),
    },
  },
  {
    name: "the first session is kept for ever",
    seed: 23,
    invariant: "not_quoted",
    mutation: {
      fetch: (inner) => {
        let isBroken = false;
        return async (url, init) => {
          if (isBroken) {
            return Response.json({ detail: "Invalid or expired token" }, { status: 401 });
          }
          const answer = await inner(url, init);
          isBroken ||= answer.status === 401;
          return answer;
        };
      },
    },
  },
  {
    name: "nothing is ever written down",
    seed: 24,
    invariant: "placed_killed",
    mutation: {
      store: (inner) =>
        altered(inner, {
          saveMarket: () => Promise.resolve({ latch: null, rewritten: [] }),
          loadMarket: () => Promise.resolve(null),
        }),
    },
  },
];
