/**
 * Makes a request all-or-nothing (§2): whoever changes state first notes here how to undo it. If
 * the request fails, the notes are played back, newest first.
 */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** Notes how to undo a change that is about to happen. */
  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /**
   * Remembers some fields of a record as they are. For what every order and fill changes: to copy
   * whole records of all kinds took a third of the time of an order.
   * @param before the fields that are about to change
   */
  keep<T extends object>(record: T, before: Partial<T>): void {
    this.#undo.push(() => Object.assign(record, before));
  }

  /** Remembers a whole record as it is, and gives it back to be changed. */
  edit<T extends object>(record: T): T {
    const before = { ...record };
    this.#undo.push(() => Object.assign(record, before));
    return record;
  }

  /**
   * Runs a request; if it throws, everything is as before. Requests do not nest.
   * @throws what the request throws
   */
  run<T>(request: () => T): T {
    try {
      return request();
    } catch (error) {
      while (this.#undo.length > 0) this.#undo.pop()?.();
      throw error;
    } finally {
      this.#undo.length = 0;
    }
  }
}
