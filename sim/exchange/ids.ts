/** Each id has eighteen digits; the two halves are kept apart, because a number holds fewer. */
const HALF_DIGITS = 9;
const HALF = 10 ** HALF_DIGITS;
/** The character "0". */
const ZERO = 48;
const EPOCH_MS = 1_700_000_000_000;
const SEQUENCE_BITS = 22n;

/** The id of an order or a trade: its first and its last nine digits. */
export interface VenueId {
  readonly high: number;
  readonly low: number;
}

/** An id as it is given out, and when. */
export interface Stamp extends VenueId {
  readonly atMs: number;
}

/**
 * Snowflake-like ids: `((ms − 1700000000000) << 22) + sequence`, as decimals of 18 digits, so that
 * their order as text is their age (§16). They go on rising when the wall clock jumps back.
 *
 * Inside the exchange an id is two numbers, and becomes text when somebody asks for it.
 */
export class IdSequence implements Stamp {
  readonly #nowMs: () => number;
  #atMs = 0;
  #latestMs = -1;
  #high = 0;
  #low = -1;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** First half of the latest id. */
  get high(): number {
    return this.#high;
  }

  /** Second half of the latest id. */
  get low(): number {
    return this.#low;
  }

  /** When the latest id was given out. */
  get atMs(): number {
    return this.#atMs;
  }

  /** Goes on to the next id, and gives back itself: the figures are to be read at once. */
  next(): Stamp {
    this.#atMs = this.#nowMs();
    const ms = Math.max(0, Math.trunc(this.#atMs) - EPOCH_MS);
    this.#low++;
    if (ms > this.#latestMs) this.#jumpTo(ms);
    if (this.#low === HALF) {
      this.#high++;
      this.#low = 0;
    }
    return this;
  }

  /** Goes on to the first id of a millisecond, unless later ones have been given out. */
  #jumpTo(ms: number): void {
    this.#latestMs = ms;
    const half = BigInt(HALF);
    const first = BigInt(ms) << SEQUENCE_BITS;
    if (BigInt(this.#high) * half + BigInt(this.#low) >= first) return;
    this.#high = Number(first / half);
    this.#low = Number(first % half);
  }
}

/** An id as everybody outside sees it. */
export function idText({ high, low }: VenueId): string {
  // One text in one piece: joined halves would be three objects, and there is one for each order.
  return String.fromCharCode(
    digit(high, 1e8),
    digit(high, 1e7),
    digit(high, 1e6),
    digit(high, 1e5),
    digit(high, 1e4),
    digit(high, 1e3),
    digit(high, 1e2),
    digit(high, 1e1),
    digit(high, 1),
    digit(low, 1e8),
    digit(low, 1e7),
    digit(low, 1e6),
    digit(low, 1e5),
    digit(low, 1e4),
    digit(low, 1e3),
    digit(low, 1e2),
    digit(low, 1e1),
    digit(low, 1),
  );
}

/** The id that a text is, null if it is none. */
export function idOf(text: string): VenueId | null {
  if (text.length !== 2 * HALF_DIGITS) return null;
  const [high, low] = [digitsFrom(text, 0), digitsFrom(text, HALF_DIGITS)];
  return high === null || low === null ? null : { high, low };
}

/** Negative if the first id is older, positive if the second is, 0 if they are equal. */
export function byAge(a: VenueId, b: VenueId): number {
  return a.high - b.high || a.low - b.low;
}

/** The number that nine digits are, null if one of them is no digit. */
function digitsFrom(text: string, from: number): number | null {
  let number = 0;
  for (let index = from; index < from + HALF_DIGITS; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return null;
    number = 10 * number + digit;
  }
  return number;
}

/** The character of the digit of a number that stands for a power of ten. */
function digit(number: number, power: number): number {
  return ZERO + Math.trunc(number / power) % 10;
}
