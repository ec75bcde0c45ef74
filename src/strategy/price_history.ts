/** A YES price at a time. */
export interface PriceSample {
  /** Cents, 1 to 99, may be fractional. */
  readonly priceCents: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

const NOWHERE: PriceSample = { priceCents: NaN, atMs: -Infinity };

/** What {@link rangeSince} found. */
export interface PriceRange {
  /** Samples inside the window. */
  readonly count: number;
  /** Highest minus lowest price, cents; 0 without samples. */
  readonly rangeCents: number;
}

/**
 * How far the price moved since a moment (§9, §10.2).
 * @param samples oldest first
 * @param sinceMs start of the window, included, epoch milliseconds
 */
export function rangeSince(samples: readonly PriceSample[], sinceMs: number): PriceRange {
  let count = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let index = samples.length - 1; index >= 0; index--) {
    const { priceCents, atMs } = samples[index] ?? NOWHERE;
    if (atMs < sinceMs) break;
    count++;
    low = Math.min(low, priceCents);
    high = Math.max(high, priceCents);
  }
  return { count, rangeCents: count === 0 ? 0 : high - low };
}
