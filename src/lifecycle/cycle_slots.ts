/**
 * When markets begin their cycles. With few requests a second, waking the process up costs more
 * than a request, so that a few markets share a moment: each interval has slots for so many markets
 * at a time, spread evenly, and every market has its own. A market that was woken between them, by
 * a fill or an operator, comes back step by step: it waits a little less until it is in its slot.
 * It never waits longer than its interval.
 */

/** More at one moment would wait for each other. */
const MARKETS_A_SLOT = 4;
/** The share of its interval by which a market may begin early; the answers take that long. */
const SLACK = 0.05;

/** What decides about the next cycle of a market. */
export interface CycleTiming {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** `quote_interval_ms`. */
  readonly intervalMs: number;
  /** Where in the interval the slot lies, 0 to 1; see {@link slotOf}. */
  readonly slot: number | null;
}

/**
 * The slot of a market as a share of the interval, 0 to 1; null for a market that is alone.
 * @param index place of the market among all of the process, from 0
 */
export function slotOf(index: number, markets: number): number | null {
  if (markets < 2) return null;
  return Math.floor(index / MARKETS_A_SLOT) / Math.ceil(markets / MARKETS_A_SLOT);
}

/** The time until the first cycle of a market, less than an interval, ms. */
export function startDelayMs({ nowMs, intervalMs, slot }: CycleTiming): number {
  return slot === null ? 0 : Math.ceil(modulo(slotMs(slot, intervalMs) - nowMs, intervalMs));
}

/** The time from the end of a cycle to the next one, at most the interval, ms. */
export function pauseMs({ nowMs, intervalMs, slot }: CycleTiming): number {
  if (slot === null) return intervalMs;
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
