import { refusals } from "./refusal.ts";
import type { Page, PageQuery } from "./types.ts";

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

/** A list as its pages see it. */
interface Listing<T> {
  /** One more than the index of the newest item to show. */
  readonly end: number;
  readonly itemAt: (index: number) => T | undefined;
  readonly accepts: (item: T) => boolean;
  /** Text that the next page can go on from. */
  readonly cursorOf: (item: T) => string;
}

/**
 * One page of a list, newest first.
 * @throws Refusal if the limit is not 1 to 100
 */
export function pageOf<T>(
  { limit = DEFAULT_PAGE }: PageQuery,
  { end, itemAt, accepts, cursorOf }: Listing<T>,
): Page<T> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw refusals.invalid(`limit must be 1 to ${MAX_PAGE}: ${limit}`);
  }
  const items: T[] = [];
  for (let index = end - 1; index >= 0; index--) {
    const item = itemAt(index);
    if (item === undefined || !accepts(item)) continue;
    const last = items.at(-1);
    if (items.length === limit && last !== undefined) return { items, nextCursor: cursorOf(last) };
    items.push(item);
  }
  return { items, nextCursor: null };
}

/**
 * How many items of a sorted list come before something. Looks near the end first: what is asked
 * for is mostly recent.
 */
export function countBefore(length: number, isBefore: (index: number) => boolean): number {
  let [low, high, step] = [length, length, 1];
  while (low > 0 && !isBefore(low - 1)) {
    high = low - 1;
    low = Math.max(0, low - step);
    step *= 2;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
