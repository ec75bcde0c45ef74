/**
 * The formulas of Avellaneda & Stoikov, "High-frequency trading in a limit order book",
 * Quantitative Finance 8(3), 2008, as they stand in the paper. They know no units: whoever calls
 * them sees to it that gamma and kappa are per unit of price and that the variance is a price
 * squared (§6).
 */

/** Below this the depth term is its limit `2/kappa`; the quotient would lose its digits. */
const SMALL_GAMMA = 1e-6;

/** What the reservation price depends on. */
export interface ReservationInput {
  /** s: fair price. */
  readonly fair: number;
  /** q: inventory, in fills as in the paper or normalised to [-1,1] as in this bot. */
  readonly skew: number;
  /** Risk aversion, at least 0. */
  readonly gamma: number;
  /** `sigma²·(T-t)`: price variance until the horizon. */
  readonly variance: number;
}

/** What the spread depends on. */
export interface SpreadInput {
  /** Risk aversion, at least 0. */
  readonly gamma: number;
  /** k: decay of the fill rate with the distance from the mid, above 0. */
  readonly kappa: number;
  /** `sigma²·(T-t)`: price variance until the horizon. */
  readonly variance: number;
  /** rho: weight of the risk term; 1 in the paper (§6.6). */
  readonly riskWeight: number;
}

/**
 * The price at which holding the inventory is neither wanted nor unwanted: `s - q·gamma·variance`.
 */
export function reservationPrice({ fair, skew, gamma, variance }: ReservationInput): number {
  return fair - skew * gamma * variance;
}

/** The full spread around the reservation price: the risk term plus the depth term. */
export function optimalSpread(input: SpreadInput): number {
  return riskSpread(input) + depthSpread(input);
}

/** The part of the spread that pays for the risk of one fill: `rho·gamma·variance`. */
export function riskSpread({ gamma, variance, riskWeight }: Omit<SpreadInput, "kappa">): number {
  return riskWeight * gamma * variance;
}

/** The part of the spread that the fill rate asks for: `(2/gamma)·ln(1 + gamma/kappa)`. */
export function depthSpread({ gamma, kappa }: Pick<SpreadInput, "gamma" | "kappa">): number {
  return gamma < SMALL_GAMMA ? 2 / kappa : (2 / gamma) * Math.log1p(gamma / kappa);
}
