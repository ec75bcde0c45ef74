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
  /** The market that it was about, null if only the venue knows. */
  readonly marketId: string | null;
  /** True if the venue accepted a new order. */
  readonly hasNewOrder: boolean;
}

type Sent = Pick<SeenCommand, "name" | "request" | "marketId">;

/** Hears of the commands that go through a connector. */
export interface CommandWatch {
  /** A command is on its way. */
  seeSent(): void;
  /** A command has its answer, or will have none. */
  seeCommand(command: SeenCommand): void;
}

/** Tells of every command that goes through a connector; the bot notices nothing. */
export function watchedConnector(inner: Connector, watch: CommandWatch): Connector {
  const watched = async <T>(sent: Sent, answer: Promise<CommandOutcome<T>>) => {
    watch.seeSent();
    const outcome = await answer;
    watch.seeCommand({ ...sent, outcome: shown(outcome), hasNewOrder: false });
    return outcome;
  };
  const watchedOrder = async <T extends { order: { orderId: string } }>(
    sent: Sent,
    answer: Promise<CommandOutcome<T>>,
  ) => {
    watch.seeSent();
    const outcome = await answer;
    const hasNewOrder = outcome.kind === "accepted";
    const orderId = hasNewOrder ? ` ${outcome.value.order.orderId}` : "";
    watch.seeCommand({
      ...sent,
      outcome: `${shown(outcome)}${orderId}`,
      hasNewOrder,
    });
    return outcome;
  };
  const accountOrders = inner.accountOrders?.bind(inner);
  return {
    identity: () => inner.identity(),
    market: (marketId) => inner.market(marketId),
    orderBook: (marketId) => inner.orderBook(marketId),
    balance: () => inner.balance(),
    position: (marketId) => inner.position(marketId),
    openOrders: (marketId) => inner.openOrders(marketId),
    ...(accountOrders === undefined ? {} : { accountOrders }),
    order: (orderId) => inner.order(orderId),
    trades: (query) => inner.trades(query),
    place: (order, maySend) =>
      watchedOrder(
        { name: "place", request: orderLine(order), marketId: order.marketId },
        inner.place(order, maySend),
      ),
    replace: (orderId, order, maySend) =>
      watchedOrder(
        {
          name: "replace",
          request: `${orderId} ${orderLine(order)}`,
          marketId: order.marketId,
        },
        inner.replace(orderId, order, maySend),
      ),
    cancel: (orderId, marketId) =>
      watched(
        { name: "cancel", request: orderId, marketId: marketId ?? null },
        inner.cancel(orderId, marketId),
      ),
    batchCancel: (marketId, scope) =>
      watched(
        { name: "batch_cancel", request: `${marketId} ${scope}`, marketId },
        inner.batchCancel(marketId, scope),
      ),
    mint: (pairs, maySend) =>
      watched(
        { name: "mint", request: pairsLine(pairs), marketId: pairs.marketId },
        inner.mint(pairs, maySend),
      ),
    burn: (pairs, maySend) =>
      watched(
        { name: "burn", request: pairsLine(pairs), marketId: pairs.marketId },
        inner.burn(pairs, maySend),
      ),
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
