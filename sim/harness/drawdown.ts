/** Remembers how far a value has fallen from its peak; it begins at 0. */
export class Drawdown {
  #peak = 0;
  #worst = 0;

  /** Takes in the value of the moment. */
  see(value: number): void {
    this.#peak = Math.max(this.#peak, value);
    this.#worst = Math.max(this.#worst, this.#peak - value);
  }

  /** The largest fall so far, at least 0. */
  get worst(): number {
    return this.#worst;
  }
}
