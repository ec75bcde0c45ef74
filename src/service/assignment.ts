import { AllMarkets } from "./all_markets.ts";
import { LeasedMarkets } from "./leased_markets.ts";
import type { AssignmentParts, MarketAssignment } from "./market_assignment.ts";
import { Seat } from "./seat.ts";
import type { ServiceDependencies } from "./service_api.ts";

/**
 * The place of this process among others, null if no other can be there.
 * @param signal aborted when the process stops
 */
export function seatOf(dependencies: ServiceDependencies, signal: AbortSignal): Seat | null {
  const { leases: store, clock, log, config: { global }, rateBudget } = dependencies;
  return store === undefined ? null : new Seat({
    store,
    clock,
    log,
    ttlMs: global.leaseTtlMs,
    renewMs: global.leaseRenewMs,
    signal,
    onInstances: (count) => rateBudget.shareBetween(count),
  });
}

/**
 * How this process comes to its markets.
 * @throws Error if it is to share them and there is nothing to share them through
 */
export function assignmentOf(parts: AssignmentParts): MarketAssignment {
  const { config, leases } = parts.dependencies;
  if (config.global.marketAssignment === "all") return new AllMarkets(parts);
  if (leases !== undefined) return new LeasedMarkets(parts, leases);
  throw new Error("Cannot share markets: market_assignment leased needs a store for the leases");
}
