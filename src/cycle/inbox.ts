import type { VenueTrade } from "../connector/connector.ts";
import type { AdminCommand } from "../models/admin_command.ts";
import type { Clock } from "../runtime/clock.ts";

/**
 * Everything that reaches a market from outside its own loop. The loop is the only one that changes the
 * market's state, so others leave messages here and may wake it; nothing is lost when a cycle fails,
 * because a message stays until the loop has acted on it.
 */
export class Inbox {
  readonly #clock: Clock;
  /** Own trades not yet booked, oldest first. */
  readonly trades: VenueTrade[] = [];
  /** Commands not yet carried out, oldest first. */
  readonly commands: AdminCommand[] = [];
  /** Why a reconciliation is wanted, null if none is. */
  reconcile: string | null = null;
  #wake: (() => void) | null = null;
  #woken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the present or the next {@link wait} at once. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Waits until somebody wakes the market, at most `limitMs`. */
  wait(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#wake = null;
        this.#woken = false;
        resolve();
      };
      const cancel = this.#clock.after(this.#woken ? 0 : limitMs, done);
      this.#wake = done;
    });
  }
}
