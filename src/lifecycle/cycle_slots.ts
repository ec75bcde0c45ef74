/**
 * When the cycles of a market begin. With few requests a second, waking the process up costs more
 * than a request, so that a few markets share a moment: the interval is divided evenly into slots
 * for four markets each. A market that was woken between two slots, by a fill or an operator, waits
 * a little less each time until it is back in its own. It never waits longer than its interval.
 */

/** More at one moment would wait for each other; and fewer than that have no need of slots. */
const MARKETS_A_SLOT = 4;
/** With more than that the process hardly sleeps, and has no waking up to save. */
const MOST_MARKETS = 500;
/** The share of its interval by which a market may begin early; the answers take that long. */
const SLACK = 0.05;

/** What decides about the next cycle of a market. */
export interface CycleTiming {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** `quote_interval_ms`. */
  readonly intervalMs: number;
  /** See {@link slotOf}. */
  readonly slot: number;
}

/**
 * Where in the interval the slot of a market begins, 0 to 1; null if the markets need no slots.
 * @param index place of the market among all of the process, from 0
 */
export function slotOf(index: number, markets: number): number | null {
  if (markets <= MARKETS_A_SLOT || markets > MOST_MARKETS) return null;
  return Math.floor(index / MARKETS_A_SLOT) / Math.ceil(markets / MARKETS_A_SLOT);
}

/** The time until the slot of a market comes, at most the interval, ms. */
export function timeToSlotMs({ nowMs, intervalMs, slot }: CycleTiming): number {
  return Math.ceil(modulo(slotMs(slot, intervalMs) - nowMs, intervalMs));
}

/** The time from the end of a cycle to the next one, at most the interval, ms. */
export function pauseMs({ nowMs, intervalMs, slot }: CycleTiming): number {
  const sinceSlotMs = modulo(nowMs - slotMs(slot, intervalMs), intervalMs);
  // Rounded up: a market that came before its slot would be taken for one that has missed it.
  return Math.ceil(intervalMs - Math.min(sinceSlotMs, SLACK * intervalMs));
}

/** In whole milliseconds, so that all markets of a slot hit the same one. */
function slotMs(slot: number, intervalMs: number): number {
  return Math.round(slot * intervalMs);
}

/** The remainder, never negative. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
