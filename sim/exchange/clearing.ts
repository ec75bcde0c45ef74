import {
  cents,
  feeCents,
  freezeCents,
  type PriceCents,
  type Shares,
  shares,
} from "../../src/models/money.ts";
import { type Scenario, yesPriceOf } from "../../src/models/vocabulary.ts";
import type { Market } from "./market.ts";
import { checkPool, netPairs, type NettingTally } from "./netting.ts";
import type { Account, Order } from "./records.ts";
import { VenueCrash } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import type { BookType, FillBrief } from "./types.ts";

/** Two orders that meet, and how many shares change hands. */
export interface Match {
  readonly maker: Order;
  readonly taker: Order;
  readonly quantity: Shares;
}

/** One party of a fill. */
interface Leg {
  readonly order: Order;
  readonly account: Account;
  readonly isTaker: boolean;
  /** Price of the party's own contract, cents. */
  readonly unitPrice: PriceCents;
}

/** What a leg did. `pnlCents` is null for an opening leg. */
interface Cleared {
  readonly feeCents: number;
  readonly pnlCents: number | null;
}

/** What freezes are computed with on the deployed exchange, whatever the market's fees. */
export const DEPLOYED_FREEZE_BPS = 20;

/** What an order holds for the shares it still has to trade: `F(P, q)` cents, or the shares (§6). */
export function frozenFor({ direction, contractPrice, remaining, freezeBps }: Order): number {
  return direction === "BUY" ? freezeCents(contractPrice, remaining, freezeBps) : remaining;
}

/**
 * Clears one fill at the maker's price: cash, shares, fees, escrow, pool, records, then netting of both
 * parties (§8, §9).
 * @returns the fill as the placing user sees it
 */
export function clearFill(
  state: ExchangeState,
  market: Market,
  match: Match,
  netting: NettingTally,
): FillBrief {
  const { maker, taker, quantity } = match;
  if (maker.userId === taker.userId && state.has("Q-09")) {
    throw new VenueCrash("The trade record forbids equal users (Q-09)");
  }
  const legs = [legOf(state, maker, maker), legOf(state, taker, maker)];
  // The closing leg first, so that an AMM that trades with itself sells what it had (§5).
  legs.sort((a, b) => Number(isClosing(b)) - Number(isClosing(a)));
  const cleared = new Map<Order, Cleared>();
  for (const leg of legs) {
    const clear = isClosing(leg) ? closeLeg : openLeg;
    cleared.set(leg.order, clear(state, market, leg, quantity));
  }
  market.book.reduce(maker, quantity);
  const fill = recordTrade(state, market, match, cleared);
  moveEscrow(state, market, fill, cleared);
  for (const { account, order } of legs) {
    if (state.has("Q-10") && order.side !== "BID") continue;
    netPairs(state, market, account, netting);
  }
  return fill;
}

function legOf(state: ExchangeState, order: Order, maker: Order): Leg {
  return {
    order,
    account: state.accounts.find(order.userId),
    isTaker: order !== maker,
    unitPrice: yesPriceOf(order.contract, maker.yesPrice),
  };
}

function isClosing({ order }: Leg): boolean {
  return order.direction === "SELL";
}

/** A BUY order is filled: its freeze shrinks, pays price and fee, and the rest is refunded (§6). */
function openLeg(state: ExchangeState, market: Market, leg: Leg, quantity: Shares): Cleared {
  const { order, account, unitPrice } = leg;
  const { accounts } = state;
  const cost = unitPrice * quantity;
  const frozenBefore = order.frozenAmount;
  fillOrder(state, order, quantity);
  const fee = feeFor(state, market, leg, cost);
  const release = releaseFor(state, leg, {
    quantity,
    byDifference: frozenBefore - order.frozenAmount,
    spent: cost + fee,
  });
  // Rounding per fill can make the fee a cent larger than what was frozen for it.
  const shortfall = Math.max(0, cost + fee - release);
  const waived = Math.max(0, shortfall - account.availableCents);
  accounts.spendFrozen(account, release);
  accounts.credit(account, release - cost - (fee - waived));
  accounts.collectFee(collected(state, leg, cost, fee - waived));
  market.receive(account.userId, order.contract, { quantity, costCents: cost });
  return { feeCents: fee - waived, pnlCents: null };
}

/**
 * How much leaves `frozen` for a fill. In the reference exactly what the order no longer holds; the deployed
 * exchange takes only what is spent, the documented rule a freeze of its own for each fill.
 */
function releaseFor(
  state: ExchangeState,
  { order, account }: Leg,
  fill: { quantity: Shares; byDifference: number; spent: number },
): number {
  if (!state.has("Q-05") && !state.has("Q-08")) return fill.byDifference;
  const release = state.has("Q-05")
    ? fill.spent
    : freezeCents(order.contractPrice, fill.quantity, order.freezeBps);
  if (release <= account.frozenCents) return release;
  if (!state.has("Q-08")) return account.frozenCents;
  throw new VenueCrash("The fees of the fills exceed what was frozen (Q-08)");
}

