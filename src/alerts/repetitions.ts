/** How often something has come again. */
interface Window {
  readonly endMs: number;
  /** How often since it was told. */
  count: number;
}

/** More keys than this are not told apart: they count as new. */
const MAX_KEYS = 2000;

/** Lets the first of a kind through and counts the rest, until its window is over. */
export class Repetitions {
  readonly #windowMs: number;
  /** In the order in which they end. */
  readonly #windows = new Map<string, Window>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Notes one of a kind. @returns true if it is to be told now */
  isFirst(key: string, nowMs: number): boolean {
    const open = this.#windows.get(key);
    if (open !== undefined && (open.count > 0 || nowMs < open.endMs)) {
      open.count++;
      return false;
    }
    this.#windows.delete(key);
    if (this.#windows.size < MAX_KEYS) this.#open(key, nowMs);
    return true;
  }

  /** The next of this kind is told at once. */
  forget(key: string): void {
    this.#windows.delete(key);
  }

  /** Kinds whose window is over and that have come again, with how often; their next one begins. */
  due(nowMs: number): readonly (readonly [key: string, count: number])[] {
    const over = [...this.#windows].filter(([, { endMs }]) => endMs <= nowMs);
    for (const [key] of over) this.#windows.delete(key);
    const repeated = over.filter(([, { count }]) => count > 0);
    for (const [key] of repeated) this.#open(key, nowMs);
    return repeated.map(([key, { count }]) => [key, count] as const);
  }

  /** When the next window is over whose kind has come again, null if none is. */
  get nextDueMs(): number | null {
    for (const { endMs, count } of this.#windows.values()) if (count > 0) return endMs;
    return null;
  }

  #open(key: string, nowMs: number): void {
    this.#windows.set(key, { endMs: nowMs + this.#windowMs, count: 0 });
  }
}
