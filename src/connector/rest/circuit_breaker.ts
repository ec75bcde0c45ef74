/**
 * State of a circuit:
 * - `closed`: everything may be sent;
 * - `open`: the venue did not answer several times in a row; nothing is sent until the pause is
 *   over;
 * - `half_open`: the pause is over and one call is under way to find out.
 */
export type CircuitState = "closed" | "open" | "half_open";

const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 1000;

/**
 * Spares a venue that does not answer, and the bot the waiting for it. An answer of any kind closes
 * the circuit; a failed probe opens it for twice as long.
 */
export class CircuitBreaker {
  readonly #maxPauseMs: number;
  #state: CircuitState = "closed";
  #failures = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #openUntilMs = 0;

  /** @param maxPauseMs the longest pause; the first is one second */
  constructor(maxPauseMs: number) {
    this.#maxPauseMs = maxPauseMs;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /**
   * True if a call may be sent now; the caller must then {@link record} how it ended.
   * @param nowMs monotonic time
   */
  admits(nowMs: number): boolean {
    if (this.#state === "closed") return true;
    if (this.#state === "half_open" || nowMs < this.#openUntilMs) return false;
    this.#state = "half_open";
    return true;
  }

  /**
   * Learns how a call ended, also one that was sent without asking.
   * @param answered false if the venue gave no sign of life
   * @param nowMs monotonic time
   */
  record(answered: boolean, nowMs: number): void {
    if (answered) this.#close();
    else if (this.#state === "half_open" || this.#lastStraw()) this.#open(nowMs);
  }

  /** Calls that were under way when the circuit opened change nothing. */
  #lastStraw(): boolean {
    return this.#state === "closed" && ++this.#failures >= FAILURES_TO_OPEN;
  }

  #close(): void {
    this.#state = "closed";
    this.#failures = 0;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  #open(nowMs: number): void {
    this.#state = "open";
    this.#openUntilMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(this.#maxPauseMs, 2 * this.#pauseMs);
  }
}
