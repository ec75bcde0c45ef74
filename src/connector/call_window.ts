/** A window of the venue's own counting, as one of its answers describes it. */
export interface AnnouncedWindow {
  /** Calls that it still takes. */
  readonly remaining: number;
  /** When the next one begins, as the venue writes it: tells one window from another. */
  readonly resetAtMs: number;
  /** The same on our monotonic clock. */
  readonly untilMs: number;
}

const SECOND_MS = 1000;
/** The minute, and the second in which it began: the venue's may begin anywhere in it. */
const SECONDS = 61;

/**
 * The calls to one endpoint: what we have sent in the last minute, and what the venue says of its
 * own window. Times are monotonic milliseconds.
 */
export class CallWindow {
  /** Calls by second, from {@link SECONDS} ago to now. */
  readonly #sent = Array<number>(SECONDS).fill(0);
  #second = 0;
  #announced: AnnouncedWindow | null = null;

  /** Counts calls of ours. */
  charge(calls: number, nowMs: number): void {
    this.#forget(nowMs);
    const at = this.#second % SECONDS;
    this.#sent[at] = (this.#sent[at] ?? 0) + calls;
    const window = this.#announced;
    if (window !== null) this.#announced = { ...window, remaining: window.remaining - calls };
  }

  /** Calls of ours in the last minute. */
  sentInMinute(nowMs: number): number {
    this.#forget(nowMs);
    return this.#sent.reduce((sum, calls) => sum + calls, 0);
  }

  /**
   * Takes over what an answer says. Calls under way have been counted here but not yet there, so
   * within a window the smaller figure counts.
   */
  announce(window: AnnouncedWindow): void {
    const known = this.#announced;
    const isSame = known !== null && known.resetAtMs === window.resetAtMs;
    const remaining = isSame ? Math.min(known.remaining, window.remaining) : window.remaining;
    this.#announced = { ...window, remaining };
  }

  /** Calls that the venue still takes now, Infinity if it has not said. */
  left(nowMs: number): number {
    const window = this.#announced;
    return window !== null && nowMs < window.untilMs ? window.remaining : Infinity;
  }

  /** Empties the seconds that have passed since the last time. */
  #forget(nowMs: number): void {
    const second = Math.floor(nowMs / SECOND_MS);
    const passed = Math.min(SECONDS, second - this.#second);
    for (let step = 0; step < passed; step++) this.#sent[(second - step) % SECONDS] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
