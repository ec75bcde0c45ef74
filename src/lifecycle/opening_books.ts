/** The books with which a market opens: the saved ones brought up to date, or new ones (§19). */

import type { Books, PairOperation, RememberedMarket } from "../cache/persisted_market.ts";
import type { StateStore } from "../cache/state_store.ts";
import type { VenueTrade } from "../connector/connector.ts";
import { ownFills } from "../connector/trade_adapter.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { StableRead } from "../cycle/stable_read.ts";
import type { CycleServices } from "../cycle/sync.ts";
import { equityCents, type Holdings } from "../models/inventory.ts";
import { type Cents, cents } from "../models/money.ts";
import type { Fill } from "../models/order.ts";
import type { Contract } from "../models/vocabulary.ts";
import { type DayState, utcDay } from "../risk/budget.ts";
import { bookFill, type Ledger, openLedgerWithHoldings } from "../risk/ledger.ts";
import { sleep } from "../runtime/clock.ts";
import { bookPairs, hasHappened, noteSeen, type SignedHoldings } from "./reconciler.ts";
import type { SharedState } from "./shared_state.ts";

const MAX_CLAIMS = 3;
const CLAIM_AGAIN_MS = 2000;

/** What the books are opened with. */
export interface BooksTools {
  readonly services: CycleServices;
  readonly store: StateStore;
  readonly shared: SharedState;
  readonly ownUserId: string;
}

/** What the books are opened from. */
export interface BooksInput {
  readonly saved: RememberedMarket | null;
  readonly read: StableRead;
  readonly context: MarketContext;
  readonly tools: BooksTools;
}

/**
 * The ledger of a market at its start, the base of its day, and the mint or burn that is still in
 * doubt; or why it has none.
 */
export type OpenedBooks =
  | {
    readonly ledger: Ledger;
    readonly day: DayState | null;
    readonly operation: PairOperation | null;
  }
  | { readonly problem: string };

/** Opens the books; what is lost is reported, and losses of the day are kept if anything is. */
export async function openBooks(input: BooksInput): Promise<OpenedBooks> {
  const { saved, context } = input;
  const lost = whatIsLost(input);
  if (lost.length > 0) context.log.log("ERROR", "state_lost", { lost });
  if (saved === null || saved.books === null) return await openNewBooks(input);
  const missed = await missedTrades(saved.books, input);
  if (missed === null) {
    const { ledger } = saved.books;
    context.log.log("ERROR", "state_lost", { lost: ["trades since the last run"], ...ledger });
    return await openNewBooks(input);
  }
  const fills = missed.flatMap((trade) => ownFills(trade, input.tools.ownUserId, cents(0)));
  const { ledger, operation } = bookIfDone(fills.reduce(bookFill, saved.books.ledger), {
    ...{ operation: saved.operation, fills, input },
  });
  return { ledger, operation, day: saved.risk?.day ?? continuedDay(ledger, input) };
}

/**
 * A mint or burn without an answer whose effect is in the position is booked without asking for it
 * again. Otherwise the ledger would have the cash and the position the shares, and the profit of
 * the market would be wrong by both until its key finishes it.
 */
function bookIfDone(
  ledger: Ledger,
  { operation, fills, input }: {
    readonly operation: PairOperation | null;
    readonly fills: readonly Fill[];
    readonly input: BooksInput;
  },
): { readonly ledger: Ledger; readonly operation: PairOperation | null } {
  if (operation === null || operation.held === null) return { ledger, operation };
  const traded = afterTrades(operation.held, fills);
  if (!hasHappened(operation, traded, input.read.position)) return { ledger, operation };
  noteSeen(input.context, operation);
  return { ledger: bookPairs(ledger, operation), operation: null };
}

/**
 * What would be held after these fills without the operation: below nothing if shares of a mint
 * that nobody knew of were sold.
 */
