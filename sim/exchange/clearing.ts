import {
  cents,
  feeCents,
  freezeCents,
  type PriceCents,
  type Shares,
  shares,
} from "../../src/models/money.ts";
import { yesPriceOf } from "../../src/models/vocabulary.ts";
import { DEPLOYED_FREEZE_BPS, frozenFor } from "./freezing.ts";
import { checkPool, netPairs, type NettingTally } from "./netting.ts";
import type { Account, Order } from "./records.ts";
import { VenueCrash } from "./refusal.ts";
import type { ExchangeState, Floor } from "./state.ts";
import { type Cleared, type Match, reportTrade } from "./trade_report.ts";
import type { FillBrief } from "./types.ts";

/** One party of a fill. */
interface Leg {
  readonly order: Order;
  readonly account: Account;
  readonly isTaker: boolean;
  /** Price of the party's own contract, cents. */
  readonly unitPrice: PriceCents;
}

/**
 * Clears one fill at the maker's price: cash, shares, fees, escrow, pool, records, then netting of
 * both parties (§8, §9).
 * @returns the fill as the placing user sees it
 */
export function clearFill(floor: Floor, match: Match, netting: NettingTally): FillBrief {
  const { state, market } = floor;
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
    cleared.set(leg.order, clear(floor, leg, quantity));
  }
  market.book.reduce(maker, quantity);
  const fill = reportTrade(floor, match, cleared);
  moveEscrow(floor, fill, cleared);
  for (const { account, order } of legs) {
    if (state.has("Q-10") && order.side !== "BID") continue;
    netPairs(floor, account, netting);
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
function openLeg(floor: Floor, leg: Leg, quantity: Shares): Cleared {
  const { state, market } = floor;
  const { order, account, unitPrice } = leg;
  const cost = unitPrice * quantity;
  const frozenBefore = order.frozenAmount;
  fillOrder(state, order, quantity);
  const fee = feeFor(floor, leg, cost);
  const release = releaseFor(state, leg, {
    quantity,
    byDifference: frozenBefore - order.frozenAmount,
    spent: cost + fee,
  });
  // Rounding per fill can make the fee a cent larger than what was frozen for it.
  const shortfall = Math.max(0, cost + fee - release);
  const waived = Math.max(0, shortfall - account.availableCents);
  const charged = fee - waived;
  state.accounts.spendFrozen(account, release);
  state.accounts.credit(account, release - cost - charged);
  state.accounts.collectFee(collected(state, leg, { value: cost, fee: charged }));
  market.receive(account.userId, order.contract, { quantity, costCents: cost });
  return { feeCents: charged, pnlCents: null };
}

/**
 * How much leaves `frozen` for a fill. In the reference exactly what the order no longer holds; the
 * deployed exchange takes only what is spent, the documented rule a freeze of its own for
 * each fill.
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
function closeLeg(floor: Floor, leg: Leg, quantity: Shares): Cleared {
  const { state, market } = floor;
  const { order, account, unitPrice } = leg;
  const proceeds = unitPrice * quantity;
  fillOrder(state, order, quantity);
  const fee = feeFor(floor, leg, proceeds);
  market.pend(account.userId, order.contract, -quantity);
  const released = market.surrender(account.userId, order.contract, quantity);
  state.accounts.credit(account, proceeds - fee);
  state.accounts.collectFee(collected(state, leg, { value: proceeds, fee }));
  return { feeCents: fee, pnlCents: proceeds - released };
}

function fillOrder(state: ExchangeState, order: Order, quantity: Shares): void {
  const { filled, remaining, frozenAmount, status, updatedAtMs } = order;
  state.journal.keep(order, { filled, remaining, frozenAmount, status, updatedAtMs });
  order.filled = shares(filled + quantity);
  order.remaining = shares(remaining - quantity);
  order.frozenAmount = frozenFor(order);
  order.status = order.remaining === 0 ? "FILLED" : "PARTIALLY_FILLED";
  order.updatedAtMs = state.nowMs();
  if (order.remaining === 0) state.orders.retire(order);
}

/** The fee a party is charged on the value it traded (§8.3). */
function feeFor({ state, market }: Floor, leg: Leg, value: number): number {
  const { makerFeeBps, takerFeeBps } = market.terms;
  if (leg.isTaker) {
    const isFree = state.has("Q-06") && leg.order.bookType === "SYNTHETIC_SELL";
    return isFree ? 0 : feeCents(cents(value), takerFeeBps);
  }
  const isCharged = state.settings.makerFee && !state.has("Q-06");
  return isCharged ? feeCents(cents(value), makerFeeBps) : 0;
}

/** What the venue books as fee: the fee charged, but with Q-07 always 20 bps of a taker's value. */
function collected(
  state: ExchangeState,
  { isTaker, order }: Leg,
  { value, fee }: { value: number; fee: number },
): number {
  const isWrong = state.has("Q-07") && isTaker && order.bookType !== "SYNTHETIC_SELL";
  return isWrong ? feeCents(cents(value), DEPLOYED_FREEZE_BPS) : fee;
}

/** Escrow, shares and pool of the market after a fill (§8.2). */
function moveEscrow(
  floor: Floor,
  { scenario, quantity }: FillBrief,
  cleared: ReadonlyMap<Order, Cleared>,
): void {
  const { state, market } = floor;
  if (scenario === "MINT") market.issuePairs(quantity);
  if (scenario === "BURN") market.issuePairs(-quantity);
  let pnl = 0;
  for (const leg of cleared.values()) pnl += leg.pnlCents ?? 0;
  market.addToPool(state.has("Q-01") ? -pnl : pnl);
  checkPool(floor);
}
