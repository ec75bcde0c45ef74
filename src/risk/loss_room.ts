/**
 * The loss that is still allowed at settlement (§30, O-1): a budget that follows the own mark does
 * not bound what is lost if the mark is wrong; the outcome does.
 *
 * With B = `max_per_market_loss_cents`, r = `ladder_loss_ratio` and the result of a market as cash
 * plus the winning shares at 100 less all that was put in, at every moment and for both outcomes
 *
 *     result >= -(B + fees + S)
 *
 * fees = all that the venue has charged, which no quote knows beforehand; S = what rests on a side
 * from an earlier cycle while the next ladder is placed, filled and lost. S <= r x B, and 0 unless
 * r > 1/2, as two ladders in a row take at most 2r of the room that was there. This holds because a
 * ladder takes at most the room, a fill takes from the room just what it loses, and a fill of the
 * other side only adds to it.
 */

import type { MarketConfig } from "../config/registry.ts";
import type { LadderTerms } from "../models/explanation.ts";
import type { Holdings } from "../models/inventory.ts";
import { floorOut, mirrorPrice, PAIR_CENTS, shares } from "../models/money.ts";
import type { BookQuote } from "../models/order.ts";
import type { BookSide } from "../models/vocabulary.ts";
import type { Ledger } from "./ledger.ts";

/**
 * What a side may lose in addition, cents: the budget of the market and what it would have earned
 * so far if the outcome came against that side. An ASK loses if YES wins, a BID if NO does.
 */
export function lossRoomCents(
  side: BookSide,
  { ledger, holdings }: { readonly ledger: Ledger; readonly holdings: Holdings },
  { maxPerMarketLossCents }: Pick<MarketConfig, "maxPerMarketLossCents">,
): number {
  const { marketCashCents, initialFundingCents, netDepositsCents } = ledger;
  const winning = side === "ASK" ? holdings.yes : holdings.no;
  const result = marketCashCents + PAIR_CENTS * winning - initialFundingCents - netDepositsCents;
  return Math.max(0, maxPerMarketLossCents + result);
}

/** What a quote loses if it is filled and the outcome comes against it, cents. */
export function lossAtSettlementCents({ side, price, quantity }: BookQuote): number {
  return quantity * (side === "ASK" ? mirrorPrice(price) : price);
}

/**
 * Makes a ladder so small that all of it, filled and lost, takes at most a part of the room, which
 * the quantity multipliers make smaller as they do the ladder (end of market, news): each level in
 * proportion, so that its shape and what a sweep teaches stay. What is left of the room shrinks
 * with every fill but never to nothing, as with a market scoring rule, so that the side can still
 * be quoted; the nearest level keeps the smallest order while that is half of the room.
 * @param quotes one side, nearest first
 * @param roomCents from {@link lossRoomCents}
 */
export function withinLossRoom(
  quotes: readonly BookQuote[],
  roomCents: number,
  { lossRatio, minOrderQty }: Pick<LadderTerms, "lossRatio" | "minOrderQty">,
): readonly BookQuote[] {
  let atStake = 0;
  for (const quote of quotes) atStake += lossAtSettlementCents(quote);
  const allowed = lossRatio * roomCents;
  if (atStake <= allowed) return quotes;
  const scale = allowed / atStake;
  const scaled = quotes
    .map((quote) => ({ ...quote, quantity: shares(floorOut(quote.quantity * scale)) }))
    .filter(({ quantity }) => quantity >= minOrderQty);
  if (scaled.length > 0) return scaled;
  const [nearest] = quotes;
  if (nearest === undefined) return [];
  const least = { ...nearest, quantity: shares(Math.min(minOrderQty, nearest.quantity)) };
  return lossAtSettlementCents(least) <= roomCents / 2 ? [least] : [];
}
