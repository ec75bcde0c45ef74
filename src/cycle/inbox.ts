import type { VenueTrade } from "../connector/connector.ts";
import type { SentCommand } from "../models/admin_command.ts";
import type { Cents } from "../models/money.ts";
import type { Clock } from "../runtime/clock.ts";

/** What a comparison of the account's cash with the books means for one market. */
export interface CashFinding {
  /** Fees the venue has charged for its maker fills, cents. */
  readonly makerFeesCents: Cents;
  /** How much of the unmatched maker fees this comparison has judged, cents. */
  readonly judgedCents: Cents;
}

/**
 * Everything that reaches a market from outside its own loop. The loop is the only one that changes
 * the market's state, so others leave messages here and may wake it; nothing is lost when a cycle
 * fails, because a message stays until the loop has acted on it.
 */
export class Inbox {
  readonly #clock: Clock;
  /** Own trades not yet booked, oldest first. */
  readonly trades: VenueTrade[] = [];
  /** Commands not yet carried out, oldest first. */
  readonly commands: SentCommand[] = [];
  /**
   * Outcome of a comparison of the account's cash that is still to be booked, null if there is
   * none.
   */
  cash: CashFinding | null = null;
  /**
   * What the venue was found to keep frozen without an order, this market's share, still to
   * be noted; null if there is nothing to note.
   */
  leakCents: Cents | null = null;
  /** Why a reconciliation is wanted, null if none is. */
  reconcile: string | null = null;
  #wake: (() => void) | null = null;
  #woken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if a kill waits to be carried out: nothing may be placed any more. */
  get isKillWaiting(): boolean {
    return this.commands.some(({ command }) => command.kind === "kill");
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