export function afterTrades(before: Holdings, fills: readonly Fill[]): SignedHoldings {
  const net = (contract: Contract) =>
    fills.filter((fill) => fill.contract === contract)
      .reduce((sum, { direction, quantity }) => sum + (direction === "BUY" ? 1 : -1) * quantity, 0);
  return { yes: before.yes + net("YES"), no: before.no + net("NO") };
}

/**
 * What the store should know and does not: shares of the market are held, own orders rested in it,
 * or the other half of its records is there.
 */
function whatIsLost({ saved, read, context, tools }: BooksInput): readonly string[] {
  if (!tools.store.survivesRestart) return [];
  const { books = null, risk = null, operation = null } = saved ?? {};
  const { yes, no } = read.position;
  const wasWorked = yes + no > 0 || context.leftOverOrders > 0 || books !== null ||
    operation !== null ||
    (risk !== null && risk.phase !== null);
  return wasWorked
    ? [...(books === null ? ["the ledger"] : []), ...(risk === null ? ["the risk record"] : [])]
    : [];
}

/**
 * Own trades of this market after the saved cursor, up to what the position contains; null if not
 * to be found.
 */
async function missedTrades(
  { tradeCursor }: Books,
  { read, context, tools }: BooksInput,
): Promise<readonly VenueTrade[] | null> {
  if (tradeCursor === read.tradeCursor) return [];
  const after = await tools.services.poller.since(tradeCursor);
  if (after === null) return null;
  const end = after.findIndex((trade) => trade.tradeId === read.tradeCursor);
  return after.slice(0, end + 1).filter((trade) => trade.marketId === context.marketId);
}

async function openNewBooks(input: BooksInput): Promise<OpenedBooks> {
  const { read, context, tools } = input;
  const { initialFundingCents, anchorPriceCents, marketId } = context.config;
  const ledger = openLedgerWithHoldings(
    cents(initialFundingCents),
    read.position,
    anchorPriceCents,
  );
  const wanted = ledger.marketCashCents;
  const free = await claim(marketId, wanted, tools);
  const operation = stillUndone(input);
  if (free >= wanted) return { ledger, operation, day: continuedDay(ledger, input) };
  return {
    problem: `the market needs ${wanted} cents of opening cash but only ${free} cents of the ` +
      "account are owned by no other market: fund the account or lower initial_funding_cents " +
      "(rule X50)",
  };
}

/**
 * The mint or burn in flight where the books are built anew from what is held: that contains its
 * effect if there is one, and booking it later would count it twice. Only where nothing is held it
 * has not happened.
 */
function stillUndone({ saved, read: { position } }: BooksInput): PairOperation | null {
  return position.yes + position.no === 0 ? saved?.operation ?? null : null;
}

/**
 * Claims opening cash (rule X50). Other markets move cash meanwhile, a mint for example, and write
 * it down a moment later; so a claim that fails is tried again before it counts.
 * @returns what no other market owns
 */
async function claim(marketId: string, wanted: Cents, tools: BooksTools): Promise<number> {
  const { balance, clock } = tools.services;
  for (let attempt = 1;; attempt++) {
    const { availableCents, frozenCents } = await balance.read(0);
    const free = await tools.store.claimCash(marketId, wanted, availableCents + frozenCents);
    if (free >= wanted || attempt === MAX_CLAIMS) return free;
    await sleep(clock, CLAIM_AGAIN_MS);
  }
}

/**
 * The base of a day of which only the last published profit is known: chosen so that it goes on
 * from there. Null if not even that is known; the day then begins with its first cycle.
 */
function continuedDay(ledger: Ledger, { read, context, tools }: BooksInput): DayState | null {
  const pnlDayCents = tools.shared.publishedOf(context.marketId);
  if (pnlDayCents === null) return null;
  const { anchorPriceCents } = context.config;
  const equity = equityCents(ledger.marketCashCents, read.position, anchorPriceCents);
  return {
    day: utcDay(context.wallMs()),
    startEquityCents: cents(equity - pnlDayCents),
    depositsTodayCents: cents(0),
    fills: 0,
  };
}
