/** PRICE_JUMP (§10.2): how far the fair price moved inside `price_jump_window_ms`. */

import type { MarketConfig } from "../config/registry.ts";

/** Lowest and highest price of a stretch of time. */
interface Stretch {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly low: number;
  readonly high: number;
}

/** Recent fair prices, oldest stretch first; never more than {@link STRETCHES} + 2 entries. */
export type PriceWindow = readonly Stretch[];

/** The window is kept in so many pieces; a price is forgotten up to one piece late, never early. */
const STRETCHES = 60;

/**
 * Adds the fair price of a cycle and forgets what is older than the window.
 * @param sample price in cents and time in milliseconds, not before that of the sample before
 */
export function observePrice(
  window: PriceWindow,
  { fairCents, atMs }: { readonly fairCents: number; readonly atMs: number },
  { priceJumpWindowMs }: Pick<MarketConfig, "priceJumpWindowMs">,
): PriceWindow {
  const isOld = ({ lastMs }: Stretch) => lastMs < atMs - priceJumpWindowMs;
  const recent = window[0] !== undefined && isOld(window[0])
    ? window.filter((stretch) => !isOld(stretch))
    : window;
  const last = recent.at(-1);
  if (last === undefined || atMs - last.firstMs >= priceJumpWindowMs / STRETCHES) {
    return [...recent, { firstMs: atMs, lastMs: atMs, low: fairCents, high: fairCents }];
  }
  const extended: Stretch = {
    firstMs: last.firstMs,
    lastMs: atMs,
    low: Math.min(last.low, fairCents),
    high: Math.max(last.high, fairCents),
  };
  return recent.with(-1, extended);
}

/** True if the prices of the window lie more than `price_jump_cents` apart. */
export function hasJumped(
  window: PriceWindow,
  { priceJumpCents }: Pick<MarketConfig, "priceJumpCents">,
): boolean {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { low, high } of window) {
    lowest = Math.min(lowest, low);
    highest = Math.max(highest, high);
  }
  return highest - lowest > priceJumpCents;
}
