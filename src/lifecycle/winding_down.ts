/** The end of a market (§24): clear up before it, read the result after it. */

import type { MarketContext } from "../cycle/market_context.ts";
import { carryOut, newOperation, type PairTools } from "../cycle/pair_keeper.ts";
import { readStably } from "../cycle/stable_read.ts";
import type { CycleServices } from "../cycle/sync.ts";
import { type Holdings, pairs } from "../models/inventory.ts";
import { type Cents, cents, PAIR_CENTS } from "../models/money.ts";
import type { ResolutionResult } from "../models/vocabulary.ts";
import { bookPayout } from "../risk/ledger.ts";

/** What the end of a market is worked with. */
export interface EndTools extends PairTools {
  readonly services: CycleServices;
}

/**
 * One turn of winding down: no order rests, pairs are merged while the venue still lets us, and
 * then the result is awaited. Pairs that could not be merged are not lost: each pays 100 cents at
 * settlement.
 */
export async function windDown(context: MarketContext, tools: EndTools): Promise<void> {
  const { orders, log, config } = context;
  const { remaining } = await orders.cancelAll();
  if (remaining.length > 0 || context.state === null) return;
  const market = await tools.services.connector.market(context.marketId);
  context.state = { ...context.state, market };
  if (market.status === "SETTLED" || market.status === "VOIDED") {
    return await settle(context, tools);
  }
  await tools.services.poller.poll();
  context.bookTrades();
  const { state } = context;
  if (state.position.yes + state.position.no === 0) return finish(context, "nothing is held");
  if (market.status !== "ACTIVE" || context.nowMs() < context.pairsRetryAtMs) return;
  const quantity = pairs(state.position);
  if (quantity === 0 && state.operation === null) return;
  log.log("INFO", "market_winding_down", { pairs: quantity, marketId: config.marketId });
  if (!tools.mayCall()) return;
  const operation = state.operation ?? newOperation(context, "BURN", quantity, tools);
  await carryOut(context, state, operation, tools);
}

/** Reads what a settled market has left and books what it paid. */
export async function settle(context: MarketContext, tools: EndTools): Promise<void> {
  const { position } = await readStably({
    ...tools.services,
    marketId: context.marketId,
    inbox: context.inbox,
    drain: () => context.bookTrades(),
  });
  const { state } = context;
  if (state === null) return;
  const left = pairs(state.position);
  if (left > 0) context.log.log("WARN", "pairs_unmerged", { pairs: left });
  const payout = payoutCents(state.position, state.market.result);
  context.state = {
    ...state,
    position,
    ledger: bookPayout(state.ledger, payout),
  };
  finish(context, `${state.market.status}, payout ${payout} cents`);
}

/**
 * What shares pay by result: 100 cents for each that won; a void market pays what the venue
 * decides.
 */
export function payoutCents(holdings: Holdings, result: ResolutionResult | null): Cents {
  switch (result) {
    case "YES":
      return cents(PAIR_CENTS * holdings.yes);
    case "NO":
      return cents(PAIR_CENTS * holdings.no);
    case "VOID":
    case null:
      return cents(0);
  }
}

function finish(context: MarketContext, reason: string): void {
  context.enter("STOPPED", reason);
  context.log.log("INFO", "market_stopped", { reason });
}
