import { setImmediate } from "node:timers";
import type { CancelTimer, Clock } from "./clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly sequence: number;
  callback: (() => void) | null;
}

/**
 * A clock that stands still until it is told to run. Timers fire one at a time in the order of
 * their due time (and of their creation, where that is equal); after each, every pending promise
 * settles before the next fires. So a whole service under this clock replays exactly, as fast as
 * the machine allows.
 */
export class VirtualClock implements Clock {
  #monotonicMs = 0;
  #epochMs: number;
  #sequence = 0;
  readonly #heap: Timer[] = [];

  /** @param startMs wall time at the beginning, epoch milliseconds */
  constructor(startMs: number) {
    this.#epochMs = startMs;
  }

  nowMs(): number {
    return this.#epochMs + this.#monotonicMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const timer: Timer = {
      dueMs: this.#monotonicMs + Math.max(0, delayMs),
      sequence: this.#sequence++,
      callback,
    };
    this.#push(timer);
    return () => {
      timer.callback = null;
    };
  }

  /** Moves the wall clock without moving time: what an operator or NTP does to a machine. */
  jumpWallClock(byMs: number): void {
    this.#epochMs += byMs;
  }

  /** Runs everything that is due within the next `durationMs`, and stops there. */
  async advance(durationMs: number): Promise<void> {
    await this.runUntil(() => false, this.#monotonicMs + durationMs);
  }

  /**
   * Runs until `done()` holds, nothing is left to run, or the monotonic time reaches `limitMs`.
   * @returns true if `done()` held
   */
  async runUntil(done: () => boolean, limitMs = Infinity): Promise<boolean> {
    await settle();
    while (!done()) {
      const next = this.#peek();
      if (next === undefined || next.dueMs > limitMs) {
        if (Number.isFinite(limitMs)) this.#monotonicMs = Math.max(this.#monotonicMs, limitMs);
        return done();
      }
      this.#pop();
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.callback?.();
      await settle();
    }
    return true;
  }

  /** Runs the clock until a promise settles, and passes its result on; for tests. */
  async resolve<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    work.then(mark, mark);
    if (!(await this.runUntil(() => settled))) {
      throw new Error("Cannot resolve: nothing is left to run and the promise is still pending");
    }
    return await work;
  }

  #peek(): Timer | undefined {
    while (this.#heap[0]?.callback === null) this.#pop();
    return this.#heap[0];
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Timer;
      if (!before(timer, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    while (true) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, heap[child] as Timer)) child++;
      const below = heap[child] as Timer;
      if (!before(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence);
}

/** Lets every promise that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
