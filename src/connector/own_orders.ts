import { orderKey } from "../execution/order_form.ts";
import type { RestingOrder } from "../execution/planned_action.ts";
import { type Cents, cents, type Shares } from "../models/money.ts";
import type { Fill, OpenOrder } from "../models/order.ts";
import { type Contract, type Direction, isActiveStatus } from "../models/vocabulary.ts";
import type { Clock } from "../runtime/clock.ts";

/** Shares of one form that own orders show as filled. */
export interface FilledShares {
  readonly contract: Contract;
  readonly direction: Direction;
  readonly quantity: Shares;
}

/** What the venue's list says against what was expected. */
export interface OrderChanges {
  /** Fills that the orders show and no trade has explained yet. */
  readonly filledShares: readonly FilledShares[];
  /** Orders that are gone without having been asked to: filled, or ended by somebody else. */
  readonly vanished: readonly OpenOrder[];
  /** Own orders that were not known: late arrivals, or left by a process before this one. */
  readonly adopted: readonly OpenOrder[];
}

/** What a list says that shows what was known. */
export const NO_CHANGES: OrderChanges = { filledShares: [], vanished: [], adopted: [] };

/** An order and the shares it shows as filled that the trade feed has not delivered yet. */
interface Shown {
  order: OpenOrder;
  /** Filled on arrival, at its own price or a better one. */
  taken: number;
  /** Filled while it rested, at its own price. */
  made: number;
  /** Monotonic time: of its creation while it rests, of its end afterwards. */
  readonly sinceMs: number;
}

interface Entry extends Shown {
  /** A cancel or replace was sent and its answer lost: it may end at our own request. */
  leaving: boolean;
}

/** Cash that orders freeze at the venue. */
export interface FrozenCash {
  readonly frozenCents: Cents;
  /** Another number after every change of the orders. */
  readonly revision: number;
}

/** Sum of what active BUY orders freeze, as the venue lists it. */
export function frozenIn(orders: readonly OpenOrder[]): Cents {
  return cents(orders.reduce((sum, order) => sum + frozenBy(order), 0));
}

function frozenBy(order: OpenOrder): number {
  return order.direction === "BUY" ? order.frozenAmount : 0;
}

/** How long the fills of an order that is gone may take to be delivered. */
const MAX_DELIVERY_MS = 60_000;
/** How long a list may go on showing an order that the venue has said is gone. */
const MAX_STALE_MS = 60_000;

/**
 * The own orders of one market as last confirmed, corrected by what has happened since: answers to
 * commands and fills from the trade feed. The venue's list replaces it whole. Holds no I/O.
 *
 * Fills are seen twice, in the orders and in the trade feed, in either order. What an order shows
 * first is remembered as undelivered, so that the trade does not reduce it, or its neighbour at the
 * same price, a second time.
 */
