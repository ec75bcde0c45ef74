/**
 * Defects of the deployed exchange that show when requests run at the same time, or that a failed
 * request leaves behind. In the reference they do nothing.
 */

import { figuresOf, type Order, type OrderFigures } from "./records.ts";
import { ExchangeCode, Refusal, VenueCrash, VenueHang } from "./refusal.ts";
import type { ExchangeState } from "./state.ts";
import type { FailedPlacement } from "./types.ts";

/** Failures of a placement that come after validation and the idempotency check. */
const EVICTING_CODES: ReadonlySet<number> = new Set([
  ExchangeCode.MARKET_NOT_FOUND,
  ExchangeCode.MARKET_NOT_ACTIVE,
  ExchangeCode.PRICE_OUT_OF_RANGE,
  ExchangeCode.ORDER_LIMIT,
  ExchangeCode.INSUFFICIENT_BALANCE,
  ExchangeCode.INSUFFICIENT_SHARES,
]);

/** An order as somebody read it. */
export interface Reading {
  readonly order: Order;
  readonly figures: OrderFigures;
}

/**
 * Reads an order as cancel and replace do on the deployed exchange, before they take the lock, and
 * lets the race hook run in between.
 * @returns what was read, null if it does not matter because the lock protects the read (no Q-15)
 */
export function readUnlocked(state: ExchangeState, orderId: string): Reading | null {
  const order = state.has("Q-15") ? state.findOrder(orderId) : undefined;
  const read = order === undefined ? null : { order, figures: figuresOf(order) };
  state.raceHook();
  return read;
}

/** Writes back what was read before the lock, over whatever happened since. */
export function overwriteWith(state: ExchangeState, read: Reading | null): void {
  if (read === null) return;
  const { order, figures } = read;
  if (figures.status === order.status && figures.filled === order.filled) return;
  const { seat } = order;
  const { book } = seat.market;
  state.checkStuck(seat.market.id);
  if (order.isActive) book.withdraw(order);
  state.journal.note(Object.assign, order, figuresOf(order));
  Object.assign(order, figures);
  if (!order.isActive) return;
  if (!seat.isActive(order)) seat.activate(order);
  book.rest(order);
}

/**
 * Lets the race hook run while a batch cancel collects its orders.
 * @throws VenueHang with Q-16, if one of them was filled meanwhile: market and account hang from
 * then on
 */
export function raceBatchCancel(state: ExchangeState, userId: string, marketId: string): void {
  const before = state.active(state.accounts.find(userId), marketId)
    .map((order) => ({ order, filled: order.filled }));
  state.raceHook();
  const isRaced = before.some(({ order, filled }) => order.filled !== filled);
  if (!isRaced || !state.has("Q-16")) return;
  state.stuck.add(marketId).add(userId);
  throw new VenueHang(`Batch cancel raced a fill in ${marketId} (Q-16)`);
}

/**
 * Draws the consequences of a failed placement: it costs the market its live book, or the
 * order to be replaced.
 */
export function afterFailure(state: ExchangeState, failed: FailedPlacement): void {
  const { error } = failed;
  const isDamaging = error instanceof VenueCrash ||
    (error instanceof Refusal && EVICTING_CODES.has(error.code));
  if (!isDamaging) return;
  state.journal.run(() => damageBook(state, failed));
  for (const listener of state.failureListeners) listener(failed);
}

function damageBook(state: ExchangeState, { request, oldOrderId }: FailedPlacement): void {
  const market = state.findMarket(request.marketId);
  const old = oldOrderId === undefined ? undefined : state.findOrder(oldOrderId);
  if (state.has("Q-03")) market?.book.evict();
  if (state.has("Q-04") && old !== undefined) market?.book.drop(old);
}
