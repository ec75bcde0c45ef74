/**
 * The last line before I/O (§16.3). Every order passes through it; it rejects or reduces, and never
 * makes an order more aggressive.
 */

import type { MarketConfig } from "../config/registry.ts";
import { capBuys, type CashBudget } from "../execution/cash_capacity.ts";
import { cooldownHeadroom, restingQuantities } from "../execution/cooldown.ts";
import { isFundedBy } from "../execution/funding.ts";
import { nearFirst, orderKey } from "../execution/order_form.ts";
import type { Removal } from "../models/explanation.ts";
import { type Holdings, reducingSide } from "../models/inventory.ts";
import type { MarketRecord } from "../models/market.ts";
import { isPrice, type PriceCents, ROUNDING_SLACK, type Shares } from "../models/money.ts";
import type { OpenOrder, OrderIntent } from "../models/order.ts";
import { type BookSide, bookSideOf, otherSide, yesPriceOf } from "../models/vocabulary.ts";

/** Why an order was rejected or reduced, in the order of the checks of §16.3. */
export type SanitizerCode =
  | "DIRECTION"
  | "PRICE"
  | "QUANTITY"
  | "WITHDRAWN"
  | "COOLDOWN"
  | "MARKET_LIMIT"
  | "POSITION_LIMIT"
  | "GUARD"
  | "STOCK"
  | "CASH"
  | "SELF_CROSS"
  | "FEE_FLOOR";

/** An order that could only reach the sanitizer through a bug; an operator must know. */
export interface SanitizerAlert {
  readonly code: SanitizerCode;
  readonly detail: string;
}

/** What the sanitizer judges against. */
export interface SanitizerContext {
  /** All shares held that own orders may use, those that rest included. */
  readonly holdings: Holdings;
  /** Own resting orders. */
  readonly resting: readonly OpenOrder[];
  readonly budget: CashBudget;
  /** Most shares that each side may rest (§13). */
  readonly guardShares: Readonly<Record<BookSide, number>>;
  /**
   * Why a side may not be quoted: PAUSE, KILL_SWITCH, ONE_SIDE, EXTREME_PRICE, …; empty if it may.
   */
  readonly withdrawnBy: Readonly<Record<BookSide, readonly string[]>>;
  /** Sides that were filled less than `lvr_post_fill_delay_ms` ago. */
  readonly cooldownSides: readonly BookSide[];
  /** Least distance of the own best ask and bid, in cents (§12). */
  readonly feeFloorCents: number;
  /** YES price bounds. */
  readonly minPrice: PriceCents;
  readonly maxPrice: PriceCents;
  readonly market: Pick<
    MarketRecord,
    "maxOrderQuantity" | "maxOrderAmountCents" | "maxPositionPerUser"
  >;
}

/** Settings the sanitizer reads. */
export type SanitizerConfig = Pick<
  MarketConfig,
  "quoteFunding" | "minOrderQty" | "maxInventoryPerSide"
>;

/** Orders that may be sent. */
export interface SanitizedOrders {
  /** Asks, then bids, near levels first; contract, direction and price are unique. */
  readonly targets: readonly OrderIntent[];
  readonly removals: readonly Removal[];
  readonly alerts: readonly SanitizerAlert[];
}

/**
 * Checks, reduces and rejects orders in the order of §16.3. Equal orders are merged before the
 * limits (check 7 before check 4), so that two halves cannot pass a limit that the whole breaks. An
 * empty result means "cancel everything".
 */
export function sanitize(
  intents: readonly OrderIntent[],
  context: SanitizerContext,
  config: SanitizerConfig,
): SanitizedOrders {
  const review = new Review(context, config);
  const valid = eachOrder(intents, (intent) => review.isValid(intent) ? intent : null);
  const allowed = eachOrder(valid, (intent) => review.isAllowed(intent) ? intent : null);
  let orders: readonly OrderIntent[] = isInOrder(allowed)
    ? allowed
    : mergeEqual(allowed).sort(asksFirstNearFirst);
  orders = review.limitToCooldown(orders);
  orders = review.limitToMarket(orders);
  orders = review.limitToGuard(orders);
  orders = review.limitToStock(orders);
  orders = review.limitToCash(orders);
  orders = review.keepApart(orders, "SELF_CROSS", 1);
  orders = review.keepApart(orders, "FEE_FLOOR", context.feeFloorCents);
  return { targets: orders, removals: review.removals, alerts: review.alerts };
}

/** One run of the checks, with what it found. */
class Review {
  readonly removals: Removal[] = [];
  readonly alerts: SanitizerAlert[] = [];
  readonly #context: SanitizerContext;
  readonly #config: SanitizerConfig;

