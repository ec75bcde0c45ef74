import { isPrice, MAX_PRICE, PAIR_CENTS } from "../../src/models/money.ts";
import { idText } from "./ids.ts";
import { NO_PLACE } from "./ladder.ts";
import { totalCostCents } from "./netting.ts";
import type { Account, Holding, Market, Order } from "./records.ts";
import type { QuirkId } from "./settings.ts";
import type { ExchangeState } from "./state.ts";
import { Trade } from "./trades.ts";

/** The invariants of §13. */
type InvariantId = `I${number}`;

/** Messages of what is broken, without the invariant's name. */
type Check = (state: ExchangeState) => Iterable<string>;

/** Which invariants a defect of the deployed exchange breaks by its nature. */
const BROKEN_BY: Readonly<Partial<Record<QuirkId, readonly InvariantId[]>>> = {
  "Q-03": ["I9"],
  "Q-04": ["I9"],
  "Q-05": ["I6"],
  "Q-07": ["I8"],
  "Q-08": ["I6"],
  "Q-10": ["I11"],
  "Q-11": ["I12"],
  "Q-12": ["I6", "I7"],
  "Q-15": ["I6", "I7", "I9"],
};

const CHECKS: ReadonlyMap<InvariantId, Check> = new Map([
  ["I1", shareCounts],
  ["I2", escrow],
  ["I3", pool],
  ["I4", cashSigns],
  ["I5", holdingSigns],
  ["I6", frozenCash],
  ["I7", pendingShares],
  ["I8", totalCash],
  ["I9", bookMembership],
  ["I10", mirroredPrices],
  ["I11", netted],
  ["I12", uncrossed],
  ["I13", tradePrices],
]);

/**
 * Everything that contradicts the invariants of §13, one line each; empty if all is well. What the
 * switched-on quirks break by their nature is left out, and so is I9 after an eviction by hand.
 */
export function violations(state: ExchangeState): string[] {
  const excused = new Set([...state.settings.quirks].flatMap((quirk) => BROKEN_BY[quirk] ?? []));
  const found: string[] = [];
  for (const [id, check] of CHECKS) {
    if (excused.has(id)) continue;
    for (const message of check(state)) found.push(`${id} ${message}`);
  }
  return found;
}

function* shareCounts(state: ExchangeState): Generator<string> {
  for (const { id, terms, ...market } of marketsOf(state)) {
    const counts = [terms.yesShares, terms.noShares, market.yes, market.no];
    if (new Set(counts).size > 1) {
      yield `${id}: yes_shares, no_shares and the sums of the positions differ: ${
        counts.join(", ")
      }`;
    }
  }
}

function* escrow(state: ExchangeState): Generator<string> {
  for (const { id, terms: { reserveCents, yesShares } } of state.markets()) {
    if (reserveCents !== PAIR_CENTS * yesShares) {
      yield `${id}: reserve ${reserveCents} is not 100 for each of ${yesShares} pairs`;
    }
  }
}

function* pool(state: ExchangeState): Generator<string> {
  for (const market of state.markets()) {
    const { reserveCents, pnlPoolCents } = market.terms;
    const cost = totalCostCents(market);
    if (reserveCents + pnlPoolCents !== cost) {
      yield `${market.id}: reserve ${reserveCents} + pnl_pool ${pnlPoolCents} is not cost ${cost}`;
    }
  }
}

function* cashSigns(state: ExchangeState): Generator<string> {
  for (const { userId, availableCents, frozenCents } of state.accounts.all()) {
    if (availableCents < 0 || frozenCents < 0) {
      yield `${userId}: available ${availableCents}, frozen ${frozenCents}`;
    }
  }
}

function* holdingSigns(state: ExchangeState): Generator<string> {
  for (const { owner, holding: { volume, costCents, pendingSell } } of holdingsOf(state)) {
    const isOrdered = pendingSell >= 0 && pendingSell <= volume;
    if (!isOrdered || costCents < 0 || (volume === 0 && costCents !== 0)) {
      yield `${owner}: volume ${volume}, cost ${costCents}, pending ${pendingSell}`;
    }
  }
}

function* frozenCash(state: ExchangeState): Generator<string> {
  const expected = new Map<string, number>();
  for (const order of activeOrders(state)) {
    if (order.kind.frozenAsset === "FUNDS") add(expected, order.userId, order.frozenAmount);
  }
  for (const { userId, frozenCents } of state.accounts.all()) {
    const frozen = expected.get(userId) ?? 0;
    if (frozenCents !== frozen) yield `${userId}: frozen ${frozenCents}, his orders hold ${frozen}`;
  }
}

function* pendingShares(state: ExchangeState): Generator<string> {
  const expected = new Map<string, number>();
  for (const order of activeOrders(state)) {
    const { seat: { account, market }, kind, remaining } = order;
    if (kind.direction === "SELL") {
      add(expected, `${account.userId} ${market.id} ${kind.contract}`, remaining);
    }
  }
  for (const { owner, holding: { pendingSell } } of holdingsOf(state)) {
    const pending = expected.get(owner) ?? 0;
    if (pendingSell !== pending) yield `${owner}: pending ${pendingSell}, orders hold ${pending}`;
  }
}

