/** The regular comparison of our books with the venue (§22). Truth is the venue. */

import type { GlobalConfig } from "../config/registry.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { MarketState } from "../cycle/market_state.ts";
import { concludeOperation } from "../cycle/pair_keeper.ts";
import { readStably } from "../cycle/stable_read.ts";
import type { CycleServices } from "../cycle/sync.ts";
import type { Position } from "../models/inventory.ts";
import { shares } from "../models/money.ts";

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
 * @throws VenueError if the venue does not answer; nothing changes then
 */
export async function reconcileMarket(
  context: MarketContext,
  services: Pick<CycleServices, "connector" | "poller">,
  tolerances: DriftTolerances,
): Promise<void> {
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
  if (state === null) return;
  const expected = settleOperation(context, state, position);
  const found = comparePositions(expected, position, tolerances);
  if (found.breach && await hasEnded(context, context.state ?? state, services)) return;
  context.state = { ...context.state ?? state, position };
  judge(context, found, cause);
}

/**
 * Finds out about a mint or burn that was not answered: it was done if the venue's shares are
 * nearer to what it leads to than to what we hold. Else it stays to be tried again.
 * @returns the position that the venue should show
 */
function settleOperation(context: MarketContext, state: MarketState, venue: Position): Position {
  const { operation, position: ours } = state;
  if (operation === null) return ours;
  const change = operation.kind === "MINT" ? operation.quantity : -operation.quantity;
  const [yes, no] = [ours.yes + change, ours.no + change];
  const distance = (y: number, n: number) => Math.abs(venue.yes - y) + Math.abs(venue.no - n);
  if (distance(yes, no) >= distance(ours.yes, ours.no)) return ours;
  concludeOperation(context, state, operation, venue);
  return { ...venue, yes: shares(Math.max(0, yes)), no: shares(Math.max(0, no)) };
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
