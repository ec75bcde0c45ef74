import { cents } from "../../src/models/money.ts";
import { idText, type VenueId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import { countBefore, pageOf } from "./paging.ts";
import type { LedgerEntry, LedgerEntryType, LedgerQuery, Page } from "./types.ts";

/** A change of cash for the ledger. */
export interface LedgerLine {
  readonly id: number;
  readonly type: LedgerEntryType;
  readonly amountCents: number;
  readonly balanceAfterCents: number;
  /** The order of a freeze or unfreeze, null otherwise. */
  readonly order: VenueId | null;
  readonly createdAtMs: number;
}

const TYPES: readonly LedgerEntryType[] = ["DEPOSIT", "WITHDRAW", "ORDER_FREEZE", "ORDER_UNFREEZE"];
/** Numbers of a line: id, type, amount, balance, time, and the halves of the order's id. */
const WIDTH = 7;
const FIRST_CAPACITY = 8;
/** Stands for the first half of an order's id where there is no order. */
const NO_ORDER = -1;

/**
 * The ledger of an account, for audit only. It is written much more than it is read: a line is a
 * few numbers in a row, and an entry is made of it when somebody asks.
 */
export class Ledger {
  readonly #journal: Journal;
  readonly #retained: number;
  #numbers = new Float64Array(WIDTH * FIRST_CAPACITY);
  #length = 0;

  /** @param retained how many lines are kept at least */
  constructor(journal: Journal, retained: number) {
    this.#journal = journal;
    this.#retained = retained;
  }

  /** Appends a line. */
  append({ id, type, amountCents, balanceAfterCents, order, createdAtMs }: LedgerLine): void {
    const at = WIDTH * this.#length;
    if (at === this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    numbers[at] = id;
    numbers[at + 1] = TYPES.indexOf(type);
    numbers[at + 2] = amountCents;
    numbers[at + 3] = balanceAfterCents;
    numbers[at + 4] = createdAtMs;
    numbers[at + 5] = order === null ? NO_ORDER : order.high;
    numbers[at + 6] = order === null ? NO_ORDER : order.low;
    this.#length++;
    this.#journal.note(dropLast, this, null);
  }

  /** Takes the last line back. */
  dropLast(): void {
    this.#length--;
  }

  /** Every entry that is still known, oldest first. */
  entries(): LedgerEntry[] {
    return Array.from({ length: this.#length }, (_, index) => this.#entryAt(index));
  }

  /**
   * One page, newest first.
   * @throws Refusal if the limit is not 1 to 100
   */
  page(query: LedgerQuery): Page<LedgerEntry> {
    const { type, cursor } = query;
    const end = cursor === undefined
      ? this.#length
      : countBefore(this.#length, (index) => this.#number(index, 0) < Number(cursor));
    return pageOf(query, {
      end,
      itemAt: (index) => this.#entryAt(index),
      accepts: (entry) => type === undefined || entry.type === type,
      cursorOf: ({ id }) => String(id),
    });
  }

  /**
   * Forgets the oldest lines once twice as many as needed have gathered. Not part of a request: it
   * cannot be undone.
   */
  trim(): void {
    if (this.#length < 2 * this.#retained) return;
    this.#numbers.copyWithin(0, WIDTH * (this.#length - this.#retained), WIDTH * this.#length);
    this.#length = this.#retained;
  }

  #entryAt(index: number): LedgerEntry {
    const [high, low] = [this.#number(index, 5), this.#number(index, 6)];
    return {
      id: this.#number(index, 0),
      type: TYPES[this.#number(index, 1)] ?? "DEPOSIT",
      amountCents: cents(this.#number(index, 2)),
      balanceAfterCents: cents(this.#number(index, 3)),
      orderId: high === NO_ORDER ? null : idText({ high, low }),
      createdAtMs: this.#number(index, 4),
    };
  }

  #number(index: number, column: number): number {
    return this.#numbers[WIDTH * index + column] ?? NaN;
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.#numbers.length);
    longer.set(this.#numbers);
    this.#numbers = longer;
  }
}

function dropLast(ledger: Ledger): void {
  ledger.dropLast();
}