function* totalCash(state: ExchangeState): Generator<string> {
  const { platformFeeCents, netDepositsCents } = state.accounts.venue;
  let total = platformFeeCents;
  for (const account of state.accounts.all()) total += cashOf(account);
  for (const { terms } of state.markets()) total += terms.reserveCents;
  if (total !== netDepositsCents) {
    yield `cash, escrow and fees are ${total}, deposits less withdrawals ${netDepositsCents}`;
  }
}

function* bookMembership(state: ExchangeState): Generator<string> {
  for (const { orderId, filled, remaining, quantity, status, isActive } of state.orders()) {
    if (filled + remaining !== quantity) {
      yield `${orderId}: filled ${filled} + remaining ${remaining} is not ${quantity}`;
    }
    if (isActive && remaining === 0) yield `${orderId}: ${status}, nothing remains`;
  }
  for (const market of state.markets()) {
    yield* queueMembership(state, market);
    yield* visibleDepth(state, market);
  }
}

function* queueMembership(state: ExchangeState, market: Market): Generator<string> {
  const live = [...market.book.liveOrders()];
  const active = new Set(state.activeIn(market));
  if (new Set(live).size !== live.length) yield `${market.id}: an order is in the book twice`;
  for (const order of live) {
    if (!active.has(order)) yield `${order.orderId}: ${order.status}, but in the book`;
  }
  if (market.book.wasEvicted) return;
  for (const order of active) {
    if (!market.book.isLive(order)) {
      yield `${order.orderId}: ${order.status}, but not in the book`;
    }
  }
}

function* visibleDepth(state: ExchangeState, market: Market): Generator<string> {
  const expected = new Map<string, number>();
  for (const { side, yesPrice, remaining } of state.activeIn(market)) {
    add(expected, `${side} ${yesPrice}`, remaining);
  }
  const shown = new Map<string, number>();
  for (const side of ["BID", "ASK"] as const) {
    for (const level of market.book.levels(side, MAX_PRICE)) {
      shown.set(`${side} ${level.price}`, level.quantity);
    }
  }
  for (const level of new Set([...expected.keys(), ...shown.keys()])) {
    if (expected.get(level) === shown.get(level)) continue;
    yield `${market.id}: ${level} shows ${shown.get(level)}, orders have ${expected.get(level)}`;
  }
}

function* mirroredPrices(state: ExchangeState): Generator<string> {
  for (const { orderId, kind: { contract }, contractPrice, yesPrice } of state.orders()) {
    const expected = contract === "YES" ? contractPrice : PAIR_CENTS - contractPrice;
    if (yesPrice !== expected || !isPrice(yesPrice)) {
      yield `${orderId}: ${contract} at ${contractPrice} stands at ${yesPrice}`;
    }
  }
}

function* netted(state: ExchangeState): Generator<string> {
  for (const { userId, role, seats } of state.accounts.all()) {
    if (role === "AMM") continue;
    for (const seat of seats) {
      const pairs = seat.unfrozenPairs();
      if (pairs > 0) yield `${userId} ${seat.market.id}: holds ${pairs} unfrozen pairs`;
    }
  }
}

/** Two orders may only cross if they belong to one user, who does not trade with himself. */
function* uncrossed(state: ExchangeState): Generator<string> {
  for (const market of state.markets()) {
    for (const bid of market.book.liveOrders()) {
      if (bid.side !== "BID") continue;
      let place = market.book.firstCrossed(bid);
      for (; place !== NO_PLACE; place = market.book.nextCrossed(place, bid)) {
        const ask = market.book.at(place);
        if (ask.seat === bid.seat) continue;
        yield `${market.id}: bid ${bid.orderId} at ${bid.yesPrice} crosses ask ${ask.orderId}`;
      }
    }
  }
}

function* tradePrices(state: ExchangeState): Generator<string> {
  for (const trade of state.trades()) {
    if (!(trade instanceof Trade)) continue;
    const { yesPrice, maker, taker } = trade;
    if (yesPrice !== maker.yesPrice) {
      yield `${idText(trade)}: at ${yesPrice}, the resting order is at ${maker.yesPrice}`;
    }
    if (isWorse(yesPrice, taker)) {
      yield `${idText(trade)}: at ${yesPrice}, worse than the taker's ${taker.yesPrice}`;
    }
  }
}

function isWorse(yesPrice: number, { side, yesPrice: limit }: Order): boolean {
  return side === "BID" ? yesPrice > limit : yesPrice < limit;
}

/** The markets with the sums of their positions. */
function* marketsOf(state: ExchangeState) {
  for (const market of state.markets()) {
    let yes = 0;
    let no = 0;
    for (const { YES, NO } of market.holders) {
      yes += YES.volume;
      no += NO.volume;
    }
    yield { id: market.id, terms: market.terms, yes, no };
  }
}

/** Every holding, named by user, market and contract. */
function* holdingsOf(state: ExchangeState): Generator<{ owner: string; holding: Holding }> {
  for (const market of state.markets()) {
    for (const { account: { userId }, YES, NO } of market.holders) {
      yield { owner: `${userId} ${market.id} YES`, holding: YES };
      yield { owner: `${userId} ${market.id} NO`, holding: NO };
    }
  }
}

function* activeOrders(state: ExchangeState): Generator<Order> {
  for (const market of state.markets()) yield* state.activeIn(market);
}

function cashOf({ availableCents, frozenCents }: Account): number {
  return availableCents + frozenCents;
}

function add(totals: Map<string, number>, key: string, amount: number): void {
  totals.set(key, (totals.get(key) ?? 0) + amount);
}
