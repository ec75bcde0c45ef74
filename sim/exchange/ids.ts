/** Gives out the ids of orders and trades. */
export interface IdGenerator {
  /** The next id; greater, as text, than all before it. */
  next(): string;
}

const EPOCH_MS = 1_700_000_000_000;
const SEQUENCE_BITS = 22n;
/** Each id has eighteen digits; the two halves are counted apart, because a number holds fewer. */
const HALF_DIGITS = 9;
const HALF = 10 ** HALF_DIGITS;

/**
 * Snowflake-like ids: `((ms − 1700000000000) << 22) + sequence`, as decimals of 18 digits, so that
 * their order as text is their age (§16). They go on rising when the wall clock jumps back.
 *
 * Big integers are used once a millisecond only; counting in them took a tenth of an order's time.
 */
export function snowflakeIds(nowMs: () => number): IdGenerator {
  let latestMs = -1;
  let [high, low] = [0, -1];
  return {
    next() {
      const ms = Math.max(0, Math.trunc(nowMs()) - EPOCH_MS);
      low++;
      if (ms > latestMs) {
        latestMs = ms;
        [high, low] = later([high, low], BigInt(ms) << SEQUENCE_BITS);
      }
      if (low === HALF) [high, low] = [high + 1, 0];
      return padded(high) + padded(low);
    },
  };
}

/** The later of the id that is next and the first one of a millisecond. */
function later([high, low]: [number, number], first: bigint): [number, number] {
  const half = BigInt(HALF);
  return BigInt(high) * half + BigInt(low) >= first
    ? [high, low]
    : [Number(first / half), Number(first % half)];
}

function padded(half: number): string {
  return String(half).padStart(HALF_DIGITS, "0");
}
