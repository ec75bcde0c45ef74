import {
  cents,
  isPrice,
  PAIR_CENTS,
  type PriceCents,
  type Shares,
  shares,
} from "../../src/models/money.ts";
import { bookSideOf, yesPriceOf } from "../../src/models/vocabulary.ts";
import type { Contract, Direction, FrozenAsset } from "../../src/models/vocabulary.ts";
import { releaseOrder } from "./cancellation.ts";
import { clearFill } from "./clearing.ts";
import { freeze, freezeBps } from "./freezing.ts";
import { NO_PLACE } from "./ladder.ts";
import type { Market } from "./market.ts";
import { netPairs, type NettingTally } from "./netting.ts";
import { type Account, type Order, orderView } from "./records.ts";
import { refusals, VenueCrash } from "./refusal.ts";
import type { ExchangeState, Floor } from "./state.ts";
import type { BookType, FillBrief, OrderRequest, Placement } from "./types.ts";

const MAX_QUANTITY = 10_000;
const MAX_CLIENT_ORDER_ID = 64;

/** Price and size of a request that passed the checks. */
interface Size {
  readonly price: PriceCents;
  readonly quantity: Shares;
}

/** Places an order: the whole pipeline of §4. */
export function placeOrder(
  state: ExchangeState,
  account: Account,
  request: OrderRequest,
): Placement {
  checkClientOrderId(state, request);
  const earlier = repeatedOrder(state, account, request);
  if (earlier !== null) return { order: orderView(earlier), trades: [], netting: null };
  return enterOrder(state, account, request);
}

/**
 * The stored order that a request repeats, null if it is new. Market and time in force are not
 * compared, as deployed (exchange API §4.1).
 * @throws Refusal 4005 if the id was used for another order
 */
export function repeatedOrder(
  state: ExchangeState,
  account: Account,
  request: OrderRequest,
): Order | null {
  const { clientOrderId } = request;
  if (clientOrderId === undefined) return null;
  const known = state.orders.findByClientId(account.userId, clientOrderId);
  if (known === undefined) return null;
  const isSame = known.contract === request.contract && known.direction === request.direction &&
    known.contractPrice === request.contractPrice && known.quantity === request.quantity;
  if (!isSame) throw refusals.duplicateClientOrderId(clientOrderId);
  return known;
}

/** Steps 2 to 7 of §4: checks, freeze, matching, remainder. */
export function enterOrder(
  state: ExchangeState,
  account: Account,
  request: OrderRequest,
): Placement {
  const floor = { state, market: state.activeMarket(request.marketId) };
  const size = checkedSize(floor, account, request);
  const order = newOrder(floor, account, { request, size });
  freeze(floor, order);
  state.orders.add(order);
  const netting: NettingTally = { pairs: 0 };
  const trades = matchOrder(floor, order, netting);
  if (order.remaining > 0) settleRemainder(floor, order, netting);
  return {
    order: orderView(order),
    trades,
    netting: netting.pairs === 0
      ? null
      : { nettedPairs: shares(netting.pairs), refundCents: cents(PAIR_CENTS * netting.pairs) },
  };
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

function checkedSize({ state, market }: Floor, account: Account, request: OrderRequest): Size {
  const { contractPrice: price, quantity } = request;
  if (!isPrice(price)) throw refusals.priceOutOfRange(price);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    throw refusals.orderLimit(`quantity=${quantity} must be in [1, ${MAX_QUANTITY}]`);
  }
  const size = { price, quantity: shares(quantity) };
  if (state.settings.enforceMarketLimits && !state.has("Q-18")) {
    checkMarketLimits(market, account, { ...request, ...size });
  }
  return size;
}

/**
 * The limits that the contract documents for each market and the deployed exchange ignores.
 */
function checkMarketLimits(
  market: Market,
  account: Account,
  { contract, direction, price, quantity }: OrderRequest & Size,
): void {
  const { minPrice, maxPrice, maxOrderQuantity, maxOrderAmountCents, maxPositionPerUser } =
    market.terms;
  if (price < minPrice || price > maxPrice) throw refusals.priceOutOfRange(price);
  if (quantity > maxOrderQuantity) {
    throw refusals.orderLimit(`quantity=${quantity} must be in [1, ${maxOrderQuantity}]`);
  }
  if (price * quantity > maxOrderAmountCents) {
    throw refusals.orderLimit(`amount=${price * quantity} must be at most ${maxOrderAmountCents}`);
  }
  const held = market.position(account.userId)?.[contract].volume ?? 0;
  if (direction === "BUY" && held + quantity > maxPositionPerUser) {
    throw refusals.orderLimit(`position=${held + quantity} must be at most ${maxPositionPerUser}`);
  }
}

function newOrder(
  floor: Floor,
  account: Account,
  { request, size: { price, quantity } }: { readonly request: OrderRequest; readonly size: Size },
): Order {
  const { state, market } = floor;
  const { contract, direction } = request;
  const orderId = state.ids.next();
  const nowMs = state.nowMs();
  return {
    orderId,
    clientOrderId: request.clientOrderId ?? orderId,
    userId: account.userId,
    marketId: market.id,
    contract,
    direction,
    contractPrice: price,
    bookType: bookTypeOf(contract, direction),
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, price),
    timeInForce: request.timeInForce ?? "GTC",
    quantity,
    filled: shares(0),
    remaining: quantity,
    frozenAmount: 0,
    frozenAsset: frozenAssetOf(contract, direction),
    freezeBps: freezeBps(floor),
    status: "OPEN",
    cancelReason: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    place: NO_PLACE,
  };
}

/** How an order stands in the YES book (§3). */
function bookTypeOf(contract: Contract, direction: Direction): BookType {
  if (contract === "YES") return direction === "BUY" ? "NATIVE_BUY" : "NATIVE_SELL";
  return direction === "BUY" ? "SYNTHETIC_SELL" : "SYNTHETIC_BUY";
}

function frozenAssetOf(contract: Contract, direction: Direction): FrozenAsset {
  if (direction === "BUY") return "FUNDS";
  return contract === "YES" ? "YES_SHARES" : "NO_SHARES";
}

/**
 * Matches an incoming order against the book (§5). A user's own orders are skipped and stay where
 * they are; the AMM may trade with itself.
 */
function matchOrder(floor: Floor, taker: Order, netting: NettingTally): FillBrief[] {
  const { state, market: { book } } = floor;
  const maySelfTrade = state.accounts.find(taker.userId).role === "AMM";
  const fills: FillBrief[] = [];
  const skipped: Order[] = [];
  let place = book.firstCrossed(taker);
  for (; place !== NO_PLACE; place = book.nextCrossed(place, taker)) {
    const maker = book.at(place);
    const blocked = skipped[0];
    if (state.has("Q-11") && blocked !== undefined && blocked.yesPrice !== maker.yesPrice) break;
    if (maker.userId === taker.userId && !maySelfTrade) {
      skipped.push(maker);
      continue;
    }
    const quantity = shares(Math.min(taker.remaining, maker.remaining));
    fills.push(clearFill(floor, { maker, taker, quantity }, netting));
    if (taker.remaining === 0) break;
  }
  if (!state.has("Q-11")) return fills;
  for (const order of skipped) book.moveToBack(order);
  return fills;
}

function settleRemainder(floor: Floor, order: Order, netting: NettingTally): void {
  const { state, market } = floor;
  if (order.timeInForce === "GTC") return market.book.rest(order);
  releaseOrder(floor, order, "IOC_UNFILLED");
  if (order.direction === "SELL" && !state.has("Q-10")) {
    netPairs(floor, state.accounts.find(order.userId), netting);
  }
}
