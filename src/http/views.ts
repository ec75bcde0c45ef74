/** The service as operators look at it. */

import { bestOf } from "../models/order.ts";
import type { BotRecords } from "../service/records/bot_records.ts";
import type { Service, ServiceStatus } from "../service/service_api.ts";

/** Where the views take from what no status holds. */
export interface Shown {
  readonly service: Pick<Service, "status" | "closeUp">;
  readonly records: Pick<BotRecords, "of">;
}

type Market = ServiceStatus["markets"][number];

/** One row of the overview. */
function rowOf(market: Market, { records }: Pick<Shown, "records">) {
  const { orders, explanation } = market;
  const inventory = explanation?.inventory ?? null;
  const { totalCents, volumeShares } = records.of(market.marketId).profit;
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
    netShares: inventory === null ? null : inventory.yes - inventory.no,
    effectiveSkew: inventory?.effectiveSkew ?? null,
    worstCaseCents: inventory?.worstCaseCents ?? null,
    pnlDayCents: inventory?.pnlDayCents ?? null,
    pnlTotalCents: inventory?.pnlTotalCents ?? null,
    pnlSessionCents: totalCents,
    volumeShares,
    orders: orders.BID.length + orders.ASK.length,
    cycles: market.cycles,
    failedCycles: market.failedCycles,
    lastCycleAtMs: explanation?.atMs ?? null,
    configVersion: explanation?.configVersion ?? null,
  };
}

/** The whole process in one look. */
export function overviewOf(status: ServiceStatus, shown: Pick<Shown, "records">) {
  const { mode, state, ready, nowMs, startedAtMs, pnlDayCents, globalLatch, store } = status;
  return {
    ...{ mode, state, ready, startedAtMs, pnlDayCents, globalLatch },
    atMs: nowMs,
    instanceId: status.leases?.instanceId ?? null,
    storeProblem: store.problem,
    markets: status.markets.map((market) => rowOf(market, shown)),
  };
}

/** Everything about one market. */
export function detailOf(market: Market, { nowMs, leases }: ServiceStatus, shown: Shown) {
  const withAge = (order: Market["orders"]["BID"][number]) => ({
    ...order,
    ageMs: Math.max(0, nowMs - order.createdAtMs),
  });
  const { orders, explanation, ownTrades, marketId } = market;
  return {
    ...rowOf(market, shown),
    atMs: nowMs,
    ownTrades,
    closeUp: shown.service.closeUp(marketId),
    profit: shown.records.of(marketId).profit,
    ownOrders: { BID: orders.BID.map(withAge), ASK: orders.ASK.map(withAge) },
    inventory: explanation?.inventory ?? null,
    limits: explanation?.limits ?? null,
    lease: leases?.markets.find((lease) => lease.marketId === marketId) ?? null,
    explanation,
  };
}
