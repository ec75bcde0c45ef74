/** PRICE_JUMP (§10.2): how far the fair price moved inside `price_jump_window_ms`. */

import type { MarketConfig } from "../config/registry.ts";

/** Lowest and highest price of a stretch of time. */
interface Stretch {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly low: number;
  readonly high: number;
}

/** Stretches that are complete, with the extremes of all of them. */
interface Past {
  /** Oldest first; never more than {@link STRETCHES} + 1 entries. */
  readonly stretches: readonly Stretch[];
  readonly low: number;
  readonly high: number;
}

/**
 * Recent fair prices: the past, and the stretch that still grows, so that most cycles change one
 * stretch and copy none.
 */
export interface PriceWindow {
  readonly past: Past;
  /** The newest stretch, null before the first price. */
  readonly growing: Stretch | null;
}

const NO_PAST: Past = { stretches: [], low: Infinity, high: -Infinity };

/** The window of a market that no cycle has priced. */
export const NO_PRICE_SEEN: PriceWindow = { past: NO_PAST, growing: null };

/** The window is kept in so many pieces; a price is forgotten up to one piece late, never early. */
const STRETCHES = 60;

/**
 * Adds the fair price of a cycle and forgets what is older than the window.
 * @param sample price in cents and time in milliseconds, not before that of the sample before
 */
export function observePrice(
  { past, growing }: PriceWindow,
  { fairCents, atMs }: { readonly fairCents: number; readonly atMs: number },
  { priceJumpWindowMs }: Pick<MarketConfig, "priceJumpWindowMs">,
): PriceWindow {
  const oldestMs = atMs - priceJumpWindowMs;
  if (growing === null || growing.lastMs < oldestMs) {
    return { past: NO_PAST, growing: beginning(atMs, fairCents) };
  }
  const recent = since(oldestMs, past);
  const { firstMs } = growing;
  if (atMs - firstMs >= priceJumpWindowMs / STRETCHES) {
    return { past: extended(recent, growing), growing: beginning(atMs, fairCents) };
  }
  const low = Math.min(growing.low, fairCents);
  const high = Math.max(growing.high, fairCents);
  return { past: recent, growing: { firstMs, lastMs: atMs, low, high } };
}

function beginning(atMs: number, cents: number): Stretch {
  return { firstMs: atMs, lastMs: atMs, low: cents, high: cents };
}

function extended({ stretches, low, high }: Past, stretch: Stretch): Past {
  return {
    stretches: [...stretches, stretch],
    low: Math.min(low, stretch.low),
    high: Math.max(high, stretch.high),
  };
}

function since(oldestMs: number, past: Past): Past {
  let old = 0;
  for (const { lastMs } of past.stretches) {
    if (lastMs >= oldestMs) break;
    old++;
  }
  return old === 0 ? past : pastOf(past.stretches.slice(old));
}

function pastOf(stretches: readonly Stretch[]): Past {
  let { low, high } = NO_PAST;
  for (const stretch of stretches) {
    low = Math.min(low, stretch.low);
    high = Math.max(high, stretch.high);
  }
  return { stretches, low, high };
}

/** True if the prices of the window lie more than `price_jump_cents` apart. */
export function hasJumped(
  { past, growing }: PriceWindow,
  { priceJumpCents }: Pick<MarketConfig, "priceJumpCents">,
): boolean {
  if (growing === null) return false;
  const lowest = Math.min(past.low, growing.low);
  const highest = Math.max(past.high, growing.high);
  return highest - lowest > priceJumpCents;
}
