/** Names of the keys in Redis (state and events spec §2). */

/** Keys of the whole account. */
export const SHARED_KEYS = {
  globalRisk: "amm:risk:global",
  account: "amm:account",
  marketCash: "amm:market_cash",
} as const;

/** Profit of one UTC day, a field per market. */
export function dayPnlKey(day: string): string {
  return `amm:pnl:${day}`;
}

/** Keys of one market. */
export function marketKeys(marketId: string) {
  return {
    lease: `amm:lease:${marketId}`,
    risk: `amm:risk:${marketId}`,
    ledger: `amm:ledger:${marketId}`,
    operation: `amm:ops:${marketId}`,
    inventory: `amm:inventory:${marketId}`,
    orders: `amm:orders:${marketId}`,
    state: `amm:state:${marketId}`,
    processed: `amm:processed:${marketId}`,
  };
}
