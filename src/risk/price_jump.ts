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
  const oldestMs = atMs - priceJumpWindowMs;
  if (growing === null || growing.lastMs < oldestMs) {
    return { complete: [], growing: beginning(atMs, fairCents) };
  }
  const recent = since(oldestMs, complete);
  const { firstMs } = growing;
  if (atMs - firstMs >= priceJumpWindowMs / STRETCHES) {
    return { complete: [...recent, growing], growing: beginning(atMs, fairCents) };
  }
  const low = Math.min(growing.low, fairCents);
  const high = Math.max(growing.high, fairCents);
  return { complete: recent, growing: { firstMs, lastMs: atMs, low, high } };
}

function beginning(atMs: number, cents: number): Stretch {
  return { firstMs: atMs, lastMs: atMs, low: cents, high: cents };
}

function since(oldestMs: number, stretches: readonly Stretch[]): readonly Stretch[] {
  let old = 0;
  for (const { lastMs } of stretches) {
    if (lastMs >= oldestMs) break;
    old++;
  }
  return old === 0 ? stretches : stretches.slice(old);
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
