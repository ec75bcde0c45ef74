/**
 * Step 6 of a cycle: idle pairs become cash, and stock that is used up is minted anew (§18, §19).
 */

import type { PairOperation } from "../cache/persisted_market.ts";
import { type PairOperationEnd, runPairOperation } from "../connector/pair_operation.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import { type Shares, shares } from "../models/money.ts";
import { bookBurn, bookMint, freeCash } from "../risk/ledger.ts";
import { type PairInput, planPairs } from "../risk/pairs.ts";
import { freeStock } from "../risk/stock_invariants.ts";
import type { Assessment } from "./assess.ts";
import type { MarketContext } from "./market_context.ts";
import type { MarketState } from "./market_state.ts";
import { persist, type SaveTools } from "./persist.ts";
import { readStably } from "./stable_read.ts";
import type { CycleServices } from "./sync.ts";

/** What mints and burns are done with. */
export interface PairTools extends SaveTools {
  readonly services: Pick<CycleServices, "connector" | "poller">;
  /** A random key for an operation. */
  readonly newKey: () => string;
  /** Takes a call out of the request budget; false if none is left for something not urgent. */
  readonly mayCall: () => boolean;
  /** False while no mint or burn may be begun: a stop, a lease that is not certain. */
  readonly mayChangePairs: () => boolean;
}

/** How a mint or burn ended; one that may not be begun or be written down was never sent. */
export type CarriedOut = PairOperationEnd | { readonly kind: "withheld"; readonly detail: string };

/**
 * Finishes the operation in flight, or begins the one that the plan asks for; at most one per
 * cycle. After a failure nothing is tried for `privileged_retry_ms`, and nothing while the store is
 * away.
 */
export async function keepPairs(
  context: MarketContext,
  assessed: Assessment,
  tools: PairTools,
): Promise<void> {
  const { state } = context;
  if (state === null || context.nowMs() < context.pairsRetryAtMs) return;
  const operation = state.operation ?? plannedOperation(context, state, assessed, tools);
  if (operation !== null && tools.mayCall()) await carryOut(context, state, operation, tools);
}

function plannedOperation(
  context: MarketContext,
  state: MarketState,
  assessed: Assessment,
  tools: Pick<PairTools, "newKey">,
): PairOperation | null {
  const { operation, quantity } = planPairs(pairInput(context, state, assessed), context.config);
  return operation === "NONE" ? null : newOperation(context, operation, quantity, tools);
}

/** An operation that is not sent yet. */
export function newOperation(
  context: MarketContext,
  kind: PairOperation["kind"],
  quantity: Shares,
  { newKey }: Pick<PairTools, "newKey">,
): PairOperation {
  const createdAtMs = context.wallMs();
  const sent = { state: "PREPARED", createdAtMs, retryAfterMs: 0 } as const;
  return { kind, key: newKey(), quantity, ...sent, held: null };
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
  tools: PairTools,
): Promise<CarriedOut> {
  const { marketId, config, log } = context;
  const { services, store } = tools;
  if (!tools.mayChangePairs()) return { kind: "withheld", detail: "no pairs may be changed now" };
  context.state = { ...state, operation };
  if (!await persist(context, tools)) {
    context.state = { ...context.state, operation: state.operation };
    return { kind: "withheld", detail: `it cannot be written down: ${store.problem}` };
  }
  const parts = { connector: services.connector, maySend: tools.mayChangePairs };
  const end = await runPairOperation(parts, marketId, operation);
  const detail = { operation: operation.kind, quantity: operation.quantity };
  if (end.kind === "done") {
    await bookOperation(context, operation, services);
    log.log("INFO", operation.kind === "MINT" ? "pairs_minted" : "pairs_burned", detail);
  } else {
    context.pairsRetryAtMs = context.nowMs() + config.privilegedRetryMs;
    const sent = { ...operation, state: "SENT", retryAfterMs: context.pairsRetryAtMs } as const;
    context.state = { ...context.state, operation: end.kind === "refused" ? null : sent };
    log.log("WARN", "pairs_failed", { ...detail, ...end });
  }
  await persist(context, tools);
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
