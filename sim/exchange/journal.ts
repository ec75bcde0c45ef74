/** Undoes one change of a subject; the detail is what else it has to know. */
type Undo<Subject, Detail> = (subject: Subject, detail: Detail) => void;

/** One change: a field of a record as it was before, or how to undo something larger. */
type Change =
  | readonly [record: object, field: PropertyKey, before: unknown]
  | readonly [undo: Undo<unknown, unknown>, subject: unknown, detail: unknown];

/** Three entries of the log are one {@link Change}. */
const STRIDE = 3;

/**
 * Makes a request all-or-nothing (§2): whoever changes state first notes here how to undo it. If
 * the request fails, the notes are played back, newest first.
 *
 * Most requests succeed, and should not pay for those that do not: notes are three entries in one
 * array that stays, no copies and no closures, and a request that has passed its last check
 * {@link seal}s the journal.
 */
export class Journal {
  readonly #log: unknown[] = [];
  #length = 0;
  #isSealed = false;

  /**
   * Remembers a field of a record as it is.
   * @param before what the field holds, about to be changed
   */
  keep<T extends object, Field extends keyof T>(record: T, field: Field, before: T[Field]): void {
    this.#write(record, field, before);
  }

  /**
   * Notes how to undo a change.
   * @param undo best a function that exists once, not one for each change
   */
  note<Subject, Detail>(undo: Undo<Subject, Detail>, subject: Subject, detail: Detail): void {
    this.#write(undo, subject, detail);
  }

  /** Remembers a whole record as it is, and gives it back to be changed. */
  edit<T extends object>(record: T): T {
    this.note(Object.assign, record, { ...record });
    return record;
  }

  /**
   * Says that the request that runs cannot be refused any more: nothing needs to be noted until it
   * ends. If it throws all the same, that is a fault of this program, and what it did stays.
   */
  seal(): void {
    this.#isSealed = true;
    this.#length = 0;
  }

  /**
   * Runs a request; if it throws, everything is as before. Requests do not nest.
   * @throws what the request throws
   */
  run<Terms extends unknown[], T>(request: (...terms: Terms) => T, ...terms: Terms): T {
    try {
      const answer = request(...terms);
      // Nothing to undo any more.
      this.#length = 0;
      return answer;
    } finally {
      this.#isSealed = false;
      this.#playBack();
    }
  }

  #playBack(): void {
    while (this.#length > 0) {
      this.#length -= STRIDE;
      const change = this.#log.slice(this.#length, this.#length + STRIDE) as unknown as Change;
      if (typeof change[0] === "function") change[0](change[1], change[2]);
      else Reflect.set(change[0], change[1] as PropertyKey, change[2]);
    }
  }

  #write(first: unknown, second: unknown, third: unknown): void {
    if (this.#isSealed) return;
    const log = this.#log;
    const at = this.#length;
    log[at] = first;
    log[at + 1] = second;
    log[at + 2] = third;
    this.#length = at + STRIDE;
  }
}
