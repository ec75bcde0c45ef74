import {
  type Cents,
  cents,
  feeCents,
  freezeCents,
  type Shares,
  shares,
} from "../../src/models/money.ts";
import { yesPriceOf } from "../../src/models/vocabulary.ts";
import { DEPLOYED_FREEZE_BPS, frozenFor } from "./freezing.ts";
import { checkPool, netPairs } from "./netting.ts";
import type { Order } from "./records.ts";
import { VenueCrash } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import type { Trade } from "./trades.ts";
import type { FillBrief } from "./types.ts";

/**
 * Clears a trade at the maker's price: cash, shares, fees, escrow, pool, records, then netting of
 * both parties (§8, §9).
 * @returns the fill as the placing user sees it
 */
export function clearTrade(state: ExchangeState, trade: Trade): FillBrief {
  const { maker, taker } = trade;
  if (maker.seat === taker.seat && state.has("Q-09")) {
    throw new VenueCrash("The trade record forbids equal users (Q-09)");
  }
  // The closing leg first, so that an AMM that trades with itself sells what it had (§5).
  const isTakerFirst = isClosing(taker) && !isClosing(maker);
  const first = isTakerFirst ? taker : maker;
  const second = isTakerFirst ? maker : taker;
  clearLeg(state, trade, first);
  clearLeg(state, trade, second);
  maker.seat.market.book.reduce(maker, trade.quantity);
  trade.stamp(state.ids.next());
  record(state, trade);
  moveEscrow(state, trade);
  netParty(state, first);
  netParty(state, second);
  return briefOf(trade);
}

function isClosing({ kind }: Order): boolean {
  return kind.direction === "SELL";
}

function clearLeg(state: ExchangeState, trade: Trade, order: Order): void {
  if (isClosing(order)) closeLeg(state, trade, order);
  else openLeg(state, trade, order);
}

function netParty(state: ExchangeState, { seat, kind }: Order): void {
  if (state.has("Q-10") && kind.side !== "BID") return;
  netPairs(state, seat);
}

/** What the shares of a trade are worth in the contract of one party, cents. */
function valueFor({ yesPrice, quantity }: Trade, { kind }: Order): Cents {
  return cents(yesPriceOf(kind.contract, yesPrice) * quantity);
}

/** A BUY order is filled: its freeze shrinks, pays price and fee, and the rest is refunded (§6). */
function openLeg(state: ExchangeState, trade: Trade, order: Order): void {
  const { seat } = order;
  const { account } = seat;
  const cost = valueFor(trade, order);
  const frozenBefore = order.frozenAmount;
  fillOrder(state, order, trade.quantity);
  const fee = feeFor(state, trade, order);
  const spent = cost + fee;
  const release = state.has("Q-05") || state.has("Q-08")
    ? defectiveRelease(state, order, { quantity: trade.quantity, spent })
    : frozenBefore - order.frozenAmount;
  // Rounding per fill can make the fee a cent larger than what was frozen for it.
  const shortfall = Math.max(0, spent - release);
  const waived = Math.max(0, shortfall - account.availableCents);
  const charged = cents(fee - waived);
  state.accounts.spendFrozen(account, release);
  state.accounts.credit(account, release - cost - charged);
  state.accounts.collectFee(bookedFee(state, trade, order) ?? charged);
  seat.receive(order.kind.contract, trade.quantity, cost);
  trade.settle(order, charged, null);
}

/**
 * How much leaves `frozen` for a fill. In the reference it is exactly what the order no longer
 * holds; the deployed exchange takes only what is spent, the documented rule a freeze of its
 * own for each fill.
 */
function defectiveRelease(
  state: ExchangeState,
  { contractPrice, freezeBps, seat }: Order,
  fill: { quantity: Shares; spent: number },
): number {
  const release = state.has("Q-05")
    ? fill.spent
    : freezeCents(contractPrice, fill.quantity, freezeBps);
  const { frozenCents } = seat.account;
  if (release <= frozenCents) return release;
  if (!state.has("Q-08")) return frozenCents;
  throw new VenueCrash("The fees of the fills exceed what was frozen (Q-08)");
}