/** A SELL order is filled: shares go, proceeds less fee arrive. */
function closeLeg(state: ExchangeState, market: Market, leg: Leg, quantity: Shares): Cleared {
  const { order, account, unitPrice } = leg;
  const proceeds = unitPrice * quantity;
  fillOrder(state, order, quantity);
  const fee = feeFor(state, market, leg, proceeds);
  market.pend(account.userId, order.contract, -quantity);
  const released = market.surrender(account.userId, order.contract, quantity);
  state.accounts.credit(account, proceeds - fee);
  state.accounts.collectFee(collected(state, leg, proceeds, fee));
  return { feeCents: fee, pnlCents: proceeds - released };
}

function fillOrder(state: ExchangeState, order: Order, quantity: Shares): void {
  const changed = state.journal.edit(order);
  changed.filled = shares(order.filled + quantity);
  changed.remaining = shares(order.remaining - quantity);
  changed.frozenAmount = frozenFor(order);
  changed.status = order.remaining === 0 ? "FILLED" : "PARTIALLY_FILLED";
  changed.updatedAtMs = state.nowMs();
  if (order.remaining === 0) state.orders.retire(order);
}

/** The fee a party is charged on the value it traded (§8.3). */
function feeFor(state: ExchangeState, market: Market, leg: Leg, value: number): number {
  const { makerFeeBps, takerFeeBps } = market.terms;
  if (leg.isTaker) {
    const isFree = state.has("Q-06") && leg.order.bookType === "SYNTHETIC_SELL";
    return isFree ? 0 : feeCents(cents(value), takerFeeBps);
  }
  const isCharged = state.settings.makerFee && !state.has("Q-06");
  return isCharged ? feeCents(cents(value), makerFeeBps) : 0;
}

/** What the venue books as fee: the fee charged, but with Q-07 always 20 bps of a taker's value. */
function collected(state: ExchangeState, leg: Leg, value: number, fee: number): number {
  const isWrong = state.has("Q-07") && leg.isTaker && leg.order.bookType !== "SYNTHETIC_SELL";
  return isWrong ? feeCents(cents(value), DEPLOYED_FREEZE_BPS) : fee;
}

const SCENARIOS: Readonly<Record<BookType, Readonly<Partial<Record<BookType, Scenario>>>>> = {
  NATIVE_BUY: { NATIVE_SELL: "TRANSFER_YES", SYNTHETIC_SELL: "MINT" },
  SYNTHETIC_BUY: { NATIVE_SELL: "BURN", SYNTHETIC_SELL: "TRANSFER_NO" },
  NATIVE_SELL: {},
  SYNTHETIC_SELL: {},
};

/** How a bid and an ask clear (§8.1). */
function scenarioOf(bid: Order, ask: Order): Scenario {
  const scenario = SCENARIOS[bid.bookType][ask.bookType];
  if (scenario === undefined) {
    throw new Error(`Cannot clear ${bid.bookType} against ${ask.bookType}`);
  }
  return scenario;
}

function recordTrade(
  state: ExchangeState,
  market: Market,
  { maker, taker, quantity }: Match,
  cleared: ReadonlyMap<Order, Cleared>,
): FillBrief {
  const [bid, ask] = maker.side === "BID" ? [maker, taker] : [taker, maker];
  const scenario = scenarioOf(bid, ask);
  const makerFee = cleared.get(maker)?.feeCents ?? 0;
  const takerFee = cleared.get(taker)?.feeCents ?? 0;
  const fill = {
    scenario,
    yesPrice: maker.yesPrice,
    quantity,
    buyOrderId: bid.orderId,
    sellOrderId: ask.orderId,
  };
  const trade = {
    tradeId: state.ids.next(),
    marketId: market.id,
    scenario,
    yesPrice: maker.yesPrice,
    quantity,
    executedAtMs: state.nowMs(),
  };
  state.trades.record({
    ...trade,
    buyUserId: bid.userId,
    sellUserId: ask.userId,
    buyOrderId: bid.orderId,
    sellOrderId: ask.orderId,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerFeeCents: cents(makerFee),
    takerFeeCents: cents(takerFee),
    buyRealizedPnlCents: pnlOf(cleared.get(bid)),
    sellRealizedPnlCents: pnlOf(cleared.get(ask)),
  });
  state.trades.announce({
    ...trade,
    aggressor: taker.side,
    makerUserId: maker.userId,
    takerUserId: taker.userId,
  });
  market.count({
    price: maker.yesPrice,
    quantity,
    feesCents: makerFee + takerFee,
    buyUserId: bid.userId,
    sellUserId: ask.userId,
  });
  return fill;
}

function pnlOf(cleared: Cleared | undefined) {
  return cleared === undefined || cleared.pnlCents === null ? null : cents(cleared.pnlCents);
}

/** Escrow, shares and pool of the market after a fill (§8.2). */
function moveEscrow(
  state: ExchangeState,
  market: Market,
  fill: FillBrief,
  cleared: ReadonlyMap<Order, Cleared>,
): void {
  if (fill.scenario === "MINT") market.issuePairs(fill.quantity);
  if (fill.scenario === "BURN") market.issuePairs(-fill.quantity);
  let pnl = 0;
  for (const leg of cleared.values()) pnl += leg.pnlCents ?? 0;
  market.addToPool(state.has("Q-01") ? -pnl : pnl);
  checkPool(state, market);
}
