import type { CancelTimer, Clock } from "../src/runtime/clock.ts";

/**
 * Time as one process sees it, on a clock that several processes share. A process can stand still:
 * meanwhile nothing in it runs, and afterwards everything that waited does, in its order. And it
 * can die: then nothing in it ever runs again.
 */
export class ProcessClock implements Clock {
  readonly #shared: Clock;
  #state: "running" | "frozen" | "dead" = "running";
  #frozenAtMs = 0;
  /** How long the monotonic clock has stood still while the machine slept. */
  #sleptMs = 0;
  /** How far the wall clock of its machine is off. */
  #wallOffsetMs = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(shared: Clock) {
    this.#shared = shared;
  }

  /** True as long as the process has not died. */
  get isAlive(): boolean {
    return this.#state !== "dead";
  }

  nowMs(): number {
    return this.#shared.nowMs() + this.#wallOffsetMs;
  }

  /** Moves the wall clock of its machine, and of no other. */
  jumpWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  monotonicMs(): number {
    return this.#shared.monotonicMs() - this.#sleptMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    let isCancelled = false;
    const cancel = this.#shared.after(delayMs, () => {
      this.#whenRunning(() => {
        if (!isCancelled) callback();
      });
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** The process ends at this moment, as with `kill -9`. */
  kill(): void {
    this.#state = "dead";
    this.#waiting.length = 0;
  }

  /** The process stands still, as with SIGSTOP or on a machine that sleeps. */
  freeze(): void {
    this.#state = "frozen";
    this.#frozenAtMs = this.#shared.monotonicMs();
  }

  /** It goes on. @param slept the machine slept: its monotonic clock has not moved meanwhile */
  thaw({ slept = false } = {}): void {
    this.#state = "running";
    if (slept) this.#sleptMs += this.#shared.monotonicMs() - this.#frozenAtMs;
    for (const callback of this.#waiting.splice(0)) {
      this.#shared.after(0, () => this.#whenRunning(callback));
    }
  }

  /**
   * Something outside the process as the process sees it: what it calls when it is dead does not
   * happen, and answers wait until it runs.
   */
  outside<T extends object>(thing: T): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]): unknown => {
          if (!this.isAlive) return new Promise(() => {});
          const result: unknown = member.apply(target, args);
          return result instanceof Promise ? this.#answer(result) : result;
        };
      },
    });
  }

  #answer<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => this.#whenRunning(() => resolve(value)),
        (error) => this.#whenRunning(() => reject(error)),
      );
    });
  }

  #whenRunning(callback: () => void): void {
    if (this.#state === "running") callback();
    else if (this.#state === "frozen") this.#waiting.push(callback);
  }
}
