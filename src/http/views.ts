/** The service as operators look at it. */

import { bestOf } from "../models/order.ts";
import type { Service, ServiceStatus } from "../service/service_api.ts";

type Market = ServiceStatus["markets"][number];

/** One row of the overview. */
export function rowOf(market: Market) {
  const { orders, explanation } = market;
  const bidCents = bestOf(orders.BID, "BID");
  const askCents = bestOf(orders.ASK, "ASK");
  return {
    marketId: market.marketId,
    title: market.title,
    lifecycle: market.lifecycle,
    problem: market.problem,
    phase: explanation?.phase ?? null,
    level: explanation?.defense.level ?? null,
    pauses: explanation?.defense.pauses ?? [],
    latch: market.latch,
    operatorOrder: market.operatorOrder,
    bidCents,
    askCents,
    fairCents: explanation?.price?.fairCents ?? null,
    spreadCents: bidCents === null || askCents === null ? null : askCents - bidCents,
    effectiveSkew: explanation?.inventory.effectiveSkew ?? null,
    pnlDayCents: explanation?.inventory.pnlDayCents ?? null,
    pnlTotalCents: explanation?.inventory.pnlTotalCents ?? null,
    orders: orders.BID.length + orders.ASK.length,
    cycles: market.cycles,
    failedCycles: market.failedCycles,
    lastCycleAtMs: explanation?.atMs ?? null,
    configVersion: explanation?.configVersion ?? null,
  };
}

/** The whole process in one look. */
export function overviewOf(status: ServiceStatus) {
  const { mode, state, ready, nowMs, pnlDayCents, globalLatch, store, markets } = status;
  return {
    ...{ mode, state, ready, pnlDayCents, globalLatch },
    atMs: nowMs,
    storeProblem: store.problem,
    markets: markets.map(rowOf),
  };
}

/** Everything about one market. */
export function detailOf(market: Market, { nowMs, leases }: ReturnType<Service["status"]>) {
  const withAge = (order: Market["orders"]["BID"][number]) => ({
    ...order,
    ageMs: Math.max(0, nowMs - order.createdAtMs),
  });
  const { orders, explanation, ownTrades, marketId } = market;
  return {
    ...rowOf(market),
    ownTrades,
    ownOrders: { BID: orders.BID.map(withAge), ASK: orders.ASK.map(withAge) },
    inventory: explanation?.inventory ?? null,
    limits: explanation?.limits ?? null,
    lease: leases?.markets.find((lease) => lease.marketId === marketId) ?? null,
    explanation,
  };
}
