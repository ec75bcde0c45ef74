import { freezeCents } from "../../src/models/money.ts";
import type { Order } from "./records.ts";
import { refusals } from "./refusal.ts";
import type { Floor } from "./state.ts";

/** What freezes are computed with on the deployed exchange, whatever the market's fees. */
export const DEPLOYED_FREEZE_BPS = 20;

/** The rate of the fee buffer: enough whether the order takes or makes (§6). */
export function freezeBps({ state, market }: Floor): number {
  const { makerFeeBps, takerFeeBps } = market.terms;
  return state.has("Q-07") ? DEPLOYED_FREEZE_BPS : Math.max(makerFeeBps, takerFeeBps);
}

/**
 * What an order holds for the shares it still has to trade: `F(P, q)` cents, or the shares (§6).
 */
export function frozenFor({ direction, contractPrice, remaining, freezeBps }: Order): number {
  return direction === "BUY" ? freezeCents(contractPrice, remaining, freezeBps) : remaining;
}

/**
 * Freezes what a new order needs: cash for a BUY, shares for a SELL (§6).
 * @throws Refusal 2001, 5001
 */
export function freeze({ state, market }: Floor, order: Order): void {
  const { orderId, userId, contract, direction } = order;
  const amount = frozenFor(order);
  if (direction === "SELL") {
    if (market.unfrozen(userId, contract) < amount) {
      throw refusals.insufficientShares(contract, amount);
    }
    market.pend(userId, contract, amount);
  } else {
    const account = state.accounts.find(userId);
    if (account.availableCents < amount) throw refusals.insufficientBalance(amount, 0);
    state.accounts.freeze(account, amount);
    state.accounts.write(account, { type: "ORDER_FREEZE", amountCents: -amount, orderId });
  }
  order.frozenAmount = amount;
}

/** Gives back what an order holds; cash shows in the ledger unless `inLedger` says otherwise. */
export function unfreeze(
  { state, market }: Floor,
  order: Order,
  { inLedger } = { inLedger: true },
): void {
  const { orderId, userId, contract, direction } = order;
  const amount = frozenFor(order);
  if (direction === "SELL") return market.pend(userId, contract, -amount);
  const account = state.accounts.find(userId);
  state.accounts.freeze(account, -amount);
  if (!inLedger) return;
  state.accounts.write(account, { type: "ORDER_UNFREEZE", amountCents: amount, orderId });
}
