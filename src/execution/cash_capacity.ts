/** How much cash BUY orders may freeze, and which of them get it (§16.2). */

import type { MarketConfig } from "../config/registry.ts";
import type { Removal } from "../models/explanation.ts";
import { type Holdings, reducingSide } from "../models/inventory.ts";
import type { MarketRecord } from "../models/market.ts";
import { affordableShares, ceilDiv, type Cents, cents, floorOut } from "../models/money.ts";
import type { OpenOrder, OrderIntent } from "../models/order.ts";
import { type BookSide, otherSide } from "../models/vocabulary.ts";
import { frozenByBuys, lockedBy, nearFirst } from "./order_form.ts";

/**
 * The fee buffer of the deployed venue, whatever the market's rates say, in basis points.
 */
export const VENUE_FREEZE_BPS = 20;

/**
 * The rate at which a BUY order freezes a fee buffer, in basis points: what is configured, else the
 * largest of the market's rates and the constant of the deployed venue (§16.2).
 */
export function freezeRateBps(
  config: Pick<MarketConfig, "freezeFeeBps">,
  market: Pick<MarketRecord, "makerFeeBps" | "takerFeeBps">,
): number {
  return config.freezeFeeBps ??
    Math.max(VENUE_FREEZE_BPS, market.makerFeeBps, market.takerFeeBps);
}

/** What {@link spendableCents} is computed from. */
export interface CashPosition {
  /** Ledger cash of the market. */
  readonly marketCashCents: Cents;
  /** Cash of the account that is not frozen. */
  readonly accountAvailableCents: Cents;
  /** What the venue keeps frozen without an order, share of this market. */
  readonly leakCents: Cents;
  /** Own resting orders of this market. */
  readonly resting: readonly OpenOrder[];
  readonly freezeBps: number;
}

/**
 * Cash that all BUY orders of the market together may freeze, what they freeze now included: the
 * target replaces the resting orders. Bounded by the market's ledger and by the account, never
 * negative (§16.2).
 */
export function spendableCents(
  cash: CashPosition,
  config: Pick<MarketConfig, "cashReserveCents">,
): Cents {
  const byLedger = cash.marketCashCents - config.cashReserveCents - cash.leakCents;
  const byAccount = cash.accountAvailableCents + frozenByBuys(cash.resting, cash.freezeBps);
  return cents(Math.max(0, Math.min(byLedger, byAccount)));
}

/** What {@link frozenLeakCents} is computed from. */
export interface FrozenBalance {
  /** Frozen cash of the account as the venue reports it. */
  readonly accountFrozenCents: Cents;
  /** Sum of `frozenAmount` of all active BUY orders of the account. */
  readonly activeBuysCents: Cents;
  /** Value of the BUY fills of this market. */
  readonly marketBuyValueCents: Cents;
  /** Value of the BUY fills of all markets. */
  readonly totalBuyValueCents: Cents;
}

/**
 * The share of one market in what the venue keeps frozen without an order, split by the
 * value of the BUY fills and rounded up; 0 on a sound venue (§16.2).
 */
export function frozenLeakCents(balance: FrozenBalance): Cents {
  const leak = Math.max(0, balance.accountFrozenCents - balance.activeBuysCents);
  if (leak === 0 || balance.totalBuyValueCents <= 0) return 0 as Cents;
  return cents(ceilDiv(leak * balance.marketBuyValueCents, balance.totalBuyValueCents));
}

/** Cash for BUY orders and the order in which they are served. */
export interface CashBudget {
  readonly spendableCents: Cents;
  /** Most cash that each side may freeze. */
  readonly sideCents: Readonly<Record<BookSide, Cents>>;
  /** Side that is served first. */
  readonly firstSide: BookSide;
  readonly freezeBps: number;
}

/** What {@link cashBudget} is computed from. */
export interface BudgetInput {
  readonly spendableCents: Cents;
  readonly freezeBps: number;
  readonly holdings: Holdings;
  /** The reducing side while the level is ONE_SIDE: it may use all the cash. Else null. */
  readonly unwindingSide: BookSide | null;
}

/**
 * Caps of both sides: `max_inventory_fraction` of the cash each, all of it for unwinding (§16.2).
 */
export function cashBudget(
  input: BudgetInput,
  config: Pick<MarketConfig, "maxInventoryFraction">,
): CashBudget {
  const part = cents(floorOut(config.maxInventoryFraction * input.spendableCents));
  const capOf = (side: BookSide) => (side === input.unwindingSide ? input.spendableCents : part);
  return {
    spendableCents: input.spendableCents,
    sideCents: { BID: capOf("BID"), ASK: capOf("ASK") },
    firstSide: reducingSide(input.holdings) ?? "ASK",
    freezeBps: input.freezeBps,
  };
}

/**
 * Cuts the BUY intents to the cash there is: near levels first, alternating sides, the reducing
 * side first (§16.2). SELL intents pass untouched: they need no cash (L-05).
 * @param minOrderQty an intent that would become smaller than this is removed
 */
export function capBuys(
  intents: readonly OrderIntent[],
  budget: CashBudget,
  minOrderQty: number,
): { readonly intents: readonly OrderIntent[]; readonly removals: readonly Removal[] } {
  if (!intents.some(({ direction }) => direction === "BUY")) return { intents, removals: NONE };
  let left: number = budget.spendableCents;
  const leftOf: Record<BookSide, number> = { ...budget.sideCents };
  const granted = new Map<OrderIntent, OrderIntent>();
  const removals: Removal[] = [];
  for (const intent of inServingOrder(intents, budget.firstSide)) {
    const room = Math.min(left, leftOf[intent.side]) as Cents;
    const affordable = affordableShares(intent.contractPrice, room, budget.freezeBps);
    const quantity = affordable < intent.quantity ? affordable : intent.quantity;
    const used = quantity >= minOrderQty && quantity > 0;
    if (used) {
      const cost = lockedBy(intent, quantity, budget.freezeBps);
      left -= cost;
      leftOf[intent.side] -= cost;
      granted.set(intent, { ...intent, quantity });
    }
    const cut = intent.quantity - (used ? quantity : 0);
    if (cut > 0) removals.push(cashRemoval(intent, cut, room));
  }
  return {
    intents: intents.flatMap((intent) =>
      intent.direction === "SELL" ? [intent] : granted.get(intent) ?? []
    ),
    removals,
  };
}

const NONE: readonly Removal[] = [];

function inServingOrder(intents: readonly OrderIntent[], first: BookSide): OrderIntent[] {
  const ladder = (side: BookSide) =>
    intents.filter((intent) => intent.direction === "BUY" && intent.side === side)
      .toSorted(nearFirst);
  const leading = ladder(first);
  const following = ladder(otherSide(first));
  const rounds = Math.max(leading.length, following.length);
  return Array.from({ length: rounds }, (_, level) => [leading[level], following[level]])
    .flat().filter((intent) => intent !== undefined);
}

function cashRemoval(intent: OrderIntent, quantity: number, room: Cents): Removal {
  return {
    side: intent.side,
    yesPrice: intent.yesPrice,
    quantity,
    code: "CASH",
    detail: `${room} c left for this order`,
  };
}
