/**
 * The start procedure of one market (§20): from nothing known to a complete state, or a stated
 * problem.
 */

import type { PairOperation, RememberedMarket } from "../cache/persisted_market.ts";
import { StoreError } from "../cache/store_error.ts";
import type { MarketConfig } from "../config/registry.ts";
import { VenueCode, VenueError } from "../connector/connector.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { VENUE_FREEZE_BPS } from "../execution/cash_capacity.ts";
import { openMarket, resumeMarket } from "../cycle/market_state.ts";
import { carryOut, newOperation, type PairTools } from "../cycle/pair_keeper.ts";
import { persist } from "../cycle/persist.ts";
import { readStably, type StableRead } from "../cycle/stable_read.ts";
import type { CycleServices } from "../cycle/sync.ts";
import type { MarketStatus } from "../models/vocabulary.ts";
import { hasStock, pairsToMintAtStart } from "../risk/pairs.ts";
import type { AccountBook } from "./account_book.ts";
import { type BooksTools, openBooks } from "./opening_books.ts";

/** What the start of a market works with. */
export interface StartTools extends PairTools, BooksTools {
  readonly services: CycleServices;
  readonly accounts: AccountBook;
}

/**
 * Why a market is not started. Where venue or store do not answer, a VenueError or a StoreError is
 * thrown instead, and the start is tried again.
 */
export interface StartProblem {
  readonly why: string;
  /** True if it may pass by itself: the start is tried again. */
  readonly mayPass: boolean;
}

/** A market in one of these may be ACTIVE later. */
const PASSING: readonly MarketStatus[] = ["DRAFT", "SUSPENDED", "HALTED"];

/**
 * Starts a market: cancels what an earlier process left, restores what was persisted, reads the
 * venue stably, brings the ledger up to date and mints if wanted and possible. The context then has
 * its state.
 * @returns what stands in the way, null if the market is started
 * @throws VenueError if the venue does not answer; nothing valid is deleted then
 * @throws StoreError if the store cannot be read, without its risk state no market is quoted, or
 * does not take the opening books
 */
export async function startMarket(
  context: MarketContext,
  tools: StartTools,
): Promise<StartProblem | null> {
  const { config } = context;
  const market = await tools.services.connector.market(config.marketId);
  await clearTheBook(context);
  if (market.status !== "ACTIVE") {
    const why = `the market is ${market.status}, not ACTIVE`;
    return { why, mayPass: PASSING.includes(market.status) };
  }
  if (config.quoteFunding !== "inventory" && market.takerFeeBps !== VENUE_FREEZE_BPS) {
    context.log.log("WARN", "fee_unexpected", { takerFeeBps: market.takerFeeBps });
  }
  const saved = withOwn(context.state?.operation ?? null, await remember(context, tools));
  const read = await readOpening(context, tools);
  const opened = await openBooks({ saved, read, context, tools });
  // Cash of the account may come free, or be paid in: another market's mint, a deposit.
  if ("problem" in opened) return { why: opened.problem, mayPass: true };
  const { ledger, day, operation } = opened;
  const opening = { market, ...read, ledger, nowMs: context.nowMs() };
  const fresh = saved === null ? openMarket(opening, config) : resumeMarket(opening, saved, config);
  const state = { ...fresh, day, operation };
  context.state = state;
  tools.accounts.open(config.marketId, () => (context.state ?? state).ledger.marketCashCents);
  await writeDown(context, tools);
  return await mintAtStart(context, tools);
}

/** Whoever comes after a crash must find the books with which the first order was placed. */
async function writeDown(context: MarketContext, tools: StartTools): Promise<void> {
  if (await persist(context, tools)) return;
  const why = tools.store.problem ?? "the store did not take them";
  throw new StoreError("unavailable", "write the opening books", why);
}

/**
 * True while a kill is in force or waits to be taken: its market is given nothing, not even stock,
 * and what was begun is not finished.
 */
export function isKilled(
  { state, inbox }: MarketContext,
  { shared }: Pick<BooksTools, "shared">,
): boolean {
  return shared.globalLatch !== null || inbox.isKillWaiting ||
    (state?.defense.latch ?? null) !== null;
}

/** What the store knows; what it holds and cannot be believed is told field by field. */
async function remember(
  context: MarketContext,
  { store, shared }: StartTools,
): Promise<RememberedMarket | null> {
  const { marketId, log } = context;
  await shared.ensureRead();
  const saved = await store.loadMarket(marketId);
  context.refusals = saved?.refused.length ?? 0;
  for (const refusal of saved?.refused ?? []) log.log("ERROR", "state_refused", { ...refusal });
  const { risk = null } = saved ?? {};
  if (risk !== null) log.log("INFO", "state_restored", { ...risk.defense });
  return saved;
}

/**
 * What this process has asked for in an earlier try and the store does not know, because it has
 * lost it: under another key the venue could carry it out twice.
 */
export function withOwn(
  operation: PairOperation | null,
  saved: RememberedMarket | null,
): RememberedMarket | null {
  if (operation === null || (saved?.operation ?? null) !== null) return saved;
  return { ...saved ?? { books: null, risk: null, refused: [] }, operation };
}

async function clearTheBook(context: MarketContext): Promise<void> {
  const { found, remaining, verified } = await context.orders.cancelAll();
  context.leftOverOrders += found;
  if (remaining.length === 0 && verified) return;
  throw new VenueError({
    kind: "unavailable",
    call: `start ${context.marketId}`,
    message: verified
      ? `${remaining.length} own orders of an earlier run cannot be cancelled`
      : "the venue does not show if own orders of an earlier run rest",
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

/**
 * Finishes an operation of an earlier run, or mints the opening stock (§19). While a kill is in
 * force nothing is begun or finished: a kill touches nothing, and its release makes up for it.
 */
export async function mintAtStart(
  context: MarketContext,
  tools: StartTools,
): Promise<StartProblem | null> {
  const { state } = context;
  if (state === null || isKilled(context, tools)) return null;
  const { position: holdings, ledger } = state;
  const quantity = pairsToMintAtStart({ holdings, ledger }, context.config);
  const { quoteFunding, initialMintQuantity } = context.config;
  const isOpened = quoteFunding === "cash" || hasStock({ holdings, ledger }, context.config);
  if (!isOpened && quantity < initialMintQuantity) {
    context.log.log("WARN", "mint_reduced", { quantity, initialMintQuantity });
  }
  const planned = quantity === 0 ? null : newOperation(context, "MINT", quantity, tools);
  const operation = state.operation ?? planned;
  if (operation === null) return null;
  // Without stock there is nothing to quote, so the opening mint waits for nobody; but it counts.
  tools.mayCall();
  const end = await carryOut(context, state, operation, tools);
  if (end.kind !== "done" && isKilled(context, tools)) return null;
  if (end.kind === "withheld") throw new StoreError("unavailable", "mint at the start", end.detail);
  const { yes, no } = context.state?.position ?? state.position;
  if (end.kind === "done" || !needsStock(context.config) || yes + no > 0) return null;
  const why = `the opening mint of ${operation.quantity} pairs failed (${end.detail}), and ` +
    "without stock quote_funding inventory cannot quote: set quote_funding to cash, or repair " +
    "the venue";
  // One without an answer may have happened, and its key finishes it.
  const isClosed = end.kind === "refused" && end.code === VenueCode.MARKET_NOT_ACTIVE;
  return { why, mayPass: end.kind === "unknown" || isClosed };
}

function needsStock({ quoteFunding }: MarketConfig): boolean {
  return quoteFunding === "inventory";
}
