/** Keeps the last so many items, oldest first. */
export class Ring<T> {
  readonly #limit: number;
  /** May hold twice the limit, so that dropping the old ones is rare. */
  #items: T[] = [];

  /** @param limit at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds an item; the oldest one goes if there are too many. */
  push(item: T): void {
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#limit) this.#items = this.#items.slice(-this.#limit);
  }

  /** The items, oldest first. */
  list(): readonly T[] {
    return this.#items.slice(-this.#limit);
  }

  /** The newest item, null if there is none. */
  get last(): T | null {
    return this.#items.at(-1) ?? null;
  }
}
