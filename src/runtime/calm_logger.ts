import type { Clock } from "./clock.ts";
import type { EventName, LogFields, Logger, LogLevel } from "./log.ts";
import { Repetitions } from "./repetitions.ts";

/** So many lines of one event of one market in a minute are written in full. */
const LIMIT = { first: 10, windowMs: 60_000 };
/** Trouble repeats itself; what goes well is written as often as it happens. */
const LIMITED: ReadonlySet<LogLevel> = new Set<LogLevel>(["WARN", "ERROR"]);

/**
 * The same log, but trouble that repeats itself does not fill it: of each event of each market the
 * first few in a minute are written, and then one line a minute with how many there were.
 */
export function calmLogger(log: Logger, clock: Clock): Logger {
  return calm(log, log, { clock, repetitions: new Repetitions(LIMIT), base: {} });
}

interface Calm {
  readonly clock: Clock;
  readonly repetitions: Repetitions;
  readonly base: LogFields;
}

/** @param root the log without fields of a market, for the counts of all of them */
function calm(log: Logger, root: Logger, parts: Calm): Logger {
  const { clock, repetitions, base } = parts;
  return {
    enabled: (level) => log.enabled(level),
    log: (level, event, fields) => {
      const nowMs = clock.monotonicMs();
      for (const [kind, count] of repetitions.due(nowMs)) tellCount(root, kind, count);
      const isHeld = LIMITED.has(level) && log.enabled(level) &&
        !repetitions.passes(kindOf(event, { ...base, ...fields }), nowMs);
      if (!isHeld) log.log(level, event, fields);
    },
    child: (fields) => calm(log.child(fields), root, { ...parts, base: { ...base, ...fields } }),
  };
}

function kindOf(event: EventName, { marketId }: LogFields): string {
  return typeof marketId === "string" ? `${event} ${marketId}` : event;
}

function tellCount(log: Logger, kind: string, count: number): void {
  const [of, ...market] = kind.split(" ");
  const marketId = market.length === 0 ? undefined : market.join(" ");
  log.log("WARN", "log_repeated", { of, marketId, count, windowMs: LIMIT.windowMs });
}
