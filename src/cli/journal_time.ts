/** Times of the journal's command line; all of them are UTC. */

import { InvalidArgumentError } from "commander";
import type { Period } from "../journal/queries.ts";
import { isoTime } from "./journal_text.ts";

const DAY_MS = 86_400_000;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/;

/** `2026-01-31`. @throws InvalidArgumentError for anything else */
export function parseDay(text: string): string {
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (!Number.isNaN(atMs) && isoTime(atMs).startsWith(text)) return text;
  throw new InvalidArgumentError("It must be a day such as 2026-01-31.");
}

/** `14:03`, `14:03:20` or an instant. @throws InvalidArgumentError for anything else */
export function parseMoment(text: string): string {
  const isInstant = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text));
  if (CLOCK.test(text) || isInstant) return text;
  throw new InvalidArgumentError(
    "It must be a UTC time such as 14:03 or 14:03:20, or an instant such as 2026-01-31T14:03:00Z.",
  );
}

/** The moment that a text means on a day, epoch milliseconds. */
export function momentOf(text: string, day: string): number {
  return Date.parse(CLOCK.test(text) ? `${day}T${text}Z` : text);
}

/** How a time is given. */
export interface PeriodOptions {
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The time that options mean: a day, or a part of it; today if none is given. */
export function periodOf({ day, from, to }: PeriodOptions, nowMs: number): Period {
  const chosen = day ?? isoTime(nowMs).slice(0, 10);
  const startMs = Date.parse(`${chosen}T00:00:00Z`);
  return {
    fromMs: from === undefined ? startMs : momentOf(from, chosen),
    toMs: to === undefined ? startMs + DAY_MS - 1 : momentOf(to, chosen),
  };
}
