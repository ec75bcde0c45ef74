import { z } from "zod";
import { DAY_MS, HOUR_MS } from "../src/models/market.ts";
import { expecting } from "./fields.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: HOUR_MS,
  d: DAY_MS,
};
const LONGEST_MS = 365 * DAY_MS;
const WHOLE = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** The milliseconds of a text such as `90s`, `1h30m` or `7d`; null if it is not a duration. */
export function parseDuration(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  return [...text.matchAll(PART)].reduce(
    (sum, [, number, unit = ""]) => sum + Number(number) * (UNIT_MS[unit] ?? NaN),
    0,
  );
}

/** A duration for a person, with its two largest units: `1d 2h`, `90s` as `1m 30s`. */
export function formatDuration(durationMs: number): string {
  const parts: string[] = [];
  let restMs = Math.round(durationMs);
  for (const [unit, unitMs] of Object.entries(UNIT_MS).reverse()) {
    const count = Math.floor(restMs / unitMs);
    if (count > 0 && parts.length < 2) parts.push(`${count}${unit}`);
    restMs -= count * unitMs;
  }
  return parts.join(" ") || "0s";
}

/** A duration as people write it, in milliseconds; both bounds included. */
export function duration(leastMs = 0, mostMs = LONGEST_MS) {
  const bounds = `from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
  const expected = expecting(`a duration ${bounds}, such as 90s, 15m, 2h or 7d`);
  return z.string(expected).transform((text, context) => {
    const durationMs = parseDuration(text);
    if (durationMs !== null && durationMs >= leastMs && durationMs <= mostMs) return durationMs;
    context.addIssue(expected.error({ input: text }));
    return z.NEVER;
  });
}
