import { cents, PAIR_CENTS, price, type Shares, shares } from "../../src/models/money.ts";
import type { Market } from "./market.ts";
import { redeemPairs } from "./netting.ts";
import type { Account } from "./records.ts";
import { refusals, VenueCrash } from "./refusal.ts";
import type { ExchangeState, Floor } from "./state.ts";
import { type PairOrder, type PairOutcome, SYSTEM_USER_ID } from "./types.ts";

const MAX_KEY = 128;
/** What minting books as cost of each share of a pair, and the price in its audit record. */
const HALF_PAIR_CENTS = 50;

/** Creates pairs for 100 cents each, without an order and without a fee (§10). */
export function mintPairs(
  state: ExchangeState,
  account: Account,
  request: PairOrder,
): PairOutcome {
  return oncePerKey(state, { account, request }, (market, quantity) => {
    const costCents = PAIR_CENTS * quantity;
    if (account.availableCents < costCents) {
      throw refusals.insufficientBalance(costCents, account.availableCents);
    }
    state.accounts.credit(account, -costCents);
    receivePairs(market, account, quantity);
    recordAudit({ state, market }, "MINT", { account, quantity });
  });
}

/** Turns unfrozen pairs back into cash, 100 cents each (§10). */
export function burnPairs(
  state: ExchangeState,
  account: Account,
  request: PairOrder,
): PairOutcome {
  return oncePerKey(state, { account, request }, (market, quantity) => {
    if (quantity > market.unfrozenPairs(account.userId)) {
      const isYesShort = market.unfrozen(account.userId, "YES") < quantity;
      throw refusals.insufficientShares(isYesShort ? "YES" : "NO", quantity);
    }
    market.addToPool(redeemPairs({ state, market }, account, quantity));
    recordAudit({ state, market }, "BURN", { account, quantity });
  });
}

/**
 * Gives a user pairs at a cost of 50 cents a share, and raises escrow and share counts with them.
 */
export function receivePairs(market: Market, account: Account, quantity: Shares): void {
  const lot = { quantity, costCents: HALF_PAIR_CENTS * quantity };
  market.receive(account.userId, "YES", lot);
  market.receive(account.userId, "NO", lot);
  market.issuePairs(quantity);
}

/** Checks a request, does it unless its key was done before, and remembers the key. */
function oncePerKey(
  state: ExchangeState,
  { account, request }: { account: Account; request: PairOrder },
  effect: (market: Market, quantity: Shares) => void,
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
  const market = state.activeMarket(marketId);
  effect(market, shares(quantity));
  state.pairKeys.add(idempotencyKey);
  state.journal.note(() => state.pairKeys.delete(idempotencyKey));
  const held = market.position(account.userId);
  return {
    kind: "done",
    marketId,
    quantity: shares(quantity),
    amountCents: cents(PAIR_CENTS * quantity),
    yes: held?.YES.volume ?? shares(0),
    no: held?.NO.volume ?? shares(0),
    availableCents: account.availableCents,
  };
}

/** Lists a mint or burn among the AMM's trades, if the setting `auditTrades` says so. */
function recordAudit(
  { state, market }: Floor,
  scenario: "MINT" | "BURN",
  { account, quantity }: { account: Account; quantity: Shares },
): void {
  if (!state.settings.auditTrades) return;
  const isMint = scenario === "MINT";
  state.trades.record({
    tradeId: state.ids.next(),
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
  });
}
