import { VenueError } from "../connector/connector.ts";
import { isOwnClientOrderId } from "../execution/client_order_id.ts";
import { TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import type { Seat } from "./seat.ts";
import type { ServiceDependencies, StopReport } from "./service_api.ts";

/**
 * What rests in the markets of a process that was stopped before it got as far as working them: an
 * earlier process may have left orders. They are listed and not cancelled, because nobody knows yet
 * whether another process works the markets. Where markets are shared, or another process is known
 * to work them, that is for the others.
 */
export async function ordersLeftOver(
  { config: { global, markets }, connector, clock }: ServiceDependencies,
  seat: Pick<Seat, "isRefused"> | null,
): Promise<StopReport> {
  const areOthers = global.marketAssignment === "leased" || (seat?.isRefused ?? false);
  if (areOthers) return { remaining: [], unverified: [] };
  const looks = await Promise.all([...markets.keys()].map(async (marketId) => {
    const look = connector.openOrders(marketId).catch(onlyVenueErrors);
    const orders = await withTimeout(clock, global.shutdownTimeoutMs, look);
    return { marketId, orders: orders === TIMED_OUT ? null : orders };
  }));
  return {
    remaining: looks.flatMap(({ orders }) => orders ?? [])
      .filter(({ clientOrderId }) => isOwnClientOrderId(clientOrderId)),
    unverified: looks.filter(({ orders }) => orders === null).map(({ marketId }) => marketId),
  };
}

function onlyVenueErrors(error: unknown): null {
  if (error instanceof VenueError) return null;
  throw error;
}
