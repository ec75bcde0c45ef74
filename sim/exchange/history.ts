import type { Journal } from "./journal.ts";
import { refusals } from "./refusal.ts";
import type { Page, PageQuery } from "./types.ts";

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

/** How a {@link History} treats its items. */
export interface HistoryRules<T> {
  /** How many items are kept at least. */
  readonly retained: number;
  /** Text that tells an item from all others; what a cursor is made of. */
  readonly idOf: (item: T) => string;
  /** True for an item that is older than the one a cursor names. */
  readonly isBefore: (item: T, cursor: string) => boolean;
  /** True for an item that must not be forgotten yet. */
  readonly pinned?: (item: T) => boolean;
  /** Told of each item that was forgotten. */
  readonly forgotten?: (item: T) => void;
}

/** A list that only grows at its end, is read from its end, and forgets its oldest items. */
export class History<T> {
  readonly #journal: Journal;
  readonly #rules: HistoryRules<T>;
  #items: T[] = [];

  constructor(journal: Journal, rules: HistoryRules<T>) {
    this.#journal = journal;
    this.#rules = rules;
  }

  /** Every item that is still known, oldest first. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Appends an item. */
  append(item: T): void {
    this.#items.push(item);
    this.#journal.note(() => this.#items.pop());
  }

  /**
   * One page, newest first.
   * @throws Refusal if the limit is not 1 to 100
   */
  page({ limit = DEFAULT_PAGE, cursor }: PageQuery, accepts: (item: T) => boolean): Page<T> {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      throw refusals.invalid(`limit must be 1 to ${MAX_PAGE}: ${limit}`);
    }
    const items: T[] = [];
    for (let index = this.#items.length - 1; index >= 0; index--) {
      const item = this.#items[index];
      if (item === undefined || !accepts(item)) continue;
      if (cursor !== undefined && !this.#rules.isBefore(item, cursor)) continue;
      if (items.length === limit) return { items, nextCursor: this.#cursorAfter(items) };
      items.push(item);
    }
    return { items, nextCursor: null };
  }

  /**
   * Forgets the oldest items once twice as many as needed have gathered. Not part of a request: it
   * cannot be undone.
   */
  trim(): void {
    const { retained, pinned, forgotten } = this.#rules;
    if (this.#items.length < 2 * retained) return;
    const recentFrom = this.#items.length - retained;
    this.#items = this.#items.filter((item, index) => {
      const isKept = index >= recentFrom || (pinned?.(item) ?? false);
      if (!isKept) forgotten?.(item);
      return isKept;
    });
  }

  #cursorAfter(items: readonly T[]): string | null {
    const last = items.at(-1);
    return last === undefined ? null : this.#rules.idOf(last);
  }
}
