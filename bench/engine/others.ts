import { OrderBook as HftBook, Side as HftSide } from "hft-limit-order-book";
import { OrderBook as NodeBook, Side as NodeSide } from "nodejs-order-book";
import { attempt, FakeExchange } from "../../sim/exchange/mod.ts";
import type { Message } from "./streams.ts";

/** Shares at each price that has some: bids, then asks, by rising price. */
export type Depth = readonly (readonly [price: number, quantity: number])[];

const MARKET = "BENCH";
const [BUYER, SELLER] = ["BUYER", "SELLER"];

/** Names of orders, made beforehand: both packages want text. */
export type Names = readonly string[];

/** Feeds a stream to `nodejs-order-book`. */
export function feedNodeBook(messages: readonly Message[], names: Names): Depth {
  const book = new NodeBook();
  messages.forEach((message, number) => {
    if (message.kind === "cancel") return book.cancel(names[message.placedBy] ?? "");
    const { isBid, price, quantity } = message;
    const side = isBid ? NodeSide.BUY : NodeSide.SELL;
    return book.limit({ side, id: names[number] ?? "", size: quantity, price });
  });
  return depthOf(book.depth());
}

/** Feeds a stream to `hft-limit-order-book`. */
export function feedHftBook(messages: readonly Message[], names: Names): Depth {
  const book = new HftBook();
  messages.forEach((message, number) => {
    if (message.kind === "cancel") return book.cancel(names[message.placedBy] ?? "");
    const { isBid, price, quantity } = message;
    const side = isBid ? HftSide.BUY : HftSide.SELL;
    return book.limit({ side, id: names[number] ?? "", size: quantity, price });
  });
  return depthOf(book.depth());
}

/** Feeds a stream to the whole exchange: checks, freezes, clearing, ledger, lists. */
export function feedExchange(messages: readonly Message[]): Depth {
  const exchange = new FakeExchange({ clock: { nowMs: () => 1_800_000_000_000 } });
  exchange.control.createMarket({ marketId: MARKET });
  for (const userId of [BUYER, SELLER]) {
    exchange.control.createUser({ userId, role: "AMM", cashCents: 1_000_000_000_000 });
    exchange.control.seedPairs(userId, MARKET, 50_000_000);
  }
  const orderIds: string[] = [];
  messages.forEach((message) => {
    if (message.kind === "cancel") {
      const orderId = orderIds[message.placedBy] ?? "";
      attempt(() => exchange.cancelOrder(ownerOf(messages[message.placedBy]), orderId));
      orderIds.push("");
      return;
    }
    const { order: { orderId } } = exchange.placeOrder(ownerOf(message), {
      marketId: MARKET,
      contract: "YES",
      direction: message.isBid ? "BUY" : "SELL",
      contractPrice: message.price,
      quantity: message.quantity,
    });
    orderIds.push(orderId);
  });
  const { bids, asks } = exchange.orderBook(MARKET);
  const pairs = (levels: typeof bids) =>
    levels.map(({ price, quantity }): [number, number] => [price, quantity]);
  return depthOf([pairs(asks), pairs(bids)]);
}

function ownerOf(message: Message | undefined): string {
  return message?.kind === "place" && message.isBid ? BUYER : SELLER;
}

function depthOf([asks, bids]: [[number, number][], [number, number][]]): Depth {
  const rising = (levels: [number, number][]) => levels.toSorted(([a], [b]) => a - b);
  return [...rising(bids), ...rising(asks)];
}
