/** A token bucket as a value: what it may spend now, and how that changes with time. Pure. */

/** Size and refill of a bucket. */
export interface BucketLimit {
  /** Most tokens it holds. */
  readonly capacity: number;
  /** Tokens that come back per millisecond. */
  readonly perMs: number;
}

/** A bucket at a moment; tokens below 0 are debts of calls that could not wait. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Share of a minute's budget that may be spent at once; the rest comes back evenly. */
const BURST_SHARE = 0.25;
/** The smallest burst: room for a cancel and a placement above every reserve. */
const MIN_BURST = 4;

/**
 * The limit that never lets more than `perMinute` calls into any 60 seconds: burst and refill
 * together are the announced budget, whenever the venue's window begins.
 */
export function bucketLimit(perMinute: number): BucketLimit {
  const capacity = Math.min(perMinute / 2, Math.max(MIN_BURST, perMinute * BURST_SHARE));
  return { capacity, perMs: (perMinute - capacity) / 60_000 };
}

/** A bucket that nothing has been taken from. */
export function fullBucket(limit: BucketLimit, nowMs: number): TokenBucket {
  return { tokens: limit.capacity, atMs: nowMs };
}

/** The bucket at a later moment. */
export function refill(bucket: TokenBucket, limit: BucketLimit, nowMs: number): TokenBucket {
  const gained = Math.max(0, nowMs - bucket.atMs) * limit.perMs;
  return { tokens: Math.min(limit.capacity, bucket.tokens + gained), atMs: nowMs };
}

/** The bucket after a call has been paid, whether it could pay or not. */
export function spend(bucket: TokenBucket, tokens: number): TokenBucket {
  return { ...bucket, tokens: bucket.tokens - tokens };
}

/** The bucket with a debt of no more than what comes back in a minute. */
export function forgive(bucket: TokenBucket, { perMs }: BucketLimit): TokenBucket {
  return { ...bucket, tokens: Math.max(bucket.tokens, -60_000 * perMs) };
}

/** Milliseconds until a bucket has paid back its debt, 0 if it has none. */
export function timeToRepayMs(bucket: TokenBucket, limit: BucketLimit): number {
  return Math.max(0, -bucket.tokens / limit.perMs);
}
