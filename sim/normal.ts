/** The standard normal distribution, for the Brownian digital of the price path. */

/**
 * The distribution function Φ, with an error below 1.5e-7 (Abramowitz & Stegun, Handbook of
 * Mathematical Functions, formula 7.1.26).
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = t *
    (0.254829592 +
      t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * series * Math.exp(-z * z);
  return x >= 0 ? 1 - upper : upper;
}

/** The quantile Φ⁻¹ of a probability in (0, 1), by bisection between -8 and 8. */
export function normalQuantile(probability: number): number {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
