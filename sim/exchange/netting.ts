import { PAIR_CENTS } from "../../src/models/money.ts";
import { VenueCrash } from "./refusal.ts";
import type { Market, Seat } from "./records.ts";
import type { ExchangeState } from "./state.ts";

/** Turns the unfrozen pairs of a user into cash, 100 cents each; the AMM keeps its pairs (§9). */
export function netPairs(state: ExchangeState, seat: Seat): void {
  if (seat.account.role === "AMM") return;
  const pairs = seat.unfrozenPairs();
  if (pairs === 0) return;
  const pnl = redeemPairs(state, seat, pairs);
  seat.market.addToPool(state.has("Q-01") ? -pnl : pnl);
  state.nettedPairs += pairs;
  checkPool(state, seat.market);
}

/**
 * Pays a user for pairs and destroys them.
 * @returns proceeds less the cost that left, cents; the caller books it to the pool
 */
export function redeemPairs(state: ExchangeState, seat: Seat, pairs: number): number {
  const proceeds = PAIR_CENTS * pairs;
  const cost = seat.surrender("YES", pairs) + seat.surrender("NO", pairs);
  state.accounts.credit(seat.account, proceeds);
  seat.market.issuePairs(-pairs);
  return proceeds - cost;
}

/**
 * The deployed exchange checks I3 after each fill and each netting, and dies of its own wrong sign
 * (Q-01).
 * @throws VenueCrash with Q-01, if the pool does not explain the costs
 */
export function checkPool(state: ExchangeState, market: Market): void {
  if (!state.has("Q-01")) return;
  const { reserveCents, pnlPoolCents } = market.terms;
  if (reserveCents + pnlPoolCents !== totalCostCents(market)) {
    throw new VenueCrash("reserve + pnl_pool differs from the cost of all positions (Q-01)");
  }
}

/** What all shares of a market cost their holders, cents. */
export function totalCostCents(market: Market): number {
  let total = 0;
  for (const { YES, NO } of market.holders) total += YES.costCents + NO.costCents;
  return total;
}
