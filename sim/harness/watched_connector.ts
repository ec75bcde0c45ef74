import type {
  CommandOutcome,
  Connector,
  PairRequest,
  PlaceRequest,
} from "../../src/connector/connector.ts";

/** A command that the bot sent, and what became of it. */
export interface SeenCommand {
  readonly name: "place" | "replace" | "cancel" | "batch_cancel" | "mint" | "burn";
  /** What was asked for, in one line. */
  readonly request: string;
  /**
   * What the venue said: `accepted` with the id of a new order, `rejected` with its code, or
   * `unknown`.
   */
  readonly outcome: string;
  /** The market in which the venue accepted a new order, null if it did not. */
  readonly newOrderIn: string | null;
}

type Sent = Pick<SeenCommand, "name" | "request">;

/** Tells of every command that goes through a connector; the bot notices nothing. */
export function watchedConnector(
  inner: Connector,
  onCommand: (command: SeenCommand) => void,
): Connector {
  const watched = async <T>(sent: Sent, answer: Promise<CommandOutcome<T>>) => {
    const outcome = await answer;
    onCommand({ ...sent, outcome: shown(outcome), newOrderIn: null });
    return outcome;
  };
  const watchedOrder = async <T extends { order: { orderId: string } }>(
    sent: Sent,
    marketId: string,
    answer: Promise<CommandOutcome<T>>,
  ) => {
    const outcome = await answer;
    const isNew = outcome.kind === "accepted";
    const orderId = isNew ? ` ${outcome.value.order.orderId}` : "";
    onCommand({
      ...sent,
      outcome: `${shown(outcome)}${orderId}`,
      newOrderIn: isNew ? marketId : null,
    });
    return outcome;
  };
  return {
    identity: () => inner.identity(),
    market: (marketId) => inner.market(marketId),
    orderBook: (marketId) => inner.orderBook(marketId),
    balance: () => inner.balance(),
    position: (marketId) => inner.position(marketId),
    openOrders: (marketId) => inner.openOrders(marketId),
    order: (orderId) => inner.order(orderId),
    trades: (query) => inner.trades(query),
    place: (order, maySend) =>
      watchedOrder(
        { name: "place", request: orderLine(order) },
        order.marketId,
        inner.place(order, maySend),
      ),
    replace: (orderId, order, maySend) =>
      watchedOrder(
        { name: "replace", request: `${orderId} ${orderLine(order)}` },
        order.marketId,
        inner.replace(orderId, order, maySend),
      ),
    cancel: (orderId, marketId) =>
      watched({ name: "cancel", request: orderId }, inner.cancel(orderId, marketId)),
    batchCancel: (marketId, scope) =>
      watched(
        { name: "batch_cancel", request: `${marketId} ${scope}` },
        inner.batchCancel(marketId, scope),
      ),
    mint: (pairs, maySend) =>
      watched({ name: "mint", request: pairsLine(pairs) }, inner.mint(pairs, maySend)),
    burn: (pairs, maySend) =>
      watched({ name: "burn", request: pairsLine(pairs) }, inner.burn(pairs, maySend)),
  };
}

function orderLine(order: PlaceRequest): string {
  const { clientOrderId, marketId, contract, direction, contractPrice, quantity } = order;
  const terms = [marketId, direction, contract, quantity, "@", contractPrice, order.timeInForce];
  return [clientOrderId, ...terms].join(" ");
}

function pairsLine({ marketId, quantity }: PairRequest): string {
  return `${marketId} ${quantity}`;
}

function shown(outcome: CommandOutcome<unknown>): string {
  return outcome.kind === "rejected" ? `rejected ${outcome.code}` : outcome.kind;
}
