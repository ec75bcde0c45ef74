/** PRICE_JUMP (§10.2): how far the fair price moved inside `price_jump_window_ms`. */

import type { MarketConfig } from "../config/registry.ts";

/** Lowest and highest price of a stretch of time. */
interface Stretch {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Recent fair prices: the stretches that are complete, and the one that still grows, so that a
 * cycle changes one stretch and copies none.
 */
export interface PriceWindow {
  /** Oldest first; never more than {@link STRETCHES} + 1 entries. */
  readonly complete: readonly Stretch[];
  /** The newest stretch, null before the first price. */
  readonly growing: Stretch | null;
}

/** The window of a market that no cycle has priced. */
export const NO_PRICE_SEEN: PriceWindow = { complete: [], growing: null };

/** The window is kept in so many pieces; a price is forgotten up to one piece late, never early. */
const STRETCHES = 60;

/**
 * Adds the fair price of a cycle and forgets what is older than the window.
 * @param sample price in cents and time in milliseconds, not before that of the sample before
 */
export function observePrice(
  { complete, growing }: PriceWindow,
  { fairCents, atMs }: { readonly fairCents: number; readonly atMs: number },
  { priceJumpWindowMs }: Pick<MarketConfig, "priceJumpWindowMs">,
): PriceWindow {
  const isOld = ({ lastMs }: Stretch) => lastMs < atMs - priceJumpWindowMs;
  const begun: Stretch = { firstMs: atMs, lastMs: atMs, low: fairCents, high: fairCents };
  if (growing === null || isOld(growing)) return { complete: [], growing: begun };
  const recent = complete[0] !== undefined && isOld(complete[0])
    ? complete.filter((stretch) => !isOld(stretch))
    : complete;
  if (atMs - growing.firstMs >= priceJumpWindowMs / STRETCHES) {
    return { complete: [...recent, growing], growing: begun };
  }
  const { firstMs } = growing;
  const low = Math.min(growing.low, fairCents);
  const high = Math.max(growing.high, fairCents);
  return { complete: recent, growing: { firstMs, lastMs: atMs, low, high } };
}

/** True if the prices of the window lie more than `price_jump_cents` apart. */
export function hasJumped(
  { complete, growing }: PriceWindow,
  { priceJumpCents }: Pick<MarketConfig, "priceJumpCents">,
): boolean {
  if (growing === null) return false;
  let { low, high } = growing;
  for (const stretch of complete) {
    if (stretch.low < low) low = stretch.low;
    if (stretch.high > high) high = stretch.high;
  }
  return high - low > priceJumpCents;
}
