/** How often something has come again. */
interface Window {
  readonly endMs: number;
  /** How often it was let through. */
  passed: number;
  /** How often it was held back. */
  held: number;
}

/** How much comes through. */
export interface RepetitionLimit {
  /** So many of a kind are let through in a window. */
  readonly first: number;
  readonly windowMs: number;
}

/** More kinds than this are not told apart: they come through. */
const MAX_KINDS = 5000;

/**
 * Lets the first few of a kind through and counts the rest until their window is over; what goes on
 * coming is only counted, window after window, until one is quiet.
 */
export class Repetitions {
  readonly #limit: RepetitionLimit;
  /** In the order in which they end, since all are equally long. */
  readonly #windows = new Map<string, Window>();

  constructor(limit: RepetitionLimit) {
    this.#limit = limit;
  }

  /** Notes one of a kind. @returns true if it comes through */
  passes(kind: string, nowMs: number): boolean {
    const window = this.#current(kind, nowMs);
    if (window === null) return true;
    const isThrough = window.passed < this.#limit.first;
    if (isThrough) window.passed++;
    else window.held++;
    return isThrough;
  }

  /** The next of this kind comes through. */
  forget(kind: string): void {
    this.#windows.delete(kind);
  }

  /** Kinds whose window is over and of which some were held back, with how many. */
  due(nowMs: number): readonly (readonly [kind: string, held: number])[] {
    const over: [string, number][] = [];
    for (const [kind, { endMs, held }] of this.#windows) {
      if (endMs > nowMs) break;
      this.#windows.delete(kind);
      if (held > 0) over.push([kind, held]);
    }
    for (const [kind] of over) this.#open(kind, nowMs, this.#limit.first);
    return over;
  }

  /** When the next window is over of which something was held back, null if none is. */
  get nextDueMs(): number | null {
    for (const { endMs, held } of this.#windows.values()) if (held > 0) return endMs;
    return null;
  }

  /** A window that is over and not yet told goes on. */
  #current(kind: string, nowMs: number): Window | null {
    const known = this.#windows.get(kind);
    if (known !== undefined && (known.held > 0 || nowMs < known.endMs)) return known;
    this.#windows.delete(kind);
    return this.#windows.size < MAX_KINDS ? this.#open(kind, nowMs, 0) : null;
  }

  #open(kind: string, nowMs: number, passed: number): Window {
    const window = { endMs: nowMs + this.#limit.windowMs, passed, held: 0 };
    this.#windows.set(kind, window);
    return window;
  }
}
