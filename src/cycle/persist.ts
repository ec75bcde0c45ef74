import type { MarketSnapshot, PublishedMarket } from "../cache/persisted_market.ts";
import { isSameLatch } from "../cache/records/latch_record.ts";
import type { StateStore } from "../cache/state_store.ts";
import { StoreError } from "../cache/store_error.ts";
import { freezeRateBps } from "../execution/cash_capacity.ts";
import type { KillLatch } from "../models/explanation.ts";
import { killedBy } from "../risk/defense_stack.ts";
import type { MarketContext } from "./market_context.ts";
import { type MarketState, toPersisted } from "./market_state.ts";

/** Where the state of a market is written to, and by what right. */
export interface SaveTools {
  readonly store: StateStore;
  /** Fencing token of the market's lease, 0 without leases. */
  readonly fence: () => number;
}

/**
 * Writes everything of a market in one step. A store that is away never ends a cycle: what is not
 * written now is part of the next write. A kill that somebody else has latched in the store holds
 * from now on.
 * @returns true if it is written for certain
 * @throws StoreError of kind `fenced` if another instance works the market
 */
export async function persist(
  context: MarketContext,
  { store, fence }: SaveTools,
): Promise<boolean> {
  const { state } = context;
  if (state === null) return false;
  const snapshot = snapshotOf(context, state);
  try {
    const { latch, rewritten } = await store.saveMarket(context.marketId, snapshot, fence());
    context.noteSaved(snapshot);
    if (rewritten.length > 0) context.log.log("WARN", "state_rewritten", { keys: rewritten });
    if (latch !== null) adoptLatch(context, latch);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.kind !== "fenced") return false;
    throw error;
  }
}

function snapshotOf(context: MarketContext, state: MarketState): MarketSnapshot {
  return {
    persisted: toPersisted(state, context.config),
    published: () => publishedOf(context, state),
    release: context.release,
    bookedTrades: context.unsavedTrades,
  };
}

function publishedOf(context: MarketContext, state: MarketState): PublishedMarket {
  const { config, lifecycle, orders, explanation } = context;
  return {
    config,
    lifecycle,
    nowMs: context.wallMs(),
    position: state.position,
    orders: orders.orders,
    freezeBps: freezeRateBps(config, state.market),
    volatility: state.volatility,
    lvr: state.lvr,
    explanation,
  };
}

/** The stored latch is the one of record: what an operator releases later is that one. */
function adoptLatch(context: MarketContext, latch: KillLatch): void {
  const { state } = context;
  if (state === null) return;
  const ours = state.defense.latch;
  if (ours !== null && isSameLatch(ours, latch)) return;
  context.state = { ...state, defense: killedBy(latch) };
  context.inbox.wake();
}
