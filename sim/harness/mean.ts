/** The mean of values that come one by one. */
export class Mean {
  #sum = 0;
  #count = 0;

  /** Takes in a value. */
  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  /** The mean so far, 0 before the first value. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }
}
