import { StoreError } from "../cache/store_error.ts";
import { VenueError } from "../connector/connector.ts";
import { PricingError } from "../strategy/pricing_error.ts";

/**
 * The three words for trouble. *defer*: skip this cycle, quotes stay. *degraded*: go on with less,
 * here with no quotes until a complete sync. *fail closed*: cancel everything and stop until a
 * person has looked. And one for a market that is not ours any more. *hand over*: place nothing,
 * and leave it to the instance that works it now, which begins by cancelling what is left.
 */
export type Reaction = "defer" | "degraded" | "fail_closed" | "hand_over";

/** What went wrong in a cycle. */
export type FailureClass =
  /** Time-out, 5xx, lost connection: likely to pass. */
  | "venue_unavailable"
  /** An answer without the agreed form; nothing in it may be believed. */
  | "malformed_answer"
  /** The venue said no to a read. */
  | "venue_refused"
  /** The state store is away, or does not do what it is asked to. */
  | "store_unavailable"
  /** A write was refused because another instance works the market. */
  | "market_fenced"
  /** A formula without a finite result. */
  | "pricing"
  /** Anything else is a defect of this program. */
  | "programming";

/** Each class of failure has exactly one reaction. */
export const REACTIONS: Readonly<Record<FailureClass, Reaction>> = {
  venue_unavailable: "defer",
  venue_refused: "defer",
  store_unavailable: "defer",
  market_fenced: "hand_over",
  pricing: "defer",
  malformed_answer: "degraded",
  programming: "fail_closed",
};

/** Finds the class of an error that ended a cycle. */
export function classifyFailure(error: unknown): FailureClass {
  if (error instanceof PricingError) return "pricing";
  if (error instanceof StoreError) {
    return error.kind === "fenced" ? "market_fenced" : "store_unavailable";
  }
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
