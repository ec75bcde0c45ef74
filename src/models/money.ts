/**
 * Units and integer arithmetic (strategy spec §25, matching engine spec §1).
 *
 * Money is integer cents, shares are integers, prices are integer cents from 1 to 99. The brands
 * keep the three apart at compile time; the constructors are the only way in and check the value.
 * Floats exist only inside pricing formulas and become integers through a rounding that is named
 * here.
 */

declare const unit: unique symbol;

/** An integer amount of money in cents; negative for losses and debts. */
export type Cents = number & { readonly [unit]: "cents" };
/** An integer number of shares, never negative. */
export type Shares = number & { readonly [unit]: "shares" };
/** An integer price of one share in cents, 1 to 99. */
export type PriceCents = number & { readonly [unit]: "price" };

/** What one winning share, and therefore one pair of a YES and a NO share, pays: 100 cents. */
export const PAIR_CENTS = 100;
/** The lowest price an order may have, in cents. */
export const MIN_PRICE = 1 as PriceCents;
/** The highest price an order may have, in cents. */
export const MAX_PRICE = 99 as PriceCents;

/** Tolerance of outward rounding: absorbs binary noise such as 48.999999999999993 for 49. */
export const ROUNDING_SLACK = 1e-9;

/**
 * Brands an amount of money.
 * @throws RangeError if `value` is not a safe integer.
 */
export function cents(value: number): Cents {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Cannot use ${value} as cents: it must be a safe integer`);
  }
  return value as Cents;
}

/**
 * Brands a number of shares.
 * @throws RangeError if `value` is not a safe integer of at least 0.
 */
export function shares(value: number): Shares {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Cannot use ${value} as shares: it must be an integer of at least 0`);
  }
  return value as Shares;
}

/** True if `value` is a whole number of cents from 1 to 99. */
export function isPrice(value: number): value is PriceCents {
  return Number.isInteger(value) && value >= MIN_PRICE && value <= MAX_PRICE;
}

/**
 * Brands a price.
 * @throws RangeError if `value` is not an integer from 1 to 99.
 */
export function price(value: number): PriceCents {
  if (!isPrice(value)) {
    throw new RangeError(
      `Cannot use ${value} as a price: it must be a whole number of cents, 1..99`,
    );
  }
  return value;
}

/** The price of the other contract of a pair: `100 - price`. */
export function mirrorPrice(value: PriceCents): PriceCents {
  return (PAIR_CENTS - value) as PriceCents;
}

/** Confines `value` to `[low, high]`. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Rounds up with a slack, for asks: `ceil(x - 1e-9)`, or a larger `slack` in cents. */
export function ceilOut(value: number, slack = ROUNDING_SLACK): number {
  return Math.ceil(value - slack) + 0;
}

/** Rounds down with a slack, for bids and quantities: `floor(x + 1e-9)`, or a larger `slack`. */
export function floorOut(value: number, slack = ROUNDING_SLACK): number {
  return Math.floor(value + slack) + 0;
}

/** Rounds to the nearest integer, halves to the even one; mirror symmetric, for fair prices. */
export function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value) + 0;
  return low % 2 === 0 ? low : low + 1;
}

/**
 * Integer division rounded up.
 * @throws RangeError if `divisor` is not positive.
 */
export function ceilDiv(dividend: number, divisor: number): number {
  if (divisor <= 0) throw new RangeError(`Cannot divide by ${divisor}: it must be positive`);
  return Math.ceil(dividend / divisor) + 0;
}

/**
 * The venue's fee on a traded value: `floor((value*bps + 9999) / 10000)`, so rounded up; 0 if
 * either is 0.
 * @param value traded value in cents, at least 0
 * @param bps fee rate in basis points, at least 0
 */
export function feeCents(value: Cents, bps: number): Cents {
  return Math.floor((value * bps + 9999) / 10000) as Cents;
}

/**
 * What a BUY order freezes: `F(P,q) = P*q + fee(P*q, bps)` (strategy spec §16.2).
 * @param contractPrice price of the contract that is bought
 * @param quantity shares
 * @param bps fee buffer rate in basis points
 */
export function freezeCents(contractPrice: PriceCents, quantity: Shares, bps: number): Cents {
  const cost = (contractPrice * quantity) as Cents;
  return (cost + feeCents(cost, bps)) as Cents;
}

/**
 * The largest quantity whose freeze fits a budget: `floor(B*10000 / (P*(10000+bps)))`; exact, so
 * that `F(P,q) <= B < F(P,q+1)`. 0 for a budget that is not positive.
 */
export function affordableShares(contractPrice: PriceCents, budget: Cents, bps: number): Shares {
  if (budget <= 0) return 0 as Shares;
  return Math.floor((budget * 10000) / (contractPrice * (10000 + bps))) as Shares;
}

/**
 * The cost that leaves a position when `quantity` of its `volume` shares go:
 * `floor(cost*quantity/volume)`, and all of it when everything goes.
 */
export function releasedCost(cost: Cents, volume: Shares, quantity: Shares): Cents {
  return (quantity === volume ? cost : Math.floor((cost * quantity) / volume)) as Cents;
}

/** Splits an amount into `parts` integer amounts; the remainder goes to the first. */
export function splitCents(amount: Cents, parts: number): readonly Cents[] {
  if (!Number.isInteger(parts) || parts < 1) {
    throw new RangeError(`Cannot split into ${parts} parts: it must be an integer of at least 1`);
  }
  const each = Math.floor(amount / parts);
  const first = amount - each * (parts - 1);
  return Array.from({ length: parts }, (_, index) => (index === 0 ? first : each) as Cents);
}
