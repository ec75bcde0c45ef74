import type { OrderStatus } from "../../src/models/vocabulary.ts";
import { History } from "./history.ts";
import { idOf, type VenueId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import type { OrderKind } from "./order_kinds.ts";
import type { OrderQuery, Page } from "./types.ts";

/** What has to be known of an order to list and to find it. */
export interface ListedOrder extends VenueId {
  /** The id that its owner gave it, null if he gave none. */
  readonly givenId: string | null;
  readonly marketId: string;
  readonly kind: Pick<OrderKind, "contract" | "direction">;
  readonly status: OrderStatus;
  readonly isActive: boolean;
}

/** All orders of one user, found by the venue's id and by his own, and in pages. */
export class OwnOrders<Order extends ListedOrder> {
  readonly #journal: Journal;
  /** Those that he gave an id; the venue's id serves for the others. */
  readonly #byGivenId = new Map<string, Order>();
  readonly #history: History<Order>;

  /** @param retained how many orders that are done are kept at least */
  constructor(journal: Journal, retained: number) {
    this.#journal = journal;
    this.#history = new History<Order>(journal, {
      retained,
      pinned: (order) => order.isActive,
      forgotten: ({ givenId }) => givenId !== null && this.#byGivenId.delete(givenId),
    });
  }

  /** Every order that is still known, oldest first. */
  get items(): readonly Order[] {
    return this.#history.items;
  }

  /** Stores a new order. */
  add(order: Order): void {
    this.#history.append(order);
    const { givenId } = order;
    if (givenId === null) return;
    this.#byGivenId.set(givenId, order);
    this.#journal.note(forget, this.#byGivenId, givenId);
  }

  /** An order by its id. */
  find(orderId: string): Order | undefined {
    const id = idOf(orderId);
    return id === null ? undefined : this.#history.find(id);
  }

  /** An order by the id its owner gave it, or the venue in his stead. */
  findByClientId(clientOrderId: string): Order | undefined {
    const order = this.find(clientOrderId);
    return order?.givenId === null ? order : this.#byGivenId.get(clientOrderId);
  }

  /** One page, newest first. */
  page(query: OrderQuery): Page<Order> {
    const { marketId, statuses, contract, direction } = query;
    return this.#history.page(
      query,
      (order) =>
        (marketId === undefined || order.marketId === marketId) &&
        (statuses === undefined || statuses.includes(order.status)) &&
        (contract === undefined || order.kind.contract === contract) &&
        (direction === undefined || order.kind.direction === direction),
    );
  }

  /** Forgets what is too old. */
  trim(): void {
    this.#history.trim();
  }
}

function forget(orders: Map<string, unknown>, givenId: string): void {
  orders.delete(givenId);
}
