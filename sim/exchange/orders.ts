import type { PriceCents } from "../../src/models/money.ts";
import { isActiveStatus } from "../../src/models/vocabulary.ts";
import { History } from "./history.ts";
import type { Journal } from "./journal.ts";
import { type Order, orderView } from "./records.ts";
import type { ExchangeSettings } from "./settings.ts";
import type { BestPrices, OrderQuery, Page, VenueOrder } from "./types.ts";

/** What is known of one user's orders. */
interface UserOrders {
  readonly byClientOrderId: Map<string, Order>;
  /** Active orders by market. */
  readonly active: Map<string, Set<Order>>;
  readonly history: History<Order>;
}

/** All orders: by id, by client order id, active ones by user, and the lists of the users. */
export class Orders {
  readonly #journal: Journal;
  readonly #retained: number;
  readonly #byId = new Map<string, Order>();
  readonly #byUser = new Map<string, UserOrders>();

  constructor(journal: Journal, settings: ExchangeSettings) {
    this.#journal = journal;
    this.#retained = settings.retainedPerUser;
  }

  /** Stores a new order; it is active until {@link retire}. */
  add(order: Order): void {
    const own = this.#ordersOf(order.userId);
    this.#byId.set(order.orderId, order);
    own.byClientOrderId.set(order.clientOrderId, order);
    const active = activeIn(own, order.marketId);
    active.add(order);
    this.#journal.note(() => {
      this.#byId.delete(order.orderId);
      own.byClientOrderId.delete(order.clientOrderId);
      active.delete(order);
    });
    own.history.append(order);
  }

  /** Takes an order that is done out of the active ones. */
  retire(order: Order): void {
    const active = activeIn(this.#ordersOf(order.userId), order.marketId);
    const wasActive = active.delete(order);
    if (wasActive) this.#journal.note(() => active.add(order));
  }

  /** Makes an order that was done active again. */
  revive(order: Order): void {
    const active = activeIn(this.#ordersOf(order.userId), order.marketId);
    if (active.has(order)) return;
    active.add(order);
    this.#journal.note(() => active.delete(order));
  }

  /** An order by its id. */
  find(orderId: string): Order | undefined {
    return this.#byId.get(orderId);
  }

  /** A user's order by the id he gave it. */
  findByClientId(userId: string, clientOrderId: string): Order | undefined {
    return this.#ordersOf(userId).byClientOrderId.get(clientOrderId);
  }

  /** Active orders of a market, of one user or of all, oldest first. */
  active(marketId: string, userId?: string): Order[] {
    const owners = userId === undefined ? [...this.#byUser.values()] : [this.#ordersOf(userId)];
    return owners
      .flatMap(({ active }) => [...active.get(marketId) ?? []])
      .sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
  }

  /** A user's active orders of all markets, oldest first. */
  activeOf(userId: string): Order[] {
    return [...this.#ordersOf(userId).active.values()].flatMap((orders) => [...orders])
      .sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
  }

  /** Best YES prices of a user's active orders of a market, and how many there are. */
  bestPrices(marketId: string, userId: string): BestPrices {
    let [bid, ask, orders]: [PriceCents | null, PriceCents | null, number] = [null, null, 0];
    for (const order of this.#ordersOf(userId).active.get(marketId) ?? []) {
      orders++;
      if (order.side === "BID") bid = bid === null || order.yesPrice > bid ? order.yesPrice : bid;
      else ask = ask === null || order.yesPrice < ask ? order.yesPrice : ask;
    }
    return { bid, ask, orders };
  }

  /** Every order that is still known, by user. */
  *all(): Generator<Order> {
    for (const { history } of this.#byUser.values()) yield* history.items;
  }

  /** One page of a user's orders, newest first. */
  page(userId: string, query: OrderQuery): Page<VenueOrder> {
    const { marketId, statuses, contract, direction } = query;
    const found = this.#ordersOf(userId).history.page(
      query,
      (order) =>
        (marketId === undefined || order.marketId === marketId) &&
        (statuses === undefined || statuses.includes(order.status)) &&
        (contract === undefined || order.contract === contract) &&
        (direction === undefined || order.direction === direction),
    );
    return { items: found.items.map(orderView), nextCursor: found.nextCursor };
  }

  /** Forgets what is too old. */
  trim(userId: string): void {
    this.#ordersOf(userId).history.trim();
  }

  #ordersOf(userId: string): UserOrders {
    const known = this.#byUser.get(userId);
    if (known !== undefined) return known;
    const created = this.#newUserOrders();
    this.#byUser.set(userId, created);
    return created;
  }

  #newUserOrders(): UserOrders {
    const byClientOrderId = new Map<string, Order>();
    const history = new History<Order>(this.#journal, {
      retained: this.#retained,
      idOf: (order) => order.orderId,
      isBefore: (order, cursor) => order.orderId < cursor,
      pinned: (order) => isActiveStatus(order.status),
      forgotten: (order) => {
        this.#byId.delete(order.orderId);
        byClientOrderId.delete(order.clientOrderId);
      },
    });
    return { byClientOrderId, active: new Map(), history };
  }
}

/** A user's active orders of one market. */
function activeIn({ active }: UserOrders, marketId: string): Set<Order> {
  const known = active.get(marketId);
  if (known !== undefined) return known;
  const created = new Set<Order>();
  active.set(marketId, created);
  return created;
}
