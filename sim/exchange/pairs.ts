import { cents, PAIR_CENTS, price, type Shares, shares } from "../../src/models/money.ts";
import { idText } from "./ids.ts";
import { redeemPairs } from "./netting.ts";
import type { Account, Seat } from "./records.ts";
import { refusals, VenueCrash } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import {
  type PairOrder,
  type PairOutcome,
  SYSTEM_USER_ID,
  type VenueTradeRecord,
} from "./types.ts";

const MAX_KEY = 128;
/** What minting books as cost of each share of a pair, and the price in its audit record. */
const HALF_PAIR_CENTS = 50;

/** Creates pairs for 100 cents each, without an order and without a fee (§10). */
export function mintPairs(
  state: ExchangeState,
  account: Account,
  request: PairOrder,
): PairOutcome {
  return oncePerKey(state, { account, request }, (seat, quantity) => {
    const costCents = PAIR_CENTS * quantity;
    if (account.availableCents < costCents) {
      throw refusals.insufficientBalance(costCents, account.availableCents);
    }
    state.accounts.credit(account, -costCents);
    receivePairs(seat, quantity);
    recordAudit(state, "MINT", { seat, quantity });
  });
}

/** Turns unfrozen pairs back into cash, 100 cents each (§10). */
export function burnPairs(
  state: ExchangeState,
  account: Account,
  request: PairOrder,
): PairOutcome {
  return oncePerKey(state, { account, request }, (seat, quantity) => {
    if (quantity > seat.unfrozenPairs()) {
      const isYesShort = seat.unfrozen("YES") < quantity;
      throw refusals.insufficientShares(isYesShort ? "YES" : "NO", quantity);
    }
    seat.market.addToPool(redeemPairs(state, seat, quantity));
    recordAudit(state, "BURN", { seat, quantity });
  });
}

/**
 * Gives a user pairs at a cost of 50 cents a share, and raises escrow and share counts with them.
 */
export function receivePairs(seat: Seat, quantity: Shares): void {
  const costCents = HALF_PAIR_CENTS * quantity;
  seat.receive("YES", quantity, costCents);
  seat.receive("NO", quantity, costCents);
  seat.market.issuePairs(quantity);
}

/** Checks a request, does it unless its key was done before, and remembers the key. */
function oncePerKey(
  state: ExchangeState,
  { account, request }: { account: Account; request: PairOrder },
  effect: (seat: Seat, quantity: Shares) => void,
): PairOutcome {
  const { marketId, quantity, idempotencyKey } = request;
  if (!Number.isInteger(quantity) || quantity < 1) {
    throw refusals.invalid(`quantity must be a positive integer: ${quantity}`);
  }
  if (idempotencyKey.length < 1 || idempotencyKey.length > MAX_KEY) {
    throw refusals.invalid(`idempotency_key must have 1 to ${MAX_KEY} characters`);
  }
  if (state.has("Q-02")) throw new VenueCrash("Privileged operations are out of order (Q-02)");
  if (state.pairKeys.has(idempotencyKey)) return { kind: "repeated", idempotencyKey };
  const seat = state.takeSeat(account, state.activeMarket(marketId));
  effect(seat, shares(quantity));
  state.pairKeys.add(idempotencyKey);
  state.journal.note(() => state.pairKeys.delete(idempotencyKey), null, null);
  return {
    kind: "done",
    marketId,
    quantity: shares(quantity),
    amountCents: cents(PAIR_CENTS * quantity),
    yes: seat.YES.volume,
    no: seat.NO.volume,
    availableCents: account.availableCents,
  };
}

/** Lists a mint or burn among the AMM's trades, if the setting `auditTrades` says so. */
function recordAudit(
  state: ExchangeState,
  scenario: "MINT" | "BURN",
  { seat: { account, market }, quantity }: { seat: Seat; quantity: Shares },
): void {
  if (!state.settings.auditTrades) return;
  const isMint = scenario === "MINT";
  const { high, low } = state.ids.next();
  const record: VenueTradeRecord = {
    tradeId: idText({ high, low }),
    marketId: market.id,
    scenario,
    yesPrice: price(HALF_PAIR_CENTS),
    quantity,
    buyUserId: isMint ? account.userId : SYSTEM_USER_ID,
    sellUserId: isMint ? SYSTEM_USER_ID : account.userId,
    buyOrderId: null,
    sellOrderId: null,
    makerOrderId: null,
    takerOrderId: null,
    makerFeeCents: cents(0),
    takerFeeCents: cents(0),
    buyRealizedPnlCents: null,
    sellRealizedPnlCents: null,
    executedAtMs: state.nowMs(),
  };
  account.trades.append({ high, low, marketId: market.id, view: () => record });
}
