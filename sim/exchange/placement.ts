import { cents, isPrice, PAIR_CENTS, shares } from "../../src/models/money.ts";
import { releaseOrder } from "./cancellation.ts";
import { clearTrade } from "./clearing.ts";
import { freeze } from "./freezing.ts";
import { NO_PLACE } from "./ladder.ts";
import { netPairs } from "./netting.ts";
import { orderView } from "./record_views.ts";
import { type Account, type CheckedRequest, Order, type Seat } from "./records.ts";
import { refusals, VenueCrash } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import { Trade } from "./trades.ts";
import type { FillBrief, NettingResult, OrderRequest, Placement } from "./types.ts";

const NO_FILLS: readonly FillBrief[] = Object.freeze([]);
const MAX_QUANTITY = 10_000;
const MAX_CLIENT_ORDER_ID = 64;

/** Places an order: the whole pipeline of §4. */
export function placeOrder(
  state: ExchangeState,
  account: Account,
  request: OrderRequest,
): Placement {
  checkClientOrderId(state, request);
  const earlier = repeatedOrder(account, request);
  if (earlier !== null) return { order: orderView(earlier), trades: [], netting: null };
  return enterOrder(state, account, request);
}

/**
 * The stored order that a request repeats, null if it is new. Market and time in force are not
 * compared, as deployed (exchange API §4.1).
 * @throws Refusal 4005 if the id was used for another order
 */
export function repeatedOrder(account: Account, request: OrderRequest): Order | null {
  const { clientOrderId } = request;
  if (clientOrderId === undefined) return null;
  const known = account.orders.findByClientId(clientOrderId);
  if (known === undefined) return null;
  const { kind: { contract, direction }, contractPrice, quantity } = known;
  const isSame = contract === request.contract && direction === request.direction &&
    contractPrice === request.contractPrice && quantity === request.quantity;
  if (!isSame) throw refusals.duplicateClientOrderId(clientOrderId);
  return known;
}

/** Steps 2 to 7 of §4: checks, freeze, matching, remainder. */
export function enterOrder(
  state: ExchangeState,
  account: Account,
  request: OrderRequest,
): Placement {
  const seat = state.takeSeat(account, state.activeMarket(request.marketId));
  checkFigures(state, seat, request);
  const order = new Order(state.ids.next(), seat, request);
  freeze(state, order);
  account.orders.add(order);
  seat.activate(order);
  const nettedBefore = state.nettedPairs;
  const trades = matchOrder(state, order);
  if (order.remaining > 0) settleRemainder(state, order);
  const netted = state.nettedPairs - nettedBefore;
  return { order: orderView(order), trades, netting: netted === 0 ? null : nettingOf(netted) };
}

function nettingOf(pairs: number): NettingResult {
  return { nettedPairs: shares(pairs), refundCents: cents(PAIR_CENTS * pairs) };
}

/**
 * What the HTTP layer would refuse as invalid (E3); the deployed exchange lets a long id through
 * and dies of it.
 */
export function checkClientOrderId(state: ExchangeState, { clientOrderId }: OrderRequest): void {
  if (clientOrderId === undefined) return;
  if (clientOrderId === "" || / |^\s|\s$/.test(clientOrderId)) {
    throw refusals.invalid("client_order_id must not be empty or contain whitespace");
  }
  if (clientOrderId.length <= MAX_CLIENT_ORDER_ID) return;
  if (state.has("Q-21")) throw new VenueCrash("client_order_id is too long (Q-21)");
  throw refusals.invalid(`client_order_id must have at most ${MAX_CLIENT_ORDER_ID} characters`);
}

function checkFigures(
  state: ExchangeState,
  seat: Seat,
  request: OrderRequest,
): asserts request is CheckedRequest {
  const { contractPrice, quantity } = request;
  if (!isPrice(contractPrice)) throw refusals.priceOutOfRange(contractPrice);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    throw refusals.orderLimit(`quantity=${quantity} must be in [1, ${MAX_QUANTITY}]`);
  }
  if (state.settings.enforceMarketLimits && !state.has("Q-18")) checkMarketLimits(seat, request);
}

/**
 * The limits that the contract documents for each market and the deployed exchange ignores.
 */
function checkMarketLimits(
  seat: Seat,
  { contract, direction, contractPrice: price, quantity }: OrderRequest,
): void {
  const { minPrice, maxPrice, maxOrderQuantity, maxOrderAmountCents, maxPositionPerUser } =
    seat.market.terms;
  if (price < minPrice || price > maxPrice) throw refusals.priceOutOfRange(price);
  if (quantity > maxOrderQuantity) {
    throw refusals.orderLimit(`quantity=${quantity} must be in [1, ${maxOrderQuantity}]`);
  }
  if (price * quantity > maxOrderAmountCents) {
    throw refusals.orderLimit(`amount=${price * quantity} must be at most ${maxOrderAmountCents}`);
  }
  const held = seat[contract].volume;
  if (direction === "BUY" && held + quantity > maxPositionPerUser) {
    throw refusals.orderLimit(`position=${held + quantity} must be at most ${maxPositionPerUser}`);
  }
}

/**
 * Matches an incoming order against the book (§5). A user's own orders are skipped and stay where
 * they are; the AMM may trade with itself.
 */
function matchOrder(state: ExchangeState, taker: Order): readonly FillBrief[] {
  const { account, market: { book } } = taker.seat;
  let place = book.firstCrossed(taker);
  if (place === NO_PLACE) return NO_FILLS;
  const maySelfTrade = account.role === "AMM";
  const fills: FillBrief[] = [];
  const skipped: Order[] = [];
  for (; place !== NO_PLACE; place = book.nextCrossed(place, taker)) {
    const maker = book.at(place);
    const blocked = skipped[0];
    if (state.has("Q-11") && blocked !== undefined && blocked.yesPrice !== maker.yesPrice) break;
    if (maker.seat === taker.seat && !maySelfTrade) {
      skipped.push(maker);
      continue;
    }
    fills.push(clearTrade(state, new Trade(maker, taker)));
    if (taker.remaining === 0) break;
  }
  if (!state.has("Q-11")) return fills;
  for (const order of skipped) book.moveToBack(order);
  return fills;
}

function settleRemainder(state: ExchangeState, order: Order): void {
  const { seat, kind, timeInForce } = order;
  if (timeInForce === "GTC") return seat.market.book.rest(order);
  releaseOrder(state, order, "IOC_UNFILLED");
  if (kind.direction === "SELL" && !state.has("Q-10")) netPairs(state, seat);
}
