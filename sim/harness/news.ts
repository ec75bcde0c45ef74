import type { PathSpec } from "../price_path.ts";
import type { Interval } from "./quote_watch.ts";

/** A market maker gets so long to find the price after it jumped. */
const AFTERMATH_MS = 10 * 60_000;

/**
 * The times in which a path jumps and the ten minutes after, in order and apart from each other.
 */
export function timesOfNews({ jumps }: Pick<PathSpec, "jumps">): readonly Interval[] {
  const times = jumps
    .map(({ at, over }) => ({ fromMs: at, untilMs: at + over + AFTERMATH_MS }))
    .sort((a, b) => a.fromMs - b.fromMs);
  return times.reduce<readonly Interval[]>((apart, time) => {
    const last = apart.at(-1);
    if (last === undefined || last.untilMs < time.fromMs) return [...apart, time];
    const untilMs = Math.max(last.untilMs, time.untilMs);
    return [...apart.slice(0, -1), { fromMs: last.fromMs, untilMs }];
  }, []);
}
