/** What the order diff decides and the order manager does (§17). */

import type { OpenOrder, OrderIntent } from "../models/order.ts";

/** An own order as the venue lists it, with its age on the monotonic clock (L-71). */
export interface RestingOrder extends OpenOrder {
  readonly ageMs: number;
}

/**
 * Who gets a call first when the rate budget is short (§17): cancels, moves away from the other
 * side, other moves, new quantity, refreshes by age.
 */
export type Priority = "cancel" | "reduce" | "move" | "place" | "refresh";

/** All priorities, the most urgent first. */
export const PRIORITIES: readonly Priority[] = ["cancel", "reduce", "move", "place", "refresh"];

/** What every step that is sent to the venue has. */
interface Sent {
  readonly priority: Priority;
  readonly reason: string;
  /** Orders that must be gone, confirmed by the venue, before this is sent. */
  readonly waitsFor: readonly string[];
}

/** One step of a plan; the steps are taken in order. */
export type PlannedAction =
  | { readonly kind: "KEEP"; readonly order: RestingOrder; readonly target: OrderIntent }
  /** Lowers the risk if its priority is `cancel`; else it makes room for the PLACE of its pair. */
  | Sent & { readonly kind: "CANCEL"; readonly order: RestingOrder }
  | Sent & {
    readonly kind: "REPLACE";
    readonly order: RestingOrder;
    readonly target: OrderIntent;
  }
  | Sent & {
    readonly kind: "PLACE";
    readonly target: OrderIntent;
    /** Order whose CANCEL makes room for this; neither is done without budget for both. */
    readonly pairedWith: string | null;
  };