export class OwnOrders {
  readonly #clock: Clock;
  #resting = new Map<string, Entry>();
  /** What {@link list} has said, until time moves on or an order changes. */
  #listed: { readonly atMs: number; readonly orders: readonly RestingOrder[] } | null = null;
  #departed: Shown[] = [];
  /** When the venue has confirmed the end of an order. */
  readonly #ended = new Map<string, number>();
  #revision = 0;
  /** True if a fill has changed what an order freezes, and the venue has not shown it since. */
  #isFreezeStale = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** All orders that may rest, oldest first. */
  list(): readonly RestingOrder[] {
    const nowMs = this.#clock.monotonicMs();
    if (this.#listed?.atMs === nowMs) return this.#listed.orders;
    const orders = [...this.#resting.values()].sort(oldestFirst)
      .map(({ order, sinceMs }) => agedOrder(order, nowMs - sinceMs));
    this.#listed = { atMs: nowMs, orders };
    return orders;
  }

  /** One order, undefined if it is not known to rest. */
  get(orderId: string): OpenOrder | undefined {
    return this.#resting.get(orderId)?.order;
  }

  /**
   * What the BUY orders freeze, as the venue says; null while one may be on its way out, or has
   * been filled since the venue last listed it.
   */
  frozen(): FrozenCash | null {
    if (this.#isFreezeStale) return null;
    let sum = 0;
    for (const { order, leaving } of this.#resting.values()) {
      if (leaving) return null;
      sum += frozenBy(order);
    }
    return { frozenCents: cents(sum), revision: this.#revision };
  }

  /** Takes over the answer to a placement: the order rests, or was filled or ended on arrival. */
  add(order: OpenOrder): void {
    this.#revision++;
    this.#listed = null;
    const sinceMs = this.#clock.monotonicMs();
    const shown = { order, taken: order.filled, made: 0, sinceMs };
    if (isActiveStatus(order.status)) {
      this.#resting.set(order.orderId, { ...shown, leaving: false });
    } else this.#depart(shown, 0);
  }

  /**
   * Removes an order that the venue has confirmed to be gone.
   * @param filledBefore shares of it that turned out to have been filled meanwhile
   */
  remove(orderId: string, filledBefore = 0): void {
    const entry = this.#resting.get(orderId);
    if (entry === undefined) return;
    this.#revision++;
    this.#listed = null;
    this.#resting.delete(orderId);
    this.#noteEnd(orderId);
    this.#depart(entry, filledBefore);
  }

  /**
   * True for an order that the venue lists although it has confirmed its end lately: the list is
   * old, or the venue has brought the order back to life.
   */
  isInDoubt(orderId: string): boolean {
    return this.#clock.monotonicMs() - (this.#ended.get(orderId) ?? -Infinity) < MAX_STALE_MS;
  }

  /** Notes that an order may end at our own request. */
  markLeaving(orderId: string): void {
    const entry = this.#resting.get(orderId);
    if (entry !== undefined) entry.leaving = true;
  }

  /** Replaces everything by the venue's list, and says what that changed. */
  reconcile(listed: readonly OpenOrder[]): OrderChanges {
    this.#isFreezeStale = false;
    if (this.#isAsListed(listed)) return NO_CHANGES;
    const before = this.#resting;
    this.#listed = null;
    const filled = new Map<string, FilledShares>();
    this.#resting = new Map(listed.map((order) => {
      const known = before.get(order.orderId);
      const growth = known === undefined ? 0 : known.order.remaining - order.remaining;
      countFill(filled, order, growth);
      return [order.orderId, this.#listedEntry(order, known, Math.max(0, growth))];
    }));
    this.#revision += Number(!showSame(before, this.#resting));
    const missing = [...before.values()].filter(({ order }) => !this.#resting.has(order.orderId));
    const vanished = missing.filter(({ leaving }) => !leaving);
    for (const entry of vanished) {
      countFill(filled, entry.order, entry.order.remaining);
      this.#depart(entry, entry.order.remaining);
    }
    return {
      filledShares: [...filled.values()],
      vanished: vanished.map(({ order }) => order),
      adopted: listed.filter((order) => !before.has(order.orderId)),
    };
  }

  /**
   * Reduces the orders that a fill belongs to, oldest first (L-15). The trade feed names no order,
   * so contract, direction and price decide; what orders already show is not taken twice. A better
   * price than an order's own can only be what it took on arrival.
   */
  applyFill(fill: Fill): void {
    let left: number = fill.quantity;
    const resting = [...this.#resting.values()].toSorted(oldestFirst);
    const shown = [...this.#departed, ...resting];
    const key = orderKey(fill);
    const deliver = (each: Shown, filled: "made" | "taken") => {
      const delivered = Math.min(left, each[filled]);
      each[filled] -= delivered;
      left -= delivered;
    };
    for (const each of shown) if (orderKey(each.order) === key) deliver(each, "made");
    for (const each of shown) if (mayHaveTaken(each.order, fill)) deliver(each, "taken");
    for (const entry of resting) {
      if (orderKey(entry.order) !== key) continue;
      const reduced = Math.min(left, entry.order.remaining);
      left -= reduced;
      this.#reduce(entry, reduced);
    }
  }

  /** True if a list shows what is known, in the same order, which is what it mostly does. */
  #isAsListed(listed: readonly OpenOrder[]): boolean {
    if (listed.length !== this.#resting.size) return false;
    let index = 0;
    for (const { order: known } of this.#resting.values()) {
      const order = listed[index++];
      const isSame = order?.orderId === known.orderId && order.remaining === known.remaining &&
        order.frozenAmount === known.frozenAmount && order.status === known.status;
      if (!isSame) return false;
    }
    return true;
  }

  #listedEntry(order: OpenOrder, known: Entry | undefined, growth: number): Entry {
    const ageMs = Math.max(0, this.#clock.nowMs() - order.createdAtMs);
    return {
      order,
      taken: known?.taken ?? 0,
      made: (known?.made ?? 0) + growth,
      sinceMs: known?.sinceMs ?? this.#clock.monotonicMs() - ageMs,
      leaving: known?.leaving ?? false,
    };
  }

  #noteEnd(orderId: string): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, endedAtMs] of this.#ended) {
      if (nowMs - endedAtMs < MAX_STALE_MS) break;
      this.#ended.delete(id);
    }
    this.#ended.set(orderId, nowMs);
  }

  #depart({ order, taken, made }: Shown, filledBefore: number): void {
    const sinceMs = this.#clock.monotonicMs();
    this.#departed = this.#departed
      .filter((gone) => gone.taken + gone.made > 0 && sinceMs - gone.sinceMs < MAX_DELIVERY_MS);
    this.#departed.push({ order, taken, made: made + filledBefore, sinceMs });
  }

  #reduce(entry: Entry, quantity: number): void {
    const { order } = entry;
    if (quantity === 0) return;
    this.#isFreezeStale = true;
    this.#revision++;
    this.#listed = null;
    if (quantity === order.remaining) {
      this.#resting.delete(order.orderId);
      return;
    }
    const remaining = (order.remaining - quantity) as Shares;
    const filled = (order.filled + quantity) as Shares;
    entry.order = { ...order, remaining, filled, status: "PARTIALLY_FILLED" };
  }
}

/**
 * An order with its age. Field by field: every cycle asks several times, and a spread takes several
 * times as long.
 */
function agedOrder(order: OpenOrder, ageMs: number): RestingOrder {
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    marketId: order.marketId,
    contract: order.contract,
    direction: order.direction,
    contractPrice: order.contractPrice,
    side: order.side,
    yesPrice: order.yesPrice,
    quantity: order.quantity,
    filled: order.filled,
    remaining: order.remaining,
    status: order.status,
    frozenAmount: order.frozenAmount,
    frozenAsset: order.frozenAsset,
    createdAtMs: order.createdAtMs,
    ageMs,
  };
}

function showSame(a: ReadonlyMap<string, Entry>, b: ReadonlyMap<string, Entry>): boolean {
  return a.size === b.size &&
    [...b].every(([id, { order }]) => a.get(id)?.order.remaining === order.remaining);
}

function oldestFirst(a: Shown, b: Shown): number {
  return a.sinceMs - b.sinceMs;
}

/** An order that takes on arrival does so at its own price or at a better one. */
function mayHaveTaken(order: OpenOrder, fill: Fill): boolean {
  if (order.contract !== fill.contract || order.direction !== fill.direction) return false;
  return order.direction === "BUY"
    ? order.contractPrice >= fill.contractPrice
    : order.contractPrice <= fill.contractPrice;
}

function countFill(
  filled: Map<string, FilledShares>,
  { contract, direction }: OpenOrder,
  shares: number,
): void {
  if (shares <= 0) return;
  const form = `${contract} ${direction}`;
  const quantity = ((filled.get(form)?.quantity ?? 0) + shares) as Shares;
  filled.set(form, { contract, direction, quantity });
}