  constructor(context: SanitizerContext, config: SanitizerConfig) {
    this.#context = context;
    this.#config = config;
  }

  /** Checks 1 and 2: the order is well formed and of a kind that the funding mode has. */
  isValid(intent: OrderIntent): boolean {
    const { contract, direction, contractPrice, side, yesPrice, quantity } = intent;
    const mode = this.#config.quoteFunding;
    if (!isFundedBy(mode, direction) || bookSideOf(contract, direction) !== side) {
      return this.#reject(intent, "DIRECTION", `${direction} ${contract} as ${side} in ${mode}`);
    }
    const { minPrice, maxPrice } = this.#context;
    const paired = isPrice(contractPrice) && yesPriceOf(contract, contractPrice) === yesPrice;
    if (!paired || !(yesPrice >= minPrice && yesPrice <= maxPrice)) {
      const detail =
        `${contract} ${contractPrice} as YES ${yesPrice} in [${minPrice}, ${maxPrice}]`;
      return this.#reject(intent, "PRICE", detail);
    }
    const { minOrderQty } = this.#config;
    if (!Number.isSafeInteger(quantity) || quantity < minOrderQty) {
      return this.#reject(intent, "QUANTITY", `${quantity} shares, at least ${minOrderQty}`);
    }
    return true;
  }

  /** Check 3, the sides. */
  isAllowed(intent: OrderIntent): boolean {
    const reasons = this.#context.withdrawnBy[intent.side];
    if (reasons.length > 0) this.#remove(intent, intent.quantity, "WITHDRAWN", reasons.join(", "));
    return reasons.length === 0;
  }

