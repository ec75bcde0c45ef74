import { cents } from "../../src/models/money.ts";
import { idText, type VenueId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import { countBefore, pageOf } from "./paging.ts";
import type { LedgerEntry, LedgerEntryType, LedgerQuery, Page } from "./types.ts";

/** What all ledgers of the exchange share. */
export interface LedgerOffice {
  readonly nowMs: () => number;
  /** The id of the next entry. */
  readonly nextEntry: () => number;
  /** How many lines are kept at least. */
  readonly retained: number;
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
  readonly #office: LedgerOffice;
  #numbers = new Float64Array(WIDTH * FIRST_CAPACITY);
  #length = 0;

  constructor(journal: Journal, office: LedgerOffice) {
    this.#journal = journal;
    this.#office = office;
  }

  /**
   * Lists cash that comes, or goes if it is negative.
   * @param availableCents what is available after it
   * @returns the id of the entry
   */
  listMovement(amountCents: number, availableCents: number): number {
    const at = this.#append(amountCents < 0 ? "WITHDRAW" : "DEPOSIT", amountCents);
    this.#numbers[at + 3] = availableCents;
    this.#numbers[at + 5] = NO_ORDER;
    return this.#numbers[at] ?? NaN;
  }

  /** Lists cash that an order gives back, or freezes if it is negative. */
  listUnfreeze({ high, low }: VenueId, amountCents: number): void {
    const at = this.#append(amountCents < 0 ? "ORDER_FREEZE" : "ORDER_UNFREEZE", amountCents);
    this.#numbers[at + 3] = 0;
    this.#numbers[at + 5] = high;
    this.#numbers[at + 6] = low;
  }

  #append(type: LedgerEntryType, amountCents: number): number {
    const at = WIDTH * this.#length;
    if (at === this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    numbers[at] = this.#office.nextEntry();
    numbers[at + 1] = TYPES.indexOf(type);
    numbers[at + 2] = amountCents;
    numbers[at + 4] = this.#office.nowMs();
    this.#length++;
    this.#journal.note(dropLast, this, null);
    return at;
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
    const { retained } = this.#office;
    if (this.#length < 2 * retained) return;
    this.#numbers.copyWithin(0, WIDTH * (this.#length - retained), WIDTH * this.#length);
    this.#length = retained;
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
