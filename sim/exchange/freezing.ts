import { freezeCents } from "../../src/models/money.ts";
import type { Market, Order } from "./records.ts";
import { refusals } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";

/** What freezes are computed with on the deployed exchange, whatever the market's fees. */
export const DEPLOYED_FREEZE_BPS = 20;

/** The rate of the fee buffer: enough whether the order takes or makes (§6). */
export function freezeBps(state: ExchangeState, market: Market): number {
  const { makerFeeBps, takerFeeBps } = market.terms;
  return state.has("Q-07") ? DEPLOYED_FREEZE_BPS : Math.max(makerFeeBps, takerFeeBps);
}

/**
 * What an order holds for the shares it still has to trade: `F(P, q)` cents, or the shares (§6).
 */
export function frozenFor({ kind, contractPrice, remaining, freezeBps }: Order): number {
  return kind.direction === "BUY" ? freezeCents(contractPrice, remaining, freezeBps) : remaining;
}

/**
 * Freezes what a new order needs: cash for a BUY, shares for a SELL (§6). The last thing that can
 * refuse it.
 * @throws Refusal 2001, 5001
 */
export function freeze(state: ExchangeState, order: Order): void {
  const { seat, kind: { direction, contract } } = order;
  const { account } = seat;
  order.freezeBps = freezeBps(state, seat.market);
  const amount = frozenFor(order);
  if (direction === "SELL") {
    if (seat.unfrozen(contract) < amount) throw refusals.insufficientShares(contract, amount);
    state.passLastCheck();
    seat.pend(contract, amount);
  } else {
    if (account.availableCents < amount) throw refusals.insufficientBalance(amount, 0);
    state.passLastCheck();
    state.accounts.freeze(account, amount);
    account.ledger.listUnfreeze(order, -amount);
  }
  order.frozenAmount = amount;
}

/** Gives back what an order holds; cash shows in the ledger if it is to be listed. */
export function unfreeze(state: ExchangeState, order: Order, isListed: boolean): void {
  const { seat, kind: { direction, contract } } = order;
  const amount = frozenFor(order);
  if (direction === "SELL") return seat.pend(contract, -amount);
  state.accounts.freeze(seat.account, -amount);
  if (isListed) seat.account.ledger.listUnfreeze(order, amount);
}
