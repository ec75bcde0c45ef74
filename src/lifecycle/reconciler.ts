/** The regular comparison of our books with the venue (§22). Truth is the venue. */

import type { PairOperation } from "../cache/persisted_market.ts";
import type { GlobalConfig } from "../config/registry.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { MarketState } from "../cycle/market_state.ts";
import { readStably } from "../cycle/stable_read.ts";
import type { CycleServices } from "../cycle/sync.ts";
import type { Holdings, Position } from "../models/inventory.ts";
import { bookBurn, bookMint, type Ledger } from "../risk/ledger.ts";

/** A field in which our books and the venue differ. */
export interface Drift {
  readonly field: keyof Position;
  readonly ours: number;
  readonly venue: number;
}

/** What a comparison found. */
export interface Comparison {
  readonly drifts: readonly Drift[];
  /** True if a difference is above its tolerance: pause until a clean pass, and count (C-29). */
  readonly breach: boolean;
  /** True if equal pairs vanished: does the venue net this account? */
  readonly netting: boolean;
}

/** The tolerances, which decide about the pause and never about the correction. */
export type DriftTolerances = Pick<GlobalConfig, "volumeTolerance" | "costSumToleranceCents">;

/** Compares shares and cost sums exactly. */
export function comparePositions(
  ours: Position,
  venue: Position,
  tolerances: DriftTolerances,
): Comparison {
  const fields: readonly (keyof Position)[] = ["yes", "no", "yesCostCents", "noCostCents"];
  const drifts = fields
    .map((field) => ({ field, ours: ours[field], venue: venue[field] }))
    .filter((drift) => drift.ours !== drift.venue);
  const breach = drifts.some(({ field, ours, venue }) => {
    const isVolume = field === "yes" || field === "no";
    const limit = isVolume ? tolerances.volumeTolerance : tolerances.costSumToleranceCents;
    return Math.abs(ours - venue) > limit;
  });
  const lost = ours.yes - venue.yes;
  return { drifts, breach, netting: lost > 0 && lost === ours.no - venue.no };
}

/**
 * One reconciliation of a market, between two cycles: trades, orders and position are read stably,
 * differences are corrected and logged, a breach pauses the market until a pass without any.
 * @returns what differed, nothing if a mint, a burn or the end of the market explains it
 * @throws VenueError if the venue does not answer; nothing changes then
 */
export async function reconcileMarket(
  context: MarketContext,
  services: Pick<CycleServices, "connector" | "poller">,
  tolerances: DriftTolerances,
): Promise<readonly Drift[]> {
  const cause = context.inbox.reconcile ?? "interval";
  await context.orders.refresh();
  const { position } = await readStably({
    ...services,
    marketId: context.marketId,
    inbox: context.inbox,
    drain: () => context.bookTrades(),
  });
  const { state } = context;
  context.reconciledAtMs = context.nowMs();
  context.inbox.reconcile = null;
  if (state === null || bookIfDone(context, state, position)) return [];
  const found = comparePositions(state.position, position, tolerances);
  if (found.breach && await hasEnded(context, state, services)) return [];
  context.state = { ...context.state ?? state, position };
  judge(context, found, cause);
  return found.drifts;
}

/**
 * Books a mint or burn whose answer is missing if it has happened after all: that is no drift, and
 * its next attempt may be minutes away. One that has not happened is no reason not to compare:
 * where mints and burns are out of order, it stays open for ever.
 * @returns true if that explains everything that differs in shares
 */
function bookIfDone(context: MarketContext, state: MarketState, position: Position): boolean {
  const { operation } = state;
  if (operation === null || !hasHappened(operation, state.position, position)) return false;
  const ledger = bookPairs(state.ledger, operation);
  context.state = { ...state, position, ledger, operation: null };
  context.notePairsChanged();
  noteSeen(context, operation);
  return true;
}

/** The ledger with a mint or burn that has happened. */
export function bookPairs(ledger: Ledger, { kind, quantity }: PairOperation): Ledger {
  return kind === "MINT" ? bookMint(ledger, quantity) : bookBurn(ledger, quantity);
}

/** Tells that a mint or burn without an answer was found in the position. */
export function noteSeen({ log }: MarketContext, { kind, quantity }: PairOperation): void {
  const event = kind === "MINT" ? "pairs_minted" : "pairs_burned";
  log.log("INFO", event, { operation: kind, quantity, seenInPosition: true });
}

/** Shares of both contracts; below nothing where more is known to be sold than held. */
export type SignedHoldings = Readonly<Record<keyof Holdings, number>>;

/** True if the effect of an operation is all that lies between two holdings. */
export function hasHappened(
  operation: PairOperation,
  before: SignedHoldings,
  after: Holdings,
): boolean {
  const change = pairsChange(operation);
  return after.yes - before.yes === change && after.no - before.no === change;
}

/** Pairs that an operation adds to a position; negative for a burn. */
export function pairsChange({ kind, quantity }: PairOperation): number {
  return kind === "MINT" ? quantity : -quantity;
}

/**
 * True if the venue has settled the market: shares that are gone were paid out, which is no drift.
 */
async function hasEnded(
  context: MarketContext,
  state: MarketState,
  { connector }: Pick<CycleServices, "connector">,
): Promise<boolean> {
  const market = await connector.market(context.marketId);
  context.state = { ...state, market };
  return market.status === "SETTLED" || market.status === "VOIDED";
}

function judge(context: MarketContext, found: Comparison, cause: string): void {
  const { log, state } = context;
  const { drifts, breach, netting } = found;
  if (drifts.length === 0) {
    context.noteCleanReconciliation();
    return log.log("DEBUG", "reconcile_completed", { cause });
  }
  log.log("WARN", "reconcile_drift", { cause, drifts });
  if (netting) log.log("ERROR", "inventory_netting_suspected", { drifts });
  if (!breach && !netting) return context.noteCleanReconciliation();
  log.log("ERROR", "inventory_drift_critical", { cause, drifts });
  if (state !== null) context.state = context.noteDriftBreach(state);
}
