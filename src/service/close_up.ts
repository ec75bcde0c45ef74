import type { MarketContext } from "../cycle/market_context.ts";
import { type OrderBook, withoutOwn } from "../models/book.ts";
import type { MarketStatus } from "../models/vocabulary.ts";

/** The settings in force that a position is measured against. */
export interface RiskLimits {
  /** Sizes of the effective skew at which the defence rises to a level, 0 to 1. */
  readonly skewWiden: number;
  readonly skewOneSide: number;
  readonly skewKill: number;
  /** Loss of the day or in total at which the market is killed. */
  readonly maxLossCents: number;
  /** Net shares that all resting orders of a side together may lead to. */
  readonly maxNetShares: number;
}

/** What is told of a market only to somebody who looks at this one. */
export interface MarketCloseUp {
  /** What the venue says the market is in; null before it was read. */
  readonly venueStatus: MarketStatus | null;
  /** Epoch milliseconds, null if nobody knows. */
  readonly tradingEndAtMs: number | null;
  /** The book of the others as of the last cycle, null if it could not be read. */
  readonly othersBook: OrderBook | null;
  readonly riskLimits: RiskLimits;
  /**
   * What the payout of a market that has ended brought beyond what its holdings were last valued
   * at, cents; 0 before.
   */
  readonly settlementCents: number;
}

/** A market seen from near; null for one that is not worked. */
export function closeUpOf(context: MarketContext | undefined): MarketCloseUp | null {
  if (context === undefined) return null;
  const { state, seen, config } = context;
  const book = seen?.book ?? null;
  return {
    venueStatus: state?.market.status ?? null,
    tradingEndAtMs: state?.market.tradingEndAtMs ?? null,
    othersBook: book === null ? null : withoutOwn(book, seen?.orders ?? []),
    riskLimits: {
      skewWiden: config.inventorySkewWiden,
      skewOneSide: config.inventorySkewOneSide,
      skewKill: config.inventorySkewKill,
      maxLossCents: config.maxPerMarketLossCents,
      maxNetShares: config.maxNetShares ?? config.initialMintQuantity,
    },
    settlementCents: settlementCents(context),
  };
}

/** All that is left after the payout is cash: the last valuation was off by the difference. */
function settlementCents({ state, lifecycle, explanation }: MarketContext): number {
  const isPaid = state?.market.status === "SETTLED" || state?.market.status === "VOIDED";
  if (!isPaid || lifecycle !== "STOPPED" || explanation === null) return 0;
  const { marketCashCents, initialFundingCents, netDepositsCents } = state.ledger;
  const finalCents = marketCashCents - initialFundingCents - netDepositsCents;
  return finalCents - explanation.inventory.pnlTotalCents;
}
