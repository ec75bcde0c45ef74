import type { BalanceFeed } from "../connector/balance_feed.ts";
import type { TradePoller } from "../connector/trade_poller.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { type Cents, cents, PAIR_CENTS } from "../models/money.ts";
import type { Logger } from "../runtime/log.ts";
import { type AccountBook, judgeCash } from "./account_book.ts";
import { pairsChange } from "./reconciler.ts";

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
 * pauses every market until its books are checked. The first round that counts only finds out what
 * no market owns: before every ledger is complete, cash of one could be taken for unallocated.
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
  if (!accounts.isSettled) return accounts.settle(total);
  const difference = accounts.differenceCents(total);
  if (markets.some((market) => mayExplain(market, difference))) return;
  const { fees, unexplainedCents } = judgeCash(difference, markets.flatMap(cashOf));
  for (const context of markets) report(context, fees.get(context.marketId) ?? cents(0));
  accounts.settle(total + [...fees.values()].reduce((sum, fee) => sum + fee, 0));
  if (unexplainedCents === 0) return;
  log.log("WARN", "reconcile_drift", { field: "cash", unexplainedCents, total });
  if (unexplainedCents >= -options.toleranceCents) return;
  log.log("ERROR", "inventory_drift_critical", { field: "cash", unexplainedCents });
  for (const context of markets) context.raise("DRIFT");
}

/** True if the books of a market contain everything that has happened. */
function isSettled({ inbox, lifecycle }: MarketContext): boolean {
  return lifecycle !== "STARTING" && inbox.trades.length === 0 && inbox.cash === null;
}

/** True if a mint or burn without an answer would explain a difference: it may have happened. */
function mayExplain({ state }: MarketContext, differenceCents: number): boolean {
  if (state === null || state.operation === null) return false;
  const effectCents = -PAIR_CENTS * pairsChange(state.operation);
  return Math.sign(differenceCents) === Math.sign(effectCents) &&
    Math.abs(differenceCents) >= Math.abs(effectCents);
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
