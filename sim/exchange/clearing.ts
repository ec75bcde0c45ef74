import {
  type Cents,
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
import type { Order } from "./order.ts";
import { VenueCrash } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import { type Cleared, Trade } from "./trades.ts";
import type { FillBrief } from "./types.ts";

/** Two orders that meet, and how many shares change hands. */
export interface Match {
  readonly maker: Order;
  readonly taker: Order;
  readonly quantity: Shares;
}

/** One party of a fill. */
interface Leg {
  readonly order: Order;
  readonly isTaker: boolean;
  /** Price of the party's own contract, cents. */
  readonly unitPrice: PriceCents;
  readonly quantity: Shares;
}

/**
 * Clears one fill at the maker's price: cash, shares, fees, escrow, pool, records, then netting of
 * both parties (§8, §9).
 * @returns the fill as the placing user sees it
 */
export function clearFill(state: ExchangeState, match: Match, netting: NettingTally): FillBrief {
  const { maker, taker, quantity } = match;
  if (maker.seat === taker.seat && state.has("Q-09")) {
    throw new VenueCrash("The trade record forbids equal users (Q-09)");
  }
  // The closing leg first, so that an AMM that trades with itself sells what it had (§5).
  const isTakerFirst = isClosing(taker) && !isClosing(maker);
  const [first, second] = isTakerFirst ? [taker, maker] : [maker, taker];
  const [one, two] = [clearLeg(state, legOf(first, match)), clearLeg(state, legOf(second, match))];
  maker.seat.market.book.reduce(maker, quantity);
  const trade = new Trade(state.ids.next(), {
    ...match,
    yesPrice: maker.yesPrice,
    makerCleared: isTakerFirst ? two : one,
    takerCleared: isTakerFirst ? one : two,
    executedAtMs: state.nowMs(),
  });
  record(state, trade);
  moveEscrow(state, trade);
  for (const { seat, kind } of [first, second]) {
    if (state.has("Q-10") && kind.side !== "BID") continue;
    netPairs(state, seat, netting);
  }
  return briefOf(trade);
}

function isClosing({ kind }: Order): boolean {
  return kind.direction === "SELL";
}

function legOf(order: Order, { maker, quantity }: Match): Leg {
  const unitPrice = yesPriceOf(order.kind.contract, maker.yesPrice);
  return { order, isTaker: order !== maker, unitPrice, quantity };
}

function clearLeg(state: ExchangeState, leg: Leg): Cleared {
  return isClosing(leg.order) ? closeLeg(state, leg) : openLeg(state, leg);
}

/** A BUY order is filled: its freeze shrinks, pays price and fee, and the rest is refunded (§6). */
function openLeg(state: ExchangeState, leg: Leg): Cleared {
  const { order, unitPrice, quantity } = leg;
  const { seat } = order;
  const { account } = seat;
  const cost = unitPrice * quantity;
  const frozenBefore = order.frozenAmount;
  fillOrder(state, order, quantity);
  const fee = feeFor(state, leg, cost);
  const release = releaseFor(state, leg, {
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
  seat.receive(order.kind.contract, quantity, cost);
  return { feeCents: cents(charged), pnlCents: null };
}

/**
 * How much leaves `frozen` for a fill. In the reference exactly what the order no longer holds; the
 * deployed exchange takes only what is spent, the documented rule a freeze of its own for
 * each fill.
 */
function releaseFor(
  state: ExchangeState,
  { order, quantity }: Leg,
  fill: { byDifference: number; spent: number },
): number {
  if (!state.has("Q-05") && !state.has("Q-08")) return fill.byDifference;
  const release = state.has("Q-05")
    ? fill.spent
    : freezeCents(order.contractPrice, quantity, order.freezeBps);
  const { frozenCents } = order.seat.account;
  if (release <= frozenCents) return release;
  if (!state.has("Q-08")) return frozenCents;
  throw new VenueCrash("The fees of the fills exceed what was frozen (Q-08)");
}

/** A SELL order is filled: shares go, proceeds less fee arrive. */
function closeLeg(state: ExchangeState, leg: Leg): Cleared {
  const { order, unitPrice, quantity } = leg;
  const { seat, kind: { contract } } = order;
  const proceeds = unitPrice * quantity;
  fillOrder(state, order, quantity);
  const fee = feeFor(state, leg, proceeds);
  seat.pend(contract, -quantity);
  const released = seat.surrender(contract, quantity);
  state.accounts.credit(seat.account, proceeds - fee);
  state.accounts.collectFee(collected(state, leg, { value: proceeds, fee }));
  return { feeCents: fee, pnlCents: cents(proceeds - released) };
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
function feeFor(state: ExchangeState, { order, isTaker }: Leg, value: number): Cents {
  const { makerFeeBps, takerFeeBps } = order.seat.market.terms;
  if (isTaker) {
    const isFree = state.has("Q-06") && order.kind.bookType === "SYNTHETIC_SELL";
    return isFree ? cents(0) : feeCents(cents(value), takerFeeBps);
  }
  const isCharged = state.settings.makerFee && !state.has("Q-06");
  return isCharged ? feeCents(cents(value), makerFeeBps) : cents(0);
}

/** What the venue books as fee: the fee charged, but with Q-07 always 20 bps of a taker's value. */
function collected(
  state: ExchangeState,
  { isTaker, order }: Leg,
  { value, fee }: { value: number; fee: number },
): number {
  const isWrong = state.has("Q-07") && isTaker && order.kind.bookType !== "SYNTHETIC_SELL";
  return isWrong ? feeCents(cents(value), DEPLOYED_FREEZE_BPS) : fee;
}

/** Writes a trade down: in the lists of its parties, in the news, in the statistics. */
function record(state: ExchangeState, trade: Trade): void {
  const [buyer, seller] = [trade.bid.seat.account, trade.ask.seat.account];
  buyer.trades.append(trade);
  if (seller !== buyer) seller.trades.append(trade);
  state.news.announce(trade);
  trade.maker.seat.market.count(trade);
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
