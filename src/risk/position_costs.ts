/**
 * Cost sums by the weighted average method, as the venue keeps them. For reports only: far from 50
 * cents the profit of one contract is arbitrary and only the total means something, so no risk rule
 * reads this (§11, C-42).
 */

import { held, type Position } from "../models/inventory.ts";
import {
  type Cents,
  cents,
  PAIR_CENTS,
  releasedCost,
  type Shares,
  shares,
} from "../models/money.ts";
import type { Fill } from "../models/order.ts";
import type { Contract } from "../models/vocabulary.ts";
import { applyFill } from "./holdings.ts";

/** A position after a trade, and the profit the trade realised against the average cost. */
export interface CostedPosition {
  readonly position: Position;
  /** Proceeds minus released cost minus fee, cents; for a BUY the fee alone. */
  readonly realisedCents: Cents;
  /** Shares sold that were not known to be held, as in {@link applyFill}. */
  readonly missingShares: Shares;
}

/** Books a fill with its cost: a BUY adds what it paid, a sale releases its share of the cost. */
export function bookFillCost(position: Position, fill: Fill): CostedPosition {
  const { holdings, missingShares } = applyFill(position, fill);
  const value = fill.contractPrice * fill.quantity;
  const known = shares(fill.quantity - missingShares);
  const costChange = fill.direction === "BUY" ? value : -releaseOf(position, fill.contract, known);
  const cashChange = fill.direction === "BUY" ? -value : value;
  return {
    position: { ...addCost(position, fill.contract, costChange), ...holdings },
    realisedCents: cents(cashChange + costChange - fill.feeCents),
    missingShares,
  };
}

/** Books a mint: each pair costs 50 cents per contract, wherever the price is. */
export function bookMintCost(position: Position, pairs: Shares): Position {
  const cost = (PAIR_CENTS / 2) * pairs;
  return {
    ...addCost(addCost(position, "YES", cost), "NO", cost),
    yes: shares(position.yes + pairs),
    no: shares(position.no + pairs),
  };
}

/**
 * Books a burn: both contracts release their share of the cost.
 * @throws RangeError if fewer than `pairs` pairs are held
 */
export function bookBurnCost(position: Position, pairs: Shares): Position {
  const yesReleased = addCost(position, "YES", -releaseOf(position, "YES", pairs));
  return {
    ...addCost(yesReleased, "NO", -releaseOf(position, "NO", pairs)),
    yes: shares(position.yes - pairs),
    no: shares(position.no - pairs),
  };
}

function costOf(position: Position, contract: Contract): Cents {
  return contract === "YES" ? position.yesCostCents : position.noCostCents;
}

function releaseOf(position: Position, contract: Contract, quantity: Shares): number {
  if (quantity === 0) return 0;
  return releasedCost(costOf(position, contract), held(position, contract), quantity);
}

function addCost(position: Position, contract: Contract, change: number): Position {
  const cost = cents(costOf(position, contract) + change);
  return contract === "YES"
    ? { ...position, yesCostCents: cost }
    : { ...position, noCostCents: cost };
}
