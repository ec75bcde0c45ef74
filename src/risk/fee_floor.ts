import type { MarketConfig } from "../config/registry.ts";
import { type Cents, feeCents, mirrorPrice, type PriceCents } from "../models/money.ts";

/** Where the round trip would be traded. */
export interface FeeFloorInput {
  /** Touch before the floor, YES prices. */
  readonly ask: PriceCents;
  readonly bid: PriceCents;
  /**
   * The market's maker fee in basis points, from the venue and never from the configuration (C-28).
   */
  readonly makerFeeBps: number;
}

/**
 * The full spread in cents that pays for the fees of one ASK and one BID fill and leaves
 * `min_edge_cents` (§12). A fee is charged on the price of the contract that is traded and rounded
 * up per fill, so it is spread over a fill of `expected_fill_qty` shares. Evaluated once: fees vary
 * slowly with the price.
 */
export function feeFloorCents(
  { ask, bid, makerFeeBps }: FeeFloorInput,
  { quoteFunding, expectedFillQty, minEdgeCents }: Pick<
    MarketConfig,
    "quoteFunding" | "expectedFillQty" | "minEdgeCents"
  >,
): number {
  const perShare = (contractPrice: PriceCents) =>
    feeCents((contractPrice * expectedFillQty) as Cents, makerFeeBps) / expectedFillQty;
  const [askFromStock, bidFromStock] = [perShare(ask), perShare(mirrorPrice(bid))];
  const [askFromCash, bidFromCash] = [perShare(mirrorPrice(ask)), perShare(bid)];
  switch (quoteFunding) {
    case "inventory":
      return askFromStock + bidFromStock + minEdgeCents;
    case "cash":
      return askFromCash + bidFromCash + minEdgeCents;
    case "inventory_then_cash":
      return Math.max(askFromStock, askFromCash) + Math.max(bidFromStock, bidFromCash) +
        minEdgeCents;
  }
}
