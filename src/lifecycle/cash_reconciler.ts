import type { BalanceFeed } from "../connector/balance_feed.ts";
import type { TradePoller } from "../connector/trade_poller.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { type Cents, cents, PAIR_CENTS } from "../models/money.ts";
import type { Logger } from "../runtime/log.ts";
import { type AccountBook, judgeCash, type MarketCash, shareLeak } from "./account_book.ts";
import { pairsChange } from "./reconciler.ts";

/** What the cash of the account is compared with. */
export interface CashReconcilerOptions {
  readonly accounts: AccountBook;
  readonly balance: BalanceFeed;
  readonly poller: Pick<TradePoller, "poll" | "newestId">;
  readonly contexts: () => readonly MarketContext[];
  /** `cash_tolerance_cents`. */
  readonly toleranceCents: number;
  readonly log: Logger;
}

/**
 * Compares the account's cash with the sum of the ledgers (§22). The balance is read between two
 * looks at the trade list; a round in which anything moved is skipped. What is missing up to the
 * maker fees that the venue may have charged is booked as fee (§23); missing cash beyond that
 * pauses every market until its books are checked. The first round that counts only finds out what
 * no market owns: before every ledger is complete, cash of one could be taken for unallocated. What
 * is frozen although no order freezes it is noted as the venue's leak (§16.2), unless orders
 * changed while the balance was read.
 * @throws VenueError if the venue does not answer; nothing changes then
 */
export async function reconcileCash(options: CashReconcilerOptions): Promise<void> {
  const { accounts, balance, poller, contexts, log } = options;
  await poller.poll();
  const newest = poller.newestId;
  const before = frozenInOrders(contexts());
  const { availableCents, frozenCents } = await balance.read(0);
  const after = frozenInOrders(contexts());
  await poller.poll();
  const markets = contexts().filter(isWorked);
  if (poller.newestId !== newest || !markets.every(isSettled)) return;
  const cash = markets.flatMap(cashOf);
  if (after !== null && before?.revisions === after.revisions) {
    const leaks = shareLeak({ frozenCents, inOrdersCents: after.frozenCents }, cash);
    for (const { inbox, marketId } of markets) inbox.leakCents = leaks.get(marketId) ?? null;
  }
  const total = availableCents + frozenCents;
  if (!accounts.isSettled) return accounts.settle(total);
  const difference = accounts.differenceCents(total);
  const allowance = cash.reduce((sum, market) => sum + market.unmatchedMakerFeesCents, 0);
  if (markets.some((market) => mayExplain(market, difference, allowance))) return;
  const { fees, unexplainedCents } = judgeCash(difference, cash);
  for (const context of markets) report(context, fees.get(context.marketId) ?? cents(0));
  accounts.settle(total + [...fees.values()].reduce((sum, fee) => sum + fee, 0));
  if (unexplainedCents === 0) return;
  log.log("WARN", "reconcile_drift", { field: "cash", unexplainedCents, total });
  if (unexplainedCents >= -options.toleranceCents) return;
  log.log("ERROR", "inventory_drift_critical", { field: "cash", unexplainedCents });
  for (const context of markets) context.raise("DRIFT");
}

/**
 * True if a mint or burn without an answer would explain a difference, give or take the fees that
 * the venue may have charged meanwhile: it may have happened.
 */
function mayExplain({ state }: MarketContext, differenceCents: number, feesCents: number): boolean {
  if (state === null || state.operation === null) return false;
  const effectCents = -PAIR_CENTS * pairsChange(state.operation);
  return Math.sign(differenceCents) === Math.sign(effectCents) &&
    Math.abs(differenceCents) + feesCents >= Math.abs(effectCents);
}

/** What the orders of all markets freeze, and their state as text; null if one is in doubt. */
function frozenInOrders(
  contexts: readonly MarketContext[],
): { readonly frozenCents: Cents; readonly revisions: string } | null {
  const worked = contexts.filter(isWorked);
  const frozen = worked.flatMap(({ orders }) => orders.frozen ?? []);
  if (frozen.length < worked.length) return null;
  return {
    frozenCents: cents(frozen.reduce((sum, { frozenCents }) => sum + frozenCents, 0)),
    revisions: frozen.map(({ revision, frozenCents }) => `${revision}:${frozenCents}`).join(" "),
  };
}

/**
 * True if a market has a loop that takes messages and books that may move. One that waits for its
 * start has no books yet, and must not keep the account of the others from being looked at.
 */
function isWorked({ lifecycle, state, problem }: MarketContext): boolean {
  const isWaiting = lifecycle === "STARTING" && state === null && problem !== null;
  return lifecycle !== "STOPPED" && !isWaiting;
}

/** True if the books of a market contain every trade and every earlier finding. */
function isSettled({ inbox, lifecycle }: MarketContext): boolean {
  return lifecycle !== "STARTING" && inbox.trades.length === 0 && inbox.cash === null &&
    inbox.leakCents === null;
}

function cashOf({ marketId, state }: MarketContext): MarketCash[] {
  if (state === null) return [];
  const { ledger: { marketCashCents: ledgerCents, boughtCents }, unmatchedMakerFeesCents } = state;
  return [{ marketId, ledgerCents, boughtCents, unmatchedMakerFeesCents }];
}

/** Leaves the finding for the market's own loop to book. */
function report({ inbox, state }: MarketContext, makerFeesCents: Cents): void {
  if (state === null) return;
  inbox.cash = { makerFeesCents, judgedCents: state.unmatchedMakerFeesCents };
}
