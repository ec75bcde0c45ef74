import type { MarketRoster } from "./market_roster.ts";
import type { Seat } from "./seat.ts";
import type { LeaseReport, ServiceDependencies } from "./service_api.ts";

/** How a process comes to the markets that it works (`market_assignment`). */
export interface MarketAssignment {
  /**
   * Begins to work the markets.
   * @returns false if the process stopped before
   */
  start(): Promise<boolean>;
  /** Stops working all markets; what is left behind is in the report of the roster. */
  stop(reason: string): Promise<void>;
  /** True if the process works every market that it can have for the time being. */
  readonly isSettled: boolean;
  /** The leases, null if none are used. */
  report(): LeaseReport | null;
}

/** What a way to come to markets works with. */
export interface AssignmentParts {
  readonly dependencies: ServiceDependencies;
  readonly roster: MarketRoster;
  /** The place among other processes, null if no other can be there. */
  readonly seat: Seat | null;
  /** Aborted when the process stops. */
  readonly stopSignal: AbortSignal;
  /** Takes note of the cash that no market owns; false if the process stopped before. */
  readonly settleAccount: () => Promise<boolean>;
  /** Ends the process: it must not go on. */
  readonly fail: (reason: string) => void;
  /** Told when something may have made the process ready. */
  readonly onProgress: () => void;
}