  /** Check 3, the cooldown: nowhere more than rests there now, at a price or better. */
  limitToCooldown(intents: readonly OrderIntent[]): readonly OrderIntent[] {
    const { cooldownSides } = this.#context;
    if (cooldownSides.length === 0) return intents;
    const resting = restingQuantities(this.#context.resting);
    const planned: OrderIntent[] = [];
    return eachOrder(intents, (intent) => {
      const cools = cooldownSides.includes(intent.side);
      const room = cools ? cooldownHeadroom(intent, planned, resting) : Infinity;
      const order = this.#cut(intent, room, "COOLDOWN");
      if (order !== null) planned.push(order);
      return order;
    });
  }

  /** Check 4: size and value of an order, and the position that its fill could lead to. */
  limitToMarket(intents: readonly OrderIntent[]): readonly OrderIntent[] {
    const { market, holdings } = this.#context;
    const { maxOrderQuantity, maxOrderAmountCents } = market;
    const sized = eachOrder(intents, (intent) => {
      const affordable = Math.floor(maxOrderAmountCents / intent.contractPrice);
      return this.#cut(intent, Math.min(maxOrderQuantity, affordable), "MARKET_LIMIT");
    });
    const cap = Math.min(market.maxPositionPerUser, this.#config.maxInventoryPerSide);
    const [yes, no]: [Room, Room] = [{ left: cap - holdings.yes }, { left: cap - holdings.no }];
    return eachOrder(sized, (intent) => {
      if (intent.direction === "SELL") return intent;
      return this.#cutTo(intent.contract === "YES" ? yes : no, intent, "POSITION_LIMIT");
    });
  }

  /** Check 5a: what the inventory guard lets a side rest, near levels first. */
  limitToGuard(intents: readonly OrderIntent[]): readonly OrderIntent[] {
    const { guardShares } = this.#context;
    const [ask, bid]: [Room, Room] = [{ left: guardShares.ASK }, { left: guardShares.BID }];
    return eachOrder(intents, (intent) => {
      return this.#cutTo(intent.side === "ASK" ? ask : bid, intent, "GUARD");
    });
  }

  /** Check 5b: sales of a contract never exceed what is held of it, near levels first (L-16). */
  limitToStock(intents: readonly OrderIntent[]): readonly OrderIntent[] {
    const { holdings } = this.#context;
    const [yes, no]: [Room, Room] = [{ left: holdings.yes }, { left: holdings.no }];
    return eachOrder(intents, (intent) => {
      if (intent.direction === "BUY") return intent;
      return this.#cutTo(intent.contract === "YES" ? yes : no, intent, "STOCK");
    });
  }

  /** Check 5c: purchases never freeze more than there is (§16.2). */
  limitToCash(intents: readonly OrderIntent[]): readonly OrderIntent[] {
    const capped = capBuys(intents, this.#context.budget, this.#config.minOrderQty);
    this.removals.push(...capped.removals);
    return capped.intents;
  }

  /**
   * Checks 6 and 8: the best ask lies at least `distance` cents above the best bid. What is too
   * close is dropped from the top of one side: a new order rather than one that rests, else the
   * side whose fills would add to the net position.
   */
  keepApart(
    intents: readonly OrderIntent[],
    code: "SELF_CROSS" | "FEE_FLOOR",
    distance: number,
  ): readonly OrderIntent[] {
    let kept = intents;
    while (true) {
      const ask = kept.find((intent) => intent.side === "ASK");
      const bid = kept.find((intent) => intent.side === "BID");
      if (ask === undefined || bid === undefined) return kept;
      if (ask.yesPrice - bid.yesPrice >= distance - ROUNDING_SLACK) return kept;
      const dropped = this.#lessWelcome(ask, bid);
      kept = kept.filter((intent) => intent !== dropped);
      const detail = `ask ${ask.yesPrice}, bid ${bid.yesPrice}, least distance ${distance}`;
      this.#remove(dropped, dropped.quantity, code, detail);
    }
  }

  #lessWelcome(ask: OrderIntent, bid: OrderIntent): OrderIntent {
    const resting = new Set(this.#context.resting.map(orderKey));
    const askRests = resting.has(orderKey(ask));
    const bidRests = resting.has(orderKey(bid));
    if (askRests !== bidRests) return askRests ? bid : ask;
    const adding = otherSide(reducingSide(this.#context.holdings) ?? "ASK");
    return adding === "ASK" ? ask : bid;
  }

  /** Reduces an order to what the orders before it have left of a room. */
  #cutTo(room: Room, intent: OrderIntent, code: SanitizerCode): OrderIntent | null {
    const order = this.#cut(intent, room.left, code);
    if (order !== null) room.left -= order.quantity;
    return order;
  }

  /** Reduces an order to its room; drops it if that is less than the smallest order. */
  #cut(intent: OrderIntent, limit: number, code: SanitizerCode): OrderIntent | null {
    const room = Math.max(0, limit);
    const fitting = Math.min(intent.quantity, room);
    const kept = fitting >= this.#config.minOrderQty ? fitting : 0;
    if (kept === intent.quantity) return kept === 0 ? null : intent;
    this.#remove(intent, intent.quantity - kept, code, `room for ${room} shares`);
    return kept === 0 ? null : { ...intent, quantity: kept as Shares };
  }

  #remove(intent: OrderIntent, quantity: number, code: SanitizerCode, detail: string): void {
    this.removals.push({ side: intent.side, yesPrice: intent.yesPrice, quantity, code, detail });
  }

  #reject(intent: OrderIntent, code: SanitizerCode, detail: string): false {
    this.#remove(intent, intent.quantity, code, detail);
    this.alerts.push({ code, detail });
    return false;
  }
}

/** Shares that all orders of a contract or side together may have, used up one by one. */
interface Room {
  left: number;
}

/** The orders as a check leaves them, null for none; the list itself if it changes nothing. */
function eachOrder(
  intents: readonly OrderIntent[],
  check: (intent: OrderIntent) => OrderIntent | null,
): readonly OrderIntent[] {
  let checked: OrderIntent[] | null = null;
  let seen = 0;
  for (const intent of intents) {
    const order = check(intent);
    if (order !== intent) checked ??= intents.slice(0, seen);
    if (order !== null) checked?.push(order);
    seen++;
  }
  return checked ?? intents;
}

/** True if every order comes after the one before and is another, as funding makes them. */
function isInOrder(intents: readonly OrderIntent[]): boolean {
  for (let index = 1; index < intents.length; index++) {
    const [before, intent] = [intents[index - 1], intents[index]];
    if (before === undefined || intent === undefined) return false;
    if (asksFirstNearFirst(before, intent) >= 0) return false;
  }
  return true;
}

/** Check 7: one order for each contract, direction and price. */
function mergeEqual(intents: readonly OrderIntent[]): OrderIntent[] {
  const merged = new Map<number, OrderIntent>();
  for (const intent of intents) {
    const key = orderKey(intent);
    const known = merged.get(key);
    const quantity = (intent.quantity + (known?.quantity ?? 0)) as Shares;
    merged.set(key, known === undefined ? intent : { ...known, quantity });
  }
  return [...merged.values()];
}

function asksFirstNearFirst(a: OrderIntent, b: OrderIntent): number {
  if (a.side !== b.side) return a.side === "ASK" ? -1 : 1;
  return nearFirst(a, b);
}
