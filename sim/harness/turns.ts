import type { Connector } from "../../src/connector/connector.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";

/**
 * Lets calls of the same moment go to the venue one after the other, in the order in which they
 * were made, and brings their answers back in the same way. Nothing takes longer. Without turns the
 * number of promises on the way would decide which of two markets is first, and another way to the
 * venue would be another run.
 */
export function inTurn(inner: Connector, clock: Clock): Connector {
  const turn = async <T>(call: () => Promise<T>): Promise<T> => {
    await sleep(clock, 0);
    try {
      return await call();
    } finally {
      await sleep(clock, 0);
    }
  };
  const accountOrders = inner.accountOrders?.bind(inner);
  return {
    identity: () => turn(() => inner.identity()),
    market: (marketId) => turn(() => inner.market(marketId)),
    orderBook: (marketId) => turn(() => inner.orderBook(marketId)),
    balance: () => turn(() => inner.balance()),
    position: (marketId) => turn(() => inner.position(marketId)),
    openOrders: (marketId) => turn(() => inner.openOrders(marketId)),
    ...(accountOrders === undefined ? {} : { accountOrders: () => turn(accountOrders) }),
    order: (orderId) => turn(() => inner.order(orderId)),
    trades: (query) => turn(() => inner.trades(query)),
    place: (order, maySend) => turn(() => inner.place(order, maySend)),
    cancel: (orderId, marketId) => turn(() => inner.cancel(orderId, marketId)),
    replace: (orderId, order, maySend) => turn(() => inner.replace(orderId, order, maySend)),
    batchCancel: (marketId, scope) => turn(() => inner.batchCancel(marketId, scope)),
    mint: (pairs, maySend) => turn(() => inner.mint(pairs, maySend)),
    burn: (pairs, maySend) => turn(() => inner.burn(pairs, maySend)),
  };
}
