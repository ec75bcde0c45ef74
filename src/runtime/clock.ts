/**
 * The only door to time. Wall time stamps records and finds the day; durations, ages and timers use
 * the monotonic clock, so a jump of the wall clock makes nothing stale (L-71).
 */

/** Cancels a timer; harmless when it has already fired. */
export type CancelTimer = () => void;

/** A source of time and timers: the system's, or a virtual one under test and simulation. */
export interface Clock {
  /** Wall time in epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes backwards. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs` (at least 0). */
  after(delayMs: number, callback: () => void): CancelTimer;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    let timer: ReturnType<typeof setTimeout>;
    // A longer delay would wrap around to one millisecond, so it is waited for in parts.
    const wait = (leftMs: number) => {
      const partMs = Math.min(leftMs, MAX_TIMER_MS);
      timer = setTimeout(() => leftMs > partMs ? wait(leftMs - partMs) : callback(), partMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** The longest delay that a timer of the machine can hold: a signed 32-bit number. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits on a clock.
 * @param delayMs how long; 0 still yields
 * @param signal ends the wait early, without an error
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return new Promise((resolve) => void clock.after(delayMs, resolve));
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    const stop = () => {
      cancel();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** What {@link withTimeout} answers when time ran out. */
export const TIMED_OUT = Symbol("timed out");

/** Waits for `work` at most `limitMs`; the work itself is not stopped. */
export function withTimeout<T>(
  clock: Clock,
  limitMs: number,
  work: Promise<T>,
): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(TIMED_OUT));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
