/**
 * What stock and cash a plan may use, and whose confirmation that takes (§17 rule 3, §29 item 3).
 */

import type { Holdings } from "../models/inventory.ts";
import { affordableShares, type Cents, type Shares } from "../models/money.ts";
import type { OpenOrder, OrderIntent } from "../models/order.ts";
import { freeStock } from "../risk/stock_invariants.ts";
import { frozenByBuys, lockedBy, type Resource, resourceOf } from "./order_form.ts";

/** What there is to lock. */
export interface Capacity {
  /** All shares held. */
  readonly holdings: Holdings;
  /** Cash that BUY orders may freeze, what they freeze now included (§16.2). */
  readonly spendableCents: Cents;
  /** Rate of the fee buffer of BUY orders in basis points. */
  readonly freezeBps: number;
  /** Orders of the account that are not ours: they lock stock. */
  readonly foreign: readonly OpenOrder[];
}

/** What an order may use, and the orders that must be gone before it does. */
export interface Grant {
  readonly quantity: Shares;
  readonly waitsFor: readonly string[];
}

interface Released {
  amount: number;
  readonly by: string[];
}

/**
 * Account of stock and cash during a plan: what is free now, and what earlier steps release once
 * the venue has confirmed them.
 */
export class LockAccount {
  readonly #freezeBps: number;
  readonly #free: Record<Resource, number>;
  readonly #released: Readonly<Record<Resource, Released>> = {
    YES: { amount: 0, by: [] },
    NO: { amount: 0, by: [] },
    CASH: { amount: 0, by: [] },
  };

  /** @param resting own orders, with what they lock */
  constructor(resting: readonly OpenOrder[], capacity: Capacity) {
    const { holdings, foreign, spendableCents, freezeBps } = capacity;
    const orders = foreign.length === 0 ? resting : [...resting, ...foreign];
    this.#freezeBps = freezeBps;
    this.#free = {
      YES: Math.max(0, freeStock({ holdings, orders }, "YES")),
      NO: Math.max(0, freeStock({ holdings, orders }, "NO")),
      CASH: Math.max(0, spendableCents - frozenByBuys(resting, freezeBps)),
    };
  }

  /** Notes that an order is being cancelled. */
  release(order: OpenOrder): void {
    this.#add(order, this.#lockedBy(order, order.remaining));
  }

  /**
   * Takes what an order needs: first what the order whose place it takes gives up, then what is
   * free, then what earlier steps release; what the replaced order does not pass on is released.
   * @param minOrderQty the smallest order
   * @returns the quantity that fits, null if not even the smallest order does
   */
  grant(target: OrderIntent, replaced: OpenOrder | null, minOrderQty: number): Grant | null {
    const resource = resourceOf(target);
    const own = replaced === null ? 0 : this.#givenUpBy(replaced, target);
    const atOnce = own + this.#free[resource];
    const released = this.#released[resource];
    const quantity = this.#fitting(target, atOnce + released.amount);
    if (quantity < minOrderQty) return null;

    const need = this.#lockedBy(target, quantity);
    const waitsFor = need > atOnce ? [...released.by] : [];
    const fromOwn = Math.min(need, own);
    const fromFree = Math.min(need - fromOwn, this.#free[resource]);
    this.#free[resource] -= fromFree;
    released.amount -= need - fromOwn - fromFree;
    if (replaced !== null) {
      this.#add(replaced, this.#lockedBy(replaced, replaced.remaining) - fromOwn);
    }
    return { quantity, waitsFor };
  }

  #add(order: OpenOrder, amount: number): void {
    if (amount <= 0) return;
    const released = this.#released[resourceOf(order)];
    released.amount += amount;
    released.by.push(order.orderId);
  }

  #givenUpBy(replaced: OpenOrder, target: OrderIntent): number {
    const isSame = resourceOf(replaced) === resourceOf(target);
    return isSame ? this.#lockedBy(replaced, replaced.remaining) : 0;
  }

  #fitting(target: OrderIntent, available: number): Shares {
    const fitting = target.direction === "SELL"
      ? available
      : affordableShares(target.contractPrice, available as Cents, this.#freezeBps);
    return Math.min(target.quantity, fitting) as Shares;
  }

  #lockedBy(order: OpenOrder | OrderIntent, quantity: Shares): number {
    return lockedBy(order, quantity, this.#freezeBps);
  }
}
