/**
 * The records of the exchange's state as the engine itself sees them: the same fields, but they
 * change.
 */

import type { Cents, Shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import type { VenueAccount, VenueMarket, VenueOrder, VenuePosition } from "./types.ts";

/** A record whose fields may be set. */
export type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** A user with his cash. */
export type Account = Mutable<VenueAccount>;

/** An order in any state. */
export interface Order extends Mutable<VenueOrder> {
  /** Rate at which the freeze was computed, basis points. */
  readonly freezeBps: number;
}

/** Terms of a market and its escrow. */
export type MarketTerms = Mutable<VenueMarket>;

/** Shares of one contract. */
export interface Holding {
  volume: Shares;
  costCents: Cents;
  /** Shares that resting SELL orders hold; part of `volume`. */
  pendingSell: Shares;
}

/** Shares of both contracts. */
export type Holdings = Readonly<Record<Contract, Holding>>;

/** An order as it is now, for the outside. */
export function orderView({ freezeBps: _, ...order }: Order): VenueOrder {
  return order;
}

/** A position as it is now, for the outside. */
export function positionView(userId: string, marketId: string, held: Holdings): VenuePosition {
  return {
    userId,
    marketId,
    yes: held.YES.volume,
    yesCostCents: held.YES.costCents,
    yesPendingSell: held.YES.pendingSell,
    no: held.NO.volume,
    noCostCents: held.NO.costCents,
    noPendingSell: held.NO.pendingSell,
  };
}
