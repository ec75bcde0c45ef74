import { byAge, idText, type VenueId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import { countBefore, pageOf } from "./paging.ts";
import type { Page, PageQuery } from "./types.ts";

/** How a {@link History} treats its items. */
export interface HistoryRules<T> {
  /** How many items are kept at least. */
  readonly retained: number;
  /** True for an item that must not be forgotten yet. */
  readonly pinned?: (item: T) => boolean;
  /** Told of each item that was forgotten. */
  readonly forgotten?: (item: T) => void;
}

/** A page without a cursor, and of what. */
interface NewestPage<T> {
  readonly item: T | undefined;
  readonly count: number;
  readonly limit: number | undefined;
  readonly page: Page<T>;
}

/**
 * Things with ids, each younger than the one before: a list that only grows at its end, is read
 * from its end, and forgets its oldest items. Because it is in order, it needs no map by id.
 */
export class History<T extends VenueId> {
  readonly #journal: Journal;
  readonly #rules: HistoryRules<T>;
  #items: T[] = [];
  #newest: NewestPage<T> | null = null;

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
    this.#journal.note(dropLast, this.#items, null);
  }

  /** The item with an id. */
  find(id: VenueId): T | undefined {
    const items = this.#items;
    const found = items[countBefore(items.length, (index) => isBefore(items[index], id))];
    return found !== undefined && byAge(found, id) === 0 ? found : undefined;
  }

  /**
   * One page, newest first. The newest page of all is the same object for as long as it shows the
   * same: it is asked for again and again.
   * @param accepts true for the items to show; everything if left out
   * @throws Refusal if the limit is not 1 to 100
   */
  page(query: PageQuery, accepts?: (item: T) => boolean): Page<T> {
    if (accepts !== undefined || query.cursor !== undefined) {
      return this.#read(query, accepts ?? everything);
    }
    const items = this.#items;
    const [item, count, { limit }] = [items.at(-1), items.length, query];
    const before = this.#newest;
    if (before?.item === item && before?.count === count && before.limit === limit) {
      return before.page;
    }
    const page = this.#read(query, everything);
    this.#newest = { item, count, limit, page };
    return page;
  }

  #read(query: PageQuery, accepts: (item: T) => boolean): Page<T> {
    const { cursor } = query;
    const items = this.#items;
    const end = cursor === undefined
      ? items.length
      : countBefore(items.length, (index) => textOf(items[index]) < cursor);
    return pageOf(query, { end, itemAt: (index) => items[index], accepts, cursorOf: idText });
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
}

function everything(): boolean {
  return true;
}

function dropLast(items: unknown[]): void {
  items.pop();
}

function isBefore(item: VenueId | undefined, id: VenueId): boolean {
  return item !== undefined && byAge(item, id) < 0;
}

function textOf(item: VenueId | undefined): string {
  return item === undefined ? "" : idText(item);
}
