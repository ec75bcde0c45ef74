import { type EventName, EVENTS } from "../runtime/events.ts";
import type { WireValue } from "../runtime/wire.ts";
import type { Severity } from "./alert_list.ts";

/** An alert as it is sent, with the names of the wire. */
export interface AlertMessage {
  /** Stays the same when it is sent again, so that a receiver can tell. */
  readonly id: string;
  /** One line for people; chat services show the field of this name. */
  readonly text: string;
  readonly severity: Severity;
  readonly event: EventName;
  readonly market_id: string | null;
  /** ISO time, UTC. */
  readonly at: string;
  /** How often it happened, or in how many markets; above 1 if it was held back. */
  readonly count: number;
  readonly meaning: string;
  readonly action: string;
  /** What the event says, money in cents. */
  readonly facts: WireValue;
  /** The market as it was when the alert was made, money in cents; null for the process. */
  readonly market: WireValue;
  readonly mode: string;
  /** Which process, null if it has no name. */
  readonly instance: string | null;
  /** The page to look at, null without `public_url`. */
  readonly url: string | null;
}

/** The line for people: what, where, what it means, the facts, and where to look. */
export function alertText(
  message: Omit<AlertMessage, "text" | "id" | "meaning">,
): string {
  const { severity, event, market_id, count, facts, market, mode, url } = message;
  const told = [facts, market].map(briefly).filter((part) => part !== "").join("; ");
  return [
    `${severity} ${market_id ?? "the bot"} (${mode}): ${event}`,
    count > 1 ? `, ${count} ${isOfMarkets(facts) ? "more markets" : "times"}` : "",
    `: ${EVENTS[event].meaning}`,
    told === "" ? "" : `. ${told}`,
    `. To do: ${message.action}`,
    url === null ? "" : `. ${url}`,
  ].join("");
}

function isOfMarkets(facts: WireValue): boolean {
  return typeof facts === "object" && facts !== null && "markets" in facts;
}

const MAX_TOLD = 400;

/** `reason LOSS, pnl_day_cents -10200`; lists and records are left to the fields. */
function briefly(value: WireValue): string {
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .filter(([, part]) => typeof part !== "object")
    .map(([name, part]) => `${name} ${part}`)
    .join(", ").slice(0, MAX_TOLD);
}
