import type { Figure } from "./figures.ts";

/** Adds values up by their weights. */
export class WeightedSum {
  #sum = 0;
  #weight = 0;

  /** Takes in a value. */
  add(value: number, weight = 1): void {
    this.#sum += value * weight;
    this.#weight += weight;
  }

  /** Everything so far. */
  get figure(): Figure {
    return { sum: this.#sum, weight: this.#weight };
  }
}
