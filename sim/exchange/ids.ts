/** Gives out the ids of orders and trades. */
export interface IdGenerator {
  /** The next id; greater, as text, than all before it. */
  next(): string;
}

const EPOCH_MS = 1_700_000_000_000;
const SEQUENCE_BITS = 22n;
const DIGITS = 18;

/**
 * Snowflake-like ids: `((ms − 1700000000000) << 22) + sequence`, as decimals of 18 digits, so that
 * their order as text is their age (§16). They go on rising when the wall clock jumps back.
 */
export function snowflakeIds(nowMs: () => number): IdGenerator {
  let last = -1n;
  return {
    next() {
      const earliest = BigInt(Math.max(0, Math.trunc(nowMs()) - EPOCH_MS)) << SEQUENCE_BITS;
      last = earliest > last ? earliest : last + 1n;
      return last.toString().padStart(DIGITS, "0");
    },
  };
}
