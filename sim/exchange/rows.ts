import type { Journal } from "./journal.ts";

const FIRST_CAPACITY = 8;

/**
 * A list that only grows at its end and forgets its oldest items. An item is a row of numbers: it
 * is written much more often than it is read, and numbers in an array cost the collector nothing,
 * however many there are. What is shown is made of them when somebody asks.
 */
export class Rows {
  readonly #journal: Journal;
  readonly #width: number;
  readonly #retained: number;
  #numbers: Float64Array;
  #length = 0;

  /**
   * @param width how many numbers an item has
   * @param retained how many items are kept at least
   */
  constructor(journal: Journal, width: number, retained: number) {
    this.#journal = journal;
    this.#width = width;
    this.#retained = retained;
    this.#numbers = new Float64Array(width * FIRST_CAPACITY);
  }

  /** How many items are still known. */
  get length(): number {
    return this.#length;
  }

  /** All numbers; those of one item are in a row. Another array after some {@link append}. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  /**
   * Appends an item.
   * @returns where its numbers begin, to be written at once
   */
  append(): number {
    const at = this.#width * this.#length;
    if (at === this.#numbers.length) this.#grow();
    this.#length++;
    this.#journal.note(dropLast, this, null);
    return at;
  }

  /** Takes the last item back. */
  dropLast(): void {
    this.#length--;
  }

  /** One number of an item. */
  number(index: number, column: number): number {
    return this.#numbers[this.#width * index + column] ?? NaN;
  }

  /**
   * Forgets the oldest items once twice as many as needed have gathered. Not part of a request: it
   * cannot be undone.
   */
  trim(): void {
    if (this.#length < 2 * this.#retained) return;
    const from = this.#width * (this.#length - this.#retained);
    this.#numbers.copyWithin(0, from, this.#width * this.#length);
    this.#length = this.#retained;
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.#numbers.length);
    longer.set(this.#numbers);
    this.#numbers = longer;
  }
}

function dropLast(rows: Rows): void {
  rows.dropLast();
}
