/**
 * The start procedure of one market (§20): from nothing known to a complete state, or a stated
 * problem.
 */

import type { PersistedMarket } from "../cache/persisted_market.ts";
import type { MarketConfig } from "../config/registry.ts";
import { VenueError, type VenueTrade } from "../connector/connector.ts";
import { ownFills } from "../connector/trade_adapter.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { VENUE_FREEZE_BPS } from "../execution/cash_capacity.ts";
import { type MarketState, openMarket, resumeMarket } from "../cycle/market_state.ts";
import { carryOut, type PairTools } from "../cycle/pair_keeper.ts";
import { readStably, type StableRead } from "../cycle/stable_read.ts";
import type { CycleServices } from "../cycle/sync.ts";
import type { Holdings } from "../models/inventory.ts";
import { cents } from "../models/money.ts";
import { bookFill, type Ledger, openLedgerWithHoldings } from "../risk/ledger.ts";
import { pairsToMintAtStart } from "../risk/pairs.ts";
import type { AccountBook } from "./account_book.ts";

/** What the start of a market works with. */
export interface StartTools extends PairTools {
  readonly services: CycleServices;
  readonly accounts: AccountBook;
  readonly ownUserId: string;
}

/**
 * Why a market is not started; what may pass by itself throws a VenueError instead, and is tried
 * again.
 */
export type StartProblem = string;

/**
 * Starts a market: restores what was persisted, cancels what an earlier process left, reads the
 * venue stably, brings the ledger up to date and mints if wanted and possible. The context then has
 * its state.
 * @returns what stands in the way, null if the market is started
 * @throws VenueError if the venue does not answer; nothing valid is deleted then
 */
export async function startMarket(
  context: MarketContext,
  tools: StartTools,
): Promise<StartProblem | null> {
  const { config } = context;
  const market = await tools.services.connector.market(config.marketId);
  await clearTheBook(context);
  if (market.status !== "ACTIVE") return `the market is ${market.status}, not ACTIVE`;
  if (config.quoteFunding !== "inventory" && market.takerFeeBps !== VENUE_FREEZE_BPS) {
    context.log.log("WARN", "fee_unexpected", { takerFeeBps: market.takerFeeBps });
  }
  const saved = await tools.store.loadMarket(config.marketId);
  const read = await readOpening(context, tools);
  const ledger = await openBooks({ saved, read, context, tools });
  if (typeof ledger === "string") return ledger;
  const opening = { market, ...read, ledger, nowMs: context.nowMs() };
  const state = saved === null ? openMarket(opening, config) : resumeMarket(opening, saved, config);
  context.state = state;
  tools.accounts.open(config.marketId, () => (context.state ?? state).ledger.marketCashCents);
  if (saved !== null) context.log.log("INFO", "state_restored", { ...saved.defense });
  return await mintAtStart(context, state, tools);
}

async function clearTheBook(context: MarketContext): Promise<void> {
  const { remaining, verified } = await context.orders.cancelAll();
  if (remaining.length === 0 && verified) return;
  throw new VenueError({
    kind: "unavailable",
    call: `start ${context.marketId}`,
    message: `${remaining.length} own orders of an earlier run cannot be cancelled`,
  });
}

/** The position before anything is booked: the trades that were delivered so far are part of it. */
function readOpening(
  { marketId, inbox }: MarketContext,
  { services }: StartTools,
): Promise<StableRead> {
  const drain = () => {
    inbox.trades.length = 0;
  };
  return readStably({ ...services, marketId, inbox, drain });
}

interface BooksInput {
  readonly saved: PersistedMarket | null;
  readonly read: StableRead;
  readonly context: MarketContext;
  readonly tools: StartTools;
}

/**
 * The ledger of the market: the saved one brought up to date, or a new one. A text says why there
 * is none.
 */
async function openBooks(input: BooksInput): Promise<Ledger | StartProblem> {
  const { saved, context, tools } = input;
  if (saved === null) return await openNewLedger(input);
  const missed = await missedTrades(saved, input);
  if (missed === null) {
    context.log.log("WARN", "state_lost", { lost: "trades since the last run", ...saved.ledger });
    return await openNewLedger(input);
  }
  return missed
    .flatMap((trade) => ownFills(trade, tools.ownUserId, cents(0)))
    .reduce(bookFill, saved.ledger);
}

/**
 * Own trades of this market after the saved cursor, up to what the position contains; null if not
 * to be found.
 */
async function missedTrades(
  { tradeCursor }: PersistedMarket,
  { read, context, tools }: BooksInput,
): Promise<readonly VenueTrade[] | null> {
  if (tradeCursor === read.tradeCursor) return [];
  const after = await tools.services.poller.since(tradeCursor);
  if (after === null) return null;
  const end = after.findIndex((trade) => trade.tradeId === read.tradeCursor);
  return after.slice(0, end + 1).filter((trade) => trade.marketId === context.marketId);
}

async function openNewLedger(input: BooksInput): Promise<Ledger | StartProblem> {
  const { read, context, tools } = input;
  const { initialFundingCents, anchorPriceCents, marketId } = context.config;
  const ledger = openLedgerWithHoldings(
    cents(initialFundingCents),
    read.position,
    anchorPriceCents,
  );
  const { availableCents, frozenCents } = await tools.services.balance.read(0);
  const wanted = ledger.marketCashCents;
  const free = tools.accounts.claim(marketId, wanted, availableCents + frozenCents);
  if (free >= wanted) return ledger;
  return `the market needs ${wanted} cents of opening cash but only ${free} cents of the account ` +
    "are owned by no other market: fund the account or lower initial_funding_cents (rule X50)";
}

/** Finishes an operation of an earlier run, or mints the opening stock (§19). */
async function mintAtStart(
  context: MarketContext,
  state: MarketState,
  tools: StartTools,
): Promise<StartProblem | null> {
  const { position: holdings, ledger } = state;
  const quantity = pairsToMintAtStart({ holdings, ledger }, context.config);
  if (isReduced(quantity, holdings, context.config)) {
    const { initialMintQuantity } = context.config;
    context.log.log("WARN", "mint_reduced", { quantity, initialMintQuantity });
  }
  const planned = quantity === 0 ? null : { kind: "MINT", key: tools.newKey(), quantity } as const;
  const operation = state.operation ?? planned;
  if (operation === null) return null;
  const end = await carryOut(context, state, operation, tools);
  const { yes, no } = context.state?.position ?? state.position;
  if (end.kind === "done" || !needsStock(context.config) || yes + no > 0) return null;
  return `the opening mint of ${operation.quantity} pairs failed (${end.detail}), and without ` +
    "stock quote_funding inventory cannot quote: set quote_funding to cash, or repair the venue";
}

/** True if the market is to begin with less stock than was meant, for want of cash (§19). */
function isReduced(
  quantity: number,
  { yes, no }: Holdings,
  { quoteFunding, initialMintQuantity }: MarketConfig,
): boolean {
  return quoteFunding !== "cash" && yes + no === 0 && quantity < initialMintQuantity;
}

function needsStock({ quoteFunding }: MarketConfig): boolean {
  return quoteFunding === "inventory";
}
