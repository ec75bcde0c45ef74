import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import type { ProcessEvents, StopSignal } from "./cli_io.ts";

/** Why the bot stops. */
export interface StopCause {
  readonly reason: string;
  /** True if nobody asked for it: the process then exits with a problem. */
  readonly failed: boolean;
}

/**
 * A Ctrl-C reaches the program twice when a task runner passes it on as well; only one that comes
 * this much later is meant as a second one.
 */
const DELIBERATE_AFTER_MS = 1000;

/**
 * Turns signals and uncaught errors into one request to stop. While the bot stops, a deliberate
 * second Ctrl-C forces the end; a repeated SIGTERM does not, since whoever sends it does not know
 * about orders.
 */
export class StopRequests {
  readonly #first = Promise.withResolvers<string>();
  readonly #forced = Promise.withResolvers<void>();
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #unregister: readonly (() => void)[];
  #requestedAtMs: number | null = null;
  #failed = false;

  constructor(options: {
    readonly events: ProcessEvents;
    readonly clock: Clock;
    readonly log: Logger;
  }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#unregister = [
      options.events.onStopSignal((signal) => this.#onSignal(signal)),
      options.events.onUncaughtError((error) => this.fail(error)),
    ];
  }

  /** Resolves with the first reason to stop. */
  get first(): Promise<string> {
    return this.#first.promise;
  }

  /** True once there was a failure, even if a stop was already under way. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Resolves when a person insists on ending a stop that is under way. */
  get forced(): Promise<void> {
    return this.#forced.promise;
  }

  /** Listens no longer; signals end the process again. */
  close(): void {
    for (const unregister of this.#unregister) unregister();
  }

  /** Asks for a stop; the first cause counts. */
  request({ reason, failed }: StopCause): void {
    if (this.#requestedAtMs !== null) return;
    this.#requestedAtMs = this.#clock.monotonicMs();
    this.#failed ||= failed;
    this.#first.resolve(reason);
  }

  /** Reports an error that nobody handled; the bot stops, and the process exits with a problem. */
  fail(error: unknown): void {
    this.#log.log("ERROR", "uncaught_error", { error });
    this.#failed = true;
    this.request({ reason: "uncaught error", failed: true });
  }

  #onSignal(signal: StopSignal): void {
    if (this.#requestedAtMs === null) return this.request({ reason: signal, failed: false });
    const sinceMs = this.#clock.monotonicMs() - this.#requestedAtMs;
    if (signal === "SIGINT" && sinceMs >= DELIBERATE_AFTER_MS) this.#forced.resolve();
  }
}
