/**
 * Step 6 of a cycle: idle pairs become cash, and stock that is used up is minted anew (§18, §19).
 */

import type { PairOperation } from "../cache/persisted_market.ts";
import type { StateStore } from "../cache/state_store.ts";
import { type PairOperationEnd, runPairOperation } from "../connector/pair_operation.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
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
  /** False while no mint or burn may be begun: a stop, a lease that is not certain. */
  readonly mayChangePairs: () => boolean;
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
  if (!tools.mayChangePairs()) return;
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
 * read again instead of being computed (L-37).
 * @throws VenueError if the position cannot be read afterwards; the operation is then finished by a
 * later cycle
 */
export async function carryOut(
  context: MarketContext,
  state: MarketState,
  operation: PairOperation,
  { services, store, mayChangePairs }: PairTools,
): Promise<PairOperationEnd> {
  const { marketId, config, log } = context;
  context.state = { ...state, operation };
  await store.saveMarket(marketId, toPersisted(context.state, config));
  const { connector } = services;
  const end = await runPairOperation({ connector, maySend: mayChangePairs }, marketId, operation);
  const detail = { operation: operation.kind, quantity: operation.quantity };
  if (end.kind === "done") {
    await bookOperation(context, operation, services);
    log.log("INFO", operation.kind === "MINT" ? "pairs_minted" : "pairs_burned", detail);
  } else {
    context.pairsRetryAtMs = context.nowMs() + config.privilegedRetryMs;
    if (end.kind === "refused") context.state = { ...context.state, operation: null };
    log.log("WARN", "pairs_failed", { ...detail, ...end });
  }
  await store.saveMarket(marketId, toPersisted(context.state, config));
  return end;
}

async function bookOperation(
  context: MarketContext,
  { kind, quantity }: PairOperation,
  services: PairTools["services"],
): Promise<void> {
  const { position } = await readStably({
    ...services,
    marketId: context.marketId,
    inbox: context.inbox,
    drain: () => context.bookTrades(),
  });
  const { state } = context;
  if (state === null) return;
  const book = kind === "MINT" ? bookMint : bookBurn;
  context.state = { ...state, position, ledger: book(state.ledger, quantity), operation: null };
  context.notePairsChanged();
}