/** A SELL order is filled: shares go, proceeds less fee arrive. */
function closeLeg(state: ExchangeState, trade: Trade, order: Order): void {
  const { seat, kind: { contract } } = order;
  const { quantity } = trade;
  const proceeds = valueFor(trade, order);
  fillOrder(state, order, quantity);
  const fee = feeFor(state, trade, order);
  seat.pend(contract, -quantity);
  const released = seat.surrender(contract, quantity);
  state.accounts.credit(seat.account, proceeds - fee);
  state.accounts.collectFee(bookedFee(state, trade, order) ?? fee);
  trade.settle(order, fee, cents(proceeds - released));
}

function fillOrder(state: ExchangeState, order: Order, quantity: Shares): void {
  const { journal } = state;
  const { filled, remaining } = order;
  journal.keep(order, "filled", filled);
  journal.keep(order, "remaining", remaining);
  journal.keep(order, "frozenAmount", order.frozenAmount);
  journal.keep(order, "status", order.status);
  journal.keep(order, "updatedAtMs", order.updatedAtMs);
  order.filled = shares(filled + quantity);
  order.remaining = shares(remaining - quantity);
  order.frozenAmount = frozenFor(order);
  order.status = order.remaining === 0 ? "FILLED" : "PARTIALLY_FILLED";
  order.updatedAtMs = state.nowMs();
  if (order.remaining === 0) order.seat.retire(order);
}

/** The fee a party is charged on the value it traded (§8.3). */
function feeFor(state: ExchangeState, trade: Trade, order: Order): Cents {
  const { makerFeeBps, takerFeeBps } = order.seat.market.terms;
  if (order === trade.taker) {
    const isFree = state.has("Q-06") && order.kind.bookType === "SYNTHETIC_SELL";
    return isFree ? cents(0) : feeCents(valueFor(trade, order), takerFeeBps);
  }
  const isCharged = state.settings.makerFee && !state.has("Q-06");
  return isCharged ? feeCents(valueFor(trade, order), makerFeeBps) : cents(0);
}

/**
 * What the venue books as fee if that is not the fee it charges: with Q-07 always 20 bps of a
 * taker's value.
 */
function bookedFee(state: ExchangeState, trade: Trade, order: Order): Cents | null {
  const isWrong = state.has("Q-07") && order === trade.taker &&
    order.kind.bookType !== "SYNTHETIC_SELL";
  return isWrong ? feeCents(valueFor(trade, order), DEPLOYED_FREEZE_BPS) : null;
}

/** Writes a trade down: in the lists of its parties, in the news, in the statistics. */
function record(state: ExchangeState, trade: Trade): void {
  const [buyer, seller] = [trade.bid.seat, trade.ask.seat];
  buyer.account.trades.append(trade);
  if (seller !== buyer) seller.account.trades.append(trade);
  state.news.announce(trade);
  buyer.market.countTrade(trade);
  buyer.countTrade("BID");
  seller.countTrade("ASK");
}

/** Escrow, shares and pool of the market after a fill (§8.2). */
function moveEscrow(
  state: ExchangeState,
  { maker, scenario, quantity, makerPnlCents, takerPnlCents }: Trade,
): void {
  const { market } = maker.seat;
  if (scenario === "MINT") market.issuePairs(quantity);
  if (scenario === "BURN") market.issuePairs(-quantity);
  const pnl = (makerPnlCents ?? 0) + (takerPnlCents ?? 0);
  market.addToPool(state.has("Q-01") ? -pnl : pnl);
  checkPool(state, market);
}

function briefOf({ scenario, yesPrice, quantity, bid, ask }: Trade): FillBrief {
  return {
    scenario,
    yesPrice,
    quantity,
    buyOrderId: bid.orderId,
    sellOrderId: ask.orderId,
  };
}
