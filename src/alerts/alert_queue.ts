import type { AlertMessage } from "./alert_message.ts";

/** An alert that is not delivered yet. */
export interface QueuedAlert {
  readonly message: AlertMessage;
  /** How often it was sent in vain. */
  readonly attempts: number;
}

/**
 * Alerts that wait, critical ones first. When there are too many, the oldest that is not critical
 * goes; a critical one only if all are.
 */
export class AlertQueue {
  readonly #limit: number;
  readonly #critical: QueuedAlert[] = [];
  readonly #others: QueuedAlert[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many wait. */
  get length(): number {
    return this.#critical.length + this.#others.length;
  }

  /** Adds an alert. @returns how many were dropped for it */
  add(message: AlertMessage): number {
    this.#laneOf(message).push({ message, attempts: 0 });
    if (this.length <= this.#limit) return 0;
    (this.#others.length > 0 ? this.#others : this.#critical).shift();
    return 1;
  }

  /** Puts one back that could not be delivered; it comes first among its kind. */
  putBack(alert: QueuedAlert): void {
    this.#laneOf(alert.message).unshift(alert);
  }

  /** Takes the alert that is to be sent next, null if there is none. */
  take(): QueuedAlert | null {
    return this.#critical.shift() ?? this.#others.shift() ?? null;
  }

  #laneOf({ severity }: AlertMessage): QueuedAlert[] {
    return severity === "CRITICAL" ? this.#critical : this.#others;
  }
}
