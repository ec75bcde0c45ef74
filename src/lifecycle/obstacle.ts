import type { MarketContext } from "../cycle/market_context.ts";

/**
 * What keeps this process off a market, null if nothing does. Throws a StoreError if nobody can
 * say.
 */
export type Obstacle = () => Promise<string | null>;

/**
 * Asks, before a market is started, whether another process works it; the market then says so and
 * is tried again later. If nobody can say, it is not started either, but what an earlier run has
 * left must not stay: nobody else may be there to take it away.
 * @throws StoreError if nobody can say
 */
export async function mayStart(context: MarketContext, obstacle: Obstacle): Promise<boolean> {
  const found = await askOrClear(context, obstacle);
  if (found === null) return true;
  if (context.problem !== found) {
    context.log.log("ERROR", "market_held_elsewhere", { obstacle: found });
  }
  context.problem = found;
  return false;
}

async function askOrClear(context: MarketContext, obstacle: Obstacle): Promise<string | null> {
  try {
    return await obstacle();
  } catch (error) {
    await context.orders.cancelAll();
    throw error;
  }
}
