/**
 * A term of the price cannot be used: not a number, not finite, or outside its range. The cycle is
 * deferred; a quote is never made from such a term (§0.2).
 */
export class PricingError extends Error {
  override readonly name = "PricingError";
  /** The term that failed, as it is called in the explanation. */
  readonly term: string;

  /**
   * @param term name of the term, e.g. `varianceCents2`
   * @param problem what is wrong with it, a predicate such as `must be finite: current value is
   * NaN`
   */
  constructor(term: string, problem: string) {
    super(`Cannot price: ${term} ${problem}`);
    this.term = term;
  }
}

/**
 * Passes a finite number on.
 * @throws PricingError naming `term` for NaN and the infinities
 */
export function finite(term: string, value: number): number {
  if (!Number.isFinite(value)) {
    throw new PricingError(term, `must be finite: current value is ${value}`);
  }
  return value;
}
