import { VenueError } from "../connector/connector.ts";
import { PricingError } from "../strategy/pricing_error.ts";

/**
 * The three words for trouble. *defer*: skip this cycle, quotes stay. *degraded*: go on with less,
 * here with no quotes until a complete sync. *fail closed*: cancel everything and stop until a
 * person has looked.
 */
export type Reaction = "defer" | "degraded" | "fail_closed";

/** What went wrong in a cycle. */
export type FailureClass =
  /** Time-out, 5xx, lost connection: likely to pass. */
  | "venue_unavailable"
  /** An answer without the agreed form; nothing in it may be believed. */
  | "malformed_answer"
  /** The venue said no to a read. */
  | "venue_refused"
  /** A formula without a finite result. */
  | "pricing"
  /** Anything else is a defect of this program. */
  | "programming";

/** Each class of failure has exactly one reaction. */
export const REACTIONS: Readonly<Record<FailureClass, Reaction>> = {
  venue_unavailable: "defer",
  venue_refused: "defer",
  pricing: "defer",
  malformed_answer: "degraded",
  programming: "fail_closed",
};

/** Finds the class of an error that ended a cycle. */
export function classifyFailure(error: unknown): FailureClass {
  if (error instanceof PricingError) return "pricing";
  if (!(error instanceof VenueError)) return "programming";
  switch (error.kind) {
    case "unavailable":
      return "venue_unavailable";
    case "malformed":
      return "malformed_answer";
    case "refused":
      return "venue_refused";
  }
}
