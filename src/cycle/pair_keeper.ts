/**
 * Step 6 of a cycle: idle pairs become cash, and stock that is used up is minted anew (§18, §19).
 */

import type { PairOperation } from "../cache/persisted_market.ts";
import type { StateStore } from "../cache/state_store.ts";
import { type PairOperationEnd, runPairOperation } from "../connector/pair_operation.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import type { Position } from "../models/inventory.ts";
import { type Shares, shares } from "../models/money.ts";
import { bookBurn, bookMint, freeCash } from "../risk/ledger.ts";
import { type PairInput, planPairs } from "../risk/pairs.ts";
import { freeStock } from "../risk/stock_invariants.ts";
import type { Assessment } from "./assess.ts";
import type { MarketContext } from "./market_context.ts";
import { type MarketState, toPersisted } from "./market_state.ts";
import { readStably } from "./stable_read.ts";
import type { CycleServices } from "./sync.ts";

/** What mints and burns are done with. */
export interface PairTools {
  readonly services: Pick<CycleServices, "connector" | "poller">;
  readonly store: StateStore;
  /** A random key for an operation. */
  readonly newKey: () => string;
}

/**
 * Finishes the operation in flight, or begins the one that the plan asks for; at most one per
 * cycle. After a failure nothing is tried for `privileged_retry_ms`.
 */
export async function keepPairs(
  context: MarketContext,
  assessed: Assessment,
  tools: PairTools,
): Promise<void> {
  const { state } = context;
  if (state === null || context.nowMs() < context.pairsRetryAtMs) return;
  if (state.operation !== null) {
    await carryOut(context, state, state.operation, tools);
    return;
  }
  const { operation, quantity } = planPairs(pairInput(context, state, assessed), context.config);
  if (operation === "NONE") return;
  await carryOut(context, state, { kind: operation, key: tools.newKey(), quantity }, tools);
}

function pairInput(
  context: MarketContext,
  state: MarketState,
  { tauHours, eventShielded }: Assessment,
): PairInput {
  const { orders } = context.orders;
  const { position: holdings, ledger, market, defense, phase } = state;
  const free = (contract: "YES" | "NO"): Shares =>
    shares(Math.max(0, freeStock({ holdings, orders }, contract)));
  return {
    holdings,
    available: { yes: free("YES"), no: free("NO") },
    ledger,
    freeCashCents: freeCash(ledger, orders, freezeRateBps(context.config, market)),
    marketIsActive: market.status === "ACTIVE",
    level: defense.level,
    phase: phase.phase,
    tauHours,
    eventShielded,
  };
}

/**
 * Carries a mint or burn out: written down before it is sent, booked once per key, and the position
 * read again instead of being computed (L-37). Without an answer a look at the position decides
 * whether it was done.
 * @throws VenueError if the position cannot be read afterwards; the operation is then finished by a
 * later cycle
 */
export async function carryOut(
  context: MarketContext,
  state: MarketState,
  operation: PairOperation,
  tools: PairTools,
): Promise<PairOperationEnd> {
  const { marketId, config } = context;
  context.state = { ...state, operation };
  context.isMovingPairs = true;
  try {
    await tools.store.saveMarket(marketId, toPersisted(context.state, config));
    const end = await runPairOperation(tools.services.connector, marketId, operation);
    if (end.kind === "done") await bookOperation(context, operation, tools.services);
    else noteFailure(context, operation, end);
    await tools.store.saveMarket(marketId, toPersisted(context.state, config));
    return end;
  } finally {
    context.isMovingPairs = false;
    const isOpen = context.state.operation !== null;
    if (isOpen) context.inbox.reconcile ??= "a mint or burn was not answered";
  }
}

function noteFailure(
  context: MarketContext,
  { kind, quantity }: PairOperation,
  end: Exclude<PairOperationEnd, { kind: "done" }>,
): void {
  const { config, log, state } = context;
  context.pairsRetryAtMs = context.nowMs() + config.privilegedRetryMs;
  if (end.kind === "refused" && state !== null) context.state = { ...state, operation: null };
  log.log("WARN", "pairs_failed", { operation: kind, quantity, ...end });
}

async function bookOperation(
  context: MarketContext,
  operation: PairOperation,
  services: PairTools["services"],
): Promise<void> {
  const { position } = await readStably({
    ...services,
    marketId: context.marketId,
    inbox: context.inbox,
    drain: () => context.bookTrades(),
  });
  if (context.state !== null) concludeOperation(context, context.state, operation, position);
}

/**
 * Books a mint or burn that has been done, once per key.
 * @param position what the venue shows after it
 */
export function concludeOperation(
  context: MarketContext,
  state: MarketState,
  { kind, quantity }: PairOperation,
  position: Position,
): void {
  const book = kind === "MINT" ? bookMint : bookBurn;
  context.state = { ...state, position, ledger: book(state.ledger, quantity), operation: null };
  context.notePairsChanged();
  const event = kind === "MINT" ? "pairs_minted" : "pairs_burned";
  context.log.log("INFO", event, { operation: kind, quantity });
}
