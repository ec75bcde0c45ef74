/**
 * Defects of the deployed exchange that show when requests run at the same time, or that a failed
 * request leaves behind. In the reference they do nothing.
 */

import { isActiveStatus } from "../../src/models/vocabulary.ts";
import type { Order } from "./records.ts";
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

/**
 * Reads an order as cancel and replace do on the deployed exchange, before they take the lock, and
 * lets the race hook run in between.
 * @returns what was read, null if it does not matter because the lock protects the read (no Q-15)
 */
export function readUnlocked(state: ExchangeState, orderId: string): Order | null {
  const order = state.orders.find(orderId);
  const read = order === undefined ? null : { ...order };
  state.raceHook();
  return state.has("Q-15") ? read : null;
}

/** Writes back what was read before the lock, over whatever happened since. */
export function overwriteWith(state: ExchangeState, read: Order | null): void {
  const order = read === null ? undefined : state.orders.find(read.orderId);
  if (read === null || order === undefined) return;
  if (read.status === order.status && read.filled === order.filled) return;
  const { book } = state.market(order.marketId);
  if (isActiveStatus(order.status)) book.withdraw(order);
  Object.assign(state.journal.edit(order), read);
  if (!isActiveStatus(order.status)) return;
  state.orders.revive(order);
  book.rest(order);
}

/**
 * Lets the race hook run while a batch cancel collects its orders.
 * @throws VenueHang with Q-16, if one of them was filled meanwhile: market and account hang from
 * then on
 */
export function raceBatchCancel(state: ExchangeState, userId: string, marketId: string): void {
  const before = state.orders.active(marketId, userId).map(({ orderId, filled }) => ({
    orderId,
    filled,
  }));
  state.raceHook();
  const isRaced = before.some(({ orderId, filled }) =>
    state.orders.find(orderId)?.filled !== filled
  );
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
  const market = [...state.markets()].find(({ id }) => id === request.marketId);
  const old = oldOrderId === undefined ? undefined : state.orders.find(oldOrderId);
  if (state.has("Q-03")) market?.book.evict();
  if (state.has("Q-04") && old !== undefined) market?.book.drop(old);
}
