/** What an operator can ask of a running market, and how the market answers. */

import type { OpenOrder } from "./order.ts";

/** Who asks, and why; every command says both. */
export interface Asked {
  readonly operator: string;
  readonly reason: string;
}

/**
 * What an administrator can ask of a market; taken at the market's next cycle boundary, a kill at
 * once.
 */
export type AdminCommand =
  /** All orders off; nothing is quoted until a person releases it. */
  | ({ readonly kind: "kill" } & Asked)
  | ({ readonly kind: "release" } & Asked)
  /** Quotes withdrawn until somebody resumes; does not survive a restart. */
  | ({ readonly kind: "pause" } & Asked)
  /** Ends a pause or a flatten by an operator; nothing else. */
  | ({ readonly kind: "resume" } & Asked)
  /** All orders off, then the net position is sold or bought back, then paused. */
  | ({ readonly kind: "flatten" } & Asked)
  /** The books are compared with the venue now. */
  | ({ readonly kind: "reconcile" } & Asked)
  | {
    readonly kind: "set_anchor";
    readonly operator: string;
    readonly reason?: string;
    readonly anchorPriceCents: number;
  };

/** What became of a command in one market. */
export type CommandReceipt = { readonly marketId: string } & CommandResult;

/** What a market's loop says when it has carried out a command, or cannot. */
export type CommandResult =
  /** It is in force; a withdrawal of quotes is done by the cycle that follows. */
  | { readonly kind: "done" }
  | {
    readonly kind: "killed";
    /** Own orders that the venue has confirmed as cancelled for this kill. */
    readonly cancelled: number;
    /** True if the venue has listed what is left since. */
    readonly verified: boolean;
    /** Own orders that may still rest. */
    readonly remaining: readonly OpenOrder[];
  }
  /** This process does not hold the market: what was asked is in the store for its holder. */
  | {
    readonly kind: "passed_on";
    /** Name of the process that holds the market, null if none does: then of the next one. */
    readonly holder: string | null;
    /** False while the store does not take it: it is tried again every second. */
    readonly isWritten: boolean;
  }
  /** The market has not got to it in time: it will when it can, and a kill is in force. */
  | { readonly kind: "pending" }
  | { readonly kind: "reconciled"; readonly drifts: readonly string[] }
  /** Nothing has changed; `cause` says why, and what to do. */
  | { readonly kind: "refused"; readonly cause: string };

/** A command on its way to a market, with the way back. */
export interface SentCommand {
  readonly command: AdminCommand;
  /** Called once, by the market's loop. */
  readonly settle: (result: CommandResult) => void;
}
