/**
 * Confines the terms of a price one after the other, and remembers for the explanation which limits
 * bound. NaN, as a value or as a limit, gives NaN: a limit must not hide that a term is missing.
 */
export class Limits {
  /** Names of the limits that changed a value so far, in the order of their use. */
  readonly bound: string[] = [];

  /** The larger of `value` and `low`. */
  atLeast(value: number, low: number, name: string): number {
    return this.#note(value, Math.max(value, low), name);
  }

  /** The smaller of `value` and `high`. */
  atMost(value: number, high: number, name: string): number {
    return this.#note(value, Math.min(value, high), name);
  }

  /** `value` confined to a range, both ends included. */
  within(value: number, low: number, high: number, name: string): number {
    return this.atMost(this.atLeast(value, low, name), high, name);
  }

  #note(value: number, confined: number, name: string): number {
    if (confined !== value && !this.bound.includes(name)) this.bound.push(name);
    return confined;
  }
}
