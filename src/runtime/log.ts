/** Structured log: one event name from one list, with fields. No secrets, no free text as a key. */

import type { EventName, LogLevel } from "./events.ts";

export type { EventName, LogLevel } from "./events.ts";

/** Fields of an event: plain values only. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where events go. `child` adds fields to every event, such as the market. */
export interface Logger {
  /** `level` is the one that {@link EventName}'s list states for the event. */
  log(level: LogLevel, event: EventName, fields?: LogFields): void;
  /** True if events of this level are written; lets callers skip costly fields. */
  enabled(level: LogLevel): boolean;
  child(fields: LogFields): Logger;
}

/** A log that keeps nothing. */
export const silentLogger: Logger = {
  log: () => {},
  enabled: () => false,
  child: () => silentLogger,
};

/** The same log with fields that are read anew for every event, such as the number of a cycle. */
export function withFields(log: Logger, read: () => LogFields): Logger {
  return {
    log: (level, event, fields) => log.log(level, event, { ...read(), ...fields }),
    enabled: (level) => log.enabled(level),
    child: (fields) => withFields(log.child(fields), read),
  };
}

/** An event as {@link recordingLogger} keeps it. */
export interface LoggedEvent {
  readonly level: LogLevel;
  readonly event: EventName;
  readonly fields: LogFields;
}

/** A log that keeps everything in `events`; for tests and the simulator. */
export function recordingLogger(
  events: LoggedEvent[] = [],
  base: LogFields = {},
): Logger & { readonly events: readonly LoggedEvent[] } {
  return {
    events,
    log: (level, event, fields = {}) => {
      events.push({ level, event, fields: { ...base, ...fields } });
    },
    enabled: () => true,
    child: (fields) => recordingLogger(events, { ...base, ...fields }),
  };
}
