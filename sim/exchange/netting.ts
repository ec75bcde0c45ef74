import { PAIR_CENTS } from "../../src/models/money.ts";
import type { Market } from "./market.ts";
import type { Account } from "./records.ts";
import { VenueCrash } from "./refusal.ts";
import type { Floor } from "./state.ts";

/** Pairs that one request has netted so far. */
export interface NettingTally {
  pairs: number;
}

/** Turns the unfrozen pairs of a user into cash, 100 cents each; the AMM keeps its pairs (§9). */
export function netPairs(floor: Floor, account: Account, tally: NettingTally): void {
  const { state, market } = floor;
  if (account.role === "AMM") return;
  const pairs = market.unfrozenPairs(account.userId);
  if (pairs === 0) return;
  const pnl = redeemPairs(floor, account, pairs);
  market.addToPool(state.has("Q-01") ? -pnl : pnl);
  tally.pairs += pairs;
  checkPool(floor);
}

/**
 * Pays a user for pairs and destroys them.
 * @returns proceeds less the cost that left, cents; the caller books it to the pool
 */
export function redeemPairs({ state, market }: Floor, account: Account, pairs: number): number {
  const proceeds = PAIR_CENTS * pairs;
  const cost = market.surrender(account.userId, "YES", pairs) +
    market.surrender(account.userId, "NO", pairs);
  state.accounts.credit(account, proceeds);
  market.issuePairs(-pairs);
  return proceeds - cost;
}

/**
 * The deployed exchange checks I3 after each fill and each netting, and dies of its own wrong sign
 * (Q-01).
 * @throws VenueCrash with Q-01, if the pool does not explain the costs
 */
export function checkPool({ state, market }: Floor): void {
  if (!state.has("Q-01")) return;
  const { reserveCents, pnlPoolCents } = market.terms;
  if (reserveCents + pnlPoolCents !== totalCostCents(market)) {
    throw new VenueCrash("reserve + pnl_pool differs from the cost of all positions (Q-01)");
  }
}

/** What all shares of a market cost their holders, cents. */
export function totalCostCents(market: Market): number {
  let total = 0;
  for (const [, held] of market.positions()) total += held.YES.costCents + held.NO.costCents;
  return total;
}
