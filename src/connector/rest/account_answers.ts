import { z } from "zod";
import type { Position } from "../../models/inventory.ts";
import type { AccountBalance } from "../../models/market.ts";
import type { PairRequest, PairResult, TradePage, VenueTrade } from "../connector.ts";
import {
  isRecord,
  orDocumented,
  pageOf,
  parseWith,
  requireSame,
  requireUnique,
  wireCents,
  wireId,
  wirePrice,
  wireQuantity,
  wireShares,
  wireText,
  wireTime,
} from "./wire.ts";

const balanceAnswer = z.object({
  available_balance_cents: wireCents,
  frozen_balance_cents: wireCents,
});

const flatPosition = z.object({
  market_id: wireId,
  yes_volume: wireShares,
  yes_cost_sum: wireCents,
  no_volume: wireShares,
  no_cost_sum: wireCents,
});

const holding = z.object({ volume: wireShares, cost_sum_cents: wireCents });
const nestedPosition = z.object({ market_id: wireId, yes: holding, no: holding });

const trade = orDocumented(
  z.object({
    trade_id: wireText,
    market_id: wireText,
    scenario: z.enum(["MINT", "TRANSFER_YES", "TRANSFER_NO", "BURN"]),
    price: wirePrice,
    quantity: wireQuantity,
    buy_user_id: wireText,
    sell_user_id: wireText,
    taker_fee: wireCents,
    executed_at: wireTime,
  }),
  { price: "price_cents" },
);

const tradePage = orDocumented(pageOf(trade), { items: "trades" });

const alreadyDone = z.object({ idempotent_hit: z.literal(true) });
const minted = z.object({ market_id: wireId, minted_quantity: wireQuantity })
  .transform((wire) => ({ marketId: wire.market_id, quantity: wire.minted_quantity }));
const burned = z.object({ market_id: wireId, burned_quantity: wireQuantity })
  .transform((wire) => ({ marketId: wire.market_id, quantity: wire.burned_quantity }));

/** Reads the account's cash. @throws MalformedAnswer */
export function readBalance(payload: unknown): AccountBalance {
  const wire = parseWith(balanceAnswer, payload);
  return {
    availableCents: wire.available_balance_cents,
    frozenCents: wire.frozen_balance_cents,
  };
}

/**
 * Reads a position, flat as deployed or nested as documented (exchange API §3.5).
 * @throws MalformedAnswer
 */
export function readPosition(payload: unknown, marketId: string): Position {
  const isNested = isRecord(payload) && "yes" in payload;
  const { market_id, ...position } = isNested ? readNested(payload) : readFlat(payload);
  requireSame("market_id", market_id, marketId);
  return position;
}

type NamedPosition = Position & { readonly market_id: string };

function readFlat(payload: unknown): NamedPosition {
  const wire = parseWith(flatPosition, payload);
  return {
    market_id: wire.market_id,
    yes: wire.yes_volume,
    no: wire.no_volume,
    yesCostCents: wire.yes_cost_sum,
    noCostCents: wire.no_cost_sum,
  };
}

function readNested(payload: unknown): NamedPosition {
  const wire = parseWith(nestedPosition, payload);
  return {
    market_id: wire.market_id,
    yes: wire.yes.volume,
    no: wire.no.volume,
    yesCostCents: wire.yes.cost_sum_cents,
    noCostCents: wire.no.cost_sum_cents,
  };
}

/** Reads one page of own trades. @throws MalformedAnswer */
export function readTrades(payload: unknown): TradePage {
  const wire = parseWith(tradePage, payload);
  requireUnique("trade_id", wire.items.map((row) => row.trade_id));
  return { trades: wire.items.map(toTrade), nextCursor: wire.next_cursor };
}

function toTrade(wire: z.output<typeof trade>): VenueTrade {
  return {
    tradeId: wire.trade_id,
    marketId: wire.market_id,
    scenario: wire.scenario,
    yesPrice: wire.price,
    quantity: wire.quantity,
    buyUserId: wire.buy_user_id,
    sellUserId: wire.sell_user_id,
    takerFeeCents: wire.taker_fee,
    executedAtMs: wire.executed_at,
  };
}

/**
 * Reads the answer to a mint or burn; a repeated key gets a short answer of its own (exchange API
 * §5.3).
 * @throws MalformedAnswer also if the figures are not those that were asked for
 */
export function readPairs(
  payload: unknown,
  call: "mint" | "burn",
  request: PairRequest,
): PairResult {
  if (alreadyDone.safeParse(payload).success) return { alreadyDone: true };
  const wire = parseWith(call === "mint" ? minted : burned, payload);
  requireSame("market_id", wire.marketId, request.marketId);
  requireSame("quantity", wire.quantity, request.quantity);
  return { alreadyDone: false };
}
