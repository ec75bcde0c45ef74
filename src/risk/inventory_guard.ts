/**
 * The inventory guard (§13): how much of a side may rest, if all of it were filled before the next
 * cycle.
 */

import type { MarketConfig } from "../config/registry.ts";
import { type Holdings, skewFloor } from "../models/inventory.ts";
import type { MarketRecord } from "../models/market.ts";
import { floorOut, type Shares, shares } from "../models/money.ts";
import type { BookSide } from "../models/vocabulary.ts";

/** Holdings as a side sees them: an ASK gives YES away, a BID gives NO away. */
interface Seen {
  /** Shares of the contract that the side sells from stock. */
  readonly stock: number;
  /** Shares of the contract that the side buys with cash. */
  readonly other: number;
}

type SkewConfig = Pick<
  MarketConfig,
  "quoteFunding" | "guardTheta" | "skewFloorShares" | "initialMintQuantity"
>;
type GuardConfig =
  & SkewConfig
  & Pick<MarketConfig, "maxNetShares" | "maxRestingPerSide" | "maxInventoryPerSide">;

/** What the limit of a side depends on. */
export interface GuardInput {
  readonly side: BookSide;
  readonly holdings: Holdings;
  readonly market: Pick<MarketRecord, "maxPositionPerUser">;
}

/**
 * The most shares that may rest on a side: within the skew limit, `max_net_shares`,
 * `max_resting_per_side`, and for what cash would buy `max_inventory_per_side` and the market's
 * position limit. Limits of a single order are the sanitizer's (§16.3).
 */
export function maxRestingShares(
  { side, holdings, market }: GuardInput,
  config: GuardConfig,
): Shares {
  const { stock, other } = seenFrom(side, holdings);
  const maxNet = config.maxNetShares ?? config.initialMintQuantity;
  const maxHeld = Math.min(config.maxInventoryPerSide, market.maxPositionPerUser);
  const limit = Math.min(
    sharesWithinSkew(side, holdings, config),
    stock - other + maxNet,
    config.maxRestingPerSide ?? Infinity,
    fundable(stock, Math.max(0, maxHeld - other), config),
  );
  return shares(Math.max(0, limit));
}

/**
 * The most shares of a side whose complete fill leaves `q >= -theta` as that side sees it (§13).
 * Stock that is sold shrinks the total that q is measured against, shares that are bought enlarge
 * it.
 */
export function sharesWithinSkew(side: BookSide, holdings: Holdings, config: SkewConfig): Shares {
  const { stock, other } = seenFrom(side, holdings);
  const theta = config.guardTheta;
  const net = stock - other;
  const total = stock + other;
  const viaFloor = floorOut(net + theta * skewFloor(config));
  const sold = Math.max(floorOut((net + theta * total) / (1 + theta)), viaFloor);
  const bought = (base: number) => Math.max(floorOut((net + theta * base) / (1 - theta)), viaFloor);
  switch (config.quoteFunding) {
    case "inventory":
      return shares(Math.max(0, Math.min(stock, sold)));
    case "cash":
      return shares(Math.max(0, bought(total)));
    case "inventory_then_cash":
      return shares(Math.max(0, sold < stock ? sold : bought(total - 2 * stock)));
  }
}

function seenFrom(side: BookSide, { yes, no }: Holdings): Seen {
  return side === "ASK" ? { stock: yes, other: no } : { stock: no, other: yes };
}

/** Shares the funding mode can provide when at most `buyable` may be bought. */
function fundable(
  stock: number,
  buyable: number,
  { quoteFunding }: Pick<MarketConfig, "quoteFunding">,
): number {
  switch (quoteFunding) {
    case "inventory":
      return stock;
    case "cash":
      return buyable;
    case "inventory_then_cash":
      return stock + buyable;
  }
}
