import type { BalanceFeed } from "../connector/balance_feed.ts";
import type { TradePoller } from "../connector/trade_poller.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { type Cents, cents } from "../models/money.ts";
import type { Logger } from "../runtime/log.ts";
import { type AccountBook, judgeCash } from "./account_book.ts";

/** What the cash of the account is compared with. */
export interface CashReconcilerOptions {
  readonly accounts: AccountBook;
  readonly balance: BalanceFeed;
  readonly poller: TradePoller;
  readonly contexts: () => readonly MarketContext[];
  /** `cash_tolerance_cents`. */
  readonly toleranceCents: number;
  readonly log: Logger;
}

/**
 * Compares the account's cash with the sum of the ledgers (§22). The balance is read between two
 * looks at the trade list; a round in which anything moved is skipped. What is missing up to the
 * maker fees that the venue may have charged is booked as fee (§23); missing cash beyond that
 * pauses every market until its books are checked.
 * @throws VenueError if the venue does not answer; nothing changes then
 */
export async function reconcileCash(options: CashReconcilerOptions): Promise<void> {
  const { accounts, balance, poller, contexts, log } = options;
  await poller.poll();
  const newest = poller.newestId;
  const { availableCents, frozenCents } = await balance.read(0);
  await poller.poll();
  const markets = contexts();
  if (poller.newestId !== newest || !markets.every(isSettled)) return;
  const total = availableCents + frozenCents;
  const { fees, unexplainedCents } = judgeCash(
    accounts.differenceCents(total),
    markets.flatMap(cashOf),
  );
  for (const context of markets) report(context, fees.get(context.marketId) ?? cents(0));
  accounts.settle(total + [...fees.values()].reduce((sum, fee) => sum + fee, 0));
  if (unexplainedCents === 0) return;
  log.log("WARN", "reconcile_drift", { field: "cash", unexplainedCents, total });
  if (unexplainedCents >= -options.toleranceCents) return;
  log.log("ERROR", "inventory_drift_critical", { field: "cash", unexplainedCents });
  for (const context of markets) context.raise("DRIFT");
}

/**
 * True if the books of a market contain everything that has happened. A mint or burn that was never
 * done, as a look at the position has shown, leaves them as they are.
 */
function isSettled({ inbox, lifecycle, isMovingPairs }: MarketContext): boolean {
  const isDone = inbox.trades.length === 0 && inbox.cash === null && inbox.reconcile === null;
  return lifecycle !== "STARTING" && isDone && !isMovingPairs;
}

function cashOf({ marketId, state }: MarketContext) {
  if (state === null) return [];
  const { ledger, unmatchedMakerFeesCents } = state;
  return [{ marketId, ledgerCents: ledger.marketCashCents, unmatchedMakerFeesCents }];
}

/** Leaves the finding for the market's own loop to book. */
function report({ inbox, state }: MarketContext, makerFeesCents: Cents): void {
  if (state === null) return;
  inbox.cash = { makerFeesCents, judgedCents: state.unmatchedMakerFeesCents };
}
