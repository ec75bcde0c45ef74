import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import type { CancelTimer, Clock } from "./clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly sequence: number;
  callback: (() => void) | null;
}

/** So many timers in a row at one moment set each other off: time would stand still for ever. */
const MAX_TIMERS_AT_ONCE = 10_000;
/** What is waited for comes within a day of virtual time, or never. */
const MAX_WAIT_MS = 86_400_000;

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

  /** Whole milliseconds, as the wall clock of a machine and the times on the wire. */
  nowMs(): number {
    return Math.floor(this.#epochMs + this.#monotonicMs);
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
   * @throws Error if timers set new timers without end and time stands still
   */
  async runUntil(done: () => boolean, limitMs = Infinity): Promise<boolean> {
    await settleAll();
    let firedAtOnce = 0;
    while (!done()) {
      const next = this.#peek();
      if (next === undefined || next.dueMs > limitMs) {
        if (Number.isFinite(limitMs)) this.#monotonicMs = Math.max(this.#monotonicMs, limitMs);
        return done();
      }
      this.#pop();
      firedAtOnce = next.dueMs > this.#monotonicMs ? 0 : firedAtOnce + 1;
      if (firedAtOnce > MAX_TIMERS_AT_ONCE) {
        throw new Error(
          `Cannot go on: ${firedAtOnce} timers fired and it is still ${this.#monotonicMs} ms`,
        );
      }
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.callback?.();
      if (this.#peek()?.dueMs === this.#monotonicMs) await settle();
      else await settleAll();
    }
    return true;
  }

  /**
   * Runs the clock until a promise settles, and passes its result on; for tests.
   * @throws Error if it is still pending after a day
   */
  async resolve<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    work.then(mark, mark);
    if (!(await this.runUntil(() => settled, this.#monotonicMs + MAX_WAIT_MS))) {
      throw new Error("Cannot resolve: the promise is still pending after a day");
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

/**
 * Lets every promise that can settle do so: a tick comes when none is left that can. It takes a
 * fifth of {@link settleAll}, and most timers have others at the same moment.
 */
function settle(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}

/** The same, with a turn of the event loop, before time goes on: code is loaded, signals come. */
function settleAll(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
